"""Keywords inside the photos themselves, only when asked: written by ExifTool to a new file, which takes the photo's
place only when its pixels and its keywords were read back.

The original is kept under a hidden name until the new file was read from its final place; a kill at any step leaves
one of the two there whole. What we wrote is noted first, in a log of its own, so that exactly that can be withdrawn.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from PIL import Image, ImageSequence

from clipsorter.errors import FilingError
from clipsorter.filing import exiftool
from clipsorter.filing.confines import check_way
from clipsorter.filing.disk import UNSUPPORTED, Disk
from clipsorter.filing.identity import Seen, digest_of, see
from clipsorter.filing.keywords import embedded_keywords
from clipsorter.filing.packet import XmpError
from clipsorter.filing.sidecar import part_of_sidecar
from clipsorter.filing.tag_log import TagLog, Written, opened, sidecars_below
from clipsorter.filing.tags import SidecarLeftAlone, SidecarWritten, TagsFinished, ToTag
from clipsorter.filing.xmp import Keywords, keywords_of

FOLDER = "embedded"  # below the folder of the sidecars' log
# What ExifTool writes and Pillow reads back; the rest keeps to sidecars.
SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp"})
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP")


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A photo is about to get new bytes. Whatever is remembered by its digest has to be remembered by the new one."""

    photo: Path
    was: str  # digests of the content
    now: str


EmbedEvent = Rewriting | SidecarWritten | SidecarLeftAlone | TagsFinished


def can_embed(photo: Path) -> bool:
    """Whether keywords may be written into a file of this name."""
    return photo.suffix.lower() in SUFFIXES


def embed_tags(
    photos: Iterable[ToTag], log_folder: Path, *, dry_run: bool = False, disk: Disk | None = None
) -> Iterator[EmbedEvent]:
    """Make each photo that can hold keywords say its categories: new ones are added, ours that no longer hold go.

    Yields Rewriting before a photo changes, one event per photo (its path stands for the sidecar's) and TagsFinished.
    Raises FilingError, before anything is done, where ExifTool is not installed or the log cannot be used.
    """
    program = exiftool.find_exiftool()
    wanted = {
        photo.path.absolute(): (photo.digest, keywords_of(photo.categories), photo.folder)
        for photo in photos
        if can_embed(photo.path)
    }
    with opened(log_folder / FOLDER, disk or Disk()) as log:
        if not dry_run:
            _settle_interrupted(log, disk or Disk())
            log.follow({photo: digest for photo, (digest, _, _) in wanted.items()})
        jobs = {photo: (keywords, folder or photo.parent) for photo, (_, keywords, folder) in wanted.items()}
        yield from _Embedder(program, log, disk or Disk(), dry_run=dry_run).run(jobs)


def withdraw_embedded(
    folder: Path, log_folder: Path, *, moved: Mapping[Path, str], dry_run: bool = False, disk: Disk | None = None
) -> Iterator[EmbedEvent]:
    """Remove our keywords, and only ours, from inside the photos below a folder.

    ``moved`` (photo -> content digest) finds photos that moved since. Where there is none to remove, ExifTool is not
    needed.
    """
    if not (log_folder / FOLDER).is_dir():
        yield TagsFinished(0, 0, 0)
        return
    with opened(log_folder / FOLDER, disk or Disk()) as log:
        if not dry_run:
            _settle_interrupted(log, disk or Disk())
            log.follow({photo.absolute(): digest for photo, digest in moved.items()})
        jobs = {photo: (Keywords(), folder.absolute()) for photo in sidecars_below(log, folder.absolute())}
        if not jobs:
            yield TagsFinished(0, 0, 0)
            return
        program = exiftool.find_exiftool()
        yield from _Embedder(program, log, disk or Disk(), dry_run=dry_run).run(jobs)


