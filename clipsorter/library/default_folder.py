"""Where the data folder is when nobody says; known without loading what reads it."""

from pathlib import Path

import platformdirs


def default_data_folder() -> Path:
    """Where this system wants an application to keep a person's data."""
    return Path(platformdirs.user_data_path("ClipSorter", appauthor=False))
