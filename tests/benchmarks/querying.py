"""A query against reading the embeddings once, and twenty categories against a query.

All three go through the embeddings as the ranking does, in its blocks and on its threads (``ranking.blocks``).
"""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.blocks import in_blocks
from clipsorter.ranking.frames import compare
from clipsorter.ranking.ordering import order_best_first
from clipsorter.values import NO_FRAMES, Embeddings
from tests.benchmarks.figures import Figure
from tests.benchmarks.store import unit

TOP = 50
CATEGORIES = 20


def measure(*, quick: bool) -> Iterator[Figure]:
    """By the clock, medians of ratios within a round."""
    rounds = 7 if quick else 25
    for photos in (100_000,) if quick else (100_000, 1_000_000):
        embeddings = unit(photos)
        query = embeddings[7].copy()
        many = embeddings[:CATEGORIES].copy()
        words = embeddings.view(np.uint64)
        ratios, crowds, times = [], [], []
        for _ in range(rounds):
            read = _seconds(lambda words=words: read_once(words))
            asked = _seconds(lambda e=embeddings, q=query: find_best(e, q))
            crowd = _seconds(lambda e=embeddings, m=many: compare_all(e, m.T))
            ratios.append(asked / read)
            crowds.append(crowd / asked)
            times.append(asked)
        name = f"{photos:,} x 512"
        yield Figure(
            f"query, best {TOP} of {name} / reading it once",
            statistics.median(ratios),
            "x",
            rounds,
            "median of pairs",
            1.5,
        )
        yield Figure(f"query, best {TOP} of {name}", statistics.median(times) * 1000, "ms", rounds, "median")
        yield Figure(
            f"{CATEGORIES} categories / one query, {name}",
            statistics.median(crowds),
            "x",
            rounds,
            "median of pairs",
            4.5,
        )


def read_once(words: NDArray[np.uint64]) -> None:
    """Let every byte pass the processor."""
    in_blocks(lambda rows: np.bitwise_or.reduce(words[rows].reshape(-1)), len(words))


def compare_all(embeddings: Embeddings, directions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines of all photos with one direction [D] or several [D, K]."""
    cosine = np.empty((len(embeddings), *directions.shape[1:]), np.float32)

    def fill(rows: slice) -> None:
        cosine[rows] = compare(embeddings, directions, NO_FRAMES, rows)

    in_blocks(fill, len(embeddings))
    return cosine


def find_best(embeddings: Embeddings, query: np.ndarray) -> np.ndarray:
    """Rows of the ``TOP`` most similar photos, best first: exact."""
    similarity = compare_all(embeddings, query)
    candidates = np.argpartition(similarity, len(similarity) - TOP)[-TOP:]
    return order_best_first(similarity, candidates)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
