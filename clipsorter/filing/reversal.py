"""Taking one photo back, whatever had happened to it: decided by what stands on the disk, so it can be repeated.

After a kill nobody knows which of the announced acts took place. So each act is judged by what is found at its old
and its new place. A name is only ever removed when the same content is seen to stand at the other place; a file that
exists once is only ever moved, and never over another.
"""

import contextlib
import errno
import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Literal

from clipsorter.filing.carry import carry, part_of
from clipsorter.filing.companions import Neighbours, regular_names
from clipsorter.filing.confines import is_behind_link
from clipsorter.filing.disk import Disk
from clipsorter.filing.identity import Identity, Seen, digest_of, see
from clipsorter.filing.kinds import NOTES, SIDECARS, suffix
from clipsorter.filing.records import Act, Filed, Landed

_FAT_TICK = 2_000_000_000  # ns: FAT keeps times in steps of two seconds

_Need = Literal["nothing", "remove", "bring"]


class LeftAloneError(Exception):
    """A photo was not taken back because a person changed something since; a sentence for the account."""


def take_back(
    disk: Disk, photo: Filed, *, run: str, folder: Path, target: Path, only: Collection[int] | None = None
) -> None:
    """Bring a photo and all that travelled with it to where they were before; all of it or, when refused, nothing.

    ``folder`` and ``target`` are those of the run, and nothing behind a link below them is touched. ``only`` limits
    this to some positions in ``photo.acts``: those that this process knows to have tried. Raises
    LeftAloneError before anything is done where something is not as the run left it, and OSError or FilingError
    where the disk fails; after those, call it again.
    """
    acts = [act for position, act in enumerate(photo.acts) if only is None or position in only]
    needs = needs_of(photo, folder=folder, target=target, only=only)
    touched: set[Path] = set()
    for act in acts:
        for part in (part_of(act.place, run), part_of(act.source, run)):
            if see(part) is not None:
                disk.remove(part)
                touched.add(part.parent)
    for need, act in needs:
        if need == "bring":
            _bring(disk, act, run)
        elif need == "remove":
            disk.remove(act.place)
        if need != "nothing":
            touched |= {act.place.parent, act.source.parent}
    for changed in touched:
        if changed.is_dir():
            disk.sync_folder(changed)


class Newcomers:
    """Companions that photos got at their new place since (a program wrote a sidecar): they come along.

    Each folder is listed once, when first asked about.
    """

    def __init__(self) -> None:
        self._listed: dict[Path, Neighbours] = {}

    def along(self, photo: Filed) -> Filed:
        """The photo together with its newcomers, as further acts to take back.

        Each travels under the name it would have had: ``IMG (2).jpg.xmp`` beside ``IMG (2).jpg`` becomes
        ``IMG.jpg.xmp``.
        """
        lead = photo.acts[0]
        if not photo.done or lead.kind != "move":
            return photo
        folder = lead.place.parent
        if folder not in self._listed:
            self._listed[folder] = Neighbours(regular_names(folder))
        known = {act.place for act in photo.acts}
        acts = list(photo.acts)
        for name in sorted(self._listed[folder].bound_to(lead.place.name)):
            place = folder / name
            seen = see(place)
            if place not in known and seen is not None and suffix(place) in SIDECARS | NOTES:
                source = lead.source.with_name(lead.source.stem + name[len(lead.place.stem) :])
                identity = Identity(seen.size, seen.mtime_ns, seen.inode)
                acts.append(Act("move", source, place, identity, seen.mode, seen.atime_ns))
        return replace(photo, acts=tuple(acts))


def needs_of(
    photo: Filed, *, folder: Path, target: Path, only: Collection[int] | None = None
) -> list[tuple[_Need, Act]]:
    """What taking a photo back means for each of its acts, last act first; nothing is changed.

    Raises LeftAloneError where something is not as the run left it, and OSError where the disk cannot be read.
    """
    acts = [(position, act) for position, act in enumerate(photo.acts) if only is None or position in only]
    for _, act in acts:
        for path in (act.place, act.source):
            for root in (folder, target):
                if path.is_relative_to(root) and is_behind_link(path, root):
                    raise LeftAloneError(f"“{path.name}” stands behind a link that was not there before.")
    return [
        (_need(act, photo.landed.get(position), done=photo.done, target=target), act)
        for position, act in reversed(acts)
    ]


