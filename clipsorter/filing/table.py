"""A board as a table: CSV for spreadsheets, JSON for programs."""

import csv
import io
import json
import math
from collections.abc import Generator, Iterable
from itertools import chain
from pathlib import Path

from clipsorter.filing.exports import report
from clipsorter.filing.rows import SortedPhoto

UNSORTED = "Unsorted"
STEP = 200  # photos between two reports of progress
DIGITS = 6  # of a cosine or probability; float32 has seven, float16 embeddings three
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # OWASP, "CSV injection"


def csv_steps(path: Path, rows: Iterable[SortedPhoto], *, unsorted: str = UNSORTED) -> Generator[int, None, None]:
    """Write one line per photo, UTF-8 with a byte order mark: without it Excel does not read Chinese.

    Columns: file, bin, similarity, probability, margin, tags, then the cosine to each category of the first row.
    Text that a spreadsheet would run as a formula gets a leading apostrophe. ``rows`` is consumed lazily. Yields now
    and then how many rows are written; closing the generator before its end leaves no table. Raises FilingError where
    the file cannot be written or a photo stands in its place.
    """
    remaining = iter(rows)
    first = next(remaining, None)
    categories = list(first.similarities) if first else []
    with report(path) as file:
        # backslashreplace: a file name that is not valid text must not stop the table.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="backslashreplace", newline="")
        table = csv.writer(text)
        table.writerow(
            ["file", "bin", "similarity", "probability", "margin", "tags", *(defused(name) for name in categories)]
        )
        for number, row in enumerate(chain([first] if first else [], remaining), 1):
            table.writerow(
                [
                    defused(row.file),
                    defused(unsorted if row.bin is None else row.bin),
                    _number(row.similarity),
                    _number(row.probability),
                    _number(row.margin),
                    defused("; ".join(row.tags)),
                    *(_number(row.similarities.get(name)) for name in categories),
                ]
            )
            if number % STEP == 0:
                yield number
        text.flush()
        text.detach()


def json_steps(path: Path, rows: Iterable[SortedPhoto]) -> Generator[int, None, None]:
    """Write a JSON array, one object per line, with the same keys as ``clipsorter sort --json``, plus ``tags``.

    Numbers that are not finite become null. Yields and raises as ``csv_steps`` does.
    """
    with report(path) as file:
        file.write(b"[")
        for index, line in enumerate(map(_json_line, rows)):
            # A lone surrogate (a name that is not valid text) becomes \udcXX, which is how JSON spells it.
            file.write((",\n" if index else "\n").encode() + line.encode("utf-8", "backslashreplace"))
            if (index + 1) % STEP == 0:
                yield index + 1
        file.write(b"\n]\n")


def defused(text: str) -> str:
    """The same text, made safe to open in a spreadsheet; ordinary text is returned unchanged."""
    return f"'{text}" if text.lstrip(" \n").startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS) else text


def _json_line(row: SortedPhoto) -> str:
    return json.dumps(
        {
            "file": row.file,
            "bin": row.bin,
            "similarity": _number(row.similarity),
            "probability": _number(row.probability),
            "margin": _number(row.margin),
            "similarities": {name: _number(cosine) for name, cosine in row.similarities.items()},
            "tags": row.tags,
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), DIGITS)
