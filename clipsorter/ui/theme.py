"""Light and dark: two palettes of our own over the Fusion style, and one short style sheet made from their colours.

Every text colour keeps a contrast of at least 4.5 : 1 (WCAG AA) on every ground it is used on; a test computes it.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from clipsorter.ui.resource_files import resource_file

# Told apart by lightness as well as hue, so that neighbours differ for colour-blind people too.
CATEGORY_COLOURS = (
    "#3b82f6",
    "#f59e0b",
    "#10b981",
    "#8b5cf6",
    "#ef4444",
    "#06b6d4",
    "#ec4899",
    "#84cc16",
    "#6366f1",
    "#b45309",
    "#14b8a6",
    "#64748b",
)


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme, as "#rrggbb"."""

    window: str  # side panel, footer, gaps
    base: str  # cards, columns, fields
    alternate: str  # hovered buttons, empty thumbnails
    text: str
    muted: str  # counts, captions, placeholders
    line: str  # borders
    button: str
    accent: str  # filled buttons, selection frames, progress; carries white text
    link: str  # accent-coloured text
    chosen: str  # ground of the chosen row
    notice: str  # ground of the learning strip
    danger: str  # ground of the error bar
    danger_line: str
    problem: str  # text that says what is wrong


LIGHT = Colours(
    window="#f4f5f7",
    base="#ffffff",
    alternate="#e9ecf0",
    text="#1d2026",
    muted="#5b626e",
    line="#d9dce1",
    button="#ffffff",
    accent="#2563eb",
    link="#1d4ed8",
    chosen="#dfe8fb",
    notice="#fff3d1",
    danger="#ffe4e4",
    danger_line="#f3b4b4",
    problem="#b42318",
)

DARK = Colours(
    window="#1c1d20",
    base="#232529",
    alternate="#2e3137",
    text="#e7e8ea",
    muted="#a0a5af",
    line="#3a3d44",
    button="#2c2f34",
    accent="#2f6fed",
    link="#7db0ff",
    chosen="#2f3b52",
    notice="#3a3220",
    danger="#47282b",
    danger_line="#7a3d42",
    problem="#ff9d97",
)


class Choice(StrEnum):
    """What the person chose; ``SYSTEM`` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


_SCHEMES = {
    Choice.SYSTEM: Qt.ColorScheme.Unknown,
    Choice.LIGHT: Qt.ColorScheme.Light,
    Choice.DARK: Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """Dresses the whole application and keeps following the person's choice or the desktop's.

    A ``choice`` of None dresses nothing before ``choose``: widgets are styled once, when all of them are there.
    Must be told ``stop()`` before a test lets go of it; an application keeps one for life. GUI thread.
    """

    changed = Signal()

    def __init__(self, choice: Choice | None = Choice.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice or Choice.SYSTEM
        self._dressed: Colours | None = None
        QApplication.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        if choice is not None:
            self.choose(choice)

    @property
    def choice(self) -> Choice:
        return self._choice

    @property
    def is_dark(self) -> bool:
        return self._dressed is DARK

    @property
    def colours(self) -> Colours:
        return self._dressed or LIGHT

    def choose(self, choice: Choice) -> None:
        """Switch at once."""
        self._choice = choice
        QGuiApplication.styleHints().setColorScheme(_SCHEMES[choice])
        self._dress()

    def stop(self) -> None:
        """Stop following the desktop."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._dress)

    def _dress(self) -> None:
        scheme = _SCHEMES[self._choice]
        if scheme == Qt.ColorScheme.Unknown:
            scheme = QGuiApplication.styleHints().colorScheme()
        colours = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        if colours is self._dressed:
            return
        self._dressed = colours
        QApplication.setPalette(make_palette(colours))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyleSheet(make_style_sheet(colours))
        self.changed.emit()


