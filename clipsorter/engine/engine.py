"""The engine: one model over one data folder, for any number of photo folders."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from clipsorter.encoders.sources import find_model
from clipsorter.engine.albums import Albums, list_albums
from clipsorter.engine.category_file import read_category_file, write_category_file
from clipsorter.engine.category_sets import CategorySets, Language, built_in_sets
from clipsorter.engine.duplicates import Duplicates, find_duplicates
from clipsorter.engine.events import (
    EncoderReady,
    EncoderStarting,
    Found,
    Indexed,
    Opened,
    Previewed,
    Ranked,
    Recalled,
    Saved,
)
from clipsorter.engine.explaining import Explained, explain
from clipsorter.engine.exploring import Alike, Suggested, find_alike, suggest_categories
from clipsorter.engine.exporting import Export, Exported, Exporting, export_board
from clipsorter.engine.filing_steps import TagCounts, TagRequest, photos_to_file, photos_to_tag
from clipsorter.engine.indexing import IndexEvent, index_folder
from clipsorter.engine.keyword_decisions import KeywordDecisions, decide_by_keywords
from clipsorter.engine.overviews import Overviews
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.restoring import LibraryRestored, restore_library
from clipsorter.engine.sampling import Samples
from clipsorter.engine.sorting import (
    Sorted,
    expect_search,
    filter_sorted,
    preview_decisions,
    search_collection,
    sort_collection,
)
from clipsorter.engine.tagging import withdraw_keywords, write_keywords
from clipsorter.engine.tuning import Tuned
from clipsorter.engine.verifying import Comparing, Verified, verify_model
from clipsorter.engine.workplace import Workplace
from clipsorter.errors import CacheDamagedError
from clipsorter.filing.apply import apply
from clipsorter.filing.events import FilingEvent
from clipsorter.filing.exiftool import find_exiftool
from clipsorter.filing.plan import FilingRequest, Plan, Planning
from clipsorter.filing.planning import make_plan
from clipsorter.filing.recover import Run, RunPhoto, Way, recover, run_photos, run_steps
from clipsorter.filing.rehearsal import rehearse_recover
from clipsorter.filing.tags import TagEvent, our_keywords
from clipsorter.filing.undo import undo
from clipsorter.library.database import sqlite_version
from clipsorter.photos.scan import check_folder
from clipsorter.values import Category, CategorySet, Decision

logger = logging.getLogger(__name__)


class Engine:
    """Everything the window and the command line can ask for, as generators of frozen events.

    Constructing it is cheap and touches nothing; databases and worker processes are opened by the first step that
    needs them. All generators and ``close`` belong on one thread, the engine thread. Any of them may raise
    FolderError, ModelError or StoreError; whatever was reported as done before is stored.

    Of ``models_before``, the latest first, the one that has looked at most photos of a folder answers until ``model``
    has looked at as many; those that are not here any more are left out.
    """

    def __init__(
        self,
        data_folder: Path,
        *,
        model: str = "starter",
        models_before: Sequence[str] = (),
        device: str = "auto",
        excluded: Sequence[Path] = (),
        left_out: Sequence[str] = (),
        workers: int | None = None,
    ) -> None:
        self._work = Workplace(data_folder, model, models_before, device)
        self._excluded = excluded
        self._left_out = left_out
        self._workers = workers
        self._samples = Samples()
        self._sorted: Sorted | None = None  # the newest
        self._overviews = Overviews()

    def open(self) -> Iterator[Opened]:
        """Lock the data folder and read what a person left there."""
        library = self._work.library()
        tuned = self._work.tuning().read()
        yield Opened(
            library.folders(),
            library.categories(),
            tuned.strictness,
            tuned.encoder_id,
            library.restored,
            tuned.cutoffs,
            self._work.model_name(),
        )

    def restore_library(self) -> Iterator[LibraryRestored]:
        """Put the newest sound copy in the place of a damaged library; see ``engine.restoring``."""
        yield from restore_library(self._work.place)

    def index(self, folder: Path) -> Iterator[Tuned | IndexEvent]:
        """Embed what is new or changed below ``folder``.

        Yields Tuned where a model before answers meanwhile, Scanned and EntryFailed while it walks, EncoderReady, then
        Embedded and PhotoFailed per batch, and Indexed at the end. Where the cache turns out to be damaged, it begins
        once more with a new one.
        """
        try:
            yield from self._index(folder)
        except CacheDamagedError as error:
            logger.warning("%s", error)
            yield from self._index(folder)

    def _index(self, folder: Path) -> Iterator[Tuned | IndexEvent]:
        folder = check_folder(folder)
        cache, library = self._work.stores()
        library.remember_folder(folder)
        models = self._work.models()
        if models.serving(folder) is not models.chosen:
            self._work.serving(folder)
            yield self._work.tuning().read()
        run = index_folder(
            folder,
            cache=cache,
            model=models.chosen,
            excluded=self._excluded,
            left_out=self._left_out,
            workers=self._workers,
        )
        with closing(run):
            for event in run:
                if isinstance(event, Indexed):
                    models.take_over(folder)
                yield event

    def rank(
        self, folder: Path, request: RankRequest
    ) -> Iterator[Tuned | EncoderStarting | EncoderReady | Ranked | None]:
        """Rank what is embedded so far; yields exactly one Ranked, at the end.

        A request that was tuned to another model than the one that answers gets that one's strictness and cut-offs,
        and Tuned says so. May raise QueryError, and DecodeError for a sample that is no picture.
        """
        cache, library = self._work.stores()
        expect_search(request, self._work.answering(folder))
        collection, model = self._work.serving(folder)
        request = yield from self._work.tuning().fit(request)
        samples = yield from self._samples.read(request.samples, model=model, cache=cache)
        decisions = library.decisions()
        if self._sorted is None or not self._sorted.answers(collection, request, decisions):
            self._sorted = yield from sort_collection(
                collection, request, model=model, cache=cache, decisions=decisions
            )
        found = yield from filter_sorted(self._sorted.ranked, request, model=model, cache=cache, samples=samples)
        yield self._overviews.add(found, cache)

    def search(self, folder: Path, query: str) -> Iterator[EncoderStarting | EncoderReady | Found | None]:
        """Answer a search phrase; yields exactly one Found, at the end. May raise QueryError."""
        cache, library = self._work.stores()
        request = RankRequest(library.categories(), library.strictness(), query)
        expect_search(request, self._work.answering(folder))
        collection, model = self._work.serving(folder)
        yield (
            yield from search_collection(collection, request, model=model, cache=cache, decisions=library.decisions())
        )

    def preview(
        self, folder: Path, request: RankRequest, decisions: Sequence[Decision]
    ) -> Iterator[Tuned | EncoderStarting | EncoderReady | Previewed | None]:
        """Say what ``decide`` would change on the board of ``request``; yields exactly one Previewed, at the end.

        Nothing is stored. The request's query does not count: decisions change photos that it hides, too.
        """
        cache, library = self._work.stores()
        collection, model = self._work.serving(folder)
        request = yield from self._work.tuning().fit(request)
        yield (
            yield from preview_decisions(
                collection,
                request,
                decisions,
                model=model,
                cache=cache,
                decisions=library.decisions(),
            )
        )

    def explain(
        self, ranked: Ranked, photo_id: int, request: RankRequest
    ) -> Iterator[EncoderStarting | EncoderReady | Explained | None]:
        """Say why a photo of an answer to ``request`` stands where it stands; yields exactly one Explained, at the end.

        The answer may be filtered by the request's query or not. May raise QueryError.
        """
        cache, library = self._work.stores()
        yield (
            yield from explain(
                ranked,
                photo_id,
                request,
                model=self._work.models().of(ranked.collection.encoder_id),
                cache=cache,
                decisions=library.decisions(),
            )
        )

    def start_model(self) -> Iterator[EncoderStarting | EncoderReady]:
        """Load the model now; yields EncoderReady at the end."""
        yield from self._work.models().chosen.ready()

    def verify_model(self, name: str) -> Iterator[EncoderStarting | EncoderReady | Comparing | Verified]:
        """Compare a model's numbers with its own library's on drawn pictures; yields exactly one Verified, at the end.

        ``name`` is anything ``find_model`` knows, not only the model in use.
        """
        place = self._work.place.models_path
        yield from verify_model(
            find_model(name, place), self._work.device, place / "verification", self._work.place.graphs_path
        )

    def suggest(self, folder: Path, limit: int = 8) -> Iterator[EncoderStarting | EncoderReady | Suggested | None]:
        """Propose categories that are not there yet; yields exactly one Suggested, at the end."""
        library = self._work.library()
        collection, model = self._work.serving(folder)
        yield (yield from suggest_categories(collection, library.categories(), limit, model=model))

    def find_alike(self, folder: Path, file: str, limit: int = 20) -> Iterator[Alike]:
        """Photos that look like ``file``, which is relative to the folder; yields exactly one Alike."""
        yield find_alike(self._work.serving(folder)[0], file, limit)

    def albums(self, folder: Path) -> Iterator[Albums]:
        """The photos by folder and by month; yields exactly one Albums."""
        cache = self._work.cache()
        collection = self._work.serving(folder)[0]
        yield list_albums(collection, cache.taken(collection.photo_ids))

    def find_duplicates(self, folder: Path) -> Iterator[Duplicates | None]:
        """Copies and near-duplicates; yields exactly one Duplicates, at the end."""
        cache = self._work.cache()
        yield (yield from find_duplicates(self._work.serving(folder)[0], cache))

    def export(
        self, export: Export, ranked: Ranked, folder: Path, categories: Sequence[Category]
    ) -> Iterator[Exporting | Exported]:
        """Write a board as a page or a table; yields exactly one Exported, at the end. May raise FilingError."""
        yield from export_board(export, ranked, folder, categories, self.thumbnail)

    def plan(self, ranked: Ranked, request: FilingRequest) -> Iterator[Planning | Plan]:
        """Plan where the photos of a board go; yields Planning now and then and, last, one Plan. Nothing is touched."""
        cache, library = self._work.stores()
        chosen = list(photos_to_file(ranked, request.folder, cache, library.decisions()))
        yield from make_plan(chosen, request)

    def apply(self, plan: Plan) -> Iterator[FilingEvent]:
        """Do a plan; see ``filing.apply``."""
        self._work.stores()
        yield from apply(plan, self._work.place.history_path)

    def undo_run(self, run: str, *, only: Sequence[int] | None = None) -> Iterator[FilingEvent]:
        """Bring the photos of a run, or only some by number, back to where they were; see ``filing.undo``."""
        self._work.stores()
        yield from undo(self._work.place.history_path, run, only=only)

    def recover_run(self, run: str, way: Way) -> Iterator[FilingEvent]:
        """Finish an interrupted run or take it back; see ``filing.recover``."""
        self._work.stores()
        yield from recover(self._work.place.history_path, run, way)

    def rehearse_recovery(self, run: str, way: Way) -> Iterator[FilingEvent]:
        """Say what ``recover_run`` (and, for "undo", ``undo_run``) would do now; nothing is touched."""
        self._work.stores()
        yield from rehearse_recover(self._work.place.history_path, run, way)

    def runs(self) -> Iterator[tuple[Run, ...] | None]:
        """All filing runs, newest first; yields exactly one tuple, at the end."""
        self._work.stores()
        yield (yield from run_steps(self._work.place.history_path))

    def run_photos(self, run: str) -> tuple[RunPhoto, ...]:
        """The photos that a run began; see ``filing.recover``."""
        self._work.stores()
        return run_photos(self._work.place.history_path, run)

    def tag(
        self, ranked: Ranked, folder: Path, request: TagRequest, *, dry_run: bool = False
    ) -> Iterator[TagCounts | TagEvent]:
        """Write the categories of each photo into its sidecar; yields TagCounts first, then as ``write_tags``."""
        cache, library = self._work.stores()
        if request.embed:
            find_exiftool()
        counts, photos = photos_to_tag(ranked, folder, request, library.decisions())
        yield counts
        yield from write_keywords(list(photos), request, self._work.place.tags_path, cache, library, dry_run=dry_run)

    def untag(self, folder: Path, *, dry_run: bool = False) -> Iterator[TagEvent]:
        """Remove our keywords, and only ours, from the sidecars and photos below a folder."""
        cache, library = self._work.stores()
        collection = cache.collection(folder, self._work.models().serving(folder).encoder_id)
        moved = {folder / file: digest for file, digest in zip(collection.files, collection.digests, strict=True)}
        yield from withdraw_keywords(folder, moved, self._work.place.tags_path, cache, library, dry_run=dry_run)

    def recall(self, folder: Path) -> Iterator[Recalled]:
        """What is known of a folder's photos and decided about any; yields exactly one Recalled."""
        cache, library = self._work.stores()
        before = cache.dropped
        collection, _ = self._work.serving(folder)
        yield Recalled(collection, library.decisions(), cache.dropped - before)

    def forget_embeddings(self, encoder_id: str) -> Iterator[Saved]:
        """Forget what one model saw in all photos; decisions, categories and other models' embeddings stay."""
        self._work.cache().forget_encoder(encoder_id)
        yield Saved()

    def decisions_from_keywords(self, folder: Path, categories: Sequence[Category]) -> Iterator[KeywordDecisions]:
        """What keywords equal to a category's name would decide; nothing is stored. Yields one KeywordDecisions."""
        cache = self._work.cache()
        ours = our_keywords(self._work.place.tags_path)
        yield decide_by_keywords(self._work.serving(folder)[0], check_folder(folder), categories, cache, ours)

    def save_categories(self, categories: Sequence[Category], renamed: Mapping[str, str]) -> Iterator[Saved]:
        """Store the category list; ``renamed`` (old name -> new name) carries decisions along."""
        self._work.library().save_categories(categories, renamed)
        yield Saved()

    def save_strictness(self, strictness: float) -> Iterator[Saved]:
        """Store how sure to be before a photo leaves Unsorted, in [0, 1]."""
        self._work.library().set_strictness(strictness)
        yield Saved()

    def category_sets(self, language: Language = "en") -> Iterator[CategorySets]:
        """The sets a person kept and, in this language, those that come along; yields exactly one CategorySets.

        Their strictness and cut-offs are those of the model in use: what was tuned to another one is left out.
        """
        library = self._work.library()
        kept = tuple(one.for_encoder(self._work.encoder_id()) for one in library.category_sets())
        yield CategorySets(kept, built_in_sets(language))

    def save_category_set(
        self, name: str, categories: Sequence[Category], strictness: float | None = None
    ) -> Iterator[Saved]:
        """Keep a list of categories under a name, in the place of an older set of that name."""
        library = self._work.library()
        library.save_category_set(CategorySet(name, tuple(categories), strictness, self._work.encoder_id()))
        yield Saved()

    def rename_category_set(self, old: str, new: str) -> Iterator[Saved]:
        """Give a kept set another name; CategoryError where there is none, or one of the new name."""
        self._work.library().rename_category_set(old, new)
        yield Saved()

    def remove_category_set(self, name: str) -> Iterator[Saved]:
        """Forget a kept set; the categories in use and all decisions stay. CategoryError where there is none."""
        self._work.library().remove_category_set(name)
        yield Saved()

    def export_categories(
        self, path: Path, name: str, categories: Sequence[Category], strictness: float | None = None
    ) -> Iterator[Saved]:
        """Write a list of categories as TOML; an older list of that name is replaced. May raise FilingError."""
        self._work.stores()
        write_category_file(path, CategorySet(name, tuple(categories), strictness, self._work.encoder_id()))
        yield Saved()

    def import_categories(self, path: Path) -> Iterator[CategorySet]:
        """Read a list of categories from TOML and change nothing; yields exactly one CategorySet.

        Strictness and cut-offs that were tuned to another model are left out. Raises CategoryError with the line.
        """
        self._work.stores()
        yield read_category_file(path).for_encoder(self._work.encoder_id())

    def decide(self, decisions: Sequence[Decision]) -> Iterator[Saved]:
        """Store a batch of decisions; yields Saved with its number."""
        yield Saved(self._work.library().decide(decisions))

    def undo(self, batch: int) -> Iterator[Saved]:
        """Take a batch of decisions back, restoring what stood before."""
        self._work.library().undo(batch)
        yield Saved(batch)

    def redo(self, batch: int) -> Iterator[Saved]:
        """Put an undone batch back."""
        self._work.library().redo(batch)
        yield Saved(batch)

    def thumbnail(self, digest: str) -> bytes | None:
        """The thumbnail of a photo as JPEG, 256 px on its long side, or None."""
        return self._work.cache().thumbnail(digest)

    @property
    def sqlite_version(self) -> str:
        """The version of the SQLite library in use."""
        return sqlite_version()

    def abandon(self) -> None:
        """Before ``close``: let no step wait for a model that works or hangs. The only method for any thread."""
        self._work.abandon()

    def close(self) -> None:
        """End worker processes, close databases, release the lock. Safe to call twice."""
        self._work.close()
