"""The target as a plan would leave it, counted for people."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from clipsorter.filing.plan import Plan, PlannedPhoto

PART = 500  # photos beside each other; of thousands a window asks so much that it stands still when they are opened


@dataclass(frozen=True, slots=True)
class Branch:
    """One folder of the preview; counts include everything below."""

    name: str
    path: str  # relative to the target, with "/"; empty for the target itself
    photos: int
    files: int  # photos, companions and links
    size: int  # bytes of photos and companions; links count nothing
    folders: tuple["Branch", ...]  # by name


@dataclass(slots=True)
class _Counted:
    photos: int
    files: int
    size: int
    below: dict[str, "_Counted"]


def tree(plan: Plan) -> Branch:
    """The folders that a plan fills, from the target down. Pure."""
    root = _Counted(0, 0, 0, {})
    for photo in plan.photos:
        for position, operation in enumerate(photo.operations):
            size = operation.identity.size if operation.kind in {"move", "copy"} else 0
            folder = root
            for part in ["", *operation.destination.split("/")[:-1]]:
                folder = folder.below.setdefault(part, _Counted(0, 0, 0, {})) if part else root
                folder.photos += position == 0
                folder.files += 1
                folder.size += size
    return _branch("", "", root)


def _branch(name: str, path: str, counted: _Counted) -> Branch:
    folders = tuple(
        _branch(part, f"{path}/{part}" if path else part, below) for part, below in sorted(counted.below.items())
    )
    return Branch(name, path, counted.photos, counted.files, counted.size, folders)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One folder of an outline, with the photos that get their home in it. Counts include everything below."""

    name: str
    path: str  # relative to the target, with "/"; empty for the target itself
    parent: int  # its number in the outline; 0 for the target too
    row: int  # its place among the parent's folders
    folders: tuple[int, ...]  # numbers in the outline, by name
    photos: tuple[PlannedPhoto, ...]  # by name
    sizes: tuple[int, ...]  # bytes of each of these with its companions
    links: int  # put into this very folder for photos with another home
    part: bool = False  # no folder: a stretch of the photos right in the parent, where these are many


@dataclass(frozen=True, slots=True)
class Outline:
    """A plan as a window shows it: folders by number, the target first, no object per photo."""

    plan: Plan
    shelves: tuple[Shelf, ...]


def outline(plan: Plan) -> Outline:
    """The folders of a plan with their photos, in parts of ``PART`` where one has more. Pure.

    Takes about as long as making the plan's tree.
    """
    photos: dict[str, list[PlannedPhoto]] = defaultdict(list)
    links: dict[str, int] = defaultdict(int)
    for photo in plan.photos:
        home = photo.home.rpartition("/")[0]
        photos[home].append(photo)
        for operation in photo.operations[1:]:
            if (folder := operation.destination.rpartition("/")[0]) != home:
                links[folder] += 1
    below: dict[str, list[str]] = {"": []}
    for path in sorted({*photos, *links}):
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            if (part := "/".join(parts[:depth])) and part not in below:
                below[part] = []
                below["/".join(parts[: depth - 1])].append(part)
    numbers = {path: number for number, path in enumerate(below)}
    shelves: list[Shelf] = []
    parts_of_all: list[Shelf] = []  # numbered after all folders
    for path, folders in below.items():
        above, _, name = path.rpartition("/")
        here = tuple(sorted(photos[path], key=lambda photo: photo.home))
        inside = [numbers[folder] for folder in folders]
        stretches = _split(here, path, numbers[path], len(inside)) if len(here) > PART else []
        inside += range(len(below) + len(parts_of_all), len(below) + len(parts_of_all) + len(stretches))
        parts_of_all += stretches
        shown = () if stretches else here
        row = below[above].index(path) if path else 0
        sizes = tuple(photo.size for photo in shown)
        shelves.append(Shelf(name, path, numbers[above], row, tuple(inside), shown, sizes, links[path]))
    return Outline(plan, (*shelves, *parts_of_all))


def _split(photos: Sequence[PlannedPhoto], path: str, parent: int, row: int) -> list[Shelf]:
    """Named by their first and last photo; the first one's place among the parent's folders is ``row``."""
    parts = []
    for place, start in enumerate(range(0, len(photos), PART), row):
        some = tuple(photos[start : start + PART])
        first, last = (one.home.rpartition("/")[2] for one in (some[0], some[-1]))
        sizes = tuple(photo.size for photo in some)
        parts.append(Shelf(f"{first} – {last}", path, parent, place, (), some, sizes, 0, part=True))
    return parts
