"""What commands do alike: open the engine, look at the folder first, tell progress."""

import logging
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from clipsorter.cli.contract import Options, data_folder
from clipsorter.cli.progress import ProgressLine
from clipsorter.engine.category_file import read_category_file
from clipsorter.engine.category_text import check_categories, parse_categories
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import EntryFailed, Indexed, Opened, PhotoFailed, Recalled
from clipsorter.errors import ClipSorterError
from clipsorter.library.log import keep_log
from clipsorter.values import Category

Failure = PhotoFailed | EntryFailed

logger = logging.getLogger(__name__)

T = TypeVar("T")


@contextmanager
def open_engine(options: Options) -> Iterator[Engine]:
    """The engine that the common options ask for; closed at the end of the block, whatever happens."""
    place = data_folder(options)
    engine = Engine(place, model=options.model, device=options.device)
    with keep_log(place):
        try:
            yield engine
        except ClipSorterError as error:
            logger.warning("%s: %s", type(error).__name__, error)
            raise
        finally:
            with _undisturbed():
                engine.close()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl+C does not interrupt the end that the first one asked for: it takes two seconds at most."""
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def tell_progress(options: Options) -> ProgressLine:
    """The progress line that the common options ask for."""
    return ProgressLine(quiet=options.quiet)


def look_at(
    engine: Engine, folder: Path, progress: ProgressLine, *, asks: bool = True
) -> tuple[Indexed, list[Failure]]:
    """Index a folder; returns the counts and what could not be read, folders included.

    Where the command then ``asks`` about the photos, those whose memory a disk spoilt are looked at before, not after.
    """
    looked = _index(engine, folder, progress)
    if asks and last(engine.recall(folder), Recalled).spoilt:
        return _index(engine, folder, progress)
    return looked


def _index(engine: Engine, folder: Path, progress: ProgressLine) -> tuple[Indexed, list[Failure]]:
    failures: list[Failure] = []
    indexed: Indexed | None = None
    for event in progress.watch(engine.index(folder)):
        if isinstance(event, Failure):
            failures.append(event)
        elif isinstance(event, Indexed):
            indexed = event
    assert indexed is not None  # the last event of every run
    return indexed, failures


def last(events: Iterable[object], kind: type[T]) -> T:
    """The answer: the one event of this kind that a generator of the engine ends with."""
    *_, answer = (event for event in events if isinstance(event, kind))
    return answer


def named_categories(options: Options) -> tuple[Category, ...] | None:
    """The categories given on the command line; None where none are. Raises CategoryError."""
    if options.into is not None:
        return parse_categories(options.into)
    if options.into_file is not None:
        return read_category_file(options.into_file).categories
    return None


def remembered_categories(engine: Engine) -> tuple[Category, ...]:
    """The categories of the window; CategoryError where there are none."""
    return check_categories(last(engine.open(), Opened).categories)
