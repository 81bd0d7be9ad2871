"""Categories as people write them in one line of text, and what a list of them has to be."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from clipsorter.errors import CategoryError
from clipsorter.library.stored_categories import MOST_CATEGORIES
from clipsorter.values import Category

SEPARATORS = "，、\n"  # besides the comma: what a Chinese keyboard types, and one per line
PHRASE_SEPARATORS = "；"
RESERVED_NAMES = frozenset({"unsorted", "未分类"})
JOINERS = "\u200c\u200d"  # Persian and Indian words are written with them, and emoji of several people
LONGEST_NAME = 200  # characters; a text encoder reads about 60 words at most


def parse_categories(text: str) -> tuple[Category, ...]:
    """Read ``"dog; puppy, cat, 海滩"``: commas between categories, semicolons between phrases of one.

    The first phrase names the category. Raises CategoryError when nothing is left or a name stands twice.
    """
    for separator in SEPARATORS:
        text = text.replace(separator, ",")
    for separator in PHRASE_SEPARATORS:
        text = text.replace(separator, ";")
    categories = []
    for part in text.split(","):
        phrases = [phrase for phrase in (clean_name(phrase) for phrase in part.split(";")) if phrase]
        if phrases:
            categories.append(Category(phrases[0], phrases=tuple(phrases[1:])))
    return check_categories(categories)


def check_categories(categories: Iterable[Category]) -> tuple[Category, ...]:
    """The same categories, if they can be used together; else CategoryError."""
    checked = tuple(categories)
    if not checked:
        raise CategoryError("The list of categories is empty; name at least one, for example: dog, beach, receipts.")
    if len(checked) > MOST_CATEGORIES:
        raise CategoryError(f"{len(checked)} categories are too many; {MOST_CATEGORIES} is the limit.")
    seen: set[str] = set()
    for category in checked:
        if not category.name:
            raise CategoryError("A category has no name.")
        refuse_long_name(category.name)
        if category.name.casefold() in RESERVED_NAMES:
            raise CategoryError(f"“{category.name}” is where photos go that belong nowhere; choose another name.")
        if category.name.casefold() in seen:
            raise CategoryError(f"The category “{category.name}” stands twice in the list.")
        seen.add(category.name.casefold())
    _refuse_circles(checked)
    return checked


def _refuse_circles(categories: Sequence[Category]) -> None:
    parents = {category.name: category.parent for category in categories}
    for name, parent in parents.items():
        above, steps = parent, 0
        while above and above != name and steps < len(parents):
            above, steps = parents.get(above, ""), steps + 1
        if above == name:
            raise CategoryError(f"The category “{name}” cannot stand below itself.")


def with_parents_renamed(categories: Iterable[Category], old: str, new: str) -> tuple[Category, ...]:
    """Let what was below ``old`` be below ``new``; empty: below nothing."""
    return tuple(replace(one, parent=new) if one.parent == old else one for one in categories)


def refuse_long_name(name: str) -> None:
    """Raise CategoryError for a name of more than ``LONGEST_NAME`` characters."""
    if len(name) > LONGEST_NAME:
        raise CategoryError(f"The category name “{name[:40]}…” is too long.")


def clean_name(text: str) -> str:
    """One line, composed characters, single spaces, no control characters but the joiners inside a word or an emoji."""
    composed = unicodedata.normalize("NFC", text)
    words = "".join(char if char.isprintable() or char in JOINERS else " " for char in composed).split()
    return " ".join(filter(None, (word.strip(JOINERS) for word in words)))
