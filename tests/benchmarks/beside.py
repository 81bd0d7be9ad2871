"""How fluid the window stays while photos are looked at, and how fast that goes.

One process, as in the app: the window's thread with a timer of 16 ms, and the engine thread, which indexes photos with
ViT-B-32 (random weights) and, once a second, ranks 100,000 others anew in 20 categories, as after a decision. The same
without an index run stands beside it. By the clock, because that is what a person feels; so it needs a quiet machine.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer, Slot

from clipsorter.encoders.sources import find_model
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded, EncoderStarting
from clipsorter.engine.model import Model
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.sorting import sort_collection
from clipsorter.engine.vocabulary import read_vocabulary
from clipsorter.library.cache import Cache
from clipsorter.library.library import Library
from clipsorter.ui.jobs import Job, JobRunner, Lane, MakeSteps
from clipsorter.values import Category, Decision
from tests.benchmarks.figures import Figure, ask_child
from tests.benchmarks.indexing import SIZES, make_graphs, make_model, make_photos
from tests.benchmarks.reranking import CATEGORIES, know_words, make_collection
from tests.benchmarks.store import digest

INTERVAL = 16  # ms, as long as a screen shows one picture
EVERY = 1000  # ms, between two decisions
PHOTOS = 100_000
IDLE_SECONDS = 8.0

PROGRAM = "from tests.benchmarks.beside import main; main()"


@dataclass(slots=True)
class Felt:
    """What the window's thread noticed, in ms."""

    late: list[float] = field(default_factory=list)  # every turn of the timer, later than it should have been
    ranked: list[float] = field(default_factory=list)  # from a decision to its board


class Reranking:
    """One decision and the new board, over and over. Engine thread."""

    def __init__(self, folder: Path) -> None:
        self._cache = Cache.open(folder / "cache.db")
        self._library = Library.open(folder / "library.db")
        self._categories = tuple(Category(word.english) for word in read_vocabulary()[:CATEGORIES])
        source = find_model("starter", folder)
        self._model = Model(source, "cpu", self._cache)
        texts = know_words(self._cache, self._model, source.text_id, self._categories)
        self._collection = make_collection(PHOTOS, texts, self._categories, self._model.encoder_id)
        self._told = 0

    def steps(self) -> Generator[object, None, None]:
        """Decide something and rank."""
        self._library.decide([Decision(digest(self._told), self._categories[self._told % CATEGORIES].name)])
        self._told += 1
        decisions = self._library.decisions()
        request = RankRequest(self._categories)
        yield from sort_collection(self._collection, request, model=self._model, cache=self._cache, decisions=decisions)

    def close(self) -> None:
        """Give everything back."""
        self._cache.close()
        self._library.close()


class Person(QObject):
    """Looks at the window all the time and decides once a second."""

    def __init__(self, runner: JobRunner, rank: MakeSteps) -> None:
        super().__init__()
        self.felt = Felt()
        self._runner = runner
        self._rank = rank
        self._asked: tuple[Job, float] | None = None
        self._turn = QTimer(self, interval=INTERVAL, timerType=Qt.TimerType.PreciseTimer)
        self._turn.timeout.connect(self._on_turn)
        self._decide = QTimer(self, interval=EVERY)
        self._decide.timeout.connect(self._on_decide)
        runner.finished.connect(self._on_finished)
        self._last = time.perf_counter()

    def look(self) -> None:
        """Begin."""
        self._last = time.perf_counter()
        self._turn.start()
        self._decide.start()

    def stop(self) -> None:
        """Look no longer."""
        self._turn.stop()
        self._decide.stop()

    @Slot()
    def _on_turn(self) -> None:
        now = time.perf_counter()
        self.felt.late.append(max(0.0, 1000 * (now - self._last) - INTERVAL))
        self._last = now

    @Slot()
    def _on_decide(self) -> None:
        if self._asked is None:
            began = time.perf_counter()
            self._asked = self._runner.start(Lane.QUERY, self._rank), began

    @Slot(object)
    def _on_finished(self, job: Job) -> None:
        if self._asked is not None and job is self._asked[0]:
            self.felt.ranked.append(1000 * (time.perf_counter() - self._asked[1]))
            self._asked = None


