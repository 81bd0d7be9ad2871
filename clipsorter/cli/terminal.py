"""Words for the person at the terminal."""

import sys
from contextlib import suppress


def tell(sentence: str) -> None:
    """A sentence for the person on standard error; one that cannot be written there is lost."""
    with suppress(OSError):
        print("\n".join(map(printable, sentence.split("\n"))), file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """A file name that can neither move the cursor nor be missed by the terminal's encoding."""
    return "".join(char if char.isprintable() else "?" for char in text)
