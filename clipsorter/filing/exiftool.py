"""ExifTool, the one program that is trusted to write into photos; ours only when it is installed and asked for.

It is started with a list of arguments and never through a shell; names are absolute, so none can be an option, and a
line break in one is only a line break. No configuration file of it is read: such a file is a program.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from clipsorter.errors import FilingError
from clipsorter.filing.xmp import Keywords

PROGRAM = "exiftool"
SECONDS = 120  # for one photo; a healthy run needs less than one
_LISTS = ("XMP-dc:Subject", "XMP-lr:HierarchicalSubject", "XMP-digiKam:TagsList")  # in the order of Keywords


def find_exiftool() -> str:
    """Where the program is. Raises FilingError where it is not installed."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise FilingError(
            "Writing keywords into the photos themselves needs ExifTool, which is not installed. Install it "
            "(https://exiftool.org, package libimage-exiftool-perl), or let ClipSorter write sidecars only."
        )
    return found


def is_installed() -> bool:
    """Whether ``find_exiftool`` would find it."""
    return shutil.which(PROGRAM) is not None


def writing(program: str, photo: Path, part: Path, *, add: Keywords, remove: Keywords) -> list[str]:
    """The arguments that write ``photo`` with other keywords to ``part``, a new file beside it; the photo is only read.

    There is no "%" in the name of the part.
    """
    arguments = [program, "-config", "", "-q", "-q", "-m", "-charset", "filename=utf8"]
    for sign, keywords in (("-", remove), ("+", add)):
        for name, words in zip(_LISTS, (keywords.subject, keywords.hierarchical, keywords.tags_list), strict=True):
            arguments += [f"-{name}{sign}={word}" for word in words]
    # Said from within the folder: in a path to write to ExifTool takes "%d", "%c"... for patterns, also in the names of
    # folders, and makes those that are not there.
    return [*arguments, "-o", part.name, f"./{photo.name}"]


def run(arguments: Sequence[str], folder: Path) -> None:
    """Run it in a folder to its end. Raises OSError with what it says where it fails or takes too long."""
    try:
        done = subprocess.run(
            arguments,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            shell=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OSError(None, "ExifTool did not answer in time") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise OSError(None, said[0] if said else f"ExifTool ended with status {done.returncode}")
