"""The everyday words that are suggested as categories, in English and Simplified Chinese."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Word:
    """One everyday thing, scene, event or document."""

    english: str
    chinese: str

    def name(self, language: str) -> str:
        """The word as a person of this language (BCP 47) would type it."""
        return self.chinese if language.split("-", maxsplit=1)[0].split("_", maxsplit=1)[0] == "zh" else self.english


@cache
def read_vocabulary() -> tuple[Word, ...]:
    """All words, in the order of the file: people, animals, plants, places, things, events..."""
    text = files("clipsorter.resources").joinpath("vocabulary.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(Word(*(part.strip() for part in line.split("=", 1))) for line in lines)
