"""What a person can choose about the window and the model; every choice is announced at once, nothing waits for OK."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from clipsorter.library.settings import LARGEST_CELL, SMALLEST_CELL, Settings
from clipsorter.photos.formats import KINDS, heif_is_installed, raw_is_installed, video_is_installed
from clipsorter.photos.reasons import Reason
from clipsorter.presence import is_folder
from clipsorter.ui.controls import ChoiceBox, ElidedLabel, ScrolledPage, WrappingLabel, caption, fit, text_button
from clipsorter.ui.file_manager import show_in_file_manager
from clipsorter.ui.form import Form
from clipsorter.ui.models.naming import STARTER, name_model
from clipsorter.ui.reason_words import say_reason

WIDTH = 660  # px
FORMATS_IN_A_ROW = 4
NAMES, CHOICES = 140, 260  # px, so that all fields begin on one line and all choices end on one


class SettingsDialog(QDialog):
    """Shows ``settings``; ``changed`` carries all of them anew after each choice. Stores nothing."""

    changed = Signal(object)  # Settings
    cutoffs_reset = Signal()
    models_wanted = Signal()

    def __init__(
        self, settings: Settings, data_folder: Path, parent: QWidget | None = None, *, siblings: tuple[str, ...] = ()
    ) -> None:
        """``siblings`` are further graphics cards, as ``EncoderReady`` names them."""
        super().__init__(parent)
        self._siblings = siblings
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self._data_folder = data_folder
        # From the outside in: whatever is put into another place is styled anew with all that is in it.
        body = ScrolledPage()
        column = QVBoxLayout(body)
        column.setContentsMargins(18, 16, 18, 0)
        column.setSpacing(6)
        whole = self._lay_out(body)
        for heading, make in (
            (self.tr("APPEARANCE"), self._make_appearance),
            (self.tr("MODEL"), self._make_model),
            (self.tr("WORK IN THE BACKGROUND"), self._make_background),
            (self.tr("KINDS OF FILES"), self._make_formats),
            (self.tr("FOLDERS THAT ARE NEVER LOOKED INTO"), self._make_excluded),
            (self.tr("DATA"), self._make_data),
        ):
            column.addWidget(caption(heading))
            card = QFrame(body)
            card.setObjectName("card")
            column.addWidget(card)
            part = make()
            part.setContentsMargins(16, 12, 16, 12)
            card.setLayout(part)
            column.addSpacing(12)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)  # Enter in a line means that line
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 0, 18, 0)
        foot.addWidget(buttons)
        whole.addLayout(foot)
        height = column.heightForWidth(WIDTH) + buttons.sizeHint().height() + 30
        fit(self, WIDTH, height)

    def _lay_out(self, body: QWidget) -> QVBoxLayout:
        area = QScrollArea(self)
        area.setObjectName("bare")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows whatever has the focus in it
        area.setWidgetResizable(True)
        area.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 14)
        whole.addWidget(area, 1)
        return whole

    # -- parts ---------------------------------------------------------------------------------------------------

    def _make_appearance(self) -> Form:
        self.theme = ChoiceBox(
            {"system": self.tr("Like the system"), "light": self.tr("Light"), "dark": self.tr("Dark")},
            self._settings.theme,
        )
        self.theme.currentIndexChanged.connect(lambda: self._change(theme=self.theme.currentData()))
        # Each language in its own words, so that nobody is locked out by a wrong choice.
        self.language = ChoiceBox(
            {"system": self.tr("Like the system"), "en": "English", "zh_CN": "简体中文"}, self._settings.language
        )
        self.language.currentIndexChanged.connect(lambda: self._change(language=self.language.currentData()))
        self.cell_size = QSlider(Qt.Orientation.Horizontal)
        self.cell_size.setRange(SMALLEST_CELL, LARGEST_CELL)
        self.cell_size.setPageStep(32)
        self.cell_size.setValue(self._settings.cell_size)
        self.cell_size.valueChanged.connect(lambda size: self._change(cell_size=size))
        self.reduce_motion = ChoiceBox(
            {"system": self.tr("Like the system"), "on": self.tr("Yes"), "off": self.tr("No")},
            self._settings.reduce_motion,
        )
        self.reduce_motion.setToolTip(self.tr("Nothing fades, blinks or runs to and fro"))
        self.reduce_motion.currentIndexChanged.connect(
            lambda: self._change(reduce_motion=self.reduce_motion.currentData())
        )
        form = _form()
        form.add_line(self.tr("Theme"), self.theme)
        form.add_line(self.tr("Language"), self.language)
        form.add_line(self.tr("Size of the photos"), self.cell_size)
        form.add_line(self.tr("Reduce motion"), self.reduce_motion)
        return form

    def _make_model(self) -> Form:
        self.model_name = ElidedLabel()
        self.model_name.setObjectName("heading")
        self.model = QLineEdit(self._settings.model)
        self.model.setObjectName("entry")
        self.model.setPlaceholderText(STARTER)
        self.model.editingFinished.connect(self._use_typed_model)
        pick = text_button(self.tr("Choose a folder…"), "folder-open")
        pick.clicked.connect(self._pick_model)
        built_in = text_button(self.tr("Built-in"))
        built_in.setToolTip(self.tr("Use the starter model that comes with ClipSorter"))
        built_in.clicked.connect(lambda: self._use_model(STARTER))
        stronger = text_button(self.tr("Get a stronger model…"), "sparkles")
        stronger.clicked.connect(self.models_wanted)
        for button in (pick, built_in, stronger):
            button.setAutoDefault(False)
        now = QHBoxLayout()
        now.setSpacing(8)
        now.addWidget(self.model_name, 1)
        now.addWidget(stronger)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.model, 1)
        line.addWidget(pick)
        line.addWidget(built_in)
        names = {
            "auto": self.tr("The fastest one here"),
            "cpu": self.tr("Processor"),
            "cuda": self.tr("Graphics card (CUDA)"),
            "mps": self.tr("Graphics of a Mac (MPS)"),
            "xpu": self.tr("Graphics by Intel (XPU)"),
        }
        if self._siblings:
            names["all"] = self.tr("All graphics cards")
            names |= {card: self.tr("Graphics card {}").format(card) for card in self._siblings}
        if self._settings.device not in names:
            names[self._settings.device] = self._settings.device  # typed on the command line, such as cuda:1
        self.device = ChoiceBox(names, self._settings.device)
        self.device.currentIndexChanged.connect(lambda: self._change(device=self.device.currentData()))
        words = WrappingLabel(
            self.tr(
                "A folder with an OpenCLIP model, or a name such as ViT-B-32/laion2b_s34b_b79k whose files are on this "
                "computer. Photos are looked at once for each model; what was learned from you stays."
            )
        )
        words.setObjectName("muted")
        form = _form()
        form.add_line(self.tr("Model"), now)
        form.add_line(self.tr("Works on"), self.device)
        form.add_line(self.tr("By name or folder"), line)
        form.add_below(words)
        self._show_model()
        return form

    def _make_background(self) -> Form:
        self.effort = ChoiceBox(
            {"full": self.tr("As fast as it goes"), "half": self.tr("Leave me half the machine")}, self._settings.effort
        )
        self.effort.currentIndexChanged.connect(lambda: self._change(effort=self.effort.currentData()))
        self.on_battery = ChoiceBox(
            {
                "same": self.tr("Go on as always"),
                "half": self.tr("Leave me half the machine"),
                "pause": self.tr("Wait for the power supply"),
            },
            self._settings.on_battery,
        )
        self.on_battery.currentIndexChanged.connect(lambda: self._change(on_battery=self.on_battery.currentData()))
        form = _form()
        form.add_line(self.tr("Looking at photos"), self.effort)
        form.add_line(self.tr("On battery"), self.on_battery)
        return form

    def _make_excluded(self) -> QVBoxLayout:
        self.excluded = QListWidget()
        self.excluded.setObjectName("failures")
        self.excluded.setAccessibleName(self.tr("Folders that are never looked into"))
        self.excluded.setFixedHeight(84)
        self.excluded.addItems([str(folder) for folder in self._settings.excluded])
        add = text_button(self.tr("Add a folder…"), "plus")
        add.clicked.connect(self._pick_excluded)
        remove = text_button(self.tr("Remove"), "trash-2")
        remove.clicked.connect(self._remove_excluded)
        remove.setEnabled(False)
        self.excluded.itemSelectionChanged.connect(lambda: remove.setEnabled(bool(self.excluded.selectedItems())))
        line = QHBoxLayout()
        for button in (add, remove):
            button.setAutoDefault(False)
            line.addWidget(button)
        line.addStretch(1)
        column = QVBoxLayout()
        column.addWidget(self.excluded)
        column.addLayout(line)
        return column

    def _make_formats(self) -> QVBoxLayout:
        """Which photos are looked at, and how files with keywords are named."""
        missing = {
            kind: reason
            for kind, is_there, reason in (
                ("HEIC", heif_is_installed(), Reason.HEIF_MISSING),
                ("Raw", raw_is_installed(), Reason.RAW_MISSING),
                ("Video", video_is_installed(), Reason.VIDEO_MISSING),
            )
            if not is_there
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        self.formats: dict[str, QCheckBox] = {}
        for place, kind in enumerate(KINDS):
            name = {"Raw": self.tr("Raw files of cameras"), "Video": self.tr("Videos")}.get(kind, kind)
            box = self.formats[kind] = QCheckBox(name)
            box.setChecked(kind not in self._settings.left_out and kind not in missing)
            box.setEnabled(kind not in missing)
            endings = " ".join(f".{suffix}" for suffix in sorted(KINDS[kind]))
            box.setToolTip(endings)
            box.toggled.connect(self._choose_formats)
            grid.addWidget(box, place // FORMATS_IN_A_ROW, place % FORMATS_IN_A_ROW)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(grid)
        for reason in missing.values():
            words = WrappingLabel(say_reason(reason.sentence()))
            words.setObjectName("muted")
            column.addWidget(words)
        self.sidecar_style = ChoiceBox(
            {
                "digikam": self.tr("IMG.jpg.xmp (digiKam, darktable)"),
                "lightroom": self.tr("IMG.xmp (Lightroom, Adobe)"),
            },
            self._settings.sidecar_style,
        )
        self.sidecar_style.currentIndexChanged.connect(
            lambda: self._change(sidecar_style=self.sidecar_style.currentData())
        )
        form = _form()
        form.add_line(self.tr("New keyword files"), self.sidecar_style)
        column.addSpacing(4)
        column.addLayout(form)
        return column

    def _make_data(self) -> Form:
        where = ElidedLabel()
        where.set_whole(str(self._data_folder))
        show = text_button(self.tr("Show"), "external-link")
        show.clicked.connect(lambda: show_in_file_manager(self._data_folder))
        line = QHBoxLayout()
        line.addWidget(where, 1)
        line.addWidget(show)
        self.reset = text_button(self.tr("Reset cut-offs"), "undo-2")
        self.reset.setToolTip(self.tr("Sort as strictly as at first, in all categories"))
        self.reset.clicked.connect(self.cutoffs_reset)
        for button in (show, self.reset):
            button.setAutoDefault(False)
        last = QHBoxLayout()
        last.addWidget(self.reset)
        last.addStretch(1)
        form = _form()
        form.add_line(self.tr("Remembered in"), line, spoken=show)
        form.add_line(self.tr("Strictness"), last)
        return form

    # -- choices -------------------------------------------------------------------------------------------------

    def _change(self, **values: object) -> None:
        new = replace(self._settings, **values)  # type: ignore[arg-type]
        if new != self._settings:
            self._settings = new
            self.changed.emit(new)

    def _choose_formats(self) -> None:
        """What cannot be read today is not left out by anybody's choice."""
        unticked = (kind for kind, box in self.formats.items() if box.isEnabled() and not box.isChecked())
        chosen = {kind for kind, box in self.formats.items() if box.isEnabled()}
        kept = (kind for kind in self._settings.left_out if kind not in chosen)
        self._change(left_out=(*unticked, *kept))

    def _use_typed_model(self) -> None:
        self._use_model(self.model.text().strip() or STARTER)

    def _use_model(self, model: str) -> None:
        self.model.setText(model)
        self._change(model=model)
        self._show_model()

    def _show_model(self) -> None:
        self.model_name.set_whole(name_model(self._settings.model), self._settings.model)

    def _pick_model(self) -> None:
        start = self._settings.model if is_folder(Path(self._settings.model)) else str(Path.home())
        if picked := QFileDialog.getExistingDirectory(self, self.tr("Choose the folder of a model"), start):
            self._use_model(picked)

    def _pick_excluded(self) -> None:
        title = self.tr("Choose a folder that is never looked into")
        if picked := QFileDialog.getExistingDirectory(self, title, str(Path.home())):
            self.exclude(Path(picked))

    def exclude(self, folder: Path) -> None:
        if folder not in self._settings.excluded:
            self.excluded.addItem(str(folder))
            self._change(excluded=(*self._settings.excluded, folder))

    def _remove_excluded(self) -> None:
        for row in self.excluded.selectedItems():
            self.excluded.takeItem(self.excluded.row(row))
        kept = (self.excluded.item(row).text() for row in range(self.excluded.count()))
        self._change(excluded=tuple(map(Path, kept)))


def _form() -> Form:
    return Form(names=NAMES, choices=CHOICES)
