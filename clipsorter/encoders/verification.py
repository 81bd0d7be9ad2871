"""Does a model give the numbers it should? Our way beside its own library's way, on pictures drawn here.

The pictures are drawn with whole numbers only, so every machine draws the same ones. What the library says can be kept
(``keep_vectors``) and compared with later: after an update of a library, on another device, on another machine. The
vectors of the starter model are shipped. No torch: the library speaks in a child process (``reference``).
"""

import importlib
import json
from base64 import b64decode, b64encode
from collections.abc import Generator
from dataclasses import dataclass
from importlib.resources import files
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clipsorter.children import settle_in, spawn
from clipsorter.encoders.child import prepare_environment
from clipsorter.encoders.runtimes import require_torch
from clipsorter.encoders.sources import ModelSource
from clipsorter.errors import ModelError, ModelFilesError
from clipsorter.json_text import parse_json
from clipsorter.values import Embeddings, Pixels

FULL = 0.9999  # lowest cosine in full precision: only the preparation of pictures rounds differently
HALF = 0.999  # in half precision
POLL_SECONDS = 0.2
ENGLISH = (
    "a photo of a cat",
    "a red circle",
    "a page of text",
    "black and white squares",
    "stripes",
    "dogs at a beach",
)
CHINESE = ("一张猫的照片", "一个红色的圆", "黑白格子", "海滩上的狗")


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Embeddings of the drawn pictures [N, D] and of prompts [M, D], rows L2-normalised."""

    images: Embeddings
    prompts: tuple[str, ...]
    texts: Embeddings


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near two ways come to each other: the lowest cosines, and what they have to reach."""

    images: float
    texts: float
    wanted: float

    @property
    def holds(self) -> bool:
        """False for a model that must not be trusted here."""
        return min(self.images, self.texts) >= self.wanted


def prompts_for(source: ModelSource) -> tuple[str, ...]:
    """What is asked: English, and Chinese where the model itself reads it (the starter has a lexicon for that)."""
    chinese = source.kind != "starter" and any(tag.startswith("zh") for tag in source.languages)
    return (*ENGLISH, *(CHINESE if chinese else ()))


def draw_pictures() -> tuple[Pixels, ...]:
    """Six pictures, each uint8 [H, W, 3], of different shapes and subjects; the same on every machine."""
    return _draw_gradient(480, 640), _draw_circle(640, 480), _draw_squares(500), _draw_stripes(400, 777), *_draw_more()


def compute_reference(source: ModelSource) -> Generator[None, None, Vectors]:
    """What the model's library says, in a child process; yields while it waits. Raises ModelError and its kinds."""
    if source.kind == "colour":
        raise ModelError("The colours double comes from no library, so there is nothing to compare it with.")
    require_torch()
    prompts = prompts_for(source)
    child, pipe = spawn(_serve, source, draw_pictures(), prompts, name="ClipSorter reference")
    try:
        while not pipe.poll(POLL_SECONDS):
            yield
        answer = pipe.recv()
    except EOFError as error:
        raise ModelError("The library could not load this model; its process ended, perhaps for lack of memory.") from (
            error
        )
    finally:
        pipe.close()
        child.terminate()
        child.join()
        child.close()
    if isinstance(answer, str):
        raise ModelFilesError(answer)
    images, texts = answer
    return Vectors(images, prompts, texts)


def compare(ours: Vectors, theirs: Vectors, *, full_precision: bool) -> Agreement:
    """The lowest cosines between two ways; prompts that only one of them was asked are left out."""
    wanted = FULL if full_precision else HALF
    common = [prompt for prompt in ours.prompts if prompt in theirs.prompts]
    if ours.images.shape != theirs.images.shape or not common:
        return Agreement(-1.0, -1.0, wanted)
    rows = [(ours.texts[ours.prompts.index(one)], theirs.texts[theirs.prompts.index(one)]) for one in common]
    images = (ours.images.astype(np.float64) * theirs.images).sum(axis=1).min()
    return Agreement(float(images), float(min(a.astype(np.float64) @ b for a, b in rows)), wanted)


def keep_vectors(vectors: Vectors, encoder_id: str, folder: Path) -> Path:
    """Write vectors to ``folder``; the file may be handed on, it holds nothing of the person's."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{encoder_id}.json"
    content = {
        "encoder": encoder_id,
        "images": _pack(vectors.images),
        "prompts": list(vectors.prompts),
        "texts": _pack(vectors.texts),
    }
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return file


def find_vectors(encoder_id: str, folder: Path) -> Vectors | None:
    """The vectors kept in ``folder`` or shipped, or None. Raises ModelFilesError for a file that is damaged."""
    for place in (folder, files("clipsorter.resources").joinpath("verification")):
        file = place.joinpath(f"{encoder_id}.json")
        if file.is_file():
            try:
                content = parse_json(file.read_text("utf-8"))
                return Vectors(
                    _unpack(content["images"]), tuple(map(str, content["prompts"])), _unpack(content["texts"])
                )
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise ModelFilesError(f'The kept vectors in "{file}" are damaged; delete that file.') from error
    return None


def _serve(pipe: Connection, source: ModelSource, pictures: tuple[Pixels, ...], prompts: tuple[str, ...]) -> None:
    settle_in()
    prepare_environment(threads=1)
    importlib.import_module("clipsorter.encoders.reference").serve(pipe, source, pictures, prompts)


def _pack(rows: Embeddings) -> dict[str, Any]:
    return {"shape": list(rows.shape), "float32": b64encode(rows.astype("<f4").tobytes()).decode("ascii")}


def _unpack(packed: dict[str, Any]) -> Embeddings:
    rows = np.frombuffer(b64decode(packed["float32"], validate=True), "<f4").reshape(packed["shape"])
    return rows.astype(np.float32)


def _grid(high: int, wide: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    down, across = np.indices((high, wide))
    return down, across


def _paint(mask: NDArray[np.bool_], inside: tuple[int, int, int], outside: tuple[int, int, int]) -> Pixels:
    return np.where(mask[..., None], np.array(inside, np.uint8), np.array(outside, np.uint8))


def _draw_gradient(high: int, wide: int) -> Pixels:
    down, across = _grid(high, wide)
    red, green = across * 255 // wide, down * 255 // high
    return np.stack([red, green, 255 - red], axis=-1).astype(np.uint8)


def _draw_circle(high: int, wide: int) -> Pixels:
    down, across = _grid(high, wide)
    inside = (down - high // 2) ** 2 + (across - wide // 2) ** 2 < (min(high, wide) // 3) ** 2
    return _paint(inside, (210, 30, 40), (90, 160, 90))


def _draw_squares(side: int) -> Pixels:
    down, across = _grid(side, side)
    return _paint((down // 50 + across // 50) % 2 == 0, (0, 0, 0), (255, 255, 255))


def _draw_stripes(high: int, wide: int) -> Pixels:
    down, across = _grid(high, wide)
    return _paint((down + across) // 37 % 2 == 0, (250, 200, 40), (30, 60, 160))


def _draw_more() -> tuple[Pixels, Pixels]:
    """Grey noise from a linear congruential generator, and a page of lines that look like text."""
    down, across = _grid(360, 360)
    noise = ((down * 360 + across) * 1103515245 + 12345) // 65536 % 256
    page_down, page_across = _grid(700, 500)
    words = (page_down % 28 < 12) & (page_across * 7 % 90 < 70) & (page_across > 40) & (page_across < 460)
    return np.repeat(noise[..., None], 3, axis=2).astype(np.uint8), _paint(words, (25, 25, 30), (245, 243, 235))
