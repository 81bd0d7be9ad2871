"""Doing what a plan says: photo by photo, journalled before each act, never over anything."""

import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import xxhash

from clipsorter.errors import FilingError
from clipsorter.filing import records
from clipsorter.filing.carry import carry
from clipsorter.filing.checks import Checks, Disks, missing_folders
from clipsorter.filing.confines import check_way
from clipsorter.filing.disk import Disk
from clipsorter.filing.events import FilingEvent, Finished, PhotoFiled, PhotoNotFiled, Started
from clipsorter.filing.identity import see
from clipsorter.filing.journal import PLAN, HistoryError, Journal, journal_of
from clipsorter.filing.places import check_target
from clipsorter.filing.plan import Plan, PlannedPhoto
from clipsorter.filing.plan_file import write_plan
from clipsorter.filing.records import Act, Filed, FolderBefore, Landed
from clipsorter.filing.reversal import LeftAloneError, link_text, take_back

# Photos announced with one flush of the journal. A flush costs about as much as everything else about a rename.
_BATCH = 32
# Where these happen the next photo would fail the same way: full, read-only, unplugged.
HOPELESS = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.ENODEV, errno.ENXIO})


def apply(plan: Plan, history: Path, *, disk: Disk | None = None, now: datetime | None = None) -> Iterator[FilingEvent]:
    """Do the plan. Yields Started, one event per photo, and Finished.

    ``history`` is the folder for journals, inside ClipSorter's data folder. Closing the generator stops between two
    photos; what is done stays done and can be undone. A photo that cannot be filed is brought back to its start and
    reported, and the run goes on unless the disk is full, read-only or gone. Raises FilingError where the journal
    cannot be written: then nothing more is done.
    """
    check_target(plan.target)
    disk = disk or Disk()
    moment = now or datetime.now(UTC)
    run = f"{moment:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(2)}"  # sorts by time
    folder = history / run
    try:
        history.mkdir(mode=0o700, parents=True, exist_ok=True)
        disk.make_folder(folder)
        write_plan(folder / PLAN, plan)
        disk.sync_folder(history)
    except OSError as error:
        raise FilingError(f"The history “{folder}” cannot be written: {error.strerror or error}.") from error
    with journal_of(folder, disk) as journal:
        started = moment.isoformat(timespec="seconds")
        opening = records.opening(
            run,
            folder=plan.folder,
            target=plan.target,
            mode=plan.mode,
            started=started,
            total=len(plan.photos),
            mounted=plan.folder.is_mount(),
        )
        journal.append(opening)
        yield Started(run, len(plan.photos))
        yield from file_photos(plan, plan.photos, run, journal, disk)


def file_photos(
    plan: Plan, photos: Sequence[PlannedPhoto], run: str, journal: Journal, disk: Disk
) -> Iterator[FilingEvent]:
    """File these photos of a plan under an open journal; the common part of apply and recover."""
    filer = _Filer(plan, run, journal, disk)
    counts = _Counts(len(photos))
    how = "stopped"
    try:
        for start in range(0, len(photos), _BATCH):
            yield from filer.batch(photos[start : start + _BATCH], counts)
            if counts.stopped_by:
                break
        else:
            how = "complete"
    finally:
        filer.settle()  # also when the generator is closed between two photos
        journal.append(records.ending(how))
    yield counts.finished(run)


@dataclass(slots=True)
class _Counts:
    total: int
    filed: int = 0
    not_filed: int = 0
    stopped_by: str = ""

    @property
    def done(self) -> int:
        return self.filed + self.not_filed

    def finished(self, run: str) -> Finished:
        untouched = self.total - self.done
        return Finished(
            run, filed=self.filed, not_filed=self.not_filed, untouched=untouched, stopped_by=self.stopped_by
        )


