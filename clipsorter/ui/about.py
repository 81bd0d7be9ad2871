"""What this program is: version, model, what it promises, what is new, and whose work it carries."""

from importlib.resources import files

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from clipsorter import __version__
from clipsorter.ui.controls import WrappingLabel, fit
from clipsorter.ui.icons import app_icon
from clipsorter.ui.languages import speaks_chinese
from clipsorter.ui.models.naming import name_model
from clipsorter.ui.plain_text import plain_label

ICON_SIDE = 64  # px
SIZE = 720, 560  # px
MARGIN = 12  # px around a text


class AboutDialog(QDialog):
    """``model`` is the name of the model in use, as in the settings."""

    def __init__(self, model: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About ClipSorter"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tabs = QTabWidget()
        tabs.setAccessibleName(self.windowTitle())
        tabs.tabBar().setDrawBase(False)
        for sheet, name in ((_notes(), self.tr("What is new")), (_notices(), self.tr("Licences"))):
            sheet.setAccessibleName(name)
            sheet.setFrameShape(QFrame.Shape.NoFrame)
            tabs.addTab(sheet, name)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addLayout(self._make_heading(model))
        column.addWidget(tabs, 1)
        column.addWidget(buttons)
        fit(self, *SIZE)

    def _make_heading(self, model: str) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(QSize(ICON_SIDE, ICON_SIDE), self.devicePixelRatioF()))
        name = QLabel(f"ClipSorter {__version__}")
        name.setObjectName("heading")
        name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        facts = plain_label(self.tr("Model: {} · Qt {}").format(name_model(model), qVersion()))
        facts.setObjectName("muted")
        privacy = WrappingLabel(
            self.tr(
                "Your photos, categories and searches stay on this computer. Nothing goes on the network unless you "
                "ask for a model to be downloaded."
            )
        )
        words = QVBoxLayout()
        words.setSpacing(4)
        for line in (name, facts, privacy):
            words.addWidget(line)
        heading = QHBoxLayout()
        heading.setSpacing(16)
        heading.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        heading.addLayout(words, 1)
        return heading


def _notes() -> QTextBrowser:
    """The release notes, in Chinese where the window speaks Chinese."""
    name = "CHANGELOG.zh.md" if speaks_chinese() else "CHANGELOG.md"
    sheet = QTextBrowser()
    sheet.setOpenExternalLinks(True)
    sheet.setMarkdown(_read(name).partition("\n")[2])  # the tab says the heading
    sheet.document().setDocumentMargin(MARGIN)
    return sheet


def _notices() -> QPlainTextEdit:
    sheet = QPlainTextEdit(_read("NOTICES.txt"))
    sheet.setReadOnly(True)
    sheet.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    sheet.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    sheet.document().setDocumentMargin(MARGIN)
    return sheet


def _read(name: str) -> str:
    return files("clipsorter.resources").joinpath(name).read_text("utf-8")
