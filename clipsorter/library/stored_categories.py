"""Categories as JSON, and back."""

import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from clipsorter.json_text import parse_json
from clipsorter.values import Category, CategorySet

MOST_CATEGORIES = 1000
MOST_SETS = 500

_FIELDS = frozenset(field.name for field in fields(Category))
_COLOUR = re.compile(r"(#[0-9a-fA-F]{6})?")


def definition_of(category: Category) -> dict[str, Any]:
    """Everything a category says besides its name."""
    return {key: value for key, value in asdict(category).items() if key != "name"}


def category_of(name: str, definition: Mapping[str, Any]) -> Category:
    """The category of this name; what a newer version may have added is passed over.

    ValueError, TypeError or AttributeError for what no category says.
    """
    known: dict[str, Any] = {key: _frozen(value) for key, value in definition.items() if key in _FIELDS - {"name"}}
    category = Category(name, **known)
    _check(category)
    return category


def set_of(name: str, content: str) -> CategorySet:
    """The set that was kept as ``content``; ValueError, TypeError, LookupError or AttributeError if that was none."""
    stored = parse_json(content)
    categories = tuple(category_of(one["name"], one) for one in stored["categories"])
    if stored["strictness"] is not None:
        _check_share(stored["strictness"])
    if not name or not isinstance(stored["encoder"], str) or len(categories) > MOST_CATEGORIES:
        raise ValueError("no set of categories")
    return CategorySet(name, categories, stored["strictness"], stored["encoder"])


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _check(category: Category) -> None:
    for text in (category.name, category.context, category.colour, category.parent):
        if not isinstance(text, str):
            raise TypeError("no text")
    for texts in (category.phrases, category.exclude):
        if not isinstance(texts, tuple) or not all(isinstance(text, str) for text in texts):
            raise TypeError("no phrases")
    if not category.name or not _COLOUR.fullmatch(category.colour):
        raise ValueError("no name or no colour")
    if category.cutoff is not None:
        _check_share(category.cutoff)
    for language, sentence in category.templates:
        if not isinstance(language, str) or sentence.count("{}") != 1:
            raise ValueError("no template")


def _check_share(value: Any) -> None:
    """ValueError unless this is a number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("no share")
