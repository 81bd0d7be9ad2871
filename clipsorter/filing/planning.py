"""From a board to a plan. Reads names, times and, where two files might be equal, contents; changes nothing."""

import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Literal

from clipsorter.errors import FilingError
from clipsorter.filing.companions import Unit, regular_names, units
from clipsorter.filing.identity import Identity, digest_of, see
from clipsorter.filing.kinds import may_travel
from clipsorter.filing.names import numbered
from clipsorter.filing.places import Places, check_target
from clipsorter.filing.plan import FilingRequest, Operation, Plan, PlannedPhoto, Planning, Problem, Skipped, ToFile
from clipsorter.filing.sizes import said_size
from clipsorter.presence import is_folder

# What stands at a destination: nothing, the very file, one with the same content, or something else.
Meeting = Literal["free", "itself", "same", "other"]

_STEP = 200  # photos between two reports of progress


def make_plan(chosen: Sequence[ToFile], request: FilingRequest) -> Iterator[Planning | Plan]:
    """Plan where each photo goes; yields Planning now and then and, last, exactly one Plan.

    A photo that another chosen photo takes along (the raw file of a pair) has no line of its own. Photos that cannot
    be filed are in ``Plan.problems``, photos that already are in ``Plan.skipped``. Raises FilingError where folder or
    target cannot be used at all.
    """
    folder, target = _usable_folders(request)
    places = Places(target, request)
    planner = _Planner(folder, target, request, places)
    by_folder: dict[Path, list[ToFile]] = defaultdict(list)
    for one in chosen:
        by_folder[one.photo.path.parent.resolve()].append(one)
    done = told = 0
    yield Planning(0, len(chosen))
    for source_folder, group in by_folder.items():
        wanted = {one.photo.path.name: one for one in group}
        for unit in units(list(wanted), regular_names(source_folder)):
            planner.add(source_folder, unit, wanted)
            done += sum(name in wanted for name in (unit.lead, *unit.followers))
            if done - told >= _STEP:  # a pair counts two, so no number is sure to be met
                told = done
                yield Planning(done, len(chosen))
    yield Planning(len(chosen), len(chosen))
    yield planner.plan()


@dataclass(frozen=True, slots=True)
class _Member:
    """One file of a unit, as it stands now."""

    name: str
    path: Path
    identity: Identity

    def content(self) -> str:
        return self.identity.digest or digest_of(self.path)