@dataclass(slots=True)
class _Filer:
    """Files photos; knows which folders were seen and what still has to be noted."""

    plan: Plan
    run: str
    journal: Journal
    disk: Disk
    _touched: set[Path] = field(default_factory=set)  # folders whose state before is in the journal
    _unsynced: set[Path] = field(default_factory=set)
    _outcomes: list[dict[str, object]] = field(default_factory=list)
    _checks: Checks = field(init=False)
    _disks: Disks = field(init=False)

    def __post_init__(self) -> None:
        self._checks, self._disks = Checks(self.plan), Disks(self.plan)

    def batch(self, photos: Sequence[PlannedPhoto], counts: _Counts) -> Iterator[FilingEvent]:
        """Announce some photos, then file them one by one."""
        announced: list[tuple[PlannedPhoto, Filed]] = []
        begun: list[dict[str, object]] = []
        for photo in photos:
            try:
                filed, touching = self._prepared(photo)
            except HistoryError:
                raise
            except (OSError, FilingError) as error:
                yield self._refused(photo, error, counts, torn=False)
                if is_hopeless(error):
                    return
            else:
                announced.append((photo, filed))
                begun += [*touching, records.beginning(photo.number, photo.file, filed.acts)]
        self.journal.append(*begun)
        try:
            while announced and not counts.stopped_by:
                yield self._filed(*announced.pop(0), counts)
        finally:
            # Announced and never begun: said so, or the next start would offer to recover them.
            self._outcomes += [records.undone(photo.number) for photo, _ in announced]
        self.settle()

    def settle(self) -> None:
        """Make what was done durable, then say so in the journal."""
        try:
            for folder in sorted(self._unsynced):
                with suppress(FileNotFoundError):
                    self.disk.sync_folder(folder)
        except OSError as error:  # nobody knows what would survive a power cut: the run stays open for recover
            raise FilingError(f"“{folder}” cannot be written out: {error.strerror or error}.") from error
        self._unsynced.clear()
        if self._outcomes:
            self.journal.append(*self._outcomes)
            self._outcomes.clear()

    def _filed(self, photo: PlannedPhoto, filed: Filed, counts: _Counts) -> FilingEvent:
        tried: list[int] = []
        try:
            self._act(filed, tried)
        except (OSError, FilingError) as error:
            torn = False
            try:
                take_back(self.disk, filed, run=self.run, folder=self.plan.folder, target=self.plan.target, only=tried)
            except (OSError, FilingError, LeftAloneError):
                torn = True
            else:
                self._outcomes.append(records.failed(photo.number, sentence_of(photo.file, error)))
            if isinstance(error, HistoryError):
                raise
            return self._refused(photo, error, counts, torn=torn)
        self._outcomes.append(records.done(photo.number))
        counts.filed += 1
        return PhotoFiled(photo.number, photo.file, self.plan.target / photo.home, counts.done, counts.total)

    def _refused(self, photo: PlannedPhoto, error: Exception, counts: _Counts, *, torn: bool) -> FilingEvent:
        counts.not_filed += 1
        reason = sentence_of(photo.file, error)
        if is_hopeless(error):
            counts.stopped_by = reason
        return PhotoNotFiled(photo.number, photo.file, reason, counts.done, counts.total, torn)

    # ------------------------------------------------------------------------------------------------ before the act

    def _prepared(self, photo: PlannedPhoto) -> tuple[Filed, list[dict[str, object]]]:
        """Check that everything is as planned and make the folders; returns the acts and what to note with them."""
        self._disks.check()
        acts = [
            Act(one.kind, one.source, self.plan.target / one.destination, one.identity, seen.mode, seen.atime_ns)
            for one, seen in self._checks.sources(photo)
        ]
        for act in acts:
            self._make_folders(act.place.parent)
            if see(act.place) is not None:
                raise FilingError(f"Something else is named “{act.place.name}” there since the plan was made.")
        touching: list[dict[str, object]] = []
        for folder in {folder for act in acts for folder in (act.source.parent, act.place.parent)}:
            touching += self._touching(folder)
        return Filed(photo.number, photo.file, tuple(acts)), touching

    def _make_folders(self, folder: Path) -> None:
        """Make what is missing of ``folder``, each noted before it is made. A link below the target is refused."""
        for path in missing_folders(folder, self.plan.target):
            self.journal.append(*self._touching(path.parent), records.making(path))
            self.disk.make_folder(path)
            self.disk.sync_folder(path.parent)
            self._touched.add(path)

    def _touching(self, folder: Path) -> list[dict[str, object]]:
        if folder in self._touched or (before := folder_before(folder)) is None:
            return []
        self._touched.add(folder)
        return [records.touching(folder, before)]

    # ---------------------------------------------------------------------------------------------------- the act

    def _act(self, filed: Filed, tried: list[int]) -> None:
        """All acts of one photo; ``tried`` collects the positions whose place may be ours."""
        filed.landed = copied = {}
        self._disks.check()  # again: the folders were looked at up to 32 photos ago
        for position, act in enumerate(filed.acts):
            self._check(act, filed.acts[:position])
            check_way(act.place, self.plan.target)  # likewise
            tried.append(position)
            try:
                if landed := self._place(act):
                    copied[position] = landed
            except FileExistsError:
                there, source = see(act.place), see(act.source)
                if not (there and source and there.is_same_file(source)):
                    tried.remove(position)  # somebody else's
                raise
            self._unsynced |= {act.place.parent, act.source.parent}
        if not copied:
            return
        self.journal.append(records.landing(filed.number, copied))
        for position in copied:
            act = filed.acts[position]
            if act.kind == "move":
                self._check(act, ())
                self.disk.remove(act.source)
                self.disk.sync_folder(act.source.parent)

    def _check(self, act: Act, before: Sequence[Act]) -> None:
        """Identity once more, right before the act."""
        if any(act.source == earlier.place for earlier in before):
            return
        seen = see(act.source)
        if seen is None or not seen.matches(act.identity):
            raise FilingError(f"“{act.source.name}” has changed since the plan was made.")

    def _place(self, act: Act) -> Landed | None:
        match act.kind:
            case "hardlink":
                self.disk.link(act.source, act.place)
                return None
            case "symlink":
                self.disk.symlink(link_text(act.source, act.place, self.plan.target), act.place)
                return None
            case "move":
                try:
                    self.disk.place(act.source, act.place)
                except OSError as error:
                    if error.errno != errno.EXDEV:
                        raise
                else:
                    return None
        times = (act.atime_ns, act.identity.mtime_ns)
        return carry(self.disk, act.source, act.place, run=self.run, identity=act.identity, mode=act.mode, times=times)


