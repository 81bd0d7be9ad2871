"""Keywords as rows: what people and programs wrote into photos and sidecars. Callers hold the transaction."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from sqlite_utils import Database

from clipsorter.library.file_table import BELOW
from clipsorter.library.stored_values import path_parts, range_below, wide

Seen = tuple[int, int]  # size in bytes and mtime_ns of a sidecar

MOST_KEYWORDS = 200  # per photo; what comes after is noise of a cataloguing program
LONGEST_KEYWORD = 200  # characters


class KeywordTable:
    """The tables ``tags``, ``photo_tags``, ``keywords_read`` and ``sidecars``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def note_sidecars(self, folder: Path, found: Mapping[Path, Seen], away: Collection[str]) -> None:
        """Compare the sidecars below ``folder`` with those of the last time; photos of changed ones are read again.

        ``away`` are folders that could not be listed: nothing is concluded about them.
        """
        before = {
            Path(os.fsdecode(path + name)): (size, str(mtime_ns))
            for path, name, size, mtime_ns in self._db.execute(
                "SELECT d.path, s.name, s.size, s.mtime_ns FROM folders d JOIN sidecars s USING (folder) "
                f"WHERE {BELOW}",
                range_below(folder),
            )
        }
        for sidecar in before.keys() - found.keys():
            if not any(sidecar.is_relative_to(place) for place in away):
                place, name = self._place(sidecar)
                self._db.execute("DELETE FROM sidecars WHERE folder = ? AND name = ?", [place, name])
                self._forget(place, name)
        for sidecar, seen in found.items():
            if before.get(sidecar) != (seen[0], str(seen[1])):
                place, name = self._place(sidecar)
                self._db.execute(
                    "INSERT OR REPLACE INTO sidecars VALUES (?, ?, ?, ?)", [place, name, seen[0], wide(seen[1])]
                )
                self._forget(place, name)

    def unread(self, folder: Path) -> list[tuple[int, Path]]:
        """Ids and paths of the readable photos below ``folder`` whose keywords are not known as they are now."""
        rows = self._db.execute(
            "SELECT f.photo_id, d.path, f.name FROM folders d CROSS JOIN files f USING (folder) "
            f"LEFT JOIN keywords_read k ON k.photo_id = f.photo_id WHERE {BELOW} AND f.content IS NOT NULL "
            "AND NOT f.missing AND (k.photo_id IS NULL OR k.mtime_ns IS NOT f.mtime_ns OR k.folder != f.folder "
            "OR k.name != f.name)",
            range_below(folder),
        )
        return [(photo_id, Path(os.fsdecode(path + name))) for photo_id, path, name in rows]

    def put(self, photo_id: int, keywords: Iterable[str]) -> None:
        """Store the keywords of one photo, folded, in the place of what was there."""
        self._db.execute("DELETE FROM photo_tags WHERE photo_id = ?", [photo_id])
        folded = [word for word in dict.fromkeys(keywords) if word and len(word) <= LONGEST_KEYWORD]
        for word in folded[:MOST_KEYWORDS]:
            self._db.execute("INSERT INTO tags (folded) VALUES (?) ON CONFLICT DO NOTHING", [word])
            self._db.execute(
                "INSERT INTO photo_tags SELECT tag, ? FROM tags WHERE folded = ? ON CONFLICT DO NOTHING",
                [photo_id, word],
            )
        self._db.execute(
            "INSERT OR REPLACE INTO keywords_read SELECT photo_id, folder, name, mtime_ns FROM files "
            "WHERE photo_id = ?",
            [photo_id],
        )

    def photos_beside(self, sidecar: Path) -> list[tuple[int, Path]]:
        """Ids and paths of the readable photos that a sidecar speaks of."""
        folder, name = path_parts(sidecar)
        rows = self._db.execute(
            "SELECT f.photo_id, d.path, f.name FROM folders d JOIN files f USING (folder) "
            f"WHERE d.path = ? AND {_SPOKEN_OF} AND f.content IS NOT NULL AND NOT f.missing",
            [folder, *_spoken_of(name)],
        )
        return [(photo_id, Path(os.fsdecode(path + photo))) for photo_id, path, photo in rows]

    def photos(self, keyword: str) -> Sequence[int]:
        """Ids of all photos with this keyword, folded, in any folder."""
        rows = self._db.execute("SELECT photo_id FROM photo_tags JOIN tags USING (tag) WHERE folded = ?", [keyword])
        return [photo_id for (photo_id,) in rows]

    def _place(self, file: Path) -> tuple[int, bytes]:
        folder, name = path_parts(file)
        self._db.execute("INSERT INTO folders (path) VALUES (?) ON CONFLICT DO NOTHING", [folder])
        (number,) = self._db.execute("SELECT folder FROM folders WHERE path = ?", [folder]).fetchone()
        return int(number), name

    def _forget(self, folder: int, sidecar: bytes) -> None:
        self._db.execute(
            "DELETE FROM keywords_read WHERE photo_id IN (SELECT photo_id FROM files WHERE folder = ? "
            f"AND {_SPOKEN_OF})",
            [folder, *_spoken_of(sidecar)],
        )


_SPOKEN_OF = "(name = ? OR (name > ? AND name < ?))"


def _spoken_of(sidecar: bytes) -> tuple[bytes, bytes, bytes]:
    """``IMG.jpg.xmp`` speaks of ``IMG.jpg``, ``IMG.xmp`` of every ``IMG.`` in its folder."""
    photo = sidecar[: -len(b".xmp")]
    return photo, photo + b".", photo + b"/"  # "/" follows "." and is in no name
