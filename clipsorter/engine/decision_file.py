"""Decisions as a table that a script or a spreadsheet can write: columns ``file`` and ``bin``."""

import csv
import io
from pathlib import Path

from clipsorter.engine.category_text import clean_name, refuse_long_name
from clipsorter.errors import CategoryError

LARGEST_FILE = 64 << 20  # bytes: a million lines


def read_decision_file(path: Path) -> list[tuple[str, str | None]]:
    """(file, bin) per line in the order of the file; an empty bin is None: none of these.

    Files are relative to the photo folder, with "/". Raises CategoryError when the table cannot be used.
    """
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FILE + 1)
        if len(text) > LARGEST_FILE:
            raise CategoryError(f"{path} is too large for a table of decisions.")
        table = csv.DictReader(io.StringIO(text.decode("utf-8-sig", errors="surrogateescape"), newline=""))
        if not {"file", "bin"} <= set(table.fieldnames or ()):
            raise CategoryError(f"The table {path} needs the columns “file” and “bin”.")
        read = [(row["file"], clean_name(row["bin"] or "") or None) for row in table if row["file"]]
    except OSError as error:
        raise CategoryError(f"The table {path} cannot be read: {error.strerror}.") from error
    except csv.Error as error:
        raise CategoryError(f"The table {path} is not valid CSV: {error}.") from error
    for _, name in read:
        refuse_long_name(name or "")
    return read
