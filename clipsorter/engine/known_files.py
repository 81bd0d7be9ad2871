"""What the cache remembers of a folder's files, ticked off while a walk meets them."""

import os
from collections.abc import Collection, Iterator, Mapping

from clipsorter.library.records import FileRecord, KnownBelow
from clipsorter.photos.formats import KINDS
from clipsorter.photos.scan import Known, Unchanged
from clipsorter.values import Photo


class KnownFiles:
    """The files below one folder. Those that need nothing are compared folder by folder, not one by one.

    ``left_out`` are kinds of photos that the walk ignores: their files count as gone.
    """

    def __init__(self, known: KnownBelow, left_out: Collection[str]) -> None:
        self.others: Mapping[str, FileRecord] = known.others
        self._left = dict(known.others)  # not met so far
        self._expected = known.embedded
        self._unmet: dict[str, set[str]] = {}  # folder -> names, of the folders that were met in part
        self._met: set[str] = set()  # folders whose files are all unchanged
        suffixes = frozenset[str]().union(*(KINDS.get(kind, ()) for kind in left_out))
        self.stamps: Known = known.embedded
        if suffixes:
            self.stamps = {
                folder: {name: stamp for name, stamp in names.items() if _suffix(name) not in suffixes}
                for folder, names in known.embedded.items()
            }

    def tick_off(self, unchanged: Unchanged) -> None:
        """These files are as they were."""
        expected = self._expected[unchanged.folder]
        if len(unchanged.names) == len(expected):
            self._met.add(unchanged.folder)
        else:
            self._unmet[unchanged.folder] = expected.keys() - unchanged.names

    def meet(self, photo: Photo) -> FileRecord | None:
        """A file that is new, changed, or needs something; what is remembered of it, if that says more than its name.

        After ``tick_off`` of the same folder.
        """
        path = str(photo.path)
        folder, _, name = path.rpartition(os.sep)
        folder = folder if os.sep in folder else folder + os.sep
        if folder in self._expected and folder not in self._met:
            self._unmet.setdefault(folder, set(self._expected[folder])).discard(name)
        return self._left.pop(path, None)

    def gone(self, away: Collection[str]) -> Iterator[str]:
        """Paths that were not met, but for those that are gone already or below one of the ``away`` folders."""
        for folder, names in self._expected.items():
            if folder not in self._met and not _is_below(folder, away):
                for name in self._unmet.get(folder, names):
                    path = os.path.join(folder, name)  # noqa: PTH118 - strings, as everywhere here
                    if path not in away:
                        yield path
        yield from (path for path, record in self._left.items() if not (record.missing or _is_below(path, away)))


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _is_below(path: str, folders: Collection[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)
