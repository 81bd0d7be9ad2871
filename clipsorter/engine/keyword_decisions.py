"""Keywords that people gave their photos, read as decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clipsorter.filing.keywords import fold, folded_keywords, keywords_of_photo
from clipsorter.filing.xmp import Keywords
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.ranking.homes import ancestors
from clipsorter.values import Category, Decision


@dataclass(frozen=True, slots=True)
class KeywordDecisions:
    """What keywords would decide."""

    decisions: tuple[Decision, ...]
    ambiguous: tuple[str, ...]  # files with keywords of several categories, none above the other: left undecided


def decide_by_keywords(
    collection: Collection,
    folder: Path,
    categories: Sequence[Category],
    cache: Cache,
    ours: Mapping[Path, Keywords],
) -> KeywordDecisions:
    """A photo with a keyword equal to a category's name belongs there; of a category and one above it, the lower one.

    What ClipSorter wrote itself (``ours``, by sidecar) does not count: its guesses must not come back as a person's
    word. Case does not matter.
    """
    by_keyword = {fold(category.name): category.name for category in categories}
    candidates = np.zeros(len(collection), np.bool_)
    for keyword in by_keyword:
        candidates |= cache.tagged(collection.photo_ids, keyword)
    decisions: list[Decision] = []
    ambiguous: list[str] = []
    for row in np.flatnonzero(candidates):
        found = folded_keywords(keywords_of_photo(folder / collection.files[row], ours))
        names = {by_keyword[keyword] for keyword in found if keyword in by_keyword}
        names -= {above for name in names for above in ancestors(name, categories)}
        if len(names) == 1:
            decisions.append(Decision(collection.digests[row], names.pop()))
        elif names:
            ambiguous.append(collection.files[row])
    return KeywordDecisions(tuple(decisions), tuple(ambiguous))
