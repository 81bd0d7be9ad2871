"""The style sheet: what Fusion and the palette cannot say, such as round corners, thin lines and quiet buttons.

Lengths are in logical px on a grid of four. Buttons, fields and choices of a row are equally high, whether they have
an icon or not, and grow with the font.
"""

from clipsorter.ui.colours import Colours
from clipsorter.ui.resource_files import resource_file


def make_style_sheet(colours: Colours) -> str:
    """For the whole application; widgets opt in by object name."""
    return "\n".join(part(colours) for part in (_places, _words, _controls, _fields, _lists, _small_parts))


def _drawing(name: str) -> str:
    """The address of a drawing, as a style sheet names it."""
    return resource_file("style", f"{name}.svg").as_posix()


def _places(c: Colours) -> str:
    """Panels, cards and strips."""
    return f"""
#side {{ background: {c.window}; border: none; border-right: 1px solid {c.line}; }}
#footer {{ background: {c.window}; border: none; border-top: 1px solid {c.line}; }}
#sideArea, #sideArea > QWidget > QWidget {{ background: transparent; }}
#card, #bin {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 10px; }}
#bin[over="true"] {{ border: 2px solid {c.ring}; }}
#search {{ background: {c.base}; border: 1px solid {c.edge}; border-radius: 10px; }}
#search[focused="true"] {{ border: 2px solid {c.ring}; }}
#strip {{ background: {c.notice}; border-radius: 10px; }}
#filterBar {{ background: {c.chosen}; border-radius: 10px; }}
#errorBar {{ background: {c.danger}; border: 1px solid {c.danger_line}; border-radius: 10px; }}
#whyHere, #whyHere > QWidget > QWidget {{ background: {c.window}; }}
#whyHere {{ border-left: 1px solid {c.line}; }}
#bare {{ border: none; background: transparent; }}
QTabWidget::pane {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 10px; top: 4px; padding: 4px; }}
QTabBar::tab {{ padding: 6px 12px; margin-right: 4px; border: 2px solid transparent; border-radius: 8px; }}
QTabBar::tab {{ color: {c.muted}; background: transparent; }}
QTabBar::tab:hover {{ background: {c.alternate}; }}
QTabBar::tab:selected {{ background: {c.chosen}; color: {c.text}; }}
QTabBar::tab:focus {{ border: 2px solid {c.ring}; }}
QSplitter::handle {{ background: transparent; }}
"""


def _words(c: Colours) -> str:
    """Three sizes of headings, and text that steps back or warns."""
    return f"""
#title {{ font-size: 20pt; font-weight: 600; }}
#subtitle {{ font-size: 13pt; font-weight: 600; }}
#heading {{ font-weight: 600; }}
#caption {{ color: {c.muted}; font-weight: 600; }}
#muted {{ color: {c.muted}; }}
#problem {{ color: {c.problem}; }}
#key {{ background: {c.base}; border: 1px solid {c.line}; border-bottom: 2px solid {c.line}; border-radius: 6px; }}
#key {{ padding: 2px 8px; font-weight: 600; }}
"""


def _controls(c: Colours) -> str:
    """Buttons: bare ones with an icon, quiet ones with words, and the one that a person most likely wants."""
    return f"""
QToolButton, QPushButton {{ border: 2px solid transparent; border-radius: 8px; padding: 5px; }}
QToolButton, QPushButton {{ background: transparent; }}
QToolButton:hover, QPushButton:hover {{ background: {c.alternate}; }}
QToolButton:pressed, QPushButton:pressed {{ background: {c.line}; }}
QToolButton:checked {{ background: {c.chosen}; }}
QToolButton:focus, QPushButton:focus {{ border: 2px solid {c.ring}; }}
QToolButton::menu-indicator {{ image: none; }}
#quiet, QDialog QPushButton {{ border: 1px solid {c.line}; padding: 6px 12px; background: {c.button}; }}
#quiet, #filled, QDialog QPushButton {{ min-height: 18px; }}
#quiet:hover, QDialog QPushButton:hover {{ background: {c.alternate}; }}
#quiet:pressed, QDialog QPushButton:pressed {{ background: {c.line}; }}
#quiet:focus, QDialog QPushButton:focus {{ border: 2px solid {c.ring}; padding: 5px 11px; }}
#filled, QDialog #filled {{ background: {c.accent}; color: #ffffff; font-weight: 600; }}
#filled, QDialog #filled {{ border: 1px solid {c.accent}; padding: 6px 16px; }}
#filled:hover, #filled:pressed, QDialog #filled:hover, QDialog #filled:pressed {{ background: {c.pressed}; }}
#filled:focus, QDialog #filled:focus {{ border: 2px solid {c.text}; padding: 5px 15px; }}
#filled[large="true"] {{ min-height: 30px; padding: 6px 20px; }}
#filled[large="true"]:focus {{ padding: 5px 19px; }}
#filled:disabled, QDialog #filled:disabled {{
    background: {c.alternate}; color: {c.muted}; border: 1px solid {c.line}; }}
#row {{ padding: 0 8px; margin: 1px 0; text-align: left; }}
#row:checked {{ background: {c.chosen}; }}
#suggestion {{ border: 1px solid {c.line}; padding: 5px 12px; background: {c.base}; }}
#suggestion:hover {{ background: {c.chosen}; }}
#suggestion:focus {{ border: 2px solid {c.ring}; padding: 4px 11px; }}
#chip {{ padding: 1px 27px 2px 9px; border-radius: 8px; background: {c.chosen}; text-align: left; }}
#chip[kind="unwanted"] {{ background: {c.danger}; }}
#chip[kind="condition"] {{ background: {c.alternate}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; button-layout: 3; }}
"""


