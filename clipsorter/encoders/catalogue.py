"""The models ClipSorter recommends and can download: facts for people and for the download, without any network.

The facts themselves are plain data (``resources/models.toml``). Where the hub's own answer is better (exact sizes,
commits, hashes), the download asks it; nothing here pretends to know a hash.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from clipsorter.encoders import known_models

OPEN_CLIP_WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "model.safetensors")
TRANSFORMERS_WEIGHTS = ("model.safetensors",)
TEXT_CONFIG_FOLDER = "text_config"  # config.json of a text tower that open_clip takes from transformers
SLOW_GFLOPS = 20.0  # more than this per photo takes seconds on an ordinary processor

Library = Literal["open_clip", "transformers"]
Speed = Literal["fast", "medium", "slow"]


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One model that can be had. A downloaded one lies in ``models_folder / id``, its files named as in the hub.

    ``library`` says who loads it. For "open_clip", ``architecture`` and ``tag`` are open_clip's names (the tag knows
    preprocessing and quick-GELU), and a text tower of transformers finds its configuration in
    ``text_config/config.json`` of the folder, its tokenizer in the folder itself. For "transformers",
    ``architecture`` is the ``model_type`` of the folder's ``config.json``.
    """

    id: str
    name: str  # for people
    family: str
    library: Library
    architecture: str
    repository: str  # "organisation/name" on the hub
    tag: str = ""
    revision: str = "main"  # the download pins it to the commit it means
    text_repository: str = ""  # holds the configuration of the text tower, where that is another one
    tokenizer: bool = False  # needs a tokenizer from the repository; others bring theirs along in open_clip
    languages: tuple[str, ...] = ()  # BCP 47, best first
    templates: str = "en"  # key of the prompt templates: "en", "zh", "zh+en"
    size: int = 0  # bytes, about: 4 per parameter; the hub's answer counts
    gflops: float = 0.0  # per photo: 2 per multiplication and addition of the image tower; 0: not known
    code_licence: str = ""
    code_licence_url: str = ""
    weights_licence: str = ""
    weights_licence_url: str = ""
    good_for: str = ""
    good_for_zh: str = ""
    unavailable: str = ""  # why it cannot be had, a sentence; empty: it can
    unavailable_zh: str = ""

    @property
    def weight_names(self) -> tuple[str, ...]:
        """What its weights may be called in the repository, best first."""
        return OPEN_CLIP_WEIGHTS if self.library == "open_clip" else TRANSFORMERS_WEIGHTS

    @property
    def speed(self) -> Speed:
        """How fast on an ordinary processor, beside the other models."""
        return "fast" if self.gflops <= SLOW_GFLOPS else "medium" if self.gflops <= 5 * SLOW_GFLOPS else "slow"

    @property
    def is_convolutional(self) -> bool:
        """Whether its image tower is mostly small convolutions, which a processor does slower per operation."""
        return self.architecture.startswith(("RN", "MobileCLIP")) or self.id == "chinese-clip-rn50"

    @property
    def research_only(self) -> bool:
        """Whether the licence of the weights forbids business use."""
        return any(word in self.weights_licence for word in ("NC", "research"))


@cache
def read_catalogue() -> tuple[CatalogueEntry, ...]:
    """All entries, in the order in which they are shown."""
    text = files("clipsorter.resources").joinpath("models.toml").read_text("utf-8")
    return tuple(_entry(table) for table in tomllib.loads(text)["model"])


def find_entry(name: str) -> CatalogueEntry | None:
    """The entry of that id, hub repository, or "ARCHITECTURE/TAG"; for any other name None."""
    wanted = name.strip().casefold()
    for entry in read_catalogue():
        names = {entry.id, entry.repository.casefold()}
        if entry.tag:
            names |= {f"{entry.architecture}{mark}{entry.tag}".casefold() for mark in "/:"}
        if wanted in names:
            return entry
    return None


def make_entry(name: str) -> CatalogueEntry | None:
    """An entry for what open_clip can load by name ("ARCHITECTURE/TAG"), or for any repository ("ORGANISATION/NAME").

    Less is known of these than of the catalogue's own. None where the name has another form.
    """
    first, _, second = name.strip().replace(":", "/", 1).partition("/")
    if first in known_models.list_architectures():
        location = known_models.list_tags(first).get(second, "")
        organisation, _, rest = location.partition("/")
        repository = f"{organisation}/{rest.partition('/')[0]}"
        if not rest:
            return None
        return CatalogueEntry(
            id=f"{first}--{second}",
            name=f"{first}/{second}",
            family="open_clip",
            library="open_clip",
            architecture=first,
            tag=second,
            repository=repository,
            text_repository=known_models.text_repository(first),
            tokenizer=known_models.needs_tokenizer(first),
        )
    if not (first and second) or "/" in second or not all(_is_plain(part) for part in (first, second)):
        return None
    return CatalogueEntry(
        id=f"{first}--{second}",
        name=f"{first}/{second}",
        family="hub",
        library="transformers",
        architecture="",
        repository=f"{first}/{second}",
    )


def recommend(languages: tuple[str, ...], *, has_gpu: bool) -> tuple[str, ...]:
    """Ids of the entries to recommend, best first, for the languages a person writes in (BCP 47) and the hardware.

    After published retrieval results: Chinese-CLIP and the multilingual OpenCLIP where Chinese is written, SigLIP 2 for
    English, MobileCLIP2 for English on a machine without a graphics card (docs/models.md, "What is recommended").
    """
    chinese = any(language.casefold().startswith("zh") for language in languages)
    english = any(language.casefold().startswith("en") for language in languages)
    if chinese and english:
        return ("xlm-roberta-vit-b-32", "chinese-clip-vit-b-16", "siglip2-b-32-256")
    if chinese:
        return ("chinese-clip-vit-l-14" if has_gpu else "chinese-clip-vit-b-16", "xlm-roberta-vit-b-32")
    if english or not languages:
        return ("siglip2-b-16", "siglip2-b-32-256") if has_gpu else ("siglip2-b-32-256", "mobileclip2-s0")
    return ("siglip2-b-32-256", "xlm-roberta-vit-b-32")


def _is_plain(part: str) -> bool:
    """What the hub allows in a name, which is also safe as the name of a folder."""
    return part.isascii() and part.strip(".-_") != "" and all(letter.isalnum() or letter in "-_." for letter in part)


def _entry(table: dict[str, Any]) -> CatalogueEntry:
    return CatalogueEntry(**{**table, "languages": tuple(table["languages"])})
