"""How well a model and the ranking sort real photos: ``python -m tests.benchmarks.quality --photos FOLDER``.

``--photos`` is a folder with one folder per label, or a ``.jsonl`` with one object per photo: ``file`` (beside it or in
``photos/``), ``category`` (or null) and ``captions``. Everything between file and bin is the app's own code, so this
judges every model and every change of decoding, prompts, ranking and cut-offs. Photos whose label is not in the
category list belong into Unsorted. As most photos of a long list show something that is on it, every category is also
left out in turn: then its photos are what belongs nowhere. Every figure is printed with the number of photos and what
guessing would reach. Prints numbers, asserts none.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.columns import Digests
from clipsorter.encoders.encoder import Encoder
from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.engine.everyday import everyday_prompts
from clipsorter.errors import ClipSorterError
from clipsorter.photos.decode import prepare
from clipsorter.ranking.board import Board, build_board
from clipsorter.ranking.cutoffs import choose_cutoffs, weigh_unsorted
from clipsorter.ranking.elsewhere import measure_backdrop
from clipsorter.ranking.prompts import CategoryWeights, build_weights, describe, plan_prompts
from clipsorter.ranking.similarity import Ranking, rank
from clipsorter.values import Category, Embeddings, EncoderSpec, Photo
from tests.ranking.worlds import finish

BATCH = 32
KS = (1, 5, 10)
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A photo with what is true of it."""

    path: Path
    label: str | None  # None: belongs to no category
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction of ``n`` and what guessing reaches; NaN without any."""

    value: float
    n: int
    chance: float


@dataclass(frozen=True, slots=True)
class Quality:
    """What ``measure`` found; all shares lie in [0, 1]."""

    model: str
    categories: tuple[str, ...]
    top1: Share
    top3: Share
    per_category: dict[str, Share]  # top-1 recall
    groups: dict[str, Share]  # photos of a group's categories that land in any of them
    home: Share  # categorised photos whose bin on the board is right, cut-offs applied
    unsorted_precision: Share  # of the photos in Unsorted, how many belong nowhere
    unsorted_recall: Share  # of the photos that belong nowhere, how many are in Unsorted
    left_out: Share  # of the photos of a category that is left out, how many are in Unsorted; each category in turn
    retrieval: dict[str, Share] = field(default_factory=dict)  # "R@10": captions whose photo is among the best ten


def read_photos(place: Path) -> list[Labelled]:
    """The labelled photos of a folder or ``.jsonl``. Raises ValueError when there are none."""
    photos = list(_read_jsonl(place)) if place.suffix == ".jsonl" else list(_read_folder(place))
    if not photos:
        raise ValueError(f"There are no labelled photos at {place}.")
    return photos


def _read_jsonl(file: Path) -> Iterator[Labelled]:
    for line in file.read_text("utf-8").splitlines():
        entry = json.loads(line)
        beside = file.parent / entry["file"]
        path = beside if beside.exists() else file.parent / "photos" / entry["file"]
        yield Labelled(path, entry.get("category"), tuple(entry.get("captions") or ()))


def _read_folder(folder: Path) -> Iterator[Labelled]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in PICTURES:
            yield Labelled(path, path.parent.relative_to(folder).parts[0] if path.parent != folder else None)


def embed_photos(encoder: Encoder, photos: Sequence[Labelled]) -> Embeddings:
    """Photos as the app embeds them, [N, D]; raises DecodeError for one that cannot be read."""
    shape = encoder.spec.shape
    rows = []
    for start in range(0, len(photos), BATCH):
        prepared = [prepare(_as_scanned(one.path), shape) for one in photos[start : start + BATCH]]
        rows.append(encoder.encode_images(np.stack([one.pixels for one in prepared])))
    return np.concatenate(rows)


def _as_scanned(path: Path) -> Photo:
    facts = path.stat()
    return Photo(path.absolute(), facts.st_size, facts.st_mtime_ns, facts.st_ino)


def measure(
    encoder: Encoder,
    photos: Sequence[Labelled],
    embeddings: Embeddings,
    categories: Sequence[Category],
    *,
    labels: Sequence[str],
    strictness: float = 0.5,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> Quality:
    """Judge an encoder. ``labels`` says which label each category stands for, aligned with ``categories``."""
    spec = encoder.spec
    plan = plan_prompts(categories, spec.languages, calibration=spec.calibration)
    texts = dict(zip(plan.prompts, encoder.encode_texts(plan.prompts), strict=True))
    weights = build_weights(plan, texts)
    prompts = everyday_prompts(spec)
    sorter = Sorter(spec, encoder.encode_texts(prompts) if prompts else None, strictness)
    ranking, board = sorter.sort(embeddings, weights)
    column = {label: number for number, label in enumerate(labels)}
    truth = np.array([column.get(one.label, -1) if one.label else -1 for one in photos])
    order = np.argsort(-ranking.cosine, axis=1)
    inside, count = truth >= 0, len(labels)
    first, three = order[:, 0] == truth, (order[:, :3] == truth[:, None]).any(axis=1)
    placed = place(board, labels, len(photos))
    nowhere = placed < 0
    members = {name: [column[label] for label in wanted if label in column] for name, wanted in (groups or {}).items()}
    return Quality(
        model=spec.name,
        categories=tuple(category.name for category in categories),
        top1=share(first[inside], 1 / count),
        top3=share(three[inside], min(1, 3 / count)),
        per_category={label: share(first[truth == number], 1 / count) for label, number in column.items()},
        groups={
            name: share(np.isin(order[np.isin(truth, wanted), 0], wanted), len(wanted) / count)
            for name, wanted in members.items()
        },
        home=share(placed[inside] == truth[inside], 1 / (count + 1)),
        unsorted_precision=share(~inside[nowhere], float((~inside).mean())),
        unsorted_recall=share(nowhere[~inside], float(nowhere.mean())),
        left_out=leave_out(sorter, embeddings, weights, truth),
        retrieval=retrieve(encoder, photos, embeddings),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Sorter:
    """The app's way from embeddings to a board."""

    spec: EncoderSpec
    words: Embeddings | None  # [V, D], everyday words; None: the encoder is asked none
    strictness: float

    def sort(self, embeddings: Embeddings, weights: CategoryWeights) -> tuple[Ranking, Board]:
        """The ranking and the board of photos [N, D], numbered as they come."""
        scale, calibration = self.spec.logit_scale, self.spec.calibration
        backdrop = None
        if self.words is not None and calibration is not None:
            asked = measure_backdrop(embeddings, weights, self.words, logit_scale=scale, calibration=calibration)
            backdrop = finish(asked)
        ranking = rank(
            embeddings,
            weights,
            logit_scale=scale,
            logit_bias=self.spec.logit_bias,
            calibration=calibration,
            backdrop=backdrop,
        )
        cutoffs = choose_cutoffs(ranking, self.strictness)
        ranking = weigh_unsorted(ranking, cutoffs)
        ids = np.arange(len(embeddings), dtype=np.int64)
        digests = Digests.of(f"{number:032x}" for number in ids)
        return ranking, build_board(ids, digests, ranking, cutoffs, {})


