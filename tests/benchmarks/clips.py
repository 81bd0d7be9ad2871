"""By their frames or by the mean of these? Videos: ``python -m tests.benchmarks.clips --photos FILE``.

``--photos`` is a ``.jsonl`` as for ``quality``. Clips are made of photos: four windows that pan over one, or two and
two (three and one) over two of different categories. Everything is shown for the mean of the frames and for the frames
as the app compares them (``ranking.frames``). Prints numbers, asserts none.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipsorter.columns import Digests
from clipsorter.encoders.encoder import Encoder
from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.photos.decode import prepare
from clipsorter.ranking.board import build_board
from clipsorter.ranking.cutoffs import choose_cutoffs
from clipsorter.ranking.frames import compare, weigh_luck
from clipsorter.ranking.prompts import CategoryWeights, build_weights, describe, plan_prompts
from clipsorter.ranking.similarity import rank
from clipsorter.values import NO_FRAMES, Category, Embeddings, EncoderSpec, Frames, Photo
from tests.benchmarks.quality import Labelled, place, read_photos

FRAMES, WINDOW, DRAWS, BATCH, CATEGORIES = 4, 0.75, 12, 10, 6
Clips = NDArray[np.float32]  # [N, FRAMES, D]
Rows = NDArray[np.intp]


def embed(encoder: Encoder, photos: list[Labelled], folder: Path) -> Clips:
    """Each photo and ``FRAMES`` windows along its long side, [N, 1 + FRAMES, D]."""

    def pictures(photo: Labelled) -> Iterator[Path]:
        yield photo.path
        with Image.open(photo.path) as opened:
            picture = opened.convert("RGB")
        size = np.array(picture.size)
        window = (size * WINDOW).astype(int)
        for number in range(FRAMES):
            share = np.where(size == size.max(), number / (FRAMES - 1), 0.5)
            left, top = ((size - window) * share).astype(int).tolist()
            picture.crop((left, top, left + int(window[0]), top + int(window[1]))).save(folder / "window.png")
            yield folder / "window.png"

    def pixels(path: Path) -> NDArray[np.uint8]:
        facts = path.stat()
        return prepare(Photo(path.absolute(), facts.st_size, facts.st_mtime_ns, facts.st_ino), shape).pixels

    shape, rows = encoder.spec.shape, []
    for start in range(0, len(photos), BATCH):
        batch = [pixels(path) for photo in photos[start : start + BATCH] for path in pictures(photo)]
        rows.append(encoder.encode_images(np.stack(batch)))
    return np.concatenate(rows).reshape(len(photos), 1 + FRAMES, -1)


def split(clips: Clips, *, by_frames: bool) -> tuple[Embeddings, Frames]:
    """What ``ranking`` is given of clips."""
    mean = clips.mean(axis=1)
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    rows = np.repeat(np.arange(len(clips)), clips.shape[1])
    frames = Frames(rows, clips.reshape(-1, clips.shape[2]), np.zeros(len(rows), np.float32))
    return mean, frames if by_frames else NO_FRAMES


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Everything embedded."""

    spec: EncoderSpec
    whole: Embeddings  # [N, D]
    pans: Clips
    labels: Rows  # [N], a row of ``weights``; -1: none of them
    weights: CategoryWeights
    queries: NDArray[np.float32]  # [Q, D]
    asked: Rows  # [Q], whose caption it is

    def find(self, clips: Clips, owners: Rows, photos: Rows, wanted: Rows, *, by_frames: bool) -> float:
        """How often a caption of ``wanted`` finds what shows it among the ten best.

        ``photos`` stand there as such, ``owners`` [2, n] are shown by ``clips`` [n].
        """
        where = np.full(len(self.whole), -1)
        where[photos] = np.arange(len(photos))
        where[owners] = len(photos) + np.arange(len(clips))
        mine = np.isin(self.asked, wanted)
        queries = self.queries[mine].T
        mean, frames = split(clips, by_frames=by_frames)
        frames = weigh_luck(mean, frames, self.weights.reference)
        cosine = np.concatenate([self.whole[photos] @ queries, compare(mean, queries, frames, slice(0, len(clips)))])
        own = cosine[where[self.asked[mine]], np.arange(int(mine.sum()))]
        return float(((cosine > own).sum(axis=0) < 10).mean())

    def sort(self, clips: Clips, shown: Rows, chosen: Rows, *, by_frames: bool) -> tuple[float, float]:
        """Into ``chosen`` categories: share of the clips that show one and are in its bin; of others, in Unsorted.

        ``shown`` [2, n] are the labels of what the clips show.
        """
        some = replace(
            self.weights,
            names=tuple(self.weights.names[one] for one in chosen),
            weights=self.weights.weights[chosen],
            exclusions=tuple(self.weights.exclusions[one] for one in chosen),
        )
        mean, frames = split(clips, by_frames=by_frames)
        scale, calibration = self.spec.logit_scale, self.spec.calibration
        ranking = rank(mean, some, logit_scale=scale, calibration=calibration, frames=frames)
        digests = Digests.of(f"{one:032x}" for one in range(len(clips)))
        board = build_board(np.arange(len(clips)), digests, ranking, choose_cutoffs(ranking, 0.5), {})
        placed = place(board, some.names, len(clips))
        belongs = np.isin(shown, chosen).any(axis=0)
        right = (placed >= 0) & (chosen[placed] == shown).any(axis=0)
        return float(right[belongs].mean()), float((placed < 0)[~belongs].mean())


