"""A whole index run against the loop in open_clip's README, with the same model of random weights.

The loop takes one image at a time; the index run also hashes, makes thumbnails and fills a database. Both are counted
in processor time over all processes: by the clock a busy machine would decide. So it does not matter that the loop sees
fewer photos than the index run.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from PIL import Image

from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.photos.decode import prepare
from clipsorter.photos.scan import scan
from clipsorter.values import Photo
from tests.benchmarks.decode import make_12_megapixel_jpeg
from tests.benchmarks.figures import Figure, ask_child, processor_seconds, tree_seconds

MODELS = {"ViT-B-32": 2.2, "MobileCLIP2-S0": 3.5}  # and the goal for large photos
SMALL = (500, 375)  # px
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
data, model, warm, photos = map(Path, sys.argv[1:])
with closing(Engine(data, model=str(model), device="cpu", workers=1)) as engine:
    list(engine.start_model())
    list(engine.index(warm))
    began, clock, memory = tree_seconds(), time.perf_counter(), []
    for event in engine.index(photos):
        if isinstance(event, Embedded):
            memory.append(tree_bytes())
        if isinstance(event, Indexed):
            assert event.embedded == len(list(photos.iterdir())), event
            count = event.embedded
    spent, lasted = tree_seconds() - began, time.perf_counter() - clock
    half = (len(memory) + 1) // 2
    print(json.dumps([spent / count, lasted / count, max(memory), max(memory[half:], default=0) / max(memory[:half])]))
"""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Both models, large and small photos; quickly: the smaller model alone, whose export takes seconds."""
    count, looped = (16, 3) if quick else (64, 16)
    models = {"MobileCLIP2-S0": MODELS["MobileCLIP2-S0"]} if quick else MODELS
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as place:
        folder = Path(place)
        photos = {size: _make_photos(folder / size, size, count) for size in ("large", "small")}
        warm = {
            size: _make_photos(folder / "warm" / size, "small", 8, seed=start)
            for size, start in (("large", 1000), ("small", 2000))
        }
        for name, goal in models.items():
            model = folder / "models" / name
            command = [sys.executable, "-W", "ignore", "-c", MAKE_MODEL, name, str(model)]
            subprocess.run(command, check=True, capture_output=True)
            loops = ask_child(README_LOOP, model, looped, *photos.values())
            for number, (size, wanted) in enumerate((("large", goal), ("small", 1.6))):
                loop = loops[2 * number : 2 * number + 2]
                yield from _compare(model, photos[size], loop, warm[size], wanted, folder / f"data-{name}")


def _compare(  # noqa: PLR0917 - private
    model: Path, photos: Path, loop: list[float], warm: Path, goal: float, data: Path
) -> Iterator[Figure]:
    name = model.name
    files = [entry for entry in scan(photos) if isinstance(entry, Photo)]
    ours, ours_clock, memory, later = ask_child(INDEX, data, model, warm, photos)
    what = f"{name}, {'12 megapixels' if photos.name == 'large' else '500 x 375'}"
    n, method = len(files), "processor time over all processes"
    yield Figure(f"README loop / index, {what}", loop[0] / ours, "x", n, method, goal, "more")
    yield Figure(f"README loop / index, {what}, by the clock", loop[1] / ours_clock, "x", n, "one run each, in turn")
    beside = (memory - (model / WEIGHTS).stat().st_size) / 1e6
    yield Figure(f"memory while indexing beside the weights, {what}", beside, "MB", n, "peak over all processes", 600)
    yield Figure(f"memory, second half of the photos / first, {what}", later, "x", n, "peaks")
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
