"""What a person's edit makes of the list of categories: from one frozen list to the next. Knows nothing of Qt."""

from collections.abc import Sequence
from dataclasses import replace

from clipsorter.engine.category_text import check_categories, clean_name, parse_categories, with_parents_renamed
from clipsorter.values import Category

Categories = tuple[Category, ...]


def add_typed(categories: Categories, text: str, phrases: tuple[str, ...] = ()) -> Categories:
    """Add what was typed, several separated by commas; names that exist are skipped. May raise CategoryError."""
    taken = {category.name.casefold() for category in categories}
    new = [one for one in parse_categories(text) if one.name.casefold() not in taken]
    return check_categories((*categories, *(replace(one, phrases=one.phrases + phrases) for one in new)))


def change_one(categories: Categories, old: str, after: Category) -> tuple[Categories, dict[str, str]]:
    """Replace all about a category, its name included; the new list, and old names to new ones.

    Raises CategoryError where the new name is none or is taken.
    """
    name = clean_name(after.name)
    if name != old:
        check_categories((*(one for one in categories if one.name != old), Category(name)))
    changed = tuple(replace(after, name=name) if one.name == old else one for one in categories)
    return with_parents_renamed(changed, old, name), {old: name} if name != old else {}


def remove_one(categories: Categories, name: str) -> Categories:
    """The others; those that stood below it stand at the top."""
    return with_parents_renamed(tuple(one for one in categories if one.name != name), name, "")


def reorder(categories: Categories, names: Sequence[str]) -> Categories:
    """The same categories in the order of ``names``; unchanged where these are not all of them."""
    by_name = {category.name: category for category in categories}
    after = tuple(by_name[name] for name in names if name in by_name)
    return after if len(after) == len(categories) else categories
