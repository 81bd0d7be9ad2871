"""Everything that can go wrong with a search or a file has words of the window's own."""

from typing import get_args

import pytest
from PySide6.QtWidgets import QApplication

from clipsorter.errors import QueryError, QueryProblem
from clipsorter.photos.reasons import Reason
from clipsorter.ui.languages import join_sentences, speak
from clipsorter.ui.query_words import say_problem
from clipsorter.ui.reason_words import say_reason


@pytest.mark.parametrize("problem", get_args(QueryProblem))
def test_every_problem_of_a_query_has_words(quiet_application: QApplication, problem: QueryProblem) -> None:
    error = QueryError("In English.", 0, problem, "xyzzy")
    speak("en", quiet_application)
    english = say_problem(error)
    speak("zh_CN", quiet_application)
    chinese = say_problem(error)
    assert english != chinese
    assert ("xyzzy" in english) == ("xyzzy" in chinese)
    assert any(character > "\u4e00" for character in chinese)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(quiet_application: QApplication, reason: Reason) -> None:
    about = tuple(str(number) for number in range(101, 101 + reason.value.count("{}")))
    speak("zh_CN", quiet_application)
    words = say_reason(reason.sentence(*about))
    assert all(number in words for number in about)
    assert any(character > "\u4e00" for character in words)
    assert "." not in words


def test_an_unknown_reason_stays_as_it_is(qapp: QApplication) -> None:
    assert say_reason("The dog ate it.") == "The dog ate it."


def test_sentences_are_joined_as_the_language_does(quiet_application: QApplication) -> None:
    speak("en", quiet_application)
    assert join_sentences(("One.", "", "Two.")) == "One. Two."
    speak("zh_CN", quiet_application)
    assert join_sentences(("一。", "", "二。")) == "一。二。"
