"""What answering helps: ``python -m tests.benchmarks.reviewing ENCODED.npz ... [--draws 32] [--rules]``.

ENCODED comes from ``python -m tests.benchmarks.encoded``. A person answers photos of *Needs review* from the top, or
as many photos at random; a third of the photos are strays. Printed is the share of photos in their right bin, among
those that nobody was asked about. ``--rules`` compares other ways to choose the questions.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.board import assign
from clipsorter.ranking.cutoffs import choose_cutoffs
from clipsorter.ranking.elsewhere import measure_backdrop
from clipsorter.ranking.examples import NO_EXAMPLES, Examples
from clipsorter.ranking.review import choose_review, measure_doubt
from clipsorter.ranking.similarity import Ranking, rank
from clipsorter.ranking.teaching import teach
from tests.benchmarks.encoded import Encoded, read_encoded
from tests.benchmarks.unsorted import draw
from tests.ranking.worlds import finish

ANSWERS = 20
COUNTS = (1, 2, 5, 15)
Rows = NDArray[np.intp]


class Library:
    """Photos of some labels and strays, and a person who knows where all of them belong."""

    def __init__(self, encoded: Encoded, categories: int, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        rows, kinds = draw(encoded, categories, seed, 1 / 3)
        rows = self.random.permutation(rows)
        labels = encoded.labels[rows]
        self.truth = np.where(np.isin(labels, kinds), np.searchsorted(kinds, labels), -1)
        self.photos = encoded.embeddings[rows]
        self._encoded, self._weights = encoded, encoded.weights(kinds)
        self._backdrop = None
        if (calibration := encoded.calibration) and calibration.words:
            scale = encoded.logit_scale
            self._backdrop = finish(
                measure_backdrop(
                    self.photos, self._weights, encoded.everyday, logit_scale=scale, calibration=calibration
                )
            )

    def sort(self, asked: Rows) -> tuple[Ranking, NDArray[np.float32], NDArray[np.int16]]:
        """Ranking, cut-offs and bins after the photos ``asked`` were answered."""
        answers = NO_EXAMPLES
        if len(asked):
            answers = Examples(asked, self.truth[asked], np.ones(len(asked), np.bool_))
        taught = teach(self._weights, self.photos[answers.rows], answers.bins, answers.accepted, library=self.photos)
        ranking = rank(
            self.photos,
            taught,
            logit_scale=self._encoded.logit_scale,
            calibration=self._encoded.calibration,
            backdrop=self._backdrop,
        )
        cutoffs = choose_cutoffs(ranking, 0.5, examples=answers)
        return ranking, cutoffs, assign(ranking, cutoffs, answers)[0]

    def value(self, asked: Rows, home: NDArray[np.int16] | None = None) -> float:
        """The share of the other photos in their right bin after these answers."""
        found = self.sort(asked)[2] if home is None else home
        return float(np.delete(found == self.truth, asked).mean())


Rule = Callable[[Library, Ranking, NDArray[np.float32], NDArray[np.int16]], Rows]


def ask_from_queue(library: Library, ranking: Ranking, cutoffs: NDArray[np.float32], home: NDArray[np.int16]) -> Rows:
    """What ships."""
    undecided = np.zeros(len(home), np.bool_)
    return choose_review(np.arange(len(home)), ranking, cutoffs, home, undecided)[:ANSWERS].astype(np.intp)


def ask_at_random(library: Library, *_: object) -> Rows:
    """Any photos."""
    return library.random.permutation(len(library.truth))[:ANSWERS]


def ask_closest(library: Library, ranking: Ranking, cutoffs: NDArray[np.float32], home: NDArray[np.int16]) -> Rows:
    """The photos nearest to another place."""
    return np.argsort(measure_doubt(ranking, cutoffs, home), kind="stable")[:ANSWERS]


def ask_within(spreads: float) -> Rule:
    """At random among the photos within so many spreads of another place."""

    def ask(library: Library, ranking: Ranking, cutoffs: NDArray[np.float32], home: NDArray[np.int16]) -> Rows:
        doubt = measure_doubt(ranking, cutoffs, home)
        return library.random.permutation(np.flatnonzero(doubt < spreads * ranking.chance.spread))[:ANSWERS]

    return ask


SHIPPED: Mapping[str, Rule] = {"queue": ask_from_queue, "random": ask_at_random}
RULES: Mapping[str, Rule] = {
    **SHIPPED,
    "closest": ask_closest,
    "within 1": ask_within(1),
    "within 3": ask_within(3),
}


def compare(encoded: Encoded, categories: int, draws: int, rules: Mapping[str, Rule]) -> None:
    """One line: before, after answers by each rule, and how far each is ahead of random with its standard error."""
    before, after = [], []
    for seed in range(draws):
        library = Library(encoded, categories, seed)
        ranking, cutoffs, home = library.sort(np.zeros(0, np.intp))
        before.append(float((home == library.truth).mean()))
        after.append([library.value(rule(library, ranking, cutoffs, home)) for rule in rules.values()])
    shares = np.array(after)
    ahead = shares - shares[:, [list(rules).index("random")]]
    error = ahead.std(axis=0) / np.sqrt(draws)
    told = "  ".join(
        f"{name} {share:.3f} ({100 * lead:+.1f}±{100 * one:.1f})"
        for name, share, lead, one in zip(rules, shares.mean(axis=0), ahead.mean(axis=0), error, strict=True)
    )
    print(f"{encoded.name}, {categories:2} categories, {draws} draws: before {np.mean(before):.3f}  {told}", flush=True)


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoded", nargs="+", type=Path)
    parser.add_argument("--draws", type=int, default=32)
    parser.add_argument("--categories", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--rules", action="store_true")
    options = parser.parse_args()
    for encoded in map(read_encoded, options.encoded):
        for categories in options.categories:
            compare(encoded, categories, options.draws, RULES if options.rules else SHIPPED)


if __name__ == "__main__":
    main()
