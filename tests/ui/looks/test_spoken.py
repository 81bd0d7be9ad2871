"""What a screen reader hears and a keyboard reaches, on every page and in every sheet."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.looks.conftest import OpenWindow, walk

Role = QAccessible.Role
# Roles that a person works with. All else is structure or text.
INTERACTIVE = {
    *(Role.Button, Role.PushButton, Role.ButtonMenu, Role.ButtonDropDown, Role.CheckBox, Role.RadioButton),
    *(Role.ComboBox, Role.EditableText, Role.Slider, Role.SpinBox, Role.Link, Role.PageTabList),
    *(Role.List, Role.Tree, Role.Table),
}
MOST_STOPS = 200  # Tab comes round before, or it is caught


def reachable(top: QWidget) -> list[QWidget]:
    """Where Tab leads, in its order, from where the keyboard is until it comes round."""
    stops: list[QWidget] = []
    for _ in range(MOST_STOPS):
        top.focusNextPrevChild(True)
        stop = top.focusWidget()
        if stop is None or stop in stops:
            break
        stops.append(stop)
    return stops


def interfaces(top: QWidget) -> list[tuple[QWidget, QAccessibleInterface]]:
    found = []
    for widget in top.findChildren(QWidget):
        if widget.window() is top and widget.isVisible() and widget.visibleRegion().boundingRect().isValid():
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is not None and interface.role() in INTERACTIVE:
                found.append((widget, interface))
    return found


def silent(top: QWidget) -> list[str]:
    """What a person can work with and nobody can say."""
    return [
        f"{type(widget).__name__} {widget.objectName()} {interface.role().name}"
        for widget, interface in interfaces(top)
        if not interface.text(QAccessible.Text.Name).strip() and not _is_part(widget)
    ]


def unreachable(top: QWidget) -> list[str]:
    """What a person can work with and no Tab leads to; a part of another thing is reached with that."""
    stops = reachable(top)
    return [
        f"{type(widget).__name__} {interface.text(QAccessible.Text.Name)!r}"
        for widget, interface in interfaces(top)
        if widget.isEnabled() and widget not in stops and not _is_part(widget)
    ]


def _is_part(widget: QWidget) -> bool:
    """The line inside a choice, the button inside a line, a header inside its table, one of several of a choice."""
    if isinstance(widget, QAbstractButton) and (group := widget.group()) is not None and group.exclusive():
        return not widget.isChecked()  # arrow keys lead to the others
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        proxied = widget.focusPolicy() == Qt.FocusPolicy.NoFocus
        if proxied and isinstance(parent, QAbstractItemView):
            return True
        if parent.focusProxy() is widget:
            return False
        if type(parent).__name__ in {"QLineEdit", "CategoryEntry", "DropDown", "ChoiceBox", "Chip"}:
            return True
        parent = parent.parentWidget()
    return False


@pytest.mark.slow
def test_everything_has_a_name_and_is_reached_with_tab(qtbot: QtBot, open_window: OpenWindow) -> None:
    wrong: dict[str, list[str]] = {}
    seen = 0
    for name, top in walk(qtbot, open_window()):
        seen += 1
        if found := [f"nameless: {one}" for one in silent(top)] + [f"no Tab: {one}" for one in unreachable(top)]:
            wrong[name] = found
    assert seen > 18
    assert wrong == {}


@pytest.mark.slow
def test_tab_goes_through_the_window_as_it_is_read(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    name, _ = next(walk(qtbot, window))
    assert name == "board"
    panels = window.panels
    parts = [panels.side, panels.top, panels.photos, panels.footer]
    panels.side.folder.setFocus()
    stops = reachable(window)
    places = [next(place for place, part in enumerate(parts) if part.isAncestorOf(stop)) for stop in stops]
    start = places.index(0)
    assert places[start:] + places[:start] == sorted(places)
    side = [stop.accessibleName() for stop in stops if panels.side.isAncestorOf(stop)]
    assert side.index("Categories") < side.index("Add a category") < side.index("Needs review, 6")
    window.focusNextPrevChild(True)
    here = window.focusWidget()
    window.focusNextPrevChild(True)
    window.focusNextPrevChild(False)
    assert window.focusWidget() is here
