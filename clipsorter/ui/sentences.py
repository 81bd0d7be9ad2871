"""English sentences, with names in them, said anew in the person's language."""

import re
from collections.abc import Callable, Iterable
from functools import cache

from PySide6.QtCore import QCoreApplication


def say_anew(
    sentence: str, known: Iterable[object], context: str, *, say_part: Callable[[str], str] = str
) -> str | None:
    """The translation of the first of ``known`` that a sentence is made of; None where it is made of none.

    ``known`` are marked for translation in ``context``; "{}" stands for whatever is said there, and ``say_part`` says
    that anew.
    """
    for english in map(str, known):  # the type of a marked text says less than it is
        if found := _pattern(english).fullmatch(sentence):
            return QCoreApplication.translate(context, english).format(*map(say_part, found.groups()))
    return None


@cache
def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL)