def folder_before(folder: Path) -> FolderBefore | None:
    """A folder's times and a digest of the names in it; None where it is not there."""
    seen = see(folder)
    if seen is None:
        return None
    names = xxhash.xxh3_128(b"\0".join(sorted(os.fsencode(path.name) for path in folder.iterdir())))
    return FolderBefore(seen.mtime_ns, seen.atime_ns, names.hexdigest())


def is_hopeless(error: Exception) -> bool:
    """Whether the next photo would fail the same way."""
    return isinstance(error, OSError) and error.errno in HOPELESS


def sentence_of(file: str, error: Exception) -> str:
    """Why a photo stays where it is, for a person."""
    if not isinstance(error, OSError):
        return str(error)
    why = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the space that this account may use is full",
        errno.EROFS: "the disk is read-only",
        errno.ENODEV: "the disk is gone",
        errno.ENXIO: "the disk is gone",
        errno.EACCES: "the system does not allow it",
        errno.EPERM: "the disk or the system does not allow it",
        errno.EXDEV: "hard links cannot lead to another disk",
        errno.EEXIST: "something else took its name there",
        errno.ENAMETOOLONG: "its name is too long for that disk",
    }.get(error.errno or 0, error.strerror or str(error))
    return f"“{file}” stays where it is: {why}."