def measure(*, quick: bool) -> Iterator[Figure]:
    """Large and small photos; medians over rounds, each in a fresh process."""
    rounds, counts = (1, (60, 120)) if quick else (3, (150, 300))
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as place:
        folder = Path(place)
        model = make_model(folder, "ViT-B-32")
        make_graphs(folder / "data", str(model))
        photos = [make_photos(folder / size, size, count, 0) for size, count in zip(SIZES, counts, strict=True)]
        for name, path in (("nothing", None), ("12 megapixels", photos[0]), ("500 x 375", photos[1])):
            taken = [_in_a_fresh_process(folder, model, path) for _ in range(rounds)]
            middle, late, latest, ranked, slowest, rate = map(statistics.median, zip(*taken, strict=True))
            method = "by the clock, median of rounds"
            yield Figure(f"window beside {name}: timer late, median", middle, "ms", rounds, method)
            yield Figure(f"window beside {name}: timer late, 99 of 100", late, "ms", rounds, method)
            yield Figure(f"window beside {name}: timer late, worst", latest, "ms", rounds, method)
            yield Figure(f"window beside {name}: {PHOTOS:,} ranked anew", ranked, "ms", rounds, method)
            yield Figure(f"window beside {name}: {PHOTOS:,} ranked anew, worst", slowest, "ms", rounds, method)
            if path:
                yield Figure(f"photos per second beside the window, {name}", rate, "", rounds, method)


def _in_a_fresh_process(folder: Path, model: Path, photos: Path | None) -> list[float]:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        data = Path(place) / "data"
        shutil.copytree(folder / "data", data, copy_function=os.link)  # the graphs, half a gigabyte
        return ask_child(PROGRAM, data, model, photos or "-")


def main() -> None:
    """One round, in a process of its own; prints six numbers."""
    data, model, path = sys.argv[1:]
    numbers = spend(Path(data), model, None if path == "-" else Path(path))
    print(numbers, flush=True)
    os._exit(0)


def spend(data: Path, model: str, photos: Path | None) -> list[float]:
    """Timer late in ms (median, 99 of 100, worst), ranked anew in ms (median, worst), photos per second."""
    app = QCoreApplication.instance() or QCoreApplication([])
    assert app is not None
    runner = JobRunner()
    runner.give_way_on(EncoderStarting)
    made: list[Reranking] = []
    marks: list[tuple[float, int]] = []

    def prepare() -> Generator[object, None, None]:
        made.append(Reranking(place))
        yield from made[0].steps()

    def rank() -> Generator[object, None, None]:
        yield from made[0].steps()

    def index() -> Generator[object, None, None]:
        assert photos is not None
        with closing(Engine(data, model=model, device="cpu")) as engine:
            yield from engine.start_model()
            for event in engine.index(photos):
                if isinstance(event, Embedded) and event.done:
                    if not marks:
                        QTimer.singleShot(0, person, person.look)
                    marks.append((time.perf_counter(), event.done))
                yield event

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        person = Person(runner, rank)
        _await(runner, prepare)
        if photos is None:
            person.look()
            loop = QEventLoop()
            QTimer.singleShot(round(1000 * IDLE_SECONDS), loop.quit)
            loop.exec()
        else:
            _await(runner, index)
        person.stop()
        runner.close(made[0].close)
    late = sorted(person.felt.late)
    (start, before), (end, after) = (marks[0], marks[-1]) if marks else ((0.0, 0), (1.0, 0))
    return [
        statistics.median(late),
        late[int(0.99 * len(late))],
        late[-1],
        statistics.median(person.felt.ranked),
        max(person.felt.ranked),
        (after - before) / (end - start),
    ]


def _await(runner: JobRunner, work: MakeSteps) -> None:
    """Let the event loop run until this work in the background is done."""
    loop = QEventLoop()
    failures: list[object] = []
    job = runner.start(Lane.WORK, work)
    runner.finished.connect(lambda ended: loop.quit() if ended is job else None)
    runner.failed.connect(lambda _job, error: failures.append(error))
    loop.exec()
    if failures:
        raise RuntimeError(f"Nothing was measured: {failures}")
