"""A scripted engine: remembers what it was asked, sorts photos by their number, and knows no disk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from clipsorter.columns import Digests, Paths
from clipsorter.engine.albums import Albums, DateAlbum, FolderAlbum
from clipsorter.engine.category_sets import CategorySets
from clipsorter.engine.duplicates import Duplicates
from clipsorter.engine.events import (
    Embedded,
    EncoderReady,
    EncoderStarting,
    EntryFailed,
    Indexed,
    KindLeftOut,
    Opened,
    PhotoFailed,
    Ranked,
    Saved,
    Scanned,
)
from clipsorter.engine.explaining import Explained
from clipsorter.engine.exploring import Suggested, SuggestedCategory
from clipsorter.engine.exporting import Export, Exported
from clipsorter.engine.requests import RankRequest
from clipsorter.filing.recover import Run
from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Bin, Board
from clipsorter.ranking.overview import gather
from clipsorter.ranking.reasons import CategoryReason, Nearest
from clipsorter.ranking.similarity import Chance, Ranking
from clipsorter.values import Category, CategorySet, Decision


class FakeEngine:
    """Photo number n goes to category n modulo K; a decision wins. A query finds the photos whose file contains it."""

    def __init__(self, photos: int = 12, *, remembered: Sequence[Category] = (), folders: Sequence[Path] = ()) -> None:
        self.photos = photos
        self.remembered = tuple(remembered)
        self.folders = tuple(folders)
        self.tuned_to = ""
        self.cutoffs: dict[str, float] = {}
        self.asked: list[tuple[object, ...]] = []
        self.requests: list[RankRequest] = []
        self.decisions: dict[str, str | None] = {}
        self.batches: list[Sequence[Decision]] = []
        self.failures: tuple[PhotoFailed | EntryFailed | KindLeftOut, ...] = ()
        self.unknown: tuple[str, ...] = ()  # categories whose words the model does not know
        self.fail_with: dict[str, Exception] = {}
        self.fail_queries: dict[str, Exception] = {}  # by a part of the query
        self.before_batch: Callable[[int], None] = lambda number: None
        self.shown = 0  # photos embedded so far
        self.history: tuple[Run, ...] = ()
        self.suggested: tuple[SuggestedCategory, ...] = ()
        self.duplicates = Duplicates((), ())
        self.kept: dict[str, CategorySet] = {}
        self.built_in = (CategorySet("Travel", (Category("train"), Category("beach"))),)
        self.abandoned = False
        self.closed = False

    def _ask(self, *words: object) -> None:
        self.asked.append(words)
        if error := self.fail_with.get(str(words[0])):
            raise error

    def open(self) -> Iterator[Opened]:
        self._ask("open")
        yield Opened(self.folders, self.remembered, 0.5, self.tuned_to, cutoffs=self.cutoffs, model="fake")

    def index(self, folder: Path) -> Iterator[object]:
        self._ask("index", folder)
        yield Scanned(self.photos, 0, 0, done=False)
        yield Scanned(self.photos, 0, 0, done=True)
        yield EncoderStarting("fake")
        yield EncoderReady("fake", "CPU")
        yield from self.failures
        for number in range(0, self.photos, 4):
            self.before_batch(number // 4)
            self.shown = min(number + 4, self.photos)
            yield Embedded(self.shown, self.photos, 8.0, 1.0)
        yield Indexed(self.photos, self.photos, 0, len(self.failures), 0, 1.0, self.photos)

    def rank(self, folder: Path, request: RankRequest) -> Iterator[object]:
        self._ask("rank", folder)
        self.requests.append(request)
        if error := next((one for part, one in self.fail_queries.items() if part in request.query), None):
            raise error
        board, collection = self._board(request), self.collection()
        newest = np.arange(len(collection))[::-1]
        overview = gather(board, collection.photo_ids, newest, is_ranked=bool(request.query))
        ranking, cutoffs = self._ranking(request), self._cutoffs(request)
        yield Ranked(board, collection, ranking, cutoffs, self.unknown, overview=overview)

    def collection(self) -> Collection:
        ids = np.arange(1, self.shown + 1, dtype=np.int64)
        return Collection(
            ids,
            Paths(f"photo-{number}.jpg" for number in ids),
            Digests.of(f"{number:032x}" for number in ids),
            np.zeros((len(ids), 1), np.float32),
        )

    def _board(self, request: RankRequest) -> Board:
        names: list[str | None] = [*(category.name for category in request.categories), None]
        homes: dict[str | None, list[int]] = {name: [] for name in names}
        collection = self.collection()
        for number, digest, file in zip(collection.photo_ids, collection.digests, collection.files, strict=True):
            if request.query in file:
                home = names[number % max(len(names) - 1, 1)] if len(names) > 1 else None
                homes[self.decisions.get(digest, home)].append(int(number))
        bins = tuple(self._bin(name, ids) for name, ids in homes.items())
        review = np.array(homes[names[0]][:1], np.int64)
        return Board(bins, review, sum(map(len, bins)) if request.query else None)

    def _ranking(self, request: RankRequest) -> Ranking:
        names = tuple(category.name for category in request.categories)
        count = len(self.collection())
        cosine = np.full((count, len(names)), 0.1, np.float32)
        best = np.full(count, -1, np.int16)
        if names:
            best = (self.collection().photo_ids % len(names)).astype(np.int16)
            cosine[np.arange(count), best] = 0.4
        zeros = np.zeros(count, np.float32)
        return Ranking(names, cosine, zeros, None, zeros, best, Chance(0.0, 0.1), 20.0, None)

    def _cutoffs(self, request: RankRequest) -> np.ndarray:
        return np.full(len(request.categories), 0.3, np.float32)

    def _bin(self, name: str | None, ids: list[int]) -> Bin:
        photo_ids = np.array(ids, np.int64)
        likely = np.full(len(ids), 0.5, np.float32)
        decided = np.array([f"{number:032x}" in self.decisions for number in ids], np.bool_)
        return Bin(name, photo_ids, likely, likely, decided)

    def save_categories(self, categories: Sequence[Category], renamed: Mapping[str, str]) -> Iterator[Saved]:
        self._ask("save_categories", tuple(category.name for category in categories), dict(renamed))
        yield Saved()

    def save_strictness(self, strictness: float) -> Iterator[Saved]:
        self._ask("save_strictness", strictness)
        yield Saved()

    def decide(self, decisions: Sequence[Decision]) -> Iterator[Saved]:
        self._ask("decide", tuple(decisions))
        self.batches.append(decisions)
        self.decisions |= {one.digest: one.bin for one in decisions}
        yield Saved(len(self.batches))

    def undo(self, batch: int) -> Iterator[Saved]:
        self._ask("undo", batch)
        for one in self.batches[batch - 1]:
            del self.decisions[one.digest]
        yield Saved(batch)

    def redo(self, batch: int) -> Iterator[Saved]:
        self._ask("redo", batch)
        self.decisions |= {one.digest: one.bin for one in self.batches[batch - 1]}
        yield Saved(batch)

    def export(
        self, export: Export, ranked: Ranked, folder: Path, categories: Sequence[Category]
    ) -> Iterator[Exported]:
        self._ask("export", export)
        yield Exported(export.path, sum(map(len, ranked.board.bins)))

    def runs(self) -> Iterator[tuple[Run, ...] | None]:
        self._ask("runs")
        yield None
        yield self.history

    def explain(self, ranked: Ranked, photo_id: int, request: RankRequest) -> Iterator[object]:
        self._ask("explain", photo_id)
        reason = CategoryReason("cat", 0.4, 0.3, 0.3, 0.9, True, (Nearest("kitten", 0.4),), None, None, None, ())
        yield Explained(f"photo-{photo_id}.jpg", "cat", False, (reason,), None)

    def suggest(self, folder: Path, limit: int = 8) -> Iterator[object]:
        self._ask("suggest", folder)
        yield Suggested(self.suggested)

    def albums(self, folder: Path) -> Iterator[Albums]:
        self._ask("albums", folder)
        ids = self.collection().photo_ids
        yield Albums((FolderAlbum("trip", ids[:3]),), (DateAlbum(2023, None, ids[1:5]), DateAlbum(2023, 5, ids[1:3])))

    def find_duplicates(self, folder: Path) -> Iterator[object]:
        self._ask("find_duplicates", folder)
        yield self.duplicates

    def category_sets(self, language: str = "en") -> Iterator[CategorySets]:
        self._ask("category_sets", language)
        yield CategorySets(tuple(self.kept.values()), self.built_in)

    def save_category_set(
        self, name: str, categories: Sequence[Category], strictness: float | None = None
    ) -> Iterator[Saved]:
        self.kept[name] = CategorySet(name, tuple(categories), strictness)
        yield Saved()

    def rename_category_set(self, old: str, new: str) -> Iterator[Saved]:
        self.kept[new] = replace(self.kept.pop(old), name=new)
        yield Saved()

    def remove_category_set(self, name: str) -> Iterator[Saved]:
        del self.kept[name]
        yield Saved()

    def export_categories(
        self, path: Path, name: str, categories: Sequence[Category], strictness: float | None = None
    ) -> Iterator[Saved]:
        self._ask("export_categories", path, name)
        yield Saved()

    def forget_embeddings(self, encoder_id: str) -> Iterator[Saved]:
        self._ask("forget_embeddings", encoder_id)
        yield Saved()

    def import_categories(self, path: Path) -> Iterator[CategorySet]:
        self._ask("import_categories", path)
        yield CategorySet(path.stem, (Category("boat"), Category("harbour")), 0.3)

    def abandon(self) -> None:
        self.abandoned = True

    def close(self) -> None:
        self.closed = True

    def calls(self, name: str) -> list[tuple[object, ...]]:
        """What was asked by this name, without the name."""
        return [words[1:] for words in self.asked if words[0] == name]
