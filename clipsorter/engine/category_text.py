"""Categories as people write them: one line of text, or a TOML file."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from clipsorter.errors import CategoryError
from clipsorter.values import Category

SEPARATORS = "，、\n"  # besides the comma: what a Chinese keyboard types, and one per line
PHRASE_SEPARATORS = "；"
RESERVED_NAMES = frozenset({"unsorted", "未分类"})
MOST_CATEGORIES = 1000
LONGEST_NAME = 200  # characters; a text encoder reads about 60 words at most
LARGEST_FILE = 1 << 20  # bytes

_KEYS = {"name", "phrases", "exclude", "context", "colour", "parent", "cutoff"}


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


def read_category_file(path: Path) -> tuple[Category, ...]:
    """Read ``[[category]]`` tables with ``name`` and optional ``phrases``, ``exclude``, ``context``, ``colour``,
    ``parent`` and ``cutoff`` (0 to 1).

    Raises CategoryError with the place and the reason when the file cannot be used.
    """
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FILE + 1)
        if len(text) > LARGEST_FILE:
            raise CategoryError(f"{path} is too large for a list of categories.")
        content = tomllib.loads(text.decode("utf-8-sig"))
    except OSError as error:
        raise CategoryError(f"The category file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CategoryError(f"The category file {path} is not valid TOML: {error}.") from error
    tables = content.pop("category", [])
    if content:
        raise CategoryError(
            f"The category file {path} has an unknown key “{min(content)}”; it needs [[category]] tables."
        )
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CategoryError(f"The category file {path} needs [[category]] tables.")
    return check_categories(_category(table, number) for number, table in enumerate(tables, 1))


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
        if len(category.name) > LONGEST_NAME:
            raise CategoryError(f"The category name “{category.name[:40]}…” is too long.")
        if category.name.casefold() in RESERVED_NAMES:
            raise CategoryError(f"“{category.name}” is where photos go that belong nowhere; choose another name.")
        if category.name.casefold() in seen:
            raise CategoryError(f"The category “{category.name}” stands twice in the list.")
        seen.add(category.name.casefold())
    return checked


def clean_name(text: str) -> str:
    """One line, composed characters, single spaces, no control characters."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(char if char.isprintable() else " " for char in composed).split())


def _category(table: Mapping[str, object], number: int) -> Category:
    if unknown := table.keys() - _KEYS:
        raise CategoryError(f"Category {number} has an unknown key “{min(unknown)}”.")
    cutoff = table.get("cutoff")
    if cutoff is not None and not (isinstance(cutoff, int | float) and 0 <= cutoff <= 1):
        raise CategoryError(f"The cutoff of category {number} must be a number from 0 to 1.")
    return Category(
        name=_text(table, "name", number),
        phrases=_texts(table, "phrases", number),
        exclude=_texts(table, "exclude", number),
        context=_text(table, "context", number),
        colour=_text(table, "colour", number),
        parent=_text(table, "parent", number),
        cutoff=None if cutoff is None else float(cutoff),
    )


def _text(table: Mapping[str, object], key: str, number: int) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise CategoryError(f"“{key}” of category {number} must be text.")
    return clean_name(value)


def _texts(table: Mapping[str, object], key: str, number: int) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
        raise CategoryError(f"“{key}” of category {number} must be a list of phrases.")
    return tuple(phrase for phrase in map(clean_name, value) if phrase)
