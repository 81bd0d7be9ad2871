"""The entries that read foreign bytes, and what must hold whatever those are."""

import io
import json
import math
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from clipsorter.encoders.hub.archives import add_model
from clipsorter.encoders.safetensors_header import read_header
from clipsorter.engine.category_file import category_file, parse_category_file
from clipsorter.engine.decision_file import read_decision_file
from clipsorter.errors import CategoryError, FilingError, ModelError, QueryError
from clipsorter.filing.packet import XmpError
from clipsorter.filing.plan_file import FORMAT, read_plan, write_plan
from clipsorter.filing.xmp import EMPTY, Keywords, edited, keywords_of, read
from clipsorter.photos.camera import read_camera
from clipsorter.photos.decode import attempt
from clipsorter.photos.prepared import PreparedPhoto
from clipsorter.ranking.grammar import Look, parse_query
from clipsorter.values import InputShape, Photo

SHAPE = InputShape(32)


@dataclass(frozen=True, slots=True)
class Target:
    """``check`` returns for any bytes of at most ``longest``, or raises what is a finding."""

    check: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    longest: int = 4096


@contextmanager
def _file(data: bytes, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=_fast_folder()) as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        yield path


@cache
def _fast_folder() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


# -- photos ------------------------------------------------------------------------------------------------------


def check_decode(data: bytes) -> None:
    """Any file becomes one value; facts stay on the globe; the picture has its shape."""
    with _file(data, "photo.jpg") as path:
        answer = attempt(Photo(path, len(data), 0, 0), SHAPE)
        camera = read_camera(path)
    assert camera.latitude is None or abs(camera.latitude) <= 90
    if not isinstance(answer, PreparedPhoto):
        assert answer.reason.endswith(".")
        return
    assert answer.pixels.shape == (32, 32, 3)
    assert answer.pixels.dtype == np.uint8
    facts = answer.facts
    assert facts.width > 0
    assert facts.height > 0
    assert (facts.latitude is None) == (facts.longitude is None)
    assert facts.latitude is None or abs(facts.latitude) <= 90
    assert facts.longitude is None or abs(facts.longitude) <= 180
    with Image.open(io.BytesIO(answer.thumbnail)) as thumbnail:
        assert max(thumbnail.size) <= 256


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x0132] = "2019:07:14 12:30:00"
    exif.get_ifd(0x8769)[0x9003] = "2019:07:14 12:29:59"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    return exif.tobytes()