@dataclass(slots=True)
class _Embedder:
    program: str
    log: TagLog
    disk: Disk
    dry_run: bool

    def run(self, jobs: Mapping[Path, tuple[Keywords, Path]]) -> Iterator[EmbedEvent]:
        """``jobs``: the keywords that are to be ours in each photo, and a folder from which no link leads to it."""
        changed = unchanged = left = 0
        for done, (photo, (wanted, folder)) in enumerate(jobs.items(), 1):
            try:
                check_way(photo, folder)
                change = self._change(photo, wanted)
                if change is not None and not self.dry_run:
                    yield from self._carry_out(change)
            except (XmpError, OSError, FilingError, Image.DecompressionBombError) as error:
                left += 1
                yield SidecarLeftAlone(photo, _sentence(photo, error), done, len(jobs))
            else:
                changed, unchanged = changed + (change is not None), unchanged + (change is None)
                yield SidecarWritten(photo, change is not None, done, len(jobs))
        yield TagsFinished(changed, unchanged, left)

    def _change(self, photo: Path, wanted: Keywords) -> "_Change | None":
        seen = see(photo)
        ours = self.log.ours(photo)
        if seen is None:
            if ours.keywords and not self.dry_run:
                self.log.forget(photo)
            return None
        if not seen.regular:
            raise XmpError("is a link or something else that is not a file")
        if photo.stat().st_nlink > 1:
            raise XmpError("has several names (hard links), which would be torn apart")
        there = embedded_keywords(photo)
        remove, add = (ours.keywords & there) - wanted, wanted - there
        if not (remove or add):
            return None
        return _Change(photo, seen, there, add, remove, (ours.keywords & there & wanted) + add)

    def _carry_out(self, change: "_Change") -> Iterator[Rewriting]:
        photo, disk = change.photo, self.disk
        part, kept = part_of_sidecar(photo), _original_of(photo)
        was = digest_of(photo)
        with contextlib.suppress(FileNotFoundError):
            disk.remove(part)
        # Said twice: before the part is begun, so that one left by a kill is found, and when its content is known.
        self.log.announce([Written(photo, was, change.ours, was=was, now=was)])
        try:
            arguments = exiftool.writing(self.program, photo, part, add=change.add, remove=change.remove)
            disk.write_with(arguments, photo.parent)
            _check_same_picture(photo, part)
            if embedded_keywords(part) != change.after:
                raise XmpError("did not take the keywords as they were meant")
            disk.copy_facts(photo, part, change.seen.mode)
            disk.set_times(part, change.seen.atime_ns, change.seen.mtime_ns)
            handle = os.open(part, os.O_RDWR)
            try:
                disk.sync(handle)
            finally:
                os.close(handle)
            now = digest_of(part)
            yield Rewriting(photo, was, now)
            self.log.announce([Written(photo, now, change.ours, was=was, now=now)])
            self._exchange(photo, part, kept, was=was, now=now)
        except BaseException:
            with contextlib.suppress(OSError):
                disk.remove(part)
            raise
        self.log.settle([Written(photo, now, change.ours, was=was, now=now)])

    def _exchange(self, photo: Path, part: Path, kept: Path, *, was: str, now: str) -> None:
        """Put the part in the photo's place; the original stays beside it until the new one was read there."""
        disk = self.disk
        if digest_of(photo) != was:
            raise XmpError("was changed by another program just now")
        with contextlib.suppress(FileNotFoundError):
            if digest_of(kept) == was:  # left by a kill; the photo itself has the same content
                disk.remove(kept)
        try:
            disk.link(photo, kept)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
            disk.place(photo, kept)  # a disk without hard links: for a moment only the original has the content
            disk.place(part, photo)
        else:
            disk.replace(part, photo)
        disk.sync_folder(photo.parent)
        if digest_of(photo) != now:
            disk.replace(kept, photo)
            raise XmpError("could not be read back as it was written")
        disk.remove(kept)
        disk.sync_folder(photo.parent)


@dataclass(frozen=True, slots=True)
class _Change:
    photo: Path
    seen: Seen
    there: Keywords
    add: Keywords
    remove: Keywords
    ours: Keywords  # afterwards

    @property
    def after(self) -> Keywords:
        return (self.there - self.remove) + self.add


def _original_of(photo: Path) -> Path:
    return part_of_sidecar(photo).with_suffix(".original")


def _settle_interrupted(log: TagLog, disk: Disk) -> None:
    """After a kill: the photo under its own name is whole; an original beside it goes, or comes back if it is alone."""
    for photo in log.interrupted:
        kept = _original_of(photo)
        with contextlib.suppress(OSError, XmpError, Image.DecompressionBombError):  # both stay, for a person to look at
            if see(kept) is None:
                continue
            if see(photo) is None:
                disk.place(kept, photo)
            else:
                _check_same_picture(kept, photo)
                disk.remove(kept)


def _check_same_picture(one: Path, other: Path) -> None:
    """Raise XmpError unless both show the same pixels, frame by frame, in the same mode and size."""
    try:
        with Image.open(one, formats=_FORMATS) as first, Image.open(other, formats=_FORMATS) as second:
            for mine, theirs in zip_longest(ImageSequence.Iterator(first), ImageSequence.Iterator(second)):
                if mine is None or theirs is None or (mine.mode, mine.size) != (theirs.mode, theirs.size):
                    raise XmpError("would not have stayed the same picture")
                if mine.tobytes() != theirs.tobytes():
                    raise XmpError("would not have kept its pixels")
    except (SyntaxError, ValueError) as error:
        raise XmpError("cannot be read as a picture, so nothing could be checked") from error


def _sentence(photo: Path, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"“{photo.name}” could not be written: {error.strerror or error}."
    if isinstance(error, FilingError):
        return str(error)
    return f"“{photo.name}” {error}; it was left as it is."
