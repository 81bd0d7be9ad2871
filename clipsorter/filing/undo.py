"""Taking a run back, whole or photo by photo, now or days later, as often as one likes."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from clipsorter.errors import FilingError
from clipsorter.filing import records
from clipsorter.filing.apply import folder_before, is_hopeless, sentence_of
from clipsorter.filing.disk import Disk
from clipsorter.filing.events import FilingEvent, Finished, PhotoLeftAlone, PhotoReturned
from clipsorter.filing.journal import JOURNAL, HistoryError, Journal, journal_of, read_history
from clipsorter.filing.places import check_target
from clipsorter.filing.records import History
from clipsorter.filing.reversal import LeftAloneError, Newcomers, take_back
from clipsorter.presence import is_file, is_folder

_BATCH = 32  # photos between two flushes of the journal


def undo(
    history: Path, run: str, *, only: Collection[int] | None = None, disk: Disk | None = None
) -> Iterator[FilingEvent]:
    """Bring the photos of a run back to where they were: content, names, times and the folders around them.

    ``only`` names photos by their number in the plan; None means all. Yields one event per photo and Finished. What
    a person changed since is left alone and said. Also finishes an undo that was interrupted, and takes back a run
    that was. Closing the generator stops between two photos. Raises FilingError where there is no such run or its
    journal cannot be read or written.
    """
    disk = disk or Disk()
    folder = run_folder(history, run)
    before = read_history(folder)
    check_places(before)
    with journal_of(folder, disk) as journal:
        yield from take_all_back(before, run, journal, disk, only)


def take_all_back(
    before: History, run: str, journal: Journal, disk: Disk, only: Collection[int] | None
) -> Iterator[FilingEvent]:
    """Take photos back under an open journal; the common part of undo and recover. Last begun, first back."""
    photos = [
        photo
        for photo in reversed(before.photos.values())
        if not photo.undone and (only is None or photo.number in only)
    ]
    journal.append(records.undoing(only))
    newcomers = Newcomers()
    outcomes: list[dict[str, object]] = []
    returned = left = 0
    stopped_by = ""
    failing = False
    try:
        for photo in photos:
            done = returned + left + 1
            try:
                take_back(disk, newcomers.along(photo), run=run, folder=before.folder, target=before.target)
            except LeftAloneError as reason:
                outcomes.append(records.kept(photo.number, str(reason)))
                left += 1
                yield PhotoLeftAlone(photo.number, photo.file, str(reason), done, len(photos))
            except HistoryError:
                raise
            except (OSError, FilingError) as error:
                failing = True
                left += 1
                why = sentence_of(photo.file, error)
                stopped_by = why if is_hopeless(error) else ""
                yield PhotoLeftAlone(photo.number, photo.file, why, done, len(photos), by_person=False)
            else:
                photo.undone = True
                outcomes.append(records.undone(photo.number))
                returned += 1
                yield PhotoReturned(photo.number, photo.file, done, len(photos))
            if stopped_by:
                break
            if len(outcomes) >= _BATCH:
                journal.append(*outcomes)
                outcomes.clear()
    finally:
        journal.append(*outcomes)
        _tidy(before, disk)
        if not failing:  # what the disk kept from coming back stays open, for recover
            everything = all(photo.undone for photo in before.photos.values())
            journal.append(records.ending("undone" if everything else before.ended or "stopped"))
    untouched = len(photos) - returned - left
    yield Finished(run, returned=returned, left_alone=left, untouched=untouched, stopped_by=stopped_by)


def run_folder(history: Path, run: str) -> Path:
    """Where a run keeps its journal. Raises FilingError where there is no such run."""
    folder = history / run
    if not run or Path(run).name != run or not is_file(folder / JOURNAL):
        raise FilingError(f"There is no run “{run}” in the history.")
    return folder


def check_places(before: History) -> None:
    """Raise FilingError where a disk of the run is not connected: its photos would look as if they were gone.

    A photo folder that a person removed after everything was moved out of it is made again.
    """
    is_open = any(not photo.undone for photo in before.photos.values())
    for path, needed in ((before.target, is_open), (before.folder, is_open and before.mounted)):
        if needed and not is_folder(path):
            raise FilingError(f"“{path}” is not there; connect its disk or make the folder, then try again.")
    if is_open:
        check_target(before.folder)


def _tidy(before: History, disk: Disk) -> None:
    """Remove the run's own folders where they are empty, then give other folders their times back.

    Both are courtesies: what cannot be done now is left, and the next undo tries again.
    """
    for path in reversed(before.made):
        with suppress(OSError):
            disk.remove_folder(path)
    for path, was in before.folders.items():
        with suppress(OSError):
            now = folder_before(path)
            if now and now.names == was.names and now.mtime_ns != was.mtime_ns:
                disk.set_times(path, was.atime_ns, was.mtime_ns)