def link_text(source: Path, place: Path, target: Path) -> str:
    """What a symbolic link says: relative inside the target, so that the target can be moved as a whole."""
    return os.path.relpath(source, place.parent) if source.is_relative_to(target) else str(source)


def _need(act: Act, landed: Landed | None, *, done: bool, target: Path) -> _Need:
    there, source = see(act.place), see(act.source)
    match act.kind:
        case "move":
            return _need_of_move(act, landed, there, source, done=done)
        case "copy":
            return _need_of_copy(act, landed, there, source, done=done)
        case "hardlink":
            ours = there is not None and source is not None and there.is_same_file(source)
        case "symlink":
            ours = (
                there is not None and there.link and os.readlink(act.place) == link_text(act.source, act.place, target)  # noqa: PTH115 - as text
            )
    if there is None or (not ours and not done):
        return "nothing"
    if not ours:
        raise LeftAloneError(f"The link “{act.place.name}” or its original was changed since.")
    return "remove"


def _need_of_move(act: Act, landed: Landed | None, there: Seen | None, source: Seen | None, *, done: bool) -> _Need:
    name = act.place.name
    back = source is not None and _is_like(source, act.identity.size, act.identity.mtime_ns)
    if there is None:
        if source is None:
            raise LeftAloneError(f"“{name}” is neither at its new nor at its old place.")
        if done and not back:
            raise LeftAloneError(f"“{name}” was moved since and another file stands at its old place.")
        return "nothing"
    if source is None:
        if not _is_left(act, landed, there):
            raise LeftAloneError(f"“{name}” was changed since.")
        return "bring"
    if there.is_same_file(source) or (back and _is_left(act, landed, there) and _same_content(act)):
        return "remove"
    if not done and back:
        return "nothing"  # what stands there is not ours: it kept us from filing
    raise LeftAloneError(f"Another file stands at the old place of “{name}”.")


def _need_of_copy(act: Act, landed: Landed | None, there: Seen | None, source: Seen | None, *, done: bool) -> _Need:
    name = act.place.name
    if there is None:
        return "nothing"
    digest = landed.digest if landed else act.identity.digest
    ours = _is_left(act, landed, there) and (not digest or digest_of(act.place) == digest)
    if not ours:
        if done:
            raise LeftAloneError(f"The copy “{name}” was changed since.")
        return "nothing"
    if source is None or not source.regular or source.size != there.size or not _same_content(act):
        if done or digest:
            raise LeftAloneError(f"The original of “{name}” was changed or removed since, so the copy was kept.")
        return "nothing"
    return "remove"


def _bring(disk: Disk, act: Act, run: str) -> None:
    """Move the file back; across disks as carefully as it came."""
    for folder in reversed([act.source.parent, *act.source.parent.parents]):
        if not folder.exists():
            disk.make_folder(folder)
            disk.sync_folder(folder.parent)
    try:
        disk.place(act.place, act.source)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    else:
        return
    there = see(act.place)
    if there is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(act.place))
    identity = Identity(there.size, there.mtime_ns, there.inode)
    times = (act.atime_ns, act.identity.mtime_ns)
    carry(disk, act.place, act.source, run=run, identity=identity, mode=act.mode, times=times)
    now = see(act.place)
    if now is not None and now.matches(identity):
        disk.remove(act.place)


def _is_left(act: Act, landed: Landed | None, there: Seen) -> bool:
    """Whether what stands at the new place looks as the run left it."""
    if landed:
        return _is_like(there, landed.size, landed.mtime_ns)
    near = abs(there.mtime_ns - act.identity.mtime_ns) <= _FAT_TICK
    return there.regular and there.size == act.identity.size and near


def _is_like(seen: Seen, size: int, mtime_ns: int) -> bool:
    return seen.regular and (seen.size, seen.mtime_ns) == (size, mtime_ns)


def _same_content(act: Act) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return digest_of(act.place) == digest_of(act.source)
    return False
