"""Pictures to look for become directions among the embeddings, wherever the pictures are."""

from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.engine.events import EncoderReady, EncoderStarting
from clipsorter.engine.frames import join_frames
from clipsorter.engine.model import Model
from clipsorter.engine.requests import Sample
from clipsorter.errors import DecodeError
from clipsorter.library.cache import Cache
from clipsorter.photos.prepared import PreparedPhoto
from clipsorter.photos.reasons import Reason
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import Embeddings, Photo

_Loading = EncoderStarting | EncoderReady
MOST_REMEMBERED = 64  # pictures that are not in the library


class Samples:
    """Embeds each picture once; what is in the library is only looked up. Engine thread only."""

    def __init__(self) -> None:
        self._known: dict[tuple[Photo, str], NDArray[np.float32]] = {}

    def read(
        self, samples: Sequence[Sample], *, model: Model, cache: Cache
    ) -> Generator[_Loading | None, None, Embeddings]:
        """One row of unit length per sample, the mean of its pictures, [S, D]; [0, 0] for none.

        Raises DecodeError for a file that is no picture, or for a photo that is not embedded any more.
        """
        rows = []
        for sample in samples:
            _, known = cache.embeddings_of(sample.digests, model.encoder_id)
            found = list(known)
            for file in sample.files:
                found.append((yield from self._embed(file, model, cache)))  # noqa: PERF401 - a generator cannot be comprehended
            if not found:
                raise DecodeError(Path(), Reason.GONE.sentence())
            mean = np.mean(found, axis=0)
            rows.append(mean / max(float(np.linalg.norm(mean)), 1e-12))
        return np.array(rows, np.float32) if rows else np.zeros((0, 0), np.float32)

    def _embed(self, file: Path, model: Model, cache: Cache) -> Generator[_Loading | None, None, NDArray[np.float32]]:
        try:
            status = file.stat()
        except (OSError, ValueError) as error:  # gone, or a name that no file has
            raise DecodeError(file, Reason.GONE.sentence()) from error
        photo = Photo(file, status.st_size, status.st_mtime_ns, status.st_ino)
        key = (photo, model.encoder_id)
        if key not in self._known:
            self._known[key] = yield from self._look_at(photo, model, cache)
            for old in list(self._known)[:-MOST_REMEMBERED]:
                del self._known[old]
        return self._known[key]

    @staticmethod
    def _look_at(photo: Photo, model: Model, cache: Cache) -> Generator[_Loading | None, None, NDArray[np.float32]]:
        spec = yield from model.spec()
        with DecodeWorkers(spec.shape, count=1) as decoders:
            for answer in decoders.prepare([photo]):
                if isinstance(answer, PreparedPhoto):
                    _, known = cache.embeddings_of([answer.digest], model.encoder_id)
                    if not len(known):
                        rows = (yield from model.ready()).encode_images(answer.frames)
                        known = join_frames([answer], rows)
                    embedding: NDArray[np.float32] = known[0]
                    return embedding
                if answer is not None:
                    raise DecodeError(photo.path, answer.reason, refused=answer.refused)
                yield None
        raise DecodeError(photo.path, Reason.GONE.sentence())
