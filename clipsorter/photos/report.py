"""What became of every entry below a folder, photos really decoded: the answer to "why is my photo not there?"."""

from collections import deque
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clipsorter.photos.prepared import PreparedPhoto, Unreadable
from clipsorter.photos.scan import Outcome, Passed, check_folder, scan
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import InputShape, Photo

_SHAPE = InputShape(224)  # what most models take; only the facts are kept


@dataclass(frozen=True, slots=True)
class EntryReport:
    """One entry. The facts are None where they are not known, always so for what does not decode."""

    file: str  # path relative to the folder, with "/"
    outcome: Outcome
    reason: str = ""  # a sentence, empty for what decodes
    width: int | None = None  # px, upright
    height: int | None = None  # px, upright
    taken: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def report(folder: Path, *, excluded: Collection[Path] = (), workers: int | None = None) -> Iterator[EntryReport]:
    """Scan ``folder``, decode its photos in ``workers`` processes and yield one value per entry, in scan order.

    Raises FolderError as ``scan`` does. Changes nothing.
    """
    root = check_folder(folder)
    entries: deque[Photo | Passed] = deque()
    answers: dict[Photo, EntryReport] = {}

    def photos() -> Iterator[Photo]:
        for entry in scan(root, excluded=excluded):
            entries.append(entry)
            if isinstance(entry, Photo):
                yield entry

    def settled() -> Iterator[EntryReport]:
        while entries:
            match entries[0]:
                case Passed(path, outcome, reason):
                    yield EntryReport(_relative(path, root), outcome, reason)
                case Photo() as photo if photo in answers:
                    yield answers.pop(photo)
                case _:
                    return
            entries.popleft()

    with DecodeWorkers(_SHAPE, count=workers) as decoders, closing(decoders.prepare(photos())) as prepared:
        for answer in prepared:
            if answer is not None:
                answers[answer.photo] = _entry_report(answer, root)
            yield from settled()
        yield from settled()


def _entry_report(answer: PreparedPhoto | Unreadable, root: Path) -> EntryReport:
    file = _relative(answer.photo.path, root)
    if isinstance(answer, Unreadable):
        return EntryReport(file, Outcome.REFUSED if answer.refused else Outcome.UNREADABLE, answer.reason)
    facts = answer.facts
    return EntryReport(
        file,
        Outcome.DECODES,
        width=facts.width,
        height=facts.height,
        taken=facts.taken,
        latitude=facts.latitude,
        longitude=facts.longitude,
    )


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
