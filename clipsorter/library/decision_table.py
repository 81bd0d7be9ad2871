"""Decisions as rows, with the log that takes them back. Callers hold the transaction."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from sqlite_utils import Database

from clipsorter.library.bin_table import BinTable
from clipsorter.library.deciding import Change, changes_between, decided, replayed
from clipsorter.library.stored_values import digest_bytes
from clipsorter.values import Decision


class DecisionTable:
    """The tables ``decisions``, ``batches`` and ``changes``."""

    def __init__(self, db: Database, bins: BinTable) -> None:
        self._db = db
        self._bins = bins

    def standing(self) -> dict[str, tuple[Decision, ...]]:
        """All decisions by digest, also on categories that are not in the list now: a list may be typed elsewhere."""
        names = self._bins.names()
        rows = self._db.execute("SELECT digest, bin, yes FROM decisions ORDER BY digest, bin")
        found: dict[str, list[Decision]] = {}
        for blob, number, yes in rows:
            if number in names:
                digest = blob.hex()
                found.setdefault(digest, []).append(Decision(digest, names[number], "yes" if yes else "no"))
        return {digest: tuple(decisions) for digest, decisions in found.items()}

    def decide(self, decisions: Sequence[Decision]) -> int:
        """Store a batch and log what it changed; returns its number."""
        (batch,) = self._db.execute(
            "INSERT INTO batches (made) VALUES (?) RETURNING batch", [datetime.now(UTC).isoformat()]
        ).fetchone()
        bins = {name: self._bins.intern(name) for name in {decision.bin for decision in decisions}}
        before: dict[bytes, dict[int, bool]] = {}
        after: dict[bytes, dict[int, bool]] = {}
        for decision in decisions:
            if decision.bin is None and decision.verdict == "no":
                raise ValueError("“none of these” is said with yes; to take it back, undo it or choose a bin")
            digest = digest_bytes(decision.digest)
            if digest not in before:
                before[digest] = after[digest] = self._rows(digest)
            after[digest] = decided(after[digest], bins[decision.bin], decision.verdict == "yes")
        changes = [
            (digest, change) for digest, rows in before.items() for change in changes_between(rows, after[digest])
        ]
        self._write(changes)
        self._db.conn.executemany(
            "INSERT INTO changes VALUES (?, ?, ?, ?, ?, 1)",
            [(batch, digest, change.bin, change.before, change.after) for digest, change in changes],
        )
        return int(batch)

    def replay(self, batch: int, *, standing: bool) -> None:
        """Take a batch back (``standing`` False) or put it back; ValueError for a batch that was never made."""
        if self._db.execute("SELECT 1 FROM batches WHERE batch = ?", [batch]).fetchone() is None:
            raise ValueError(f"there is no batch {batch} of decisions")
        written: list[tuple[bytes, Change]] = []
        moved: list[tuple[bool, int, bytes, int]] = []
        for digest, logged in self._logged(batch, standing=not standing):
            changes = [change if standing else change.reversed() for change in logged]
            rows = self._rows(digest)
            result, took_place = replayed(rows, changes)
            written += [(digest, change) for change in changes_between(rows, result)]
            moved += [(standing, batch, digest, number) for number in took_place]
        self._write(written)
        self._db.conn.executemany("UPDATE changes SET standing = ? WHERE batch = ? AND digest = ? AND bin = ?", moved)

    def _logged(self, batch: int, *, standing: bool) -> Iterator[tuple[bytes, list[Change]]]:
        rows = self._db.execute(
            "SELECT digest, bin, before, after FROM changes WHERE batch = ? AND standing = ? ORDER BY digest",
            [batch, standing],
        ).fetchall()
        for digest, group in groupby(rows, key=lambda row: row[0]):
            yield digest, [Change(number, _verdict(before), _verdict(after)) for _, number, before, after in group]

    def _rows(self, digest: bytes) -> dict[int, bool]:
        return {
            number: bool(yes)
            for number, yes in self._db.execute("SELECT bin, yes FROM decisions WHERE digest = ?", [digest])
        }

    def _write(self, changes: Sequence[tuple[bytes, Change]]) -> None:
        self._db.conn.executemany(
            "DELETE FROM decisions WHERE digest = ? AND bin = ?",
            [(digest, change.bin) for digest, change in changes if change.after is None],
        )
        for verdict in (False, True):  # homes last: a photo has one at a time, always
            self._db.conn.executemany(
                "INSERT INTO decisions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET yes = excluded.yes",
                [(digest, change.bin, verdict) for digest, change in changes if change.after is verdict],
            )


def _verdict(stored: int | None) -> bool | None:
    return None if stored is None else bool(stored)
