"""How soon things stand: the first window, an encoder, the first answer from a library of 100,000 photos."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.library.cache import Cache
from clipsorter.library.data_folder import DataFolder
from tests.benchmarks import store
from tests.benchmarks.figures import Figure, ask_child, ratio_of, run_child, take_turns

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.show()
app.processEvents()
import os; os._exit(0)
"""
OURS = """
import gc
gc.disable()  # as the command line does, until the window stands
from clipsorter.ui.app import first_window
window = first_window()
from PySide6.QtWidgets import QApplication
QApplication.processEvents()
import os; os._exit(0)
"""
WHOLE = """
import gc, sys
gc.disable()
from pathlib import Path
from clipsorter.ui import app
from clipsorter.ui.main_window import MainWindow
begin = MainWindow.prepare
MainWindow.prepare = lambda window, then: begin(window, lambda: (then(), window.session.opened.connect(window.close)))
app.run_window(Path(sys.argv[1]), None, "colour", "cpu")
import os; os._exit(0)
"""
OPEN_CLIP = """
import open_clip
open_clip.create_model("ViT-B-32", load_weights=False, pretrained_image=False, pretrained_text=False)
import os; os._exit(0)
"""
GRAPHS = """
import sys
from pathlib import Path
from clipsorter.encoders.onnx_encoder import open_graphs
from clipsorter.encoders.sources import find_model
source = find_model("starter", Path(sys.argv[1]) / "models")
encoder = open_graphs(source, "cpu", 1, Path(sys.argv[1]) / "graphs" / source.encoder_id)
encoder.encode_texts(["a dog"])
import os; os._exit(0)
"""
FIRST_SEARCH = """
import sys, time
began = float(sys.argv[1])
marks = [time.perf_counter()]
import json
from contextlib import closing
from pathlib import Path
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import EncoderReady, Found
from tests.benchmarks.figures import tree_seconds
marks.append(time.perf_counter())
with closing(Engine(Path(sys.argv[2]), device="cpu")) as engine:
    events = engine.search(Path(sys.argv[3]), sys.argv[4])
    first = next(events)  # the photos are read by now
    marks.append(time.perf_counter())
    ready = marks[-1]
    for event in (first, *events):
        if isinstance(event, EncoderReady):
            ready = max(ready, time.perf_counter())
    assert isinstance(event, Found) and event.result.hit.size
    marks += [ready, time.perf_counter()]
    print(json.dumps([mark - began for mark in marks] + [tree_seconds()]))
"""
STEPS = ("interpreter", "imports", "photos read", "encoder ready", "answered")
PHOTOS = 100_000
BATCH = 64
DIMENSION = 384  # of the starter model


def measure(*, quick: bool) -> Iterator[Figure]:
    """Processor time of whole processes, in turns; the first search also by the clock."""
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as place:
        folder = Path(place)
        yield from _window(folder, 5 if quick else 15)
        data = folder / "data"
        _make_graphs(data)
        yield _encoder(data, 2 if quick else 5)
        yield from _first_search(data, folder / "photos", 2 if quick else 5)


def _window(folder: Path, rounds: int) -> Iterator[Figure]:
    # Bytecode is kept for both alike: PySide6 was compiled when it was installed, and so is an installed ClipSorter.
    environment = {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    cases = {
        "bare": lambda: run_child(BARE, (), environment),
        "ours": lambda: run_child(OURS, (), environment),
        "whole": lambda: run_child(WHOLE, (str(folder / "data"),), environment),
    }
    taken = take_turns(cases, rounds)
    method = "processor time of the process, median of pairs"
    yield Figure("first window / bare PySide6 window", ratio_of(taken, "ours", "bare"), "x", rounds, method, 1.5)
    method = "the same, with the engine imported and the library read behind it"
    yield Figure("window complete / bare PySide6 window", ratio_of(taken, "whole", "bare"), "x", rounds, method)
    yield Figure("bare PySide6 window", min(taken["bare"]), "s", rounds, "processor time, best")


def _make_graphs(data: Path) -> None:
    """What the first run of a model leaves behind."""
    source = find_model("starter", data / "models")
    with closing(open_encoder(source, "cpu", threads=1, graphs=data / "graphs")) as encoder:
        spec = encoder.spec
    with Cache.open(DataFolder(data).cache_path) as cache:
        cache.put_encoder_spec(spec)


def _encoder(data: Path, rounds: int) -> Figure:
    taken = take_turns(
        {"open_clip": lambda: run_child(OPEN_CLIP), "ours": lambda: run_child(GRAPHS, [str(data)])}, rounds
    )
    method = "processor time of the process, one prompt included"
    return Figure(
        "encoder ready / import open_clip + create_model",
        ratio_of(taken, "ours", "open_clip"),
        "x",
        rounds,
        method,
        0.2,
    )


def _first_search(data: Path, photos: Path, rounds: int) -> Iterator[Figure]:
    photos.mkdir()
    source = find_model("starter", data / "models")
    embeddings = store.unit(PHOTOS)[:, :DIMENSION]
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    with Cache.open(DataFolder(data).cache_path) as cache:
        for start in range(0, PHOTOS, BATCH):
            batch = [store.photo(number) for number in range(start, min(start + BATCH, PHOTOS))]
            moved = [
                replace(one, photo=replace(one.photo, path=photos / one.photo.path.relative_to(store.ROOT)))
                for one in batch
            ]
            cache.put(moved, source.encoder_id, embeddings[start : start + len(batch)])
    environment = {"PYTHONPYCACHEPREFIX": str(data.parent / "bytecode")}
    new, known = [], []
    for number in range(rounds + 1):  # the first makes the mirror and the bytecode
        words = f"a dog number {number}"
        for taken in (new, known):
            began = time.perf_counter()
            taken.append(ask_child(FIRST_SEARCH, began, data, photos, words, environment=environment))
    method = f"by the clock, best; load {os.getloadavg()[0]:.0f}"
    spent = "processor time of all processes until the answer, best"
    for name, taken in (("new words", new[1:]), ("words asked before", known[1:])):
        best = min(taken, key=lambda row: row[-2])
        what = f"first search of 100,000 after start, {name}"
        yield Figure(what, best[-2], "s", rounds, method, 1.0)
        yield Figure(f"{what}, processor", min(row[-1] for row in taken), "s", rounds, spent, 1.0)
        for step, until in zip(STEPS, best, strict=False):
            yield Figure(f"  until {step}", until, "s", rounds, "in the best of these")
