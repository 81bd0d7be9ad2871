"""A whole index run against the loop in open_clip's README, with the same model of random weights.

The loop takes one image at a time; the index run also hashes, makes thumbnails and fills a database. Both are counted
in processor time over all processes: by the clock a busy machine would decide. What a photo costs is the difference of
a long and a short run, so that neither side pays for its start; both sides take turns.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from clipsorter.cores import count_cores
from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.photos.decode import prepare
from clipsorter.photos.scan import scan
from clipsorter.values import Photo
from tests.benchmarks.decode import make_12_megapixel_jpeg
from tests.benchmarks.figures import Figure, ask_child, processor_seconds, tree_seconds
from tests.benchmarks.limits import gemm_peak

STARTER = "starter"
MODELS = {"ViT-B-32": 2.2, "MobileCLIP2-S0": 3.5}  # and the goal for large photos
PEAK_SHARES = {"ViT-B-32": 0.95, "MobileCLIP2-S0": 0.75}  # of the matrix product's rate
SMALL_GOAL = 1.6
SMALL = (500, 375)  # px
FEW = 64  # photos of the short runs: with fewer not every decode worker has come up when they end
WEIGHTS = "open_clip_model.safetensors"

MAKE_MODEL = """
import json, sys
from pathlib import Path
import open_clip, torch
from safetensors.torch import save_file
name, folder = sys.argv[1], Path(sys.argv[2])
torch.manual_seed(0)
model = open_clip.create_model(name, load_weights=False, pretrained_image=False, pretrained_text=False)
keep = ("mean", "std", "interpolation", "resize_mode")
facts = {key: value for key, value in open_clip.get_model_preprocess_cfg(model).items() if key in keep}
folder.mkdir(parents=True)
config = {"model_cfg": open_clip.get_model_config(name), "preprocess_cfg": facts}
(folder / "open_clip_config.json").write_text(json.dumps(config))
weights = {key: value.contiguous() for key, value in model.state_dict().items()}
save_file(weights, folder / "open_clip_model.safetensors")
"""

COUNT = """
import json, sys
import open_clip, torch
from timm.utils import reparameterize_model
from torch.utils.flop_counter import FlopCounterMode
model, _, _ = open_clip.create_model_and_transforms(f"local-dir:{sys.argv[1]}")
reparameterize_model(model.visual.eval(), inplace=True)
side = int(sys.argv[2])
torch.backends.mha.set_fastpath_enabled(False)  # it would not be counted
with torch.no_grad(), FlopCounterMode(display=False) as counter:
    model.encode_image(torch.zeros(1, 3, side, side))
print(json.dumps([counter.get_total_flops()]))
"""

README_LOOP = """
import sys, time, json
from pathlib import Path
import open_clip, torch
from PIL import Image
torch.set_num_threads(1)
model, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{sys.argv[1]}")
model.eval()
def look(file):
    with torch.no_grad():
        features = model.encode_image(preprocess(Image.open(file)).unsqueeze(0))
        features /= features.norm(dim=-1, keepdim=True)
numbers = []
for folder in sys.argv[3:]:
    files = sorted(Path(folder).iterdir())[:int(sys.argv[2])]
    look(files[0])
    began, clock = time.process_time(), time.perf_counter()
    for file in files:
        look(file)
    numbers += [(time.process_time() - began) / len(files), (time.perf_counter() - clock) / len(files)]
print(json.dumps(numbers))
"""

INDEX = """
import sys, time, json
from contextlib import closing
from pathlib import Path
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded, Indexed
from tests.benchmarks.figures import tree_bytes, tree_seconds
data, model, workers, first, *folders = sys.argv[1:]
numbers = []
with closing(Engine(Path(data), model=model, device="cpu", workers=int(workers) or None)) as engine:
    list(engine.start_model())
    # What comes once in the life of a cache, the everyday words above all, belongs to neither run.
    list(engine.index(Path(first)))
    for few, many in zip(folders[::2], folders[1::2]):
        spent, lasted, counts, memory = [], [], [], []
        for folder in map(Path, (few, many)):
            looked, aside, began, clock = 0, 0.0, tree_seconds(), time.perf_counter()
            for event in engine.index(folder):
                if isinstance(event, Embedded) and event.done - looked >= 16:  # from when every child is at work
                    looking = time.process_time()
                    memory.append(tree_bytes())
                    looked, aside = event.done, aside + time.process_time() - looking
            spent.append(tree_seconds() - began - aside)
            lasted.append(time.perf_counter() - clock - aside)
            assert isinstance(event, Indexed) and event.embedded == len(list(folder.iterdir())), event
            counts.append(event.embedded)
        count, half = counts[1] - counts[0], (len(memory) + 1) // 2
        numbers += [(spent[1] - spent[0]) / count, (lasted[1] - lasted[0]) / count, max(memory),
                    max(memory[half:]) / max(memory[:half])]