def make_palette(colours: Colours) -> QPalette:
    """The palette of a theme; disabled text is muted."""
    role = QPalette.ColorRole
    palette = QPalette()
    for where, colour in (
        (role.Window, colours.window),
        (role.Base, colours.base),
        (role.AlternateBase, colours.alternate),
        (role.Button, colours.button),
        (role.Text, colours.text),
        (role.WindowText, colours.text),
        (role.ButtonText, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.ToolTipBase, colours.base),
        (role.ToolTipText, colours.text),
        (role.Mid, colours.line),
        (role.Midlight, colours.chosen),
        (role.Highlight, colours.accent),
        (role.Accent, colours.accent),
        (role.Link, colours.link),
        (role.HighlightedText, "#ffffff"),
    ):
        palette.setColor(where, QColor(colour))
    faint = QColor(colours.muted)
    faint.setAlphaF(0.55)
    for where in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, _over(faint, QColor(colours.window)))
    return palette


def _over(colour: QColor, ground: QColor) -> QColor:
    """``colour`` seen through its alpha on ``ground``, opaque."""
    share = colour.alphaF()

    def mix(front: int, back: int) -> int:
        return round(front * share + back * (1 - share))

    return QColor(
        mix(colour.red(), ground.red()), mix(colour.green(), ground.green()), mix(colour.blue(), ground.blue())
    )


def _drawing(name: str) -> str:
    """The address of a drawing, as a style sheet names it."""
    return resource_file("style", f"{name}.svg").as_posix()


