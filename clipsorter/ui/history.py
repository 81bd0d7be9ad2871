"""What can be undone: decisions and category edits, in the order they were made. Knows nothing of Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from clipsorter.values import Category

MOST_STEPS = 200


@dataclass(eq=False, slots=True)
class DecisionChange:
    """A batch of decisions. ``batch`` is filled in on the engine thread when the library has stored it.

    Undoing reads it on the engine thread too, and later, because saves are a queue.
    """

    photos: int
    batch: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class CategoryChange:
    """The category list before and after an edit; ``renamed`` maps old names to new ones.

    Its cut-offs are those for the encoder ``tuned_to``.
    """

    before: tuple[Category, ...]
    after: tuple[Category, ...]
    renamed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tuned_to: str = ""


def keep_cutoffs(
    categories: tuple[Category, ...],
    current: tuple[Category, ...],
    renamed: Mapping[str, str],
    remembered: Mapping[str, float],
) -> tuple[Category, ...]:
    """``categories`` with the cut-offs of ``current``, whose names ``renamed`` maps to theirs.

    An edit that is undone after the model changed brings names and order back, not what was tuned to the model before.
    What comes back has the cut-off that is ``remembered`` for the model of now.
    """
    cutoffs = {**remembered, **{renamed.get(one.name, one.name): one.cutoff for one in current}}
    return tuple(replace(one, cutoff=cutoffs.get(one.name)) for one in categories)


Change = DecisionChange | CategoryChange


class History:
    """Two stacks. A new change forgets what had been undone."""

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def add(self, change: Change) -> None:
        self._done.append(change)
        del self._done[:-MOST_STEPS]
        self._undone.clear()

    def forget(self, change: Change) -> None:
        """Drop a change that did not happen after all."""
        for stack in (self._done, self._undone):
            if change in stack:
                stack.remove(change)

    def take_back(self) -> Change:
        """The newest change, which the caller is about to undo. Raises IndexError when there is none."""
        change = self._done.pop()
        self._undone.append(change)
        return change

    def put_back(self) -> Change:
        """The change undone last, which the caller is about to redo. Raises IndexError when there is none."""
        change = self._undone.pop()
        self._done.append(change)
        return change
