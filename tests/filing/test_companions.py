import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clipsorter.filing.companions import Neighbours, Unit, units
from clipsorter.filing.kinds import PICTURES, VIDEOS
from clipsorter.photos.formats import VIDEO_SUFFIXES, photo_suffixes


@pytest.mark.parametrize(
    ("photos", "names", "bound"),
    [
        (["a.jpg"], ["a.jpg", "b.jpg", "a.txt"], [("a.jpg",)]),
        (["IMG.JPG"], ["IMG.JPG", "IMG.CR2", "IMG.xmp"], [("IMG.JPG", "IMG.CR2", "IMG.xmp")]),
        (["a.jpg"], ["a.jpg", "a.jpg.xmp", "a.xmp"], [("a.jpg", "a.jpg.xmp", "a.xmp")]),
        (["a.HEIC"], ["a.HEIC", "a.MOV", "a.AAE"], [("a.HEIC", "a.AAE", "a.MOV")]),
        (["a.jpg", "a.heic"], ["a.jpg", "a.heic", "a.mov"], [("a.jpg", "a.heic", "a.mov")]),
        (["a.cr2", "a.jpg"], ["a.jpg", "a.cr2"], [("a.jpg", "a.cr2")]),
        (["a.cr2"], ["a.jpg", "a.cr2"], [("a.cr2", "a.jpg")]),
        (["a.jpg", "a.png"], ["a.jpg", "a.png"], [("a.jpg",), ("a.png",)]),
        (["a.jpg", "a.png"], ["a.jpg", "a.png", "a.xmp"], [("a.jpg", "a.png", "a.xmp")]),
        (["a.jpg", "a.png"], ["a.jpg", "a.png", "a.png.xmp"], [("a.jpg",), ("a.png", "a.png.xmp")]),
        (["a.jpg"], ["a.jpg", "a_01.jpg.xmp"], [("a.jpg", "a_01.jpg.xmp")]),
        (["a.jpg", "a_01.jpg"], ["a.jpg", "a_01.jpg", "a_01.jpg.xmp"], [("a.jpg",), ("a_01.jpg", "a_01.jpg.xmp")]),
        (["a.jpg"], ["a.jpg", "a.jpg.json", "a.jpg.pp3"], [("a.jpg", "a.jpg.json", "a.jpg.pp3")]),
        (["IMG_1.jpg", "IMG_10.jpg"], ["IMG_1.jpg", "IMG_10.jpg", "IMG_10.xmp"],
         [("IMG_1.jpg",), ("IMG_10.jpg", "IMG_10.xmp")]),
        (["a.jpg", "a.jpg.jpg"], ["a.jpg", "a.jpg.jpg", "a.jpg.xmp"], [("a.jpg", "a.jpg.xmp"), ("a.jpg.jpg",)]),
        (["gone.jpg"], ["a.jpg"], [("gone.jpg",)]),
    ],
)  # fmt: skip
def test_what_belongs_together_travels_together(photos: list[str], names: list[str], bound: list[tuple[str]]) -> None:
    assert [(unit.lead, *unit.followers) for unit in units(photos, names)] == bound


_STEMS = st.sampled_from(["a", "a_01", "b", "a.jpg", "IMG (2)"])
_SUFFIXES = st.sampled_from(["jpg", "JPG", "heic", "cr2", "png", "xmp", "aae", "mov", "jpg.xmp", "cr2.xmp", "txt"])
_NAMES = st.builds(lambda stem, suffix: f"{stem}.{suffix}", _STEMS, _SUFFIXES)


@given(st.sets(_NAMES, max_size=12), st.randoms())
def test_every_photo_is_in_exactly_one_unit_and_no_file_in_two(names: set[str], random) -> None:
    photos = sorted(name for name in names if name.lower().endswith(("jpg", "heic", "cr2", "png")))
    random.shuffle(photos)
    chosen = photos[: random.randint(0, len(photos))]
    bound = units(chosen, names)
    members = [name for unit in bound for name in (unit.lead, *unit.followers)]
    assert len(members) == len(set(members))
    assert set(chosen) <= set(members) <= names
    assert {unit.lead for unit in bound} <= set(chosen)
    assert all(name.startswith(unit.stem) for unit in bound for name in (unit.lead, *unit.followers))


def test_a_unit_knows_its_stem() -> None:
    assert Unit("IMG.CR2").stem == "IMG"


def test_whatever_the_scan_takes_for_a_photo_can_be_filed() -> None:
    assert photo_suffixes(heif=True) <= PICTURES
    assert VIDEO_SUFFIXES <= VIDEOS


def test_a_videos_sidecar_travels_with_it() -> None:
    names = ["clip.mp4", "clip.mp4.xmp", "film.mkv", "film.mkv.xmp", "other.xmp"]
    bound = units(["clip.mp4", "film.mkv"], names)
    assert bound == (Unit("clip.mp4", ("clip.mp4.xmp",)), Unit("film.mkv", ("film.mkv.xmp",)))


@settings(max_examples=400)
@given(st.sets(_NAMES, min_size=1, max_size=12))
@example({"a.jpg", "a_01.jpg", "a_01.jpg.xmp"})
@example({"a.jpg", "a.jpg.jpg", "a.jpg.xmp"})
def test_neighbours_answer_as_the_whole_folder_would(names: set[str]) -> None:
    neighbours = Neighbours(names)
    for name in names:
        if name.lower().endswith(("jpg", "heic", "cr2", "png")):
            (unit,) = units([name], names)
            assert neighbours.bound_to(name) == {unit.lead, *unit.followers}


def test_a_late_companion_of_darktable_is_a_neighbour() -> None:
    assert Neighbours(["a.jpg", "a_01.jpg.xmp", "b.jpg"]).bound_to("a.jpg") == {"a.jpg", "a_01.jpg.xmp"}
