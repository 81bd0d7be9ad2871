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
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Found
from clipsorter.library.cache import Cache
from clipsorter.library.data_folder import DataFolder
from tests.benchmarks import store
from tests.benchmarks.figures import Figure, ratio_of, run_child, take_turns

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.show()
app.processEvents()
import os; os._exit(0)
"""
OURS = """
from clipsorter.ui.app import first_window
window = first_window()
from PySide6.QtWidgets import QApplication
QApplication.processEvents()
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
    taken = take_turns(
        {"bare": lambda: run_child(BARE, (), environment), "ours": lambda: run_child(OURS, (), environment)}, rounds
    )
    method = "processor time of the process, median of pairs"
    yield Figure("first window / bare PySide6 window", ratio_of(taken, "ours", "bare"), "x", rounds, method, 1.5)
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
    taken = []
    for number in range(rounds + 1):  # the first makes the mirror
        began = time.perf_counter()
        with closing(Engine(data, device="cpu")) as engine:
            found = [event for event in engine.search(photos, f"a dog number {number}") if isinstance(event, Found)]
        assert found
        taken.append(time.perf_counter() - began)
    busy = os.getloadavg()[0]
    method = f"by the clock, best, new words each time, engine's end included; load {busy:.0f}"
    yield Figure("first search result, warm library of 100,000", min(taken[1:]), "s", rounds, method, 1.0)
