"""What stands beside the large photo."""

from datetime import datetime

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from clipsorter.engine.explaining import Explained
from clipsorter.photos.camera import CameraFacts
from clipsorter.ranking.reasons import CategoryReason, Nearest, Pull
from clipsorter.ui.viewing.facts_panel import FactsPanel
from clipsorter.ui.viewing.why_words import say_why


def test_only_known_facts_are_shown(qtbot: QtBot) -> None:
    panel = FactsPanel()
    qtbot.addWidget(panel)
    assert panel.isHidden()
    taken = datetime(2023, 5, 12, 14, 3)  # noqa: DTZ001 - cameras know no zone
    panel.show_facts(CameraFacts(taken, "Canon", aperture=1.8, exposure=0.004, iso=200), ("sea", "family"))
    assert not panel.isHidden()
    rows = dict(panel.rows_of(CameraFacts(taken, "Canon", aperture=1.8, exposure=0.004, iso=200)))
    assert rows["Camera"] == "Canon"
    assert rows["Exposure"] == "f/1.8 · 1/250 s · ISO 200"
    assert "2023" in rows["Taken"]
    assert panel.rows_of(CameraFacts(exposure=2.5)) == [("Exposure", "2.5 s")]
    assert panel.rows_of(CameraFacts(latitude=-33.8568, longitude=151.2153))[0][1] == "33.8568° S, 151.2153° E"
    panel.show_facts(CameraFacts(), ())
    assert panel.isHidden()


def reason(name: str = "dog", **changes: object) -> CategoryReason:
    known = {
        "name": name,
        "similarity": 0.31,
        "untaught": 0.31,
        "cutoff": 0.24,
        "probability": 0.9,
        "belongs": True,
        "phrases": (Nearest("puppy", 0.31),),
        "background": None,
        "exclusion": None,
        "verdict": None,
        "pulls": (),
    }
    return CategoryReason(**(known | changes))  # type: ignore[arg-type]


@pytest.mark.usefixtures("qapp")
def test_why_it_is_here_is_said_with_numbers_and_phrases() -> None:
    words = say_why(Explained("a.jpg", "dog", False, (reason(),), None))
    assert "“puppy”" in words
    assert "0.31" in words
    assert "above the cut-off of 0.24" in words


@pytest.mark.usefixtures("qapp")
def test_what_kept_it_out_is_said() -> None:
    unsorted = reason(similarity=0.2, belongs=False, background=Nearest("a page of text", 0.4))
    words = say_why(Explained("a.jpg", None, False, (unsorted, reason("cat", verdict="no")), None))
    assert "below the cut-off" in words
    assert "a page of text" in words
    assert "not belong to “cat”" in words
    excluded = reason(exclusion=Nearest("hot dog", 0.4))
    assert "hot dog" in say_why(Explained("a.jpg", None, False, (excluded,), None))


@pytest.mark.usefixtures("qapp")
def test_an_everyday_word_is_said_in_the_persons_language() -> None:
    forest = Explained("a.jpg", None, False, (reason(belongs=False, background=Nearest("forest", 0.4)),), None)
    before = QLocale()
    try:
        QLocale.setDefault(QLocale("zh_CN"))
        assert "“森林”" in say_why(forest)
        QLocale.setDefault(QLocale("en_GB"))
        assert "“forest”" in say_why(forest)
    finally:
        QLocale.setDefault(before)


@pytest.mark.usefixtures("qapp")
def test_what_examples_changed_is_said() -> None:
    taught = reason(untaught=0.2, pulls=(Pull("trip/rex.jpg", True, 0.1),))
    words = say_why(Explained("a.jpg", "dog", False, (taught,), None))
    assert "raised it from 0.20" in words
    assert "rex.jpg" in words


@pytest.mark.usefixtures("qapp")
def test_a_decision_comes_first_and_nothing_is_said_without_categories() -> None:
    assert say_why(Explained("a.jpg", "dog", True, (reason(),), None)).startswith("You put it here.")
    assert say_why(Explained("a.jpg", None, False, (), None)) == ""