def make_style_sheet(colours: Colours) -> str:
    """What Fusion and the palette cannot say: round corners, thin lines, quiet buttons.

    Widgets opt in by object name.
    """
    c = colours
    return f"""
#side {{ background: {c.window}; border: none; border-right: 1px solid {c.line}; }}
#footer {{ background: {c.window}; border: none; border-top: 1px solid {c.line}; }}
#albums {{ background: transparent; }}
#albums::item {{ height: 30px; border-radius: 7px; color: {c.text}; }}
#albums::item:selected {{ background: {c.chosen}; }}
#albums::item:hover:!selected {{ background: {c.alternate}; }}
#sideArea, #sideArea > QWidget > QWidget {{ background: transparent; }}
#card, #search {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 9px; }}
#search[focused="true"] {{ border: 2px solid {c.accent}; }}
#bin {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 10px; }}
#bin[over="true"] {{ border: 2px solid {c.accent}; }}
#strip {{ background: {c.notice}; border-radius: 9px; }}
#errorBar {{ background: {c.danger}; border: 1px solid {c.danger_line}; border-radius: 9px; }}
#filterBar {{ background: {c.chosen}; border-radius: 9px; }}
#heading {{ font-weight: 600; }}
#title {{ font-size: 20pt; font-weight: 600; }}
#subtitle {{ font-size: 13pt; font-weight: 600; }}
#muted {{ color: {c.muted}; }}
#whyHere, #whyHere > QWidget > QWidget {{ background: {c.window}; }}
#whyHere {{ border-left: 1px solid {c.line}; }}
#problem {{ color: {c.problem}; }}
#caption {{ color: {c.muted}; font-weight: 600; }}
#bare {{ border: none; background: transparent; }}
#search QLineEdit {{ border: none; background: transparent; padding: 4px; }}
#chip {{ padding: 1px 27px 2px 9px; border-radius: 8px; background: {c.chosen}; text-align: left; }}
#chip[kind="unwanted"] {{ background: {c.danger}; }}
#chip[kind="condition"] {{ background: {c.alternate}; }}
QPlainTextEdit#entry {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 8px; padding: 3px 5px; }}
QPlainTextEdit#entry:focus {{ border: 2px solid {c.accent}; padding: 2px 4px; }}
#completions {{ background: {c.base}; border: 1px solid {c.line}; padding: 3px; }}
#completions::item {{ padding: 5px 8px; border-radius: 5px; color: {c.text}; }}
#completions::item:selected {{ background: {c.chosen}; }}
QLineEdit#entry {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 8px; padding: 6px 8px; }}
QLineEdit#entry:focus {{ border: 2px solid {c.accent}; padding: 5px 7px; }}
QAbstractItemView {{ border: none; background: transparent; outline: none; }}
QComboBox {{ background: {c.button}; border: 1px solid {c.line}; border-radius: 8px; padding: 5px 6px 5px 10px; }}
QComboBox:hover {{ background: {c.alternate}; }}
QComboBox:focus {{ border: 2px solid {c.accent}; padding: 4px 5px 4px 9px; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: url({_drawing("down")}); width: 14px; height: 14px; }}
QCheckBox {{ spacing: 8px; }}
QCheckBox::indicator, #plan::indicator {{ width: 14px; height: 14px; border: 1px solid {c.muted}; border-radius: 4px; }}
QCheckBox::indicator, #plan::indicator {{ background: {c.base}; }}
QCheckBox::indicator:disabled {{ border: 1px solid {c.line}; }}
QCheckBox::indicator:focus {{ border: 2px solid {c.text}; width: 12px; height: 12px; }}
QCheckBox::indicator:checked, #plan::indicator:checked {{ image: url({_drawing("tick")}); }}
#plan::indicator:indeterminate {{ image: url({_drawing("part")}); }}
QCheckBox::indicator:checked, #plan::indicator:checked, #plan::indicator:indeterminate {{
    background: {c.accent}; border: 1px solid {c.accent}; }}
QComboBox QAbstractItemView {{ background: {c.base}; border: 1px solid {c.line}; }}
QToolButton, QPushButton {{ border: 2px solid transparent; border-radius: 7px; padding: 4px 5px; }}
QToolButton, QPushButton {{ background: transparent; }}
QToolButton:hover, QPushButton:hover {{ background: {c.alternate}; }}
QToolButton:checked {{ background: {c.chosen}; }}
QToolButton:focus, QPushButton:focus {{ border: 2px solid {c.accent}; }}
QToolButton::menu-indicator {{ image: none; }}
#quiet, QDialog QPushButton {{ border: 1px solid {c.line}; padding: 5px 11px; background: {c.button}; }}
#quiet:hover, QDialog QPushButton:hover {{ background: {c.alternate}; }}
#quiet:focus, QDialog QPushButton:focus {{ border: 2px solid {c.accent}; padding: 4px 10px; }}
#filled {{ background: {c.accent}; color: #ffffff; padding: 7px 13px; border: 2px solid {c.accent}; font-weight: 600; }}
#filled:hover {{ background: {c.link if c is LIGHT else c.accent}; }}
#filled:focus {{ border: 2px solid {c.text}; }}
#row {{ padding: 5px 8px; text-align: left; }}
#row:checked {{ background: {c.chosen}; }}
#suggestion {{ border: 1px solid {c.line}; border-radius: 9px; padding: 5px 13px; background: {c.base}; }}
#suggestion:hover {{ background: {c.chosen}; }}
#suggestion:focus {{ border: 2px solid {c.accent}; padding: 4px 12px; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
#failures {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 9px; }}
#failures::item {{ padding: 7px 9px; border-bottom: 1px solid {c.line}; color: {c.text}; }}
#failures::item:selected {{ background: {c.chosen}; }}
#plan {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 9px; padding: 2px; }}
#plan::item {{ padding: 3px 2px; }}
#plan::item:selected {{ background: {c.chosen}; color: {c.text}; }}
QHeaderView::section {{ background: {c.base}; color: {c.muted}; border: none; padding: 5px 4px; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {c.line}; }}
QSlider::sub-page:horizontal {{ border-radius: 2px; background: {c.accent}; }}
QSlider::handle:horizontal {{ width: 16px; margin: -6px 0; border-radius: 8px; background: {c.accent}; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {c.text}; }}
QProgressBar {{ border: none; border-radius: 3px; background: {c.line}; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
QScrollBar:vertical {{ width: 10px; background: transparent; margin: 0; }}
QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 0; }}
QScrollBar::handle {{ background: {c.line}; border-radius: 4px; margin: 1px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {c.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QMenu {{ background: {c.base}; border: 1px solid {c.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 22px 6px 10px; border-radius: 5px; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::item:selected {{ background: {c.chosen}; color: {c.text}; }}
QMenu::item:disabled {{ color: {c.muted}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 6px; }}
QToolTip {{ background: {c.base}; color: {c.text}; border: 1px solid {c.line}; padding: 4px 6px; }}
"""