print(json.dumps(numbers))
"""

SIZES = ("large", "small")
ALL_CORES = 0  # decode workers, as in the app


@dataclass(frozen=True, slots=True)
class Run:
    """One index run over one size of photos; seconds per photo, bytes."""

    processor: float
    clock: float
    memory: float
    growth: float  # the peak of the second half by that of the first


def measure(*, quick: bool) -> Iterator[Figure]:
    """Large and small photos, with the embedded model and the two named above; quickly: with one of these."""
    rounds, count, looped = (1, 48, 4) if quick else (3, 72, 12)
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as place:
        photos = make_pairs(Path(place), count)
        make_first(Path(place))
        for name in ("MobileCLIP2-S0",) if quick else (*MODELS, STARTER):
            yield from measure_model(Path(place), name, photos, rounds, looped)


def make_pairs(folder: Path, count: int) -> list[tuple[Path, Path]]:
    """For each size a folder of ``FEW`` photos and one of ``count`` more."""
    return [
        (
            make_photos(folder / f"{size}-few", size, FEW, seed=1000),
            make_photos(folder / f"{size}-many", size, FEW + count, seed=2000),
        )
        for size in SIZES
    ]


def make_first(folder: Path) -> Path:
    """A folder with one photo, for a first run."""
    return make_photos(folder / "first", "small", 1, seed=3000)


def measure_model(
    folder: Path, name: str, photos: list[tuple[Path, Path]], rounds: int, looped: int
) -> Iterator[Figure]:
    """One model over both sizes; ``looped`` is the number of photos that the README's loop is given."""
    model = STARTER if name == STARTER else str(make_model(folder, name))
    data = folder / f"data-{name}"
    make_graphs(data, model)
    loops, runs, alone = [], [], []
    for _ in range(rounds):
        if name != STARTER:
            loops.append(ask_child(README_LOOP, model, looped, *(many for _, many in photos)))
        else:
            alone.append(_index(folder, data, model, 1, photos))
        runs.append(_index(folder, data, model, ALL_CORES, photos))
    for index, size in enumerate(SIZES):
        ours = [Run(*numbers[4 * index : 4 * index + 4]) for numbers in runs]
        what = f"{name}, {'12 megapixels' if size == 'large' else '500 x 375'}"
        if loops:
            goal = MODELS[name] if size == "large" else SMALL_GOAL
            usual = [(numbers[2 * index], numbers[2 * index + 1]) for numbers in loops]
            yield from _compare(what, ours, usual, goal)
        slow = [Run(*numbers[4 * index : 4 * index + 4]) for numbers in alone]
        yield from _bound(what, ours, slow, data, model, photos[index][1])


