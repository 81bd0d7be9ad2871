"""What must hold before a photo is filed, for ``apply`` that then does it and ``rehearsal`` that only says so."""

import errno
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from clipsorter.errors import FilingError
from clipsorter.filing.companions import Neighbours, regular_names
from clipsorter.filing.identity import Seen, see
from clipsorter.filing.plan import Operation, Plan, PlannedPhoto


@dataclass(slots=True)
class Checks:
    """Compares planned photos with the disk; each source folder is looked at once, when first asked about."""

    plan: Plan
    _inside: set[Path] = field(default_factory=set)  # source folders known to be in the plan's folder
    _neighbours: dict[Path, Neighbours] = field(default_factory=dict)

    def sources(self, photo: PlannedPhoto) -> list[tuple[Operation, Seen]]:
        """Each operation with its source as it stands now; a link to the photo's new home comes with the photo itself.

        Raises FilingError where something is gone, changed, elsewhere, or would be left without its companion.
        """
        found: list[tuple[Operation, Seen]] = []
        places: set[Path] = set()
        for operation in photo.operations:
            source = photo.operations[0].source if operation.source in places else operation.source
            seen = see(source)
            if seen is None:
                raise FilingError(f"“{operation.source.name}” is no longer there.")
            if not seen.matches(operation.identity):
                raise FilingError(f"“{operation.source.name}” has changed since the plan was made.")
            if operation.source not in places:
                self._check_inside(operation.source.parent)
            found.append((operation, seen))
            places.add(self.plan.target / operation.destination)
        self._check_together(photo)
        return found

    def _check_inside(self, folder: Path) -> None:
        if folder not in self._inside:
            if not folder.resolve().is_relative_to(self.plan.folder.resolve()):
                raise FilingError(f"“{folder}” leads out of the folder that is being sorted.")
            self._inside.add(folder)

    def _check_together(self, photo: PlannedPhoto) -> None:
        """A companion that came after the plan was made, or that the plan leaves out, keeps the whole photo."""
        lead = photo.operations[0].source
        folder = lead.parent
        if folder not in self._neighbours:
            self._neighbours[folder] = Neighbours(regular_names(folder))
        planned = {operation.source.name for operation in photo.operations if operation.source.parent == folder}
        if left := sorted(self._neighbours[folder].bound_to(lead.name) - planned):
            raise FilingError(f"“{left[0]}” belongs to “{photo.file}” and is not in the plan; make the plan again.")


class Disks:
    """The disks on which a plan's folders stood when its run began, to tell when one is gone in its middle.

    Without this, a disk that goes away while its mount point stays would have folders made in its place, and the rest
    of the photos moved to where nobody looks for them.
    """

    def __init__(self, plan: Plan) -> None:
        self._devices = {root: _device_below(root) for root in (plan.folder, plan.target)}

    def check(self) -> None:
        """OSError (ENODEV) where a folder is no longer on its disk."""
        for root, device in self._devices.items():
            if _device_below(root) != device:
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(root))


def _device_below(path: Path) -> int | None:
    """The device of the nearest folder on the way to ``path`` that is there."""
    for folder in (path, *path.parents):
        with suppress(OSError):
            return folder.stat().st_dev
    return None


def missing_folders(folder: Path, target: Path) -> list[Path]:
    """What has to be made before ``folder`` stands, topmost first.

    Raises FilingError where a file is in the way; a link too, if it stands below the target.
    """
    missing: list[Path] = []
    for path in reversed([folder, *folder.parents]):
        seen = see(path)
        below = path != target and path.is_relative_to(target)
        if seen is None:
            missing.append(path)
        elif not (seen.folder or (not below and path.is_dir())):
            raise FilingError(f"“{path}” is a file or a link, so nothing can be sorted into it.")
    return missing
