"""Both themes are readable, and switching works while the application runs."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from clipsorter.filing.contact_sheet import ACCENTS
from clipsorter.ui.colours import CATEGORY_COLOURS, DARK, LIGHT, Colours, make_palette
from clipsorter.ui.resource_files import resource_file
from clipsorter.ui.style_sheet import make_style_sheet
from clipsorter.ui.theme import Choice, Theme

AA_TEXT = 4.5  # WCAG 2.2, 1.4.3
AA_SHAPES = 3.0  # WCAG 2.2, 1.4.11


def luminance(colour: str) -> float:
    """Relative luminance in [0, 1] as WCAG defines it."""
    parts = [value / 255 for value in QColor(colour).toTuple()[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(Choice.LIGHT)
    yield theme
    theme.choose(Choice.SYSTEM)
    theme.stop()
    qapp.setStyleSheet("")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_is_readable_on_every_ground(colours: Colours) -> None:
    grounds = ("window", "base", "alternate", "button", "chosen", "notice", "danger")
    for text in ("text", "muted", "link", "problem"):
        for ground in grounds:
            if (text, ground) in {("link", "danger"), ("link", "notice")}:
                continue  # never used together
            found = contrast(getattr(colours, text), getattr(colours, ground))
            assert found >= AA_TEXT, f"{text} on {ground}: {found:.2f}"
    assert contrast("#ffffff", colours.accent) >= AA_TEXT
    assert contrast(colours.accent, colours.window) >= AA_SHAPES
    assert contrast(colours.accent, colours.base) >= AA_SHAPES


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_whatever_shows_a_control_stands_out_from_its_ground(colours: Colours) -> None:
    grounds = ("window", "base")
    found = {
        f"{shape} on {ground}": contrast(getattr(colours, shape), getattr(colours, ground))
        for shape, on in (("edge", grounds), ("accent", grounds), ("ring", (*grounds, "chosen", "notice", "danger")))
        for ground in on
    }
    found |= {
        f"{colour} on {ground}": contrast(colour, getattr(colours, ground))
        for colour in CATEGORY_COLOURS
        for ground in grounds
    }
    arrow = re.search(r'stroke="(#[0-9a-f]{6})"', resource_file("style", "down.svg").read_text())
    assert arrow is not None
    found["arrow of a choice"] = contrast(arrow[1], colours.button)
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < AA_SHAPES} == {}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_writes_in_no_other_colours(colours: Colours) -> None:
    """Those of the test above on the grounds of the test above, and white where the accent is."""
    sheet = make_style_sheet(colours)
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
    assert len(rules) > 80
    texts = {colours.text, colours.muted, colours.link, colours.problem}
    grounds = {
        getattr(colours, name) for name in ("window", "base", "alternate", "button", "chosen", "notice", "danger")
    }
    for names, rule in rules:
        written = re.findall(r"(?<![-\w])color:\s*(#[0-9a-f]{6})", rule)
        ground = re.findall(r"background:\s*(#[0-9a-f]{6})", rule)
        for text in written:
            if text == "#ffffff" and ground == [colours.accent]:
                continue
            assert text in texts, names
            assert set(ground) <= grounds, names
    assert contrast("#ffffff", colours.pressed) >= AA_TEXT


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_whatever_takes_the_keyboard_shows_it(colours: Colours) -> None:
    sheet = make_style_sheet(colours)
    for name in (
        "QPushButton",
        "QComboBox",
        "QLineEdit#entry",
        "QPlainTextEdit#entry",
        "#filled",
        "#quiet",
        "#plan",
        "#failures",
        "#suggestion",
        "QTabBar::tab",
        "QCheckBox::indicator",
        "QSlider::handle:horizontal",
    ):
        rule = re.search(rf"{re.escape(name)}:focus[^{{]*\{{([^}}]*)\}}", sheet)
        assert rule is not None, name
        assert f"2px solid {colours.ring}" in rule[1] or f"2px solid {colours.text}" in rule[1], name


def test_category_colours_are_all_different() -> None:
    assert len(set(CATEGORY_COLOURS)) == len(CATEGORY_COLOURS) >= 10


def test_switching_changes_the_palette_and_says_so(qapp: QApplication, theme: Theme) -> None:
    heard: list[bool] = []
    theme.changed.connect(lambda: heard.append(theme.is_dark))
    theme.choose(Choice.DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window
    assert DARK.line in qapp.styleSheet()
    theme.choose(Choice.LIGHT)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.window
    assert heard == [True, False]


def test_system_follows_the_desktop(qapp: QApplication, theme: Theme) -> None:
    theme.choose(Choice.SYSTEM)
    desktop_is_dark = qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert theme.is_dark == desktop_is_dark


def test_disabled_text_differs_from_enabled_text(qapp: QApplication) -> None:
    palette = make_palette(LIGHT)
    role = QPalette.ColorRole.ButtonText
    assert palette.color(QPalette.ColorGroup.Disabled, role) != palette.color(QPalette.ColorGroup.Active, role)


def test_a_contact_sheet_has_the_colours_of_the_window() -> None:
    assert CATEGORY_COLOURS == ACCENTS
