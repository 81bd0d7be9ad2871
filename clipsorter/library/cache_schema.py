"""The tables of cache.db.

Paths are bytes, because a file name may be any bytes: a folder is stored with its closing separator, so everything
below it is one range of the index. Content digests and encoder ids are long and repeat, so tables refer to them by
small numbers. Times and inodes are ``ANY``: where they pass 63 bits they are kept as digits.
"""

from sqlite_utils import Database, Migrations

from clipsorter.library.database import Schema

migrations = Migrations("clipsorter-cache")

TABLES = (
    """CREATE TABLE folders (
        folder INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE
    ) STRICT""",
    """CREATE TABLE photos (
        content INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        taken INTEGER,
        latitude REAL,
        longitude REAL
    ) STRICT""",
    """CREATE TABLE files (
        photo_id INTEGER PRIMARY KEY AUTOINCREMENT,
        folder INTEGER NOT NULL REFERENCES folders,
        name BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns ANY NOT NULL,
        inode ANY NOT NULL,
        content INTEGER REFERENCES photos,
        error TEXT NOT NULL,
        refused INTEGER NOT NULL,
        missing INTEGER NOT NULL,
        UNIQUE (folder, name)
    ) STRICT""",
    "CREATE INDEX missing_files ON files (content) WHERE missing",
    """CREATE TABLE encoders (
        encoder INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        dimension INTEGER NOT NULL,
        spec TEXT,
        epoch BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE embeddings (
        encoder INTEGER NOT NULL REFERENCES encoders,
        content INTEGER NOT NULL REFERENCES photos,
        embedding BLOB NOT NULL,
        PRIMARY KEY (encoder, content)
    ) STRICT""",
    """CREATE TABLE text_embeddings (
        encoder INTEGER NOT NULL REFERENCES encoders,
        prompt BLOB NOT NULL,
        embedding BLOB NOT NULL,
        PRIMARY KEY (encoder, prompt)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE thumbnails (
        content INTEGER PRIMARY KEY REFERENCES photos,
        jpeg BLOB NOT NULL
    ) STRICT""",
)


@migrations()
def first_tables(db: Database) -> None:
    """Everything version 1 knows."""
    for table in TABLES:
        db.execute(table)


@migrations()
def keywords(db: Database) -> None:
    """Keywords of photos, from their files and sidecars, and the sidecars as they were when last read.

    A photo whose row in ``keywords_read`` is missing, or says another place or time than its file has, is read again.
    """
    for table in (
        """CREATE TABLE tags (
            tag INTEGER PRIMARY KEY,
            folded TEXT NOT NULL UNIQUE
        ) STRICT""",
        """CREATE TABLE photo_tags (
            tag INTEGER NOT NULL REFERENCES tags,
            photo_id INTEGER NOT NULL REFERENCES files,
            PRIMARY KEY (tag, photo_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX tags_of_photo ON photo_tags (photo_id)",
        """CREATE TABLE keywords_read (
            photo_id INTEGER PRIMARY KEY REFERENCES files,
            folder INTEGER NOT NULL,
            name BLOB NOT NULL,
            mtime_ns ANY NOT NULL
        ) STRICT""",
        """CREATE TABLE sidecars (
            folder INTEGER NOT NULL REFERENCES folders,
            name BLOB NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns ANY NOT NULL,
            PRIMARY KEY (folder, name)
        ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(table)


@migrations()
def sketches(db: Database) -> None:
    """What near-duplicates are sought by; apart from the thumbnails, so that reading all of them reads little."""
    db.execute(
        """CREATE TABLE sketches (
            content INTEGER PRIMARY KEY REFERENCES photos,
            brightness BLOB NOT NULL
        ) STRICT"""
    )


@migrations()
def frames(db: Database) -> None:
    """The single pictures of videos, whose row in ``embeddings`` is that of all of them together."""
    db.execute(
        """CREATE TABLE frames (
            encoder INTEGER NOT NULL REFERENCES encoders,
            content INTEGER NOT NULL REFERENCES photos,
            embeddings BLOB NOT NULL,
            PRIMARY KEY (encoder, content)
        ) STRICT"""
    )


@migrations()
def seals(db: Database) -> None:
    """Rows of embeddings, frames and text embeddings may end in a seal now, which version 4 would take for damage."""


CACHE_SCHEMA = Schema(
    application_id=int.from_bytes(b"ClSC"),
    migrations=migrations,
    synchronous="NORMAL",  # losing the last batch to a power cut costs seconds, not a person's work
    page_size=8192,  # seven 512-dimensional rows per page; 4096 would waste a quarter on three
    thorough=False,
)