def leave_out(sorter: Sorter, embeddings: Embeddings, weights: CategoryWeights, truth: NDArray[np.intp]) -> Share:
    """Sort without one category at a time, and see where its photos are; guessing takes any photo of the board."""
    found, chance = [np.zeros(0, np.bool_)], [float("nan")]
    for number in np.unique(truth[truth >= 0]).tolist() if len(weights) > 1 else ():
        kept = [one for one in range(len(weights)) if one != number]
        others = replace(
            weights,
            names=tuple(weights.names[one] for one in kept),
            weights=weights.weights[kept],
            exclusions=tuple(weights.exclusions[one] for one in kept),
        )
        _, board = sorter.sort(embeddings, others)
        nowhere = place(board, others.names, len(embeddings)) < 0
        found.append(nowhere[truth == number])
        chance += [float(nowhere.mean())] * len(found[-1])
    return share(np.concatenate(found), float(np.mean(chance[1:])) if len(chance) > 1 else chance[0])


def place(board: Board, labels: Sequence[str], count: int) -> NDArray[np.intp]:
    """The category number of every photo on the board, [count]; -1 in Unsorted."""
    placed = np.full(count, -1, np.intp)
    for number, column in enumerate(board.bins[: len(labels)]):
        placed[column.photo_ids] = number
    return placed


