"""The colours of the window, light and dark, and the palettes made of them.

Every text colour keeps a contrast of at least 4.5 : 1 (WCAG 2.2 AA) on every ground it is used on, and whatever shows
where a control is or that it has the keyboard at least 3 : 1; a test computes both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette

if TYPE_CHECKING:
    from clipsorter.values import Category

# Told apart by lightness as well as hue, so that neighbours differ for colour-blind people too.
CATEGORY_COLOURS = (
    "#3b82f6",
    "#d27204",
    "#059669",
    "#8b5cf6",
    "#ef4444",
    "#0891b2",
    "#ec4899",
    "#609b0c",
    "#6366f1",
    "#b45309",
    "#0d9488",
    "#64748b",
)
UNSORTED_COLOUR = "#94a3b8"  # also of a category that is just gone


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme, as "#rrggbb"."""

    window: str  # side panel, footer, gaps
    base: str  # cards, columns, fields
    alternate: str  # hovered buttons, empty thumbnails
    text: str
    muted: str  # counts, captions, placeholders
    line: str  # what divides and frames; says nothing by itself
    edge: str  # frames of fields and boxes, handles of scroll bars
    button: str
    accent: str  # filled buttons, selection frames, progress; carries white text
    pressed: str  # a filled button under the pointer; carries white text
    ring: str  # around what has the keyboard
    link: str  # accent-coloured text
    chosen: str  # ground of the chosen row
    notice: str  # ground of the learning strip
    danger: str  # ground of the error bar
    danger_line: str
    problem: str  # text that says what is wrong


LIGHT = Colours(
    window="#f4f5f7",
    base="#ffffff",
    alternate="#e9ecf0",
    text="#1d2026",
    muted="#5b626e",
    line="#d9dce1",
    edge="#858c98",
    button="#ffffff",
    accent="#2563eb",
    pressed="#1d4ed8",
    ring="#2563eb",
    link="#1d4ed8",
    chosen="#dfe8fb",
    notice="#fff3d1",
    danger="#ffe4e4",
    danger_line="#f3b4b4",
    problem="#b42318",
)

DARK = Colours(
    window="#1c1d20",
    base="#232529",
    alternate="#2e3137",
    text="#e7e8ea",
    muted="#a0a5af",
    line="#3a3d44",
    edge="#6f757f",
    button="#2c2f34",
    accent="#2f6fed",
    pressed="#2458c9",
    ring="#5a92ff",
    link="#7db0ff",
    chosen="#2f3b52",
    notice="#3a3220",
    danger="#47282b",
    danger_line="#7a3d42",
    problem="#ff9d97",
)


def colours_of(categories: Sequence[Category]) -> dict[str, str]:
    """The colour of each category by its name: its own, or else that of its place in the list."""
    return {
        one.name: one.colour or CATEGORY_COLOURS[place % len(CATEGORY_COLOURS)] for place, one in enumerate(categories)
    }


def make_palette(colours: Colours) -> QPalette:
    """The palette of a theme; disabled text is muted."""
    role = QPalette.ColorRole
    palette = QPalette()
    for where, colour in (
        (role.Window, colours.window),
        (role.Base, colours.base),
        (role.AlternateBase, colours.alternate),
        (role.Button, colours.button),
        (role.Text, colours.text),
        (role.WindowText, colours.text),
        (role.ButtonText, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.ToolTipBase, colours.base),
        (role.ToolTipText, colours.text),
        (role.Mid, colours.line),
        (role.Midlight, colours.chosen),
        (role.Highlight, colours.accent),
        (role.Accent, colours.accent),
        (role.Link, colours.link),
        (role.HighlightedText, "#ffffff"),
    ):
        palette.setColor(where, QColor(colour))
    faint = QColor(colours.muted)
    faint.setAlphaF(0.55)
    for where in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, _over(faint, QColor(colours.window)))
    return palette


def _over(colour: QColor, ground: QColor) -> QColor:
    """``colour`` seen through its alpha on ``ground``, opaque."""
    share = colour.alphaF()

    def mix(front: int, back: int) -> int:
        return round(front * share + back * (1 - share))

    return QColor(
        mix(colour.red(), ground.red()), mix(colour.green(), ground.green()), mix(colour.blue(), ground.blue())
    )
