"""Which files a model needs, seen before a byte of them travels: sizes, licence, commit, whose word each hash is."""

import re
from collections.abc import Generator
from dataclasses import dataclass, replace

from clipsorter.encoders.catalogue import (
    OPEN_CLIP_WEIGHTS,
    TEXT_CONFIG_FOLDER,
    TRANSFORMERS_WEIGHTS,
    CatalogueEntry,
)
from clipsorter.encoders.families import TOKENIZER_NAMES, VOCABULARIES
from clipsorter.encoders.hub.address import Network
from clipsorter.encoders.hub.asking import Patience
from clipsorter.encoders.hub.listing import Asked, Listing, RemoteFile, find_conversion, list_repository
from clipsorter.encoders.runtimes import require_torch
from clipsorter.encoders.weight_files import INDEX_NAME
from clipsorter.errors import DownloadError

CONFIGS = ("open_clip_config.json", "config.json", "preprocessor_config.json")
PIECE = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")  # transformers, save_pretrained
PICKLE = re.compile(r".*\.(bin|pt|pth|ckpt|pkl)")
LARGEST_WEIGHTS = 20_000_000_000  # bytes; the largest open model of this kind has 10
LARGEST_OTHER = 64_000_000  # bytes; the tokenizer of a million words has 30


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file to fetch and the name it gets in the model's folder."""

    remote: RemoteFile
    path: str

    @property
    def limit(self) -> int:
        """More bytes than this are not taken, whatever the server says."""
        return LARGEST_WEIGHTS if self.path.endswith(".safetensors") else LARGEST_OTHER


@dataclass(frozen=True, slots=True)
class Plan:
    """What a download would fetch. ``entry`` knows more than the one asked for where the hub said more."""

    entry: CatalogueEntry
    base: str  # address of the hub or mirror
    files: tuple[PlannedFile, ...]
    commits: tuple[tuple[str, str], ...]  # repository, commit
    licence: str  # as the repository's card says; "" where it does not
    converted: bool  # the weights are a conversion by the hub's robot, because the authors published only pickles

    @property
    def size(self) -> int:
        """Bytes; files whose size nobody says count nothing."""
        return sum(file.remote.size or 0 for file in self.files)


def plan_download(
    entry: CatalogueEntry, network: Network, patience: Patience | None = None
) -> Generator[Asked, None, Plan]:
    """Ask the hub what ``entry`` consists of now.

    Raises DownloadError where it cannot be had, and NeedsTorchError, before the hub is asked, where it would not run.
    """
    require_torch()
    patience = patience or Patience()
    if entry.unavailable:
        raise DownloadError(f"{entry.name} cannot be downloaded. {entry.unavailable}")
    wanted = tuple(dict.fromkeys((*OPEN_CLIP_WEIGHTS, *TRANSFORMERS_WEIGHTS, INDEX_NAME, *CONFIGS, *TOKENIZER_NAMES)))
    listing = yield from list_repository(entry.repository, entry.revision, wanted, network, patience)
    entry = _complete(entry, listing)
    converted = False
    if not _find_weights(entry, listing):
        revision = yield from find_conversion(entry.repository, network, patience)
        if not revision:
            raise DownloadError(_say_no_weights(entry, listing))
        licence = listing.licence
        listing = replace(
            (yield from list_repository(entry.repository, revision, wanted, network, patience)), licence=licence
        )
        converted = True
        if not _find_weights(entry, listing):
            raise DownloadError(_say_no_weights(entry, listing))
    names = (*_find_weights(entry, listing), *(name for name in (*CONFIGS, *TOKENIZER_NAMES) if name in listing.files))
    files = [PlannedFile(listing.files[name], name) for name in names]
    if entry.tokenizer and not any(file.path in VOCABULARIES for file in files):
        raise DownloadError(
            f'"{entry.repository}" holds no tokenizer, without which {entry.name} understands no words.'
        )
    commits = [(listing.repository, listing.commit)]
    if entry.text_repository:
        text = yield from list_repository(entry.text_repository, "main", ("config.json",), network, patience)
        if "config.json" not in text.files:
            raise DownloadError(f'"{entry.text_repository}" holds no config.json, which {entry.name} needs.')
        files.append(PlannedFile(text.files["config.json"], f"{TEXT_CONFIG_FOLDER}/config.json"))
        commits.append((text.repository, text.commit))
    for file in files:
        if (file.remote.size or 0) > file.limit:
            raise DownloadError(f'"{file.path}" has {file.remote.size:,} bytes, more than such a file can have.')
    return Plan(entry, network.hub, tuple(files), tuple(commits), listing.licence, converted)


def _complete(entry: CatalogueEntry, listing: Listing) -> CatalogueEntry:
    """A repository that somebody named: its files say whose it is."""
    if entry.architecture:
        return entry
    if "open_clip_config.json" in listing.files:
        return replace(entry, library="open_clip")
    if "config.json" in listing.files:
        return replace(entry, library="transformers", tokenizer=True)
    raise DownloadError(
        f'"{entry.repository}" holds no CLIP model that can be used: it has neither an open_clip_config.json nor a '
        "config.json."
    )


def _find_weights(entry: CatalogueEntry, listing: Listing) -> tuple[str, ...]:
    """The one file, or the index and the pieces it names; empty where there are none that can be read."""
    if whole := next((name for name in entry.weight_names if name in listing.files), ""):
        return (whole,)
    pieces = tuple(sorted(name for name in listing.files if PIECE.fullmatch(name)))
    if entry.library == "transformers" and INDEX_NAME in listing.files and pieces:
        return (INDEX_NAME, *pieces)
    return ()


def _say_no_weights(entry: CatalogueEntry, listing: Listing) -> str:
    if any(name.endswith(".safetensors.index.json") for name in listing.files):
        if entry.library == "transformers":
            return (
                f'"{entry.repository}" holds its weights in several pieces, and this mirror does not list them; '
                "use another mirror or the hub itself."
            )
        return f'"{entry.repository}" holds its weights in several pieces, which open_clip does not read.'
    if any(PICKLE.fullmatch(name) for name in listing.files):
        return (
            f'"{entry.repository}" holds its weights only as a pickle, which can run programs when it is opened, and '
            "nobody has published them as .safetensors there; choose another model."
        )
    return f'"{entry.repository}" holds no .safetensors file with weights.'
