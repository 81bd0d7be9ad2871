"""How costs grow with the library, and a drawing of it.

Processor time, best of a few rounds. Fixed costs make small libraries look dear: lines flatten to the left.
"""

import math
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from clipsorter.columns import Digests
from clipsorter.library.cache import Cache
from clipsorter.ranking.board import build_board
from clipsorter.ranking.cutoffs import choose_cutoffs
from clipsorter.ranking.similarity import rank
from tests.benchmarks import store
from tests.benchmarks.figures import Figure, processor_seconds
from tests.benchmarks.querying import find_best
from tests.benchmarks.ranking import name_weights

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUICK = SIZES[:3]
STORED = 100_000  # the largest library that is written to a database here: a million would take minutes
CATEGORIES = 20
DRAWING = Path("docs/growth.svg")
COLOURS = ("#2563eb", "#d97706", "#059669")  # tell apart with every kind of colour vision, on light and on dark
WIDE, HIGH, EDGE, LABELS = 640, 360, 56, 150  # px

Costs = dict[str, dict[int, float]]  # name -> photos -> seconds


def measure(*, quick: bool) -> Iterator[Figure]:
    """One figure per cost; with all sizes the drawing is made anew, too."""
    sizes, rounds = QUICK if quick else SIZES, 3
    costs: Costs = {"query, best 50": {}, "rank and board, 20 categories": {}, "open the folder's photos": {}}
    for photos in sizes:
        # The last one is missing for libraries that are not stored here.
        for name, seconds in zip(costs, _costs(photos, rounds), strict=False):
            costs[name][photos] = seconds
    for name, taken in costs.items():
        first, last = min(taken), max(taken)
        exponent = math.log(taken[last] / taken[first]) / math.log(last / first)
        method = "processor time, best; power of the number of photos"
        yield Figure(f"growth from {first:,} to {last:,}: {name}", exponent, "", rounds, method, 1.05)
        yield Figure(f"{name}, {last:,} photos", taken[last] * 1000, "ms", rounds, "processor time, best")
    if not quick:
        DRAWING.write_text(draw(costs), "utf-8")


def _costs(photos: int, rounds: int) -> Iterator[float]:
    embeddings = store.unit(photos)
    query = embeddings[7].copy()
    yield _best(lambda: find_best(embeddings, query), rounds)
    photo_ids, digests = np.arange(photos), Digests.of(store.digest(number) for number in range(photos))
    weights = name_weights(embeddings[:CATEGORIES].copy(), embeddings[CATEGORIES : 2 * CATEGORIES].copy())

    def sort() -> None:
        ranking = rank(embeddings, weights, logit_scale=100)
        build_board(photo_ids, digests, ranking, choose_cutoffs(ranking, 0.5), {})

    yield _best(sort, rounds)
    if photos > STORED:
        return
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as folder:
        path = Path(folder) / "cache.db"
        with Cache.open(path) as cache:
            store.fill(cache, photos, embeddings)
            cache.collection(store.ROOT, store.ENCODER)  # makes the mirror

        def collect() -> None:
            with Cache.open(path) as cache:
                assert len(cache.collection(store.ROOT, store.ENCODER)) == photos

        yield _best(collect, rounds)


def _best(work: Callable[[], object], rounds: int) -> float:
    return min(processor_seconds(work) for _ in range(rounds))


def draw(costs: Mapping[str, Mapping[int, float]]) -> str:
    """An SVG with a logarithmic axis each way: what is linear rises like the dashed line."""
    photos = sorted({size for taken in costs.values() for size in taken})
    seconds = [one for taken in costs.values() for one in taken.values()]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    span = math.log10(photos[-1] / photos[0])

    def x(size: float) -> float:
        return EDGE + (WIDE - EDGE - LABELS) * math.log10(size / photos[0]) / span

    def y(power: float) -> float:
        return HIGH - EDGE - (HIGH - 2 * EDGE) * (power - low) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        "<title>Processor time by number of photos, both axes logarithmic</title>",
        f'<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>',
    ]
    parts += [f'<text x="{x(size):.0f}" y="{HIGH - EDGE + 20}" text-anchor="middle">{size:,}</text>' for size in photos]
    parts += [
        f'<path d="M{EDGE} {y(power):.1f}H{WIDE - LABELS}" stroke="#d4d4d8"/>'
        f'<text x="{EDGE - 8}" y="{y(power) + 4:.1f}" text-anchor="end">{_say(power)}</text>'
        for power in range(low, high + 1)
    ]
    reach = min(span, high - low)
    parts.append(
        f'<path d="M{x(photos[-1] / 10**reach):.1f} {y(high - reach):.1f}L{x(photos[-1]):.1f} {y(high):.1f}" '
        f'stroke="#71717a" stroke-dasharray="4 4"/>'
    )
    ends = _spread({name: y(math.log10(taken[max(taken)])) for name, taken in costs.items()})
    for colour, (name, taken) in zip(COLOURS, costs.items(), strict=True):
        points = " ".join(f"{x(size):.1f},{y(math.log10(taken[size])):.1f}" for size in sorted(taken))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        short = name.split(",")[0]
        parts.append(f'<text x="{WIDE - LABELS + 10}" y="{ends[name] + 4:.1f}" fill="{colour}">{short}</text>')
    parts.append(f'<text x="{(EDGE + WIDE - LABELS) / 2:.0f}" y="{HIGH - 8}" text-anchor="middle">photos</text></svg>')
    return "\n".join(parts) + "\n"


def _spread(heights: Mapping[str, float], apart: float = 16) -> dict[str, float]:
    """Labels that would cover each other, one below the other."""
    placed: dict[str, float] = {}
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        placed[name] = max(height, max(placed.values(), default=-apart) + apart)
    return placed


def _say(power: int) -> str:
    unit, power = ("s", power) if power >= 0 else ("ms", power + 3) if power >= -3 else ("µs", power + 6)
    return f"{10**power} {unit}"
