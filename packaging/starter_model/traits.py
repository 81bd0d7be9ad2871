"""What a photo shows that no class of the trunk stands for: people first of all, screens, paper, weather, places.

ImageNet has no class for a person, so a candid photo was named after whatever lay beside somebody, though the features
tell very well that there is somebody (area under the curve 0.95 to 0.98 on sources never trained on). A trait is a
logistic regression on the features, and its sentences are what it adds to a photo's embedding; in the manner of
Lampert et al., "Attribute-Based Classification for Zero-Shot Visual Object Categorization", 2014. Traits are fitted
beside the trained head, not in it: a head that trains with them leans on how well they know the training photos.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from gathering import Material
from numpy.typing import NDArray
from sentences import read_sentences
from torch.nn import functional

Floats = NDArray[np.float32]

PENALTY = 0.1  # on the squared weights; 0.03 and 0.3 are equal within noise
SPREAD_FLOOR = 0.1  # of a feature, as in training
STEPS = 80  # of L-BFGS; it stops earlier
EVERY_LABELLED = 4  # each fourth labelled photo without a caption says what shows none of them
PEOPLE_LABEL = "faces"
PLAIN_WEIGHT = 0.5  # of a photo without a caption, against 1 of one with


@dataclass(frozen=True, slots=True)
class Trait:
    """Photos that have it are drawn pictures of these kinds, or captioned with one of these tags."""

    # Of its meaning in the embedding of a photo of which the classifier knows nothing, against 1 of what was learned;
    # chosen on sources never trained on.
    share: float
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    near: tuple[str, ...] = ()  # words of a caption, kinds of drawn pictures: may have it, say nothing


TRAITS: Mapping[str, Trait] = {
    "people": Trait(3.0, near=("chat", "desktop", "web page", "phone screen", "terminal", "program", "slide")),
    "screen": Trait(
        0.8,
        kinds=("chat", "desktop", "web page", "code", "phone screen", "terminal", "program", "settings", "game"),
        near=("screen", "table", "slide"),
    ),
    "paper": Trait(
        0.8, kinds=("receipt", "page", "form", "note"), near=("paper", "text", "document", "book", "table", "slide")
    ),
    "sunset": Trait(0.8, kinds=("sunset",), near=("sunset", "sunrise", "evening")),
    "clouds": Trait(0.8, kinds=("clouds",), near=("cloud", "sky", "clear day")),
    "rain": Trait(0.8, kinds=("rain",), near=("rain",)),
    "snow": Trait(0.8, kinds=("snowfall",), near=("snow", "winter")),
    "night": Trait(0.8, kinds=("night",), near=("night",)),
    "street": Trait(0.4, tags=("street", "traffic", "road", "highway", "alley")),
    "buildings": Trait(
        0.4,
        tags=(
            *("city", "skyline", "building", "buildings", "architecture", "village", "houses", "temple", "tower"),
            "bridge",
        ),
    ),
    "sea": Trait(0.4, tags=("sea", "beach", "coast", "ocean", "waves")),
    "mountain": Trait(0.4, tags=("mountain", "mountains", "canyon", "hills", "valley", "cliff", "rocks")),
    "forest": Trait(0.4, tags=("forest", "trees", "woods")),
    "room": Trait(0.4, tags=("room", "office", "restaurant", "cafe", "kitchen", "indoor", "desk")),
    "clear day": Trait(0.8, kinds=("clear day",), near=("sky", "summer", "sun", "beach", "field", "clouds")),
}
SENTENCES = read_sentences("trait_sentences.txt")


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """N photos for K traits."""

    features: Floats  # [N, F]
    shown: Floats  # [N, K], 1, 0, or NaN where nobody knows
    weight: Floats  # [N]


def collect(material: Material, told: Sequence[int], kept: Sequence[int]) -> Examples:
    """From captioned photos (numbers of captions), labelled photos (rows) and all drawn pictures."""
    rows: list[tuple[Floats, list[float], float]] = []
    seen = set()
    for number in told:
        caption = material.captions[number]
        if caption.photo in seen:
            continue
        seen.add(caption.photo)
        words = " ".join((caption.text, *caption.tags)).lower()
        shown = [_read(trait, set(caption.tags), words) for trait in TRAITS.values()]
        shown[0] = float(caption.people != "none")
        rows += [(view, shown, 1.0) for view in material.captioned[number]]
    none = [0.0] * len(TRAITS)
    faces = [1.0, *none[1:]]
    plain = [row for row in kept if f"tar:{material.names[row]}" not in seen]
    for row in plain:
        if material.labels[row] == PEOPLE_LABEL:
            rows += [(view, faces, PLAIN_WEIGHT) for view in material.labelled[row]]
        elif row % EVERY_LABELLED == 0:
            rows += [(view, none, PLAIN_WEIGHT) for view in material.labelled[row]]
    for kind, views in zip(material.rendered_kinds, material.rendered, strict=True):
        shown = [
            1.0 if kind in trait.kinds else float("nan") if kind in trait.near else 0.0 for trait in TRAITS.values()
        ]
        rows += [(view, shown, PLAIN_WEIGHT) for view in views]
    features, answers, weights = zip(*rows, strict=True)
    return Examples(np.stack(features), np.array(answers, np.float32), np.array(weights, np.float32))


def _read(trait: Trait, tags: set[str], words: str) -> float:
    if tags.intersection(trait.tags):
        return 1.0
    return float("nan") if any(word in words for word in (*trait.near, *trait.tags)) else 0.0


def fit(examples: Examples, penalty: float = PENALTY) -> tuple[Floats, Floats]:
    """Weights [K, F] and biases [K] of one logistic regression per trait; photos with it and without weigh the same."""
    features, shown = torch.from_numpy(examples.features), torch.from_numpy(examples.shown)
    mean, spread = features.mean(dim=0), features.std(dim=0) + SPREAD_FLOOR
    normed, known, truth = (features - mean) / spread, ~shown.isnan(), shown.nan_to_num()
    weight = torch.from_numpy(examples.weight)[:, None] * known
    have, lack = (weight * truth).sum(dim=0), (weight * (1 - truth)).sum(dim=0)
    weight = weight * torch.where(truth > 0, 0.5 / have, 0.5 / lack)
    slope = torch.zeros(shown.shape[1], features.shape[1], requires_grad=True)
    bias = torch.zeros(shown.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([slope, bias], max_iter=STEPS, history_size=20, line_search_fn="strong_wolfe")

    def measure() -> float:
        optimiser.zero_grad()
        misses = functional.binary_cross_entropy_with_logits(normed @ slope.T + bias, truth, reduction="none")
        loss = (misses * weight).sum() + penalty * (slope**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    optimiser.step(measure)  # type: ignore[no-untyped-call]
    weights = slope.detach() / spread
    return weights.numpy(), (bias.detach() - weights @ mean).numpy()
