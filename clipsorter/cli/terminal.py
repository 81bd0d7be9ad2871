"""Words for the person at the terminal."""

import sys
import unicodedata
from contextlib import suppress

BEFORE, AFTER = 40, 20  # characters around the one that is pointed at


def tell(sentence: str) -> None:
    """A sentence for the person on standard error; one that cannot be written there is lost."""
    with suppress(OSError):
        print("\n".join(map(printable, sentence.split("\n"))), file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """A file name that can neither move the cursor nor be missed by the terminal's encoding."""
    return "".join(char if char.isprintable() else "?" for char in text)


def point_at(text: str, position: int) -> str:
    """Two lines: what stands around a character of ``text``, and a caret below it; one past the end may be meant, too.

    On a terminal Chinese characters and most emoji take two columns, marks above other characters none.
    """
    first = max(0, position - BEFORE)
    shown = printable(text[first : position + AFTER])
    start = "…" if first else ""
    end = "…" if position + AFTER < len(text) else ""
    column = sum(map(_columns, start + shown[: position - first]))
    return f"  {start}{shown}{end}\n  {' ' * column}^"


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
