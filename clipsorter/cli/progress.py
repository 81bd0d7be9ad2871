"""Progress on standard error: one line that rewrites itself on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TextIO, TypeVar

from clipsorter.cli.output import count_photos
from clipsorter.cli.terminal import printable
from clipsorter.engine.events import (
    Embedded,
    EncoderReady,
    EncoderStarting,
    EntryFailed,
    Indexed,
    KindLeftOut,
    PhotoFailed,
    Scanned,
)

E = TypeVar("E")

QUIET_SECONDS = 5.0  # between two lines where nothing can be rewritten


class ProgressLine:
    """Tells a person what happens; ``watch`` passes events through unchanged."""

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._rewrites = self._stream.isatty()
        self._width = 0
        self._last = -QUIET_SECONDS
        self._said = ""  # the newest line where nothing can be rewritten
        self._encoder: EncoderReady | None = None

    def watch(self, events: Iterable[E]) -> Iterator[E]:
        """Yield every event after telling it; clears the line at the end, also after an error."""
        try:
            for event in events:
                self._tell(event)
                yield event
        finally:
            self._clear()

    def _tell(self, event: object) -> None:
        if isinstance(event, PhotoFailed | EntryFailed):
            self._say(f"{printable(str(event.path))}: {event.reason}", lasting=True)
        elif isinstance(event, KindLeftOut):
            others = f" and {event.files - 1:,} more" if event.files > 1 else ""
            self._say(f"{printable(str(event.first))}{others}: {event.reason}", lasting=True)
        elif isinstance(event, Scanned):
            known = f", {event.unchanged:,} known already" if event.unchanged else ""
            self._say(f"Found {count_photos(event.photos)}{known}", lasting=event.done)
        elif isinstance(event, EncoderStarting):
            self._say(f"Loading {event.name}…")
        elif isinstance(event, EncoderReady):
            if event != self._encoder:  # said once, and again when the device changes
                self._say(f"{event.name} on {event.device}", lasting=True)
            self._encoder = event
        elif isinstance(event, Embedded):
            self._say(progress_words(event))
        elif isinstance(event, Indexed):
            self._say(summary_words(event), lasting=True)

    def _say(self, line: str, *, lasting: bool = False) -> None:
        if self._quiet:
            return
        with suppress(OSError):  # a log on a full disk must not stop the job
            self._write(line, lasting=lasting)

    def _write(self, line: str, *, lasting: bool) -> None:
        if lasting or not self._rewrites:
            now = time.monotonic()
            if lasting or (now - self._last >= QUIET_SECONDS and line != self._said):
                self._last, self._said = now, line
                self._clear()
                print(line, file=self._stream, flush=True)
        else:
            print("\r" + line.ljust(self._width), end="", file=self._stream, flush=True)
            self._width = len(line)

    def _clear(self) -> None:
        if self._rewrites and self._width:
            with suppress(OSError):
                print("\r" + " " * self._width + "\r", end="", file=self._stream, flush=True)
            self._width = 0


def progress_words(event: Embedded) -> str:
    """``"1,204 of 5,000 photos · 31 per second · about 2 min left"``."""
    words = [f"{event.done:,} of {count_photos(event.total)}"]
    if event.rate > 0:
        words.append(f"{event.rate:.0f} per second" if event.rate >= 2 else f"{event.rate:.1f} per second")
    if event.seconds_left is not None:
        words.append(f"about {duration_words(event.seconds_left)} left")
    return " · ".join(words)


def summary_words(event: Indexed) -> str:
    """What a run did, in one line."""
    words = [count_photos(event.photos), f"{event.embedded:,} new", f"{event.unchanged:,} known"]
    if event.failed:
        words.append(f"{event.failed:,} could not be read")
    return f"{', '.join(words)}; {duration_words(event.seconds)}"


def duration_words(seconds: float) -> str:
    """A duration as a person would say it: ``"40 s"``, ``"12 min"``, ``"3 h 20 min"``."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
