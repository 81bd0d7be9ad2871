"""A folder's embedded photos as arrays, as the cache knew them at one moment."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.columns import Digests, Paths
from clipsorter.errors import FolderError
from clipsorter.values import NO_FRAMES, Embeddings, Frames


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """The photos below one folder that have an embedding from one encoder; all members aligned, N photos."""

    photo_ids: NDArray[np.int64]  # [N], ascending
    files: Paths  # [N], path relative to the folder, with "/"
    digests: Digests  # [N]
    embeddings: Embeddings  # [N, D] float32, rows L2-normalised
    encoder_id: str = ""  # which encoder's they are
    frames: Frames = NO_FRAMES  # of videos, whose row above is that of all their frames together

    def __len__(self) -> int:
        return len(self.photo_ids)

    def positions(self, photo_ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """Rows of these photos; every id must be part of the collection."""
        return np.searchsorted(self.photo_ids, photo_ids)

    def find(self, file: str) -> int:
        """The id of the photo called so, relative to the folder with "/"; FolderError where there is none."""
        if file not in self.files:
            raise FolderError(Path(file), f"{file} is not a photo of this folder.")
        return int(self.photo_ids[self.files.index(file)])
