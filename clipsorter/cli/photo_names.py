"""A photo as a person names it on the command line, and as the folder's own list names it."""

from pathlib import Path

from clipsorter.presence import is_file


def name_in_folder(photo: str, folder: Path) -> str:
    """The photo relative to ``folder`` (as ``check_folder`` gives it), with "/".

    What a person typed may be that already, a whole path, or a path from where they stand. What is none of these
    comes back unchanged: whoever looks it up says that it is not there.
    """
    for typed in (folder / photo, Path(photo)):
        if is_file(typed):
            path = typed.parent.resolve() / typed.name
            if path.is_relative_to(folder):
                return path.relative_to(folder).as_posix()
    return photo
