"""Everything a training run needs, as features and sentences: labelled, captioned and rendered photos."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from data import JUDGE_ONLY, Caption, read_captions, read_class_names, read_labelled
from features import Towers, views_of
from numpy.typing import NDArray
from PIL import Image
from rendering import SENTENCES, name_kind, render
from sentences import read_class_sentences, read_sentences
from training import Pool

Floats = NDArray[np.float32]

LABELLED_VIEWS, CAPTIONED_VIEWS, RENDERED_VIEWS = 2, 8, 2
RENDERED = 1920  # pictures, 80 of each kind
EVERY_INSET = 12  # each twelfth labelled photo may appear in a rendered screen


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Features of all photos; the first view of each is the whole photo."""

    names: tuple[str, ...]  # of the labelled photos' files
    labels: tuple[str, ...]
    teaches: NDArray[np.bool_]  # [N], False for labelled photos that only judge
    labelled: Floats  # [N, V, F]
    captions: tuple[Caption, ...]
    caption_teaches: tuple[bool, ...]  # False where the photo only judges
    captioned: tuple[Floats, ...]  # per caption [V, F]
    rendered: Floats  # [R, V, F]
    rendered_kinds: tuple[str, ...]
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
        names=tuple(photo.name for photo in photos),
        labels=tuple(photo.label for photo in photos),
        teaches=teaches,
        labelled=labelled,
        captions=tuple(captions),
        caption_teaches=tuple(one.photo not in row or bool(teaches[row[one.photo]]) for one in captions),
        captioned=tuple(labelled[row[one.photo]] if one.photo in row else apart[place[one.photo]] for one in captions),
        rendered=rendered,
        rendered_kinds=tuple(name_kind(seed) for seed in range(RENDERED)),
        class_sentences=tuple(read_class_sentences(read_class_names(directory))),
    )


def _render_all(insets: Sequence[Image.Image]) -> Iterator[list[Image.Image]]:
    for seed in range(RENDERED):
        yield views_of(render(seed, insets).picture, RENDERED_VIEWS, seed)


def make_pools(
    material: Material,
    towers: Towers,
    shares: Mapping[str, int],
    *,
    without_fold: int | None = None,
    without_labels: frozenset[str] = frozenset(),
) -> dict[str, tuple[Pool, int]]:
    """Pools with their share of a batch; a fold of the captions and some labels may be kept back for judging."""
    said = read_sentences("label_sentences.txt")
    kept = choose_kept(material, without_labels)
    told = choose_told(material, without_fold)
    here = [number for number in told if material.captions[number].photo.startswith("tar:")]
    apart = [number for number in told if not material.captions[number].photo.startswith("tar:")]
    pools = {
        "labelled": _pool(towers, material.labelled[kept], [said[material.labels[row]] for row in kept]),
        "captioned here": _pool_captioned(material, towers, here),
        "captioned apart": _pool_captioned(material, towers, apart),
        "rendered": _pool(towers, material.rendered, [SENTENCES[kind] for kind in material.rendered_kinds]),
    }
    return {name: (pool, shares[name]) for name, pool in pools.items()}


def make_captioned(material: Material, towers: Towers, *, without_fold: int | None = None) -> Pool:
    """All captioned photos that teach."""
    return _pool_captioned(material, towers, choose_told(material, without_fold))


def choose_kept(material: Material, without_labels: frozenset[str]) -> list[int]:
    """The rows of the labelled photos that teach."""
    return [row for row, label in enumerate(material.labels) if material.teaches[row] and label not in without_labels]


def choose_told(material: Material, without_fold: int | None) -> list[int]:
    """The numbers of the captions that teach."""
    return [
        number
        for number, one in enumerate(material.captions)
        if material.caption_teaches[number] and one.fold != without_fold
    ]


def _pool_captioned(material: Material, towers: Towers, numbers: Sequence[int]) -> Pool:
    """In as many views as all of these photos have."""
    count = min(len(material.captioned[number]) for number in numbers)
    views = np.stack([material.captioned[number][:count] for number in numbers])
    return _pool(towers, views, [material.captions[number].sentences for number in numbers])


def _pool(towers: Towers, views: Floats, sentences: Sequence[tuple[str, ...]]) -> Pool:
    flat = sorted({one for group in sentences for one in group})
    place = {one: number for number, one in enumerate(flat)}
    return Pool(views, [[place[one] for one in group] for group in sentences], towers.sentences(flat))
