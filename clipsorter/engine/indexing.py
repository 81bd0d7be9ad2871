"""One index run: a folder is walked, what is new or changed is embedded, every photo has one outcome.

Unchanged files cost a stat. A file whose size is known may be a renamed or copied photo, so it is hashed first and,
where its content is known, only noted. All else is decoded in child processes while the encoder works on the batch
before. Each batch is one transaction: a run that is killed goes on where it stopped, with one batch done again.
"""

import logging
import time
from collections import deque
from collections.abc import Collection, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from clipsorter.encoders.encoder import Answer, Encoder
from clipsorter.engine.events import (
    Embedded,
    EncoderReady,
    EncoderStarting,
    EntryFailed,
    Indexed,
    KindLeftOut,
    PhotoFailed,
    Scanned,
)
from clipsorter.engine.everyday import everyday_prompts
from clipsorter.engine.frames import frames_alone, join_frames, stack_frames
from clipsorter.engine.known_files import KnownFiles
from clipsorter.engine.model import Model
from clipsorter.engine.pace import Pace
from clipsorter.errors import FolderError
from clipsorter.filing.keywords import folded_keywords, keywords_of_photo
from clipsorter.library.cache import Cache, CachedPhoto, FailedFile, FileRecord
from clipsorter.photos.formats import is_left_out
from clipsorter.photos.prepared import PreparedPhoto, Unreadable
from clipsorter.photos.reasons import PART_MISSING
from clipsorter.photos.scan import Outcome, Passed, Stamp, Unchanged, identify_folder, rescan
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import Photo

BATCH = 8  # photos, until the encoder says what suits its device
NOTE_BATCH = 256  # photos whose content is known already, noted in one transaction
KEYWORD_BATCH = 64  # photos whose keywords are read between two chances to cancel
WORD_BATCH = 16  # everyday words, likewise
REPORT_SECONDS = 0.2  # between two progress events
POLL_SECONDS = 0.05  # of one wait for the encoder: whoever searches or decides in between waits no longer
NEVER = -(2**63)  # ns: a time that no file has

logger = logging.getLogger(__name__)

IndexEvent = Scanned | EntryFailed | EncoderStarting | EncoderReady | Embedded | PhotoFailed | KindLeftOut | Indexed
_Waiting = tuple[list[PreparedPhoto], Answer]


def index_folder(
    folder: Path,
    *,
    cache: Cache,
    model: Model,
    excluded: Collection[Path] = (),
    left_out: Collection[str] = (),
    workers: int | None = None,
) -> Generator[IndexEvent, None, None]:
    """Embed what is new or changed below ``folder``; see ``Engine.index`` for the events.

    ``excluded`` are folders, ``left_out`` kinds of photos not to look at. ``workers`` is the number of decode
    processes, None: one for each core. Closing the generator stops the run; everything that was reported
    as done is stored.
    """
    yield from _IndexRun(folder, cache, model, left_out).steps(excluded, workers)


