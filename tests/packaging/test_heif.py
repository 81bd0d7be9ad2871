"""The bundle's HEIC: without x265 the same pictures come out of the same libraries."""

import hashlib
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.packaging.test_packaging import HOUSE, PACKAGING, load

heif = load(PACKAGING / "bundle" / "heif.py")
needs_compiler = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None, reason="makes a library for Linux"
)

DECODE = """
import hashlib, io, sys
sys.path.insert(0, sys.argv[1])
import pillow_heif
from PIL import Image
assert pillow_heif.__file__.startswith(sys.argv[1])
pillow_heif.register_heif_opener(thumbnails=False)
with Image.open(sys.argv[2], formats=("HEIF",)) as image:
    print(hashlib.sha256(image.tobytes()).hexdigest())
"""


@needs_compiler
def test_without_the_encoder_the_same_pixels_are_read(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif", reason="the optional part clipsorter[heif] is not installed")
    photo = io.BytesIO()
    with Image.open(next((HOUSE / "resources" / "demo").rglob("*.webp"))) as picture:
        pillow_heif.from_pillow(picture.convert("RGB")).save(photo, quality=80)
    (tmp_path / "IMG_1.HEIC").write_bytes(photo.getvalue())
    expected = pillow_heif.open_heif(photo).to_pillow().tobytes()

    installed = Path(pillow_heif.__file__).parents[1]
    wheel = tmp_path / "wheel"
    for part in ("pillow_heif", "pillow_heif.libs"):
        shutil.copytree(installed / part, wheel / part)
    for library in installed.glob("_pillow_heif*.so"):
        shutil.copy(library, wheel)
    files = [(str(path.relative_to(wheel)), str(path), "BINARY") for path in wheel.rglob("*.so*")]
    replaced = {name: file for name, file, _ in heif.replace_encoder(files, tmp_path / "made")}
    [(encoder, made)] = [(name, file) for name, file in replaced.items() if "x265" in name]
    assert Path(made).stat().st_size < 100_000
    shutil.copy(made, wheel / encoder)

    command = [sys.executable, "-c", DECODE, str(wheel), str(tmp_path / "IMG_1.HEIC")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == hashlib.sha256(expected).hexdigest()


def test_other_files_are_left_alone_and_links_stay_links() -> None:
    entries = [
        ("pillow_heif.libs/libheif-1.so.1", "/here/libheif-1.so.1", "BINARY"),
        ("libx265-12ab.so.217", "pillow_heif.libs/libx265-12ab.so.217", "SYMLINK"),
    ]
    assert heif.replace_encoder(entries, Path("/nowhere")) == entries


@pytest.mark.parametrize("name", ["pillow_heif.libs/libx265.dll", "libx265.so", "libx265-12ab.217.dylib"])
def test_an_encoder_under_another_name_stops_the_build(name: str) -> None:
    with pytest.raises(heif.EncoderError, match=re.escape(name)):
        heif.replace_encoder([(name, f"/here/{name}", "BINARY")], Path("/nowhere"))


@pytest.mark.skipif(sys.platform == "win32", reason="sets a PATH of its own")
def test_without_a_compiler_the_build_stops_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(heif.EncoderError, match="cannot be compiled"):
        heif.replace_encoder([("libx265-12ab.so.217", "/here/libx265", "BINARY")], tmp_path)
