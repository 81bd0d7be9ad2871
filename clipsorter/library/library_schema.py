"""The tables of library.db.

Decisions and their log name a bin by number, so renaming a category touches one row and carries everything along, and
a removed category's decisions lie dormant until its name is used again. Number 0 is "none of these".
"""

from sqlite_utils import Database, Migrations

from clipsorter.library.database import Schema
from clipsorter.library.library_rows import make_sense

NONE_OF_THESE = 0

migrations = Migrations("clipsorter-library")

TABLES = (
    """CREATE TABLE folders (
        opened INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL UNIQUE
    ) STRICT""",
    """CREATE TABLE bins (
        bin INTEGER PRIMARY KEY,
        name TEXT UNIQUE
    ) STRICT""",
    "INSERT INTO bins VALUES (0, NULL)",
    """CREATE TABLE categories (
        bin INTEGER PRIMARY KEY REFERENCES bins,
        position INTEGER NOT NULL,
        definition TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE decisions (
        digest BLOB NOT NULL,
        bin INTEGER NOT NULL REFERENCES bins,
        yes INTEGER NOT NULL,
        PRIMARY KEY (digest, bin)
    ) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX one_home ON decisions (digest) WHERE yes",
    """CREATE TABLE batches (
        batch INTEGER PRIMARY KEY AUTOINCREMENT,
        made TEXT NOT NULL
    ) STRICT""",
    # What a batch did to one row of decisions: ``yes`` before and after, NULL for no row. Undo clears ``standing``.
    """CREATE TABLE changes (
        batch INTEGER NOT NULL REFERENCES batches,
        digest BLOB NOT NULL,
        bin INTEGER NOT NULL REFERENCES bins,
        before INTEGER,
        after INTEGER,
        standing INTEGER NOT NULL,
        PRIMARY KEY (batch, digest, bin)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)


@migrations()
def first_tables(db: Database) -> None:
    """Everything version 1 knows."""
    for table in TABLES:
        db.execute(table)


@migrations()
def tuned_to_encoders_and_sets(db: Database) -> None:
    """Strictness and cut-offs belong to an encoder; category lists can be kept under a name.

    What was tuned before belongs to the encoder without a name, from which the next one used takes it over.
    """
    for table in (
        """CREATE TABLE encoders (
            encoder INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            strictness REAL
        ) STRICT""",
        """CREATE TABLE cutoffs (
            encoder INTEGER NOT NULL REFERENCES encoders,
            bin INTEGER NOT NULL REFERENCES bins,
            strictness REAL NOT NULL,
            PRIMARY KEY (encoder, bin)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE category_sets (
            name TEXT PRIMARY KEY,
            content TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """INSERT INTO encoders SELECT 0, '', (
            SELECT json_extract(value, '$') FROM settings
            WHERE key = 'strictness' AND CASE WHEN json_valid(value) THEN json_type(value) END IN ('real', 'integer')
        )""",
        """INSERT INTO cutoffs SELECT 0, bin, json_extract(definition, '$.cutoff') FROM categories
            WHERE CASE WHEN json_valid(definition) THEN json_type(definition, '$.cutoff') END IN ('real', 'integer')""",
        "DELETE FROM settings WHERE key = 'strictness'",
    ):
        db.execute(table)


LIBRARY_SCHEMA = Schema(
    application_id=int.from_bytes(b"ClSL"),
    migrations=migrations,
    synchronous="FULL",  # what a person did is on the disk before the window says so
    page_size=4096,
    thorough=True,
    makes_sense=make_sense,
)
