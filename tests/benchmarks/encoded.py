"""Labelled photos as two encoders see them, for the tables of ranking: ``python -m tests.benchmarks.encoded DATA OUT``.

DATA holds ``photos/*.tar`` with a ``.jsonl`` beside each (``file``, ``label``), ``features-lite0-224.npz`` and
``text-minilm.npz`` of the same photos, and ``gate/gate.jsonl`` with photos that only judge. OUT gets three files:

``starter.npz`` and ``gate.npz``, the shipped starter model through the app's own decoding, prompts and encoder (minutes
of processor time); and ``conse.npz``, ConSE (Norouzi et al., 2014): the mean of the names of 1,000 classes, weighed by
the trunk's own probabilities, from stored features. ConSE has seen none of the labels and is wrong about half of the
photos.
"""

import argparse
import importlib.util
import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.encoders.encoder import Encoder
from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.engine.vocabulary import read_vocabulary
from clipsorter.ranking.prompts import CategoryWeights, average, describe, plan_prompts, unit_rows
from clipsorter.values import Calibration
from tests.benchmarks.quality import BATCH, Labelled, embed_photos, read_photos

Floats = NDArray[np.float32]
ReadTexts = Callable[[Sequence[str]], Floats]
CONSE_SCALE = 100.0  # of CLIP models; nobody fitted one


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """N photos of L labels; all rows are L2-normalised."""

    name: str
    embeddings: Floats  # [N, D]
    labels: NDArray[np.intp]  # [N], of ``words``; -1: none
    words: Floats  # [L, D], zero-shot weights of the labels
    reference: Floats  # [R, D]
    background: Floats  # [M, D]
    everyday: Floats  # [V, D], zero-shot weights of the built-in vocabulary
    logit_scale: float
    calibration: Calibration | None

    def weights(self, kinds: NDArray[np.intp]) -> CategoryWeights:
        """The categories of some labels, in this order."""
        rows = self.words[kinds]
        names = tuple(f"c{row}" for row in range(len(rows)))
        return CategoryWeights(names, rows, self.background, (rows[:0],) * len(rows), self.reference)


def read_encoded(file: Path) -> Encoded:
    """What ``main`` wrote."""
    with np.load(file) as kept:
        arrays = {key: kept[key] for key in kept.files if key != "facts"}
        facts = json.loads(str(kept["facts"]))
    if facts["calibration"]:
        facts["calibration"] = Calibration(
            **facts["calibration"] | {"background": tuple(facts["calibration"]["background"])}
        )
    return Encoded(file.stem, **arrays, **facts)


def _write(out: Path, one: Encoded) -> None:
    arrays = {key: getattr(one, key) for key in ("embeddings", "words", "reference", "background", "everyday")}
    facts = {"logit_scale": one.logit_scale, "calibration": one.calibration and asdict(one.calibration)}
    np.savez(out / f"{one.name}.npz", labels=one.labels, facts=np.array(json.dumps(facts)), **arrays)


def _said(read: ReadTexts, names: Sequence[str], calibration: Calibration | None) -> dict[str, Floats]:
    """Everything that words say, with the app's own prompts."""
    plan = plan_prompts((), ("en",), calibration=calibration)
    phrases = [*names, *(word.english for word in read_vocabulary())]
    prompts = [describe(phrase, ("en",)) for phrase in phrases]
    rows = read([*(prompt for group in prompts for prompt in group), *plan.reference, *plan.background])
    words, rest = (
        rows[: -len(plan.reference) - len(plan.background)],
        rows[-len(plan.reference) - len(plan.background) :],
    )
    averages = np.stack([average(group) for group in np.split(words, len(phrases))])
    return {
        "words": averages[: len(names)],
        "everyday": averages[len(names) :],
        "reference": unit_rows(rest[: len(plan.reference)]),
        "background": unit_rows(rest[len(plan.reference) :]),
    }


def encode_with_starter(data: Path) -> Iterator[Encoded]:
    """Every photo of the tars, and those that only judge, through the app."""
    source = find_model("starter", Path(tempfile.gettempdir(), "no-models"))
    with tempfile.TemporaryDirectory() as folder:
        encoder = open_encoder(source, graphs=Path(folder, "graphs"))
        try:
            yield _encode("gate", encoder, read_photos(data / "gate" / "gate.jsonl"))
            yield _encode("starter", encoder, list(_unpack(data / "photos", Path(folder))))
        finally:
            encoder.close()


def _unpack(tars: Path, folder: Path) -> Iterator[Labelled]:
    for tar in sorted(tars.glob("*.tar")):
        with tarfile.open(tar) as archive:
            archive.extractall(folder / tar.stem, filter="data")
        found = {path.name: path for path in (folder / tar.stem).rglob("*.webp")}
        lines = map(json.loads, tar.with_suffix(".jsonl").read_text("utf-8").splitlines())
        yield from (Labelled(found[line["file"]], line["label"]) for line in lines if line["file"] in found)


def _encode(name: str, encoder: Encoder, photos: Sequence[Labelled]) -> Encoded:
    names = sorted({one.label for one in photos if one.label})
    return Encoded(
        name=name,
        embeddings=embed_photos(encoder, photos),
        labels=np.array([names.index(one.label) if one.label else -1 for one in photos]),
        **_said(encoder.encode_texts, names, encoder.spec.calibration),
        logit_scale=encoder.spec.logit_scale,
        calibration=encoder.spec.calibration,
    )


def encode_with_conse(data: Path) -> Encoded:
    """The stored features of the same photos, without the head that this project trained."""
    # Only this encoder is put together by hand; whoever reads what was written needs no torch.
    torch, starter, files = (
        importlib.import_module(name)
        for name in ("torch", "clipsorter.encoders.starter", "clipsorter.encoders.starter_files")
    )
    stored, texts = np.load(data / "features-lite0-224.npz"), np.load(data / "text-minilm.npz")
    features = (stored["features"].astype(np.float32) / 255) ** 2 * 6
    trunk = torch.load(files.find_trunk(), weights_only=True)
    logits = features @ trunk["_fc.weight"].numpy().T + trunk["_fc.bias"].numpy()
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    common = texts["text_mean"] / np.linalg.norm(texts["text_mean"])

    def centre(rows: Floats) -> Floats:
        return unit_rows(rows - np.outer(rows @ common, common))

    built = starter.build_starter()
    tower = built.model.text.eval()
    tower.proj = torch.nn.Identity()

    def read(sentences: Sequence[str]) -> Floats:
        with torch.inference_mode():
            tokens = built.tokenizer(list(sentences))
            used = int((tokens != 0).any(dim=0).nonzero().max()) + 1
            batches = [tower(batch).numpy() for batch in tokens[:, :used].split(BATCH)]
        return centre(np.concatenate(batches))

    return Encoded(
        name="conse",
        embeddings=unit_rows(shares @ centre(texts["imagenet_text_first"].astype(np.float32))),
        labels=stored["label_index"].astype(np.intp),
        **_said(read, [str(name) for name in stored["label_names"]], None),
        logit_scale=CONSE_SCALE,
        calibration=None,
    )


def main() -> None:
    """Read the command line and write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for one in (encode_with_conse(options.data), *encode_with_starter(options.data)):
        right = (one.embeddings @ one.words.T).argmax(axis=1)[one.labels >= 0] == one.labels[one.labels >= 0]
        print(f"{one.name}: {len(right):,} photos of {len(one.words)} labels, {right.mean():.3f} choose their own")
        _write(options.out, one)


if __name__ == "__main__":
    main()
