"""Where Tab leads: through the window as it is read, whatever was made first.

Much of the window is made only when it is needed, so the order in which Qt met its widgets says little.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def tab_stops(widget: QWidget, current: QWidget | None = None) -> Iterator[QWidget]:
    """What takes the keyboard now inside ``widget`` and itself, in the order of the layouts; and ``current``.

    That one keeps its place in the order also when it has just been hidden or can no longer be used.
    """
    leads_to_it = current is not None and widget.isAncestorOf(current)
    if not (widget.isVisible() or leads_to_it or widget is current):
        return
    takes_it = widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    if widget is current or (takes_it and widget.focusProxy() is None and widget.isVisible()):
        yield widget
    if isinstance(widget, QScrollArea):
        if (inside := widget.widget()) is not None:
            yield from tab_stops(inside, current)
    elif (layout := widget.layout()) is not None:
        yield from _stops_of(layout, current)
    elif not takes_it:
        for child in widget.children():
            if isinstance(child, QWidget) and not child.isWindow():
                yield from tab_stops(child, current)


def next_stop(top: QWidget, current: QWidget | None, *, forward: bool) -> QWidget | None:
    """The stop after, or before, the one that has the keyboard; round at the ends. None: there is none."""
    stops = list(tab_stops(top, current))
    if not stops:
        return None
    if current not in stops:
        return stops[0 if forward else -1]
    return stops[(stops.index(current) + (1 if forward else -1)) % len(stops)]


def _stops_of(layout: QLayout, current: QWidget | None) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield from tab_stops(widget, current)
        elif (inner := item.layout()) is not None:
            yield from _stops_of(inner, current)
