"""Make the starter model's head: ``python packaging/starter_model --data DIRECTORY --work FOLDER --out FOLDER``.

``--judge`` trains without half of the captions, half of the sources apart and a fifth of the labels, and says how well
these are understood; that is how every setting was chosen, and it fits the calibration. Without it, the head is trained
on everything and written with its description.
"""

import argparse
import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from calibrating import Outcome, Scenario, average_outcomes, draw_scenarios, fit_calibration, try_out
from data import read_class_names
from development import ask, pick_themes, pick_weather, say_names
from evaluation import EVERYDAY_NAMES, HELD_LABELS, fit_scale, recall_labels, retrieve
from features import Towers
from gathering import Material, choose_kept, choose_told, gather, make_captioned, make_pools
from numpy.typing import NDArray
from pseudo_photos import PseudoPhotos, imagine
from safetensors.torch import save_file
from sentences import HERE, read_class_sentences
from torch import Tensor
from training import Head, Knowledge, Settings, train
from traits import SENTENCES, TRAITS, collect, fit

from clipsorter.encoders.branched_head import YIELDING
from clipsorter.ranking.cutoffs import ANY_ENCODER
from clipsorter.values import Calibration

Floats = NDArray[np.float32]

# Of a batch, so many pairs from each pool. Few labelled ones: a head that sees them often prefers their names later.
SHARES = {"labelled": 32, "captioned here": 32, "captioned apart": 32, "rendered": 12}
VERSION = 5
CALIBRATION = HERE / "calibration.json"  # written by --judge, shipped with the head


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
        captioned = make_captioned(self.material, self.towers, without_fold=fold)
        head = train(pools, captioned, self.known, self.imagined, self.unit, settings=settings)
        told, kept = choose_told(self.material, fold), choose_kept(self.material, held)
        return TrainedHead(head, fit(collect(self.material, told, kept)), self.towers)


class TrainedHead:
    """A head with all branches, as it is shipped."""

    def __init__(self, head: Head, traits: tuple[Floats, Floats], towers: Towers) -> None:
        """``traits``: weights [K, F] and biases [K]."""
        self.tensors: dict[str, Tensor] = head.export()
        self._towers = towers
        weight, bias = traits
        text = self.tensors["text.proj.weight"].float().numpy()
        means = np.stack([towers.sentences(list(SENTENCES[name])).mean(axis=0) for name in TRAITS])
        shares = np.array([trait.share for trait in TRAITS.values()], np.float32)
        added = {
            "traits.weight": weight,
            "traits.bias": bias,
            "shown.weight": (shares[:, None] * _unit(means @ text.T)).T,
        }
        self.tensors |= {
            f"visual.head.{key}": torch.from_numpy(rows).half().contiguous() for key, rows in added.items()
        }

    def images(self, features: Floats) -> Floats:
        """What the app computes from trunk features [N, F]."""
        parts = {key: tensor.float().numpy() for key, tensor in self.tensors.items()}
        hidden = features @ parts["visual.head.mlp.fc1.weight"].T + parts["visual.head.mlp.fc1.bias"]
        active = torch.nn.functional.gelu(torch.from_numpy(hidden)).numpy()
        learned = _unit(active @ parts["visual.head.mlp.fc2.weight"].T + parts["visual.head.mlp.fc2.bias"])
        logits = features @ self._towers.classifier.T + self._towers.classifier_bias
        known = torch.from_numpy(logits).softmax(dim=1).numpy() @ parts["visual.head.meanings.weight"].T
        traits = features @ parts["visual.head.traits.weight"].T + parts["visual.head.traits.bias"]
        shown = torch.from_numpy(traits).sigmoid().numpy() @ parts["visual.head.shown.weight"].T
        longest = np.linalg.norm(parts["visual.head.meanings.weight"], axis=0).max()
        doubt = (1 - np.linalg.norm(known, axis=1, keepdims=True) / longest).clip(min=0) ** YIELDING
        return _unit(learned + known + doubt * shown)

    def texts(self, sentences: list[str]) -> Floats:
        """What the app computes from sentences."""
        return _unit(self._towers.sentences(sentences) @ self.tensors["text.proj.weight"].float().numpy().T)


