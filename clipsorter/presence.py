"""Whether something is there, asked so that no answer is an error.

Before Python 3.14 ``Path.is_dir`` and ``Path.is_file`` raise for a name that is too long, below a folder that may not
be entered, and on a network drive that went away. To whoever asks, all of these are a no.
"""

import os
from pathlib import Path


def is_folder(path: Path) -> bool:
    """Whether a folder stands there, or a link to one."""
    return os.path.isdir(path)  # noqa: PTH112 - see above


def is_file(path: Path) -> bool:
    """Whether an ordinary file stands there, or a link to one."""
    return os.path.isfile(path)  # noqa: PTH113 - see above
