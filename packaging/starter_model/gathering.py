"""Everything a training run needs, as features and sentences: labelled, captioned and rendered photos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from data import JUDGE_ONLY, Caption, read_captions, read_class_names, read_labelled
from features import Towers, views_of
from numpy.typing import NDArray
from PIL import Image
from rendering import render
from sentences import read_class_sentences, read_sentences
from training import Pool

Floats = NDArray[np.float32]

LABELLED_VIEWS, CAPTIONED_VIEWS, RENDERED_VIEWS = 2, 8, 2
RENDERED = 1600  # pictures, 80 of each kind
EVERY_INSET = 12  # each twelfth labelled photo may appear in a rendered screen


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Features of all photos; the first view of each is the whole photo."""

    labels: tuple[str, ...]  # of the labelled photos
    teaches: NDArray[np.bool_]  # [N], False for labelled photos that only judge
    labelled: Floats  # [N, V, F]
    captions: tuple[Caption, ...]
    caption_teaches: tuple[bool, ...]  # False where the photo only judges
    captioned: tuple[Floats, ...]  # per caption [V, F]
    rendered: Floats  # [R, V, F]
    rendered_sentences: tuple[tuple[str, ...], ...]
    class_sentences: tuple[tuple[str, ...], ...]


def gather(directory: Path, towers: Towers) -> Material:
    """Read the data directory; what was computed before is taken from the towers' folder."""
    photos = read_labelled(directory)
    labelled = towers.photos(
        f"labelled-{LABELLED_VIEWS}",
        lambda: (views_of(photo.open(), LABELLED_VIEWS, seed) for seed, photo in enumerate(photos)),
    ).astype(np.float32)
    teaches = np.array([photo.source not in JUDGE_ONLY for photo in photos])
    row = {f"tar:{photo.name}": number for number, photo in enumerate(photos)}
    captions = [one for one in read_captions(directory) if one.photo in row or not one.photo.startswith("tar:")]
    others = sorted({one.photo for one in captions} - row.keys())
    apart = towers.photos(
        f"captioned-{CAPTIONED_VIEWS}",
        lambda: (
            views_of(Image.open(directory / "captions" / name), CAPTIONED_VIEWS, seed)
            for seed, name in enumerate(others)
        ),
    ).astype(np.float32)
    place = {name: number for number, name in enumerate(others)}
    insets = [photo.open() for photo in photos[::EVERY_INSET] if photo.source not in JUDGE_ONLY]
    rendered = towers.photos(f"rendered-{RENDERED}-{RENDERED_VIEWS}", lambda: _render_all(insets)).astype(np.float32)
    return Material(
        labels=tuple(photo.label for photo in photos),
        teaches=teaches,
        labelled=labelled,
        captions=tuple(captions),
        caption_teaches=tuple(one.photo not in row or bool(teaches[row[one.photo]]) for one in captions),
        captioned=tuple(labelled[row[one.photo]] if one.photo in row else apart[place[one.photo]] for one in captions),
        rendered=rendered,
        rendered_sentences=tuple(render(seed, insets[:1]).sentences for seed in range(RENDERED)),
        class_sentences=tuple(read_class_sentences(read_class_names(directory))),
    )


def _render_all(insets: Sequence[Image.Image]) -> Iterator[list[Image.Image]]:
    for seed in range(RENDERED):
        yield views_of(render(seed, insets).picture, RENDERED_VIEWS, seed)


def make_pools(
    material: Material,
    towers: Towers,
    shares: dict[str, int],
    *,
    without_fold: int | None = None,
    without_labels: frozenset[str] = frozenset(),
) -> dict[str, tuple[Pool, int]]:
    """Pools with their share of a batch; a fold of the captions and some labels may be kept back for judging."""
    said = read_sentences("label_sentences.txt")
    kept = [row for row, label in enumerate(material.labels) if material.teaches[row] and label not in without_labels]
    told = [
        number
        for number, one in enumerate(material.captions)
        if material.caption_teaches[number] and one.fold != without_fold
    ]
    here = [number for number in told if material.captions[number].photo.startswith("tar:")]
    apart = [number for number in told if not material.captions[number].photo.startswith("tar:")]
    parts: dict[str, tuple[Floats, list[tuple[str, ...]]]] = {
        "labelled": (material.labelled[kept], [said[material.labels[row]] for row in kept]),
        "captioned here": _captioned(material, here),
        "captioned apart": _captioned(material, apart),
        "rendered": (material.rendered, list(material.rendered_sentences)),
    }
    pools = {}
    for name, (views, sentences) in parts.items():
        if shares.get(name) and len(views):
            flat = sorted({one for group in sentences for one in group})
            place = {one: number for number, one in enumerate(flat)}
            rows = [[place[one] for one in group] for group in sentences]
            pools[name] = (Pool(views, rows, towers.sentences(flat)), shares[name])
    return pools


def _captioned(material: Material, numbers: Sequence[int]) -> tuple[Floats, list[tuple[str, ...]]]:
    views = [material.captioned[number] for number in numbers]
    return (np.stack(views) if views else np.zeros((0, 1, 1), np.float32)), [
        material.captions[number].sentences for number in numbers
    ]
