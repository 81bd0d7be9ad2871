"""What the person typed becomes the name of a folder that every system accepts and nobody can escape through."""

import unicodedata
from collections.abc import Collection, Iterable

MAX_BYTES = 120  # of UTF-8: room below the 255 of ext4, APFS and NTFS for " (2)" and for deep trees
MAX_FILE_BYTES = 255  # NAME_MAX of ext4, APFS (UTF-8) and, counted more generously, NTFS (UTF-16 units)
NAMELESS = "Unnamed"

_FORBIDDEN = frozenset('<>:"/\\|?*')  # Windows, "Naming Files, Paths, and Namespaces"; "/" everywhere
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"]
)
_JOINERS = frozenset("\u200c\u200d")  # inside emoji and Persian words; every other format character only misleads
# Cc control, Cs lone surrogate, Cn not assigned (APFS refuses those), Zl and Zp line breaks.
_UNUSABLE = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})


def folder_names(categories: Iterable[str]) -> dict[str, str]:
    """The folder for each category: one path component, 1 to 120 bytes of UTF-8, valid on Linux, macOS and Windows.

    Ordinary names come back unchanged but for Unicode form (NFC). Twins, judged without case and Unicode form, get
    " (2)", " (3)"...; earlier categories keep the plain name. Pure and deterministic.
    """
    names: dict[str, str] = {}
    keys: set[str] = set()
    for category in categories:
        if category not in names:
            names[category] = _first_free(_usable(category), keys)
            keys.add(twin_key(names[category]))
    return names


def numbered_folder(name: str, number: int) -> str:
    """``name (number)`` within the length of a folder name."""
    mark = f" ({number})"
    return _shortened(name, MAX_BYTES - len(mark)) + mark


def numbered(stem: str, rest: str, number: int) -> str:
    """A file name with `` (number)`` after its stem: ``numbered("IMG", ".jpg.xmp", 2)`` is ``IMG (2).jpg.xmp``.

    The stem is shortened where the whole would exceed what disks allow; number 1 adds nothing.
    """
    mark = f" ({number})" if number > 1 else ""
    room = MAX_FILE_BYTES - len(_encoded(mark + rest))
    return (stem if len(_encoded(stem)) <= room else _shortened(stem, max(room, 1))) + mark + rest


def twin_key(name: str) -> str:
    """Equal for names that some disk would take for the same: case, Unicode form and width do not count."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def is_component(name: str, *, windows: bool) -> bool:
    """Whether ``name`` can only mean an entry of the folder it is used in: no way up, no separator, no device."""
    if name in {"", ".", ".."} or "/" in name or "\0" in name:
        return False
    return not windows or not (_FORBIDDEN & set(name) or name != name.rstrip(". ") or _is_device(name))


def _usable(text: str) -> str:
    kept = "".join(_replaced(sign) for sign in unicodedata.normalize("NFC", text))
    # A leading dot would hide the folder (and ClipSorter's own scan would pass it by).
    name = unicodedata.normalize("NFC", " ".join(kept.split())).lstrip(". ")
    name = _shortened(name, MAX_BYTES)
    if _is_device(name):
        name = _shortened(f"_{name}", MAX_BYTES)
    return name if name.strip("._ \u200c\u200d") or _is_plain(name) else NAMELESS


def _replaced(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign.isspace():
        return " "
    if sign in _FORBIDDEN or category in _UNUSABLE:
        return "_"
    return "" if category == "Cf" and sign not in _JOINERS else sign


def _is_plain(name: str) -> bool:
    """A person who calls a category "_" gets that."""
    return bool(name) and set(name) == {"_"}


def _is_device(name: str) -> bool:
    """Windows opens a device for these, with any extension: "nul.jpg" is a sink."""
    return name.split(".", 1)[0].rstrip(" ").lower() in _DEVICES


def _first_free(name: str, keys: Collection[str]) -> str:
    chosen, number = name, 1
    while twin_key(chosen) in keys:
        number += 1
        chosen = numbered_folder(name, number)
    return chosen


def _shortened(name: str, limit: int) -> str:
    """At most ``limit`` bytes of UTF-8, never cut between a letter and the marks that belong to it."""
    end = len(name)
    while len(_encoded(name[:end])) > limit or (0 < end < len(name) and _clings(name[end])):
        end -= 1
    return name[:end].rstrip(". \u200c\u200d")


def _clings(sign: str) -> bool:
    return unicodedata.combining(sign) != 0 or sign in _JOINERS


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
