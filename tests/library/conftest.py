from collections.abc import Iterator
from pathlib import Path

import pytest

from clipsorter.library.cache import Cache
from clipsorter.library.library import Library


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with Cache.open(tmp_path / "cache.db") as opened:
        yield opened


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened
