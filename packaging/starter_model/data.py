"""What the recipe learns from: photos, their labels, and captions, read from one data directory.

The directory holds ``photos/*.tar`` with a ``.jsonl`` beside each (``id``, ``file``, ``label``, ``source``,
``licence``), ``captions/captions.jsonl`` (``photo``: "tar:<file>" or "photos/<file>", ``caption_en``, ``people``,
``tags``, ``licence``), ``captions/photos/`` and ``imagenet_names.txt`` or ``text-minilm.npz`` with the names of the
1,000 classes. The model card says where openly licensed photos of this kind come from.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from sentences import CLASSES, HERE, read_sentences

# Photos that judge and never teach: the weather set is a collection of agency pictures, some with their marks.
JUDGE_ONLY = frozenset({"mcwd-weather"})
# The first marks that were found; these photos are not even judged with.
MARKED = frozenset({8713, 8966, 8944, 8899, 8969, 9280, 8849})
FOLDS = 2
# Captioned photos that lie apart are kept back by the repository they come from: a head is asked about sources it never
# saw. These owners' photos are kept back in fold 0, all others' in fold 1.
FIRST_FOLD = ("creativetimofficial/", "StartBootstrap/startbootstrap-agency")
# What may be said of any photo with people, beside its caption: the words that people sort by.
PEOPLE = {
    "one": ("a person", "people", "adults", "an adult", "a portrait"),
    "group": ("a group of people", "people", "adults", "a group of adults", "friends"),
    "crowd": ("a group of people", "people", "adults", "a crowd of people"),
    "child": ("a child", "children", "kids", "a young child"),
}


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """A photo of the open sets."""

    name: str  # of the file
    label: str
    source: str
    data: bytes

    def open(self) -> Image.Image:
        """The picture, RGB."""
        return Image.open(io.BytesIO(self.data)).convert("RGB")


@dataclass(frozen=True, slots=True)
class Caption:
    """What a person wrote about one photo."""

    photo: str  # as in the file: "tar:000107.webp" or "photos/a0001.webp"
    text: str
    people: str  # none, one, group, crowd, child
    tags: tuple[str, ...]
    further: tuple[str, ...] = ()  # captions
    source: str = ""  # the repository of a photo that lies apart

    @property
    def fold(self) -> int:
        """Which half of the captions is kept back when this one is judged; the same on every machine."""
        if self.source:
            return 0 if self.source.startswith(FIRST_FOLD) else 1
        return int(hashlib.sha1(self.photo.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS

    @property
    def sentences(self) -> tuple[str, ...]:
        """What may be said of the photo; the caption itself three times as often, further ones twice."""
        return (self.text,) * 3 + self.further * 2 + (" ".join(self.tags) or self.text, *PEOPLE.get(self.people, ()))


def read_labelled(directory: Path) -> list[LabelledPhoto]:
    """All photos of the tars, in file order."""
    return [photo for tar in sorted((directory / "photos").glob("*.tar")) for photo in _read_tar(tar)]


def _read_tar(tar: Path) -> Iterator[LabelledPhoto]:
    lines = tar.with_suffix(".jsonl").read_text("utf-8").splitlines()
    facts = {entry["file"]: entry for entry in map(json.loads, lines)}
    with tarfile.open(tar) as archive:
        for member in archive.getmembers():
            entry = facts.get(Path(member.name).name)
            content = archive.extractfile(member)
            if entry is not None and content is not None and entry["id"] not in MARKED:
                yield LabelledPhoto(entry["file"], entry["label"], entry["source"], content.read())


def read_captions(directory: Path) -> list[Caption]:
    """Captions without those whose photo carries a mark ("doubtful"), then those of ``own_captions.txt``.

    What ``further_captions.txt`` says of a photo comes with its first caption.
    """
    lines = (directory / "captions" / "captions.jsonl").read_text("utf-8").splitlines()
    return [*_read_collected(lines), *_read_own()]


def _read_collected(lines: list[str]) -> list[Caption]:
    further = {f"photos/{key}.webp": said for key, said in read_sentences("further_captions.txt").items()}
    return [
        Caption(
            photo,
            entry["caption_en"],
            entry["people"],
            tuple(entry["tags"]),
            further.get(photo, ()),
            "" if photo.startswith("tar:") else entry.get("source", ""),
        )
        for photo, entry in ((one["photo"], one) for one in map(json.loads, lines))
        if not entry["licence"].startswith("doubtful")
    ]


def _read_own() -> Iterator[Caption]:
    for line in (HERE / "own_captions.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            facts, _, said = line.partition(":")
            number, people = facts.split()
            text, _, tags = said.partition("|")
            words = tuple(tag.strip() for tag in tags.split(","))
            yield Caption(f"tar:{number}.webp", text.strip(), people, words)


def read_class_names(directory: Path) -> list[str]:
    """The 1,000 class names, synonyms separated by commas, in the order of the trunk's classifier."""
    plain = directory / "imagenet_names.txt"
    if plain.exists():
        names = plain.read_text("utf-8").splitlines()
    else:
        names = [str(name) for name in np.load(directory / "text-minilm.npz")["imagenet_names"]]
    if len(names) != CLASSES:
        raise ValueError(f"Expected {CLASSES} class names, found {len(names)}.")
    return names
