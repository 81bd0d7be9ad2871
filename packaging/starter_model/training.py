"""The two projections, trained as CLIP is: matching pairs against all other pairs of the batch, both ways.

Both towers stay frozen (LiT keeps one frozen); their features are computed once, so a step costs a few matrix
products. A pair is a photo, one of its views, and one of its sentences. Pairs whose sentences nearly agree are not
each other's negatives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from pseudo_photos import PseudoPhotos
from torch import Tensor, nn
from torch.nn import functional

Floats = NDArray[np.float32]

HIDDEN = 768
SPREAD_FLOOR = 0.1  # of a feature, so that rare features are not blown up
SHARE = 0.8  # of what the classifier knows, against 1 for what was learned; chosen on labels kept back
NAME_SHARE = 0.3  # of a class's name in its meaning, the rest is what its photos usually show


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Photos of one kind: N photos in V views, the sentences of each as rows of ``texts``."""

    views: Floats  # [N, V, F]
    sentences: Sequence[Sequence[int]]  # N lists of rows
    texts: Floats  # [T, D], L2-normalised


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What the trunk knew before: its classifier, and the sentences [S_c, D] of each of its C classes."""

    weight: Floats  # [C, F]
    bias: Floats  # [C]
    sentences: Sequence[Floats]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train; the defaults made the shipped head."""

    seed: int = 0
    steps: int = 400
    rate: float = 1.5e-3  # peak of the one-cycle schedule
    decay: float = 0.05
    dropout: tuple[float, float] = (0.4, 0.2)  # of features, of hidden units
    noise: float = 0.3  # standard deviations of a feature
    alike: float = 0.85  # cosine of sentences from which two pairs are no negatives
    imagined: int = 128  # pseudo-photos of one class per batch
    mixed: int = 64  # pseudo-photos of two classes per batch
    joined: int = 96  # captioned photos per batch, each mixed with a pseudo-photo of one class
    temperature: float = 0.07  # at the start; learned, as in CLIP


class Head(nn.Module):
    """Image features [B, F] and sentence embeddings [B, D] into one space; see ``export`` for the stored form."""

    def __init__(self, mean: Tensor, spread: Tensor, unit: Tensor, known: "Knowledge", settings: Settings) -> None:
        """``unit`` [D] is the direction all sentences share; both sides start without it."""
        super().__init__()
        dimension = len(unit)
        self.weight, self.bias = nn.Buffer(torch.from_numpy(known.weight)), nn.Buffer(torch.from_numpy(known.bias))
        self.meanings = nn.Buffer(torch.from_numpy(average_meanings(known.sentences)))
        self.mean, self.spread = nn.Buffer(mean), nn.Buffer(spread)
        self.centre = nn.Buffer(torch.eye(dimension) - torch.outer(unit, unit))
        self.hidden, self.out = nn.Linear(len(mean), HIDDEN), nn.Linear(HIDDEN, dimension)
        self.text = nn.Parameter(self.centre.clone())
        self.log_scale = nn.Parameter(torch.tensor(-np.log(settings.temperature), dtype=torch.float32))
        self.first, self.second = (nn.Dropout(share) for share in settings.dropout)

    def images(self, features: Tensor, noise: float = 0.0) -> Tensor:
        """Unit vectors [B, D]."""
        known = (features - self.mean) / self.spread
        if noise:
            known = known + noise * torch.randn_like(known)
        hidden = self.second(functional.gelu(self.hidden(self.first(known))))
        learned = functional.normalize(self.out(hidden) @ self.centre, dim=1)
        certain = functional.linear(features, self.weight, self.bias).softmax(dim=1)
        return functional.normalize(learned + SHARE * certain @ self.texts(self.meanings), dim=1)

    def texts(self, embeddings: Tensor) -> Tensor:
        """Unit vectors [B, D]."""
        return functional.normalize(embeddings @ self.text.T, dim=1)

    def export(self) -> dict[str, Tensor]:
        """The tensors of the shipped file, fp16, with normalisation, centring and shares folded in.

        ``clipsorter.encoders.branched_head`` computes the same from them.
        """
        first = self.hidden.weight / self.spread
        tensors = {
            "visual.head.mlp.fc1.weight": first,
            "visual.head.mlp.fc1.bias": self.hidden.bias - first @ self.mean,
            "visual.head.mlp.fc2.weight": self.centre @ self.out.weight,
            "visual.head.mlp.fc2.bias": self.centre @ self.out.bias,
            "visual.head.meanings.weight": SHARE * self.texts(self.meanings).T,
            "text.proj.weight": self.text,
        }
        return {key: tensor.detach().half().contiguous() for key, tensor in tensors.items()}


