"""The window tries itself: plugins, pictures, both languages, a drag with nothing in it, and its own end."""

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, qVersion
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageReader
from PySide6.QtWidgets import QApplication

from clipsorter.ui.app import first_window
from clipsorter.ui.icons import app_icon
from clipsorter.ui.languages import speak
from clipsorter.ui.main_window import MainWindow

SIDE = 64  # px of the icon that is drawn
# One word of ours and one of Qt's own buttons: (context, English, Chinese).
CHINESE = (("Actions", "Settings…", "设置…"), ("QPlatformTheme", "Cancel", "取消"))


def try_window() -> str:
    """Open the window on a temporary data folder, try it and close it; returns what was found.

    Makes the application of this process, which should be one of its own. Raises RuntimeError with a sentence.
    """
    window = first_window()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("There is no application.")
    QApplication.processEvents()
    if not window.isVisible():
        raise RuntimeError("The window does not show.")
    _check_pictures()
    _check_languages(app)
    _drop_nothing(window)
    window.close()
    QApplication.processEvents()
    return f"Qt {qVersion()} on {QGuiApplication.platformName()}, JPEG and SVG, Chinese and English, an empty drop"


def _check_pictures() -> None:
    known = {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    if "jpeg" not in known:
        raise RuntimeError("Qt cannot read JPEG, so no thumbnail can be shown.")
    drawn = app_icon().pixmap(SIDE, SIDE).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    if not drawn.pixelColor(SIDE // 2, SIDE // 2).alpha():
        raise RuntimeError("The icons cannot be drawn.")


def _check_languages(app: QApplication) -> None:
    speak("zh_CN", app)
    try:
        for context, english, chinese in CHINESE:
            if QCoreApplication.translate(context, english) != chinese:
                raise RuntimeError(f"“{english}” is not there in Chinese.")
    finally:
        speak("en", app)


def _drop_nothing(window: MainWindow) -> None:
    nothing, copy = QMimeData(), Qt.DropAction.CopyAction
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = window.rect().center()
    entered = QDragEnterEvent(QPoint(place), copy, nothing, button, key)
    dropped = QDropEvent(QPointF(place), copy, nothing, button, key, QEvent.Type.Drop)
    for event in (entered, dropped):
        event.ignore()
        QCoreApplication.sendEvent(window, event)
        if event.isAccepted():
            raise RuntimeError("The window took a drop that holds nothing.")
