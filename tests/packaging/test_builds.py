"""Wheel and source archive, really built: the same bytes twice, and everything inside."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

import clipsorter

HOUSE = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("build") is None, reason="needs the package build"),
    pytest.mark.skipif(not (HOUSE / ".git").exists() or shutil.which("git") is None, reason="needs the history"),
]


def build(destination: Path) -> dict[str, bytes]:
    subprocess.run(
        ["sh", HOUSE / "packaging" / "build_distributions.sh", destination],
        check=True, capture_output=True, timeout=280, env=os.environ | {"PYTHON": sys.executable},
    )  # fmt: skip
    return {file.name: file.read_bytes() for file in destination.iterdir()}


def test_two_builds_are_the_same_bytes_and_whole(tmp_path: Path) -> None:
    first = build(tmp_path / "first")
    assert build(tmp_path / "second") == first
    stem = f"clipsorter-{clipsorter.__version__}"
    assert set(first) == {f"{stem}-py3-none-any.whl", f"{stem}.tar.gz"}

    with zipfile.ZipFile(tmp_path / "first" / f"{stem}-py3-none-any.whl") as wheel:
        inside = set(wheel.namelist())
        about = message_from_bytes(wheel.read(f"{stem}.dist-info/METADATA"))
        entries = wheel.read(f"{stem}.dist-info/entry_points.txt").decode()
    for name in (
        "py.typed",
        "resources/NOTICES.txt",
        "resources/CHANGELOG.md",
        "resources/icons/clipsorter.svg",
        "resources/translations/clipsorter_zh_CN.qm",
        "resources/starter_model/head.safetensors",
        "resources/demo/IMG_1107.webp",
        "cli/self_test.py",
    ):
        assert f"clipsorter/{name}" in inside
    assert not any(name.startswith(("tests/", "packaging/")) for name in inside)

    assert about["Version"] == clipsorter.__version__
    assert about["License-Expression"] == "MIT"
    assert about["Requires-Python"] == ">=3.11"
    pythons = {f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13)}
    assert pythons <= set(about.get_all("Classifier"))
    assert {"heif", "raw"} <= set(about.get_all("Provides-Extra"))
    assert "[console_scripts]\nclipsorter = clipsorter.__main__:main" in entries
    assert "[gui_scripts]\nclipsorter-window = clipsorter.__main__:main" in entries

    with tarfile.open(tmp_path / "first" / f"{stem}.tar.gz") as archive:
        source = set(archive.getnames())
    for name in (
        "pyproject.toml",
        "tests/test_house.py",
        "packaging/bundle/clipsorter.spec",
        "CHANGELOG.md",
        "LICENSE",
    ):
        assert f"{stem}/{name}" in source
