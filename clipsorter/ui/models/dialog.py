"""The models there are, one below the other: download, use, remove, add; each choice is announced at once."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from clipsorter.encoders.catalogue import CatalogueEntry
from clipsorter.encoders.hub.address import Network
from clipsorter.encoders.hub.archives import Added
from clipsorter.encoders.hub.planning import Plan
from clipsorter.engine.shelf import ShelfModel
from clipsorter.library.settings import Settings
from clipsorter.ui.controls import ScrolledPage, WrappingLabel, caption, fit, text_button
from clipsorter.ui.error_words import explain
from clipsorter.ui.form import Form
from clipsorter.ui.languages import join_sentences
from clipsorter.ui.models.card import ModelCard, say_licence, say_size
from clipsorter.ui.models.naming import STARTER, name_model
from clipsorter.ui.models.work import ModelWork, Removed

WIDTH, HEIGHT = 760, 640  # px


class ModelsDialog(QDialog):
    """``changed`` carries all settings anew after each choice; ``forgotten`` an encoder whose embeddings may go."""

    changed = Signal(object)  # Settings
    forgotten = Signal(str)  # encoder id

    def __init__(self, settings: Settings, work: ModelWork, parent: QWidget | None = None, *, first: str = "") -> None:
        """``first`` is the id of the model to begin at."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.settings = settings
        self._work = work
        self._forget = False
        self._first = first
        self._shelf: tuple[ShelfModel, ...] | None = None  # that the cards show
        self.cards: dict[str, ModelCard] = {}
        self._lay_out()
        work.shelf_read.connect(self._show_shelf)
        work.planned.connect(self._ask_to_download)
        work.stepped.connect(self._show_event)
        work.ended.connect(self._show_end)
        work.failed.connect(self._show_trouble)
        work.changed.connect(self._show_states)
        if work.shelf is not None:
            self._show_shelf(work.shelf)
        self._read()

    def _lay_out(self) -> None:
        area = self._area = _scrolling(self._make_body())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self._close = buttons.button(QDialogButtonBox.StandardButton.Close)
        self._close.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 0, 18, 0)
        foot.addWidget(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 14)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        fit(self, WIDTH, HEIGHT)

    def _make_body(self) -> QWidget:
        words = WrappingLabel(
            self.tr(
                "A stronger model sees more in your photos. Changing it loses nothing: what you sorted and taught "
                "stays, and the model in use goes on answering until the new one has looked at your photos."
            )
        )
        words.setObjectName("muted")
        self.left_out = WrappingLabel(
            self.tr(
                "This installation has only the starter model: it leaves out PyTorch, which the others need. Install "
                "ClipSorter with pip to use them; your library stays as it is."
            )
        )
        self.left_out.hide()
        self.trouble = WrappingLabel()
        self.trouble.setObjectName("problem")
        self.trouble.hide()
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        body = ScrolledPage()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(18, 16, 18, 8)
        inside.setSpacing(10)
        inside.addWidget(words)
        inside.addWidget(self.left_out)
        inside.addWidget(self.trouble)
        inside.addLayout(self._column)
        self._reading = QLabel(self.tr("Looking which models there are…"))
        self._reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self._reading, 1)
        self._below = self._make_below()
        inside.addWidget(self._below)
        return body

    @property
    def network(self) -> Network:
        """How to reach the hub, as the fields say."""
        return Network(self.mirror.text().strip(), self.proxy.text().strip())

    # -- parts ---------------------------------------------------------------------------------------------------

    def _make_below(self) -> QWidget:
        """What is shown with the cards; alone it would stand where they belong."""
        below = QWidget()
        below.hide()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._make_others())
        column.addWidget(caption(self.tr("NETWORK")))
        column.addLayout(self._make_network())
        column.addStretch(1)
        return below

    def _make_others(self) -> QHBoxLayout:
        folder = text_button(self.tr("Add from a folder…"), "folder-open")
        folder.clicked.connect(self._pick_folder)
        archive = text_button(self.tr("Add from an archive…"), "plus")
        archive.clicked.connect(self._pick_archive)
        line = QHBoxLayout()
        for button in (folder, archive):
            button.setAutoDefault(False)
            line.addWidget(button)
        line.addStretch(1)
        return line

    def _make_network(self) -> Form:
        self.mirror = QLineEdit(self.settings.mirror)
        self.mirror.setPlaceholderText("https://huggingface.co")
        self.proxy = QLineEdit(self.settings.proxy)
        self.proxy.setPlaceholderText(self.tr("like the system, or http://host:port"))
        form = Form()
        for name, field in ((self.tr("Mirror"), self.mirror), (self.tr("Proxy"), self.proxy)):
            field.setObjectName("entry")
            field.editingFinished.connect(self._change_network)
            form.add_line(name, field)
        return form

    # -- what the work says --------------------------------------------------------------------------------------

    def _read(self) -> None:
        self._work.read(("zh-Hans", "en") if _is_chinese() else ("en",))

    def _show_shelf(self, shelf: tuple[ShelfModel, ...]) -> None:
        if shelf == self._shelf:
            return
        self._shelf = shelf
        self._end_reading()
        self.left_out.setVisible(not all(one.is_runnable for one in shelf))
        focused = next((name for name, card in self.cards.items() if card.isAncestorOf(self.focusWidget() or self)), "")
        before = self.cards
        for card in before.values():
            self._column.removeWidget(card)
            card.deleteLater()
        self.cards = {}
        here = [one for one in shelf if one.installed]
        rest = [one for one in shelf if not one.installed]
        spoken = "zh" if _is_chinese() else "en"
        rest.sort(key=lambda one: (not one.is_recommended, spoken not in one.entry.languages))
        for model in (self._starter(), *here, *rest):
            self.cards[model.entry.id] = self._make_card(model)
            self._column.addWidget(self.cards[model.entry.id])
        self._show_states()
        if focused in self.cards:
            self.cards[focused].focus_button()
        elif self._first in self.cards:
            self._begin_at(self.cards[self._first])
        elif not before:
            self._begin_at_first_choice()

    def _end_reading(self) -> None:
        self._reading.hide()
        self._below.show()

    def _begin_at(self, card: ModelCard) -> None:
        self._first = ""
        card.focus_button()

        def show_card() -> None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # the cards get their places
            self._area.ensureWidgetVisible(card)

        QTimer.singleShot(0, card, show_card)

    def _begin_at_first_choice(self) -> None:
        """Not at Close, where a sheet without cards had to begin; where a person went meanwhile is left alone."""
        if self.focusWidget() in {None, self._close}:
            next((card for card in self.cards.values() if card.focus_button()), None)

    def _starter(self) -> ShelfModel:
        entry = CatalogueEntry(
            id=STARTER,
            name=name_model(STARTER),
            family="",
            library="open_clip",
            architecture=STARTER,
            repository="",
            languages=("zh", "en"),
            good_for=self.tr("Everyday things from the first minute: pets, food, the sea, documents. Built in."),
        )
        return ShelfModel(entry, None, is_partial=False, is_recommended=False, rate=0.0)

    def _make_card(self, model: ShelfModel) -> ModelCard:
        card = ModelCard(model)
        card.download_wanted.connect(lambda: self._begin(model))
        card.use_wanted.connect(lambda: self._use(model.entry.id))
        card.remove_wanted.connect(lambda: self._ask_to_remove(model))
        card.pause_wanted.connect(self._pause_or_resume)
        card.cancel_wanted.connect(self._cancel)
        return card

    def _show_states(self) -> None:
        active = self._work.active
        for name, card in self.cards.items():
            card.show_state(
                in_use=name == self.settings.model,
                active=name == active,
                busy=bool(active),
                paused=self._work.is_paused,
            )
        if active and self._work.last_event is not None and not self._work.is_paused:
            self._show_event(self._work.last_event)

    def _show_event(self, event: object) -> None:
        if card := self.cards.get(self._work.active):
            card.show_event(event)

    def _show_end(self, event: object) -> None:
        if isinstance(event, Removed) and event.encoder_id and self._forget:
            self.forgotten.emit(event.encoder_id)
        if isinstance(event, Added):
            self._tell("")
            self._first = event.model.entry.id
        self._read()

    def _show_trouble(self, error: Exception) -> None:
        words = explain(error)
        self._end_reading()
        self._tell(join_sentences((words.title, words.detail, words.advice)))
        self._read()

    def _tell(self, words: str) -> None:
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    # -- wishes --------------------------------------------------------------------------------------------------

    def _begin(self, model: ShelfModel) -> None:
        self._tell("")
        self._change_network()
        self._work.plan(model.entry, self.network)

    def _ask_to_download(self, plan: Plan) -> None:
        entry = plan.entry
        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Download"))
        box.setText(self.tr("Download {} ({})?").format(entry.name, say_size(plan.size or entry.size)))
        words = [
            self.tr("From {}").format(plan.base),
            self.tr("Licence: {}").format(say_licence(entry.weights_licence or plan.licence) or self.tr("not stated")),
        ]
        if entry.research_only:
            words.append(self.tr("This licence does not allow business use."))
        if plan.converted:
            words.append(self.tr("The weights were converted from its authors' pickles by the hub's own robot."))
        box.setInformativeText("\n".join(words))
        yes = box.addButton(self.tr("Download"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(yes)
        network = self.network
        yes.clicked.connect(lambda: self._work.download(plan, network))
        box.open()

    def _ask_to_remove(self, model: ShelfModel) -> None:
        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Remove"))
        box.setText(self.tr("Remove {} from this computer?").format(model.entry.name))
        box.setInformativeText(self.tr("Your photos, categories and decisions stay. It can be downloaded again."))
        forget = QCheckBox(self.tr("Also forget what it saw in your photos"))
        box.setCheckBox(forget)
        yes = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.addButton(QMessageBox.StandardButton.Cancel)

        def remove() -> None:
            self._forget = forget.isChecked()
            self._work.remove(model.entry.id)

        yes.clicked.connect(remove)
        box.open()

    def _pause_or_resume(self) -> None:
        if self._work.is_paused:
            self._work.resume()
        else:
            self._work.pause()

    def _cancel(self) -> None:
        self._work.cancel()
        self._read()  # what came can go on, or be removed

    def _use(self, model_id: str) -> None:
        self._change(replace(self.settings, model=model_id))
        self._show_states()

    def _pick_folder(self) -> None:
        if picked := QFileDialog.getExistingDirectory(self, self.tr("Choose the folder of a model")):
            self._work.add(picked)

    def _pick_archive(self) -> None:
        title = self.tr("Choose the archive of a model")
        picked, _ = QFileDialog.getOpenFileName(self, title, "", "*.zip *.tar *.tar.gz *.tgz")
        if picked:
            self._work.add(picked)

    def _change_network(self) -> None:
        self._change(replace(self.settings, mirror=self.mirror.text().strip(), proxy=self.proxy.text().strip()))

    def _change(self, settings: Settings) -> None:
        if settings != self.settings:
            self.settings = settings
            self.changed.emit(settings)


def _scrolling(body: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setObjectName("bare")
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows whatever has the focus in it
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(body)
    return area


def _is_chinese() -> bool:
    return QLocale().language() is QLocale.Language.Chinese