@dataclass(slots=True)
class _IndexRun:
    folder: Path
    cache: Cache
    model: Model
    left_out: Collection[str] = ()
    started: float = field(default_factory=time.monotonic)
    photos: int = 0
    passed: int = 0
    unchanged: int = 0
    embedded: int = 0
    noted: int = 0  # renamed or copied: known content under a new name
    failed: int = 0
    away: int = 0  # gone since the last run, or back again
    pace: Pace | None = None  # None: nothing was embedded
    familiar: list[Photo] = field(default_factory=list)  # of a known size: hashed before anything else
    fresh: list[Photo] = field(default_factory=list)
    unreadable: dict[Stamp, FileRecord] = field(default_factory=dict)  # known ones, to be found under a new name
    identity: tuple[int, int] = (0, 0)  # of the folder when the run began
    known_sizes: frozenset[int] | None = None  # of files with a known content; asked for with the first new file

    @property
    def done(self) -> int:
        return self.unchanged + self.embedded + self.noted + self.failed

    def steps(self, excluded: Collection[Path], workers: int | None) -> Generator[IndexEvent, None, None]:
        self.identity = identify_folder(self.folder)
        yield from self._walk(excluded)
        if self.familiar or self.fresh:
            spec = yield from self.model.spec()
            with DecodeWorkers(spec.shape, count=workers) as decoders:
                yield from self._note_familiar(decoders)
                if self.fresh:
                    yield from self._embed_fresh(decoders)
        self.fresh.clear()  # 40 MB for 100,000 photos; the keywords take as much
        yield from self._read_keywords()
        yield from self._read_everyday_words()
        indexed = Indexed(
            photos=self.photos,
            embedded=self.embedded,
            unchanged=self.unchanged + self.noted,
            failed=self.failed,
            passed=self.passed,
            seconds=time.monotonic() - self.started,
            changed=self.embedded + self.noted + self.away,
        )
        logger.info("%s", indexed)
        yield indexed

    # -- the walk ---------------------------------------------------------

    def _walk(self, excluded: Collection[Path]) -> Iterator[IndexEvent]:
        known = KnownFiles(self.cache.known_below(self.folder, self.model.encoder_id), self.left_out)
        others = known.others.values()
        embedded = self.cache.embedded({r.digest for r in others if r.digest}, self.model.encoder_id)
        self.unreadable = {(r.size, r.mtime_ns, r.inode): r for r in others if r.error and r.inode}
        returned: list[int] = []
        sidecars: dict[Path, tuple[int, int]] = {}
        kinds: dict[str, KindLeftOut] = {}  # by the reason
        away: list[str] = []  # could not be listed: perhaps an unplugged drive
        reported = time.monotonic()
        for entry in rescan(self.folder, known.stamps, excluded=excluded, left_out=self.left_out):
            if isinstance(entry, Unchanged):
                self.photos += len(entry.names)
                self.unchanged += len(entry.names)
                known.tick_off(entry)
            elif isinstance(entry, Passed):
                self.passed += 1
                if entry.path.suffix.lower() == ".xmp" and entry.outcome is Outcome.IGNORED:
                    with suppress(OSError):  # gone again: as if it had not been there
                        status = entry.path.lstat()
                        sidecars[entry.path] = (status.st_size, status.st_mtime_ns)
                if entry.reason in PART_MISSING and not is_left_out(entry.path.name, self.left_out):
                    before = kinds.get(entry.reason) or KindLeftOut(entry.path, 0, entry.reason)
                    kinds[entry.reason] = replace(before, files=before.files + 1)
                if entry.outcome is Outcome.UNREADABLE:
                    away.append(str(entry.path))
                    yield EntryFailed(entry.path, entry.reason)
            else:
                self.photos += 1
                record = known.meet(entry)
                failure = self._sort_out(entry, record, embedded)
                if record is not None and record.missing:
                    returned.append(record.photo_id)
                if failure is not None:
                    yield failure
            if (now := time.monotonic()) - reported > REPORT_SECONDS:
                reported = now
                yield Scanned(self.photos, self.passed, self.unchanged, done=False)
        gone = list(known.gone(away))
        self.away = len(returned) + len(gone)
        self.cache.mark_present(returned)
        self.cache.mark_gone(gone)
        self.cache.note_sidecars(self.folder, sidecars, away)
        yield from kinds.values()
        yield Scanned(self.photos, self.passed, self.unchanged, done=True)

    def _sort_out(self, photo: Photo, record: FileRecord | None, embedded: set[str]) -> PhotoFailed | None:
        if record is not None and record.matches(photo):
            if record.error:  # reported again, tried again only when the file changes
                self.failed += 1
                return PhotoFailed(photo.path, record.error, record.refused)
            if record.digest in embedded:
                self.unchanged += 1
                return None
            self._plan_fresh(photo)
        elif renamed := self.unreadable.get((photo.size, photo.mtime_ns, photo.inode)):
            return self._note_failure(photo, renamed.error, refused=renamed.refused)
        elif self._is_familiar(photo):
            self.familiar.append(photo)
        else:
            self._plan_fresh(photo)
        return None

    def _is_familiar(self, photo: Photo) -> bool:
        if self.known_sizes is None:
            self.known_sizes = self.cache.known_sizes()
        return photo.size in self.known_sizes

    def _plan_fresh(self, photo: Photo) -> None:
        if not self.fresh:
            self.model.start()  # loads while the walk goes on
        self.fresh.append(photo)

    # -- renamed and copied photos ---------------------------------------

    def _note_familiar(self, decoders: DecodeWorkers) -> Iterator[IndexEvent]:
        pairs: list[tuple[Photo, str]] = []
        for outcome in decoders.digest(iter(self.familiar)):
            if outcome is None:
                yield self._progress()
            elif isinstance(outcome, Unreadable):
                yield self._fail(outcome)
            else:
                pairs.append((outcome.photo, outcome.digest))
            if len(pairs) >= NOTE_BATCH:
                self._note(pairs)
                pairs = []
                yield self._progress()
        self._note(pairs)

    def _note(self, pairs: list[tuple[Photo, str]]) -> None:
        embedded = self.cache.embedded({digest for _, digest in pairs}, self.model.encoder_id)
        known = [pair for pair in pairs if pair[1] in embedded]
        if known:
            self.cache.put_known(known)
            self.noted += len(known)
        for photo, digest in pairs:
            if digest not in embedded:
                self._plan_fresh(photo)

    # -- new photos -------------------------------------------------------

    def _embed_fresh(self, decoders: DecodeWorkers) -> Iterator[IndexEvent]:
        self.pace = Pace(time.monotonic())
        under_way: deque[_Waiting] = deque()
        try:
            yield from self._keep_busy(decoders, under_way)
        finally:
            for _, answer in under_way:
                answer.forget()

    def _keep_busy(self, decoders: DecodeWorkers, under_way: deque[_Waiting]) -> Generator[IndexEvent, None, None]:
        prepared: list[PreparedPhoto] = []
        encoder: Encoder | None = None  # decoding goes on while it starts, up to the look-ahead
        size, device = BATCH, ""
        for outcome in decoders.prepare(iter(self.fresh)):
            if outcome is None:
                yield self._progress()
            elif isinstance(outcome, Unreadable):
                yield self._fail(outcome)
            else:
                prepared.append(outcome)
            if len(prepared) < size:
                continue
            if encoder is None:
                encoder = yield from self.model.ready()
                size, device = encoder.batch_size, encoder.device
                self.pace = Pace(time.monotonic())  # the time it took to load says nothing of the time left
                if len(prepared) < size:
                    continue
            under_way.append((prepared, encoder.submit_images(stack_frames(prepared))))
            prepared = []
            while len(under_way) >= max(2, encoder.depth):
                yield from self._store(under_way)
            if encoder.device != device:  # memory ran out, or another device joined
                yield from self.model.ready()
                size, device = encoder.batch_size, encoder.device
        if prepared:
            encoder = encoder or (yield from self.model.ready())
            under_way.append((prepared, encoder.submit_images(stack_frames(prepared))))
        while under_way:
            yield from self._store(under_way)
        yield self._progress()

    def _store(self, under_way: deque[_Waiting]) -> Iterator[Embedded]:
        """Wait for the oldest batch, with a chance to do something else in between, and put it into the cache."""
        prepared, answer = under_way[0]
        while not answer.is_there(POLL_SECONDS):
            yield self._say()
        rows = answer()
        under_way.popleft()
        cached = [CachedPhoto(p.photo, p.digest, p.facts, p.thumbnail, p.sketch) for p in prepared]
        self.cache.put(cached, self.model.encoder_id, join_frames(prepared, rows), frames_alone(prepared, rows))
        self.embedded += len(prepared)
        yield self._progress()

    # -- keywords ---------------------------------------------------------

    def _read_keywords(self) -> Iterator[IndexEvent]:
        """Read what others wrote into photos and sidecars, where that is new: only headers, nothing is decoded."""
        unread = self.cache.without_keywords(self.folder)
        for start in range(0, len(unread), KEYWORD_BATCH):
            batch = unread[start : start + KEYWORD_BATCH]
            self.cache.put_keywords((photo_id, folded_keywords(keywords_of_photo(path))) for photo_id, path in batch)
            yield self._progress()

    def _read_everyday_words(self) -> Generator[IndexEvent, None, None]:
        """Once in the life of a cache: the words that tell what belongs to no category."""
        spec = self.model.remembered_spec
        prompts = everyday_prompts(spec) if spec and self.photos else ()
        for start in range(0, len(prompts), WORD_BATCH):
            batch = prompts[start : start + WORD_BATCH]
            if self.model.lacks(batch):
                yield from self.model.embed_texts(batch)
                yield self._progress()

    def _fail(self, outcome: Unreadable) -> PhotoFailed:
        photo = outcome.photo
        if outcome.digest is None and not outcome.refused:
            # Not the content's fault: gone, no permission, a bad cable. That heals without a trace in the file, so what
            # is remembered matches no file, and the next run tries again.
            self._check_that_folder_is_there()
            photo = replace(photo, mtime_ns=NEVER)
        return self._note_failure(photo, outcome.reason, refused=outcome.refused)

    def _check_that_folder_is_there(self) -> None:
        """Stop where the whole folder went away, instead of calling every photo of it unreadable."""
        if identify_folder(self.folder) != self.identity:
            raise FolderError(self.folder, f"There is no folder {self.folder}.")

    def _note_failure(self, photo: Photo, reason: str, *, refused: bool) -> PhotoFailed:
        self.cache.put_failed([FailedFile(photo, reason, refused)])
        self.failed += 1
        return PhotoFailed(photo.path, reason, refused)

    def _progress(self) -> Embedded:
        if self.pace is not None:
            self.pace.mark(time.monotonic(), self.embedded)
        return self._say()

    def _say(self) -> Embedded:
        if self.pace is None:
            return Embedded(self.done, self.photos, 0.0, None)
        return Embedded(self.done, self.photos, self.pace.rate, self.pace.seconds_left(self.photos - self.done))
