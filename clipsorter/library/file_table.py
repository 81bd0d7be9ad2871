"""Files as rows: which path holds which content."""

import os
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from sqlite_utils import Database

from clipsorter.library.records import FailedFile, FileRecord, KnownBelow
from clipsorter.library.stored_values import content_digests, path_parts, range_below, wide
from clipsorter.values import Photo

BELOW = "d.path >= ? AND d.path < ?"


class FileTable:
    """The tables ``folders`` and ``files``. Callers hold the transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def below(self, folder: Path) -> list[FileRecord]:
        """Every file ever seen below ``folder``, missing and unreadable ones included."""
        return self._records(folder, "")

    def known_below(self, folder: Path, encoder: int | None) -> KnownBelow:
        """Files that an index run passes over if they have not changed, and all others."""
        count = f"SELECT count(*) FROM folders d CROSS JOIN files f USING (folder) WHERE {BELOW}"
        (files,) = self._db.execute(count, range_below(folder)).fetchone()
        rows = self._db.execute(
            "SELECT d.path, f.name, f.size, f.mtime_ns, f.inode FROM folders d CROSS JOIN files f USING (folder) "
            f"CROSS JOIN embeddings e ON e.encoder = ? AND e.content = f.content WHERE {BELOW} AND NOT f.missing "
            "ORDER BY d.path",
            [encoder, *range_below(folder)],
        ).fetchall()
        embedded = {
            _without_separator(os.fsdecode(path)): {
                os.fsdecode(name): (size, int(mtime_ns), int(inode)) for _, name, size, mtime_ns, inode in group
            }
            for path, group in groupby(rows, itemgetter(0))
        }
        if len(rows) == files:
            return KnownBelow(embedded, {})
        is_embedded = "EXISTS (SELECT 1 FROM embeddings e WHERE e.encoder = :encoder AND e.content = f.content)"
        others = self._records(folder, f"AND (f.missing OR NOT {is_embedded})", encoder)
        return KnownBelow(embedded, {record.path: record for record in others})

    def known_sizes(self) -> frozenset[int]:
        """Sizes in bytes of all files with a known content."""
        rows = self._db.execute("SELECT DISTINCT size FROM files WHERE content IS NOT NULL")
        return frozenset(size for (size,) in rows)

    def mark(self, photo_ids: Iterable[int], *, missing: bool) -> None:
        """Hide files, or show them again."""
        self._db.conn.executemany(
            "UPDATE files SET missing = ? WHERE photo_id = ?", [(missing, int(photo_id)) for photo_id in photo_ids]
        )

    def mark_gone(self, paths: Iterable[str]) -> None:
        """Hide files that are not where they were."""
        self._db.conn.executemany(
            "UPDATE files SET missing = 1 WHERE folder = (SELECT folder FROM folders WHERE path = ?) AND name = ?",
            [path_parts(Path(path)) for path in paths],
        )

    def _records(self, folder: Path, condition: str, encoder: int | None = None) -> list[FileRecord]:
        first, last = range_below(folder)
        rows = self._db.execute(
            "SELECT f.photo_id, d.path, f.name, f.size, f.mtime_ns, f.inode, p.digest, f.error, f.refused, f.missing "
            "FROM folders d CROSS JOIN files f USING (folder) LEFT JOIN photos p USING (content) "
            f"WHERE d.path >= :first AND d.path < :last {condition}",
            {"first": first, "last": last, "encoder": encoder},
        )
        decode, record = os.fsdecode, FileRecord
        return [
            record(
                photo_id,
                decode(path + name),
                size,
                int(mtime_ns),
                int(inode),
                None if digest is None else content_digests([digest]).hex(),
                error,
                refused == 1,
                missing == 1,
            )
            for photo_id, path, name, size, mtime_ns, inode, digest, error, refused, missing in rows
        ]

    def put_file(self, photo: Photo, content: int) -> int:
        """Note that this file holds this content; returns its photo id.

        The path keeps its id when the content changed; a path never seen takes over the id of a missing file with
        the same content, because that file was renamed or moved.
        """
        folder, name = self._place(photo)
        known = self._db.execute("SELECT 1 FROM files WHERE folder = ? AND name = ?", [folder, name]).fetchone()
        if known is None:
            moved = self._db.execute(
                "SELECT photo_id FROM files WHERE content = ? AND missing ORDER BY name = ? DESC, photo_id LIMIT 1",
                [content, name],
            ).fetchone()
            if moved is not None:
                self._db.execute(
                    "UPDATE files SET folder = ?, name = ?, missing = 0 WHERE photo_id = ?", [folder, name, moved[0]]
                )
        return self._upsert(folder, name, photo, content, "", refused=False)

    def put_failed(self, failed: FailedFile) -> int:
        """Note that this file cannot be read, and why; returns its photo id."""
        folder, name = self._place(failed.photo)
        return self._upsert(folder, name, failed.photo, None, failed.reason, refused=failed.refused)

    def _place(self, photo: Photo) -> tuple[int, bytes]:
        folder, name = path_parts(photo.path)
        self._db.execute("INSERT INTO folders (path) VALUES (?) ON CONFLICT DO NOTHING", [folder])
        (number,) = self._db.execute("SELECT folder FROM folders WHERE path = ?", [folder]).fetchone()
        return int(number), name

    def _upsert(self, folder: int, name: bytes, photo: Photo, content: int | None, error: str, *, refused: bool) -> int:
        (photo_id,) = self._db.execute(
            "INSERT INTO files (folder, name, size, mtime_ns, inode, content, error, refused, missing) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (folder, name) DO UPDATE SET size = excluded.size, "
            "mtime_ns = excluded.mtime_ns, inode = excluded.inode, content = excluded.content, "
            "error = excluded.error, refused = excluded.refused, missing = 0 RETURNING photo_id",
            [folder, name, photo.size, wide(photo.mtime_ns), wide(photo.inode), content, error, refused],
        ).fetchone()
        return int(photo_id)


def _without_separator(folder: str) -> str:
    """A folder as ``os.scandir`` is given it: without a closing separator, but for a root."""
    bare = folder[: -len(os.sep)]
    return bare if os.sep in bare else folder