def _unit(rows: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was kept back says: figures, averaged over the folds, and what fits there."""

    figures: dict[str, float]
    logit_scale: float
    calibration: Calibration  # fitted on all folds
    before: Outcome  # Unsorted with the numbers that hold for any encoder
    after: Outcome  # and with numbers fitted on the other fold: other labels, another head


def judge(recipe: Recipe, settings: Settings) -> Judgement:
    """Train one head per fold, without its half of the captions and its held labels, and ask it about them."""
    rows: list[dict[str, float]] = []
    scenarios: list[list[Scenario]] = []
    material = recipe.material
    names = sorted(set(material.labels))
    for fold, held in enumerate(HELD_LABELS):
        head = recipe.train(replace(settings, seed=settings.seed + fold), fold, held)
        told = [number for number, one in enumerate(material.captions) if one.fold == fold]
        photos = head.images(np.stack([material.captioned[number][0] for number in told]))
        found = retrieve(photos, head.texts([material.captions[number].text for number in told]))
        texts = head.texts([f"a photo of a {EVERYDAY_NAMES.get(name, name)}" for name in names])
        new = [row for row, label in enumerate(material.labels) if label in held and material.teaches[row]]
        labels = [material.labels[row] for row in new]
        seen = head.images(material.labelled[new, 0])
        apart = np.flatnonzero(~material.teaches).tolist()
        skies = [material.labels[row] for row in apart]
        above = head.images(material.labelled[apart, 0])
        facts = {
            "R@1": found.at1,
            "R@5": found.at5,
            "R@10": found.at10,
            "captions": found.n,
            "new labels among all": recall_labels(seen, labels, names, texts),
            "their photos": len(new),
            "weather": recall_labels(above, skies, names, texts),
            "its photos": len(apart),
            "logit scale": fit_scale(seen, texts, np.array([names.index(label) for label in labels], np.intp)),
        }
        called = {label: EVERYDAY_NAMES.get(label, label) for label in held}
        answers = [frozenset({label}) for label in [*labels, *skies]]
        scenarios.append(draw_scenarios(np.concatenate([seen, above]), answers, called, head.texts))
        things, weather = pick_weather(material)
        for name, one in (("themes", pick_themes(material, fold)), ("things in weather", things), ("skies", weather)):
            words, embedded = say_names(one.names, head.texts), head.images(one.features)
            facts |= {f"{name}, {key}": value for key, value in ask(one, embedded, words).items()}
            facts |= {f"{name}, photos": len(embedded)}
        rows.append(facts)
    figures = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    scale = round(figures["logit scale"], 1)
    crossed = [
        try_out(scenarios[fold], fit_calibration(scenarios[1 - fold], scale), scale) for fold in range(len(scenarios))
    ]
    everything = [one for group in scenarios for one in group]
    return Judgement(
        figures=figures,
        logit_scale=scale,
        calibration=fit_calibration(everything, scale),
        before=try_out(everything, ANY_ENCODER, scale),
        after=average_outcomes(crossed),
    )


def export(head: TrainedHead, settings: Settings, out: Path) -> None:
    """Write ``head.safetensors`` and ``head.json``; what was fitted comes from ``CALIBRATION``."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / "head.safetensors"
    save_file(head.tensors, file)
    fitted = json.loads(CALIBRATION.read_text("utf-8"))
    description = {
        "version": VERSION,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "image_size": 224,
        "logit_scale": fitted["logit_scale"],
        "languages": ["en", "zh"],
        "calibration": fitted["calibration"],
        "settings": asdict(settings),
    }
    (out / "head.json").write_text(json.dumps(description, indent=2) + "\n", "utf-8")


def _report(found: Judgement) -> None:
    print("\n".join(f"{key:34s} {value:8.3f}" for key, value in found.figures.items()))
    for name, outcome in (("any encoder", found.before), ("fitted elsewhere", found.after)):
        print(
            f"Unsorted, {name:17s} members kept {outcome.home:.3f}, strays out {outcome.strays_out:.3f}, "
            f"precision {outcome.precision:.3f}"
        )
    fitted = {"logit_scale": found.logit_scale, "calibration": asdict(found.calibration)}
    CALIBRATION.write_text(json.dumps(fitted, indent=2) + "\n", "utf-8")
    print(f"written to {CALIBRATION.name}: {fitted}")


def main() -> None:
    """Judge or make."""
    parser = argparse.ArgumentParser(prog="python packaging/starter_model", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="photos, labels and captions; see data.py")
    parser.add_argument("--work", type=Path, required=True, help="keeps features between runs, about 400 MB")
    parser.add_argument("--out", type=Path, help="where the head goes; not needed with --judge")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=Settings().steps)
    parser.add_argument("--judge", action="store_true", help="print figures on what is kept back instead")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    if not (chosen.judge or chosen.out):
        parser.error("say where the head goes, with --out")
    torch.set_num_threads(chosen.threads)
    settings = Settings(seed=chosen.seed, steps=chosen.steps)
    recipe = Recipe(chosen.data, chosen.work)
    if chosen.judge:
        _report(judge(recipe, settings))
    else:
        export(recipe.train(settings), settings, chosen.out)


if __name__ == "__main__":
    main()
