"""cache.db: everything that can be computed again from the photos and the models."""

import logging
from collections.abc import Collection as CollectionOf
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from clipsorter.errors import CacheDamagedError, StoreDamagedError, StoreError
from clipsorter.library.cache_schema import CACHE_SCHEMA
from clipsorter.library.collecting import collect, count, empty
from clipsorter.library.collection import Collection
from clipsorter.library.content_table import ContentTable
from clipsorter.library.database import damaged, open_database, store_errors
from clipsorter.library.embedding_table import EmbeddingTable, unit_embeddings, unit_rows
from clipsorter.library.file_table import FileTable
from clipsorter.library.keyword_table import KeywordTable, Seen
from clipsorter.library.mirror import mirror_file
from clipsorter.library.records import CachedPhoto, FailedFile, FileRecord, KnownBelow
from clipsorter.library.stored_values import digest_bytes
from clipsorter.values import Embeddings, EncoderSpec, Photo, PhotoFacts

__all__ = ["Cache", "CachedPhoto", "FailedFile", "FileRecord"]

logger = logging.getLogger(__name__)

_NONSENSE = (ValueError, TypeError, LookupError, OverflowError, AttributeError)  # from rows of a wrong type or shape


class Cache:
    """Files, their contents, embeddings and thumbnails. Every method belongs on the thread that opened it.

    All methods raise StoreError when the file cannot be used; a CacheDamagedError has set it aside already, and the
    next method begins a new one. Nothing a person made is in here.
    """

    def __init__(self, path: Path, db: Database, *, rebuilt: bool) -> None:
        self.path = path
        self.rebuilt = rebuilt
        self.dropped = 0  # embeddings so far that turned out to be damaged; the next index run makes them anew
        self._changes = 0  # transactions so far that may touch a collection: it is read once between two of them
        self._collected: tuple[tuple[Path, str, int], Collection] | None = None
        self._is_aside = False
        self._use(db)

    def _use(self, db: Database) -> None:
        self._db = db
        self._files = FileTable(db)
        self._contents = ContentTable(db)
        self._embeddings = EmbeddingTable(db)
        self._keywords = KeywordTable(db)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the cache; a damaged one is set aside and ``rebuilt`` says so.

        Raises StoreTooNewError for a newer version's file, StoreError when the disk does not let us.
        """
        try:
            return cls(path, open_database(path, CACHE_SCHEMA), rebuilt=False)
        except StoreDamagedError:
            set_aside(path)
            return cls(path, open_database(path, CACHE_SCHEMA), rebuilt=True)

    def close(self) -> None:
        """Close the file; closing twice does nothing."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # files

    def files_below(self, folder: Path) -> dict[str, FileRecord]:
        """Every file ever seen below ``folder``, missing and unreadable ones included, by its path as a string."""
        with self._reading():
            return {record.path: record for record in self._files.below(folder)}

    def known_below(self, folder: Path, encoder_id: str) -> KnownBelow:
        """Every file ever seen below ``folder``, parted into those present and embedded by this encoder and others."""
        with self._reading():
            known = self._embeddings.encoder(encoder_id)
            return self._files.known_below(folder, None if known is None else known[0])

    def known_sizes(self) -> frozenset[int]:
        """Sizes in bytes of all files with a known content: a file of another size holds something new."""
        with self._reading():
            return self._files.known_sizes()

    def known_digests(self, digests: Iterable[str]) -> set[str]:
        """Which of these contents have facts here, and so may be passed to ``put_known``."""
        keys = {digest: digest_bytes(digest) for digest in digests}
        with self._reading():
            return {digest for digest, key in keys.items() if self._contents.number(key) is not None}

    def put(
        self,
        photos: Sequence[CachedPhoto],
        encoder_id: str,
        embeddings: NDArray[np.float32],
        frames: Mapping[int, Embeddings] = MappingProxyType({}),
    ) -> NDArray[np.int64]:
        """Store one batch in one transaction; returns the photo ids [B].

        ``embeddings`` [B, D] are float32 rows of unit length; ValueError for anything else. ``frames`` are those of the
        pictures [F, D] of photos that have several, by the photo's place in the batch. A path keeps its photo id,
        and a new path takes over the id of a missing file with the same content (a rename).
        """
        embeddings = unit_embeddings(embeddings, len(photos))
        frames = {place: unit_embeddings(rows, len(rows)) for place, rows in frames.items()}
        with self._writing():
            encoder = self._embeddings.intern(encoder_id, embeddings.shape[1])
            contents = [self._contents.put(cached) for cached in photos]
            digests = [digest_bytes(cached.digest) for cached in photos]
            self._embeddings.put(encoder, contents, digests, embeddings)
            for place, rows in frames.items():
                self._embeddings.put_frames(encoder, contents[place], digests[place], rows)
            ids = [
                self._files.put_file(cached.photo, content) for cached, content in zip(photos, contents, strict=True)
            ]
        return np.array(ids, dtype=np.int64)

    def put_known(self, pairs: Sequence[tuple[Photo, str]]) -> NDArray[np.int64]:
        """Store files whose content (digest) is here already: renamed, copied or touched; returns photo ids [B].

        Call ``mark_missing`` first: a new path takes over the id of a missing file with the same content. ValueError
        for a digest that is not here (see ``known_digests``).
        """
        ids = []
        with self._writing():
            for photo, digest in pairs:
                content = self._contents.number(digest_bytes(digest))
                if content is None:
                    raise ValueError(f"no photo with digest {digest} is known")
                ids.append(self._files.put_file(photo, content))
        return np.array(ids, dtype=np.int64)

    def put_failed(self, failures: Sequence[FailedFile]) -> NDArray[np.int64]:
        """Store why files cannot be read, so that they are not tried again until they change; photo ids [B]."""
        with self._writing():
            ids = [self._files.put_failed(failed) for failed in failures]
        return np.array(ids, dtype=np.int64)

    def mark_missing(self, photo_ids: Iterable[int]) -> None:
        """Hide files that are gone from a folder that is there; for a folder that is away, call nothing."""
        with self._writing():
            self._files.mark(photo_ids, missing=True)

    def mark_gone(self, paths: Iterable[str]) -> None:
        """As ``mark_missing``, by paths."""
        with self._writing():
            self._files.mark_gone(paths)

    def mark_present(self, photo_ids: Iterable[int]) -> None:
        """Show files again that were found unchanged."""
        with self._writing():
            self._files.mark(photo_ids, missing=False)

    # contents

    def facts(self, photo_id: int) -> PhotoFacts:
        """What is known of one readable photo; KeyError for any other id."""
        with self._reading():
            facts = self._contents.facts(int(photo_id))
        if facts is None:
            raise KeyError(photo_id)
        return facts

    def taken(self, photo_ids: NDArray[np.int64]) -> NDArray[np.datetime64]:
        """Camera times ``datetime64[us]`` [N] of these photos (ascending ids, as in a collection); NaT if unknown."""
        with self._reading():
            return self._contents.taken(photo_ids)

    def sizes(self, photo_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Width and height in px [N, 2] of these readable photos (ascending ids, as in a collection)."""
        with self._reading():
            return self._contents.sizes(photo_ids)

    def thumbnail(self, digest: str) -> bytes | None:
        """The JPEG of a content, if there is one."""
        key = digest_bytes(digest)
        with self._reading():
            return self._contents.thumbnail(key)

    def sketches(self, photo_ids: NDArray[np.int64], length: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """The sketches uint8 [N, length] of these photos (ascending ids), and which of them are known [N]."""
        with self._reading():
            return self._contents.sketches(photo_ids, length)

    def put_sketches(self, sketches: Iterable[tuple[str, bytes]]) -> None:
        """Store the sketches of contents, by digest; a content that is not here is left out."""
        with self._writing(touches_photos=False):
            self._contents.put_sketches(sketches)

    # keywords

    def note_sidecars(self, folder: Path, found: Mapping[Path, Seen], away: CollectionOf[str] = ()) -> None:
        """Tell which sidecars (``.xmp`` in any case) are below ``folder``, with size and mtime_ns.

        Photos whose sidecar changed, came or went are ``without_keywords`` after that. ``away`` are folders that could
        not be listed.
        """
        with self._writing():
            self._keywords.note_sidecars(folder, found, away)

    def without_keywords(self, folder: Path) -> list[tuple[int, Path]]:
        """Ids and paths of the photos below ``folder`` whose keywords have to be read, for the first time or again."""
        with self._reading():
            return self._keywords.unread(folder)

    def photos_beside(self, sidecar: Path) -> list[tuple[int, Path]]:
        """Ids and paths of the photos that a sidecar speaks of."""
        with self._reading():
            return self._keywords.photos_beside(sidecar)

    def put_keywords(self, found: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Store the keywords of photos, already folded, in one transaction; more than anybody needs are cut off."""
        with self._writing():
            for photo_id, keywords in found:
                self._keywords.put(photo_id, keywords)

    def tagged(self, photo_ids: NDArray[np.int64], keyword: str) -> NDArray[np.bool_]:
        """Which of these photos (ascending ids, as in a collection) have a keyword, folded; [N]."""
        with self._reading():
            known = np.array(self._keywords.photos(keyword), dtype=np.int64)
        return np.isin(photo_ids, known)

    # embeddings

    def embedded(self, digests: Iterable[str], encoder_id: str) -> set[str]:
        """Which of these contents have an embedding from this encoder."""
        keys = {digest_bytes(digest): digest for digest in digests}
        with self._reading():
            known = self._embeddings.encoder(encoder_id)
            found = set() if known is None else self._embeddings.embedded(keys.keys(), known[0])
        return {keys[key] for key in found}

    def count(self, folder: Path, encoder_id: str) -> int:
        """Length of ``collection(folder, encoder_id)``, without reading it."""
        with self._reading():
            known = self._embeddings.encoder(encoder_id)
            return 0 if known is None else count(self._db, folder, known[0])

    def collection(self, folder: Path, encoder_id: str) -> Collection:
        """The photos present below ``folder`` with an embedding of this encoder; arrays are read-only.

        Damaged rows are left out and embedded again by the next index run. Of an encoder never heard of
        (``put_encoder_spec``) not even D is known: its empty embeddings have the shape [0, 0].
        """
        key = (folder, encoder_id, self._changes)
        if self._collected is None or self._collected[0] != key:
            collection = replace(self._collect(folder, encoder_id), encoder_id=encoder_id)
            self._collected = ((folder, encoder_id, self._changes), collection)
        return self._collected[1]

    def _collect(self, folder: Path, encoder_id: str) -> Collection:
        with self._reading():
            known = self._embeddings.encoder(encoder_id)
            if known is None:
                return empty(0)
            collected = collect(self._db, folder, *known, mirror_file(self.path, encoder_id))
        if collected.damaged:
            with self._writing():
                self._embeddings.drop(known[0], collected.damaged)
            self.dropped += len(collected.damaged)
        return collected.collection

    def embeddings_of(self, digests: Sequence[str], encoder_id: str) -> tuple[list[str], Embeddings]:
        """Those of these contents that have a sound embedding, in the same order, and their rows [n, D]."""
        keys = {digest: digest_bytes(digest) for digest in digests}
        with self._reading():
            known = self._embeddings.encoder(encoder_id)
            if known is None:
                return [], np.zeros((0, 0), np.float32)
            numbers = {digest: self._contents.number(key) for digest, key in keys.items()}
            contents = {digest: number for digest, number in numbers.items() if number is not None}
            numbered = np.array(list(contents.values()), dtype=np.int64)
            halves = self._embeddings.read(known[0], numbered, [keys[digest] for digest in contents], known[1])
        embeddings, sound = unit_rows(halves)
        return [digest for digest, good in zip(contents, sound, strict=True) if good], embeddings[sound]

    def text_embeddings(self, encoder_id: str, prompts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Those of the prompts that are known, each [D], float32, unit length."""
        with self._reading():
            known = self._embeddings.encoder(encoder_id)
            return {} if known is None else self._embeddings.texts(known[0], prompts, known[1])

    def put_text_embeddings(self, encoder_id: str, prompts: Sequence[str], embeddings: NDArray[np.float32]) -> None:
        """Store embeddings [len(prompts), D] of unit length; ValueError for anything else."""
        embeddings = unit_embeddings(embeddings, len(prompts))
        with self._reading():
            known = self._embeddings.encoder(encoder_id)
        # Words change no collection but the empty one of an encoder never heard of.
        with self._writing(touches_photos=known is None):
            encoder = self._embeddings.intern(encoder_id, embeddings.shape[1])
            self._embeddings.put_texts(encoder, prompts, embeddings)

    def encoder_spec(self, encoder_id: str) -> EncoderSpec | None:
        """What was stored about an encoder."""
        with self._reading():
            return self._embeddings.spec(encoder_id)

    def put_encoder_spec(self, spec: EncoderSpec) -> None:
        """Remember an encoder. An id names one dimension, so a row that says another one is damaged."""
        with self._reading():
            known = self._embeddings.encoder(spec.id)
            if known is not None and known[1] != spec.dimension:
                raise ValueError(f"{spec.id} is stored with {known[1]} dimensions")
        with self._writing():
            self._embeddings.put_spec(spec)

    def embedding_counts(self) -> dict[str, int]:
        """Encoder id -> number of contents it has embedded; encoders without any are left out."""
        with self._reading():
            return self._embeddings.counts()

    def forget_encoder(self, encoder_id: str) -> None:
        """Remove an encoder and all its embeddings; the space is used again by later ones."""
        with self._writing():
            known = self._embeddings.encoder(encoder_id)
            if known is not None:
                self._embeddings.forget(known[0])
        with suppress(OSError):  # a mirror without its encoder is harmless
            mirror_file(self.path, encoder_id).unlink()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """For statements that only read and for what their rows become: rows that make no sense are damage, too.

        Nothing of a caller's may be wrong inside.
        """
        with self._using():
            try:
                yield
            except _NONSENSE as error:
                logger.warning("%s holds what no ClipSorter wrote", self.path, exc_info=error)
                raise damaged(self.path) from error

    @contextmanager
    def _writing(self, *, touches_photos: bool = True) -> Iterator[None]:
        with self._using(), self._db.atomic():
            yield
            self._changes += touches_photos

    @contextmanager
    def _using(self) -> Iterator[None]:
        if self._is_aside:
            self._use(open_database(self.path, CACHE_SCHEMA))
            self._is_aside, self.rebuilt = False, True
        try:
            with store_errors(self.path):
                yield
        except StoreDamagedError as error:
            self._changes += 1
            self._is_aside = True
            self._db.close()
            set_aside(self.path)
            raise CacheDamagedError(
                f"“{self.path}” was damaged and has been put aside; look at the folder again: everything in it is "
                "computed anew."
            ) from error


def set_aside(path: Path) -> None:
    """Move a damaged cache out of the way; only the latest one is kept, since it can be computed again."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    try:
        for older in path.parent.glob(f"{path.name}.damaged-*"):
            older.unlink()
        path.replace(path.with_name(f"{path.name}.damaged-{stamp}"))
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"“{path}” is damaged and cannot be moved aside ({error.strerror}); please delete it."
        ) from error
