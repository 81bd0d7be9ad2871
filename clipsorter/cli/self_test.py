"""Whether this installation is whole: a bundle or a wheel that lost a file says so here, not in front of a photo.

Everything happens in temporary folders. The window is tried in a child process, because Qt ends a process that lacks a
plugin without another word.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from clipsorter.children import settle_in, spawn
from clipsorter.cli.running import last
from clipsorter.cli.screens import is_screen_named
from clipsorter.engine.category_text import parse_categories
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import EncoderReady, Found, Ranked
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.vocabulary import read_vocabulary

WINDOW_SECONDS = 120.0  # until the window has answered, on a machine that is busy
_PLATFORM = "QT_QPA_PLATFORM"
PHOTOS = {"IMG_1128.webp": "猫", "IMG_1205.webp": "airplane"}  # of the demo, and what they show


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was tried."""

    name: str
    seconds: float
    found: str  # what was seen, or what is wrong
    is_whole: bool


class _Window(Enum):
    """What became of the window."""

    WHOLE = "whole"
    BROKEN = "broken"
    REFUSED = "refused"  # by the screen, which is no fault of the installation


class _BrokenError(Exception):
    """Something is missing or wrong; the message says what."""


def check_everything() -> Iterator[Checked]:
    """Try one thing after the other; what fails does not keep the rest from being tried."""
    checks = {"resources": _check_resources, "photo and words": _check_model, "window": _check_window}
    for name, check in checks.items():
        begun = monotonic()
        try:
            found, is_whole = check(), True
        except Exception as error:  # whatever a missing part makes of it is what this is for
            *_, found = str(error).strip().splitlines() or [type(error).__name__]
            is_whole = False
        yield Checked(name, monotonic() - begun, found, is_whole)


def _check_resources() -> str:
    """What comes along as files and is not tried by using it."""
    resources = files("clipsorter.resources")
    counts = {}
    for folder, ending in (("icons", ".svg"), ("translations", ".qm"), ("demo", ".webp")):
        place = resources.joinpath(folder)
        counts[folder] = sum(file.name.endswith(ending) for file in place.iterdir()) if place.is_dir() else 0
        if not counts[folder]:
            raise _BrokenError(f"The {folder} are missing.")
    return f"{len(read_vocabulary())} words, " + ", ".join(f"{count} in {name}" for name, count in counts.items())


def _check_model() -> str:
    """Two photos through decode worker, model, store and ranking; one category in Chinese, one search in English."""
    with tempfile.TemporaryDirectory(prefix="clipsorter-self-test-") as place:
        album = Path(place, "album").resolve()
        album.mkdir()
        for name in PHOTOS:
            album.joinpath(name).write_bytes(
                files("clipsorter.resources").joinpath("demo", name).read_bytes(),
            )
        with closing(Engine(Path(place, "data"), device="cpu")) as engine:
            device = last(engine.start_model(), EncoderReady).device
            for _ in engine.index(album):
                pass
            categories = parse_categories(", ".join(PHOTOS.values()))
            ranked = last(engine.rank(album, RankRequest(categories)), Ranked)
            found = last(engine.search(album, "cat"), Found)
        bins = {ranked.collection.files[row]: name for name, row in _homes(ranked)}
        if bins != PHOTOS:
            raise _BrokenError(f"The photos {PHOTOS} were sorted as {bins}.")
        if found.collection.files[found.result.order[0]] != next(iter(PHOTOS)):
            raise _BrokenError("A search for a cat did not find it first.")
    return f"a cat and an aeroplane in their bins, a search found the cat ({device})"


def _homes(ranked: Ranked) -> Iterator[tuple[str | None, int]]:
    for home in ranked.board.bins:
        for row in ranked.collection.positions(home.photo_ids):
            yield home.name, int(row)


def _check_window() -> str:
    if not is_screen_named():
        os.environ[_PLATFORM] = "offscreen"  # inherited by the child
    found, outcome = _ask_window()
    if outcome is _Window.REFUSED and not os.environ.get(_PLATFORM):
        os.environ[_PLATFORM] = "offscreen"
        found, outcome = _ask_window()
    if outcome is not _Window.WHOLE:
        raise _BrokenError(found)
    return found


def _ask_window() -> tuple[str, _Window]:
    child, pipe = spawn(_serve_window, name="clipsorter self-test")
    try:
        if not pipe.poll(WINDOW_SECONDS):
            raise _BrokenError("The window did not answer.")
        found, outcome = pipe.recv()
    except EOFError:
        raise _BrokenError("Qt ended the process: a plugin or a library of the system is missing.") from None
    finally:
        child.kill()
        child.join()
        child.close()
        pipe.close()
    return str(found), _Window(outcome)


def _serve_window(pipe: Connection) -> None:
    settle_in()
    try:
        # Only here: the command line must work where Qt's system libraries are missing.
        from clipsorter.ui.screen import Obstacle, declining  # noqa: PLC0415
        from clipsorter.ui.self_test import try_window  # noqa: PLC0415

        def tell(obstacle: Obstacle) -> None:
            pipe.send((obstacle.sentence, _Window.BROKEN if obstacle.lacks_library else _Window.REFUSED))

        with declining(tell):
            pipe.send((try_window(), _Window.WHOLE))
    except (ImportError, RuntimeError) as error:
        pipe.send((str(error), _Window.BROKEN))
