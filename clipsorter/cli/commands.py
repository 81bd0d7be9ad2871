"""The commands. Each takes the parsed options and returns the exit status: 0 only when everything asked for was done.

Bad input raises a ClipSorterError with one sentence; ``main`` prints it and ends with status 2.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from clipsorter.cli import output
from clipsorter.cli.demo import DEMO_CATEGORIES, unpack_demo
from clipsorter.cli.doctor import examine
from clipsorter.cli.progress import ProgressLine
from clipsorter.engine.category_text import check_categories, parse_categories, read_category_file
from clipsorter.engine.decision_file import read_decision_file
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Found, Indexed, Opened, PhotoFailed, Ranked, Recalled, Saved
from clipsorter.engine.requests import RankRequest
from clipsorter.errors import CategoryError
from clipsorter.filing.contact_sheet import SheetBin, write_contact_sheet
from clipsorter.filing.rows import SortedPhoto
from clipsorter.filing.table import write_csv
from clipsorter.library.data_folder import default_data_folder
from clipsorter.photos.report import report
from clipsorter.photos.scan import check_folder
from clipsorter.values import Category, Decision

DONE, PARTLY_DONE = 0, 1

T = TypeVar("T")
Options = argparse.Namespace


def index(options: Options) -> int:
    """Look at every new or changed photo below a folder."""
    folder = check_folder(options.folder)
    with _engine(options) as engine:
        indexed, failures = _index(engine, folder, _progress(options))
    if options.json:
        output.print_index_json(indexed, failures, folder)
    return PARTLY_DONE if failures else DONE


def sort(options: Options) -> int:
    """Rank the photos of a folder into categories."""
    folder = check_folder(options.folder)
    categories = _named_categories(options)
    with _engine(options) as engine:
        if categories is None:
            categories = check_categories(_last(engine.open(), Opened).categories)
        return _sort(engine, folder, categories, options)


def search(options: Options) -> int:
    """Find photos by a phrase."""
    folder = check_folder(options.folder)
    with _engine(options) as engine:
        progress = _progress(options)
        _, failures = _index(engine, folder, progress)
        found = _last(progress.watch(engine.search(folder, options.query)), Found)
    (output.print_found_json if options.json else output.print_found)(found, options.limit)
    return PARTLY_DONE if failures else DONE


def demo(options: Options) -> int:
    """Sort a small folder of pictures that come along."""
    with unpack_demo(options.to) as folder, _engine(options) as engine:
        options.strictness, options.csv = 0.5, None
        return _sort(engine, folder, parse_categories(DEMO_CATEGORIES), options)


def teach(options: Options) -> int:
    """Learn from a table of decisions."""
    folder = check_folder(options.folder)
    said = read_decision_file(options.decisions)
    with _engine(options) as engine:
        _index(engine, folder, _progress(options))
        collection = _last(engine.recall(folder), Recalled).collection
        digests = dict(zip(collection.files, collection.digests, strict=True))
        unknown = [file for file, _ in said if file not in digests]
        known = [Decision(digests[file], bin_) for file, bin_ in said if file in digests]
        if known:
            _last(engine.decide(known), Saved)
    output.print_taught(len(known), unknown, as_json=options.json)
    return PARTLY_DONE if unknown else DONE


def decisions(options: Options) -> int:
    """Print what a person decided about the photos of a folder."""
    folder = check_folder(options.folder)
    with _engine(options) as engine:
        output.print_decisions(_last(engine.recall(folder), Recalled), as_json=options.json)
    return DONE


def scan(options: Options) -> int:
    """Say of every entry of a folder whether it can be read."""
    folder = check_folder(options.folder)
    counts: dict[str, int] = {}
    with output.report_lines(options.report, to_stdout=options.json) as write:
        for entry in report(folder):
            write(output.entry_line(entry))
            counts[entry.outcome] = counts.get(entry.outcome, 0) + 1
    if not options.json:
        print(", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items())) or "The folder is empty.")
    return DONE


def doctor(options: Options) -> int:
    """Print versions, device, model and data folder."""
    with _engine(options) as engine:
        findings = examine(engine, data_folder(options))
    if options.json:
        output.print_json(findings.facts | {"problems": list(findings.problems)})
    else:
        width = max(map(len, findings.facts))
        for name, fact in findings.facts.items():
            print(f"{name:<{width}}  {fact}")
        for problem in findings.problems:
            print(f"Problem: {problem}")
    return PARTLY_DONE if findings.problems else DONE


COMMANDS: Mapping[str, Callable[[Options], int]] = MappingProxyType(
    {
        "index": index,
        "sort": sort,
        "search": search,
        "teach": teach,
        "decisions": decisions,
        "scan": scan,
        "doctor": doctor,
        "demo": demo,
    }
)


@contextmanager
def _engine(options: Options) -> Iterator[Engine]:
    with closing(Engine(data_folder(options), model=options.model, device=options.device)) as engine:
        yield engine


def data_folder(options: Options) -> Path:
    """Where this run remembers."""
    chosen: Path | None = options.data
    return chosen.expanduser().absolute() if chosen else default_data_folder()


def _progress(options: Options) -> ProgressLine:
    return ProgressLine(quiet=options.quiet)


def _index(engine: Engine, folder: Path, progress: ProgressLine) -> tuple[Indexed, list[PhotoFailed]]:
    failures: list[PhotoFailed] = []
    indexed: Indexed | None = None
    for event in progress.watch(engine.index(folder)):
        if isinstance(event, PhotoFailed):
            failures.append(event)
        elif isinstance(event, Indexed):
            indexed = event
    assert indexed is not None  # the last event of every run
    return indexed, failures


def _sort(engine: Engine, folder: Path, categories: tuple[Category, ...], options: Options) -> int:
    progress = _progress(options)
    _, failures = _index(engine, folder, progress)
    request = RankRequest(categories, options.strictness)
    ranked = _last(progress.watch(engine.rank(folder, request)), Ranked)
    if options.json:
        output.print_board_json(output.sorted_photos(ranked, folder))
        output.print_failures_json(failures, folder)
    else:
        output.print_board(output.sorted_photos(ranked, folder), [(b.name, len(b)) for b in ranked.board.bins])
    if options.csv:
        write_csv(options.csv, output.sorted_photos(ranked, folder))
    if options.html:
        _write_sheet(options.html, engine, ranked, folder, categories)
    return PARTLY_DONE if failures else DONE


def _write_sheet(path: Path, engine: Engine, ranked: Ranked, folder: Path, categories: tuple[Category, ...]) -> None:
    photos = list(output.sorted_photos(ranked, folder))
    digests = dict(zip(ranked.collection.files, ranked.collection.digests, strict=True))
    colours = {category.name: category.colour for category in categories}
    bins = [
        SheetBin(
            column.name, [photo for photo in photos if photo.bin == column.name], colours.get(column.name or "", "")
        )
        for column in ranked.board.bins
    ]

    def thumbnail(photo: SortedPhoto) -> bytes | None:
        return engine.thumbnail(digests[photo.file])

    write_contact_sheet(path, folder.name, bins, thumbnail=thumbnail, day=datetime.now().astimezone().date())


def _named_categories(options: Options) -> tuple[Category, ...] | None:
    if options.into is not None:
        return parse_categories(options.into)
    if options.into_file is not None:
        return read_category_file(options.into_file)
    return None


def _last(events: Iterable[object], kind: type[T]) -> T:
    """The one event of this kind that a generator of the engine ends with."""
    found = [event for event in events if isinstance(event, kind)]
    if not found:
        raise CategoryError(f"Nothing was answered where a {kind.__name__} was expected.")
    return found[-1]
