"""What open_clip could load, read from its files without importing it: importing it would import torch."""

import ast
import importlib.util
import os
from functools import cache
from pathlib import Path

from clipsorter.encoders.runtimes import require_torch
from clipsorter.errors import ModelFilesError
from clipsorter.json_text import parse_json


@cache
def find_package() -> Path:
    """The folder of the installed open_clip; raises NeedsTorchError where there is none."""
    require_torch()
    found = importlib.util.find_spec("open_clip")
    if found is None or found.origin is None:
        raise ModelFilesError("The package open_clip is damaged; install open_clip_torch again.")
    return Path(found.origin).parent


@cache
def list_architectures() -> dict[str, Path]:
    """Architecture name -> its configuration file."""
    return {file.stem: file for file in sorted((find_package() / "model_configs").glob("*.json"))}


def list_tags(architecture: str) -> dict[str, str]:
    """Pretrained tag -> "organisation/repository/file" on Hugging Face ("" where open_clip knows none).

    A repository that ends in "/" means open_clip's default file name.
    """
    return _read_tables().get(architecture, {})


def find_cached(location: str) -> Path | None:
    """The safetensors file of ``location`` (as ``list_tags`` says it) in the local Hugging Face cache, or None."""
    organisation, _, rest = location.partition("/")
    repository, _, file = rest.partition("/")
    names = (
        [Path(file).with_suffix(".safetensors").name]
        if file
        else [
            "open_clip_model.safetensors",
            "open_clip_pytorch_model.safetensors",
        ]
    )
    folder = _cache_folder() / f"models--{organisation}--{repository}"
    try:
        revision = (folder / "refs" / "main").read_text("utf-8").strip()
    except OSError:
        return None
    return next((path for name in names if (path := folder / "snapshots" / revision / name).is_file()), None)


def _cache_folder() -> Path:
    """Where Hugging Face keeps downloads: its documented environment variables, in its order."""
    if folder := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(folder).expanduser()
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(home).expanduser() / "hub"


@cache
def _read_tables() -> dict[str, dict[str, str]]:
    """open_clip/pretrained.py is one table in Python syntax; its literal parts are read, nothing is run."""
    tree = ast.parse((find_package() / "pretrained.py").read_text("utf-8"))
    named: dict[str, ast.expr] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            named[statement.targets[0].id] = statement.value
    table = named.get("_PRETRAINED")
    if not isinstance(table, ast.Dict):
        return {}
    return {
        key.value: _read_tags(named.get(value.id, value) if isinstance(value, ast.Name) else value)
        for key, value in zip(table.keys, table.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _read_tags(value: ast.expr) -> dict[str, str]:
    tags: dict[str, str] = {}
    for tag in value.keywords if isinstance(value, ast.Call) else []:
        if tag.arg is not None and isinstance(tag.value, ast.Call):
            tags[tag.arg] = next(
                (
                    str(word.value.value)
                    for word in tag.value.keywords
                    if word.arg == "hf_hub" and isinstance(word.value, ast.Constant)
                ),
                "",
            )
    return tags


def text_repository(architecture: str) -> str:
    """The hub repository whose config.json describes the text tower, "" where open_clip's own file does."""
    return str(_read_text_config(architecture).get("hf_model_name", ""))


def needs_tokenizer(architecture: str) -> bool:
    """Whether the architecture's tokenizer comes from the hub and not with open_clip."""
    return bool(_read_text_config(architecture).get("hf_tokenizer_name"))


def _read_text_config(architecture: str) -> dict[str, object]:
    try:
        config = parse_json(list_architectures()[architecture].read_text("utf-8"))
    except (KeyError, OSError, ValueError):
        return {}
    text = config.get("text_cfg") if isinstance(config, dict) else None
    return text if isinstance(text, dict) else {}
