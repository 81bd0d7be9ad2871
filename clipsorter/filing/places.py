"""Where things would stand in the target: folders in the spelling the disk already has, and which names are taken."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from clipsorter.errors import FilingError
from clipsorter.filing.companions import Neighbours
from clipsorter.filing.identity import Identity
from clipsorter.filing.names import folder_names, numbered_folder, twin_key
from clipsorter.filing.plan import FilingRequest
from clipsorter.presence import is_folder


def check_target(target: Path) -> None:
    """Raise FilingError unless the target is there or can be made in an existing folder.

    Nothing above the target is ever made: where that is missing a disk is unplugged, and its files would land on
    another.
    """
    if not is_folder(target.parent):
        raise FilingError(f"“{target.parent}” is not there; connect its disk or make the folder, then try again.")


class Places:
    """The target as it is and as the plan so far would make it. Reads folders once, changes nothing."""

    def __init__(self, target: Path, request: FilingRequest) -> None:
        self._target = target
        self._request = request
        self._folders: dict[str, str] = {}  # category -> folder, relative with "/"
        self._spelled: dict[tuple[str, str], str] = {}
        self._listed: dict[str, _Listing] = {}
        self._neighbours: dict[str, Neighbours] = {}
        self._taken: dict[tuple[str, str], Identity] = {}
        self._names: dict[str, list[str]] = {}  # folder -> categories below it, in order of appearance

    def home(self, category: str, taken: datetime | None) -> str:
        """The folder of a category for a photo of that day, relative to the target, with "/"."""
        folder = self._category(category, ())
        for part in self._days(taken):
            folder = self._spelling(folder, part)
        return folder

    def existing(self, folder: str, name: str) -> Path | None:
        """What has this name, or one that some disk takes for the same, in a folder of the target."""
        found = self._listing(folder).find(name)
        return None if found is None else self._target / folder / found

    def planned(self, folder: str, name: str) -> Identity | None:
        """The file that the plan so far puts there."""
        return self._taken.get((folder, twin_key(name)))

    def take(self, folder: str, name: str, identity: Identity) -> None:
        """Note that the plan puts a file there."""
        self._taken[folder, twin_key(name)] = identity
        self._near(folder).add(name)

    def would_mix(self, folder: str, names: Sequence[str]) -> bool:
        """Whether somebody else's file there would be taken for a companion of these (lead first), or they for its.

        ``IMG.jpg`` next to a strange ``IMG.xmp`` would get its keywords, and travel with it ever after.
        """
        return not self._near(folder).bound_to(*names) <= set(names)

    def _near(self, folder: str) -> Neighbours:
        if folder not in self._neighbours:
            self._neighbours[folder] = Neighbours(self._listing(folder).names)
        return self._neighbours[folder]

    def _category(self, category: str, below: tuple[str, ...]) -> str:
        if category in below:
            raise FilingError(f"The category “{category}” is its own parent; change its place in the list.")
        if category not in self._folders:
            parent = self._request.parents.get(category, "")
            above = self._category(parent, (*below, category)) if parent else ""
            siblings = self._names.setdefault(above, [])
            siblings.append(category)
            self._folders[category] = self._spelling(above, folder_names(siblings)[category])
        return self._folders[category]

    def _days(self, taken: datetime | None) -> tuple[str, ...]:
        if self._request.layout == "category":
            return ()
        if taken is None:
            return tuple(folder_names([self._request.undated]).values())
        year = f"{taken.year:04}"
        return (year,) if self._request.layout == "category/year" else (year, f"{taken.month:02}")

    def _spelling(self, above: str, name: str) -> str:
        """``above/name``, as an existing folder spells it; a file or link of that name is passed by with a number."""
        key = (above, twin_key(name))
        if key not in self._spelled:
            chosen, number = name, 1
            while (found := self._listing(above).find(chosen)) and not self._is_folder(above, found):
                number += 1
                chosen = numbered_folder(name, number)
            self._spelled[key] = found or chosen
        return f"{above}/{self._spelled[key]}" if above else self._spelled[key]

    def _is_folder(self, above: str, name: str) -> bool:
        path = self._target / above / name
        return path.is_dir() and not path.is_symlink()  # a link may lead out of the target

    def _listing(self, folder: str) -> "_Listing":
        if folder not in self._listed:
            try:
                names = [path.name for path in (self._target / folder).iterdir()]
            except (FileNotFoundError, NotADirectoryError):
                names = []
            except OSError as error:
                place = self._target / folder
                raise FilingError(f"The folder “{place}” cannot be read: {error.strerror or error}.") from error
            self._listed[folder] = _Listing(names)
        return self._listed[folder]


class _Listing:
    """The names in one folder, found as the least careful disk would find them."""

    def __init__(self, names: list[str]) -> None:
        self.names = frozenset(names)
        self._by_key = {twin_key(name): name for name in sorted(names, reverse=True)}

    def find(self, name: str) -> str | None:
        """The very name where it is there, else a twin of it."""
        return name if name in self.names else self._by_key.get(twin_key(name))
