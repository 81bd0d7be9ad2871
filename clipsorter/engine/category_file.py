"""A category list as a TOML file, to be read, edited, kept and given to somebody else.

    name = "Family album"
    strictness = 0.5            # of all categories, 0 to 1
    model = "starter-..."       # to which strictness and cut-offs were tuned; others read the rest

    [[category]]
    name = "boxer"
    phrases = ["our dog Rex"]
    context = "a dog breed"
    exclude = ["boxing match"]
    parent = "Animals"
    colour = "#3b82f6"
    cutoff = 0.4                # strictness of this one category, 0 to 1
    templates = {en = ["a photo of a {}"], zh = ["一张{}的照片"]}

Only the names of categories are needed. The order of the tables is the order of the categories.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import tomli_w

from clipsorter.engine.category_text import check_categories, clean_name
from clipsorter.errors import CategoryError
from clipsorter.filing.exports import report
from clipsorter.values import Category, CategorySet

LARGEST_FILE = 1 << 20  # bytes
MOST_PHRASES = 100  # per category; each costs a text encoding for every template
MOST_TEMPLATES = 20  # per language
LONGEST_TEXT = 300  # characters; a text encoder reads about 60 words at most
LANGUAGES = ("en", "zh")  # that templates can be in

_SET_KEYS = frozenset({"name", "strictness", "model", "category"})
_KEYS = frozenset({"name", "phrases", "exclude", "context", "colour", "parent", "cutoff", "templates"})
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*category[ \t]*\]\]", re.MULTILINE)


def read_category_file(path: Path) -> CategorySet:
    """Read a category list; without a ``name`` in it the file's own is taken.

    Raises CategoryError with the file, the line and the reason when it cannot be used.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CategoryError(f"The category file {path} cannot be read: {error.strerror}.") from error
    if len(content) > LARGEST_FILE:
        raise CategoryError(f"{path} is too large for a list of categories.")
    try:
        return parse_category_file(content, path.stem)
    except CategoryError as error:
        raise CategoryError(f"The category file {path}: {error}") from error


def parse_category_file(content: bytes, name: str = "") -> CategorySet:
    """The category list in these bytes, called ``name`` if it says no name itself; CategoryError if there is none."""
    try:
        text = content.decode("utf-8-sig")
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CategoryError(f"It is not valid TOML: {error}.") from error
    except RecursionError as error:
        raise CategoryError("It is not a list of categories: it is nested too deeply.") from error
    if unknown := read.keys() - _SET_KEYS:
        raise CategoryError(f"It has an unknown key {_quoted(unknown)}; it needs [[category]] tables.")
    tables = read.get("category", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CategoryError("It needs [[category]] tables.")
    places = _places(text, len(tables))
    categories = check_categories(_category(table, place) for table, place in zip(tables, places, strict=True))
    return CategorySet(
        _text(read, "name", "the file") or clean_name(name),
        categories,
        _share(read, "strictness", "the file"),
        _text(read, "model", "the file"),
    )


def write_category_file(path: Path, kept: CategorySet) -> None:
    """Write a category list; an older file of that name is replaced in one step.

    Raises FilingError where it cannot be written or something that is no text would be replaced.
    """
    with report(path) as file:
        file.write(category_file(kept))


def category_file(kept: CategorySet) -> bytes:
    """A category list as TOML; ``parse_category_file`` reads it back as it was."""
    tuned = kept.strictness is not None or any(category.cutoff is not None for category in kept.categories)
    head = {
        "name": kept.name,
        "strictness": kept.strictness,
        "model": kept.encoder_id if tuned else "",
        "category": [_table(category) for category in kept.categories],
    }
    return tomli_w.dumps(_without_nothing(head)).encode()


def _table(category: Category) -> dict[str, object]:
    languages = dict.fromkeys(language for language, _ in category.templates)
    templates = {
        language: [sentence for spoken, sentence in category.templates if spoken == language] for language in languages
    }
    return _without_nothing(
        {
            "name": category.name,
            "phrases": list(category.phrases),
            "context": category.context,
            "exclude": list(category.exclude),
            "parent": category.parent,
            "colour": category.colour,
            "cutoff": category.cutoff,
            "templates": templates,
        }
    )


def _without_nothing(table: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in table.items() if value is not None and value not in ("", [], {})}


def _places(text: str, tables: int) -> list[str]:
    """What to call each table: with its line, as far as that is sure."""
    lines = [text.count("\n", 0, found.start()) + 1 for found in _HEADER.finditer(text)]
    if len(lines) != tables:
        return [f"category {number}" for number in range(1, tables + 1)]
    return [f"category {number} (line {line})" for number, line in enumerate(lines, 1)]


def _category(table: Mapping[str, object], place: str) -> Category:
    if unknown := table.keys() - _KEYS:
        raise CategoryError(f"{place.capitalize()} has an unknown key {_quoted(unknown)}.")
    name = _text(table, "name", place)
    if not name:
        raise CategoryError(f"{place.capitalize()} has no name.")
    colour = _text(table, "colour", place)
    if colour and not _COLOUR.fullmatch(colour):
        raise CategoryError(f"The colour of {place} is written “#3b82f6”.")
    return Category(
        name=name,
        phrases=_texts(table, "phrases", place),
        exclude=_texts(table, "exclude", place),
        context=_text(table, "context", place),
        colour=colour.lower(),
        parent=_text(table, "parent", place),
        cutoff=_share(table, "cutoff", place),
        templates=tuple(_templates(table, place)),
    )


def _templates(table: Mapping[str, object], place: str) -> Iterable[tuple[str, str]]:
    languages = table.get("templates", {})
    if not isinstance(languages, dict) or languages.keys() - set(LANGUAGES):
        raise CategoryError(f"“templates” of {place} needs lists of sentences for {' and '.join(LANGUAGES)}.")
    for language in languages:
        sentences = _texts(languages, language, place)
        if len(sentences) > MOST_TEMPLATES:
            raise CategoryError(f"{place.capitalize()} has more than {MOST_TEMPLATES} templates.")
        for sentence in sentences:
            if sentence.count("{}") != 1:
                raise CategoryError(f"The template “{sentence[:40]}” of {place} needs one {{}} for the phrase.")
            yield language, sentence


def _share(table: Mapping[str, object], key: str, place: str) -> float | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise CategoryError(f"The {key} of {place} must be a number from 0 to 1.")
    return float(value)


def _text(table: Mapping[str, object], key: str, place: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise CategoryError(f"“{key}” of {place} must be text.")
    return _short(clean_name(value), key, place)


def _texts(table: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
        raise CategoryError(f"“{key}” of {place} must be a list of phrases.")
    if len(value) > MOST_PHRASES:
        raise CategoryError(f"“{key}” of {place} has {len(value)} entries; {MOST_PHRASES} is the limit.")
    return tuple(_short(phrase, key, place) for phrase in map(clean_name, value) if phrase)


def _short(text: str, key: str, place: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise CategoryError(f"“{key}” of {place} holds more than {LONGEST_TEXT} characters.")
    return text


def _quoted(keys: Iterable[str]) -> str:
    return ", ".join(f"“{key}”" for key in sorted(keys))
