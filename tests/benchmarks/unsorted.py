"""How far Unsorted can be trusted: ``python -m tests.benchmarks.unsorted ENCODED.npz ... [--draws 24]``.

ENCODED comes from ``python -m tests.benchmarks.encoded``. Every draw takes some labels as a person's categories. For
each number of categories it prints how many of their photos are in their own bin, how many strays are in Unsorted
(recall) and how much of Unsorted belongs there (precision), with everyday words asked and without; then how far
percentages can be believed.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.board import assign
from clipsorter.ranking.cutoffs import ANY_ENCODER, choose_cutoffs, weigh_unsorted
from clipsorter.ranking.elsewhere import measure_backdrop
from clipsorter.ranking.examples import NO_EXAMPLES
from clipsorter.ranking.similarity import Ranking, rank
from tests.benchmarks.encoded import Encoded, read_encoded
from tests.ranking.worlds import finish

COUNTS = (1, 3, 8, 20)
STRAYS = 0.3  # of the photos
WORDS = 3.5  # asked of an encoder without a calibration of its own, too, so that it can be compared


def sort(encoded: Encoded, rows: NDArray[np.intp], kinds: NDArray[np.intp], words: float) -> tuple[Ranking, Ranking]:
    """Some photos before some categories: the ranking as it was made, and with Unsorted as a candidate."""
    weights, photos = encoded.weights(kinds), encoded.embeddings[rows]
    calibration = replace(encoded.calibration or ANY_ENCODER, words=words)
    scale = encoded.logit_scale
    asked = finish(measure_backdrop(photos, weights, encoded.everyday, logit_scale=scale, calibration=calibration))
    backdrop = asked if words else None
    ranking = rank(photos, weights, logit_scale=scale, calibration=calibration, backdrop=backdrop)
    return ranking, weigh_unsorted(ranking, choose_cutoffs(ranking, 0.5))


def draw(encoded: Encoded, count: int, seed: int, strays: float | None) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and labels of one draw; ``strays`` None: all photos of other labels, and those without one."""
    rng = np.random.default_rng(seed)
    kinds = np.sort(rng.choice(np.unique(encoded.labels[encoded.labels >= 0]), count, replace=False))
    inside = np.flatnonzero(np.isin(encoded.labels, kinds))
    outside = np.flatnonzero(~np.isin(encoded.labels, kinds))
    if strays is not None:
        outside = rng.choice(outside, min(len(outside), int(len(inside) * strays / (1 - strays))), replace=False)
    return np.concatenate([inside, outside]), kinds


def judge(encoded: Encoded, count: int, seed: int, strays: float | None, words: float) -> list[float]:
    """Members in their own bin, nearest to their own category, strays in Unsorted, precision of Unsorted."""
    rows, kinds = draw(encoded, count, seed, strays)
    ranking, _ = sort(encoded, rows, kinds, words)
    home, _ = assign(ranking, choose_cutoffs(ranking, 0.5), NO_EXAMPLES)
    labels = encoded.labels[rows]
    truth = np.where(np.isin(labels, kinds), np.searchsorted(kinds, labels), -1)
    member, left = truth >= 0, home < 0
    precision = (~member)[left].mean() if left.any() else (~member).mean()
    shares = [(home == truth)[member], (ranking.best == truth)[member], left[~member]]
    return [*(float(one.mean()) for one in shares), float(precision)]


def print_shares(encoded: Encoded, counts: Sequence[int], draws: int, strays: float | None) -> None:
    """One line for each number of categories, with the standard error of the differences that words make."""
    what = "all other photos are strays" if strays is None else f"{strays:.0%} strays"
    print(f"\n{encoded.name}, {what}, {draws} draws: in their own bin / nearest / strays found / precision of Unsorted")
    for count in counts:
        with_words = np.array([judge(encoded, count, seed, strays, WORDS) for seed in range(draws)])
        without = np.array([judge(encoded, count, seed, strays, 0) for seed in range(draws)])
        change = with_words - without
        error = change.std(axis=0) / np.sqrt(draws)
        print(
            f"{count:3} categories: "
            + " / ".join(f"{value:.3f}" for value in without.mean(axis=0))
            + "   words asked: "
            + " / ".join(f"{value:.3f}" for value in with_words.mean(axis=0))
            + "   change in points: "
            + " ".join(
                f"{100 * value:+.1f}±{100 * one:.1f}" for value, one in zip(change.mean(axis=0), error, strict=True)
            )
        )


def print_percentages(encoded: Encoded, counts: Sequence[int], draws: int) -> None:
    """Of photos in bins: how surely the program says so and how often it is right, Unsorted not counted and counted."""
    print(f"\n{encoded.name}: percentages without and with Unsorted as a candidate, a third strays, {draws} draws")
    for count in counts:
        said: tuple[list[NDArray[np.float32]], ...] = ([], [])
        right = []
        for seed in range(draws):
            rows, kinds = draw(encoded, count, seed, 1 / 3)
            rankings = sort(encoded, rows, kinds, encoded.calibration.words if encoded.calibration else 0)
            home, _ = assign(rankings[0], choose_cutoffs(rankings[0], 0.5), NO_EXAMPLES)
            placed = np.flatnonzero(home >= 0)
            right.append(kinds[home[placed]] == encoded.labels[rows][placed])
            for one, ranking in zip(said, rankings, strict=True):
                one.append(ranking.probability_at(placed, home[placed]))
        truth = np.concatenate(right)
        print(f"{count:3} categories: right {truth.mean():.3f}  " + "   ".join(_describe(one, truth) for one in said))


def _describe(parts: Sequence[NDArray[np.float32]], right: NDArray[np.bool_]) -> str:
    said = np.concatenate(parts)
    brier = float(((said - right) ** 2).mean())
    classes = np.minimum((said * 10).astype(np.intp), 9)
    distance = sum(
        abs(said[classes == one].mean() - right[classes == one].mean()) * (classes == one).mean()
        for one in np.unique(classes)
    )
    return f"Brier {brier:.3f} distance {distance:.3f} median of what is wrong {np.median(said[~right]):.2f}"


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoded", nargs="+", type=Path)
    parser.add_argument("--draws", type=int, default=24)
    options = parser.parse_args()
    for encoded in map(read_encoded, options.encoded):
        most = len(np.unique(encoded.labels[encoded.labels >= 0]))
        counts = [count for count in COUNTS if count < most]
        for strays in (STRAYS, None):
            print_shares(encoded, counts, options.draws, strays)
        print_percentages(encoded, counts, options.draws)


if __name__ == "__main__":
    main()
