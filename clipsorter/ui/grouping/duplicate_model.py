"""Groups of photos that are there more than once, and which of each shall stay. Knows no widget."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.engine.duplicates import Duplicates, Group
from clipsorter.library.collection import Collection


@dataclass(frozen=True, slots=True)
class Twin:
    """One photo of a group."""

    photo_id: int
    digest: str
    file: str  # relative, with "/"


@dataclass(frozen=True, slots=True)
class TwinGroup:
    """At least two photos; ``exact`` ones have the same content."""

    twins: tuple[Twin, ...]
    keeper: int  # place of the one proposed to stay
    exact: bool


def read_groups(found: Duplicates, collection: Collection) -> tuple[TwinGroup, ...]:
    """Near ones first: only they can be marked one by one. Photos that are gone since are left out."""
    rows = {file: row for row, file in enumerate(collection.files)}
    groups = []
    for exact, some in ((False, found.near), (True, found.copies)):
        for group in some:
            if (read := _read(group, rows, collection, exact=exact)) is not None:
                groups.append(read)  # noqa: PERF401
    return tuple(groups)


def _read(group: Group, rows: dict[str, int], collection: Collection, *, exact: bool) -> TwinGroup | None:
    there = [file for file in group.files if file in rows]
    if len(there) < 2:
        return None
    twins = tuple(Twin(int(collection.photo_ids[rows[file]]), collection.digests[rows[file]], file) for file in there)
    return TwinGroup(twins, there.index(group.keeper) if group.keeper in there else 0, exact)


class Marks:
    """Which photos shall go. At first all but the keeper of every group of near ones; one of a group always stays."""

    def __init__(self, groups: Sequence[TwinGroup]) -> None:
        self.groups = tuple(groups)
        self._going: list[set[int]] = [
            set() if group.exact else set(range(len(group.twins))) - {group.keeper} for group in self.groups
        ]

    def goes(self, group: int, place: int) -> bool:
        """Whether a photo is marked."""
        return place in self._going[group]

    def toggle(self, group: int, place: int) -> bool:
        """Mark a photo, or take its mark away; False where that is not possible."""
        if self.groups[group].exact:
            return False  # decisions follow content: what holds for one copy holds for all
        going = self._going[group] ^ {place}
        if len(going) == len(self.groups[group].twins):
            return False
        self._going[group] = going
        return True

    def keep_only(self, group: int, place: int) -> bool:
        """Let one photo stay and mark the others of its group; False where that is not possible."""
        if self.groups[group].exact:
            return False
        self._going[group] = set(range(len(self.groups[group].twins))) - {place}
        return True

    def keep_all(self, group: int) -> None:
        """They are no duplicates after all."""
        self._going[group] = set()

    def going(self) -> NDArray[np.int64]:
        """Ids of the marked photos; none whose content stays in another group."""
        staying = {
            twin.digest
            for number, group in enumerate(self.groups)
            for place, twin in enumerate(group.twins)
            if not group.exact and place not in self._going[number]
        }
        ids = [
            twin.photo_id
            for number, group in enumerate(self.groups)
            for place, twin in enumerate(group.twins)
            if place in self._going[number] and twin.digest not in staying
        ]
        return np.unique(np.array(ids, np.int64))
