"""The category sets that come along, in the person's language."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from clipsorter.engine.category_file import parse_category_file
from clipsorter.errors import CategoryError
from clipsorter.values import CategorySet

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class CategorySets:
    """Lists of categories to begin with: those the person kept, by name, and those that come along."""

    kept: tuple[CategorySet, ...]
    built_in: tuple[CategorySet, ...]

    def find(self, name: str) -> CategorySet:
        """The set of this name, a kept one before one that came along; CategoryError where there is none."""
        wanted = name.strip().casefold()
        for one in (*self.kept, *self.built_in):
            if one.name.casefold() == wanted:
                return one
        known = ", ".join(f"“{one.name}”" for one in (*self.kept, *self.built_in))
        raise CategoryError(f"There is no set of categories called “{name}”; there are {known}.")


@cache
def built_in_sets(language: Language) -> tuple[CategorySet, ...]:
    """The sets that come along, in the order of their files: the same ones in every language."""
    folder = files("clipsorter.resources").joinpath("category_sets", language)
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return tuple(parse_category_file(entry.read_bytes()) for entry in entries if entry.name.endswith(".toml"))
