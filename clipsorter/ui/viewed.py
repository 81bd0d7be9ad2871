"""What the viewer says of a photo, read off the newest board."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication

from clipsorter.engine.events import Ranked
from clipsorter.ranking.board import Bin
from clipsorter.ui.colours import UNSORTED_COLOUR
from clipsorter.ui.similarities import Similarity


@dataclass(frozen=True, slots=True)
class ViewedPhoto:
    """What the viewer shows of one photo."""

    photo_id: int
    digest: str
    path: Path
    bin_name: str  # for people
    similarity: float  # cosine
    probability: float | None  # in [0, 1]; None: the sorting had no say
    decided: bool
    why: str = ""  # it stands there, in a sentence
    similarities: tuple[Similarity, ...] = ()


def view_photo(photo_id: int, path: Path, answer: Ranked, colours: Mapping[str, str]) -> ViewedPhoto | None:
    """The photo as it stands on the board; None where it does not, for example because a search leaves it out."""
    for bin_ in answer.board.bins:
        rows = np.flatnonzero(bin_.photo_ids == photo_id)
        if len(rows):
            row = int(rows[0])
            position = int(answer.collection.positions(bin_.photo_ids[row : row + 1])[0])
            similarities = _compare(answer, position, bin_.name, colours)
            decided = bool(bin_.decided[row])
            return ViewedPhoto(
                photo_id=photo_id,
                digest=answer.collection.digests[position],
                path=path,
                bin_name=QCoreApplication.translate("Viewed", "Unsorted") if bin_.name is None else bin_.name,
                similarity=float(bin_.similarity[row]),
                probability=float(bin_.probability[row]) if similarities and not decided else None,
                decided=decided,
                why=_explain(bin_, similarities, decided=decided),
                similarities=similarities,
            )
    return None


def _compare(answer: Ranked, position: int, here: str | None, colours: Mapping[str, str]) -> tuple[Similarity, ...]:
    cosines = answer.ranking.cosine[position]
    return tuple(
        Similarity(name, colours.get(name, UNSORTED_COLOUR), float(cosine), float(cutoff), here=name == here)
        for name, cosine, cutoff in zip(answer.ranking.names, cosines, answer.cutoffs, strict=True)
    )


def _explain(bin_: Bin, similarities: tuple[Similarity, ...], *, decided: bool) -> str:
    """Why it stands there, as far as cosines and cut-offs say it."""
    if decided:
        return QCoreApplication.translate("Viewed", "You put it here. It teaches this category what you mean.")
    if not similarities:
        return ""
    nearest = max(similarities, key=lambda one: one.cosine)
    if bin_.name is None:
        if nearest.cosine >= nearest.cutoff:
            text = QCoreApplication.translate(
                "Viewed", "It is near “{}”, but looks even more like something that is none of your categories."
            )
        else:
            text = QCoreApplication.translate(
                "Viewed", "It is nearest to “{}”, but not near enough: the mark is the cut-off."
            )
    elif nearest.name == bin_.name:
        text = QCoreApplication.translate("Viewed", "It is nearest to “{}”, and its bar passes the mark, the cut-off.")
    else:
        text = QCoreApplication.translate("Viewed", "It fits here; you said that it does not belong to “{}”.")
    return text.format(nearest.name)
