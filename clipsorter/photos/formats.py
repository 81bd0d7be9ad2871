"""Which files are photos, videos among them: an allow-list of formats, and what to say about everything else.

The scan judges by name alone and opens nothing; the decoder judges by content and tries only ``PILLOW_FORMATS``, so a
mislabelled photo still decodes and Pillow never starts another program (its EPS plugin would run Ghostscript).
"""

from collections.abc import Collection
from importlib.util import find_spec

from clipsorter.photos.reasons import Reason

# Pillow's names. MPO, which several phones write into files called .jpg, is opened as JPEG.
PILLOW_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "JPEG2000")
HEIF_FORMAT = "HEIF"

HEIF_MISSING = Reason.HEIF_MISSING.sentence()
RAW_MISSING = Reason.RAW_MISSING.sentence()
RAW_BESIDE = "A camera raw file; the picture of the same name beside it is sorted, and the raw file travels with it."
VIDEO_MISSING = Reason.VIDEO_MISSING.sentence()
VIDEO_BESIDE = "The video of a live photo; it travels with the picture of the same name."
SIDECAR = "A sidecar file; it belongs to the photo of the same name."
NOT_A_PHOTO = "Not a kind of photo that ClipSorter reads."


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HEIF_SUFFIXES = _words("heic heics heif heifs hif")
RAW_SUFFIXES = _words(
    "3fr ari arw bay cap cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mdc mef mos mrw "
    "nef nrw orf ori pef ptx raf raw rw2 rwl sr2 srf srw x3f"
)
VIDEO_SUFFIXES = _words("mp4 m4v mov avi mkv webm mpg mpeg mts m2ts 3gp 3g2 wmv flv ogv")
# The kinds of photos, by what a person calls them.
KINDS = {
    "JPEG": _words("jpg jpeg jpe jfif jif mpo"),
    "PNG": _words("png apng"),
    "WebP": _words("webp"),
    "GIF": _words("gif"),
    "TIFF": _words("tif tiff"),
    "BMP": _words("bmp dib"),
    "AVIF": _words("avif avifs"),
    "JPEG 2000": _words("jp2 j2k j2c jpf jpx"),
    "HEIC": _HEIF_SUFFIXES,
    "Raw": RAW_SUFFIXES,
    "Video": VIDEO_SUFFIXES,
}
_OPTIONAL_KINDS = {"HEIC", "Raw", "Video"}
_PHOTO_SUFFIXES = frozenset[str]().union(*(KINDS[kind] for kind in KINDS if kind not in _OPTIONAL_KINDS))
# What cameras write together with a raw file: people look at these, and the raw file travels along.
BESIDE_RAW = _words("jpg jpeg jpe jfif heic heif hif")
# What phones write beside a picture as its moving half.
LIVE_SUFFIXES = _words("mov mp4")
_SIDECAR_SUFFIXES = _words("xmp aae thm pp3 dop on1 cos arp")
_REASONS = {
    **dict.fromkeys(_HEIF_SUFFIXES, HEIF_MISSING),
    **dict.fromkeys(RAW_SUFFIXES, RAW_MISSING),
    **dict.fromkeys(VIDEO_SUFFIXES, VIDEO_MISSING),
    **dict.fromkeys(_SIDECAR_SUFFIXES, SIDECAR),
}
# "ftyp" boxes that open an HEIF file with HEVC pictures, ISO/IEC 23008-12; AVIF has brands of its own.
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"})


def heif_is_installed() -> bool:
    """Whether the optional pillow-heif is there; it is looked for, not imported."""
    return find_spec("pillow_heif") is not None


def raw_is_installed() -> bool:
    """Whether the optional rawpy is there; it is looked for, not imported."""
    return find_spec("rawpy") is not None


def video_is_installed() -> bool:
    """Whether the optional PyAV is there; it is looked for, not imported."""
    return find_spec("av") is not None


def is_video(name: str) -> bool:
    """Whether a file of this name is taken for a video."""
    _, dot, suffix = name.rpartition(".")
    return bool(dot) and suffix.lower() in VIDEO_SUFFIXES


def photo_suffixes(
    *, heif: bool, raw: bool = False, video: bool = False, left_out: Collection[str] = ()
) -> frozenset[str]:
    """Lower-case file suffixes, without the dot, that are taken for photos; each optional part adds its own.

    ``left_out`` are names of ``KINDS`` that a person does not want to see.
    """
    parts = ((heif, _HEIF_SUFFIXES), (raw, RAW_SUFFIXES), (video, VIDEO_SUFFIXES))
    suffixes = _PHOTO_SUFFIXES.union(*(added for is_there, added in parts if is_there))
    return suffixes.difference(*(KINDS[kind] for kind in left_out if kind in KINDS))


def is_left_out(name: str, left_out: Collection[str]) -> bool:
    """Whether a file of this name is of a kind of photos (``KINDS``) that a person does not want to see."""
    suffix = name.rpartition(".")[2].lower()
    return any(suffix in KINDS[kind] for kind in left_out if kind in KINDS)


def reason_to_ignore(suffix: str) -> str:
    """One sentence on why a file with this lower-case suffix is not sorted."""
    return _REASONS.get(suffix, NOT_A_PHOTO)


def looks_like_heif(head: bytes) -> bool:
    """Whether a file that begins with ``head`` (16 bytes or more) is HEIF, whatever its name says."""
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS and b"avif" not in head[8:64]
