"""Every kind of file: what comes out, and what is said when nothing can."""

import io
import os
import re
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import xxhash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from clipsorter.errors import DecodeError
from clipsorter.photos import decode
from clipsorter.photos.colour import _to_srgb_transform
from clipsorter.photos.decode import attempt, digest, prepare
from clipsorter.photos.png import without_side_chunks
from clipsorter.photos.prepared import PreparedPhoto, Unreadable
from clipsorter.values import InputShape, Photo

SHAPE = InputShape(224)
SMALL = InputShape(32)


def photo_at(path: Path) -> Photo:
    return Photo(path, path.stat().st_size, 0, 0)


def prepared(image: Image.Image, path: Path, shape: InputShape = SHAPE, **options) -> PreparedPhoto:
    """Save ``image`` at ``path`` and read it back as a photo."""
    image.save(path, **options)
    return prepare(photo_at(path), shape)


def thumbnail_of(photo: PreparedPhoto) -> Image.Image:
    image = Image.open(io.BytesIO(photo.thumbnail))
    assert image.format == "JPEG"
    return image


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "gif", "tif", "bmp", "avif", "jp2"])
def test_every_format_of_the_allow_list_decodes(suffix, astronaut, tmp_path):
    photo = prepared(astronaut, tmp_path / f"a.{suffix}")
    reference = prepared(astronaut, tmp_path / "reference.png")
    assert (photo.facts.width, photo.facts.height) == (512, 512)
    assert thumbnail_of(photo).size == (256, 256)
    assert np.abs(photo.pixels.astype(int) - reference.pixels).mean() < 10  # GIF has 256 colours


def test_a_mislabelled_photo_decodes_all_the_same(astronaut, tmp_path):
    assert prepared(astronaut, tmp_path / "really.png.jpg", format="PNG").facts.width == 512


def test_the_digest_is_that_of_the_content(astronaut, tmp_path):
    path = tmp_path / "a.png"
    photo = prepared(astronaut, path)
    assert photo.digest == xxhash.xxh3_128_hexdigest(path.read_bytes()) == digest(photo.photo).digest
    assert re.fullmatch("[0-9a-f]{32}", photo.digest)


def test_mpo_of_two_pictures_shows_the_first(astronaut, tmp_path):
    second = ImageOps.invert(astronaut)
    photo = prepared(astronaut, tmp_path / "stereo.jpg", format="MPO", save_all=True, append_images=[second])
    assert np.abs(photo.pixels.astype(int) - prepared(astronaut, tmp_path / "one.png").pixels).mean() < 5


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "avif", "tif"])
def test_of_an_animation_only_the_first_frame_counts(suffix, tmp_path):
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue", "green")]
    photo = prepared(frames[0], tmp_path / f"a.{suffix}", SMALL, save_all=True, append_images=frames[1:])
    red, green, blue = photo.pixels.mean(axis=(0, 1))
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("suffix", ["png", "tif", "jp2"])
def test_a_16_bit_ramp_stays_a_ramp(suffix, tmp_path):
    ramp = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (64, 1))
    photo = prepared(Image.fromarray(ramp), tmp_path / f"ramp.{suffix}", InputShape(64))
    row = photo.pixels[32, :, 0].astype(int)
    assert np.abs(row - np.linspace(0, 255, 64)).max() <= 1.5
    assert np.asarray(thumbnail_of(photo).convert("L")).std() > 60


@pytest.mark.parametrize(("dtype", "white"), [(np.int32, 65535), (np.int32, 255), (np.float32, 1.0), (np.float32, 255)])
def test_a_32_bit_ramp_stays_a_ramp(dtype, white, tmp_path):
    ramp = np.tile(np.linspace(0, white, 64).astype(dtype), (64, 1))
    photo = prepared(Image.fromarray(ramp), tmp_path / "ramp.tif", InputShape(64))
    assert np.abs(photo.pixels[32, :, 0] - np.linspace(0, 255, 64)).max() <= 2


