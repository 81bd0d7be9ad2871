"""What is known of a model's ONNX graphs: where they lie, what they were made from, whether they still hold.

A model that runs on the CPU is exported once (``onnx_export``) and from then on run by ONNX Runtime
(``onnx_encoder``), which starts without torch and is faster. The graphs lie in the data folder beside the models, one
folder per encoder id, and can be deleted at any time; those of the starter come along with the app that people install,
which has no torch to make them. They keep the encoder id of the model they came from: export is
refused unless every embedding has a cosine of at least 0.9999 to torch's. No torch here.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from clipsorter import __version__
from clipsorter.encoders import starter_files
from clipsorter.encoders.file_hashes import hash_file
from clipsorter.encoders.sources import ModelSource
from clipsorter.errors import ModelFilesError
from clipsorter.json_text import parse_json
from clipsorter.values import Calibration, EncoderSpec, InputShape

FORMAT = 2  # of the manifest and of what the graphs take and give
OPSET = 17  # the first with LayerNormalization as one operator
IMAGE_GRAPH, TEXT_GRAPH, TOKENIZER, MANIFEST = "image.onnx", "text.onnx", "tokenizer.json", "manifest.json"
IMAGE_WEIGHTS, TEXT_WEIGHTS = "image.weights", "text.weights"  # beside their graphs, so that they can be mapped
MAKERS = ("torch", "open_clip_torch", "transformers", "tokenizers", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Graphs:
    """A model's graphs, checked."""

    folder: Path
    spec: EncoderSpec
    cleaning: str  # how a prompt is tidied before it is tokenised: a key of ``onnx_encoder.CLEANINGS``
    padding: int | None  # the token that the text tower masks, so that it need not be computed; None: it does not
    device: str  # what was found when "auto" chose the CPU; empty where "cpu" was asked for


def identify(source: ModelSource) -> dict[str, str]:
    """Everything that the graphs of ``source`` depend on; graphs made from anything else are made anew."""
    makers = {"clipsorter": __version__} | {package: _version(package) for package in MAKERS}
    return _describe_model(source) | makers


def _describe_model(source: ModelSource) -> dict[str, str]:
    facts = {"format": str(FORMAT), "opset": str(OPSET), "encoder": source.encoder_id, "name": source.name}
    if source.kind == "starter":
        head = starter_files.read_head().file.with_name("head.json")
        facts["head"] = sha256(head.read_bytes()).hexdigest()  # its calibration is part of the spec
    return facts


def describe_accelerators() -> str:
    """What of this machine could make "auto" choose something else than the CPU, as far as a look at files tells."""
    if sys.platform == "win32":
        libraries = Path("C:/Windows/System32")
        found = [name for name in ("nvcuda.dll", "ze_loader.dll") if (libraries / name).exists()]
    else:
        devices = Path("/dev")
        found = sorted(str(one) for one in (*devices.glob("nvidia[0-9]*"), *devices.glob("dri/renderD*"))) + [
            str(one) for one in (devices / "kfd", devices / "dxg") if one.exists()
        ]
    return " ".join([sys.platform, *found])


def read_graphs(folder: Path, source: ModelSource) -> Graphs | None:
    """The graphs in ``folder`` if they are whole and were made from exactly ``source``, else None.

    A folder of an export that was refused gives None too; ``was_refused`` tells.
    """
    manifest = _read_manifest(folder)
    if manifest is None or manifest.get("identity") != identify(source) or manifest.get("refused"):
        return None
    try:
        for name, digest in manifest["hashes"].items():
            if hash_file(folder / name, folder) != digest:
                return None
        return _read_facts(folder, manifest)
    except (ModelFilesError, KeyError, TypeError, ValueError, AttributeError):
        return None


def read_carried_graphs(folder: Path, source: ModelSource) -> Graphs:
    """The graphs that came along in ``folder``, whatever made them, every file checked; raises ModelFilesError.

    Nothing is remembered beside them: the folder of an installed program is not ours to write to.
    """
    manifest = _read_manifest(folder) or {}
    try:
        if not _describe_model(source).items() <= manifest["identity"].items():
            raise ModelFilesError("The graphs of the starter model belong to another version; reinstall ClipSorter.")
        for name, digest in manifest["hashes"].items():
            starter_files.check_file(folder / name, digest)
        return _read_facts(folder, manifest)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelFilesError("The description of the starter model is damaged; reinstall ClipSorter.") from error


def _read_facts(folder: Path, manifest: Mapping[str, Any]) -> Graphs:
    spec = _read_spec(manifest["spec"])
    return Graphs(folder, spec, str(manifest["cleaning"]), manifest["padding"], str(manifest["device"]))


def was_refused(folder: Path, source: ModelSource) -> bool:
    """True where the same export was tried and its graphs did not give the model's answers."""
    manifest = _read_manifest(folder)
    return manifest is not None and manifest.get("identity") == identify(source) and bool(manifest.get("refused"))


def write_manifest(graphs: Graphs, source: ModelSource) -> None:
    """Say what the files in ``graphs.folder`` are, last of all; raises OSError."""
    files = [IMAGE_GRAPH, IMAGE_WEIGHTS, TEXT_GRAPH, TEXT_WEIGHTS, TOKENIZER]
    facts = {
        "identity": identify(source),
        "spec": asdict(graphs.spec),
        "cleaning": graphs.cleaning,
        "padding": graphs.padding,
        "device": graphs.device,
        "hashes": {name: hash_file(graphs.folder / name) for name in files},
    }
    _write(graphs.folder, facts)


def write_refusal(folder: Path, source: ModelSource, reason: str) -> None:
    """Remember that these graphs do not serve, so that not every start tries again; raises OSError."""
    _write(folder, {"identity": identify(source), "refused": reason})


def _write(folder: Path, facts: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{MANIFEST}.new"
    beside.write_text(json.dumps(facts, indent=1), "utf-8")
    beside.replace(folder / MANIFEST)


def _read_manifest(folder: Path) -> dict[str, Any] | None:
    try:
        manifest = parse_json((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _read_spec(facts: dict[str, Any]) -> EncoderSpec:
    calibration = facts["calibration"]
    if calibration is not None:
        calibration = Calibration(**calibration | {"background": tuple(calibration["background"])})
    tuples = {name: tuple(facts[name]) for name in ("mean", "std", "languages")}
    return EncoderSpec(**facts | tuples | {"shape": InputShape(**facts["shape"]), "calibration": calibration})


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
