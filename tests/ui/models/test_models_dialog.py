"""A person gets a stronger model: sees what there is, agrees, waits or does not, uses it, lets it go."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from clipsorter.encoders.catalogue import find_entry, read_catalogue
from clipsorter.encoders.hub.events import Fetching
from clipsorter.encoders.installed import list_installed
from clipsorter.engine import shelf
from clipsorter.languages import is_cjk
from clipsorter.library.settings import Settings
from clipsorter.ui.languages import speak
from clipsorter.ui.models.card import say_licence
from clipsorter.ui.models.dialog import ModelsDialog
from clipsorter.ui.models.work import ModelWork
from tests.encoders.hub.conftest import NAME, WEIGHTS
from tests.encoders.hub.fake_hub import FakeHub
from tests.encoders.tiny_weights import tiny_weights


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    entry = find_entry(NAME)
    assert entry is not None
    started = FakeHub({entry.repository: {"open_clip_model.safetensors": WEIGHTS, "open_clip_config.json": b"{}"}})
    started.start()
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    yield started
    started.stop()


@pytest.fixture
def work(hub: FakeHub, tmp_path: Path) -> Iterator[ModelWork]:
    work = ModelWork(tmp_path / "models")
    yield work
    work.close()


@pytest.fixture
def dialog(qtbot: QtBot, hub: FakeHub, work: ModelWork) -> ModelsDialog:
    return _open(qtbot, work, Settings(mirror=hub.url))


def _open(qtbot: QtBot, work: ModelWork, settings: Settings, first: str = "") -> ModelsDialog:
    dialog = ModelsDialog(settings, work, first=first)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: NAME in dialog.cards)
    return dialog


def _agree(qtbot: QtBot, dialog: ModelsDialog, text: str) -> QMessageBox:
    boxes: list[QMessageBox] = []
    qtbot.waitUntil(lambda: bool(boxes.extend(b for b in dialog.findChildren(QMessageBox) if b.isVisible()) or boxes))
    button = next(b for b in boxes[0].findChildren(QPushButton) if b.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    return boxes[0]


def _press(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.waitUntil(lambda: button.isVisibleTo(button.window()))  # new cards are shown a turn later
    (area,) = button.window().findChildren(QScrollArea)
    qtbot.waitUntil(lambda: _is_in_view(area, button))  # a click outside of what is seen hits nothing
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _is_in_view(area: QScrollArea, button: QPushButton) -> bool:
    area.ensureWidgetVisible(button)
    return not button.visibleRegion().isEmpty()


def _download(qtbot: QtBot, dialog: ModelsDialog) -> None:
    _press(qtbot, dialog.cards[NAME].download)
    _agree(qtbot, dialog, "Download")
    qtbot.waitUntil(lambda: dialog.cards[NAME].use.isVisibleTo(dialog))


def test_every_model_has_a_card_and_the_best_ones_come_first(dialog: ModelsDialog) -> None:
    names = list(dialog.cards)
    assert names[0] == "starter"
    assert dialog.cards[names[1]].model.is_recommended
    assert not dialog.cards["starter"].download.isVisibleTo(dialog)
    assert dialog.cards["starter"].in_use.isVisibleTo(dialog)
    assert not dialog.cards["chinese-clip-rn50"].download.isVisibleTo(dialog)


def test_size_and_licence_are_asked_about_before_anything_is_fetched(
    qtbot: QtBot, dialog: ModelsDialog, hub: FakeHub, work: ModelWork
) -> None:
    _press(qtbot, dialog.cards[NAME].download)
    box = _agree(qtbot, dialog, "Cancel")
    assert "MIT" in box.informativeText()
    assert hub.url in box.informativeText()
    qtbot.waitUntil(lambda: not work.active)
    assert not any("resolve" in path for path in hub.asked)


def test_a_model_is_downloaded_used_and_removed(qtbot: QtBot, dialog: ModelsDialog, tmp_path: Path) -> None:
    heard: list[Settings] = []
    dialog.changed.connect(heard.append)
    _download(qtbot, dialog)
    _press(qtbot, dialog.cards[NAME].use)
    assert heard[-1].model == NAME
    assert not dialog.cards[NAME].remove.isVisibleTo(dialog)  # not while it is used
    _press(qtbot, dialog.cards["starter"].use)
    assert heard[-1].model == "starter"
    dialog.cards[NAME].remove.click()
    _agree(qtbot, dialog, "Remove")
    qtbot.waitUntil(lambda: dialog.cards[NAME].model.installed is None)
    assert list_installed(tmp_path / "models") == ()


def test_forgetting_is_asked_for_by_name(qtbot: QtBot, dialog: ModelsDialog) -> None:
    _download(qtbot, dialog)
    dialog.cards[NAME].remove.click()
    qtbot.waitUntil(lambda: any(box.isVisible() for box in dialog.findChildren(QMessageBox)))
    box = next(box for box in dialog.findChildren(QMessageBox) if box.isVisible())
    check = box.checkBox()
    assert check is not None
    check.setChecked(True)
    with qtbot.waitSignal(dialog.forgotten) as forgotten:
        _agree(qtbot, dialog, "Remove")
    assert str(forgotten.args[0]).startswith("ViT-B-32-")


def test_a_download_pauses_is_cancelled_and_goes_on_in_another_sheet(
    qtbot: QtBot, dialog: ModelsDialog, hub: FakeHub, work: ModelWork
) -> None:
    hub.behaviour.stall_after, hub.behaviour.stall_times = 600_000, 1
    _press(qtbot, dialog.cards[NAME].download)
    _agree(qtbot, dialog, "Download")
    qtbot.waitUntil(lambda: isinstance(work.last_event, Fetching) and work.last_event.done >= 600_000)
    card = dialog.cards[NAME]
    _press(qtbot, card.hold)
    assert work.is_paused
    assert card.numbers.text() == "Paused"
    _press(qtbot, card.hold)
    assert not work.is_paused
    dialog.close()
    assert work.active == NAME  # the window goes on
    again = _open(qtbot, work, Settings(mirror=hub.url))
    qtbot.waitUntil(lambda: again.cards[NAME].bar.isVisibleTo(again))  # new cards are shown a turn later
    assert not again.cards["siglip2-b-32-256"].download.isEnabled()
    _press(qtbot, again.cards[NAME].cancel)
    assert not work.active
    qtbot.waitUntil(lambda: again.cards[NAME].download.text().strip() == "Go on downloading")
    qtbot.waitUntil(lambda: again.cards[NAME].remove.isVisibleTo(again))
    _download(qtbot, again)
    assert hub.ranges == ["bytes=600000-"]


def test_closing_the_window_in_the_middle_leaves_what_came(
    qtbot: QtBot, dialog: ModelsDialog, hub: FakeHub, work: ModelWork, tmp_path: Path
) -> None:
    hub.behaviour.stall_after, hub.behaviour.stall_times = 600_000, 1
    _press(qtbot, dialog.cards[NAME].download)
    _agree(qtbot, dialog, "Download")
    qtbot.waitUntil(lambda: isinstance(work.last_event, Fetching) and work.last_event.done >= 600_000)
    work.close()
    later = ModelWork(tmp_path / "models")
    again = _open(qtbot, later, Settings(mirror=hub.url))
    assert again.cards[NAME].download.text().strip() == "Go on downloading"
    _download(qtbot, again)
    later.close()
    assert hub.ranges == ["bytes=600000-"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(3.0, "less than a minute left"), (70.0, "about 1 minute"), (600.0, "about 10 minute")]
)
def test_the_time_left_is_said_as_in_the_footer(dialog: ModelsDialog, seconds: float, words: str) -> None:
    card = dialog.cards[NAME]
    card.show_event(Fetching("model.safetensors", 100, 300, 26e6, seconds))
    assert words in card.numbers.text()


def test_trouble_is_told_in_the_sheet(qtbot: QtBot, dialog: ModelsDialog, hub: FakeHub, work: ModelWork) -> None:
    hub.behaviour.page = True
    _press(qtbot, dialog.cards[NAME].download)
    qtbot.waitUntil(dialog.trouble.isVisible)
    assert "could not be downloaded" in dialog.trouble.text()
    assert "login page" in dialog.trouble.text()
    assert not work.active


def test_a_model_of_a_friend_is_added_from_its_folder(
    qtbot: QtBot, dialog: ModelsDialog, work: ModelWork, tmp_path: Path
) -> None:
    folder = tmp_path / "from a friend"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text('{"model_cfg": {}}', "utf-8")
    (folder / "open_clip_model.safetensors").write_bytes(tiny_weights())
    work.add(str(folder))
    qtbot.waitUntil(lambda: "from-a-friend" in dialog.cards and dialog.cards["from-a-friend"].use.isVisibleTo(dialog))


def test_mirror_and_proxy_are_kept(qtbot: QtBot, dialog: ModelsDialog) -> None:
    with qtbot.waitSignal(dialog.changed) as changed:
        dialog.mirror.setText(" https://mirror.example ")
        qtbot.keyClick(dialog.mirror, Qt.Key.Key_Return)
    assert changed.args[0].mirror == "https://mirror.example"
    assert dialog.isVisible()


def test_the_sheet_begins_at_the_model_that_was_asked_for(qtbot: QtBot, hub: FakeHub, work: ModelWork) -> None:
    dialog = _open(qtbot, work, Settings(mirror=hub.url), first="nllb-siglip-base")
    card = dialog.cards["nllb-siglip-base"]
    qtbot.waitUntil(lambda: not card.download.visibleRegion().isEmpty())
    assert dialog.focusWidget() is card.download


def test_the_sheet_begins_at_the_first_thing_that_can_be_done(dialog: ModelsDialog) -> None:
    best = list(dialog.cards.values())[1]
    assert dialog.focusWidget() is best.download


def test_who_went_elsewhere_before_the_models_were_read_stays_there(
    qtbot: QtBot, hub: FakeHub, work: ModelWork
) -> None:
    dialog = ModelsDialog(Settings(mirror=hub.url), work)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.setFocus()
    dialog._below.show()
    dialog.mirror.setFocus()
    qtbot.waitUntil(lambda: NAME in dialog.cards)
    assert dialog.focusWidget() is dialog.mirror


def test_everything_can_be_done_from_the_keyboard(
    qtbot: QtBot, dialog: ModelsDialog, hub: FakeHub, work: ModelWork, tmp_path: Path
) -> None:
    """Tab to what is wanted, Space to press it, Enter to agree: no mouse from here to the end."""
    heard: list[Settings] = []
    dialog.changed.connect(heard.append)
    _tab_to(qtbot, dialog, lambda: dialog.cards[NAME].download)
    qtbot.keyClick(dialog.cards[NAME].download, Qt.Key.Key_Space)
    qtbot.keyClick(_box(qtbot, dialog), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.cards[NAME].use.isVisibleTo(dialog))
    _tab_to(qtbot, dialog, lambda: dialog.cards[NAME].use)
    qtbot.keyClick(dialog.cards[NAME].use, Qt.Key.Key_Space)
    assert heard[-1].model == NAME
    _tab_to(qtbot, dialog, lambda: dialog.cards["starter"].use)
    qtbot.keyClick(dialog.cards["starter"].use, Qt.Key.Key_Space)
    _tab_to(qtbot, dialog, lambda: dialog.cards[NAME].remove)
    qtbot.keyClick(dialog.cards[NAME].remove, Qt.Key.Key_Space)
    box = _box(qtbot, dialog)
    qtbot.keyClick(box, Qt.Key.Key_Escape)  # and not what is dangerous by Enter
    assert len(list_installed(tmp_path / "models")) == 1
    qtbot.keyClick(dialog.cards[NAME].remove, Qt.Key.Key_Space)
    box = _box(qtbot, dialog)
    remove = next(one for one in box.findChildren(QPushButton) if one.text() == "Remove")
    remove.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(remove, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: dialog.cards[NAME].model.installed is None)
    _tab_to(qtbot, dialog, lambda: dialog.mirror)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def _tab_to(qtbot: QtBot, dialog: ModelsDialog, wanted: Callable[[], QWidget]) -> None:
    """Press Tab until it has the focus; fails where that goes round in a circle."""
    for _ in range(400):
        if dialog.focusWidget() is wanted():
            return
        qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
    raise AssertionError("Tab never comes there")


def _box(qtbot: QtBot, dialog: ModelsDialog) -> QMessageBox:
    boxes: list[QMessageBox] = []
    qtbot.waitUntil(lambda: bool(boxes.extend(b for b in dialog.findChildren(QMessageBox) if b.isVisible()) or boxes))
    return boxes[0]


def test_every_licence_of_the_catalogue_is_a_name_or_translated(quiet_application: QApplication) -> None:
    speak("zh_CN", quiet_application)
    for entry in read_catalogue():
        said = say_licence(entry.weights_licence)
        assert said in {"MIT", "Apache-2.0", "CC-BY-NC-4.0", ""} or any(is_cjk(letter) for letter in said)


def test_without_pytorch_the_others_are_shown_but_not_offered(
    qtbot: QtBot, work: ModelWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "has_torch", lambda: False)
    dialog = _open(qtbot, work, Settings())
    assert "leaves out PyTorch" in dialog.left_out.text()
    assert dialog.left_out.isVisibleTo(dialog)
    qtbot.waitUntil(lambda: dialog.cards["starter"].in_use.isVisibleTo(dialog))  # new cards are shown a turn later
    assert not any(card.download.isVisibleTo(dialog) for card in dialog.cards.values())


def test_with_pytorch_nothing_is_said_of_it(dialog: ModelsDialog) -> None:
    assert not dialog.left_out.isVisibleTo(dialog)


def test_until_the_models_are_known_nothing_stands_in_their_place(
    qtbot: QtBot, work: ModelWork, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(work, "read", asked.append)  # answers later
    dialog = ModelsDialog(Settings(mirror=hub.url), work)
    qtbot.addWidget(dialog)
    dialog.show()
    assert asked
    assert not dialog.mirror.isVisible()
    assert [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()][-1].endswith("…")
    monkeypatch.undo()
    work.read(("en",))
    qtbot.waitUntil(lambda: NAME in dialog.cards)
    qtbot.waitUntil(dialog.cards["starter"].isVisible)
    assert dialog.mirror.isVisible()
    assert dialog.mirror.mapTo(dialog, QPoint()).y() > dialog.cards["starter"].mapTo(dialog, QPoint()).y()


def test_a_sheet_that_is_opened_again_has_its_cards_at_once(
    qtbot: QtBot, dialog: ModelsDialog, work: ModelWork, hub: FakeHub
) -> None:
    dialog.close()
    again = ModelsDialog(Settings(mirror=hub.url), work)
    qtbot.addWidget(again)
    assert list(again.cards) == list(dialog.cards)
