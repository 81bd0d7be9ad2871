"""Make the starter model's head: ``python packaging/starter_model --data DIRECTORY --work FOLDER --out FOLDER``.

``--judge`` trains on half of the captions and four fifths of the labels and says how well the rest is understood;
that is how every setting was chosen. Without it, the head is trained on everything and written with its description.
"""

import argparse
import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from data import FOLDS, read_class_names
from evaluation import EVERYDAY_NAMES, HELD_LABELS, fit_scale, recall_labels, retrieve
from features import Towers
from gathering import Material, gather, make_pools
from numpy.typing import NDArray
from pseudo_photos import PseudoPhotos, imagine
from safetensors.torch import save_file
from sentences import read_class_sentences
from torch import Tensor
from training import Head, Knowledge, Settings, train

Floats = NDArray[np.float32]

# Of a batch, so many pairs from each pool. Few labelled ones: a head that sees them often prefers their names later.
SHARES = {"labelled": 32, "captioned here": 32, "captioned apart": 32, "rendered": 12}
VERSION = 2


class Recipe:
    """The parts every training run shares."""

    def __init__(self, data: Path, work: Path) -> None:
        self.towers = Towers(work)
        self.material: Material = gather(data, self.towers)
        flat = read_class_sentences(read_class_names(data))
        rows = self.towers.sentences([sentence for group in flat for sentence in group])
        ends = np.cumsum([len(group) for group in flat])
        classes: list[Floats] = np.split(rows, ends[:-1])
        self.known = Knowledge(self.towers.classifier, self.towers.classifier_bias, classes)
        numbers = {label: number for number, label in enumerate(sorted(set(self.material.labels)))}
        labels = np.array([numbers[label] for label in self.material.labels], np.intp)
        teaching = self.material.teaches
        self.imagined: PseudoPhotos = imagine(
            self.material.labelled[teaching, 0], labels[teaching], self.towers.classifier
        )
        common = np.mean([group.mean(axis=0) for group in classes], axis=0)
        captions = self.towers.sentences([caption.text for caption in self.material.captions]).mean(axis=0)
        self.unit: Floats = ((common + captions) / np.linalg.norm(common + captions)).astype(np.float32)

    def train(self, settings: Settings, fold: int | None = None, held: frozenset[str] = frozenset()) -> "TrainedHead":
        """A head that has not seen the captions of ``fold`` and the photos of the labels ``held``."""
        pools = make_pools(self.material, self.towers, SHARES, without_fold=fold, without_labels=held)
        return TrainedHead(train(pools, self.known, self.imagined, self.unit, settings), self)


class TrainedHead:
    """A head with both branches, for judging."""

    def __init__(self, head: Head, recipe: Recipe) -> None:
        self.tensors: dict[str, Tensor] = head.export()
        self._towers = recipe.towers

    def images(self, features: Floats) -> Floats:
        """What the app computes from trunk features [N, F]."""
        parts = {key: tensor.float().numpy() for key, tensor in self.tensors.items()}
        hidden = features @ parts["visual.head.mlp.fc1.weight"].T + parts["visual.head.mlp.fc1.bias"]
        active = torch.nn.functional.gelu(torch.from_numpy(hidden)).numpy()
        learned = _unit(active @ parts["visual.head.mlp.fc2.weight"].T + parts["visual.head.mlp.fc2.bias"])
        logits = features @ self._towers.classifier.T + self._towers.classifier_bias
        known = torch.from_numpy(logits).softmax(dim=1).numpy() @ parts["visual.head.meanings.weight"].T
        return _unit(learned + known)

    def texts(self, sentences: list[str]) -> Floats:
        """What the app computes from sentences."""
        return _unit(self._towers.sentences(sentences) @ self.tensors["text.proj.weight"].float().numpy().T)


def _unit(rows: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths


def judge(recipe: Recipe, settings: Settings) -> dict[str, float]:
    """Figures on what was kept back, averaged over the folds, and the logit scale that fits there."""
    rows = []
    for fold in range(FOLDS):
        head = recipe.train(replace(settings, seed=settings.seed + fold), fold, HELD_LABELS)
        material = recipe.material
        told = [number for number, one in enumerate(material.captions) if one.fold == fold]
        photos = head.images(np.stack([material.captioned[number][0] for number in told]))
        found = retrieve(photos, head.texts([material.captions[number].text for number in told]))
        names = sorted(set(material.labels))
        texts = head.texts([f"a photo of a {EVERYDAY_NAMES.get(name, name)}" for name in names])
        held = [row for row, label in enumerate(material.labels) if label in HELD_LABELS and material.teaches[row]]
        labels = [material.labels[row] for row in held]
        seen = head.images(material.labelled[held, 0])
        truth = np.array([names.index(label) for label in labels], np.intp)
        scale = fit_scale(seen, texts, truth)
        recall = recall_labels(seen, labels, names, texts)
        apart = np.flatnonzero(~material.teaches)
        skies = recall_labels(
            head.images(material.labelled[apart, 0]), [material.labels[row] for row in apart], names, texts
        )
        rows.append([found.at1, found.at5, found.at10, found.n, recall, len(held), skies, len(apart), scale])
    keys = (
        "R@1",
        "R@5",
        "R@10",
        "captions",
        "new labels among all",
        "their photos",
        "weather",
        "its photos",
        "logit scale",
    )
    return dict(zip(keys, map(float, np.mean(rows, axis=0)), strict=True))


def export(head: TrainedHead, settings: Settings, logit_scale: float, out: Path) -> None:
    """Write ``head.safetensors`` and ``head.json``."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / "head.safetensors"
    save_file(head.tensors, file)
    description = {
        "version": VERSION,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "image_size": 224,
        "logit_scale": round(logit_scale, 1),
        "languages": ["en", "zh"],
        "settings": asdict(settings),
    }
    (out / "head.json").write_text(json.dumps(description, indent=2) + "\n", "utf-8")


def main() -> None:
    """Judge or make."""
    parser = argparse.ArgumentParser(prog="python packaging/starter_model", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="photos, labels and captions; see data.py")
    parser.add_argument("--work", type=Path, required=True, help="keeps features between runs, about 400 MB")
    parser.add_argument("--out", type=Path, required=True, help="where the head goes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=Settings().steps)
    parser.add_argument("--logit-scale", type=float, default=24.6, help="as found with --judge")
    parser.add_argument("--judge", action="store_true", help="print figures on what is kept back instead")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    settings = Settings(seed=chosen.seed, steps=chosen.steps)
    recipe = Recipe(chosen.data, chosen.work)
    if chosen.judge:
        print("\n".join(f"{key:24s} {value:8.3f}" for key, value in judge(recipe, settings).items()))
    else:
        export(recipe.train(settings), settings, chosen.logit_scale, chosen.out)


if __name__ == "__main__":
    main()
