"""Writing categories as keywords that other programs read, and taking back exactly what we wrote.

What a sidecar had before is theirs and stays; what we added is noted in ``tags.jsonl`` (in ClipSorter's data folder,
on the disk before the sidecar changes) and is ours to update and to withdraw. A sidecar that nobody else touched since
gets its very bytes back; one that we made and nobody else used is removed.
"""

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clipsorter.errors import FilingError
from clipsorter.filing.confines import check_way
from clipsorter.filing.disk import Disk
from clipsorter.filing.packet import XmpError
from clipsorter.filing.sidecar import Style, read_sidecar, sidecar_of, write_sidecar
from clipsorter.filing.tag_log import TagLog, Written, digest_of_bytes, opened, sidecars_below
from clipsorter.filing.xmp import EMPTY, Keywords, edited, keywords_of, read

_REFUSALS = (XmpError, OSError, FilingError)  # what keeps one sidecar as it is
_BATCH = 32  # sidecars announced with one flush of the log


@dataclass(frozen=True, slots=True)
class ToTag:
    """A photo and the categories that hold for it, each as a path from the topmost category down."""

    path: Path
    digest: str  # of the photo's content: finds our tags again after the photo moved
    categories: tuple[tuple[str, ...], ...]
    folder: Path | None = None  # that was looked at; a photo behind a link below it is left alone. None: its own folder


@dataclass(frozen=True, slots=True)
class SidecarWritten:
    """A sidecar says what it should. ``changed`` False: it already did and was not touched."""

    sidecar: Path
    changed: bool
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SidecarLeftAlone:
    """A sidecar was not changed; the reason is a sentence."""

    sidecar: Path
    reason: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class TagsFinished:
    """The last event of a tag run."""

    changed: int
    unchanged: int
    left_alone: int

    @property
    def complete(self) -> bool:
        """Everything that was asked for was done."""
        return not self.left_alone


TagEvent = SidecarWritten | SidecarLeftAlone | TagsFinished


@dataclass(frozen=True, slots=True)
class _Job:
    """One sidecar and the keywords that are to be ours in it."""

    sidecar: Path
    digest: str
    wanted: Keywords
    folder: Path  # between it and the sidecar must be no link


def write_tags(
    photos: Iterable[ToTag],
    log_folder: Path,
    *,
    style: Style = "digikam",
    dry_run: bool = False,
    disk: Disk | None = None,
) -> Iterator[TagEvent]:
    """Make the sidecar of each photo say its categories: new ones are added, ours that no longer hold are removed.

    Keywords that were there before are never removed and never become ours. Photos that share a sidecar share its
    keywords. ``log_folder`` is inside ClipSorter's data folder. Yields one event per sidecar and TagsFinished; with
    ``dry_run`` the same events and no change. Raises FilingError where the log cannot be read or written.
    """
    disk = disk or Disk()
    jobs: dict[Path, _Job] = {}
    digests: dict[Path, str] = {}
    for photo in photos:
        sidecar = sidecar_of(photo.path.absolute(), style)
        known = jobs.get(sidecar, _Job(sidecar, photo.digest, Keywords(), photo.folder or sidecar.parent))
        jobs[sidecar] = replace(known, wanted=known.wanted + keywords_of(photo.categories))
        digests[sidecar] = known.digest
    with opened(log_folder, disk) as log:
        if not dry_run:
            log.follow(digests)
        yield from _run(list(jobs.values()), log, disk, dry_run=dry_run)


def withdraw_tags(
    folder: Path,
    log_folder: Path,
    *,
    moved: Mapping[Path, str] | None = None,
    dry_run: bool = False,
    disk: Disk | None = None,
) -> Iterator[TagEvent]:
    """Remove our keywords, and only ours, from the sidecars below a folder.

    ``moved`` (photo -> content digest, of photos now below the folder) finds sidecars that travelled with their photo
    since we wrote them. Yields the events of ``write_tags``.
    """
    disk = disk or Disk()
    folder = folder.absolute()
    with opened(log_folder, disk) as log:
        if not dry_run:
            log.follow({sidecar_of(photo.absolute()): digest for photo, digest in (moved or {}).items()})
        jobs = [_Job(path, log.ours(path).digest, Keywords(), folder) for path in sidecars_below(log, folder)]
        yield from _run(jobs, log, disk, dry_run=dry_run)


