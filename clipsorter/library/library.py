"""library.db: what a person made. It is never thrown away and never overwritten."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from clipsorter.errors import StoreDamagedError, StoreError
from clipsorter.library.bin_table import BinTable
from clipsorter.library.database import open_database, store_errors
from clipsorter.library.decision_table import DecisionTable
from clipsorter.library.library_rows import KEPT_FOLDERS
from clipsorter.library.library_schema import LIBRARY_SCHEMA
from clipsorter.library.set_table import SetTable
from clipsorter.library.snapshots import newest_sound_snapshot, restore_snapshot, take_daily_snapshot, take_snapshot
from clipsorter.library.strictness import DEFAULT_STRICTNESS
from clipsorter.library.tuning_table import TuningTable
from clipsorter.values import Category, CategorySet, Decision


class Library:
    """Folders, categories and decisions. Every method belongs on the thread that opened it.

    Each change is one transaction that is on the disk when the method returns. Category names are compared exactly,
    after stripping spaces and Unicode normalisation (NFC). All methods raise StoreError when the file cannot be used.
    """

    def __init__(self, path: Path, db: Database, *, restored: Path | None = None) -> None:
        self.path = path
        self.restored = restored  # the snapshot that was used because the library itself was gone
        self._db = db
        self._tuning = TuningTable(db)
        self._bins = BinTable(db, self._tuning)
        self._sets = SetTable(db)
        self._decisions = DecisionTable(db, self._bins)
        self._identity = _identity_of(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the library; the day's first opening and every migration keep a snapshot.

        A library that is gone while snapshots of it are there is restored. Raises StoreDamagedError for a damaged
        file, which is left as it is (see ``restore_snapshot``), and StoreTooNewError for a newer version's.
        """
        restored = None
        is_new = not path.exists() or path.stat().st_size == 0
        if is_new and newest_sound_snapshot(path) is not None:
            restored, is_new = restore_snapshot(path), False
        try:
            db = open_database(
                path, LIBRARY_SCHEMA, before_migration=lambda connection: _keep(take_snapshot(connection, path))
            )
        except StoreDamagedError as error:
            raise _damaged(path) from error
        if not is_new:
            take_daily_snapshot(db.conn, path)
        return cls(path, db, restored=restored)

    def close(self) -> None:
        """Close the file; closing twice does nothing."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # folders

    def folders(self) -> tuple[Path, ...]:
        """Folders a person opened, most recent first, ``KEPT_FOLDERS`` of them at most."""
        with store_errors(self.path):
            rows = self._db.execute("SELECT path FROM folders ORDER BY opened DESC LIMIT ?", [KEPT_FOLDERS]).fetchall()
        return tuple(Path(os.fsdecode(path)) for (path,) in rows)

    def remember_folder(self, path: Path) -> None:
        """Note that a folder was opened just now; those that were opened longest ago are forgotten."""
        with self._writing():
            self._db.execute("INSERT OR REPLACE INTO folders (path) VALUES (?)", [os.fsencode(path)])
            newest_forgotten = "SELECT opened FROM folders ORDER BY opened DESC LIMIT 1 OFFSET ?"
            self._db.execute(f"DELETE FROM folders WHERE opened <= ({newest_forgotten})", [KEPT_FOLDERS])

    # categories and decisions

    def categories(self) -> tuple[Category, ...]:
        """The categories in the person's order; ``cutoff`` is what the person chose for the encoder in use."""
        with store_errors(self.path):
            return self._bins.categories()

    def cutoffs(self) -> dict[str, float]:
        """What the person chose for single bins with the encoder in use, by name, removed categories included."""
        with store_errors(self.path):
            return self._bins.cutoffs()

    def save_categories(self, categories: Sequence[Category], renamed: Mapping[str, str]) -> None:
        """Replace the category list; ``renamed`` (old name -> new name) carries decisions and undo along.

        Names may be swapped. Decisions on a removed category come back when its name is used again. Raises
        CategoryError for an empty name or two equal ones, and then changes nothing.
        """
        with self._writing():
            self._bins.save(categories, renamed)

    def decisions(self) -> dict[str, tuple[Decision, ...]]:
        """A person's word by digest: at most one "yes", any number of "no".

        Categories that are not in the list now are included: a list may be typed elsewhere.
        """
        with store_errors(self.path):
            return self._decisions.standing()

    def decide(self, decisions: Sequence[Decision]) -> int:
        """Store decisions as one batch, later ones winning; returns its number for ``undo``.

        A "yes" replaces any other "yes" of its digest, a "no" takes back a "yes" to the same bin. ValueError for a
        "no" to None or a malformed digest, and then nothing is stored.
        """
        with self._writing():
            return self._decisions.decide(decisions)

    def undo(self, batch: int) -> None:
        """Restore what stood before a batch, except where a later word was said; twice is once.

        Works in any order and after a restart. ValueError for a number ``decide`` never returned.
        """
        with self._writing():
            self._decisions.replay(batch, standing=False)

    def redo(self, batch: int) -> None:
        """Put back what ``undo`` took back, except where a later word was said; twice is once."""
        with self._writing():
            self._decisions.replay(batch, standing=True)

    # lists of categories under a name

    def category_sets(self) -> tuple[CategorySet, ...]:
        """The kept sets, by name."""
        with store_errors(self.path):
            return self._sets.all()

    def save_category_set(self, kept: CategorySet) -> None:
        """Keep a set, in the place of an older one of its name. Raises CategoryError for an impossible name."""
        with self._writing():
            self._sets.save(kept)

    def rename_category_set(self, old: str, new: str) -> None:
        """Rename a set; CategoryError where there is none of that name, or one of the new name."""
        with self._writing():
            self._sets.rename(old, new)

    def remove_category_set(self, name: str) -> None:
        """Forget a set; CategoryError where there is none of that name. Categories in use and decisions stay."""
        with self._writing():
            self._sets.remove(name)

    # what is tuned to an encoder

    def use_encoder(self, encoder_id: str) -> None:
        """From now on ``strictness`` and the cut-offs of ``categories`` are those chosen for this encoder.

        Those of other encoders are kept for when they are used again. What was chosen before any encoder was named
        goes to the first one that comes.
        """
        with self._writing():
            self._tuning.use(encoder_id)

    def strictness(self) -> float:
        """How much a photo must resemble a category, in [0, 1]."""
        with store_errors(self.path):
            chosen = self._tuning.strictness()
        return DEFAULT_STRICTNESS if chosen is None else min(1.0, max(0.0, chosen))

    def set_strictness(self, strictness: float) -> None:
        """Remember the strictness; ValueError outside [0, 1]."""
        if not 0 <= strictness <= 1:
            raise ValueError(f"strictness is a number from 0 to 1, not {strictness}")
        with self._writing():
            self._tuning.set_strictness(float(strictness))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if _identity_of(self.path) != self._identity:  # SQLite would go on writing into what nobody finds again
            raise StoreError(
                f"“{self.path}” was moved, removed or replaced while ClipSorter was running, so nothing more can be "
                "kept in it; please put it back and start ClipSorter again."
            )
        with store_errors(self.path), self._db.atomic():
            yield


def _identity_of(path: Path) -> tuple[int, int] | None:
    """The file at a path, whatever its name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _keep(_: Path) -> None:
    """A snapshot needs nothing more."""


def _damaged(path: Path) -> StoreDamagedError:
    snapshot = newest_sound_snapshot(path)
    what = f"“{path}” is damaged or was not written by ClipSorter"
    if snapshot is None:
        return StoreDamagedError(f"{what}, and there is no copy; please move it away.")
    return StoreDamagedError(
        f"{what}; the copy “{snapshot}” can be restored: clipsorter recover --library", snapshot=snapshot
    )
