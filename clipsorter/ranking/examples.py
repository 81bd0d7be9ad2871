"""Decisions, found again among the photos of a collection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.columns import Digests
from clipsorter.values import Decision

NOWHERE = -1  # the bin of a photo that a person put into Unsorted


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """What a person said about E photo-and-bin pairs. All arrays are aligned, [E]."""

    rows: NDArray[np.intp]  # of the collection
    bins: NDArray[np.intp]  # position in the category list; NOWHERE: none of these
    accepted: NDArray[np.bool_]  # True: belongs there; False: does not

    def __len__(self) -> int:
        return len(self.rows)


NO_EXAMPLES = Examples(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, np.bool_))


def find_examples(digests: Digests, names: Sequence[str], decisions: Mapping[str, Sequence[Decision]]) -> Examples:
    """Look up the decisions (by digest) on these photos; those for a category that is not in ``names`` are left out.

    A photo present twice (same digest) gives two rows. Of several "yes" on one photo the last one counts; a later
    "yes" for a bin takes an earlier "no" for it back, and the other way round.
    """
    if not decisions:
        return NO_EXAMPLES
    columns: dict[str | None, int] = {name: column for column, name in enumerate(names)}
    columns[None] = NOWHERE
    found: list[tuple[int, int, bool]] = []
    settled: dict[str, list[tuple[int, bool]]] = {}
    for row in digests.find(decisions.keys()).tolist():
        digest = digests[row]
        if digest not in settled:
            settled[digest] = _settle(decisions[digest], columns)
        found.extend((row, column, accepted) for column, accepted in settled[digest])
    if not found:
        return NO_EXAMPLES
    rows, bins, accepted = zip(*found, strict=True)
    return Examples(np.array(rows, np.intp), np.array(bins, np.intp), np.array(accepted, np.bool_))


def _settle(spoken: Sequence[Decision], columns: Mapping[str | None, int]) -> list[tuple[int, bool]]:
    words: dict[int, bool] = {}
    home: int | None = None
    for decision in spoken:
        column = columns.get(decision.bin)
        if column is None:
            continue
        if decision.verdict == "yes":
            if home is not None:
                words.pop(home, None)
            home = column
            words[column] = True
        elif column != NOWHERE:
            if column == home:
                home = None
            words[column] = False
    return list(words.items())
