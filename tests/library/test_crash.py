"""The process is killed while it writes."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from clipsorter.library.cache import Cache
from clipsorter.library.library import Library
from tests.library.builders import ENCODER

BATCH = 8

PUT_FOR_EVER = """
import itertools, sys
from pathlib import Path
from clipsorter.library.cache import Cache
from tests.library.builders import ENCODER, cached, unit

cache = Cache.open(Path(sys.argv[1]))
for batch in itertools.count():
    numbers = range(batch * 8, batch * 8 + 8)
    cache.put([cached(f"/p/{n}.jpg", n, thumbnail=bytes(20000)) for n in numbers], ENCODER, unit(8, seed=batch))
    print(batch, flush=True)
"""

DECIDE_FOR_EVER = """
import itertools, sys
from pathlib import Path
from clipsorter.library.library import Library
from clipsorter.values import Decision
from tests.library.builders import digest

library = Library.open(Path(sys.argv[1]))
for batch in itertools.count(1):
    library.decide([Decision(digest(n), f"bin {batch}") for n in range(8)])
    print(batch, flush=True)
"""


def kill_after(script: str, path: Path, batches: int) -> int:
    """Run until so many batches are reported, kill without warning, return the last number that was reported."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, cwd=root)
    with process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(batches)]
        process.kill()
        lines += process.stdout.read().splitlines(keepends=True)
    return int([line for line in lines if line.endswith(b"\n")][-1])


def assert_intact(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("batches", [1, 7, 40])
def test_a_killed_index_run_loses_no_batch_it_reported(tmp_path: Path, batches: int) -> None:
    path = tmp_path / "cache.db"
    last = kill_after(PUT_FOR_EVER, path, batches)
    with Cache.open(path) as cache:
        assert not cache.rebuilt
        stored = cache.count(Path("/p"), ENCODER)
        assert stored % BATCH == 0
        assert stored // BATCH in (last + 1, last + 2)  # the one after may have been stored and not yet reported
        assert len(cache.collection(Path("/p"), ENCODER)) == len(cache.files_below(Path("/p"))) == stored
    assert_intact(path)


def test_a_killed_window_loses_no_decision_it_reported(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    last = kill_after(DECIDE_FOR_EVER, path, 20)
    with Library.open(path) as library:
        named = {decision.bin for decisions in library.decisions().values() for decision in decisions}
        assert named in ({f"bin {last + 0}"}, {f"bin {last + 1}"})
    assert_intact(path)
