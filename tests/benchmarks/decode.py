"""Decoding a photo against the usual way: exif_transpose, then open_clip's transform.

    python -m tests.benchmarks.decode [PHOTO ...]

Prints CPU times (medians, taken in turns) and their ratio for each photo; without photos, for a generated 12-megapixel
JPEG that is stored turned, as phones do. Ours includes the digest, the thumbnail and the facts.
"""

import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skimage
from open_clip.transform import image_transform
from PIL import Image, ImageOps

from clipsorter.photos.decode import prepare
from clipsorter.values import InputShape, Photo
from tests.benchmarks.figures import Figure

ROUNDS = 15
DEMO = Path("resources/demo")  # in the repository, where the benchmarks are run
GOAL = 0.28


@dataclass(frozen=True, slots=True)
class Comparison:
    """CPU milliseconds per photo, medians of ``ROUNDS``."""

    ours: float
    usual: float

    @property
    def ratio(self) -> float:
        """Ours by the usual; the goal is at most ``GOAL``."""
        return self.ours / self.usual


def compare(path: Path, *, rounds: int = ROUNDS) -> Comparison:
    """Decode ``path`` both ways in turns."""
    shape = InputShape(224)
    transform = image_transform(shape.side, is_train=False)
    photo = Photo(path, path.stat().st_size, 0, 0)

    def usual() -> None:
        with Image.open(path) as image:
            transform(ImageOps.exif_transpose(image))

    times: dict[str, list[float]] = {"ours": [], "usual": []}
    for _ in range(rounds):
        times["ours"].append(cpu_milliseconds(lambda: prepare(photo, shape)))
        times["usual"].append(cpu_milliseconds(usual))
    return Comparison(statistics.median(times["ours"]), statistics.median(times["usual"]))


def measure(*, quick: bool) -> Iterator[Figure]:
    """The 12-megapixel JPEG by time, that one and the pictures of the demo by their pixels."""
    rounds = 5 if quick else ROUNDS
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as folder:
        large = Path(folder) / "12-megapixel.jpg"
        make_12_megapixel_jpeg(large)
        ratio = compare(large, rounds=rounds).ratio
        yield Figure("decode 12 megapixels / usual transform", ratio, "x", rounds, "processor time, of medians", GOAL)
        photos = [large, *sorted(DEMO.glob("*.webp")), *_as_jpegs(Path(folder))]
        found = np.array([differ(photo) for photo in photos])
    worst, method = found.max(axis=0), "worst photo, of 255, against open_clip's transform"
    yield Figure("largest difference of a pixel", worst[0], "", len(photos), method, 4)
    yield Figure("mean difference of the pixels", worst[1], "", len(photos), method, 0.5)
    yield Figure("PSNR", found[:, 2].min(), "dB", len(photos), "worst photo", 50, "more")


def differ(path: Path) -> tuple[float, float, float]:
    """Largest and mean difference of the model input to open_clip's, 0 to 255, and the PSNR in dB."""
    shape = InputShape(224)
    plain = image_transform(shape.side, is_train=False, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    with Image.open(path) as image:
        usual = plain(ImageOps.exif_transpose(image)).permute(1, 2, 0).numpy() * 255
    ours = prepare(Photo(path, path.stat().st_size, 0, 0), shape).pixels
    difference = np.abs(ours - usual)
    noise = float((difference**2).mean())
    return float(difference.max()), float(difference.mean()), 10 * math.log10(255**2 / max(noise, 1e-9))


def _as_jpegs(folder: Path) -> Iterator[Path]:
    """scikit-image's photos, enlarged so that the decoder may take its short cut."""
    for name in ("coffee.png", "chelsea.png", "astronaut.png", "rocket.jpg"):
        with Image.open(Path(skimage.data_dir) / name) as image:
            wide, high = (3 * side for side in image.size)
            image.convert("RGB").resize((wide, high), Image.Resampling.LANCZOS).save(folder / f"{name}.jpg", quality=90)
        yield folder / f"{name}.jpg"


def cpu_milliseconds(work: Callable[[], object]) -> float:
    """CPU time of this process that ``work`` takes."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def make_12_megapixel_jpeg(path: Path) -> None:
    """A real picture enlarged to a phone's 4032 x 3024, stored turned."""
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(Path(skimage.data_dir) / "coffee.png") as coffee:
        enlarged = coffee.resize((4032, 3024), Image.Resampling.LANCZOS)
        noise = Image.effect_noise((4032, 3024), 12).convert(
            "RGB"
        )  # a sensor's, so that the file is as large as real ones
        Image.blend(enlarged, noise, 0.2).save(path, quality=92, exif=exif)


def main(paths: list[Path]) -> None:
    """Print one line per photo."""
    with tempfile.TemporaryDirectory() as folder:
        if not paths:
            paths = [Path(folder) / "12-megapixel.jpg"]
            make_12_megapixel_jpeg(paths[0])
        for path in paths:
            result = compare(path)
            size = path.stat().st_size / 1e6
            print(
                f"{path.name} ({size:.1f} MB): ours {result.ours:.1f} ms, usual {result.usual:.1f} ms, "
                f"ratio {result.ratio:.2f} (goal {GOAL})"
            )


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
