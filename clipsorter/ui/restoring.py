"""When the library is damaged: the window offers its newest copy, and says when one was used."""

from pathlib import Path

from PySide6.QtCore import QObject

from clipsorter.engine.events import Opened
from clipsorter.engine.restoring import LibraryRestored
from clipsorter.errors import StoreDamagedError
from clipsorter.ui.error_words import ErrorWords, explain
from clipsorter.ui.jobs import Job, Lane
from clipsorter.ui.message_bar import MessageBar
from clipsorter.ui.session import Session


class Restoring(QObject):
    """Adds a button to the message about a damaged library; pressed, the copy is restored and opened."""

    def __init__(self, session: Session, messages: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._messages = messages
        session.runner.stepped.connect(self._on_stepped)

    def show_error(self, error: StoreDamagedError) -> None:
        """Say what is damaged and, where there is a copy, offer to go back to it."""
        remedy = self.tr("Restore the newest copy") if error.snapshot else ""
        self._messages.show_error(explain(error), remedy=remedy, then=self._restore)

    def _restore(self) -> None:
        self._session.lend(Lane.SAVE, lambda engine: engine.restore_library())

    def _on_stepped(self, _job: Job, event: object) -> None:
        if isinstance(event, LibraryRestored):
            self._tell(event.snapshot)
            self._session.open()
        elif isinstance(event, Opened) and event.restored is not None:
            self._tell(event.restored)

    def _tell(self, snapshot: Path) -> None:
        words = ErrorWords(
            self.tr("A copy of your data was restored."),
            self.tr("What you did after it was made is missing. Your photos are not affected."),
            str(snapshot),
        )
        self._messages.show_error(words)
