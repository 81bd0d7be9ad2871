"""A category as JSON, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from clipsorter.values import Category

_FIELDS = frozenset(field.name for field in fields(Category))


def definition_of(category: Category) -> dict[str, Any]:
    """Everything a category says besides its name."""
    return {key: value for key, value in asdict(category).items() if key != "name"}


def category_of(name: str, definition: Mapping[str, Any]) -> Category:
    """The category of this name; what a newer version may have added is passed over."""
    known: dict[str, Any] = {key: _frozen(value) for key, value in definition.items() if key in _FIELDS - {"name"}}
    return Category(name, **known)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
