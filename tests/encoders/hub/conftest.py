"""A hub with one tiny model, and a patience that suits a machine talking to itself."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from clipsorter.encoders.catalogue import CatalogueEntry, find_entry
from clipsorter.encoders.hub.address import Network
from clipsorter.encoders.hub.asking import Patience
from clipsorter.encoders.hub.download import download
from clipsorter.encoders.hub.events import Downloaded
from clipsorter.encoders.hub.planning import Plan, plan_download
from clipsorter.encoders.installed import InstalledModel
from tests.encoders.hub.fake_hub import FakeHub
from tests.encoders.tiny_weights import tiny_weights

WEIGHTS = tiny_weights(np.random.default_rng(7).bytes(1_200_000))
NAME = "laion-vit-b-32"
FILE = "open_clip_model.safetensors"

T = TypeVar("T")


@pytest.fixture
def entry() -> CatalogueEntry:
    found = find_entry(NAME)
    assert found is not None
    return found


@pytest.fixture
def hub(entry: CatalogueEntry) -> Iterator[FakeHub]:
    """Serves the tiny model under a real name; two kinds of files, and one nobody wants."""
    files = {
        "open_clip_model.safetensors": WEIGHTS,
        "open_clip_pytorch_model.bin": b"\x80\x04pickle",
        "open_clip_config.json": b'{"model_cfg": {}}',
        "README.md": b"# Model",
    }
    started = FakeHub({entry.repository: files})
    started.start()
    yield started
    started.stop()


@pytest.fixture
def network(hub: FakeHub) -> Network:
    return Network(mirror=hub.url)


@pytest.fixture
def patience() -> Patience:
    return Patience(stall_seconds=0.4, poll_seconds=0.02, pauses=(0.01, 0.01, 0.01))


@dataclass(frozen=True)
class Place:
    """Where to download to and how to get there."""

    models: Path
    network: Network
    patience: Patience


@pytest.fixture
def place(models: Path, network: Network, patience: Patience) -> Place:
    return Place(models, network, patience)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def result(steps: Generator[Any, None, T]) -> T:
    """What a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def ask(entry: CatalogueEntry, place: Place) -> Plan:
    return result(plan_download(entry, place.network, place.patience))


def run(plan: Plan, place: Place) -> Iterator[object]:
    return download(plan, place.models, place.network, place.patience)


def fetch(entry: CatalogueEntry, place: Place) -> InstalledModel:
    return last(run(ask(entry, place), place))


def last(events: Iterable[object]) -> InstalledModel:
    *_, done = events
    assert isinstance(done, Downloaded)
    return done.model
