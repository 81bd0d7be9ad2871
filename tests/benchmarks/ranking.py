"""How fast the ranking is, step by step: ``python -m tests.benchmarks.ranking [--photos 100000] [--categories 20]``.

Prints, asserts nothing about time. How good it is say ``teaching``, ``reviewing``, ``unsorted`` and ``leaving_out``
beside this file, each from what ``encoded`` wrote.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from clipsorter.columns import Digests, Paths
from clipsorter.ranking.board import build_board
from clipsorter.ranking.changes import compare_boards
from clipsorter.ranking.cutoffs import choose_cutoffs
from clipsorter.ranking.examples import find_examples
from clipsorter.ranking.prompts import CategoryWeights, unit_rows
from clipsorter.ranking.queries import filter_board, parse_query, query_prompts, search
from clipsorter.ranking.similarity import rank
from clipsorter.ranking.teaching import teach
from clipsorter.values import Decision


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print wall and processor time of a block: on a busy machine the second one says more."""
    wall, processor = time.perf_counter(), time.process_time()
    yield
    print(
        f"{what:<28}{1e3 * (time.perf_counter() - wall):9.1f} ms wall{1e3 * (time.process_time() - processor):9.1f} cpu"
    )


def measure_speed(photos: int, dimension: int, categories: int) -> None:
    """Everything between a drag and the new board, and between a known query embedding and the filtered board."""
    rng = np.random.default_rng(0)
    embeddings = rng.standard_normal((photos, dimension), np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    rows = unit_rows(rng.normal(size=(categories + 38, dimension)))
    weights = CategoryWeights(
        tuple(f"c{row}" for row in range(categories)),
        rows[:categories],
        rows[categories : categories + 6],
        (rows[:0],) * categories,
        rows[categories + 6 :],
    )
    photo_ids = np.arange(photos)
    names = [f"{row:032x}" for row in range(photos)]
    digests = Digests.of(names)
    files = Paths(f"2024/holiday/IMG_{row}.jpg" for row in range(photos))
    for count in (0, 1, 200):
        told = {names[row]: [Decision(names[row], f"c{row % categories}")] for row in range(count)}
        print(f"{photos:,} photos, {categories} categories, {dimension} dimensions, {count} decisions")
        with timed("  re-rank, all of it"):
            with timed("    find examples"):
                examples = find_examples(digests, weights.names, told)
            with timed("    teach"):
                chosen = embeddings[examples.rows]
                taught = teach(weights, chosen, examples.bins, examples.accepted, library=embeddings)
            with timed("    rank"):
                ranking = rank(embeddings, taught, logit_scale=100)
            with timed("    choose cut-offs"):
                cutoffs = choose_cutoffs(ranking, 0.5, examples=examples)
            with timed("    build board"):
                board = build_board(photo_ids, digests, ranking, cutoffs, told, examples=examples)
    with timed("compare two boards"):
        compare_boards(board, board)
    query = parse_query("sunset over water")
    texts = dict.fromkeys(query_prompts(query, ("en",)), rows[0])
    with timed("new search term"):
        with timed("    search"):
            result = search(embeddings, query, texts, languages=("en",), background=weights.reference, files=files)
        with timed("    filter board"):
            filter_board(board, photo_ids, result)


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--categories", type=int, default=20)
    options = parser.parse_args()
    measure_speed(options.photos, options.dimension, options.categories)


if __name__ == "__main__":
    main()
