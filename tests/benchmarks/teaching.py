"""What corrections teach: ``python -m tests.benchmarks.teaching ENCODED.npz ... [--draws 32] [--remedies]``.

ENCODED comes from ``python -m tests.benchmarks.encoded``. A simulated person corrects the k most confident mistakes of
every bin; accuracy is counted on the other half of the photos. ``--remedies`` compares what was tried against the few
draws that end below zero-shot.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking import teaching
from clipsorter.ranking.prompts import CategoryWeights, unit_rows
from clipsorter.ranking.teaching import teach
from tests.benchmarks.encoded import Encoded, read_encoded

PER_BIN = (1, 2, 5, 10, 20)
FOLDS = 5
LENGTHS = (1.0, 0.6, 0.3, 0.0)  # of a step, 0: zero-shot
Floats = NDArray[np.float32]
Rows = NDArray[np.intp]
Learn = Callable[[CategoryWeights, Floats, Rows, Floats], Floats]  # words, examples, their bins, library -> weights


def keep_words(words: CategoryWeights, *_: object) -> Floats:
    """No learning: zero-shot."""
    return words.weights


def learn_by_probe(words: CategoryWeights, examples: Floats, bins: Rows, library: Floats) -> Floats:
    """What ClipSorter ships."""
    return teach(words, examples, bins, np.ones(len(bins), np.bool_), library=library).weights


def learn_by_prototype(words: CategoryWeights, examples: Floats, bins: Rows, library: Floats) -> Floats:
    """Prototype blending: the mean example of a bin gets a share n / (n + 4), at most a half, of its weight."""
    rows = words.weights.copy()
    for column in set(bins.tolist()):
        mine = examples[bins == column]
        share = 0.5 * len(mine) / (len(mine) + 4)
        rows[column] = (1 - share) * rows[column] + share * unit_rows(mine.mean(axis=0, keepdims=True))[0]
    return unit_rows(rows)


def learn_by_cache(words: CategoryWeights, examples: Floats, bins: Rows, library: Floats) -> Floats:
    """Tip-Adapter (Zhang et al., 2022), its exponential cache linearised around similarity 1, so that it stays weights.

    exp(-b (1 - x . e)) is close to 1 - b + b x . e where it matters: each example adds a share of itself.
    """
    rows = words.weights.copy()
    np.add.at(rows, bins, 0.1 * examples)
    return unit_rows(rows)


def add_nearest(count: int) -> Learn:
    """The nearest photos of every bin count as examples of it."""

    def learn(words: CategoryWeights, examples: Floats, bins: Rows, library: Floats) -> Floats:
        near = np.argsort(-(library @ words.weights.T), axis=0)[:count].T
        return _learn_from_more(words, examples, bins, library, near)

    return learn


def add_surest(count: int) -> Learn:
    """The photos that are farthest from the second-best bin count as examples of the best one."""

    def learn(words: CategoryWeights, examples: Floats, bins: Rows, library: Floats) -> Floats:
        cosine = library @ words.weights.T
        best, two = cosine.argmax(axis=1), np.sort(cosine, axis=1)[:, -2:]
        margin = np.where(np.arange(len(words)) == best[:, None], (two[:, 1] - two[:, 0])[:, None], -1)
        return _learn_from_more(words, examples, bins, library, np.argsort(-margin, axis=0)[:count].T)

    return learn


def _learn_from_more(words: CategoryWeights, examples: Floats, bins: Rows, library: Floats, more: Rows) -> Floats:
    given = np.repeat(np.arange(len(words)), more.shape[1])
    rows = more.ravel()
    return learn_by_probe(words, np.concatenate([examples, library[rows]]), np.concatenate([bins, given]), library)


def double_prior(words: CategoryWeights, examples: Floats, bins: Rows, library: Floats) -> Floats:
    """The words count twice as much."""
    usual = teaching.PRIOR
    teaching.PRIOR = 2 * usual
    try:
        return learn_by_probe(words, examples, bins, library)
    finally:
        teaching.PRIOR = usual


def shorten(words: CategoryWeights, examples: Floats, bins: Rows, library: Floats) -> Floats:
    """A bin with n examples goes n / (n + 2) of the way."""
    count = np.bincount(bins, minlength=len(words))[:, None]
    share = (count / (count + 2)).astype(np.float32)
    return unit_rows(words.weights + share * (learn_by_probe(words, examples, bins, library) - words.weights))


def hold_out(anchored: float) -> Learn:
    """As far as tells most examples that were left out, five times a fifth of them; of equals the longest way.

    ``anchored`` is how much an example counts less for each of as many surest photos that change bin.
    """

    def learn(words: CategoryWeights, examples: Floats, bins: Rows, library: Floats) -> Floats:
        order = np.random.default_rng(0).permutation(len(bins))
        hits = np.zeros(len(LENGTHS))
        for fold in range(min(FOLDS, len(bins)) if len(bins) > 1 else 0):
            out, kept = order[fold::FOLDS], np.delete(order, np.s_[fold::FOLDS])
            taught = learn_by_probe(words, examples[kept], bins[kept], library)
            hits += [
                ((examples[out] @ _part_way(words, taught, one).T).argmax(axis=1) == bins[out]).sum() for one in LENGTHS
            ]
        full = learn_by_probe(words, examples, bins, library)
        if anchored:
            cosine = library @ words.weights.T
            two = np.sort(cosine, axis=1)[:, -2:]
            sure = two[:, 1] - two[:, 0] >= np.median(two[:, 1] - two[:, 0])
            before = cosine[sure].argmax(axis=1)
            for place, one in enumerate(LENGTHS):
                after = (library[sure] @ _part_way(words, full, one).T).argmax(axis=1)
                hits[place] -= anchored * len(bins) * (after != before).mean()
        return _part_way(words, full, LENGTHS[int(hits.argmax())])

    return learn


def _part_way(words: CategoryWeights, taught: Floats, length: float) -> Floats:
    return unit_rows((1 - length) * words.weights + length * taught)


METHODS: Mapping[str, Learn] = {
    "text only": keep_words,
    "prototype blending": learn_by_prototype,
    "linear cache": learn_by_cache,
    "probe (shipped)": learn_by_probe,
}
REMEDIES: Mapping[str, Learn] = {
    "probe (shipped)": learn_by_probe,
    "five nearest photos": add_nearest(5),
    "twenty surest photos": add_surest(20),
    "a prior twice as strong": double_prior,
    "steps shortened": shorten,
    "held-out step length": hold_out(0),
    "held-out and anchored": hold_out(2),
}


def correct_like_a_person(cosine: Floats, truth: Rows, told: Sequence[int], each: int) -> list[int]:
    """The most confident mistakes at the top of every bin, until each bin has had ``each`` corrections more."""
    chosen, best = list(told), cosine.argmax(axis=1)
    for column in range(cosine.shape[1]):
        wrong = np.flatnonzero((best == column) & (truth != column))
        wrong = wrong[~np.isin(wrong, chosen)]
        chosen += wrong[np.argsort(-cosine[wrong, column])][:each].tolist()
    return chosen


def draw_curve(learn: Learn, encoded: Encoded, categories: int, seed: int) -> tuple[list[int], int]:
    """Photos that are right, of those that were never corrected: zero-shot, then after k corrections per bin; and of
    how many.
    """
    rng = np.random.default_rng(seed)
    kinds = np.sort(rng.choice(len(encoded.words), categories, replace=False))
    rows = rng.permutation(np.flatnonzero(np.isin(encoded.labels, kinds)))
    photos, truth = encoded.embeddings[rows], np.searchsorted(kinds, encoded.labels[rows])
    half = len(rows) // 2
    words = replace(encoded.weights(kinds), background=encoded.background[:0])
    taught = words.weights

    def count_right() -> int:
        return int(((photos[half:] @ taught.T).argmax(axis=1) == truth[half:]).sum())

    curve, told, given = [count_right()], list[int](), 0
    for each in PER_BIN:
        told = correct_like_a_person(photos[:half] @ taught.T, truth[:half], told, each - given)
        given = each
        if told:
            taught = learn(words, photos[told], truth[told], photos)
        curve.append(count_right())
    return curve, len(rows) - half


def print_curves(encoded: Encoded, categories: int, draws: int, methods: Mapping[str, Learn]) -> None:
    """A line for each method: mean curve, and the draws that end below zero-shot at any k."""
    for name, learn in methods.items():
        runs = [draw_curve(learn, encoded, categories, seed) for seed in range(draws)]
        counted = np.array([tested for _, tested in runs])
        curves = np.array([curve for curve, _ in runs])
        lost = curves[:, 0] - curves.min(axis=1)
        ended = curves[:, 0] - curves[:, -1]
        print(
            f"{encoded.name}, {categories:2} bins, {name:<24}"
            + "".join(f"{value:7.3f}" for value in (curves / counted[:, None]).mean(axis=0))
            + f"   below zero-shot at any k {(lost > 0).sum()} of {draws}, by three photos or more "
            f"{(lost > 2).sum()}, most {lost.max()}; at the end {(ended > 0).sum()}, "
            f"of {counted.min()} to {counted.max()} photos",
            flush=True,
        )


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoded", nargs="+", type=Path)
    parser.add_argument("--draws", type=int, default=32)
    parser.add_argument("--categories", type=int, nargs="+", default=(5, 10, 30))
    parser.add_argument("--remedies", action="store_true")
    options = parser.parse_args()
    print("accuracy after k = " + ", ".join(map(str, (0, *PER_BIN))) + " corrections per bin")
    for encoded in map(read_encoded, options.encoded):
        for categories in options.categories:
            print_curves(encoded, categories, options.draws, REMEDIES if options.remedies else METHODS)


if __name__ == "__main__":
    main()
