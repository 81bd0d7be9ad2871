import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from clipsorter.errors import FilingError
from clipsorter.filing.plan import FilingRequest, Plan, Planning, ToFile
from clipsorter.filing.plan_file import read_plan, write_plan
from clipsorter.filing.planning import make_plan
from clipsorter.filing.preview import tree
from clipsorter.values import Photo

DAY = datetime(2026, 3, 4)  # noqa: DTZ001


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def make(path: Path, content: bytes | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(path.name.encode() if content is None else content)
    return path


def to_file(path: Path, category: str = "cat", **more: object) -> ToFile:
    found = path.stat()
    return ToFile(Photo(path, found.st_size, found.st_mtime_ns, found.st_ino), "", category, **{"taken": DAY, **more})


def plan_of(chosen: list[ToFile], request: FilingRequest) -> Plan:
    *progress, plan = make_plan(chosen, request)
    assert all(isinstance(one, Planning) for one in progress)
    assert progress[-1] == Planning(len(chosen), len(chosen))
    return plan


def homes(plan: Plan) -> list[list[str]]:
    return [[operation.destination for operation in photo.operations] for photo in plan.photos]


def test_a_pair_and_its_companions_share_one_line(photos: Path, tmp_path: Path) -> None:
    lead = make(photos / "IMG.JPG")
    raw, *_ = [make(photos / name) for name in ("IMG.CR2", "IMG.xmp", "IMG.JPG.xmp", "other.txt")]
    plan = plan_of([to_file(lead), to_file(raw, "dog")], FilingRequest(photos, tmp_path / "out", "move"))
    assert homes(plan) == [["cat/IMG.JPG", "cat/IMG.CR2", "cat/IMG.JPG.xmp", "cat/IMG.xmp"]]
    assert (plan.photos[0].file, plan.photos[0].category) == ("IMG.JPG", "cat")


def test_progress_is_told_now_and_then_whatever_a_pair_counts(photos: Path, tmp_path: Path) -> None:
    single = [to_file(make(photos / "single.jpg"))]
    pairs = [to_file(make(photos / f"{number:03}.{suffix}")) for number in range(300) for suffix in ("jpg", "cr2")]
    *progress, _ = make_plan([*single, *pairs], FilingRequest(photos, tmp_path / "out"))
    assert [one.done for one in progress] == [0, 201, 401, 601, 601]


@pytest.mark.parametrize(
    ("layout", "home"),
    [("category", "cat"), ("category/year", "cat/2026"), ("category/year/month", "cat/2026/03")],
)
def test_layouts(photos: Path, tmp_path: Path, layout: str, home: str) -> None:
    one = make(photos / "a.jpg")
    request = FilingRequest(photos, tmp_path / "out", layout=layout)
    assert homes(plan_of([to_file(one)], request)) == [[f"{home}/a.jpg"]]
    undated = "cat" if layout == "category" else "cat/Undated"
    assert homes(plan_of([to_file(one, taken=None)], request)) == [[f"{undated}/a.jpg"]]


def test_parents_become_folders(photos: Path, tmp_path: Path) -> None:
    one = make(photos / "a.jpg")
    parents = {"Paris": "Trips", "Trips": "Life"}
    request = FilingRequest(photos, tmp_path / "out", parents=parents)
    assert homes(plan_of([to_file(one, "Paris")], request)) == [["Life/Trips/Paris/a.jpg"]]
    with pytest.raises(FilingError, match="own parent"):
        plan_of([to_file(one, "a")], replace(request, parents={"a": "b", "b": "a"}))


def test_same_name_other_content_gets_a_number_and_takes_its_companions_along(photos: Path, tmp_path: Path) -> None:
    make(tmp_path / "out" / "cat" / "a.xmp", b"theirs")
    one, two = make(photos / "1" / "a.jpg", b"one"), make(photos / "2" / "A.JPG", b"two")
    make(photos / "1" / "a.xmp", b"ours")
    plan = plan_of([to_file(one), to_file(two)], FilingRequest(photos, tmp_path / "out"))
    assert homes(plan) == [["cat/a (2).jpg", "cat/a (2).xmp"], ["cat/A.JPG"]]
    assert [photo.renamed for photo in plan.photos] == [True, False]


def test_same_content_already_there_is_skipped_and_counted(photos: Path, tmp_path: Path) -> None:
    make(tmp_path / "out" / "cat" / "a.jpg", b"same")
    make(tmp_path / "out" / "cat" / "b.jpg", b"diff")
    make(tmp_path / "out" / "cat" / "b (2).jpg", b"same")
    chosen = [to_file(make(photos / name, b"same")) for name in ("a.jpg", "b.jpg")]
    plan = plan_of(chosen, FilingRequest(photos, tmp_path / "out", "move"))
    assert not plan.photos
    assert [(one.file, one.reason, one.there) for one in plan.skipped] == [
        ("a.jpg", "same content", "cat/a.jpg"),
        ("b.jpg", "same content", "cat/b (2).jpg"),
    ]


def test_a_photo_that_is_in_its_place_stays_there(photos: Path) -> None:
    one = make(photos / "cat" / "a.jpg")
    make(photos / "cat" / "A.jpg", b"a twin")
    plan = plan_of([to_file(one)], FilingRequest(photos, photos, "move"))
    assert [(skipped.file, skipped.reason) for skipped in plan.skipped] == [("cat/a.jpg", "in place")]


def test_an_existing_folder_keeps_its_spelling_and_a_file_or_link_is_passed_by(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "BEACH").mkdir(parents=True)
    make(out / "dog", b"a file")
    (out / "cat").symlink_to(photos)
    chosen = [to_file(make(photos / f"{name}.jpg"), name) for name in ("beach", "dog", "cat")]
    plan = plan_of(chosen, FilingRequest(photos, out))
    assert homes(plan) == [["BEACH/beach.jpg"], ["dog (2)/dog.jpg"], ["cat (2)/cat.jpg"]]


def test_links_go_into_the_other_categories(photos: Path, tmp_path: Path) -> None:
    one = make(photos / "a.jpg")
    make(tmp_path / "out" / "sea" / "a.jpg", b"theirs")
    request = FilingRequest(photos, tmp_path / "out", "move", links="symlink")
    plan = plan_of([to_file(one, others=("sea", "sun", "cat"))], request)
    assert [(one.kind, one.destination) for one in plan.photos[0].operations] == [
        ("move", "cat/a.jpg"),
        ("symlink", "sea/a (2).jpg"),
        ("symlink", "sun/a.jpg"),
    ]
    assert plan.photos[0].operations[1].source == tmp_path / "out" / "cat" / "a.jpg"


def test_what_cannot_be_filed_is_a_problem_and_the_rest_goes_on(photos: Path, tmp_path: Path) -> None:
    chosen = [to_file(make(photos / name)) for name in ("gone.jpg", "changed.jpg", "good.jpg", "link.jpg")]
    (photos / "gone.jpg").unlink()
    (photos / "changed.jpg").write_bytes(b"edited since")
    (photos / "link.jpg").unlink()
    (photos / "link.jpg").symlink_to("good.jpg")
    outside = to_file(make(tmp_path / "elsewhere" / "x.jpg"))
    plan = plan_of([*chosen, outside], FilingRequest(photos, tmp_path / "out"))
    assert homes(plan) == [["cat/good.jpg"]]
    assert [problem.file for problem in plan.problems] == ["gone.jpg", "changed.jpg", "link.jpg", ""]
    assert all(problem.reason.endswith(".") for problem in plan.problems)


def test_space_is_counted_for_what_needs_it(photos: Path, tmp_path: Path) -> None:
    one = make(photos / "a.jpg", b"x" * 1000)
    make(photos / "a.xmp", b"y" * 10)
    for mode, needed in (("copy", 1010), ("move", 0), ("hardlink", 0), ("symlink", 0)):
        plan = plan_of([to_file(one)], FilingRequest(photos, tmp_path / "out", mode))
        assert plan.bytes_needed == needed
        assert plan.bytes_free > 0


def test_a_disk_with_too_little_room_is_told_in_sizes_that_people_say(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make(photos / "a.jpg", b"x" * 2_340_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=810_000))
    (problem,) = plan_of([to_file(one)], FilingRequest(photos, tmp_path / "out")).problems
    assert problem.reason == f"The copies need 2.3 MB and the disk of “{tmp_path / 'out'}” has 810.0 kB left."


def test_dropping_a_line_drops_all_that_travels(photos: Path, tmp_path: Path) -> None:
    chosen = [to_file(make(photos / name, b"x" * 100)) for name in ("a.jpg", "b.jpg")]
    plan = plan_of(chosen, FilingRequest(photos, tmp_path / "out")).without([0])
    assert homes(plan) == [["cat/b.jpg"]]
    assert plan.bytes_needed == 100


def test_planning_changes_nothing(photos: Path, tmp_path: Path) -> None:
    one = make(photos / "a.jpg")
    before = sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    plan_of([to_file(one)], FilingRequest(photos, tmp_path / "out"))
    assert sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_folders_that_cannot_be_used_are_refused(photos: Path, tmp_path: Path) -> None:
    a_file = make(tmp_path / "file")
    for folder, target in (
        (tmp_path / "missing", tmp_path),
        (a_file, tmp_path),
        (photos, a_file),
        (photos, tmp_path / "missing" / "out"),
    ):
        with pytest.raises(FilingError):
            list(make_plan([], FilingRequest(folder, target)))


def test_a_folder_that_is_reached_through_a_link_is_the_same_folder(photos: Path, tmp_path: Path) -> None:
    make(photos / "a.jpg")
    (tmp_path / "link").symlink_to(photos)
    plan = plan_of([to_file(tmp_path / "link" / "a.jpg")], FilingRequest(tmp_path / "link", tmp_path / "out"))
    assert plan.photos[0].operations[0].source == photos.resolve() / "a.jpg"


def test_a_name_that_is_not_text_is_planned_like_any_other(photos: Path, tmp_path: Path) -> None:
    one = make(photos / os.fsdecode(b"caf\xe9.jpg"), b"x")
    plan = plan_of([to_file(one)], FilingRequest(photos, tmp_path / "out"))
    assert homes(plan) == [["cat/" + os.fsdecode(b"caf\xe9.jpg")]]


def test_the_preview_shows_the_tree_as_it_will_be(photos: Path, tmp_path: Path) -> None:
    chosen = [
        to_file(make(photos / "a.jpg", b"12345"), "Paris"),
        to_file(make(photos / "b.jpg", b"123"), "Trips"),
        to_file(make(photos / "c.jpg", b"1"), "cat"),
    ]
    make(photos / "a.xmp", b"12")
    root = tree(plan_of(chosen, FilingRequest(photos, tmp_path / "out", parents={"Paris": "Trips"})))
    assert [(one.name, one.photos, one.files, one.size) for one in root.folders] == [
        ("Trips", 2, 3, 10),
        ("cat", 1, 1, 1),
    ]
    assert [(one.path, one.photos) for one in root.folders[0].folders] == [("Trips/Paris", 1)]
    assert (root.photos, root.files, root.size) == (3, 4, 11)


def test_a_file_that_does_not_look_like_a_photo_is_not_filed(photos: Path, tmp_path: Path) -> None:
    plan = plan_of([to_file(make(photos / "id_rsa"))], FilingRequest(photos, tmp_path / "out"))
    assert not plan.photos
    assert "suffix" in plan.problems[0].reason


def test_the_root_of_a_disk_is_refused(photos: Path) -> None:
    for folder, target in ((Path("/"), photos), (photos, Path("/"))):
        with pytest.raises(FilingError, match="root"):
            list(make_plan([], FilingRequest(folder, target)))


def test_every_plan_can_be_read_back(photos: Path, tmp_path: Path) -> None:
    """A year that looks like a category's folder to some disk must not make two folders of one."""
    names = ("１/a.jpg", "2/a.jpg", "3/A.JPG", "4/a (2).jpg", "5/" + "長" * 70 + ".jpg", "6/" + "長" * 70 + ".jpg")
    chosen = [to_file(make(photos / name, name.encode()), ("２０２６", "Trips")[n % 2]) for n, name in enumerate(names)]
    request = FilingRequest(photos, tmp_path / "out", "move", "category/year", "symlink", {"２０２６": "Trips"})
    plan = plan_of([replace(one, others=("Trips", "sea")) for one in chosen], request)
    assert len(plan.photos) == len(names)
    write_plan(tmp_path / "plan.json", plan)
    assert read_plan(tmp_path / "plan.json") == plan


def test_a_strange_sidecar_in_the_target_is_not_adopted(photos: Path, tmp_path: Path) -> None:
    make(tmp_path / "out" / "cat" / "a.xmp")
    make(tmp_path / "out" / "cat" / "b.cr2")
    make(tmp_path / "out" / "cat" / "c.png")
    chosen = [to_file(make(photos / name)) for name in ("a.jpg", "b.jpg", "c.jpg")]
    plan = plan_of(chosen, FilingRequest(photos, tmp_path / "out"))
    assert homes(plan) == [["cat/a (2).jpg"], ["cat/b (2).jpg"], ["cat/c.jpg"]]