def _fields(c: Colours) -> str:
    """What is typed, picked from a list, ticked or slid."""
    return f"""
#search QLineEdit {{ border: none; background: transparent; padding: 4px; }}
QLineEdit#entry {{ background: {c.base}; border: 1px solid {c.edge}; border-radius: 8px; padding: 6px 8px; }}
QLineEdit#entry, QComboBox {{ min-height: 18px; }}
QLineEdit#entry:focus {{ border: 2px solid {c.ring}; padding: 5px 7px; }}
QPlainTextEdit#entry {{ background: {c.base}; border: 1px solid {c.edge}; border-radius: 8px; padding: 3px 5px; }}
QPlainTextEdit#entry:focus {{ border: 2px solid {c.ring}; padding: 2px 4px; }}
QComboBox {{ background: {c.button}; border: 1px solid {c.edge}; border-radius: 8px; padding: 6px 8px 6px 12px; }}
QComboBox:hover {{ background: {c.alternate}; }}
QComboBox:focus {{ border: 2px solid {c.ring}; padding: 5px 7px 5px 11px; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url({_drawing("down")}); width: 14px; height: 14px; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox QAbstractItemView {{ background: {c.base}; border: 1px solid {c.line}; padding: 4px; }}
QComboBox QAbstractItemView::item {{ padding: 6px 8px; border-radius: 6px; color: {c.text}; }}
QComboBox QAbstractItemView::item:selected {{ background: {c.chosen}; }}
QCheckBox {{ spacing: 8px; }}
QCheckBox::indicator, #plan::indicator {{ width: 14px; height: 14px; border: 1px solid {c.edge}; border-radius: 4px; }}
QCheckBox::indicator, #plan::indicator {{ background: {c.base}; }}
QCheckBox::indicator:disabled {{ border: 1px solid {c.line}; background: {c.alternate}; }}
QCheckBox::indicator:checked, #plan::indicator:checked {{ image: url({_drawing("tick")}); }}
#plan::indicator:indeterminate {{ image: url({_drawing("part")}); }}
QCheckBox::indicator:checked, #plan::indicator:checked, #plan::indicator:indeterminate {{
    background: {c.accent}; border: 1px solid {c.accent}; }}
QCheckBox::indicator:focus {{ border: 2px solid {c.text}; width: 12px; height: 12px; }}
QSlider {{ min-height: 20px; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {c.line}; }}
QSlider::sub-page:horizontal {{ border-radius: 2px; background: {c.accent}; }}
QSlider::sub-page:horizontal:disabled {{ background: {c.line}; }}
QSlider::handle:horizontal {{ width: 16px; margin: -6px 0; border-radius: 8px; background: {c.accent}; }}
QSlider::handle:horizontal:disabled {{ background: {c.line}; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {c.text}; width: 12px; }}
"""


def _lists(c: Colours) -> str:
    """Lists, trees, tables and menus. A bare QListView completes names in a file dialog: it is not see-through."""
    return f"""
QAbstractItemView {{ border: none; background: transparent; outline: none; }}
.QListView {{ background: {c.base}; }}
#albums {{ background: transparent; border: 2px solid transparent; border-radius: 8px; }}
#albums:focus {{ border: 2px solid {c.ring}; }}
#albums {{ show-decoration-selected: 1; }}
#albums::item {{ padding-right: 8px; }}
#albums::item:selected {{ background: {c.chosen}; color: {c.text}; }}
#albums::item:hover:!selected {{ background: {c.alternate}; }}
#completions {{ background: {c.base}; border: 1px solid {c.line}; padding: 4px; }}
#completions::item {{ padding: 6px 8px; border-radius: 6px; color: {c.text}; }}
#completions::item:selected {{ background: {c.chosen}; }}
#failures, #plan {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 10px; padding: 4px; }}
#failures:focus, #plan:focus {{ border: 2px solid {c.ring}; padding: 3px; }}
#failures::item {{ padding: 8px; border-radius: 6px; color: {c.text}; }}
#failures::item:selected {{ background: {c.chosen}; }}
#plan::item {{ padding: 4px 2px; }}
#plan::item:selected {{ background: {c.chosen}; color: {c.text}; }}
QHeaderView::section {{ background: {c.base}; color: {c.muted}; border: none; padding: 6px 4px; }}
QMenu {{ background: {c.base}; border: 1px solid {c.line}; padding: 4px; menu-scrollable: 1; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 6px; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::item:selected {{ background: {c.chosen}; color: {c.text}; }}
QMenu::item:disabled {{ color: {c.muted}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 8px; }}
"""


def _small_parts(c: Colours) -> str:
    """Progress, scroll bars, tips."""
    return f"""
QProgressBar {{ border: none; border-radius: 3px; background: {c.line}; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
QScrollBar:vertical {{ width: 10px; background: transparent; margin: 0; }}
QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 0; }}
QScrollBar::handle {{ background: {c.edge}; border-radius: 2px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {c.muted}; border-radius: 4px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QToolTip {{ background: {c.base}; color: {c.text}; border: 1px solid {c.line}; padding: 4px 8px; }}
"""
