"""How soon a board follows a decision, a search is answered, and how much memory each photo takes.

The engine's own steps over a made-up collection of 512 dimensions in 20 categories: from the stored decision to the new
board, and from a query whose words are known to the filtered board.
"""

import gc
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from clipsorter.columns import Digests, Paths
from clipsorter.encoders.sources import find_model
from clipsorter.engine.everyday import everyday_prompts
from clipsorter.engine.model import Model
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.sorting import Sorted, filter_sorted, sort_collection
from clipsorter.engine.vocabulary import read_vocabulary
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.library.library import Library
from clipsorter.ranking.cutoffs import ANY_ENCODER
from clipsorter.ranking.prompts import plan_prompts
from clipsorter.ranking.queries import background_prompts, parse_query, query_prompts
from clipsorter.values import Category, Decision, EncoderSpec, InputShape
from tests.benchmarks.figures import Figure
from tests.benchmarks.store import DIMENSION, digest

CATEGORIES = 20
TOLD = 200  # decisions before the one that is measured
QUERY = "sunset over water"
GOALS = {100_000: 100.0, 1_000_000: 1000.0}  # ms
BYTES = 2200
Result = TypeVar("Result")


def measure(*, quick: bool) -> Iterator[Figure]:
    """By the clock, with one BLAS thread as in the app; medians."""
    for photos in (100_000,) if quick else (100_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            yield from _measure(Path(folder), photos, 9)


def _measure(folder: Path, photos: int, rounds: int) -> Iterator[Figure]:
    with Cache.open(folder / "cache.db") as cache, Library.open(folder / "library.db") as library:
        model = Model(find_model("starter", folder), "cpu", cache)
        categories = tuple(Category(word.english) for word in read_vocabulary()[:CATEGORIES])
        texts = know_words(cache, model, find_model("starter", folder).text_id, categories)
        request = RankRequest(categories)
        library.decide([Decision(digest(row), categories[row % CATEGORIES].name) for row in range(TOLD)])
        found: list[Sorted] = []

        def sort(row: int) -> None:
            library.decide([Decision(digest(TOLD + row), categories[row % CATEGORIES].name)])
            run = sort_collection(collection, request, model=model, cache=cache, decisions=library.decisions())
            found[:] = [_result(run)]

        collection = make_collection(TOLD, texts, categories, model.encoder_id)
        sort(0)  # what is imported and made once has nothing to do with the photos
        tracemalloc.start()
        collection = make_collection(photos, texts, categories, model.encoder_id)

        def search(row: int) -> None:
            asked = RankRequest(categories, query=f"{QUERY} {' ' * row}")
            _result(filter_sorted(found[0].ranked, asked, model=model, cache=cache))

        def change(row: int) -> None:
            asked = RankRequest(categories[row % 2 :])
            _result(sort_collection(collection, asked, model=model, cache=cache, decisions=library.decisions()))

        sort(0)
        gc.collect()
        held = tracemalloc.get_traced_memory()[0] / photos
        tracemalloc.stop()
        for name, work in (
            ("decision stored to new board", sort),
            ("new search term to filtered board", search),
            ("category added or removed to new board", change),
        ):
            clock, processor = _times(work, rounds)
            method = f"median by the clock; processor time {processor:.0f} ms"
            goal = None if work is change else GOALS[photos]  # everyday words are compared anew then
            yield Figure(f"{photos:,} x {CATEGORIES}: {name}", clock, "ms", rounds, method, goal)
        method = "tracemalloc: collection with paths of 26 letters, digests, ranking, board"
        yield Figure(f"{photos:,} x {CATEGORIES}: memory per photo", held, "bytes", 1, method, BYTES)


def know_words(
    cache: Cache, model: Model, text_id: str, categories: Sequence[Category]
) -> Mapping[str, NDArray[np.float32]]:
    """Make the words of categories and query known, so that no encoder is needed."""
    shape = InputShape(224)
    none = (0.5, 0.5, 0.5)
    calibration = replace(ANY_ENCODER, words=3.5)  # so that everyday words are asked
    spec = EncoderSpec(model.encoder_id, "made up", DIMENSION, shape, none, none, 100.0, calibration=calibration)
    cache.put_encoder_spec(spec)
    query = parse_query(QUERY)
    prompts = dict.fromkeys(
        (
            *plan_prompts(categories, ("en",)).prompts,
            *everyday_prompts(spec),
            *query_prompts(query, ("en",)),
            *background_prompts(query, ("en",)),
        )
    )
    rows = _units(np.random.default_rng(1).standard_normal((len(prompts), DIMENSION), np.float32))
    cache.put_text_embeddings(text_id, list(prompts), rows)
    return dict(zip(prompts, rows, strict=True))


def make_collection(
    photos: int, texts: Mapping[str, NDArray[np.float32]], categories: Sequence[Category], encoder_id: str
) -> Collection:
    """A third of the photos in no category, the others a little towards one."""
    random = np.random.default_rng(0)
    embeddings = random.standard_normal((photos, DIMENSION), np.float32)
    plans = plan_prompts(categories, ("en",)).categories
    words = np.stack([np.mean([texts[prompt] for prompt in plan.about[0].prompts], axis=0) for plan in plans])
    for start in range(0, photos, 65536):
        block = embeddings[start : start + 65536]
        near = random.integers(0, CATEGORIES * 3 // 2, len(block))
        inside = near < CATEGORIES
        block[inside] += 6 * _units(words)[near[inside]]
        block /= np.linalg.norm(block, axis=1, keepdims=True)
    return Collection(
        np.arange(1, photos + 1, dtype=np.int64),
        Paths(f"{2000 + row // 4000}/holiday/IMG_{row % 100_000:05d}.jpg" for row in range(photos)),
        Digests.of(map(digest, range(photos))),
        embeddings,
        encoder_id,
    )


def _units(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    units: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return units


def _times(work: Callable[[int], None], rounds: int) -> tuple[float, float]:
    """Medians in ms, by the clock and of the processor."""
    clock, processor = [], []
    for row in range(1, rounds + 1):
        began, used = time.perf_counter(), time.process_time()
        work(row)
        clock.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - used))
    return statistics.median(clock), statistics.median(processor)


def _result(steps: Generator[object, None, Result]) -> Result:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
