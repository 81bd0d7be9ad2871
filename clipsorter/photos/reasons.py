"""Why a file could not be read: one sentence each, which can be told apart again after it was stored.

What is remembered and printed is the English sentence. A window in another language reads the reason back
(``recognise``) and says it in its own words.
"""

import re
from enum import Enum
from functools import cache


class Reason(Enum):
    """The value is the sentence, with a place for what differs."""

    MEMORY = "This photo needs more memory than is allowed for one."
    NO_IMAGE = "This is not an image that ClipSorter can read, whatever its name says."
    DAMAGED = "This picture is damaged or incomplete."
    EMPTY = "This file is empty."
    NOT_REGULAR = "This is no longer a regular file."
    TOO_LARGE = "This file is larger than {} MB."
    GONE = "This file is gone."
    FORBIDDEN = "You have no permission to read this file."
    DISK = "This file cannot be read from its disk ({})."
    PIXELS = "This photo claims {} x {} pixels; up to {} million are read."
    HEIF_MISSING = "HEIC photos need the optional part pillow-heif; install clipsorter[heif] to include them."
    RAW_MISSING = "Camera raw photos need the optional part rawpy; install clipsorter[raw] to include them."
    VIDEO_MISSING = "Videos need the optional part av; install clipsorter[video] to include them."
    NO_VIDEO = "This is not a video that ClipSorter can read, or it is damaged."
    TOO_SLOW = "Reading this photo took longer than {} seconds, so it was given up."
    CRASHED = "Reading this photo crashed its reader twice."
    FOLDER_FORBIDDEN = "You have no permission to look into this folder."
    FOLDER_GONE = "This folder disappeared while it was read."
    FOLDER_TROUBLE = "This folder cannot be read ({})."
    ENTRY_FORBIDDEN = "You have no permission to look at this file."
    ENTRY_GONE = "This file disappeared while its folder was read."
    ENTRY_TROUBLE = "This file cannot be looked at ({})."

    def sentence(self, *about: object) -> str:
        """In English, complete."""
        return self.value.format(*about)


# What an installation with the part would read.
PART_MISSING = frozenset(
    reason.sentence() for reason in (Reason.HEIF_MISSING, Reason.RAW_MISSING, Reason.VIDEO_MISSING)
)


def recognise(sentence: str) -> tuple[Reason, tuple[str, ...]] | None:
    """The reason behind a sentence and what it is about; None for one that is not from here."""
    for reason, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            return reason, found.groups()
    return None


@cache
def _patterns() -> tuple[tuple[Reason, re.Pattern[str]], ...]:
    return tuple((reason, re.compile(re.escape(reason.value).replace(r"\{\}", "(.*)"))) for reason in Reason)
