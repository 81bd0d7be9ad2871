"""What a photo says about itself, and what is not believed."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from clipsorter.photos.decode import prepare
from clipsorter.photos.facts import read_facts, read_orientation
from clipsorter.values import InputShape, Photo, PhotoFacts

SMALL = InputShape(32)
PARIS = {1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)}


def facts_of(exif: Image.Exif) -> PhotoFacts:
    return read_facts(exif, (40, 30))


def exif_with(*, gps: dict[int, object] | None = None, original: object = None, changed: object = None) -> Image.Exif:
    exif = Image.Exif()
    if changed is not None:
        exif[ExifTags.Base.DateTime] = changed
    if original is not None:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = original
    if gps is not None:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    return exif


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
def test_facts_survive_every_format_that_has_them(suffix, tmp_path):
    path = tmp_path / f"a.{suffix}"
    exif = exif_with(gps=PARIS, original="2019:07:14 12:29:59", changed="2020:01:01 00:00:00")
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (40, 30)).save(path, exif=exif.tobytes())
    facts = prepare(Photo(path, 1, 0, 0), SMALL).facts
    assert (facts.width, facts.height) == (30, 40)
    assert facts.taken == datetime(2019, 7, 14, 12, 29, 59)  # noqa: DTZ001 - camera time has no zone
    assert facts.latitude == pytest.approx(48.858333)
    assert facts.longitude == pytest.approx(2.294444)


@pytest.mark.parametrize(
    ("original", "changed", "year"),
    [
        ("2019:07:14 12:29:59", "2020:01:01 00:00:00", 2019),
        (None, "2020:01:01 00:00:00", 2020),
        ("0000:00:00 00:00:00", "2020:01:01 00:00:00", 2020),
        ("    :  :     :  :  ", None, None),
        ("2019:13:40 25:61:61", None, None),
        ("2019:07:14 12:29:59\0", None, 2019),
        (b"2019:07:14 12:29:59", None, 2019),
        (b"\xff\xfe", None, None),
        (7, None, None),
        ((1, 2), None, None),
        ("yesterday", None, None),
    ],
)
def test_the_shutter_time_counts_and_nonsense_does_not(original, changed, year):
    taken = facts_of(exif_with(original=original, changed=changed)).taken
    assert (taken.year if taken else None) == year


@pytest.mark.parametrize(
    "change",
    [
        {2: (91.0, 0.0, 0.0)},
        {2: (float("nan"), 0.0, 0.0)},
        {2: (float("inf"), 0.0, 0.0)},
        {2: (IFDRational(1, 0), 0.0, 0.0)},
        {2: (-48.0, 0.0, 0.0)},
        {2: (48.0, 51.0)},
        {2: "48 51 30"},
        {2: None},
        {2: 48.0},
        {1: "Q"},
        {1: 7},
        {4: (180.0, 0.0, 1.0)},
        {3: None},
    ],
)
def test_a_place_that_makes_no_sense_is_absent(change):
    facts = facts_of(exif_with(gps=PARIS | change))
    assert facts.latitude is None
    assert facts.longitude is None


@pytest.mark.parametrize(("reference", "sign"), [("S", -1), ("s", -1), (b"S\0", -1), ("N ", 1)])
def test_the_hemisphere_is_in_the_letter(reference, sign):
    assert facts_of(exif_with(gps=PARIS | {1: reference})).latitude == pytest.approx(sign * 48.858333)


@pytest.mark.parametrize(
    ("stored", "meant"),
    [(6, 6), ("6", 6), (b"6", 6), (0, 1), (9, 1), ("upright", 1), ((6, 6), 1), (None, 1), (1e300, 1)],
)
def test_an_orientation_is_one_of_eight(stored, meant):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = stored
    assert read_orientation(exif) == meant


@given(st.dictionaries(st.integers(0, 6), st.one_of(st.none(), st.text(), st.binary(), st.floats(), st.tuples())))
def test_no_position_ever_raises_or_leaves_the_globe(gps):
    facts = facts_of(exif_with(gps=gps))
    assert facts.latitude is None or abs(facts.latitude) <= 90
    assert facts.longitude is None or abs(facts.longitude) <= 180
