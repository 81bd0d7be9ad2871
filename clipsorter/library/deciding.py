"""What a batch of decisions changes, and how it is taken back: pure functions over one photo's rows.

A photo's rows say of each bin "yes" (True), "no" (False) or nothing. At most one is "yes": a photo has one home.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Rows = Mapping[int, bool]  # bin -> verdict


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after a batch; None stands for no row."""

    bin: int
    before: bool | None
    after: bool | None

    def reversed(self) -> "Change":
        """The change that takes this one back."""
        return Change(self.bin, self.after, self.before)


def decided(rows: Rows, number: int, verdict: bool) -> dict[int, bool]:
    """The rows after a person's word on bin ``number``; a "yes" takes the place of any other "yes"."""
    kept = {other: yes for other, yes in rows.items() if not (yes and verdict)}
    return {**kept, number: verdict}


def changes_between(before: Rows, after: Rows) -> tuple[Change, ...]:
    """What differs, in order of the bins."""
    changes = (Change(number, before.get(number), after.get(number)) for number in sorted({*before, *after}))
    return tuple(change for change in changes if change.before is not change.after)


def replayed(rows: Rows, changes: Iterable[Change]) -> tuple[dict[int, bool], frozenset[int]]:
    """The rows after these changes, and the bins where they took place.

    A change takes place where the row still is what the change began with. A "yes" that would come beside a newer
    "yes" stays out: what a person said later is left alone.
    """
    result = dict(rows)
    took_place = set()
    fitting = [change for change in changes if rows.get(change.bin) is change.before]
    for change in sorted(fitting, key=lambda change: change.after is True):  # a home is left before one is entered
        if change.after and any(result.values()):
            continue
        if change.after is None:
            del result[change.bin]
        else:
            result[change.bin] = change.after
        took_place.add(change.bin)
    return result, frozenset(took_place)
