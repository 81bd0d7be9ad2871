"""The engine of a session: made by the first job that needs it, closed by the last."""

from collections.abc import Iterator, Sequence

from clipsorter.ui.engine_like import EngineLike, MakeEngine
from clipsorter.ui.history import DecisionChange
from clipsorter.values import Decision


class KeptEngine:
    """All methods but ``abandon`` belong on the engine thread."""

    def __init__(self, make_engine: MakeEngine) -> None:
        self._make_engine = make_engine
        self._engine: EngineLike | None = None

    def ready(self) -> EngineLike:
        """The engine, which is made now if there is none."""
        if self._engine is None:
            self._engine = self._make_engine()
        return self._engine

    def decide(self, decisions: Sequence[Decision], change: DecisionChange) -> Iterator[object]:
        """Store decisions and note in ``change`` how they can be undone."""
        for saved in self.ready().decide(decisions):
            change.batch = saved.batch
            yield saved

    def undo(self, change: DecisionChange) -> Iterator[object]:
        """Take decisions back; nothing where they could not be stored, which was told then."""
        if change.batch:
            yield from self.ready().undo(change.batch)

    def redo(self, change: DecisionChange) -> Iterator[object]:
        """Put decisions back that ``undo`` took."""
        if change.batch:
            yield from self.ready().redo(change.batch)

    def swap(self, make_engine: MakeEngine) -> Iterator[object]:
        """Go on with another engine over the same data folder."""
        self.close()
        self._engine, self._make_engine = None, make_engine
        yield from self.ready().open()  # strictness and cut-offs are tuned to the model

    def abandon(self) -> None:
        """Let nobody wait for what a model that hangs or works for minutes would still say. Any thread."""
        if (engine := self._engine) is not None:
            engine.abandon()

    def close(self) -> None:
        """Store what was made; the next ``ready`` would give the same, closed engine."""
        if self._engine is not None:
            self._engine.close()