def retrieve(encoder: Encoder, photos: Sequence[Labelled], embeddings: Embeddings) -> dict[str, Share]:
    """How often a caption finds its own photo among the captioned ones, as a search with the app's templates."""
    rows = [number for number, one in enumerate(photos) if one.captions]
    if not rows:
        return {}
    owners = np.array([place for place, row in enumerate(rows) for _ in photos[row].captions])
    captions = [caption for row in rows for caption in photos[row].captions]
    prompts = [describe(caption, encoder.spec.languages) for caption in captions]
    flat = list(dict.fromkeys(prompt for group in prompts for prompt in group))
    texts = dict(zip(flat, encoder.encode_texts(flat), strict=True))
    queries = np.stack([np.mean([texts[prompt] for prompt in group], axis=0) for group in prompts])
    cosine = queries @ embeddings[rows].T
    better = (cosine > cosine[np.arange(len(owners)), owners][:, None]).sum(axis=1)
    return {f"R@{k}": share(better < k, min(1, k / len(rows))) for k in KS}


def share(hits: NDArray[np.bool_], chance: float) -> Share:
    """The fraction of hits."""
    return Share(float(hits.mean()) if len(hits) else float("nan"), len(hits), chance)


def as_table(quality: Quality) -> str:
    """The figures for people."""
    entries = [
        ("top-1", quality.top1),
        ("top-3", quality.top3),
        *((f"group {name}", one) for name, one in quality.groups.items()),
        ("right bin with cut-offs", quality.home),
        ("Unsorted precision", quality.unsorted_precision),
        ("Unsorted recall", quality.unsorted_recall),
        ("Unsorted, each left out", quality.left_out),
        *((f"phrase to photo {name}", one) for name, one in quality.retrieval.items()),
        *((f"  {name}", one) for name, one in quality.per_category.items() if one.n),
    ]
    head = f"{quality.model}, {len(quality.categories)} categories\n{'':28s} {'share':>6s} {'n':>6s} {'chance':>7s}"
    return "\n".join([head, *(f"{name:28s} {one.value:6.3f} {one.n:6d} {one.chance:7.3f}" for name, one in entries)])


def _read_names(argument: str | None, found: Sequence[str]) -> dict[str, str]:
    """Label -> name shown to the model. A JSON file may rename labels, for instance into another language."""
    if argument is None:
        return {label: label for label in found}
    if argument.endswith(".json"):
        names: dict[str, str] = json.loads(Path(argument).read_text("utf-8"))
        return names
    return {name.strip(): name.strip() for name in argument.split(",") if name.strip()}


def _category(name: str) -> Category:
    """``music; musical instrument`` is a category with a further phrase, as in the app's category list."""
    first, *more = [part.strip() for part in name.split(";")]
    return Category(first, phrases=tuple(more))


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality", description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="a folder per label, or a .jsonl")
    parser.add_argument("--model", default="starter", help="as in the app: starter, ViT-B-32/openai, a folder")
    parser.add_argument("--models", type=Path, default=None, help="folder of downloaded models")
    parser.add_argument("--categories", help='"cat, dog", or a JSON file {label: name}; default: the labels found')
    parser.add_argument("--group", action="append", default=[], metavar="NAME=A,B", help="count categories as one")
    parser.add_argument("--strictness", type=float, default=0.5)
    parser.add_argument("--json", type=Path, help="write the figures here")
    chosen = parser.parse_args(arguments)
    photos = read_photos(chosen.photos)
    names = _read_names(chosen.categories, sorted({one.label for one in photos if one.label}))
    groups = {name: members.split(",") for name, _, members in (group.partition("=") for group in chosen.group)}
    encoder = None
    try:
        encoder = open_encoder(find_model(chosen.model, chosen.models or Path(tempfile.gettempdir(), "no-models")))
        quality = measure(
            encoder,
            photos,
            embed_photos(encoder, photos),
            [_category(name) for name in names.values()],
            labels=list(names),
            strictness=chosen.strictness,
            groups=groups,
        )
    except ClipSorterError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        if encoder is not None:
            encoder.close()
    print(as_table(quality))
    if chosen.json:
        chosen.json.write_text(json.dumps(asdict(quality), ensure_ascii=False, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
