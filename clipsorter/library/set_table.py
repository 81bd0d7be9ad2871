"""Category lists kept under a name. Callers hold the transaction."""

import json

from sqlite_utils import Database

from clipsorter.errors import CategoryError
from clipsorter.library.bin_table import category_name
from clipsorter.library.library_rows import MOST_BYTES_OF_SETS
from clipsorter.library.stored_categories import MOST_CATEGORIES, MOST_SETS, definition_of, set_of
from clipsorter.values import CategorySet


class SetTable:
    """The table ``category_sets``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> tuple[CategorySet, ...]:
        """Every set, by name."""
        rows = self._db.execute("SELECT name, content FROM category_sets ORDER BY name").fetchall()
        return tuple(set_of(name, content) for name, content in rows)

    def save(self, kept: CategorySet) -> None:
        """Keep a set, in the place of an older one of its name."""
        name = category_name(kept.name)
        query = "SELECT count(*), total(length(CAST(content AS BLOB))) FROM category_sets WHERE name != ?"
        others, size = self._db.execute(query, [name]).fetchone()
        if others >= MOST_SETS:
            raise CategoryError(f"{MOST_SETS} sets of categories are kept already; please remove one first.")
        content = _written(kept)
        if len(kept.categories) > MOST_CATEGORIES or size + len(content) > MOST_BYTES_OF_SETS:
            raise CategoryError(f"“{name[:40]}” is too large for a list of categories.")
        self._db.execute("INSERT OR REPLACE INTO category_sets VALUES (?, ?)", [name, content])

    def rename(self, old: str, new: str) -> None:
        """Give a set another name that no other set has."""
        old, new = category_name(old), category_name(new)
        names = {name for (name,) in self._db.execute("SELECT name FROM category_sets")}
        _refuse_unknown(old, names)
        if new in names - {old}:
            raise CategoryError(f"There is a set of categories called “{new}” already; please choose another name.")
        self._db.execute("UPDATE category_sets SET name = ? WHERE name = ?", [new, old])

    def remove(self, name: str) -> None:
        """Forget a set; the categories in use and all decisions stay."""
        name = category_name(name)
        _refuse_unknown(name, {one for (one,) in self._db.execute("SELECT name FROM category_sets")})
        self._db.execute("DELETE FROM category_sets WHERE name = ?", [name])


def _refuse_unknown(name: str, known: set[str]) -> None:
    if name not in known:
        raise CategoryError(f"There is no set of categories called “{name}”.")


def _written(kept: CategorySet) -> str:
    categories = [{"name": category_name(one.name), **definition_of(one)} for one in kept.categories]
    return json.dumps({"strictness": kept.strictness, "encoder": kept.encoder_id, "categories": categories})
