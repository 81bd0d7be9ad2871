import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clipsorter.errors import FilingError
from clipsorter.filing import plan_file
from clipsorter.filing.identity import Identity
from clipsorter.filing.plan import Operation, Plan, PlannedPhoto, Problem, Skipped
from clipsorter.filing.plan_file import read_plan, write_plan

FOLDER, TARGET = Path("/photos/mine"), Path("/sorted")


def plan(name: str = "a.jpg") -> Plan:
    identity = Identity(10, -5, 7, "0" * 32)
    home = Operation("move", FOLDER / name, f"猫/{name}", identity)
    sidecar = Operation("move", FOLDER / f"{name}.xmp", f"猫/{name}.xmp", Identity(1, 2, 3))
    link = Operation("symlink", TARGET / f"猫/{name}", f"sea/{name}", identity)
    photo = PlannedPhoto(3, name, "猫", "similarity 0.31", (home, sidecar, link))
    skipped, problem = Skipped("b.jpg", "in place", "猫/b.jpg"), Problem("c.jpg", "“c.jpg” is gone.")
    return Plan(FOLDER, TARGET, "move", "category/year", (photo,), (skipped,), (problem,), 11, 99)


@pytest.mark.parametrize("name", ["a.jpg", "海 滩.jpg", os.fsdecode(b"caf\xe9.jpg"), 'quo"te\\.jpg', "new\nline.jpg"])
def test_a_plan_comes_back_from_its_file_value_for_value(tmp_path: Path, name: str) -> None:
    write_plan(tmp_path / "p.json", plan(name))
    assert read_plan(tmp_path / "p.json") == plan(name)


def test_a_plan_has_one_line_per_photo(tmp_path: Path) -> None:
    write_plan(tmp_path / "p.json", plan())
    lines = (tmp_path / "p.json").read_text("utf-8").splitlines()
    assert sum('"number"' in line for line in lines) == 1
    write_plan(tmp_path / "p.json", Plan(FOLDER, TARGET, "copy", "category", ()))
    assert read_plan(tmp_path / "p.json").photos == ()


def test_a_plan_too_long_to_be_read_again_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_plan(tmp_path / "p.json", plan())
    size = (tmp_path / "p.json").stat().st_size
    monkeypatch.setattr(plan_file, "_MAX_BYTES", size)
    write_plan(tmp_path / "just.json", plan())
    assert read_plan(tmp_path / "just.json") == plan()

    monkeypatch.setattr(plan_file, "_MAX_BYTES", size - 1)
    with pytest.raises(FilingError, match="Sort fewer categories"):
        write_plan(tmp_path / "long.json", plan())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["just.json", "p.json"]


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = to

    return change


OP = ("photos", 0, "operations", 0)
HOSTILE = {
    "up": _set(*OP, "destination", to="../evil.jpg"),
    "up inside": _set(*OP, "destination", to="cat/../../evil.jpg"),
    "absolute": _set(*OP, "destination", to="/etc/evil.jpg"),
    "empty part": _set(*OP, "destination", to="cat//evil.jpg"),
    "dot": _set(*OP, "destination", to="./evil.jpg"),
    "nothing": _set(*OP, "destination", to=""),
    "nul": _set(*OP, "destination", to="cat/evil\0.jpg"),
    "too deep": _set(*OP, "destination", to="d/" * 50 + "a.jpg"),
    "another suffix": _set(*OP, "destination", to="cat/a.desktop"),
    "source outside": _set(*OP, "source", to="/home/other/a.jpg"),
    "source up": _set(*OP, "source", to="/photos/mine/../other/a.jpg"),
    "source relative": _set(*OP, "source", to="a.jpg"),
    "source not a photo": _set(*OP, "source", to="/photos/mine/id_rsa"),
    "source odd": _set(*OP, "source", to="/photos//mine/a.jpg"),
    "folder root": _set("folder", to="/"),
    "target root": _set("target", to="/"),
    "target relative": _set("target", to="sorted"),
    "target up": _set("target", to="/sorted/.."),
    "kind": _set(*OP, "kind", to="delete"),
    "kind list": _set(*OP, "kind", to=["move"]),
    "mode": _set("mode", to="overwrite"),
    "layout": _set("layout", to="flat"),
    "format": _set("format", to="clipsorter plan 99"),
    "extra key": _set("command", to="rm"),
    "extra key in operation": _set(*OP, "overwrite", to=True),
    "size text": _set(*OP, "size", to="10"),
    "size bool": _set(*OP, "size", to=True),
    "size negative": _set(*OP, "size", to=-1),
    "size huge": _set(*OP, "size", to=10**30),
    "digest": _set(*OP, "digest", to="../x"),
    "no operations": _set("photos", 0, "operations", to=[]),
    "photos object": _set("photos", to={}),
    "operation null": _set(*OP, to=None),
    "number float": _set("photos", 0, "number", to=1.5),
    "reason": _set("skipped", 0, "reason", to="because"),
    "home moved on": _set("photos", 0, "operations", 2, "kind", to="move"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_plan_is_refused_with_one_sentence(tmp_path: Path, name: str) -> None:
    write_plan(tmp_path / "p.json", plan())
    content = json.loads((tmp_path / "p.json").read_text("utf-8"))
    HOSTILE[name](content)
    (tmp_path / "p.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(FilingError, match=r"is not a plan that can be used: .+\.$"):
        read_plan(tmp_path / "p.json")


def test_a_plan_cannot_file_twice(tmp_path: Path) -> None:
    write_plan(tmp_path / "p.json", plan())
    content = json.loads((tmp_path / "p.json").read_text("utf-8"))
    again = json.loads(json.dumps(content["photos"][0]))
    for change, complaint in (
        (lambda: None, "number"),
        (lambda: again.update(number=4), "two files"),
        (
            lambda: [one.update(destination="x" + one["destination"]) for one in again["operations"]],
            "moved twice|below",
        ),
    ):
        change()
        (tmp_path / "p.json").write_text(json.dumps({**content, "photos": [content["photos"][0], again]}), "utf-8")
        with pytest.raises(FilingError, match=complaint):
            read_plan(tmp_path / "p.json")


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":1,"a":2}', b'{"folder": NaN}', b"9" * 10_000],
    ids=["empty", "list", "null", "open", "not text", "deep", "twice", "nan", "long number"],
)
def test_what_is_not_a_plan_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.json").write_bytes(content)
    with pytest.raises(FilingError, match="is not a plan"):
        read_plan(tmp_path / "p.json")


def test_a_missing_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilingError, match="cannot be read"):
        read_plan(tmp_path / "missing.json")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("../x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_in_any_place_is_refused_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    write_plan(tmp_path / "p.json", plan())
    content = json.loads((tmp_path / "p.json").read_text("utf-8"))
    place: Any = content
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(_json)
    (tmp_path / "p.json").write_text(json.dumps(content), "utf-8")
    try:
        found = read_plan(tmp_path / "p.json")
    except FilingError:
        return
    for photo in found.photos:
        for operation in photo.operations:
            place = (found.target / operation.destination).resolve()
            assert place != found.target
            assert place.is_relative_to(found.target)
            assert operation.source.is_relative_to(found.folder) or operation.source.is_relative_to(found.target)
