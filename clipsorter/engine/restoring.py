"""Going back to the newest copy of a damaged library."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clipsorter.errors import StoreDamagedError, StoreError
from clipsorter.library.data_folder import DataFolder
from clipsorter.library.library import Library
from clipsorter.library.snapshots import restore_snapshot


@dataclass(frozen=True, slots=True)
class LibraryRestored:
    """The library is as it was when the copy was made; what was damaged is kept beside it."""

    snapshot: Path


def restore_library(place: DataFolder) -> Iterator[LibraryRestored]:
    """Put the newest sound copy in the place of a damaged library; yields exactly one LibraryRestored.

    A library that is well is never replaced by an older copy: StoreError, as where there is no sound copy.
    """
    place.open()
    try:
        Library.open(place.library_path).close()
    except StoreDamagedError:
        yield LibraryRestored(restore_snapshot(place.library_path))
    else:
        raise StoreError(f"“{place.library_path}” is not damaged; nothing was done.")