class _Planner:
    """Collects the lines of one plan."""

    def __init__(self, folder: Path, target: Path, request: FilingRequest, places: Places) -> None:
        self._folder = folder
        self._target = target
        self._request = request
        self._places = places
        self._photos: list[PlannedPhoto] = []
        self._skipped: list[Skipped] = []
        self._problems: list[Problem] = []

    def add(self, source_folder: Path, unit: Unit, wanted: dict[str, ToFile]) -> None:
        lead = wanted[unit.lead]
        file = self._relative(source_folder / unit.lead)
        try:
            if not file:
                raise _NotFiledError(f"“{lead.photo.path}” is not in the folder that is being sorted.")
            members = _members(source_folder, unit, wanted)
            self._add(file, unit, lead, members)
        except _NotFiledError as problem:
            self._problems.append(Problem(file, str(problem)))
        except OSError as error:
            self._problems.append(Problem(file, f"“{file}” cannot be read: {error.strerror or error}."))

    def _add(self, file: str, unit: Unit, lead: ToFile, members: Sequence[_Member]) -> None:
        home = self._places.home(lead.category, lead.taken)
        number = 0
        while True:
            number += 1
            names = [numbered(unit.stem, member.name[len(unit.stem) :], number) for member in members]
            found = [self._meets(home, name, member) for name, member in zip(names, members, strict=True)]
            if found[0] == "itself":
                self._skipped.append(Skipped(file, "in place", f"{home}/{names[0]}"))
                return
            if all(state == "same" for state in found):
                self._skipped.append(Skipped(file, "same content", f"{home}/{names[0]}"))
                return
            if all(state == "free" for state in found) and not self._places.would_mix(home, names):
                break
        kind = self._request.mode
        operations = [
            Operation(kind, member.path, f"{home}/{name}", member.identity)
            for name, member in zip(names, members, strict=True)
        ]
        for name, member in zip(names, members, strict=True):
            self._places.take(home, name, member.identity)
        operations += self._links(lead, operations[0], home)
        self._photos.append(PlannedPhoto(len(self._photos), file, lead.category, lead.reason, tuple(operations)))

    def _meets(self, home: str, name: str, member: _Member) -> Meeting:
        planned = self._places.planned(home, name)
        if planned is not None:
            same = planned.size == member.identity.size and "" != planned.digest == member.content()
            return "same" if same else "other"
        there = self._places.existing(home, name)
        return "free" if there is None else _compared(there, member)

    def _links(self, lead: ToFile, home: Operation, home_folder: str) -> Iterator[Operation]:
        kind = self._request.links
        if kind is None:
            return
        source = self._target / home.destination
        used = {home_folder}
        for category in lead.others:
            folder = self._places.home(category, lead.taken)
            if folder in used:
                continue
            used.add(folder)
            path, number = PurePath(home.destination), 1
            while True:
                name = numbered(path.stem, path.suffix, number)
                if self._places.planned(folder, name) is None and self._places.existing(folder, name) is None:
                    break
                number += 1
            self._places.take(folder, name, replace(home.identity, digest=""))
            yield Operation(kind, source, f"{folder}/{name}", home.identity)

    def plan(self) -> Plan:
        there = next(path for path in (self._target, *self._target.parents) if is_folder(path))
        free = shutil.disk_usage(there).free
        needed = self._needed(there)
        problems = self._problems
        if needed > free:
            room = f"the disk of “{self._target}” has {said_size(free)} left"
            sentence = f"The copies need {said_size(needed)} and {room}."
            problems = [Problem("", sentence), *problems]
        return Plan(
            folder=self._folder,
            target=self._target,
            mode=self._request.mode,
            layout=self._request.layout,
            photos=tuple(self._photos),
            skipped=tuple(self._skipped),
            problems=tuple(problems),
            bytes_needed=needed,
            bytes_free=free,
        )

    def _needed(self, there: Path) -> int:
        everything = sum(photo.size for photo in self._photos)
        if self._request.mode == "move":
            # A folder may hold other disks; the photos' common folder decides, as a good guess for the preview.
            return everything if there.stat().st_dev != self._folder.stat().st_dev else 0
        return everything if self._request.mode == "copy" else 0

    def _relative(self, path: Path) -> str:
        try:
            return path.relative_to(self._folder).as_posix()
        except ValueError:
            return ""


def _compared(there: Path, member: _Member) -> Meeting:
    seen, own = see(there), see(member.path)
    if seen is None or own is None:
        return "other"  # it moved while we looked; a number is always safe
    if seen.is_same_file(own):
        return "itself" if there.parent.samefile(member.path.parent) else "same"
    if seen.link:
        return "same" if there.readlink() == member.path else "other"
    same = seen.regular and seen.size == own.size and digest_of(there) == member.content()
    return "same" if same else "other"


class _NotFiledError(Exception):
    """Why one photo has no line in the plan; a sentence."""


def _members(source_folder: Path, unit: Unit, wanted: dict[str, ToFile]) -> list[_Member]:
    """Lead first. Raises _NotFiledError for a chosen photo that is not the file it was."""
    members = []
    for name in (unit.lead, *unit.followers):
        path = source_folder / name
        if not may_travel(path):
            raise _NotFiledError(f"“{name}” has no name of a photo; give it the right suffix first.")
        seen = see(path)
        if seen is None:
            raise _NotFiledError(f"“{name}” is no longer there.")
        if not seen.regular:
            raise _NotFiledError(f"“{name}” is a link or something else that is not a file.")
        one = wanted.get(name)
        if one and not seen.matches(Identity(one.photo.size, one.photo.mtime_ns, one.photo.inode)):
            raise _NotFiledError(f"“{name}” has changed since it was looked at; index the folder again.")
        digest = one.digest if one else ""
        members.append(_Member(name, path, Identity(seen.size, seen.mtime_ns, seen.inode, digest)))
    return members


def _usable_folders(request: FilingRequest) -> tuple[Path, Path]:
    try:
        folder = request.folder.resolve(strict=True)
        target = request.target.resolve()
        is_taken = see(target) is not None and not is_folder(target)
    except (OSError, RuntimeError) as error:
        raise FilingError(f"“{request.folder}” or “{request.target}” cannot be used as a folder.") from error
    if not is_folder(folder):
        raise FilingError(f"“{request.folder}” is not a folder.")
    if is_taken:
        raise FilingError(f"“{request.target}” is a file; name a folder to sort into.")
    for path in (folder, target):
        if path == path.parent:
            raise FilingError(f"“{path}” is the root of a disk; choose a folder in it.")
    check_target(target)
    return folder, target
