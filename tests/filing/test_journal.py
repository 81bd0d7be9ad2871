"""The journal as a file: read in short steps, and let go of where it cannot be kept."""

import errno
import os
from pathlib import Path

import pytest

from clipsorter.filing import records
from clipsorter.filing.disk import Disk
from clipsorter.filing.identity import Identity
from clipsorter.filing.journal import JOURNAL, HistoryError, Journal, history_steps, journal_of, read_history
from clipsorter.filing.records import Act
from clipsorter.filing.recover import run_steps, runs


def write_run(folder: Path, photos: int) -> None:
    """The journal of a run that moved so many photos."""
    home, target = folder / "photos", folder / "sorted"
    folder.mkdir(parents=True)
    said = [
        records.opening(
            folder.name, folder=home, target=target, mode="move", started="2026-01-02T03:04:05+00:00", total=photos,
            mounted=False,
        )
    ]  # fmt: skip
    for number in range(photos):
        name = f"IMG_{number}.jpg"
        act = Act("move", home / name, target / "cat" / name, Identity(9, 10, 11), 0o100644, 12)
        said += [records.beginning(number, name, (act,)), records.done(number)]
    with journal_of(folder, Disk()) as journal:
        journal.append(*said, records.ending("complete"))


def test_a_long_history_is_read_in_short_steps(tmp_path: Path) -> None:
    write_run(tmp_path / "run", 3000)
    assert len(list(history_steps(tmp_path / "run"))) >= 5
    assert len(list(run_steps(tmp_path))) >= 5
    history = read_history(tmp_path / "run")
    assert (len(history.photos), history.ended, history.interrupted) == (3000, "complete", False)
    (run,) = runs(tmp_path)
    assert (run.state, run.filed, run.total) == ("complete", 3000, 3000)


class ForgetfulDisk(Disk):
    """A disk that does not keep names; it remembers what it opened."""

    handle = -1

    def open_log(self, path: Path) -> int:
        self.handle = super().open_log(path)
        return self.handle

    def sync_folder(self, path: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_journal_that_cannot_be_kept_is_let_go_of(tmp_path: Path) -> None:
    disk = ForgetfulDisk()
    with pytest.raises(HistoryError, match="cannot be written"):
        Journal(tmp_path / JOURNAL, disk)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(disk.handle)


class BrokenDisk(Disk):
    """Nothing that is written stays, and what was written cannot be cut off again."""

    is_broken = False

    def sync(self, handle: int) -> None:
        if self.is_broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def cut(self, handle: int, size: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_nothing_is_written_behind_a_record_that_may_be_torn(tmp_path: Path) -> None:
    disk = BrokenDisk()
    journal = Journal(tmp_path / JOURNAL, disk)
    journal.append({"do": "first"})
    disk.is_broken = True
    with pytest.raises(HistoryError):
        journal.append({"do": "second"})
    disk.is_broken = False
    size = (tmp_path / JOURNAL).stat().st_size
    with pytest.raises(HistoryError, match="before"):
        journal.append({"do": "third"})
    assert (tmp_path / JOURNAL).stat().st_size == size
    journal.close()
