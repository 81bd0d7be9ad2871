"""A model's name becomes files on this machine: without torch, without network, without reading any weights twice."""

import json
import os
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from clipsorter.encoders import catalogue, families, known_models, lexicon, starter_files
from clipsorter.encoders.file_hashes import hash_file
from clipsorter.encoders.installed import MODEL_ID, InstalledModel, check_installed, find_installed
from clipsorter.encoders.weight_files import INDEX_NAME, hash_weights, read_weights_header
from clipsorter.errors import ModelFilesError, UnknownModelError
from clipsorter.json_text import parse_json
from clipsorter.languages import is_read_by
from clipsorter.presence import is_file, is_folder

CONFIG_NAME = "open_clip_config.json"
# open_clip's own order of preference, pickles left out.
WEIGHT_NAMES = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "model.safetensors")
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl")
NEAR = 0.4  # difflib ratio from which a name is worth suggesting


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Everything a child process needs to load a model, checked as far as possible without loading it."""

    kind: Literal["starter", "built-in", "folder", "transformers", "colour"]
    name: str  # for people
    encoder_id: str  # architecture, weights and preprocessing together
    architecture: str = ""  # built-in: a name of open_clip's
    tag: str = ""  # built-in: open_clip's pretrained tag, which knows the preprocessing; may be empty
    folder: Path | None = None  # folder: holds open_clip_config.json; transformers: config.json; both their tokenizer
    weights: Path | None = None  # .safetensors file or index of several, for all but the starter and the double
    languages: tuple[str, ...] = ("en", "zh-Hans")  # BCP 47, best first; the starter reads Chinese by its lexicon

    @property
    def text_id(self) -> str:
        """Names what turns words into embeddings: the encoder, and for the starter its lexicon too."""
        return f"{self.encoder_id}+{lexicon.fingerprint()}" if self.kind == "starter" else self.encoder_id

    def understands(self, phrase: str) -> bool:
        """False where no word of a phrase is known, so that its embedding would be noise."""
        if not is_read_by(phrase, self.languages):
            return False
        # CLIP's own tokenizers know emoji, the starter's has one token for all that it does not know.
        return self.kind != "starter" or any(map(str.isalnum, lexicon.translate(phrase).text))


def find_model(name: str, models_folder: Path) -> ModelSource:
    """Resolve what a person typed.

    ``name`` is "starter", "colour", the id of a downloaded model, "ARCHITECTURE/TAG" or "ARCHITECTURE:TAG" of
    open_clip, a folder with an ``open_clip_config.json`` or a ``config.json``, or "ARCHITECTURE@FILE.safetensors".
    ``models_folder`` need not exist. Nothing is ever downloaded. A downloaded model is compared with its manifest.
    Raises UnknownModelError for a name nobody knows (with near ones) and ModelFilesError when the files are not here,
    not whole or not safe to read.
    """
    typed = name.strip()
    if typed in {"starter", "colour"}:
        return _find_shipped(typed)
    if (installed := _find_downloaded(typed, models_folder)) is not None:
        return _find_installed(installed, models_folder)
    architecture, at, file = typed.partition("@")
    if at:
        return _find_file(architecture, _path(file), models_folder)
    folder = _path(typed.removeprefix("local-dir:"))
    if typed.startswith("local-dir:") or is_folder(folder):
        return _find_folder(folder, models_folder)
    if is_file(folder):
        _refuse_pickle(folder)
        if _is_described(folder):
            return _find_folder(folder.parent, models_folder)
        raise ModelFilesError(f'Say which architecture "{folder.name}" holds, as in "ViT-B-32@{folder}".')
    if folder.is_absolute() or typed.startswith("."):
        raise ModelFilesError(f'There is nothing at "{folder}".')
    return _find_built_in(typed, models_folder)


def _find_shipped(typed: str) -> ModelSource:
    if typed == "starter":
        return ModelSource("starter", starter_files.NAME, starter_files.read_head().encoder_id)
    return ModelSource("colour", "Colours only", "colour-1")


def _path(typed: str) -> Path:
    return Path(os.path.expanduser(typed))  # noqa: PTH111 - Path.expanduser raises for a user nobody knows


def _find_downloaded(typed: str, models_folder: Path) -> InstalledModel | None:
    """The downloaded model that goes by this name; raises ModelFilesError for a catalogued one that is not here."""
    entry = catalogue.find_entry(typed)
    for model_id in (typed, entry.id if entry else typed, typed.replace(":", "/", 1).replace("/", "--", 1)):
        if MODEL_ID.fullmatch(model_id) and (installed := find_installed(model_id, models_folder)):
            return installed
    if entry is not None and entry.unavailable:
        raise ModelFilesError(f"{entry.name} cannot be used. {entry.unavailable}")
    if entry is not None and entry.id == typed.casefold():
        raise ModelFilesError(
            f"{entry.name} is not on this machine, and nothing is downloaded unless you ask: "
            f"clipsorter models download {entry.id}."
        )
    return None


def _find_installed(model: InstalledModel, models_folder: Path) -> ModelSource:
    for _ in check_installed(model, models_folder):
        pass
    entry = model.entry
    if entry.library != "open_clip" or not entry.architecture:
        return replace(_find_folder(model.folder, models_folder), name=entry.name)
    config = _read_architecture(entry.architecture)
    folder = model.folder if entry.tokenizer or entry.text_repository else None
    return _identify(
        "built-in", entry.name, model.weights, config, models_folder, entry.architecture, entry.tag, folder
    )


def _find_built_in(typed: str, models_folder: Path) -> ModelSource:
    architecture, _, tag = typed.replace(":", "/", 1).partition("/")
    config = _read_architecture(architecture)
    tags = known_models.list_tags(architecture)
    if tag not in tags:
        known = ", ".join(tags) or "none"
        raise UnknownModelError(f'"{architecture}" needs the name of its weights, one of: {known}.')
    folder = models_folder / f"{architecture}--{tag}"
    weights = _choose_weights(folder) if folder.is_dir() else known_models.find_cached(tags[tag])
    if weights is None:
        raise ModelFilesError(
            f'The weights of "{architecture}/{tag}" are not on this machine, and nothing is downloaded unless you ask; '
            f'download them with "clipsorter models download {architecture}/{tag}" or put a .safetensors file into '
            f'"{folder}".'
        )
    return _identify("built-in", f"{architecture}/{tag}", weights, config, models_folder, architecture, tag)


def _find_file(architecture: str, weights: Path, models_folder: Path) -> ModelSource:
    config = _read_architecture(architecture)
    _refuse_pickle(weights)
    if weights.suffix != ".safetensors" or not is_file(weights):
        raise ModelFilesError(f'There is no .safetensors file at "{weights}".')
    name = f"{architecture} ({weights.name})"
    return _identify("built-in", name, weights.absolute(), config, models_folder, architecture, "")


def _find_folder(folder: Path, models_folder: Path) -> ModelSource:
    config_file = folder / CONFIG_NAME
    if not config_file.is_file():
        if (folder / families.CONFIG_NAME).is_file():
            return _find_transformers(folder, models_folder)
        raise ModelFilesError(f'"{folder}" is not a model folder: it has no {CONFIG_NAME} and no config.json.')
    config = _read_json(config_file)
    if not isinstance(config, dict) or not isinstance(config.get("model_cfg"), dict):
        raise ModelFilesError(f'"{config_file}" does not describe an open_clip model: it has no "model_cfg".')
    weights = _choose_weights(folder)
    name = folder.resolve().name
    return _identify("folder", name, weights.absolute(), config, models_folder, name, "", folder.absolute())


def _find_transformers(folder: Path, models_folder: Path) -> ModelSource:
    family, config = families.read_family(folder)
    weights = folder / INDEX_NAME
    if not weights.is_file() or (folder / "model.safetensors").is_file():
        weights = _choose_weights(folder)
    read = [families.PREPROCESSOR_NAME, *families.TOKENIZER_NAMES]
    facts = {name: hash_file(folder / name, models_folder) for name in read if (folder / name).is_file()}
    source = _identify(
        "transformers",
        folder.resolve().name,
        weights.absolute(),
        [config, facts],
        models_folder,
        f"{config['model_type']}",
        "",
        folder.absolute(),
    )
    return replace(source, languages=families.languages_of(family, config))


def _identify(  # noqa: PLR0917 - private, called three times above
    kind: Literal["built-in", "folder", "transformers"],
    name: str,
    weights: Path,
    config: Any,
    models_folder: Path,
    architecture: str,
    tag: str,
    folder: Path | None = None,
) -> ModelSource:
    """Everything that changes an embedding goes into the id: architecture, preprocessing (tag or folder), weights."""
    read_weights_header(weights)
    facts = [kind, architecture if kind == "built-in" else "", tag, config, hash_weights(weights, models_folder)]
    if kind != "transformers" and (texts := _hash_text_files(config, folder or weights.parent, models_folder)):
        facts.append(texts)
    digest = sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in architecture)
    model_cfg = config.get("model_cfg", config) if isinstance(config, dict) else {}
    languages = families.languages_of_open_clip(model_cfg)
    return ModelSource(kind, name, f"{plain[:40]}-{digest[:12]}", architecture, tag, folder, weights, languages)


def _hash_text_files(config: Any, beside: Path, models_folder: Path) -> dict[str, str]:
    """Path -> SHA-256 of the files beside the weights that an open_clip model's text tower is read from."""
    model_cfg = config.get("model_cfg", config) if isinstance(config, dict) else {}
    text = model_cfg.get("text_cfg")
    if not isinstance(text, dict):
        return {}
    names = list(families.TOKENIZER_NAMES) if text.get("hf_tokenizer_name") else []
    if text.get("hf_model_name"):
        names.append(f"{catalogue.TEXT_CONFIG_FOLDER}/{families.CONFIG_NAME}")
        names.append(families.CONFIG_NAME)
    return {name: hash_file(beside / name, models_folder) for name in names if (beside / name).is_file()}


