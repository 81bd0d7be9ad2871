"""The engine: one folder of photos, one model, one data folder."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from clipsorter.engine.events import Event, Opened, Ranked, Saved
from clipsorter.engine.requests import RankRequest
from clipsorter.values import Category, Decision


class Engine:
    """Everything the window and the command line can ask for, as generators of frozen events.

    Constructing it is cheap and touches nothing; databases and worker processes are opened by the first step that
    needs them. All generators and ``close`` belong on one thread, the engine thread.
    """

    def __init__(self, data_folder: Path, *, model: str = "starter", device: str = "auto") -> None:
        self.data_folder = data_folder
        self.model = model
        self.device = device

    def open(self) -> Iterator[Opened]:
        """Lock the data folder and read what a person left there."""
        raise NotImplementedError

    def index(self, folder: Path) -> Iterator[Event]:
        """Embed what is new or changed below ``folder``.

        Yields Scanned (several), EncoderReady, then Embedded and PhotoFailed per batch, and Indexed at the end.
        """
        raise NotImplementedError

    def rank(self, folder: Path, request: RankRequest) -> Iterator[Ranked]:
        """Rank what is embedded so far; yields exactly one Ranked."""
        raise NotImplementedError

    def save_categories(self, categories: Sequence[Category], renamed: Mapping[str, str]) -> Iterator[Saved]:
        """Store the category list; ``renamed`` (old name -> new name) carries decisions along."""
        raise NotImplementedError

    def decide(self, decisions: Sequence[Decision]) -> Iterator[Saved]:
        """Store a batch of decisions; yields Saved with its number."""
        raise NotImplementedError

    def undo(self, batch: int) -> Iterator[Saved]:
        """Take a batch of decisions back, restoring what stood before."""
        raise NotImplementedError

    def redo(self, batch: int) -> Iterator[Saved]:
        """Put an undone batch back."""
        raise NotImplementedError

    def close(self) -> None:
        """End worker processes, close databases, release the lock. Safe to call twice."""
        raise NotImplementedError