def test_a_float_picture_full_of_nan_is_a_picture_still(tmp_path):
    samples = np.full((32, 32), np.nan, np.float32)
    samples[:16] = np.inf
    assert prepared(Image.fromarray(samples), tmp_path / "nan.tif", SMALL).pixels.shape == (32, 32, 3)


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [(0, 0), (63, 63)])
def test_a_hole_in_a_float_picture_leaves_the_rest_of_it(hole, place, tmp_path):
    samples = np.tile(np.linspace(0, 1, 64).astype(np.float32), (64, 1))
    samples[place] = hole
    photo = prepared(Image.fromarray(samples), tmp_path / "hole.tif", InputShape(64))
    assert np.abs(photo.pixels[32, :, 0] - np.linspace(0, 255, 64)).max() <= 2


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "LAB"])
def test_every_colour_mode_keeps_its_brightness(mode, astronaut, tmp_path):
    if mode == "LAB":
        to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        image = ImageCms.applyTransform(astronaut, to_lab)
        assert image is not None
    else:
        image = astronaut.convert(mode)
    suffix = {"CMYK": "jpg", "YCbCr": "jpg"}.get(mode, "tif")
    photo = prepared(image, tmp_path / f"a.{suffix}")
    assert abs(photo.pixels.mean() - np.asarray(astronaut).mean()) < 8


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode, tmp_path):
    """Black everywhere, and only the right half is there."""
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (32, 0, 64, 64))
    photo = prepared(image.convert(mode), tmp_path / "half.png", SMALL)
    assert photo.pixels[:, :14].min() > 250
    assert photo.pixels[:, 18:].max() < 5


def test_a_transparent_colour_of_an_rgb_png_becomes_white(tmp_path):
    photo = prepared(Image.new("RGB", (64, 64), (1, 2, 3)), tmp_path / "key.png", SMALL, transparency=(1, 2, 3))
    assert photo.pixels.min() == 255


