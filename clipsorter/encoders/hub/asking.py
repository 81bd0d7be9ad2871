"""Small questions to a hub: one JSON document, or one file's headers, asked again while the network fails."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from clipsorter.encoders.hub.address import Network, parse_address
from clipsorter.encoders.hub.events import Asking, Retrying
from clipsorter.encoders.hub.exchange import POLL_SECONDS, STALL_SECONDS, ConnectionLostError, Exchange, Head
from clipsorter.errors import DownloadError
from clipsorter.json_text import parse_json

LONGEST_ANSWER = 20_000_000  # bytes
BUSY = {408, 425, 429, 500, 502, 503, 504}  # what may be different in a moment
MOST_SECONDS = 60.0  # to wait because a server says so

T = TypeVar("T")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a network. Five failures in a row without a new byte end a download; what came is kept."""

    stall_seconds: float = STALL_SECONDS
    poll_seconds: float = POLL_SECONDS
    pauses: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)  # seconds between attempts


class BusyError(ConnectionLostError):
    """The server asks to come again later; ``seconds`` says when, 0: it does not say."""

    def __init__(self, words: str, seconds: float) -> None:
        super().__init__(words)
        self.seconds = seconds


def ask_json(url: str, network: Network, patience: Patience) -> Generator[Asking | Retrying, None, tuple[Head, Any]]:
    """The answer at ``url`` and the JSON in it, None where it is no JSON or the status is not 200."""

    def attempt() -> Generator[Asking, None, tuple[Head, Any]]:
        head, body = yield from _ask(url, "GET", network, patience)
        try:
            return head, parse_json(body) if head.last.status == 200 else None
        except ValueError:
            return head, None

    return (yield from persist(attempt, patience))


def ask_head(url: str, network: Network, patience: Patience) -> Generator[Asking | Retrying, None, Head]:
    """Only the headers at ``url``, of every redirect too."""

    def attempt() -> Generator[Asking, None, Head]:
        return (yield from _ask(url, "HEAD", network, patience))[0]

    return (yield from persist(attempt, patience))


def persist(attempt: Callable[[], Generator[E, None, T]], patience: Patience) -> Generator[E | Retrying, None, T]:
    """Do ``attempt`` until it does not raise ConnectionLostError; raises DownloadError when patience ends."""
    failures = 0
    while True:
        try:
            return (yield from attempt())
        except ConnectionLostError as error:
            if failures >= len(patience.pauses):
                raise DownloadError(
                    f"The download stopped: {error}. What is here is kept; try again later or use a mirror."
                ) from error
            yield from pause(error, patience, failures)
            failures += 1


def pause(error: ConnectionLostError, patience: Patience, failures: int) -> Generator[Retrying, None, None]:
    """Wait before the next attempt, in steps in which a cancel is heard."""
    seconds = patience.pauses[min(failures, len(patience.pauses) - 1)]
    if isinstance(error, BusyError):
        seconds = min(max(seconds, error.seconds), MOST_SECONDS)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        yield Retrying(str(error), left)
        time.sleep(min(left, patience.poll_seconds))


def check_busy(head: Head) -> None:
    """Raise BusyError for an answer that asks to come again later."""
    if head.last.status in BUSY:
        after = head.last.headers.get("retry-after", "")
        words = f'"{head.last.address.host}" is busy (status {head.last.status})'
        raise BusyError(words, float(after) if after.isascii() and after.isdigit() else 0.0)


def _ask(url: str, method: str, network: Network, patience: Patience) -> Generator[Asking, None, tuple[Head, bytes]]:
    exchange = Exchange(
        parse_address(url),
        network,
        method=method,
        stall_seconds=patience.stall_seconds,
        poll_seconds=patience.poll_seconds,
    )
    head: Head | None = None
    body = b""
    try:
        yield Asking()
        for item in exchange.wait():
            if item is None:
                yield Asking()
            elif isinstance(item, Head):
                head = item
                check_busy(head)
            elif len(body) + len(item) > LONGEST_ANSWER:
                raise DownloadError(f'"{head and head.last.address.host}" answers with more than can be read.')
            else:
                body += item
    finally:
        exchange.close()
    if head is None:
        raise ConnectionLostError("the connection was cut")
    return head, body
