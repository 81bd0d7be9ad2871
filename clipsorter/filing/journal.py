"""The journal of one run: what was about to be done, said before it is done, so that it can be taken back.

One folder per run below the history folder (in ClipSorter's own data folder): ``plan.json``, the plan as applied, and
``journal.jsonl``, one record (``records``) per line, only ever appended, on the disk itself before the act that it
announces. A torn last line, left by a power cut, was not yet followed by any act and is dropped. The journal says what
*may* have happened; what *has* happened is read off the disk (``reversal``), which cannot be wrong.
"""

import contextlib
import io
import json
import os
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from clipsorter.errors import FilingError
from clipsorter.filing.disk import Disk
from clipsorter.filing.records import History, begun_history, replay
from clipsorter.json_text import parse_json
from clipsorter.regular_files import read_regular

JOURNAL = "journal.jsonl"
PLAN = "plan.json"
_MAX_BYTES = 1 << 32  # three times what the longest plan writes when it is done and taken back
_STEP = 1024  # records read and replayed between two chances to do something else: 30 to 100 ms

T = TypeVar("T")


class HistoryError(FilingError):
    """The journal cannot be written: nothing may be done without it."""


class Journal:
    """Appends records; used by one thread. Every method returns with the record on the disk itself, or raises."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._disk = disk
        self._path = path
        try:
            is_new = not path.exists()
            self._handle = disk.open_log(path)
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            if is_new:
                disk.sync_folder(path.parent)
        except OSError as error:
            self.close()
            raise _unwritable(path, error) from error
        self._size = os.fstat(self._handle).st_size
        self._broken = False

    def append(self, *records: Mapping[str, Any]) -> None:
        """Write records, all together, and wait until they are on the disk."""
        if self._broken:
            raise HistoryError(f"The history “{self._path}” could not be written before; nothing more was done.")
        data = b"".join(json.dumps(record, separators=(",", ":")).encode() + b"\n" for record in records)
        try:
            self._disk.write(self._handle, data)
            self._disk.sync(self._handle)
        except OSError as error:
            self._broken = True
            with contextlib.suppress(OSError):
                self._disk.cut(self._handle, self._size)  # half a record would hide later ones
                self._broken = False
            raise _unwritable(self._path, error) from error
        self._size += len(data)

    def cut_torn_end(self, size: int) -> None:
        """Drop what a power cut left behind the last whole record."""
        if size < self._size:
            try:
                self._disk.cut(self._handle, size)
                self._disk.sync(self._handle)
            except OSError as error:
                raise _unwritable(self._path, error) from error
            self._size = size

    def close(self) -> None:
        """Release the file; nothing is written."""
        os.close(self._handle)


@contextlib.contextmanager
def journal_of(run_folder: Path, disk: Disk) -> Iterator[Journal]:
    """The journal of a run, open for appending after its last whole record."""
    path = run_folder / JOURNAL
    size = 0
    if path.exists():
        for _, end in _batches(path):
            size = end
    journal = Journal(path, disk)
    try:
        journal.cut_torn_end(size)
        yield journal
    finally:
        journal.close()


def read_history(run_folder: Path) -> History:
    """Read a run's journal. Raises FilingError where it is missing, damaged before its end, or reaches elsewhere."""
    return drained(history_steps(run_folder))


def history_steps(run_folder: Path, *, keep_acts: bool = True) -> Generator[None, None, History]:
    """``read_history`` in short steps: a run over 100,000 photos takes seconds to read.

    Without ``keep_acts`` its photos have none, for a line about the run: they are most of the memory it takes.
    """
    path = run_folder / JOURNAL
    history: History | None = None
    try:
        for records, _ in _batches(path):
            if history is None:
                history = begun_history(records.pop(0))
            replay(history, records)
            if not keep_acts:
                for record in records:
                    if record["do"] == "begin":
                        history.photos[record["n"]].acts = ()
            yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise damaged(path) from error
    assert history is not None  # there is one batch at least
    return history


def whole_records(path: Path) -> tuple[list[dict[str, Any]], int]:
    """All whole records and the size up to the last of them. A bad record before a good one is damage."""
    everything: list[dict[str, Any]] = []
    size = 0
    for records, size in _batches(path):  # noqa: B007 - the last one counts
        everything += records
    return everything, size


def drained(steps: Generator[None, None, T]) -> T:
    """What a generator returns, after all its steps."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            answer: T = end.value
            return answer


def _batches(path: Path) -> Iterator[tuple[list[dict[str, Any]], int]]:
    """``whole_records`` a few at a time, each time with the size so far: a million of them would be gigabytes."""
    try:
        data = read_regular(path, _MAX_BYTES)
    except OSError as error:
        raise FilingError(f"The history “{path}” cannot be read: {error.strerror or error}.") from error
    records: list[dict[str, Any]] = []
    size, torn = 0, False
    for number, line in enumerate(io.BytesIO(data), 1):
        record = _record(line)
        if record is None:
            torn = True
        elif torn:
            raise damaged(path)
        else:
            records.append(record)
            size += len(line)
        if number % _STEP == 0:
            yield records, size
            records = []
    yield records, size


def _record(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        record = parse_json(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _unwritable(path: Path, error: OSError) -> HistoryError:
    return HistoryError(f"The history “{path}” cannot be written ({error.strerror or error}); nothing more was done.")


def damaged(path: Path) -> FilingError:
    """The error about a journal, or the plan beside it, that no run wrote."""
    return FilingError(f"The history “{path}” is damaged; it is left as it is and nothing was changed.")
