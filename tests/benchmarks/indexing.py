"""A whole index run against the loop in open_clip's README, with the same model of random weights.

The loop takes one image at a time; the index run also hashes, makes thumbnails and fills a database. Both are counted
in processor time over all processes: by the clock a busy machine would decide.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from PIL import Image

from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded
from clipsorter.photos.decode import prepare
from clipsorter.photos.scan import scan
from clipsorter.values import Photo
from tests.benchmarks.decode import make_12_megapixel_jpeg
from tests.benchmarks.figures import Figure, processor_seconds, tree_seconds

MODELS = {"ViT-B-32": 2.2, "MobileCLIP2-S0": 3.5}  # and the goal for large photos
SMALL = (500, 375)  # px

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

README_LOOP = """
import sys, time, json
from pathlib import Path
import open_clip, torch
from PIL import Image
torch.set_num_threads(1)
model, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{sys.argv[1]}")
model.eval()
files = sorted(Path(sys.argv[2]).iterdir())
def look(file):
    with torch.no_grad():
        features = model.encode_image(preprocess(Image.open(file)).unsqueeze(0))
        features /= features.norm(dim=-1, keepdim=True)
look(files[0])
began, clock = time.process_time(), time.perf_counter()
for file in files:
    look(file)
print(json.dumps([(time.process_time() - began) / len(files), (time.perf_counter() - clock) / len(files)]))
"""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Both models, large and small photos."""
    count = 12 if quick else 64
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as place:
        folder = Path(place)
        photos = {size: _make_photos(folder / size, size, count) for size in ("large", "small")}
        warm = _make_photos(folder / "warm", "small", 8, seed=1000)
        for name, goal in MODELS.items():
            model = folder / "models" / name
            command = [sys.executable, "-W", "ignore", "-c", MAKE_MODEL, name, str(model)]
            subprocess.run(command, check=True, capture_output=True)
            for size, wanted in (("large", goal), ("small", 1.6)):
                yield from _compare(model, photos[size], warm, wanted, folder / f"data-{name}-{size}")


def _compare(model: Path, photos: Path, warm: Path, goal: float, data: Path) -> Iterator[Figure]:
    name = model.name
    files = [entry for entry in scan(photos) if isinstance(entry, Photo)]
    loop, loop_clock = _run_loop(model, photos)
    with closing(Engine(data, model=str(model), device="cpu", workers=1)) as engine:
        list(engine.index(warm))  # starts the model
        began, clock = tree_seconds(), time.perf_counter()
        events = list(engine.index(photos))
        ours, ours_clock = (tree_seconds() - began) / len(files), (time.perf_counter() - clock) / len(files)
    assert [event.done for event in events if isinstance(event, Embedded)][-1] == len(files)
    what = f"{name}, {'12 megapixels' if photos.name == 'large' else '500 x 375'}"
    n, method = len(files), "processor time over all processes"
    yield Figure(f"README loop / index, {what}", loop / ours, "x", n, method, goal, "more")
    yield Figure(f"README loop / index, {what}, by the clock", loop_clock / ours_clock, "x", n, "one run each, in turn")
    source = find_model(str(model), data / "models")
    with closing(open_encoder(source, "cpu", threads=1, graphs=data / "graphs")) as encoder:
        decode = processor_seconds(lambda: [prepare(photo, encoder.spec.shape) for photo in files[:16]]) / len(
            files[:16]
        )
        pixels = prepare(files[0], encoder.spec.shape).pixels[None].repeat(8, axis=0)
        encoder.encode_images(pixels)
        began = tree_seconds()
        for _ in range(4):
            encoder.encode_images(pixels)
        encode = (tree_seconds() - began) / 32
    yield Figure(f"decode only, {what}", 1000 * decode, "ms", len(files[:16]), "processor time per photo")
    yield Figure(f"encode only, {what}", 1000 * encode, "ms", 32, "processor time per photo, batches of 8")
    share = (decode + encode) / ours
    yield Figure(f"share of the bound 1 / (1/D + 1/E), {what}", share, "", n, method, 0.92, "more")


def _run_loop(model: Path, photos: Path) -> tuple[float, float]:
    command = [sys.executable, "-W", "ignore", "-c", README_LOOP, str(model), str(photos)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    processor, clock = json.loads(done.stdout.splitlines()[-1])
    return processor, clock


def _make_photos(folder: Path, size: str, count: int, seed: int = 0) -> Path:
    """Different files of one picture: what is in a photo changes neither side's work."""
    folder.mkdir(parents=True)
    first = folder / "0000.jpg"
    make_12_megapixel_jpeg(first)
    if size == "small":
        with Image.open(first) as image:
            image.resize(SMALL, Image.Resampling.LANCZOS).save(first, quality=90)
    content = first.read_bytes()
    for number in range(count):
        comment = f"{seed + number:08d}".encode()
        marked = content[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + content[2:]
        (folder / f"{number:04d}.jpg").write_bytes(marked)
    return folder
