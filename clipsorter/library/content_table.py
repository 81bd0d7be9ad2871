"""Contents as rows: what a photo is, wherever its file lies."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from clipsorter.library.records import CachedPhoto
from clipsorter.library.stored_values import digest_bytes, microseconds, moment, position
from clipsorter.values import PhotoFacts


class ContentTable:
    """The tables ``photos``, ``thumbnails`` and ``sketches``. Callers hold the transaction.

    Photo ids [N] are ascending, as in a collection; what is known of them comes in the same order.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def number(self, digest: bytes) -> int | None:
        """Of a known content."""
        row = self._db.execute("SELECT content FROM photos WHERE digest = ?", [digest]).fetchone()
        return None if row is None else int(row[0])

    def put(self, cached: CachedPhoto) -> int:
        """Store a content, or what is known better of it now; returns its number."""
        facts = cached.facts
        (content,) = self._db.execute(
            "INSERT INTO photos (digest, width, height, taken, latitude, longitude) VALUES (?, ?, ?, ?, ?, ?) "
            # With the digest itself: SQLite finds out that the row says another one than its index.
            "ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest, width = excluded.width, "
            "height = excluded.height, taken = excluded.taken, latitude = excluded.latitude, "
            "longitude = excluded.longitude RETURNING content",
            [
                digest_bytes(cached.digest),
                facts.width,
                facts.height,
                microseconds(facts.taken),
                facts.latitude,
                facts.longitude,
            ],
        ).fetchone()
        if cached.thumbnail:
            self._db.execute("INSERT OR REPLACE INTO thumbnails VALUES (?, ?)", [content, cached.thumbnail])
            self._db.execute("DELETE FROM sketches WHERE content = ?", [content])
        if cached.sketch:
            self._db.execute("INSERT OR REPLACE INTO sketches VALUES (?, ?)", [content, cached.sketch])
        return int(content)

    def facts(self, photo_id: int) -> PhotoFacts | None:
        """What is known of one photo; None where it is not known or not readable."""
        row = self._db.execute(
            "SELECT width, height, taken, latitude, longitude FROM files JOIN photos USING (content) "
            "WHERE photo_id = ?",
            [photo_id],
        ).fetchone()
        return None if row is None else PhotoFacts(row[0], row[1], moment(row[2]), *position(row[3], row[4]))

    def taken(self, photo_ids: NDArray[np.int64]) -> NDArray[np.datetime64]:
        """Camera times ``datetime64[us]`` [N]; NaT if unknown."""
        moments = np.full(len(photo_ids), "NaT", dtype="datetime64[us]")
        rows = self._db.execute(
            "SELECT photo_id, taken FROM files JOIN photos USING (content) WHERE taken IS NOT NULL"
        ).fetchall()
        if rows:
            ids, known = np.array(rows, dtype=np.int64).T
            places, wanted = _find(ids, photo_ids)
            moments[places] = known[wanted].astype("datetime64[us]")
        return moments

    def sizes(self, photo_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Width and height in px [N, 2]; zeros if unknown."""
        sizes = np.zeros((len(photo_ids), 2), np.int64)
        rows = self._db.execute("SELECT photo_id, width, height FROM files JOIN photos USING (content)").fetchall()
        if rows:
            table = np.array(rows, dtype=np.int64)
            places, wanted = _find(table[:, 0], photo_ids)
            sizes[places] = table[wanted, 1:]
        return sizes

    def thumbnail(self, digest: bytes) -> bytes | None:
        """The JPEG of a content, if there is one."""
        row = self._db.execute(
            "SELECT jpeg FROM thumbnails JOIN photos USING (content) WHERE digest = ?", [digest]
        ).fetchone()
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def sketches(self, photo_ids: NDArray[np.int64], length: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """The sketches uint8 [N, length], and which of them are known [N]."""
        sketches = np.zeros((len(photo_ids), length), np.uint8)
        known = np.zeros(len(photo_ids), np.bool_)
        rows = self._db.execute(
            "SELECT photo_id, brightness FROM files JOIN sketches USING (content) WHERE length(brightness) = ?",
            [length],
        ).fetchall()
        if rows:
            ids, found = zip(*rows, strict=True)
            places, wanted = _find(np.array(ids, dtype=np.int64), photo_ids)
            sketches[places] = np.frombuffer(b"".join(found), np.uint8).reshape(-1, length)[wanted]
            known[places] = True
        return sketches, known

    def put_sketches(self, sketches: Iterable[tuple[str, bytes]]) -> None:
        """Store the sketches of contents, by digest; a content that is not here is left out."""
        self._db.conn.executemany(
            "INSERT OR REPLACE INTO sketches SELECT content, ? FROM photos WHERE digest = ?",
            [(brightness, digest_bytes(digest)) for digest, brightness in sketches],
        )


def _find(ids: NDArray[np.int64], photo_ids: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where those of ``ids`` that are among ``photo_ids`` (ascending) stand there, and which of ``ids`` these are."""
    places = np.searchsorted(photo_ids, ids)
    wanted = places < len(photo_ids)
    wanted[wanted] = photo_ids[places[wanted]] == ids[wanted]
    return places[wanted], wanted
