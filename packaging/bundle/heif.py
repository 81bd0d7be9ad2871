"""HEIC without the GPL: pillow-heif's wheel, whose encoder x265 is replaced by a library that does nothing.

Of x265 (GPL-2.0) libheif calls two functions by name, to encode, which ClipSorter never does. What is left in the
bundle is pillow-heif (BSD-3-Clause) with libheif and libde265 (LGPL-3.0), unchanged. Tried on Linux only; elsewhere the
bundle leaves HEIC out. (pi-heif, which was pillow-heif without x265, is discontinued, and damaged files crash its last
version.)
"""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

Entry = tuple[str, str, str]  # as PyInstaller lists files: name in the bundle, file here, kind

_X265 = re.compile(r"libx265-\w+\.so\.(\d+)")
# Zeroes: as a table of functions it says that there is none, as a version that it has no name.
_SOURCE = """
static const char nothing[8192];
const void *x265_api_get_{version}(int depth) {{ (void)depth; return nothing; }}
void x265_cleanup(void) {{}}
"""


class EncoderError(SystemExit):
    """The encoder would come along, or what stands in for it cannot be made; the message says which."""


def replace_encoder(binaries: Iterable[Entry], place: Path) -> list[Entry]:
    """These entries, with a library made in ``place`` wherever x265 was. Needs a C compiler; raises EncoderError."""
    replaced = []
    for name, file, kind in binaries:
        base = name.rpartition("/")[2]
        if found := _X265.fullmatch(base):
            replaced.append((name, file if kind == "SYMLINK" else str(make_stand_in(base, found[1], place)), kind))
        elif "x265" in base:
            raise EncoderError(
                f'The bundle would hold "{name}", which is GPL; packaging/bundle/heif.py knows other names.'
            )
        else:
            replaced.append((name, file, kind))
    return replaced


def make_stand_in(soname: str, version: str, place: Path) -> Path:
    """A library of that name, of x265's programming interface ``version``, without any encoder in it."""
    place.mkdir(parents=True, exist_ok=True)
    source, library = place / "no_x265.c", place / soname
    source.write_text(_SOURCE.format(version=version), "utf-8")
    command = ["cc", "-O2", "-shared", "-fPIC", "-nostdlib", f"-Wl,-soname,{soname}", str(source), "-o", str(library)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or error
        raise EncoderError(f"What stands in for x265 cannot be compiled: {said}") from error
    return library