def average_meanings(classes: Sequence[Floats]) -> Floats:
    """What each class means [C, D], from its sentences [S_c, D], the first of which is its name."""
    meanings = []
    for sentences in classes:
        shown = sentences[1:].mean(axis=0) if len(sentences) > 1 else sentences[0]
        meanings.append(NAME_SHARE * sentences[0] + (1 - NAME_SHARE) * shown / np.linalg.norm(shown))
    return np.stack(meanings)


def contrast(images: Tensor, texts: Tensor, scale: Tensor, alike: Tensor) -> Tensor:
    """CLIP's loss: the mean of both cross-entropies; ``alike`` [B, B] marks pairs that are no negatives."""
    logits = (scale * images @ texts.T).masked_fill(alike, -1e4)
    target = torch.arange(len(images))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


def train(
    pools: Mapping[str, tuple[Pool, int]],
    captioned: Pool,
    known: Knowledge,
    imagined: PseudoPhotos,
    unit: Floats,
    *,
    settings: Settings,
) -> Head:
    """Train a head. ``pools`` come with their share of a batch, in pairs; ``captioned`` ones are joined with others."""
    torch.manual_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    every = np.concatenate([pool.views.reshape(-1, pool.views.shape[-1]) for pool, _ in pools.values()])
    head = Head(
        torch.tensor(every.mean(axis=0)),
        torch.tensor(every.std(axis=0) + SPREAD_FLOOR),
        torch.tensor(unit),
        known,
        settings,
    )
    slow = [head.text, head.log_scale]
    fast = [parameter for parameter in head.parameters() if all(parameter is not one for one in slow)]
    optimiser = torch.optim.AdamW(
        [{"params": fast, "weight_decay": settings.decay}, {"params": slow, "weight_decay": 0.0}], lr=settings.rate
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [settings.rate, settings.rate / 5], settings.steps)
    head.train()
    for _ in range(settings.steps):
        drawn = [_draw(pool, count, rng) for pool, count in pools.values() if count]
        drawn.append(_imagine_one(imagined, known.sentences, settings.imagined, rng))
        drawn.append(_imagine_two(imagined, known.sentences, settings.mixed, rng))
        drawn.append(join(captioned, imagined, known.sentences, settings.joined, rng))
        features = torch.from_numpy(np.concatenate([one[0] for one in drawn]))
        texts = torch.from_numpy(np.concatenate([one[1] for one in drawn]))
        with torch.no_grad():
            centred = functional.normalize(texts @ head.centre, dim=1)
            alike = (centred @ centred.T > settings.alike).fill_diagonal_(fill_value=False)
        loss = contrast(
            head.images(features, settings.noise), head.texts(texts), head.log_scale.exp().clamp(max=100), alike
        )
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    return head.eval()


def _draw(pool: Pool, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    photos = rng.integers(len(pool.views), size=count)
    views = rng.integers(pool.views.shape[1], size=count)
    rows = [pool.sentences[photo][int(rng.integers(len(pool.sentences[photo])))] for photo in photos.tolist()]
    return pool.views[photos, views].astype(np.float32), pool.texts[rows]


def _imagine_one(
    imagined: PseudoPhotos, classes: Sequence[Floats], count: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    chosen, noise = rng.integers(len(classes), size=count), rng.integers(len(imagined.residuals), size=count)
    features = imagined.mean + imagined.offsets[chosen] + imagined.residuals[noise]
    return np.maximum(features, 0), np.stack([rng.choice(classes[one]) for one in chosen])


def _imagine_two(
    imagined: PseudoPhotos, classes: Sequence[Floats], count: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Two things in one picture: features and sentences are mixed in the same proportion."""
    one, other = rng.integers(len(classes), size=(2, count))
    share = rng.uniform(0.3, 0.7, size=(count, 1)).astype(np.float32)
    noise = imagined.residuals[rng.integers(len(imagined.residuals), size=count)]
    features = imagined.mean + share * imagined.offsets[one] + (1 - share) * imagined.offsets[other] + noise
    texts = share * np.stack([rng.choice(classes[k]) for k in one]) + (1 - share) * np.stack(
        [rng.choice(classes[k]) for k in other]
    )
    return np.maximum(features, 0), texts / np.linalg.norm(texts, axis=1, keepdims=True)


def join(
    captioned: Pool, imagined: PseudoPhotos, classes: Sequence[Floats], count: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """A captioned photo with something else in it, as candid photos have: of these there are few, of classes many."""
    photos, texts = _draw(captioned, count, rng)
    others, words = _imagine_one(imagined, classes, count, rng)
    share = rng.uniform(0.25, 0.7, size=(count, 1)).astype(np.float32)
    said = share * texts + (1 - share) * words
    return share * photos + (1 - share) * others, said / np.linalg.norm(said, axis=1, keepdims=True)