def show(gallery: Gallery) -> None:
    """Print every comparison."""
    labelled, captioned = np.flatnonzero(gallery.labels >= 0), np.unique(gallery.asked)
    figures: dict[str, list[tuple[float, float]]] = {}

    def note(name: str, by_mean: float, by_frames: float) -> None:
        figures.setdefault(name, []).append((by_mean, by_frames))

    def halves(of: Rows, random: np.random.Generator) -> Rows:
        return random.permutation(of)[: len(of) // 2 * 2].reshape(2, -1)

    for draw in range(DRAWS):
        random = np.random.default_rng(draw)
        chosen = random.choice(np.unique(gallery.labels[labelled]), CATEGORIES, replace=False)
        for first in (FRAMES, 2, 3):
            name = f"{first} + {FRAMES - first} frames" if first < FRAMES else "one scene"
            a, b = (labelled, labelled) if first == FRAMES else halves(labelled, random)
            clips = np.concatenate([gallery.pans[a][:, :first], gallery.pans[b][:, first:]], axis=1)
            shown = gallery.labels[np.stack([a, b])]
            mean, best = (gallery.sort(clips, shown, chosen, by_frames=by_frames) for by_frames in (False, True))
            note(f"{name}: in the bin of one of {CATEGORIES} categories that it shows", mean[0], best[0])
            note(f"{name}: shows none of them, in Unsorted", mean[1], best[1])
            c, d = (captioned, captioned) if first == FRAMES else halves(captioned, random)
            clips = np.concatenate([gallery.pans[c][:, :first], gallery.pans[d][:, first:]], axis=1)
            for which, wanted in {"first": c, "last": d}.items():
                scores = [
                    gallery.find(clips, np.stack([c, d]), c[:0], wanted, by_frames=by_frames)
                    for by_frames in (False, True)
                ]
                note(f"{name}: caption of its {which} scene, R@10 of {len(c)}", scores[0], scores[1])
        for share in (0.5, 0.05):
            clipped, photos = np.split(random.permutation(captioned), [round(share * len(captioned))])
            for which, wanted in {"photo": photos, "clip": clipped}.items():
                scores = [
                    gallery.find(gallery.pans[clipped], clipped[None], photos, wanted, by_frames=by_frames)
                    for by_frames in (False, True)
                ]
                name = f"{share:.0%} clips, else photos: caption of a {which}, R@10 of {len(captioned)}"
                note(name, scores[0], scores[1])
    print(f"{len(labelled)} photos with a category, {len(captioned)} with captions; means of {DRAWS} draws")
    for name, scored in figures.items():
        by_mean, by_frames = np.mean(scored, axis=0)
        print(f"{name:72s} mean {by_mean:.3f}  frames {by_frames:.3f}")


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.clips", description=__doc__)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--model", default="starter")
    options = parser.parse_args()
    photos = read_photos(options.photos)
    names: dict[str, str] = json.loads((Path(__file__).parent / "everyday.json").read_text("utf-8"))
    captions = [(number, text) for number, photo in enumerate(photos) for text in photo.captions]
    with tempfile.TemporaryDirectory() as folder:
        encoder = open_encoder(find_model(options.model, Path(folder, "none")))
        try:
            spec = encoder.spec
            plan = plan_prompts(
                [Category(name) for name in names.values()], spec.languages, calibration=spec.calibration
            )
            groups = [describe(text, spec.languages) for _, text in captions]
            prompts = list(dict.fromkeys([*plan.prompts, *(prompt for group in groups for prompt in group)]))
            texts = dict(zip(prompts, encoder.encode_texts(prompts), strict=True))
            rows = embed(encoder, photos, Path(folder))
        finally:
            encoder.close()
    labels = list(names)
    show(
        Gallery(
            spec=spec,
            whole=rows[:, 0],
            pans=rows[:, 1:],
            labels=np.array([labels.index(one.label) if one.label in names else -1 for one in photos]),
            weights=build_weights(plan, texts),
            queries=np.stack([np.mean([texts[prompt] for prompt in group], axis=0) for group in groups]),
            asked=np.array([number for number, _ in captions], np.intp),
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