def swapped_profile(astronaut: Image.Image) -> bytes:
    """An RGB profile whose red is sRGB's blue, so that honouring it cannot be overlooked."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", profile, 128)[0]
    tags = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red + 4 : red + 12], profile[blue + 4 : blue + 12] = (
        profile[blue + 4 : blue + 12],
        profile[red + 4 : red + 12],
    )
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "BGRs".encode("utf-16-be"))


def test_an_embedded_colour_profile_is_honoured(astronaut, tmp_path):
    profile = swapped_profile(astronaut)
    red = Image.new("RGB", (64, 64), (255, 0, 0))
    photo = prepared(red, tmp_path / "profile.png", SMALL, icc_profile=profile)
    assert photo.pixels[16, 16].tolist()[2] > 240
    assert photo.pixels[16, 16].tolist()[0] < 30


@pytest.mark.parametrize("profile", [b"nonsense", b"\0" * 200, b"\xff" * 3000])
def test_a_broken_colour_profile_costs_nothing(profile, astronaut, tmp_path):
    photo = prepared(astronaut, tmp_path / "a.jpg", icc_profile=profile)
    assert np.array_equal(photo.pixels, prepared(astronaut, tmp_path / "b.jpg").pixels)


@pytest.mark.parametrize("resize", ["shortest", "squash", "longest"])
@pytest.mark.parametrize("size", [(65500, 1), (1, 65500), (1, 1), (3, 2), (20000, 40)])
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_extreme_shapes_are_pictures_too(suffix, size, resize, tmp_path):
    photo = prepared(Image.new("RGB", size, "red"), tmp_path / f"long.{suffix}", InputShape(224, resize, fill=0))
    assert photo.pixels.shape == (224, 224, 3)
    assert photo.pixels[111:113, 111:113, 0].max() > 245
    assert max(thumbnail_of(photo).size) == min(256, max(size))
    assert (photo.facts.width, photo.facts.height) == size


def test_longest_pads_with_the_fill_colour(tmp_path):
    photo = prepared(Image.new("RGB", (100, 50), "white"), tmp_path / "a.png", InputShape(64, "longest", fill=9))
    assert set(photo.pixels[:16].ravel()) == set(photo.pixels[48:].ravel()) == {9}
    assert photo.pixels[16:48].min() == 255


def test_a_thumbnail_is_never_larger_than_the_photo(tmp_path):
    assert thumbnail_of(prepared(Image.new("RGB", (40, 30)), tmp_path / "a.png")).size == (40, 30)


@pytest.mark.slow
def test_a_200_megapixel_jpeg_of_a_phone_is_read(astronaut, tmp_path):
    photo = prepared(astronaut.resize((16320, 12240)), tmp_path / "phone.jpg", quality=80)
    assert (photo.facts.width, photo.facts.height) == (16320, 12240)
    assert thumbnail_of(photo).size == (256, 192)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG header of any size over next to no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


def test_a_decompression_bomb_is_refused_by_its_header(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_claiming(60000, 60000))
    with pytest.raises(DecodeError, match="60000 x 60000") as caught:
        prepare(photo_at(path), SHAPE)
    assert caught.value.refused


@pytest.mark.skipif(sys.platform == "win32", reason="needs sparse files")
def test_a_sparse_20_gb_file_is_refused_by_its_size(tmp_path):
    path = tmp_path / "sparse.jpg"
    with path.open("wb") as file:
        file.truncate(20 * 10**9)
    photo = Photo(path, 1000, 0, 0)  # what the scan said no longer matters
    for refused in (attempt(photo, SHAPE), decode.attempt_digest(photo)):
        assert isinstance(refused, Unreadable)
        assert refused.refused
        assert "larger than 512 MB" in refused.reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_place_of_the_file_is_not_waited_for(tmp_path):
    path = tmp_path / "was-a-file.jpg"
    os.mkfifo(path)
    with pytest.raises(DecodeError, match="no longer a regular file"):
        prepare(Photo(path, 1, 0, 0), SHAPE)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "gif", "tif", "bmp", "avif", "jp2"])
def test_a_truncated_file_is_reported_and_not_half_shown(suffix, astronaut, tmp_path):
    path = tmp_path / f"a.{suffix}"
    astronaut.save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    answer = attempt(photo_at(path), SHAPE)
    assert isinstance(answer, Unreadable)
    assert not answer.refused
    assert answer.digest == xxhash.xxh3_128_hexdigest(path.read_bytes())
    assert answer.reason.endswith(".")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello, I am a letter", "not an image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "heif|damaged"),
    ],
)
def test_what_is_no_photo_gets_its_own_sentence(content, words, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(DecodeError, match=words):
        prepare(photo_at(path), SHAPE)


def test_a_file_that_is_gone_says_so(tmp_path):
    with pytest.raises(DecodeError, match="gone"):
        prepare(Photo(tmp_path / "never.jpg", 1, 0, 0), SHAPE)


def png_with(chunk: bytes, *, at_end: bool) -> bytes:
    """A small valid PNG with one more chunk before or after its pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(buffer, "PNG")
    data = buffer.getvalue()
    position = data.index(b"IEND") - 4 if at_end else data.index(b"IDAT") - 4
    whole = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return data[:position] + whole + data[position:]


