"""How fast and how good the ranking is. Prints tables; asserts nothing about time.

    python -m tests.benchmarks.ranking speed [--photos 100000] [--dimension 512] [--categories 20]
    python -m tests.benchmarks.ranking quality EMBEDDINGS.npz [--seeds 8]
    python -m tests.benchmarks.ranking cutoffs EMBEDDINGS.npz [--seeds 8] [--head HEAD.json]

``quality`` reads arrays ``embeddings`` [N, D], ``labels`` [N], ``weights`` [L, D] (zero-shot, of the L labels) and
``reference`` [R, D] (embeddings of prompts.REFERENCE) of one encoder. ``cutoffs`` prints the last of its tables alone;
with ``background`` [B, D] in the file what a background phrase describes better stays out, as in the app, and with the
description of a starter head its own calibration holds.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.columns import Digests, Paths
from clipsorter.encoders.starter_files import StarterHead, read_head
from clipsorter.ranking.board import build_board
from clipsorter.ranking.changes import compare_boards
from clipsorter.ranking.cutoffs import choose_cutoffs, clear
from clipsorter.ranking.examples import NO_EXAMPLES, find_examples
from clipsorter.ranking.prompts import CategoryWeights, unit_rows
from clipsorter.ranking.queries import filter_board, parse_query, query_prompts, search
from clipsorter.ranking.similarity import Ranking, rank
from clipsorter.ranking.teaching import teach
from clipsorter.values import Decision

PER_BIN = (1, 2, 5, 10, 20)
Rows = NDArray[np.intp]
Learn = Callable[[CategoryWeights, NDArray[np.float32], Rows, NDArray[np.float32]], CategoryWeights]


def name_weights(rows: NDArray[np.float32], reference: NDArray[np.float32]) -> CategoryWeights:
    """Category weights without background and exclusions."""
    empty = rows[:0]
    return CategoryWeights(tuple(f"c{row}" for row in range(len(rows))), rows, empty, (empty,) * len(rows), reference)


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
            result = search(embeddings, query, texts, background=weights.reference, files=files)
        with timed("    filter board"):
            filter_board(board, photo_ids, result)


def keep_words(weights: CategoryWeights, *_: object) -> CategoryWeights:
    """No learning: zero-shot."""
    return weights


def learn_by_probe(
    weights: CategoryWeights, examples: NDArray[np.float32], bins: Rows, library: NDArray[np.float32]
) -> CategoryWeights:
    """What ClipSorter ships."""
    return teach(weights, examples, bins, np.ones(len(bins), np.bool_), library=library)


def learn_by_prototype(
    weights: CategoryWeights, examples: NDArray[np.float32], bins: Rows, library: NDArray[np.float32]
) -> CategoryWeights:
    """Prototype blending: the mean example of a bin gets a share n / (n + 4), at most a half, of its weight."""
    rows = weights.weights.copy()
    for column in set(bins.tolist()):
        mine = examples[bins == column]
        share = 0.5 * len(mine) / (len(mine) + 4)
        rows[column] = (1 - share) * rows[column] + share * unit_rows(mine.mean(axis=0, keepdims=True))[0]
    return name_weights(unit_rows(rows), weights.reference)


def learn_by_cache(
    weights: CategoryWeights, examples: NDArray[np.float32], bins: Rows, library: NDArray[np.float32]
) -> CategoryWeights:
    """Tip-Adapter (Zhang et al., 2022), its exponential cache linearised around similarity 1, so that it stays weights.

    exp(-b (1 - x . e)) is close to 1 - b + b x . e where it matters: each example adds a share of itself.
    """
    rows = weights.weights.copy()
    np.add.at(rows, bins, 0.1 * examples)
    return name_weights(unit_rows(rows), weights.reference)


METHODS: dict[str, Learn] = {
    "text only": keep_words,
    "prototype blending": learn_by_prototype,
    "linear cache": learn_by_cache,
    "probe (shipped)": learn_by_probe,
}


def correct_like_a_person(ranking: Ranking, truth: Rows, told: list[int], each: int, given: Rows) -> list[int]:
    """The most confident mistakes at the top of every bin, until each bin has had ``each`` corrections."""
    chosen = list(told)
    for column in range(len(ranking.names)):
        wrong = np.flatnonzero((ranking.best == column) & (truth != column))
        wrong = wrong[~np.isin(wrong, chosen)]
        chosen += wrong[np.argsort(-ranking.similarity[wrong])][: each - given[column]].tolist()
    return chosen


def learning_curve(
    learn: Learn, data: dict[str, NDArray[np.generic]], categories: int, seed: int
) -> tuple[list[float], int, int]:
    """Accuracy on photos that were never corrected: zero-shot, then after k corrections per bin; how many corrections;
    how many photos it is counted on.
    """
    rng = np.random.default_rng(seed)
    kinds = np.sort(rng.choice(len(data["weights"]), categories, replace=False))
    rows = rng.permutation(np.flatnonzero(np.isin(data["labels"], kinds)))
    embeddings, truth = data["embeddings"][rows].astype(np.float32), np.searchsorted(kinds, data["labels"][rows])
    half = len(rows) // 2
    words = taught = name_weights(unit_rows(data["weights"][kinds]), unit_rows(data["reference"]))

    def accuracy() -> float:
        return float((rank(embeddings[half:], taught, logit_scale=100).best == truth[half:]).mean())

    curve, told, given = [accuracy()], list[int](), 0
    for each in PER_BIN:
        ranking = rank(embeddings[:half], taught, logit_scale=100)
        told = correct_like_a_person(ranking, truth[:half], told, each, np.full(categories, given))
        given = each
        if told:
            taught = learn(words, embeddings[told], truth[told], embeddings)
        curve.append(accuracy())
    return curve, len(told), len(rows) - half


def measure_quality(path: Path, seeds: int) -> None:
    """Learning curves of all methods, then Unsorted at three strictnesses."""
    data = dict(np.load(path))
    for categories in (5, 10, 30):
        print(f"\n{categories} categories, {seeds} seeds: accuracy after k corrections per bin")
        print(
            f"{'method':<22}{'k=0':>7}"
            + "".join(f"{f'k={k}':>7}" for k in PER_BIN)
            + "  draws below k=0, by 3 photos and more, most photos lost, corrections"
        )
        for name, learn in METHODS.items():
            runs = [learning_curve(learn, data, categories, seed) for seed in range(seeds)]
            curves = np.array([curve for curve, _, _ in runs])
            lost = np.array([round((curve[0] - min(curve)) * tested) for curve, _, tested in runs])
            told = np.mean([count for _, count, _ in runs])
            print(
                f"{name:<22}"
                + "".join(f"{value:7.3f}" for value in curves.mean(axis=0))
                + f"{(lost > 0).sum():10}{(lost > 2).sum():5}{lost.max():5}{told:10.0f}"
            )
    print("\nReview: right bin before, after 20 answers from the queue, after 20 answers at random")
    for categories in (1, 2, 5, 15):
        before, queue, at_random = np.mean([review_value(data, categories, 20, seed) for seed in range(seeds)], axis=0)
        print(f"K={categories:<3} before {before:.3f}  queue {queue:.3f}  random {at_random:.3f}")
    print("\nLeaving out: wanted photos kept, unwanted photos left")
    for name, (kept, left) in leaving_out(data, 60, 0).items():
        print(f"{name:<24}{kept:.2f}" + ("" if name == "pairs" else f"  {left:.2f}"))
    measure_cutoffs(data, seeds, None)


def measure_cutoffs(data: dict[str, NDArray[np.generic]], seeds: int, head: StarterHead | None) -> None:
    """Unsorted at three strictnesses, with three shares of strays, for few and many categories."""
    print("\nUnsorted: share of category photos kept, of stray photos sent to Unsorted, precision of Unsorted")
    for categories in (1, 5, 20):
        for strays in (0.0, 0.3, 0.8):
            for strictness in (0.3, 0.5, 0.7):
                runs = [unsorted_quality(data, categories, strays, strictness, seed, head) for seed in range(seeds)]
                kept, sent, precise = (
                    np.nanmean(np.array(runs), axis=0) if strays else (*np.mean(runs, axis=0)[:1], 0, 0)
                )
                print(
                    f"K={categories:<3} strays {strays:.0%}  strictness {strictness}: "
                    f"kept {kept:.2f}" + (f"  sent {sent:.2f}  precision {precise:.2f}" if strays else "")
                )


def review_value(data: dict[str, NDArray[np.generic]], categories: int, answers: int, seed: int) -> list[float]:
    """Photos in their right bin, of all that were never asked about: before, after answering the first ``answers``
    photos of the review queue, and after answering as many photos at random. A third of the photos are strays.
    """
    rng = np.random.default_rng(seed)
    kinds = np.sort(rng.choice(len(data["weights"]), categories, replace=False))
    inside = np.flatnonzero(np.isin(data["labels"], kinds))
    outside = rng.choice(np.flatnonzero(~np.isin(data["labels"], kinds)), len(inside) // 2, replace=False)
    rows = rng.permutation(np.concatenate([inside, outside]))
    embeddings = data["embeddings"][rows].astype(np.float32)
    truth = np.where(np.isin(data["labels"][rows], kinds), np.searchsorted(kinds, data["labels"][rows]), -1)
    weights = name_weights(unit_rows(data["weights"][kinds]), unit_rows(data["reference"]))
    names, ids = [f"{row:032x}" for row in range(len(rows))], np.arange(len(rows))
    digests = Digests.of(names)

    def sort(asked: Rows) -> tuple[Rows, Rows]:
        said = {names[row]: [Decision(names[row], None if truth[row] < 0 else f"c{truth[row]}")] for row in asked}
        examples = find_examples(digests, weights.names, said)
        chosen = embeddings[examples.rows]
        taught = teach(weights, chosen, examples.bins, examples.accepted, library=embeddings)
        ranking = rank(embeddings, taught, logit_scale=100)
        board = build_board(ids, digests, ranking, choose_cutoffs(ranking, 0.5, examples=examples), said)
        home = np.full(len(rows), -1)
        for number, column in enumerate(board.bins[:-1]):
            home[column.photo_ids] = number
        return home, board.review

    before, queue = sort(np.zeros(0, np.intp))
    asked = queue[:answers]
    at_random = rng.choice(len(rows), len(asked), replace=False)
    others = ~np.isin(ids, np.concatenate([asked, at_random]))
    return [float((home == truth)[others].mean()) for home in (before, sort(asked)[0], sort(at_random)[0])]


def leaving_out(data: dict[str, NDArray[np.generic]], pairs: int, seed: int) -> dict[str, tuple[float, float]]:
    """Of what "a or b" finds: photos of a that "-b" keeps, photos of b that it leaves; by method, mean over pairs."""
    rng = np.random.default_rng(seed)
    embeddings, reference = data["embeddings"].astype(np.float32), unit_rows(data["reference"])
    files = [str(row) for row in range(len(embeddings))]
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(pairs):
        one, other = rng.choice(len(data["weights"]), 2, replace=False)
        a, b = unit_rows(data["weights"][[one, other]])
        both = unit_rows((a + b)[None])[0]
        queries = {
            "contrast (shipped)": ('"both" -other', {"both": both}),
            "subtracting all of it": ('"both"', {"both": unit_rows((both - b)[None])[0]}),
            "subtracting half of it": ('"both"', {"both": unit_rows((both - 0.5 * b)[None])[0]}),
        }
        everything = _hits('"both"', {"both": both}, b, embeddings, reference, files)
        wanted, unwanted = (everything & (data["labels"] == kind) for kind in (one, other))
        if wanted.any() and unwanted.any():
            for name, (text, texts) in queries.items():
                hit = _hits(text, texts, b, embeddings, reference, files)
                found.setdefault(name, []).append((float(hit[wanted].mean()), float(hit[unwanted].mean())))
    return {name: (*np.mean(shares, axis=0).tolist(),) for name, shares in found.items()} | {
        "pairs": (len(next(iter(found.values()), [])), 0.0)
    }


def _hits(  # noqa: PLR0917 - private
    text: str,
    texts: dict[str, NDArray[np.float32]],
    other: NDArray[np.float32],
    embeddings: NDArray[np.float32],
    reference: NDArray[np.float32],
    files: list[str],
) -> NDArray[np.bool_]:
    query = parse_query(text)
    prompts = {prompt: texts.get(prompt, other) for prompt in query_prompts(query, ("en",))}
    return search(embeddings, query, prompts, background=reference, files=files).hit


def unsorted_quality(  # noqa: PLR0917 - private
    data: dict[str, NDArray[np.generic]],
    categories: int,
    strays: float,
    strictness: float,
    seed: int,
    head: StarterHead | None,
) -> tuple[float, float, float]:
    """Kept photos of the categories, strays found, precision of Unsorted (nan where there is none)."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(len(data["weights"]), categories, replace=False)
    inside = np.flatnonzero(np.isin(data["labels"], kinds))
    outside = np.flatnonzero(~np.isin(data["labels"], kinds))
    count = min(len(outside), int(len(inside) * strays / (1 - strays)))
    rows = np.concatenate([inside, rng.choice(outside, count, replace=False)])
    weights = name_weights(unit_rows(data["weights"][kinds]), unit_rows(data["reference"]))
    weights = replace(weights, background=data.get("background", weights.background))
    ranking = rank(
        data["embeddings"][rows].astype(np.float32),
        weights,
        logit_scale=(head and head.logit_scale) or 100,
        calibration=head and head.calibration,
    )
    cutoffs = choose_cutoffs(ranking, strictness)
    belongs = [clear(ranking, column, float(cutoff), NO_EXAMPLES) for column, cutoff in enumerate(cutoffs)]
    away = ~np.any(belongs, axis=0)
    stray = np.arange(len(rows)) >= len(inside)
    sent = away[stray].mean() if count else np.nan
    return float((~away[~stray]).mean()), float(sent), float(stray[away].mean()) if away.any() else np.nan


def main() -> None:
    """Read the command line and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "quality", "cutoffs"])
    parser.add_argument("embeddings", nargs="?", type=Path)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--categories", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--head", type=Path, help="head.json of the starter model that made the embeddings")
    options = parser.parse_args()
    if options.what == "speed":
        measure_speed(options.photos, options.dimension, options.categories)
    elif options.embeddings is None:
        parser.error(f"{options.what} needs a file of embeddings")
    elif options.what == "cutoffs":
        head = read_head(options.head.parent) if options.head else None
        measure_cutoffs(dict(np.load(options.embeddings)), options.seeds, head)
    else:
        measure_quality(options.embeddings, options.seeds)


if __name__ == "__main__":
    main()