def photo_seeds() -> list[bytes]:
    """One small picture per format and mode."""
    picture = Image.linear_gradient("L").resize((24, 16))
    kinds = [
        *((suffix, "RGB", {"exif": _exif()}) for suffix in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")),
        *(("GIF", "P", {}), ("BMP", "RGB", {}), ("JPEG2000", "RGB", {}), ("JPEG", "CMYK", {}), ("PNG", "I;16", {})),
        *(("PNG", "RGBA", {}), ("PNG", "LA", {}), ("TIFF", "CMYK", {}), ("TIFF", "F", {}), ("PNG", "1", {})),
        ("TIFF", "RGB", {"compression": "tiff_lzw"}),
        ("TIFF", "RGB", {"compression": "jpeg"}),
        ("GIF", "P", {"save_all": True, "append_images": [picture.convert("P")]}),
        ("PNG", "RGB", {"save_all": True, "append_images": [picture.convert("RGB")]}),
    ]
    seeds = []
    for kind, mode, options in kinds:
        buffer = io.BytesIO()
        picture.convert(mode).save(buffer, kind, **options)
        seeds.append(buffer.getvalue())
    return seeds


# -- words -------------------------------------------------------------------------------------------------------


def check_query(data: bytes) -> None:
    """A phrase is understood, or the error points into it; weights are numbers that can be used."""
    text = data.decode("utf-8", "surrogateescape")
    query, position = None, 0
    try:
        query = parse_query(text)
    except QueryError as error:
        position = error.position
    if query is None:
        assert 0 <= position < max(1, len(text))
        return
    for part in (*query.looks, *query.conditions):
        assert 0 <= part.position < len(text)
        if isinstance(part, Look):
            assert part.text
            assert 0 < part.weight < math.inf
    again = parse_query(query.text)
    assert len(again.looks) == len(query.looks)
    assert len(again.conditions) == len(query.conditions)


def query_seeds() -> list[bytes]:
    """Every construct of the grammar once."""
    return [
        phrase.encode()
        for phrase in (
            'sunset over water, dog "exact phrase" -people -"two dogs" 2:dog 0.5:"red car" like:IMG_0042.jpg',
            "2024 2023-05 2023-05-17 2023-05..2023-08 summer 2023 march 2024 2023年5月 2023年夏天 -2020",
            'tag:family bin:beach -bin:"Our dog" is:unsorted is:review is:confirmed',
        )
    ]


def check_categories(data: bytes) -> None:
    """What is read can be written and read again as it was."""
    with suppress(CategoryError):
        kept = parse_category_file(data, "mine")
        assert parse_category_file(category_file(kept), "mine").categories == kept.categories


def category_seeds() -> list[bytes]:
    """A short and a long list."""
    return [
        b'[[category]]\nname = "beach"\n',
        """name = "Family"
strictness = 0.5
model = "starter"
[[category]]
name = "boxer"
phrases = ["our dog Rex"]
context = "a breed"
exclude = ["match"]
parent = "Animals"
colour = "#3b82f6"
cutoff = 0.4
templates = {en = ["a photo of a {}"], zh = ["一张{}的照片"]}
""".encode(),
    ]


def check_decisions(data: bytes) -> None:
    """Lines are pairs of text."""
    with _file(data, "decisions.csv") as path, suppress(CategoryError):
        for file, name in read_decision_file(path):
            assert file
            assert name is None or name == name.strip() != ""


def decision_seeds() -> list[bytes]:
    """A table as spreadsheets write it."""
    return [b'\xef\xbb\xbffile,bin\r\na.jpg,beach\r\n"b ""x"".jpg",\r\n', b"bin;file\n", b"file,bin,more\na,b\nc\n"]


# -- filing ------------------------------------------------------------------------------------------------------


def check_sidecar(data: bytes) -> None:
    """What is accepted can be edited; what was added can be read, and removing it leaves the packet's own keywords."""
    ours = keywords_of([("Trips", "Beach & <sea>"), ("狗",)])
    with suppress(XmpError):
        before = read(data)
        tagged = edited(data, add=ours, remove=Keywords())
        after = read(tagged)
        assert not ours - after, "added, and not there"
        assert not before - after, "a foreign keyword is gone"
        back = edited(tagged, add=Keywords(), remove=ours - before)
        assert set(read(back).subject) == set(before.subject)
        assert edited(tagged, add=ours, remove=Keywords()) == tagged


def sidecar_seeds() -> list[bytes]:
    """Empty, ours, and shapes that other programs write."""
    ours = edited(EMPTY, add=keywords_of([("Trips", "Beach")]), remove=Keywords())
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return [
        EMPTY,
        ours,
        f'<rdf:RDF {rdf}><rdf:Description rdf:about="" dc:subject="a"/></rdf:RDF>'.encode(),
        f"<rdf:RDF {rdf}><rdf:Description><dc:subject>a</dc:subject></rdf:Description></rdf:RDF>".encode(),
        f"<rdf:RDF {rdf}><rdf:Description><dc:subject><rdf:Bag/></dc:subject></rdf:Description></rdf:RDF>".encode(),
        b'<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><Description/></RDF>',
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    ]


def check_plan(data: bytes) -> None:
    """What is accepted stays below its folder and target, and is the same when written and read again."""
    with _file(data, "plan.json") as path, suppress(FilingError):
        plan = read_plan(path)
        for photo in plan.photos:
            for operation in photo.operations:
                assert os.path.normpath(plan.target / operation.destination).startswith(str(plan.target) + os.sep)
                assert operation.source.is_relative_to(plan.folder) or operation.source.is_relative_to(plan.target)
        write_plan(path.with_name("again.json"), plan)
        assert read_plan(path.with_name("again.json")) == plan


def plan_seeds() -> list[bytes]:
    """A plan of two photos, one with a second place."""
    facts = {"size": 1, "mtime_ns": -2, "inode": 3, "digest": "0" * 32}
    move = {"kind": "move", "source": "/p/a.jpg", "destination": "beach/a.jpg", **facts}
    link = {"kind": "symlink", "source": "/t/beach/a.jpg", "destination": "dog/a.jpg", **facts}
    photo = {"number": 1, "file": "a.jpg", "category": "beach", "reason": "ranked", "operations": [move, link]}
    head = {
        "format": FORMAT,
        "folder": "/p",
        "target": "/t",
        "mode": "move",
        "layout": "flat",
        "bytes_needed": 1,
        "bytes_free": 2,
        "skipped": [{"file": "b.jpg", "reason": "in place", "there": "beach/b.jpg"}],
        "problems": [{"file": "c.jpg", "reason": "gone"}],
        "photos": [photo],
    }
    return [json.dumps(head).encode(), json.dumps(head | {"photos": [], "skipped": [], "problems": []}).encode()]


# -- models ------------------------------------------------------------------------------------------------------


def check_safetensors(data: bytes) -> None:
    """A header's tensors fit into the file."""
    with _file(data, "model.safetensors") as path, suppress(ModelError):
        tensors = read_header(path)
        assert tensors
        assert all(math.prod(tensor.shape) <= len(data) for tensor in tensors.values())


def _safetensors() -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]}, "__metadata__": {}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(8)


def check_archive(data: bytes) -> None:
    """Nothing is written beside the models' folder, and a refused archive leaves nothing in it."""
    with _file(data, "model.zip") as path:
        models = path.parent / "models"
        try:
            assert list(add_model(str(path), models))
        except ModelError:
            assert not models.exists() or not list(models.iterdir())
        assert {entry.name for entry in path.parent.iterdir()} <= {"model.zip", "models"}


def archive_seeds() -> list[bytes]:
    """A model, and one that reaches out."""
    seeds = []
    for name in ("m/open_clip_model.safetensors", "../out.safetensors", "/tmp/out.safetensors"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr(name, _safetensors())
            packed.writestr("m/open_clip_config.json", '{"model_cfg": {}}')
        seeds.append(buffer.getvalue())
    return seeds


TARGETS = {
    "decode": Target(check_decode, photo_seeds),
    "query": Target(check_query, query_seeds, 200),
    "categories": Target(check_categories, category_seeds, 2000),
    "decisions": Target(check_decisions, decision_seeds, 1000),
    "sidecar": Target(check_sidecar, sidecar_seeds),
    "plan": Target(check_plan, plan_seeds),
    "safetensors": Target(check_safetensors, lambda: [_safetensors()], 1000),
    "archive": Target(check_archive, archive_seeds),
}