def our_keywords(log_folder: Path) -> dict[Path, Keywords]:
    """What we wrote into each sidecar, so that it can be told from what others wrote."""
    with opened(log_folder, Disk()) as log:
        return {path: log.ours(path).keywords for path in log.sidecars()}


def _run(jobs: Sequence[_Job], log: TagLog, disk: Disk, *, dry_run: bool) -> Iterator[TagEvent]:
    changed = unchanged = left = 0
    for start in range(0, len(jobs), _BATCH):
        changes: list[_Change] = []
        for job in jobs[start : start + _BATCH]:
            try:
                change = _change(job, log)
                if change is not None and dry_run and not os.access(job.sidecar.parent, os.W_OK | os.X_OK):
                    raise OSError(errno.EACCES, os.strerror(errno.EACCES))
            except _REFUSALS as error:
                left += 1
                yield SidecarLeftAlone(
                    job.sidecar, _sentence(job.sidecar, error), changed + unchanged + left, len(jobs)
                )
                continue
            if change is None or dry_run:
                changed, unchanged = changed + (change is not None), unchanged + (change is None)
                yield SidecarWritten(job.sidecar, change is not None, changed + unchanged + left, len(jobs))
            else:
                changes.append(change)
        log.announce([change.written for change in changes])
        outcomes: list[Written] = []
        try:
            for change in changes:
                try:
                    _carry_out(change, disk)
                except _REFUSALS as error:
                    left += 1
                    reason = _sentence(change.job.sidecar, error)
                    yield SidecarLeftAlone(change.job.sidecar, reason, changed + unchanged + left, len(jobs))
                else:
                    outcomes.append(change.written)
                    changed += 1
                    yield SidecarWritten(change.job.sidecar, True, changed + unchanged + left, len(jobs))
        finally:
            log.settle(outcomes)
    yield TagsFinished(changed, unchanged, left)


@dataclass(frozen=True, slots=True)
class _Change:
    job: _Job
    was: bytes | None
    now: bytes | None  # None: the sidecar goes
    written: Written


def _change(job: _Job, log: TagLog) -> _Change | None:
    """What has to happen to one sidecar; None where nothing has to. Raises what ``_REFUSALS`` names."""
    check_way(job.sidecar, job.folder)
    ours = log.ours(job.sidecar)
    was = read_sidecar(job.sidecar)
    if was is None and not job.wanted:
        if ours.keywords:
            log.forget(job.sidecar)  # it was removed by a person, and our keywords with it
        return None
    there = read(was) if was is not None else Keywords()
    stale = (ours.keywords & there) - job.wanted
    kept = ours.keywords & there & job.wanted
    missing = job.wanted - there
    untouched = was is not None and digest_of_bytes(was) == ours.now
    now: bytes | None
    if not job.wanted and untouched:
        now = None if ours.created else ours.before
        if now is None and not ours.created:
            now = edited(was or EMPTY, add=missing, remove=stale)
    else:
        now = edited(was if was is not None else EMPTY, add=missing, remove=stale)
        if ours.created and now == EMPTY:
            now = None
    if now == was:
        if ours.keywords and not kept:
            log.forget(job.sidecar)
        return None
    first = not ours.keywords
    before = was if first else (ours.before if untouched else None)
    written = Written(
        sidecar=job.sidecar,
        digest=job.digest or ours.digest,
        keywords=kept + missing,
        created=was is None or (ours.created and not first),
        before=before,
        was=digest_of_bytes(was),
        now=digest_of_bytes(now),
    )
    return _Change(job, was, now, written)


def _carry_out(change: _Change, disk: Disk) -> None:
    path = change.job.sidecar
    check_way(path, change.job.folder)
    if change.now is not None:
        write_sidecar(disk, path, change.now, was=change.was)
        return
    if read_sidecar(path) != change.was:
        raise XmpError("was changed by another program just now")
    disk.remove(path)
    disk.sync_folder(path.parent)


def _sentence(sidecar: Path, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"“{sidecar.name}” could not be written: {error.strerror or error}."
    if isinstance(error, FilingError):
        return str(error)
    return f"“{sidecar.name}” {error}; it was left as it is."
