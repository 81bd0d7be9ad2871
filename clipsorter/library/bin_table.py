"""Categories as rows: a number that lasts, a name that may change. Callers hold the transaction."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlite_utils import Database

from clipsorter.errors import CategoryError
from clipsorter.json_text import parse_json
from clipsorter.library.library_rows import LONGEST_NAME, MOST_BYTES
from clipsorter.library.library_schema import NONE_OF_THESE
from clipsorter.library.stored_categories import MOST_CATEGORIES, category_of, definition_of
from clipsorter.library.tuning_table import TuningTable
from clipsorter.values import Category


def category_name(typed: str) -> str:
    """The form in which names are compared: stripped, NFC, case kept; CategoryError for an impossible one."""
    name = unicodedata.normalize("NFC", typed).strip()
    if not name:
        raise CategoryError("A category needs a name; please type one.")
    try:
        encoded = name.encode()
    except UnicodeEncodeError as error:
        raise CategoryError("A category's name holds half a character; please type it again.") from error
    if len(encoded) > LONGEST_NAME:
        raise CategoryError(f"The category name “{name[:40]}…” is too long.")
    return name


class BinTable:
    """The tables ``bins`` and ``categories``."""

    def __init__(self, db: Database, tuning: TuningTable) -> None:
        self._db = db
        self._tuning = tuning

    def intern(self, name: str | None) -> int:
        """The number of a bin, made when its name is new."""
        if name is None:
            return NONE_OF_THESE
        name = category_name(name)
        self._db.execute("INSERT INTO bins (name) VALUES (?) ON CONFLICT DO NOTHING", [name])
        (number,) = self._db.execute("SELECT bin FROM bins WHERE name = ?", [name]).fetchone()
        return int(number)

    def names(self) -> dict[int, str | None]:
        """Names of all bins ever used, by number, with None for none of these."""
        rows = self._db.execute("SELECT bin, name FROM bins WHERE name IS NOT NULL")
        return {NONE_OF_THESE: None, **dict(rows)}

    def categories(self) -> tuple[Category, ...]:
        """The categories in the person's order, with the cut-offs of the encoder in use."""
        cutoffs = self._tuning.cutoffs()
        rows = self._db.execute("SELECT bin, name, definition FROM categories JOIN bins USING (bin) ORDER BY position")
        return tuple(
            replace(category_of(name, parse_json(definition)), cutoff=cutoffs.get(number))
            for number, name, definition in rows
        )

    def cutoffs(self) -> dict[str, float]:
        """The cut-offs that were chosen for the encoder in use, by name, those of removed categories included."""
        names = self.names()
        return {name: strictness for number, strictness in self._tuning.cutoffs().items() if (name := names[number])}

    def save(self, categories: Sequence[Category], renamed: Mapping[str, str]) -> None:
        """Replace the list; ``renamed`` (old name -> new name) may swap names or join two categories in one."""
        named = [replace(category, name=category_name(category.name)) for category in categories]
        if len(named) > MOST_CATEGORIES:
            raise CategoryError(f"{len(named)} categories are too many; {MOST_CATEGORIES} is the limit.")
        _refuse_twins([category.name for category in named])
        self._rename({category_name(old): category_name(new) for old, new in renamed.items()})
        self._db.execute("DELETE FROM categories")
        for position, category in enumerate(named):
            number = self.intern(category.name)
            definition = json.dumps(definition_of(replace(category, cutoff=None)))
            if len(definition) > MOST_BYTES:  # ASCII
                raise CategoryError(f"“{category.name[:40]}” is too large for a list of categories.")
            self._db.execute("INSERT INTO categories VALUES (?, ?, ?)", [number, position, definition])
            self._tuning.set_cutoff(number, category.cutoff)

    def _rename(self, renamed: Mapping[str, str]) -> None:
        numbers = {old: self._number(old) for old in renamed}
        known = {old: number for old, number in numbers.items() if number is not None}
        for number in known.values():  # all names are free before one is taken, so that A and B may swap
            self._db.execute("UPDATE bins SET name = NULL WHERE bin = ?", [number])
        for old, number in known.items():
            taken = self._number(renamed[old])
            if taken is None:
                self._db.execute("UPDATE bins SET name = ? WHERE bin = ?", [renamed[old], number])
            else:
                self._join(number, taken)

    def _number(self, name: str) -> int | None:
        row = self._db.execute("SELECT bin FROM bins WHERE name = ?", [name]).fetchone()
        return None if row is None else int(row[0])

    def _join(self, number: int, other: int) -> None:
        """Move all that was said of one bin to another; where they disagree on a photo, "yes" stands."""
        self._db.execute(
            "DELETE FROM decisions WHERE bin = ? AND NOT yes "
            "AND digest IN (SELECT digest FROM decisions WHERE bin = ? AND yes)",
            [other, number],
        )
        self._db.execute("DELETE FROM categories WHERE bin = ?", [number])
        for table in ("decisions", "changes", "cutoffs"):
            self._db.execute(f"UPDATE OR IGNORE {table} SET bin = ? WHERE bin = ?", [other, number])
            self._db.execute(f"DELETE FROM {table} WHERE bin = ?", [number])
        self._db.execute("DELETE FROM bins WHERE bin = ?", [number])


def _refuse_twins(names: Sequence[str]) -> None:
    for position, name in enumerate(names):
        if name in names[:position]:
            raise CategoryError(f"Two categories are called “{name}”; please rename one of them.")
