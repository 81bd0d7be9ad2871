"""What apply, undo and recover would do now, said in the same events, with nothing done: for ``--dry-run``."""

import errno
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clipsorter.errors import FilingError
from clipsorter.filing.apply import is_hopeless, sentence_of
from clipsorter.filing.checks import Checks, missing_folders
from clipsorter.filing.events import (
    FilingEvent,
    Finished,
    PhotoFiled,
    PhotoLeftAlone,
    PhotoNotFiled,
    PhotoReturned,
)
from clipsorter.filing.identity import see
from clipsorter.filing.journal import read_history
from clipsorter.filing.places import check_target
from clipsorter.filing.plan import Plan, PlannedPhoto
from clipsorter.filing.records import Filed, History
from clipsorter.filing.recover import Way, plan_of
from clipsorter.filing.reversal import LeftAloneError, Newcomers, needs_of
from clipsorter.filing.undo import check_places, run_folder


def rehearse_apply(plan: Plan) -> Iterator[FilingEvent]:
    """Check every photo of a plan against the disk as it is now; the events of ``apply`` without Started.

    Where the disk would be full, the rehearsal stops as apply would. Raises FilingError for a target of no use.
    """
    check_target(plan.target)
    yield from _rehearse(plan, plan.photos)


def rehearse_undo(history: Path, run: str, *, only: Collection[int] | None = None) -> Iterator[FilingEvent]:
    """Say which photos of a run would come back and which would be left alone; the events of ``undo``."""
    before = read_history(run_folder(history, run))
    check_places(before)
    photos = [
        photo
        for photo in reversed(before.photos.values())
        if not photo.undone and (only is None or photo.number in only)
    ]
    newcomers = Newcomers()
    returned = left = 0
    for photo in photos:
        done = returned + left + 1
        if refusal := _refusal(newcomers.along(photo), before, done, len(photos)):
            left += 1
            yield refusal
        else:
            returned += 1
            yield PhotoReturned(photo.number, photo.file, done, len(photos))
    yield Finished(run, returned=returned, left_alone=left)


def rehearse_recover(history: Path, run: str, way: Way) -> Iterator[FilingEvent]:
    """Say what finishing an interrupted run, or taking it back, would do; the events of ``recover``."""
    folder = run_folder(history, run)
    before = read_history(folder)
    if way == "undo" or before.undoing:
        yield from rehearse_undo(history, run, only=before.undoing_only if way == "finish" else None)
        return
    plan = plan_of(before, folder)
    rest = [photo for photo in plan.photos if photo.number not in before.photos]
    begun = [photo for photo in before.photos.values() if not photo.done]
    filed = left = 0
    total = len(begun) + len(rest)
    for photo in begun:  # taken back first, then filed
        done = filed + left + 1
        if refusal := _refusal(photo, before, done, total):
            left += 1
            yield refusal
        else:
            filed += 1
            yield PhotoFiled(photo.number, photo.file, photo.acts[0].place, done, total)
    for event in _rehearse(plan, rest, begun=filed + left):
        if isinstance(event, Finished):
            yield Finished(
                run,
                filed=filed + event.filed,
                not_filed=event.not_filed,
                left_alone=left,
                untouched=event.untouched,
                stopped_by=event.stopped_by,
            )
        else:
            yield event


def _refusal(photo: Filed, before: History, done: int, total: int) -> PhotoLeftAlone | None:
    """Why a photo of a run would not come back; None when it would."""
    try:
        needs_of(photo, folder=before.folder, target=before.target)
    except (LeftAloneError, OSError) as error:
        by_person = isinstance(error, LeftAloneError)
        return PhotoLeftAlone(photo.number, photo.file, sentence_of(photo.file, error), done, total, by_person)
    return None


def _rehearse(plan: Plan, photos: Sequence[PlannedPhoto], begun: int = 0) -> Iterator[FilingEvent]:
    stage = _Stage(plan)
    filed = failed = 0
    stopped_by = ""
    total = begun + len(photos)
    for photo in photos:
        done = begun + filed + failed + 1
        try:
            stage.play(photo)
        except (OSError, FilingError) as error:
            failed += 1
            reason = sentence_of(photo.file, error)
            yield PhotoNotFiled(photo.number, photo.file, reason, done, total)
            if is_hopeless(error):
                stopped_by = reason
                break
        else:
            filed += 1
            yield PhotoFiled(photo.number, photo.file, plan.target / photo.home, done, total)
    untouched = len(photos) - filed - failed
    yield Finished("", filed=filed, not_filed=failed, untouched=untouched, stopped_by=stopped_by)


@dataclass(slots=True)
class _Stage:
    """The disk as it would be after the photos played so far."""

    plan: Plan
    _checks: Checks = field(init=False)
    _taken: dict[int, int] = field(default_factory=dict)  # bytes that copies would take, by device

    def __post_init__(self) -> None:
        self._checks = Checks(self.plan)

    def play(self, photo: PlannedPhoto) -> None:
        """Raises what ``apply`` would meet (FilingError, or OSError as the disk would say it)."""
        for operation, seen in self._checks.sources(photo):
            place = self.plan.target / operation.destination
            missing = missing_folders(place.parent, self.plan.target)
            folder = missing[0].parent if missing else place.parent
            if see(place) is not None:
                raise FilingError(f"Something else is named “{place.name}” there since the plan was made.")
            _check_writable(folder)
            if operation.kind == "move":
                _check_writable(operation.source.parent)
            crosses = seen.device != folder.stat().st_dev and operation.source != self.plan.target / photo.home
            if operation.kind == "hardlink" and crosses:
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            if operation.kind == "copy" or (operation.kind == "move" and crosses):
                self._take(folder, operation.identity.size)

    def _take(self, folder: Path, size: int) -> None:
        device = folder.stat().st_dev
        taken = self._taken.get(device, 0) + size
        if taken > shutil.disk_usage(folder).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._taken[device] = taken


def _check_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
