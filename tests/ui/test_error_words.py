"""Every error has words for the person and something to do."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter import errors
from clipsorter.encoders.catalogue import find_entry
from clipsorter.ui.error_words import explain
from clipsorter.ui.message_bar import MessageBar

KINDS = [
    value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, errors.ClipSorterError)
]


def make(kind: type[errors.ClipSorterError]) -> errors.ClipSorterError:
    if kind in {errors.FolderError, errors.DecodeError}:
        return kind(Path("/x"), "A detail.")  # type: ignore[call-arg,arg-type]
    return kind("A detail.", 0, "open quote") if kind is errors.QueryError else kind("A detail.")  # type: ignore[call-arg]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_says_what_happened_what_to_do_and_the_detail(
    qapp: QApplication, kind: type[errors.ClipSorterError]
) -> None:
    words = explain(make(kind))
    assert words.title
    assert words.advice
    assert words.detail == "A detail."


def test_each_kind_has_its_own_words(qapp: QApplication) -> None:
    titles = [explain(make(kind)).title for kind in KINDS]
    assert len(set(titles)) == len(titles)


def test_a_bug_shows_no_programmers_text(qapp: QApplication) -> None:
    words = explain(ZeroDivisionError("division by zero"))
    assert "division" not in words.title + words.advice + words.detail


def test_the_bar_shows_text_as_text(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_error(explain(errors.FolderError(Path("/x"), "No <b>tags</b> & such.")))
    assert not bar.isHidden()
    assert "&lt;b&gt;tags&lt;/b&gt; &amp; such." in bar.text.text()
    bar.clear()
    assert bar.isHidden()


@pytest.mark.parametrize(
    "error",
    [
        errors.UnknownWordsError("пляж, собака"),
        errors.QueryError("It does not know the word.", 0, "unknown words", "пляж"),
    ],
)
def test_a_model_that_reads_the_words_is_one_click_away(qtbot: QtBot, error: errors.ClipSorterError) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    words = explain(error)
    entry = find_entry(words.model)
    assert entry is not None
    assert {"ru", "en"} <= set(entry.languages)
    bar.show_error(words)
    assert entry.name in bar.model.text()
    with qtbot.waitSignal(bar.model_wanted) as wanted:
        bar.model.click()
    assert wanted.args == [entry.id]
    bar.show_error(explain(errors.UnknownWordsError("xyzzy")))
    assert bar.model.isHidden()