def _index(folder: Path, data: Path, model: str, workers: int, photos: list[tuple[Path, Path]]) -> list[float]:
    """Two runs over each size with a copy of the data folder; what ``INDEX`` prints."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        fresh = Path(place) / "data"
        shutil.copytree(data, fresh)
        return ask_child(INDEX, fresh, model, workers, folder / "first", *(path for pair in photos for path in pair))


def _compare(what: str, ours: list[Run], loops: list[tuple[float, float]], goal: float) -> Iterator[Figure]:
    method = "processor time over all processes, median of rounds"
    ratios = [loop[0] / run.processor for loop, run in zip(loops, ours, strict=True)]
    yield Figure(f"README loop / index, {what}", statistics.median(ratios), "x", len(ours), method, goal, "more")
    ratios = [loop[1] / run.clock for loop, run in zip(loops, ours, strict=True)]
    method = "the loop on one core"
    yield Figure(f"README loop / index, {what}, by the clock", statistics.median(ratios), "x", len(ours), method)


def _bound(  # noqa: PLR0917 - private
    what: str, ours: list[Run], slow: list[Run], data: Path, name: str, photos: Path
) -> Iterator[Figure]:
    """How near the run is to its parts, and what memory it takes; ``slow`` are runs with one decode worker."""
    source = find_model(name, data / "models")
    files = [entry for entry in scan(photos) if isinstance(entry, Photo)][:16]
    with closing(open_encoder(source, "cpu", threads=1, graphs=data / "graphs")) as encoder:
        shape = encoder.spec.shape
        prepare(files[0], shape)
        decode = statistics.median(processor_seconds(lambda file=file: prepare(file, shape)) for file in files)
        pixels = prepare(files[0], shape).pixels[None].repeat(8, axis=0)
        encoder.encode_images(pixels)
        began = tree_seconds()
        for _ in range(8):
            encoder.encode_images(pixels)
        encode = (tree_seconds() - began) / 64
    n, method = len(ours), "processor time per photo"
    yield Figure(f"decode only, {what}", 1000 * decode, "ms", len(files), f"{method}, median")
    yield Figure(f"encode only, {what}", 1000 * encode, "ms", 64, f"{method}, batches of 8")
    if name != STARTER and photos.name.startswith("large"):
        [operations] = ask_child(COUNT, name, shape.side)
        share, goal = operations / encode / gemm_peak(10), PEAK_SHARES[Path(name).name]
        method = "counted by torch, of the best rate of a 1024^3 product"
        yield Figure(f"encoder / float32 GEMM peak, {Path(name).name}", share, "", 64, method, goal, "more")
    share = (decode + encode) / statistics.median(run.processor for run in ours)
    yield Figure(f"share of the bound 1 / (1/D + 1/E), {what}", share, "", n, "processor time, median", 0.92, "more")
    cores = count_cores()
    share = (decode + encode) / cores / statistics.median(run.clock for run in ours)
    method = f"by the clock, median, {cores} cores"
    yield Figure(f"share of the machine's bound cores / (D + E), {what}", share, "", n, method)
    if slow:
        share = decode / statistics.median(run.clock for run in slow)
        goal = 0.9 if photos.name.startswith("large") else None
        yield Figure(f"rate / rate of decoding alone, {what}", share, "", n, "by the clock, one worker", goal, "more")
    graph = sum(file.stat().st_size for file in (data / "graphs" / source.encoder_id).glob("image*"))
    beside = (max(run.memory for run in ours) - graph) / 1e6
    yield Figure(f"memory while indexing beside the weights, {what}", beside, "MB", n, "peak over all processes", 600)
    growth = max(run.growth for run in ours)
    yield Figure(f"memory, second half of the photos / first, {what}", growth, "x", n, "peaks, worst", 1.05)


def make_model(folder: Path, name: str) -> Path:
    """A model folder with random weights, always the same."""
    model = folder / "models" / name
    command = [sys.executable, "-W", "ignore", "-c", MAKE_MODEL, name, str(model)]
    subprocess.run(command, check=True, capture_output=True)
    return model


def make_graphs(data: Path, name: str) -> None:
    """What the first run of a model leaves behind."""
    with closing(open_encoder(find_model(name, data / "models"), "cpu", threads=1, graphs=data / "graphs")) as encoder:
        assert encoder.spec


def make_photos(folder: Path, size: str, count: int, seed: int) -> Path:
    """Different files of one picture: what is in a photo changes neither side's work."""
    folder.mkdir(parents=True)
    first = folder / "0000.jpg"
    make_12_megapixel_jpeg(first)
    if size == "small":
        with Image.open(first) as image:
            image.resize(SMALL, Image.Resampling.LANCZOS).save(first, quality=90)
    content = first.read_bytes()
    for number in range(count):
        (folder / f"{number:04d}.jpg").write_bytes(mark(content, seed + number))
    return folder


def mark(jpeg: bytes, number: int) -> bytes:
    """The same picture as another file: with a comment."""
    comment = f"{number:08d}".encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
