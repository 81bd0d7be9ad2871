"""One model as a person sees it: what it is good for, what it costs, and the one thing to do next."""

from html import escape

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clipsorter.encoders.catalogue import CatalogueEntry
from clipsorter.encoders.hub.archives import Copying
from clipsorter.encoders.hub.events import Fetching, Retrying, Verifying
from clipsorter.engine.shelf import ShelfModel
from clipsorter.ui.controls import IconLabel, WrappingLabel, filled_button, icon_button, text_button
from clipsorter.ui.motion import WorkBar
from clipsorter.ui.plain_text import plain_label

STEPS = 1000  # of a progress bar
SHORT = 50  # seconds, from which on it is about a minute


class ModelCard(QFrame):
    """Shows a ``ShelfModel``; the buttons only announce."""

    download_wanted = Signal()
    use_wanted = Signal()
    remove_wanted = Signal()
    pause_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, model: ShelfModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.setObjectName("card")
        entry = model.entry
        name = plain_label(entry.name)
        name.setObjectName("heading")
        self.in_use = QLabel(self.tr("In use"))
        self.in_use.setObjectName("muted")
        self.use = filled_button(self.tr("Use")) if model.is_recommended else text_button(self.tr("Use"))
        again = self.tr("Go on downloading") if model.is_partial else self.tr("Download")
        self.download = filled_button(again, "download") if model.is_recommended else text_button(again, "download")
        self.hold = text_button(self.tr("Pause"), "pause")
        self.cancel = text_button(self.tr("Cancel"), "x")
        self.remove = icon_button("trash-2", self.tr("Remove {}").format(entry.name))
        for button, signal in (
            (self.use, self.use_wanted),
            (self.download, self.download_wanted),
            (self.hold, self.pause_wanted),
            (self.cancel, self.cancel_wanted),
            (self.remove, self.remove_wanted),
        ):
            button.clicked.connect(signal)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for button in (self.use, self.download, self.hold, self.cancel):
            button.setAutoDefault(False)
            button.setAccessibleName(f"{button.text().strip()}: {entry.name}")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(name)
        if model.is_recommended:
            top.addWidget(IconLabel("star", 15))
            badge = QLabel(self.tr("Recommended"))
            badge.setObjectName("muted")
            top.addWidget(badge)
        top.addStretch(1)
        for widget in (self.in_use, self.use, self.download, self.hold, self.cancel, self.remove):
            top.addWidget(widget)
        words = WrappingLabel(_good_for(entry))
        if not words.text():  # a model of a friend says nothing of itself
            words.hide()
        facts = WrappingLabel()
        facts.setTextFormat(Qt.TextFormat.RichText)  # for the link to the licence
        facts.setText(self._say_facts())
        facts.setObjectName("muted")
        links = Qt.TextInteractionFlag
        facts.setTextInteractionFlags(links.LinksAccessibleByMouse | links.LinksAccessibleByKeyboard)
        self.bar = WorkBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.numbers = WrappingLabel()
        self.numbers.setObjectName("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 12)
        column.setSpacing(5)
        column.addLayout(top)
        for part in (words, facts, self.bar, self.numbers):
            column.addWidget(part)
        self.show_state(in_use=False, active=False, busy=False, paused=False)

    def show_state(self, *, in_use: bool, active: bool, busy: bool, paused: bool) -> None:
        """``active``: this model is worked on; ``busy``: one of them is, so no other work can begin."""
        here = self.model.installed is not None or not self.model.entry.repository
        self.in_use.setVisible(in_use)
        runnable = self.model.is_runnable
        self.use.setVisible(here and runnable and not in_use and not active)
        self.download.setVisible(not here and runnable and not active and not self.model.entry.unavailable)
        self.download.setEnabled(not busy)
        self.hold.setVisible(active)
        self.cancel.setVisible(active)
        self.remove.setVisible(
            (self.model.installed is not None or self.model.is_partial) and not in_use and not active
        )
        self.remove.setEnabled(not busy)
        self.hold.setText(" " + (self.tr("Resume") if paused else self.tr("Pause")))
        self.bar.setVisible(active)
        self.numbers.setVisible(active)
        if not active:
            self.bar.setRange(0, 0)  # until the first numbers come
            self.numbers.clear()
        elif paused:
            self.numbers.setText(self.tr("Paused"))

    def focus_button(self) -> bool:
        """Hand the keyboard to the next thing that can be done with this model; False where there is none."""
        for button in (self.use, self.download, self.cancel, self.remove):
            if button.isVisibleTo(self) and button.isEnabled():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def show_event(self, event: object) -> None:
        """What the work says of this model."""
        match event:
            case Fetching(_, done, total, rate, left):
                self.bar.setRange(0, STEPS)
                self.bar.setValue(round(STEPS * done / max(total, 1)))
                words = [self.tr("{} of {}").format(say_size(done), say_size(total))]
                if rate > 0:
                    words.append(self.tr("{} per second").format(say_size(round(rate))))
                if left is not None:
                    words.append(self._say_time(left))
                self.numbers.setText(" · ".join(words))
            case Retrying(reason, _):
                self.numbers.setText(self.tr("The network is away; trying again soon ({})").format(reason))
            case Verifying():
                self.numbers.setText(self.tr("Making sure that it is the right file…"))
            case Copying(file, done, size):
                self.bar.setRange(0, STEPS)
                self.bar.setValue(round(STEPS * done / max(size, 1)))
                self.numbers.setText(file)
            case _:
                self.numbers.setText(self.tr("Asking what there is…"))

    def _say_time(self, seconds: float) -> str:
        if seconds < SHORT:
            return self.tr("less than a minute left")
        return self.tr("about %Ln minute(s) left", "", max(1, round(seconds / 60)))

    def _say_facts(self) -> str:
        entry = self.model.entry
        if entry.unavailable:
            return escape(entry.unavailable_zh if _is_chinese() else entry.unavailable)
        facts = [say_size(self.model.installed.size if self.model.installed else entry.size)] if entry.size else []
        if entry.languages:
            facts.append(escape(self._say_languages()))
        if self.model.rate:
            facts.append(self._say_rate(self.model.rate))
        if entry.weights_licence:
            name = escape(say_licence(entry.weights_licence))
            facts.append(f'<a href="{escape(entry.weights_licence_url)}">{name}</a>')
        return " · ".join(facts)

    def _say_rate(self, rate: float) -> str:
        number = self.locale().toString
        if rate < 1:
            seconds = number(1 / rate, "f", 0 if rate < 0.2 else 1)
            return self.tr("about {} seconds per photo on this processor (estimated)").format(seconds)
        photos = number(rate, "f", 1 if rate < 10 else 0)
        return self.tr("about {} photos per second on this processor (estimated)").format(photos)

    def _say_languages(self) -> str:
        known = {"en": self.tr("English"), "zh": self.tr("Chinese")}
        if len(self.model.entry.languages) > len(known):
            return self.tr("Chinese, English and more")
        return QLocale().createSeparatedList([known.get(tag, tag) for tag in self.model.entry.languages])


def say_size(number: int) -> str:
    """Bytes in a person's words."""
    return QLocale().formattedDataSize(number, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def say_licence(licence: str) -> str:
    """A licence of the catalogue in the person's language; names of licences stay as they are."""
    known = {
        "Apple ML Research Model licence (research only)": QCoreApplication.translate(
            "ModelCard", "Apple ML Research Model licence (research only)"
        ),
        "CC-BY-NC-4.0 (not for business)": QCoreApplication.translate("ModelCard", "CC-BY-NC-4.0 (not for business)"),
        "not stated separately by its authors": QCoreApplication.translate(
            "ModelCard", "not stated separately by its authors"
        ),
    }
    return known.get(licence, licence)


def _good_for(entry: CatalogueEntry) -> str:
    return entry.good_for_zh if _is_chinese() and entry.good_for_zh else entry.good_for


def _is_chinese() -> bool:
    return QLocale().language() is QLocale.Language.Chinese
