"""What the rows of library.db are like, beyond what their columns say: a row that no ClipSorter wrote is damage.

The file may come from another machine or from a disk that loses bits. So it is judged before anything is read from it,
and a copy of it before that takes its place: what is in use makes sense, and no reader has to expect nonsense.
"""

import os
import sqlite3
from pathlib import Path

from clipsorter.json_text import parse_json
from clipsorter.library.stored_categories import MOST_CATEGORIES, MOST_SETS, category_of, set_of

MOST_BYTES = 1 << 20  # of one category; one with all that a category file may say takes 864 KB
MOST_BYTES_OF_SETS = 1 << 26  # of all kept lists together
LONGEST_NAME = 4000  # bytes; people are held to 200 characters
LONGEST_PATH = 32_767 * 4  # bytes, as Windows counts characters
KEPT_FOLDERS = 200  # the window offers the newest few
MOST_FOLDERS = 1_000_000  # versions before 0.2 kept every folder that a script ever looked at
LARGEST = 1 << 62  # counters have room above

# By table: what holds for no row.
NONSENSE = {
    "folders": f"opened NOT BETWEEN 1 AND {LARGEST} OR length(path) NOT BETWEEN 1 AND {LONGEST_PATH}",
    "bins": f"bin NOT BETWEEN 0 AND {LARGEST} OR (bin = 0) != (name IS NULL) "
    f"OR length(CAST(name AS BLOB)) NOT BETWEEN 1 AND {LONGEST_NAME}",
    "categories": f"bin = 0 OR length(CAST(definition AS BLOB)) > {MOST_BYTES}",
    "decisions": "length(digest) != 16 OR yes NOT IN (0, 1) OR (bin = 0 AND NOT yes)",
    "batches": f"batch NOT BETWEEN 1 AND {LARGEST}",
    "changes": "length(digest) != 16 OR before NOT IN (0, 1) OR after NOT IN (0, 1) OR standing NOT IN (0, 1)",
    "settings": "length(CAST(value AS BLOB)) > 65536",
    "encoders": f"length(CAST(id AS BLOB)) > {LONGEST_NAME}",
    "sqlite_sequence": f"typeof(seq) != 'integer' OR seq NOT BETWEEN 0 AND {LARGEST}",
}


def make_sense(connection: sqlite3.Connection) -> bool:
    """Whether every row of this library, of any version, could have been written by a ClipSorter."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table, nonsense in NONSENSE.items():
        if table in tables and connection.execute(f"SELECT 1 FROM {table} WHERE {nonsense} LIMIT 1").fetchone():
            return False
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        return False
    try:
        _read_folders(connection)
        _read_categories(connection)
        if "category_sets" in tables:
            _read_sets(connection)
    except (ValueError, TypeError, LookupError, AttributeError):
        return False
    return True


def _read_folders(connection: sqlite3.Connection) -> None:
    if _count(connection, "folders") > MOST_FOLDERS:
        raise ValueError("more folders than anybody opened")
    for (path,) in connection.execute("SELECT path FROM folders"):
        if b"\0" in path or not Path(os.fsdecode(path)).is_absolute():
            raise ValueError("no folder that a person opened")


def _read_categories(connection: sqlite3.Connection) -> None:
    if _count(connection, "categories") > MOST_CATEGORIES:
        raise ValueError("more categories than anybody may have")
    for name, definition in connection.execute("SELECT name, definition FROM categories JOIN bins USING (bin)"):
        category_of(name, parse_json(definition))


def _read_sets(connection: sqlite3.Connection) -> None:
    (size,) = connection.execute("SELECT total(length(CAST(content AS BLOB))) FROM category_sets").fetchone()
    if _count(connection, "category_sets") > MOST_SETS or size > MOST_BYTES_OF_SETS:
        raise ValueError("more sets of categories than anybody may keep")
    for name, content in connection.execute("SELECT name, content FROM category_sets"):
        set_of(name, content)


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
