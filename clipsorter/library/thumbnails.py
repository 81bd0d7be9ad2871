"""Thumbnails for another thread than the engine's."""

import sqlite3
from pathlib import Path

from clipsorter.library.database import BUSY_SECONDS
from clipsorter.library.stored_values import digest_bytes


class ThumbnailReader:
    """Reads thumbnails while the engine writes. Belongs to the one thread that calls ``read``.

    A missing picture is never worth an error message: whatever is wrong, ``read`` answers None and tries again with a
    fresh connection the next time.
    """

    def __init__(self, cache_path: Path) -> None:
        self._path = cache_path
        self._connection: sqlite3.Connection | None = None

    def read(self, digest: str) -> bytes | None:
        """The JPEG of a content; None where there is none (yet). ValueError for a digest that is none."""
        key = digest_bytes(digest)
        try:
            if self._connection is None:
                if not self._path.is_file():
                    return None
                self._connection = _connect(self._path)
            row = self._connection.execute(
                "SELECT jpeg FROM thumbnails JOIN photos USING (content) WHERE digest = ?", [key]
            ).fetchone()
        except (sqlite3.OperationalError, sqlite3.DatabaseError, OSError):
            self.close()
            return None
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def close(self) -> None:
        """Close the connection; reading again opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    return connection
