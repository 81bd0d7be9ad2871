"""Start the window: the application, its language and theme, the single event loop, and a clean end."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from clipsorter.errors import StoreBusyError
from clipsorter.library.settings import NOTHING_TYPED, Settings, Typed, load_settings
from clipsorter.presence import is_file
from clipsorter.ui.icons import app_icon
from clipsorter.ui.languages import speak
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.meeting_place import may_be_met
from clipsorter.ui.screen import Obstacle, declining
from clipsorter.ui.theme import FUSION, Theme

if TYPE_CHECKING:
    from clipsorter.ui.engine_like import EngineLike
    from clipsorter.ui.thumbnails import Reader

SIGNAL_MS = 250  # how long Ctrl+C in a terminal may take to be heard; Python runs handlers between two Qt events

logger = logging.getLogger(__name__)


def first_window() -> MainWindow:
    """Show the main window on an empty data folder, which lives as long as the window. No event loop is started."""
    data_folder = tempfile.TemporaryDirectory(prefix="clipsorter-", ignore_cleanup_errors=True)
    window = _make_window(Path(data_folder.name), NOTHING_TYPED)
    window.closed.connect(partial(data_folder.cleanup))  # a bare method would not keep its folder alive
    window.show()
    return window


def run_window(data_folder: Path, folder: Path | None, model: str | None = None, device: str | None = None) -> int:
    """Run the window until it is closed; returns the exit status. ``folder`` None opens the most recent one.

    A ``model`` or ``device`` holds for this run, whatever the settings say, until another is chosen in the window.
    Where a window with this data folder stands already, it is given the folder and nothing else happens here. Where no
    window can be shown, the process ends (``ui.screen``).
    """
    with declining(partial(_tell, data_folder)):
        _ready_application(load_settings(data_folder / "settings.json").language)
    if may_be_met(data_folder):
        from clipsorter.ui.one_window import hand_over  # noqa: PLC0415 - QtNetwork costs a first start 30 ms

        if hand_over(data_folder, [folder] if folder else []):
            return 0
    window = _make_window(data_folder, Typed(model, device))
    window.closed.connect(QApplication.quit)  # also where a drag's picture is still on the screen
    window.show()
    with _hearing_signals(window), _showing_bugs(window), ExitStack() as stack:

        def begin() -> None:
            gc.freeze()  # what a start makes stays
            gc.enable()  # the command line switched it off
            _keep_records(stack, data_folder)
            try:
                met = _meets_another(window, data_folder, folder)
            except StoreBusyError as error:
                window.show_error(error)
                return
            if met:
                window.close()
            else:
                window.prepare(lambda: _begin(window, folder))

        QTimer.singleShot(0, window, begin)  # after the first paint
        return QApplication.exec()


def _meets_another(window: MainWindow, data_folder: Path, folder: Path | None) -> bool:
    """Let later starts find this window; True where another start at the same moment was first and shows the folder.

    A double click too many starts two at once. Raises StoreBusyError where the other does not answer.
    """
    from clipsorter.ui.one_window import Doorbell, hand_over  # noqa: PLC0415 - QtNetwork, after the first paint

    doorbell = Doorbell(data_folder, window)
    doorbell.rung.connect(lambda paths: _come_forward(window, paths))
    window.closed.connect(doorbell.close)
    return doorbell.is_second and hand_over(data_folder, [folder] if folder else [])


def _keep_records(stack: ExitStack, data_folder: Path) -> None:
    """Log and catch crashes until the stack ends."""
    from clipsorter.library.log import catching_crashes, keep_log  # noqa: PLC0415 - imports more than the window needs

    stack.enter_context(keep_log(data_folder))
    stack.enter_context(catching_crashes(data_folder))


def _tell(data_folder: Path, obstacle: Obstacle) -> None:
    """After a double click nobody sees standard error; a desktop keeps it in its journal, and the log has it too."""
    from clipsorter.library.log import keep_log  # noqa: PLC0415 - as above

    with keep_log(data_folder):
        logger.error("%s", obstacle.sentence)
    print(f"clipsorter: {obstacle.sentence}", file=sys.stderr, flush=True)


def _begin(window: MainWindow, folder: Path | None) -> None:
    if folder is not None:
        window.open_folder(folder)
    else:
        window.open_recent()


def _come_forward(window: MainWindow, paths: Sequence[Path]) -> None:
    """Show the first of these folders, or the folder of the first of these photos, in front of other windows."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    if paths:
        window.open_folder(paths[0].parent if is_file(paths[0]) else paths[0])


def _make_window(data_folder: Path, typed: Typed) -> MainWindow:
    settings_path = data_folder / "settings.json"
    app = _ready_application(load_settings(settings_path).language)

    def make_engine(settings: Settings) -> EngineLike:
        from clipsorter.engine.engine import Engine  # noqa: PLC0415 - on the engine thread, after the window stands

        return Engine(
            data_folder,
            model=settings.model,
            models_before=settings.models_before,
            device=settings.device,
            excluded=settings.excluded,
            left_out=settings.left_out,
        )

    def open_reader() -> Reader:
        from clipsorter.library.thumbnails import ThumbnailReader  # noqa: PLC0415 - on a thumbnail thread

        return ThumbnailReader(data_folder / "cache.db")

    return MainWindow(make_engine, open_reader, settings_path=settings_path, theme=_theme_of(app), typed=typed)


def _ready_application(language: str) -> QApplication:
    """The running application, or a new one that speaks the person's language."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    QCoreApplication.setApplicationName("ClipSorter")
    QGuiApplication.setDesktopFileName("clipsorter")
    app = QApplication([*sys.argv[:1], *FUSION])
    app.setWindowIcon(app_icon())
    speak(language, app)
    return app


@cache
def _theme_of(app: QApplication) -> Theme:
    """One theme dresses the application for as long as it runs."""
    return Theme(None, parent=app)


@contextmanager
def _hearing_signals(window: MainWindow) -> Iterator[None]:
    """Close the window, with everything stored, on Ctrl+C, a polite request to end, or the end of the terminal."""

    def close(_number: int, _frame: FrameType | None) -> None:
        QTimer.singleShot(0, window, window.close)  # not in the middle of whatever Python is doing

    before = {number: signal.signal(number, close) for number in _polite_signals()}
    heartbeat = QTimer(window, interval=SIGNAL_MS)
    heartbeat.timeout.connect(lambda: None)  # Python looks for signals only while it runs some Python
    heartbeat.start()
    try:
        yield
    finally:
        heartbeat.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def _polite_signals() -> list[int]:
    """What a person, a log-out and the end of a terminal send; the last unless it was started to outlive that."""
    hangup: int | None = getattr(signal, "SIGHUP", None)  # not on Windows
    outlives = hangup is None or signal.getsignal(hangup) is signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([] if hangup is None or outlives else [hangup])]


@contextmanager
def _showing_bugs(window: MainWindow) -> Iterator[None]:
    """Log an exception that nobody caught in a slot, and say once that something went wrong."""
    before = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logger.critical("Nobody caught this", exc_info=(kind, error, trace))
        before(kind, error, trace)  # a terminal gets it too
        if isinstance(error, Exception) and window.isVisible():
            window.show_bug(error, "".join(traceback.format_exception(error)))

    sys.excepthook = show
    try:
        yield
    finally:
        sys.excepthook = before
