"""What goes into the cache and comes out of it, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from clipsorter.values import Photo, PhotoFacts


class FileRecord(NamedTuple):
    """One file as the cache remembers it.

    A named tuple with the photo's facts in line, because an index run begins by reading 100,000 of them: ``photo``
    is made on demand, ``matches`` needs no second object.
    """

    photo_id: int
    path: str  # absolute
    size: int  # bytes
    mtime_ns: int
    inode: int
    digest: str | None  # 32 hex digits; None where the file could not be read
    error: str  # the sentence for the person; empty for a readable photo
    refused: bool  # over a limit, not broken
    missing: bool  # gone from its folder when that was last seen

    @property
    def photo(self) -> Photo:
        """The file as the scan saw it then."""
        return Photo(Path(self.path), self.size, self.mtime_ns, self.inode)

    def matches(self, photo: Photo) -> bool:
        """Whether ``photo``, at the same path, is unchanged since (size, time and inode)."""
        return self.size == photo.size and self.mtime_ns == photo.mtime_ns and self.inode == photo.inode


@dataclass(frozen=True, slots=True)
class KnownBelow:
    """The files below one folder, as an index run for one encoder asks for them."""

    embedded: Mapping[str, Mapping[str, tuple[int, int, int]]]  # folder -> name -> size, mtime_ns, inode; present ones
    others: Mapping[str, FileRecord]  # by path: missing, unreadable or not embedded


@dataclass(frozen=True, slots=True)
class CachedPhoto:
    """One decoded photo on its way into the cache."""

    photo: Photo
    digest: str  # 32 hex digits
    facts: PhotoFacts
    thumbnail: bytes  # JPEG; empty keeps the one already stored
    sketch: bytes = b""  # 256 bytes of brightness, by which near-duplicates are sought; empty: computed when needed


@dataclass(frozen=True, slots=True)
class FailedFile:
    """One file that could not be read."""

    photo: Photo
    reason: str  # the sentence for the person
    refused: bool = False
