"""Photos of sources that taught the judged head nothing, among the 34 everyday categories: what settings are chosen on.

Site themes and demos, kept back by repository, say by their tags what they may be called. Weather photos teach nothing;
what they show beside their weather was written down by looking at them (``weather_labels.txt``). The gate photos are
not here: they judge what is finished.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from data import Caption
from gathering import Material
from numpy.typing import NDArray
from sentences import HERE, read_sentences

from clipsorter.ranking.prompts import average, describe

Floats = NDArray[np.float32]
ReadTexts = Callable[[list[str]], Floats]

PEOPLE = frozenset({"portrait", "adults", "children"})
PLACES = frozenset({"buildings", "furniture", "street", "forest", "sea", "mountain"})
SKIES = frozenset({"rain", "cloudy sky", "sunset"})


@dataclass(frozen=True, slots=True, eq=False)
class Everyday:
    """N photos, and what each may be called; never empty."""

    features: Floats  # [N, F]
    allowed: tuple[frozenset[str], ...]
    names: tuple[str, ...]  # to choose from


def read_everyday_names() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Category -> tags of captions, labels of open sets."""
    found = {}
    for line in (HERE / "everyday_names.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(":")
            tags, labels = (frozenset(filter(None, map(str.strip, part.split(";")))) for part in rest.split("|"))
            found[name] = (tags, labels)
    return found


def allow(caption: Caption) -> frozenset[str]:
    """What a captioned photo may be called."""
    people = {"none": (), "child": ("children", "portrait")}.get(caption.people, ("portrait", "adults"))
    tagged = (name for name, (tags, _) in read_everyday_names().items() if tags.intersection(caption.tags))
    return frozenset((*people, *tagged))


def pick_themes(material: Material, fold: int) -> Everyday:
    """The theme photos that a head of this fold has not seen."""
    pairs = [
        (material.captioned[number][0], allow(one))
        for number, one in enumerate(material.captions)
        if one.source and one.fold == fold
    ]
    features, allowed = zip(*(pair for pair in pairs if pair[1]), strict=True)
    return Everyday(np.stack(features), allowed, tuple(read_everyday_names()))


def pick_weather(material: Material) -> tuple[Everyday, Everyday]:
    """Weather photos of which something else was noted, without the names of weather; and all by their weather."""
    everyday = read_everyday_names()
    noted = {number: frozenset(names) for number, names in read_sentences("weather_labels.txt").items()}
    rows = np.flatnonzero(~material.teaches).tolist()
    skies = {label: name for name in SKIES for label in everyday[name][1]}
    number = [material.names[row].removesuffix(".webp") for row in rows]
    things = [noted.get(one, frozenset()) for one in number]
    other = [k for k, row in enumerate(rows) if things[k] and skies.get(material.labels[row]) != "sunset"]
    known = [k for k, row in enumerate(rows) if material.labels[row] in skies]
    views = material.labelled[rows, 0]
    return (
        Everyday(
            views[other],
            tuple((things[k] | (PEOPLE & {"portrait"} if things[k] & PEOPLE else frozenset())) - SKIES for k in other),
            tuple(name for name in everyday if name not in SKIES),
        ),
        Everyday(
            views[known],
            tuple(things[k] | {skies[material.labels[rows[k]]]} for k in known),
            tuple(everyday),
        ),
    )


def say_names(names: Sequence[str], read: ReadTexts) -> Floats:
    """Unit vectors [K, D] of categories, through the app's own prompts."""
    return np.stack([average(list(read(list(describe(name, ("en",)))))) for name in names])


def ask(everyday: Everyday, photos: Floats, words: Floats) -> dict[str, float]:
    """Shares: photos whose first name, or one of the first three, is allowed; people found; people where none are; and
    things found that people are photographed with, since a person may be called a person but a band is music first.
    """
    order = np.argsort(-(photos @ words.T), axis=1)
    names = np.asarray(everyday.names)
    right = np.array([[name in allowed for name in everyday.names] for allowed in everyday.allowed])
    rows = np.arange(len(photos))[:, None]
    hits = right[rows, order[:, :3]]
    there = np.array([bool(allowed & PEOPLE) for allowed in everyday.allowed])
    said = np.isin(names[order[:, 0]], list(PEOPLE))
    apart = np.array([bool(allowed - PEOPLE - PLACES) for allowed in everyday.allowed]) & there
    return {
        "top-1": float(hits[:, 0].mean()),
        "top-3": float(hits.any(axis=1).mean()),
        "people found": float(said[there].mean()) if there.any() else float("nan"),
        "people imagined": float(said[~there].mean()) if not there.all() else float("nan"),
        "things with people": float((hits[:, 0] & ~said)[apart].mean()) if apart.any() else float("nan"),
    }