@pytest.mark.parametrize("at_end", [False, True])
@pytest.mark.parametrize(
    "chunk",
    [
        b"zTXtbomb\0\0" + zlib.compress(b"\0" * 50_000_000),
        b"iTXtbomb\0\1\0\0\0" + zlib.compress(b"\0" * 50_000_000),
        b"iCCPbomb\0\0" + zlib.compress(b"\0" * 50_000_000),
        b"iCCPodd\0\7what",
        b"zTXtodd\0\7what",
        b"tEXt",
        b"eXIf",
        b"eXIfMM\0*\0\0\0\x08\xff\xff" + b"\x01\x12" * 30,
    ],
    ids=["text bomb", "itext bomb", "profile bomb", "odd profile", "odd text", "no text", "no exif", "broken exif"],
)
def test_a_side_chunk_never_costs_the_picture(chunk, at_end, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png_with(chunk, at_end=at_end))
    assert prepare(photo_at(path), SMALL).pixels[16, 16].tolist() == [255, 0, 0]


def exif_block() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x0132] = "2019:07:14 12:30:00"
    exif.get_ifd(0x8769)[0x9003] = "2019:07:14 12:29:59"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    return exif.tobytes()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=12), st.data())
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_broken_metadata_never_costs_the_picture(suffix, tmp_path, changes, data):
    block = bytearray(exif_block())
    for place, value in changes:
        block[6 + place % (len(block) - 6)] = value
    block = block[: data.draw(st.integers(6, len(block)))]
    photo = prepared(Image.new("RGB", (96, 64), "red"), tmp_path / f"a.{suffix}", SMALL, exif=bytes(block))
    assert photo.pixels[16, 16, 0] > 240
    assert sorted((photo.facts.width, photo.facts.height)) == [64, 96]
    assert photo.facts.latitude is None or -90 <= photo.facts.latitude <= 90


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=20))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "gif", "tif", "bmp"])
def test_whatever_a_file_holds_the_answer_is_a_value(suffix, tmp_path, changes):
    path = tmp_path / f"a.{suffix}"
    Image.linear_gradient("L").resize((48, 32)).convert("RGB").save(path, exif=exif_block())
    content = bytearray(path.read_bytes())
    for place, value in changes:
        content[place % len(content)] = value
    path.write_bytes(content)
    answer = attempt(photo_at(path), SMALL)
    assert isinstance(answer, PreparedPhoto | Unreadable)
    assert answer.digest == xxhash.xxh3_128_hexdigest(bytes(content))


def test_a_file_that_grows_while_it_is_read_is_not_followed(astronaut, tmp_path, monkeypatch):
    path = tmp_path / "growing.jpg"
    astronaut.save(path)
    size = path.stat().st_size

    class Growing(io.BufferedReader):
        def read(self, count=-1):
            assert 0 <= count <= size + 1  # else it would be read for as long as somebody writes
            return super().read(count)

    monkeypatch.setattr(decode, "open_regular", lambda path: Growing(io.FileIO(path)))
    assert isinstance(attempt(photo_at(path), SHAPE), PreparedPhoto)


def test_memory_that_runs_out_while_a_file_is_read_is_a_value(astronaut, tmp_path, monkeypatch):
    path = tmp_path / "a.jpg"
    astronaut.save(path)

    class Exhausted(io.BufferedReader):
        def read(self, count=-1):
            raise MemoryError

    monkeypatch.setattr(decode, "open_regular", lambda path: Exhausted(io.FileIO(path)))
    answer = attempt(photo_at(path), SHAPE)
    assert isinstance(answer, Unreadable)
    assert (answer.refused, "more memory" in answer.reason) == (True, True)


def test_what_calls_itself_a_colour_profile_and_is_huge_is_not_kept(astronaut, tmp_path):
    astronaut.save(tmp_path / "huge.tif", icc_profile=b"x" * 9_000_000)
    _to_srgb_transform.cache_clear()
    assert isinstance(attempt(photo_at(tmp_path / "huge.tif"), SHAPE), PreparedPhoto)
    assert _to_srgb_transform.cache_info().currsize == 0


def test_a_png_that_ends_in_a_desert_of_zeros_is_damaged_and_costs_nothing():
    content = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sI", 0, b"tEXt", 0) + bytes(24_000_000)  # two million "chunks"
    assert without_side_chunks(content) == content[:8] + bytes(24_000_000)
