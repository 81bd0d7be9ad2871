"""After a kill, a power cut or an unplugged disk: finish what was begun, or take it back. Both can be repeated."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from clipsorter.errors import FilingError
from clipsorter.filing import records
from clipsorter.filing.apply import file_photos, sentence_of
from clipsorter.filing.disk import Disk
from clipsorter.filing.events import FilingEvent, PhotoLeftAlone, Started
from clipsorter.filing.journal import (
    JOURNAL,
    PLAN,
    HistoryError,
    Journal,
    damaged,
    drained,
    history_steps,
    journal_of,
    read_history,
)
from clipsorter.filing.plan import Kind, Plan, PlannedPhoto
from clipsorter.filing.plan_file import read_plan
from clipsorter.filing.records import Filed, History
from clipsorter.filing.reversal import LeftAloneError, take_back
from clipsorter.filing.undo import check_places, run_folder, take_all_back
from clipsorter.regular_files import NotRegularError, open_regular

Way = Literal["finish", "undo"]
State = Literal["complete", "stopped", "undone", "interrupted", "damaged"]
_LONGEST_BEGINNING = 1 << 20  # bytes of the first record, which names two folders


@dataclass(frozen=True, slots=True)
class Run:
    """One line of the history."""

    run: str  # names it for undo and recover
    started: str  # ISO 8601, UTC
    folder: Path
    target: Path
    mode: Kind
    state: State
    total: int  # photos in the plan
    filed: int  # photos that stand at their new place
    returned: int  # photos that were there and are back
    failed: int  # photos that could not be filed
    kept: int  # photos that undo left alone
    undoing: bool = False  # interrupted while it was taken back: finishing it takes back the rest


PhotoState = Literal["filed", "returned", "failed", "kept", "open"]


@dataclass(frozen=True, slots=True)
class RunPhoto:
    """One photo of a run, as its history has it."""

    number: int  # names it for undo
    file: str  # relative to the run's folder
    place: Path  # where the run put it, or would have
    state: PhotoState  # "kept": undo left it alone; "open": begun, and nobody noted how it went
    reason: str  # why it failed or was kept; else empty


def run_photos(history: Path, run: str) -> tuple[RunPhoto, ...]:
    """The photos that a run began, in its order. Raises FilingError where there is no such run or it is damaged."""
    return tuple(_run_photo(photo) for photo in read_history(run_folder(history, run)).photos.values())


def _run_photo(photo: Filed) -> RunPhoto:
    state: PhotoState = "open"
    if photo.kept and not photo.undone:
        state = "kept"
    elif photo.done:
        state = "returned" if photo.undone else "filed"
    elif photo.undone:
        state = "failed" if photo.failed else "returned"
    return RunPhoto(photo.number, photo.file, photo.acts[0].place, state, photo.kept or photo.failed)


def runs(history: Path) -> tuple[Run, ...]:
    """All runs, newest first. A damaged journal is listed as such; a run that never began is not.

    Raises FilingError where the history cannot be listed.
    """
    return drained(run_steps(history))


def run_steps(history: Path) -> Generator[None, None, tuple[Run, ...]]:
    """``runs`` in short steps."""
    try:
        folders = sorted(history.iterdir(), reverse=True)
    except (FileNotFoundError, NotADirectoryError):
        folders = []
    except OSError as error:
        raise FilingError(f"The history “{history}” cannot be read: {error.strerror or error}.") from error
    listed = []
    for folder in folders:
        if _has_begun(folder / JOURNAL):
            listed.append((yield from _line(folder)))  # noqa: PERF401 - a generator cannot be comprehended
    return tuple(listed)


def interrupted(history: Path) -> tuple[Run, ...]:
    """The runs that a start should offer to finish or undo, newest first."""
    return tuple(run for run in runs(history) if run.state == "interrupted")


def recover(history: Path, run: str, way: Way, *, disk: Disk | None = None) -> Iterator[FilingEvent]:
    """Finish an interrupted or stopped run, or take it back; yields the events of apply or undo.

    Finishing first takes back what was begun and not completed, then files that and the rest of the plan; photos
    that failed are tried again, photos that a person took back are not. Finishing an interrupted undo finishes the
    undo. Raises FilingError where there is no such run or its journal cannot be read or written.
    """
    disk = disk or Disk()
    folder = run_folder(history, run)
    before = read_history(folder)
    if way == "undo" or before.undoing or before.photos:
        check_places(before)
    with journal_of(folder, disk) as journal:
        if way == "undo":
            yield from take_all_back(before, run, journal, disk, None)
        elif before.undoing:
            yield from take_all_back(before, run, journal, disk, before.undoing_only)
        else:
            plan = plan_of(before, folder)
            torn = yield from _settled(before, run, journal, disk)
            photos = tuple(_to_do(plan, before, torn))
            yield Started(run, len(photos))
            yield from file_photos(plan, photos, run, journal, disk)


def plan_of(before: History, folder: Path) -> Plan:
    """The plan of a run, as it was applied. Raises FilingError for one that says other places than the journal."""
    plan = read_plan(folder / PLAN)
    if (plan.folder, plan.target, plan.mode, len(plan.photos)) != (
        before.folder, before.target, before.mode, before.total,
    ):  # fmt: skip
        raise damaged(folder / PLAN)
    return plan


def _settled(before: History, run: str, journal: Journal, disk: Disk) -> Generator[FilingEvent, None, frozenset[int]]:
    """Take back what was begun and not completed; returns the numbers of those that could not be."""
    open_ones = [photo for photo in before.photos.values() if not (photo.done or photo.undone)]
    torn: set[int] = set()
    for index, photo in enumerate(open_ones):
        try:
            take_back(disk, photo, run=run, folder=before.folder, target=before.target)
        except HistoryError:
            raise
        except (OSError, FilingError, LeftAloneError) as error:
            torn.add(photo.number)
            by_person = isinstance(error, LeftAloneError)
            why = sentence_of(photo.file, error)
            if by_person:
                journal.append(records.kept(photo.number, why))
            yield PhotoLeftAlone(photo.number, photo.file, why, index + 1, len(open_ones), by_person)
        else:
            journal.append(records.undone(photo.number))
    return frozenset(torn)


def _to_do(plan: Plan, before: History, torn: frozenset[int]) -> Iterator[PlannedPhoto]:
    for photo in plan.photos:
        known = before.photos.get(photo.number)
        if known is None:
            yield photo
        elif not known.done and photo.number not in torn:
            # It may have come back from another disk, under another inode; size, time and digest still hold.
            yield replace(
                photo,
                operations=tuple(
                    replace(operation, identity=replace(operation.identity, inode=0)) for operation in photo.operations
                ),
            )


def _has_begun(journal: Path) -> bool:
    """Whether a first whole record stands there, or something too long to be one; without it nothing was done."""
    try:
        with open_regular(journal) as file:
            line = file.readline(_LONGEST_BEGINNING)
    except FileNotFoundError:
        return False
    except OSError as error:  # nobody may read it: it is listed as a damaged one
        return not isinstance(error, NotRegularError | NotADirectoryError)
    return line.endswith(b"\n") or len(line) == _LONGEST_BEGINNING


def _line(folder: Path) -> Generator[None, None, Run]:
    try:
        history = yield from history_steps(folder, keep_acts=False)
    except FilingError:
        return Run(folder.name, "", Path(), Path(), "copy", "damaged", 0, 0, 0, 0, 0)
    photos = history.photos.values()
    return Run(
        run=history.run,
        started=history.started,
        folder=history.folder,
        target=history.target,
        mode=history.mode,
        state="interrupted" if history.interrupted or not history.ended else history.ended,
        total=history.total,
        filed=sum(photo.done and not photo.undone for photo in photos),
        returned=sum(photo.done and photo.undone for photo in photos),
        failed=sum(bool(photo.failed) for photo in photos),
        kept=sum(bool(photo.kept) for photo in photos),
        undoing=history.undoing,
    )
