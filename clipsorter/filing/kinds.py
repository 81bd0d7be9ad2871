"""Which files are photos, raw files, videos or sidecars, judged by suffix alone."""

from pathlib import Path


def _listed(suffixes: str) -> frozenset[str]:
    return frozenset(suffixes.split())


PICTURES = _listed(
    "jpg jpeg jpe jfif jif mpo png apng webp gif tif tiff bmp dib avif avifs jp2 j2k j2c jpx jpf heic heics heif heifs "
    "hif jxl psd"
)
# Suffixes of camera makers, as LibRaw lists them; a missing one only means that it does not travel.
RAWS = _listed(
    "3fr ari arq arw bay cap cr2 cr3 crw dcr dcs dng drf eip erf fff gpr iiq k25 kdc mdc mef mos mrw nef nrw orf ori "
    "pef ptx pxn r3d raf raw rw2 rwl rwz sr2 srf srw x3f"
)
VIDEOS = _listed("mov mp4 m4v avi mkv mpg mpeg mts m2ts 3gp 3g2 webm wmv flv ogv insv lrv")
SIDECARS = _listed("xmp aae thm on1")
NOTES = _listed("pp3 dop json")  # IMG.jpg.pp3 (RawTherapee), .dop (DxO), .json (Google Takeout)


def suffix(path: Path) -> str:
    """The last suffix without its dot, in lower case; empty without one."""
    return path.suffix[1:].lower()


def belongs_to_a_photo(path: Path) -> bool:
    """Whether a file of this name is a photo or may travel with one: such a name is never used for a report."""
    return suffix(path) in PICTURES | RAWS | VIDEOS | SIDECARS


def may_travel(path: Path) -> bool:
    """Whether a file of this name is ever filed: photos, and what ``companions`` binds to them."""
    return belongs_to_a_photo(path) or (suffix(path) in NOTES and belongs_to_a_photo(Path(path.stem)))
