"""What apply and undo would do now, said in the same events, with nothing done: for ``--dry-run`` and for previews."""

from collections.abc import Collection, Iterator
from pathlib import Path

from clipsorter.filing.apply import sentence_of
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
from clipsorter.filing.plan import Plan, PlannedPhoto
from clipsorter.filing.reversal import LeftAloneError, Newcomers, needs_of
from clipsorter.filing.undo import run_folder


def rehearse_apply(plan: Plan) -> Iterator[FilingEvent]:
    """Check every photo of a plan against the disk as it is now; the events of ``apply`` without Started."""
    filed = failed = 0
    for photo in plan.photos:
        reason = _obstacle(plan, photo)
        filed, failed = filed + (not reason), failed + bool(reason)
        done, total = filed + failed, len(plan.photos)
        if reason:
            yield PhotoNotFiled(photo.number, photo.file, reason, done, total)
        else:
            yield PhotoFiled(photo.number, photo.file, plan.target / photo.home, done, total)
    yield Finished("", filed=filed, not_filed=failed)


def rehearse_undo(history: Path, run: str, *, only: Collection[int] | None = None) -> Iterator[FilingEvent]:
    """Say which photos of a run would come back and which would be left alone; the events of ``undo``."""
    before = read_history(run_folder(history, run))
    photos = [
        photo
        for photo in reversed(before.photos.values())
        if not photo.undone and (only is None or photo.number in only)
    ]
    newcomers = Newcomers()
    returned = left = 0
    for photo in photos:
        try:
            needs_of(newcomers.along(photo), target=before.target)
        except (LeftAloneError, OSError) as error:
            left += 1
            by_person = isinstance(error, LeftAloneError)
            why = sentence_of(photo.file, error)
            yield PhotoLeftAlone(photo.number, photo.file, why, returned + left, len(photos), by_person)
        else:
            returned += 1
            yield PhotoReturned(photo.number, photo.file, returned + left, len(photos))
    yield Finished(run, returned=returned, left_alone=left)


def _obstacle(plan: Plan, photo: PlannedPhoto) -> str:
    """Why a photo could not be filed now; empty when it could."""
    places: set[Path] = set()
    try:
        for operation in photo.operations:
            place = plan.target / operation.destination
            seen = see(operation.source)
            if operation.source not in places and (seen is None or not seen.matches(operation.identity)):
                return f"“{operation.source.name}” is gone or has changed since the plan was made."
            if see(place) is not None:
                return f"Something else is named “{place.name}” there since the plan was made."
            places.add(place)
    except OSError as error:
        return sentence_of(photo.file, error)
    return ""
