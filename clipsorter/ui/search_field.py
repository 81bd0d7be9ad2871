"""The search field: text with chips, filters as you type, says how many photos match and what it does not understand.

What the cursor leaves becomes a chip; Backspace at the start of the line takes the last one back into the keyboard's
reach, Esc clears everything. Pictures that are dropped or pasted are chips too. Many chips run on in further rows.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPalette,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
    QVBoxLayout,
    QWidget,
)

from clipsorter.errors import QueryError
from clipsorter.ui.controls import IconLabel, TextLine, icon_button, menu_button
from clipsorter.ui.drag import ReadPhotos, read_nothing
from clipsorter.ui.searching.chip import HEIGHT, Chip
from clipsorter.ui.searching.menus import PictureMenu, RecentMenu
from clipsorter.ui.searching.pictures import files_in, holds_picture, image_in
from clipsorter.ui.searching.recent import remember
from clipsorter.ui.searching.terms import Terms
from clipsorter.ui.searching.tokens import read_tokens, split_complete

PAUSE_MS = 150  # a search starts when typing rests this long; faster would rank for every letter
SPACING = 6  # px
GLASS = 18  # px
ROOMY = 480  # px in which every part has its place
WIDE = 560  # px in which a button may have words


class SearchField(QFrame):
    """``searched`` carries the trimmed phrase, once per real change; an empty one shows everything.

    ``pictures`` holds what was given to ``add_picture``; a change of them is announced by ``searched`` too.
    """

    searched = Signal(str)
    problem_changed = Signal()
    left = Signal()  # Esc in an empty field, Enter or Down: the person wants to go on to the photos
    recent_changed = Signal(tuple)  # tuple[str, ...], newest first
    files_given = Signal(list)  # list[Path], images to look for
    image_given = Signal(QImage)  # a picture to look for
    photos_given = Signal(object)  # what ``read_photos`` made of the drag
    together_wanted = Signal()  # show all that is found in one grid
    file_wanted = Signal()  # let the person pick an image

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAcceptDrops(True)
        self._asked: tuple[str, tuple[object, ...]] = ("", ())
        self._read_photos: ReadPhotos = read_nothing
        self.problem = ""  # why the phrase cannot be understood
        self.problem_at = 0  # px from the left edge to the character that is meant
        self._rest = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._rest.timeout.connect(self._ask)

        self.line = TextLine()
        self.line.setPlaceholderText(self.tr("Describe what you want to see…"))
        self.line.setAccessibleName(self.tr("Search photos"))
        self.line.setAcceptDrops(False)  # the field takes them
        self.line.textChanged.connect(self._on_typed)
        self.line.textEdited.connect(self._on_edited)
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(self._on_return)
        self.chips = Terms(self.line)
        self.chips.chips_changed.connect(self._on_chips)
        self.chips.removed.connect(self._on_removed)
        self.chips.edit_wanted.connect(self._edit)
        self.chips.line_wanted.connect(self.line.setFocus)
        self.chips.typed.connect(self._type_on)
        self.setFocusProxy(self.line)
        self.hits = QLabel()
        self.hits.setObjectName("muted")
        self._found = 0
        self._offers_together = True
        self.together = icon_button("images", "")
        self.together.setText(" " + self.tr("Show together"))
        self.together.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.together.clicked.connect(self.together_wanted)
        self.together.hide()
        self._recent = RecentMenu(self)
        self._recent.chosen.connect(self.show_phrase)
        self._recent.forget_wanted.connect(self._forget_recent)
        self._recent_button = menu_button("history", self.tr("Earlier searches"), self._recent)
        self._recent_button.hide()
        self._picture = PictureMenu(self)
        self._picture.file_wanted.connect(self.file_wanted)
        self._picture.paste_wanted.connect(self.paste_picture)
        self._image_button = menu_button("image", self.tr("Search with a picture"), self._picture)
        self._clear = icon_button("x", self.tr("Clear the search"))
        self._clear.clicked.connect(self.clear)
        self._clear.hide()

        self._lay_out()
        escape = QShortcut(QKeySequence("Esc"), self, self._on_escape)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(11, 4, 6, 4)
        line.setSpacing(SPACING)
        glass = QVBoxLayout()
        glass.setContentsMargins(0, (HEIGHT - GLASS) // 2, 0, 0)
        glass.addWidget(IconLabel("search", GLASS, QPalette.ColorRole.PlaceholderText))
        glass.addStretch()
        line.addLayout(glass)
        line.addWidget(self.chips, 1)
        height = max(HEIGHT, self._clear.sizeHint().height())  # words and signs stand on one line
        for part in (self.hits, self.together, self._clear, self._recent_button, self._image_button):
            part.setMinimumHeight(height)
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)  # beside the first row of chips

    @property
    def phrase(self) -> str:
        """All that is asked for in words, chips included."""
        return self.chips.phrase_with(self.line.text())

    @property
    def pictures(self) -> tuple[object, ...]:
        """What was given to ``add_picture`` and is still there."""
        return self.chips.pictures

    @property
    def recent(self) -> tuple[str, ...]:
        """Earlier searches, newest first."""
        return tuple(self._recent.phrases)

    def focus(self) -> None:
        """Take the keyboard; typing replaces what stands in the line, chips stay."""
        self.line.setFocus()
        self.line.selectAll()

    def clear(self) -> None:
        """Show everything again, at once."""
        self._remember()
        self.line.clear()
        self.chips.clear()
        self._ask()

    def show_phrase(self, phrase: str) -> None:
        """Ask this instead of what stands there; pictures stay."""
        self.chips.clear_tokens()
        self.line.setText(phrase)
        self._commit()
        self._ask()

    def leave_out(self, text: str) -> None:
        """Ask again without one part of the phrase."""
        self._commit()
        self.chips.leave_out(text)
        self._ask()

    def show_recent(self, recent: Sequence[str]) -> None:
        self._recent.phrases = tuple(recent)
        self._show_clear()

    def add_picture(self, meaning: object, words: str, picture: QIcon) -> Chip:
        """Look for this as well; ``meaning`` is handed on as it is. Returns its chip."""
        chip = self.chips.add_picture(meaning, words, picture)
        self._commit()
        self._ask()
        return chip

    def accept_photos(self, read_photos: ReadPhotos) -> None:
        """Let photos of the board be dropped here; ``read_photos`` gives None for any other drag."""
        self._read_photos = read_photos

    def show_hits(self, hits: int | None) -> None:
        """None: no search is on."""
        self.hits.setText("" if hits is None else self.tr("%Ln photo(s)", "search hits", hits))
        self._found = hits or 0
        words = self.tr("Show all %Ln hit(s) together, best first", "", self._found)
        self.together.setToolTip(f"{words} (Ctrl+3)")
        self.together.setAccessibleName(words)
        self._fit_parts()

    def offer_together(self, offers: bool) -> None:
        """Whether what is found may be wanted in one grid; it does not stand in one already."""
        self._offers_together = offers
        self._fit_parts()

    def show_problem(self, words: str, position: int) -> None:
        """Point at a character of the phrase that was asked, until something else is typed."""
        self.problem = words
        chip, place = self.chips.chip_at(position)
        if chip is not None:
            self.problem_at = chip.mapTo(self, QPoint(14, 0)).x()
        else:
            text = self.line.text()
            lead = 0 if self.chips.has_tokens else len(text) - len(text.lstrip())
            option = QStyleOptionFrame()
            self.line.initStyleOption(option)
            inside = self.line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self.line)
            before = self.line.fontMetrics().horizontalAdvance(text[: place + lead])
            self.problem_at = self.line.mapTo(self, inside.topLeft()).x() + before
        self.line.setAccessibleDescription(words)
        self.problem_changed.emit()

    # -- chips ---------------------------------------------------------------------------------------------------

    def _commit(self) -> None:
        """Make chips of everything typed, if it can be understood."""
        try:
            tokens = read_tokens(self.line.text())
        except QueryError:
            return
        self.chips.add_tokens(tokens)
        self.line.clear()

    def _on_chips(self) -> None:
        for chip in self.chips.chips:
            chip.installEventFilter(self)  # the frame shows the focus of all that is in it
        self._show_clear()

    def _on_removed(self) -> None:
        self._forget_problem()
        self._ask()

    def _type_on(self, text: str) -> None:
        self.line.setFocus()
        self.line.setCursorPosition(len(self.line.text()))
        self.line.insert(text)

    def _edit(self, text: str) -> None:
        """Back into the line; what stood there becomes a chip, if it can."""
        typed = self.line.text().strip()
        self._commit()
        rest = self.line.text().strip()  # what cannot be understood
        self.line.setText(f"{text} {rest}" if typed and rest else text)
        self.line.setFocus()

    # -- typing --------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self._show_focus(focused=event.type() == QEvent.Type.FocusIn)
            if event.type() == QEvent.Type.FocusOut and watched is self.line and not self._menu_is_open():
                self._commit()
                self._remember()
        if event.type() == QEvent.Type.KeyPress and watched is self.line and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        """Whether the field has used a key that was pressed in the line."""
        at_start = self.line.cursorPosition() == 0 and not self.line.hasSelectedText()
        if event.key() in {Qt.Key.Key_Backspace, Qt.Key.Key_Left} and at_start and self.chips.chips:
            self.chips.focus_last()
            return True
        if event.key() == Qt.Key.Key_Down and self.recent:
            self._recent.popup(self.line.mapToGlobal(self.line.rect().bottomLeft()))
            return True
        if event.matches(QKeySequence.StandardKey.Paste):
            return self.paste_picture()
        return False

    def paste_picture(self) -> bool:
        """Look for the picture in the clipboard; False where there is none."""
        return self._take(QGuiApplication.clipboard().mimeData())

    def _on_edited(self, text: str) -> None:
        if self.line.cursorPosition() == len(text):
            complete, rest = split_complete(text)
            if complete:
                self.chips.add_tokens(complete)
                self.line.setText(rest)

    def _on_typed(self) -> None:
        self._show_clear()
        self._forget_problem()
        self._rest.start()

    def _on_return(self) -> None:
        self._commit()
        self._remember()
        self._ask()
        self.left.emit()

    def _on_escape(self) -> None:
        if self.phrase or self.pictures:
            self.clear()
            self.line.setFocus()
        else:
            self.left.emit()

    def _ask(self) -> None:
        self._rest.stop()
        question = (self.phrase, self.pictures)
        if question != self._asked:
            self._asked = question
            self.searched.emit(question[0])

    def _remember(self) -> None:
        recent = remember(self.recent, self.phrase)
        if recent != self.recent:
            self.show_recent(recent)
            self.recent_changed.emit(recent)

    def _forget_problem(self) -> None:
        if self.problem:
            self.show_problem("", 0)

    def _show_clear(self) -> None:
        self._clear.setVisible(bool(self.line.text() or self.chips.chips))
        self._recent_button.setVisible(bool(self.recent) and not self.chips.chips)  # the Down key stays
        self._fit_parts()
        self.line.setPlaceholderText("" if self.chips.chips else self.tr("Describe what you want to see…"))

    def _show_focus(self, *, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().polish(self)

    def _menu_is_open(self) -> bool:
        return self._recent.isVisible() or self._picture.isVisible()

    def _forget_recent(self) -> None:
        self.show_recent(())
        self.recent_changed.emit(())

    # -- pictures and photos that are dropped here -----------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if self._read_photos(mime) is not None or holds_picture(mime):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._show_focus(focused=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_focus(focused=self.line.hasFocus())

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_focus(focused=self.line.hasFocus())
        photos = self._read_photos(event.mimeData())
        event.setDropAction(Qt.DropAction.CopyAction)
        if photos is not None:
            event.accept()
            # After the drag's own event loop, so that nobody works inside the drop.
            QTimer.singleShot(0, self, lambda: self.photos_given.emit(photos))
        elif self._take(event.mimeData()):
            event.accept()

    def _take(self, mime: QMimeData | None) -> bool:
        if files := files_in(mime):
            self.files_given.emit(files)
            return True
        if image := image_in(mime):
            self.image_given.emit(image)
            return True
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.line.setFocus(Qt.FocusReason.MouseFocusReason)  # wherever in the frame it is

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_parts()

    def _fit_parts(self) -> None:
        """A narrow field leaves buttons to others: the top bar has the one grid, the menu has the pictures."""
        self.together.setVisible(self._offers_together and self._found > 1 and self.width() >= WIDE)
        self._image_button.setVisible(not self.chips.chips or self.width() >= ROOMY)