def _read_architecture(architecture: str) -> Any:
    known = known_models.list_architectures()
    if architecture in known:
        return _read_json(known[architecture])
    by_lower = {candidate.casefold(): candidate for candidate in ["starter", *known]}
    near = [by_lower[match] for match in get_close_matches(architecture.casefold(), by_lower, n=3, cutoff=NEAR)]
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise UnknownModelError(f'No model is called "{architecture}".{hint}')


def _is_described(file: Path) -> bool:
    """Whether a weights file lies alone beside the description of a whole model."""
    if file.suffix != ".safetensors" or len(list(file.parent.glob("*.safetensors"))) != 1:
        return False
    ours, theirs = file.parent / CONFIG_NAME, file.parent / families.CONFIG_NAME
    if ours.is_file():
        return bool(families.read_description(ours).get("model_cfg"))
    return theirs.is_file() and "model_type" in families.read_description(theirs)


def _choose_weights(folder: Path) -> Path:
    files = sorted(folder.glob("*.safetensors"))
    for name in WEIGHT_NAMES:
        if folder / name in files:
            return folder / name
    if len(files) == 1:
        return files[0]
    if (folder / INDEX_NAME).is_file():
        raise ModelFilesError(
            f'"{folder}" holds its weights in pieces, which open_clip does not read; use the single '
            f"{WEIGHT_NAMES[0]} of the same model."
        )
    if files:
        raise ModelFilesError(
            f'"{folder}" holds {len(files)} .safetensors files; leave one, or name it {WEIGHT_NAMES[0]}.'
        )
    for file in sorted(folder.iterdir()):
        _refuse_pickle(file)
    raise ModelFilesError(f'"{folder}" holds no .safetensors file.')


def _refuse_pickle(file: Path) -> None:
    if file.suffix.lower() in PICKLES:
        raise ModelFilesError(
            f'"{file.name}" is not read, because such files can run programs when they are opened; '
            "use the .safetensors version of the model."
        )


def _read_json(file: Path) -> Any:
    try:
        return parse_json(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFilesError(f'"{file}" cannot be read as a model description.') from error
