"""An encoder in a child process, so that torch, its drivers and its appetite stay out of the window's process."""

import os
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from time import monotonic

import numpy as np

from clipsorter.children import spawn
from clipsorter.cores import count_cores
from clipsorter.encoders.child import serve
from clipsorter.encoders.encoder import Answer
from clipsorter.encoders.messages import Answered, Exported, Failed, ImagesAsked, Loaded, TextsAsked, revive
from clipsorter.encoders.sources import ModelSource
from clipsorter.errors import EncoderDiedError, ModelError
from clipsorter.values import Embeddings, EncoderSpec, Pixels

ATTEMPTS = 2  # a request whose child died is repeated once
PATIENCE = 0.5  # seconds the child has to leave by itself, then to obey SIGTERM, when the encoder is closed

# A child that says nothing for so long, while something is asked of it, hangs (a driver does that). Slow work is not
# that slow: 8 photos through the largest model of the catalogue are estimated at a minute on one core.
SILENCE = 600.0  # seconds
_SLICE = 1.0  # seconds of one wait; time in which the whole machine or this process sleeps counts as one of these

CLOSED = "The encoder was closed before it could answer."

DEPTH = 2  # requests: one at work, one that waits in the child

_Request = tuple[ImagesAsked | TextsAsked, Pixels | None]


class EncoderProcess:
    """An ``Encoder`` whose work happens in a spawned child. All methods belong on one thread.

    ``start`` returns at once and the model loads (about 8 s of imports); ``ready`` polls, everything else waits. A
    child that dies or hangs is replaced once per request, then EncoderDiedError is raised; a later one tries afresh.
    (``open_encoder`` keeps the colour double in this process; here it may run in a child too, which tests this class.)
    """

    def __init__(
        self, source: ModelSource, device: str = "auto", *, threads: int | None = None, graphs: Path | None = None
    ) -> None:
        self.source = source
        self._graphs = graphs
        self._preferred = device
        self._threads = threads or count_cores()
        self._most_silence = SILENCE
        self._silence = 0.0  # seconds without a word of the child, as far as somebody waited for one
        self._child: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._loaded: Loaded | None = None
        self._device = ""
        self._has_exported = False  # a child made the model's graphs and left
        self._lost_starts = 0  # children that died before they were loaded, in a row
        self._last_number = 0
        self._open: dict[int, tuple[_Request, int]] = {}  # number -> request, attempts so far
        self._abandoned = False  # set by any thread, for good
        self._outcomes: dict[int, Embeddings | Exception] = {}

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        return self._child.pid if self._child else None

    @property
    def spec(self) -> EncoderSpec:
        """Waits until the model is loaded; raises ModelError."""
        return self._wait_until_loaded().spec

    @property
    def device(self) -> str:
        """Waits until the model is loaded; raises ModelError."""
        self._wait_until_loaded()
        return self._device

    @property
    def batch_size(self) -> int:
        """Waits until the model is loaded; raises ModelError."""
        return self._wait_until_loaded().batch_size

    @property
    def depth(self) -> int:
        """See ``Encoder``."""
        return DEPTH

    @property
    def siblings(self) -> tuple[str, ...]:
        """Other devices of the same kind that a child could work on. Waits until the model is loaded."""
        return self._wait_until_loaded().siblings

    @property
    def under_way(self) -> int:
        """Requests without an answer so far."""
        return len(self._open)

    def start(self) -> None:
        """Spawn the child and return; nothing happens when it is there already."""
        if self._child is not None:
            return
        self._check_wanted()
        self._child, self._pipe = spawn(
            serve,
            self.source,
            self._preferred,
            self._threads,
            self._graphs,
            not self._has_exported,  # once: what cannot be read back must not be made for ever
            name="ClipSorter encoder",
        )
        limit_sending(self._pipe, self._most_silence)

    def ready(self, timeout: float = 0.0) -> bool:
        """True as soon as the model is loaded; waits at most ``timeout`` seconds. Raises ModelError."""
        deadline = monotonic() + timeout
        while self._take_message(0.0 if self._loaded else max(0.0, deadline - monotonic())):
            pass  # every message that waits, so that a death is noticed here too
        return self._loaded is not None

    def encode_images(self, pixels: Pixels) -> Embeddings:
        """See ``Encoder``."""
        return self.submit_images(pixels)()

    def submit_images(self, pixels: Pixels) -> Answer:
        """See ``Encoder``. ``pixels`` must stay unchanged until the answer is there, it may have to be sent again."""
        self._last_number += 1
        asked = ImagesAsked(self._last_number, pixels.shape)
        return self._submit((asked, np.ascontiguousarray(pixels)))

    def encode_texts(self, prompts: Sequence[str]) -> Embeddings:
        """See ``Encoder``. Overtakes image batches that wait in the child, and on the CPU the one at work too."""
        self._last_number += 1
        return self._submit((TextsAsked(self._last_number, tuple(prompts)), None))()

    def abandon(self) -> None:
        """Let whoever waits for the child wait no longer: EncoderDiedError, now and ever after. Any thread."""
        self._abandoned = True
        if (child := self._child) is not None:
            with suppress(ValueError):  # taken leave of in this moment
                child.kill()

    def close(self) -> None:
        """End the child within two seconds, whatever it is doing. Safe to call twice."""
        self._open.clear()
        self._outcomes.clear()
        self._discard_child()

    def _submit(self, request: _Request) -> Answer:
        number = request[0].number
        self._open[number] = (request, 1)
        self.start()
        self._send(request)
        return _Awaited(self, number)

    def _is_settled(self, number: int, timeout: float) -> bool:
        deadline = monotonic() + timeout
        try:
            while number in self._open and self._take_message(max(0.0, deadline - monotonic())):
                pass
        except ModelError:
            return True  # whoever collects the outcome hears of it
        return number not in self._open

    def _collect(self, number: int) -> Embeddings:
        while number not in self._outcomes:
            if number not in self._open:
                raise EncoderDiedError(CLOSED)
            self._take_message(None)
        outcome = self._outcomes.pop(number)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _forget(self, number: int) -> None:
        """The child works it off, and what it says is dropped."""
        self._open.pop(number, None)
        self._outcomes.pop(number, None)

    def _wait_until_loaded(self) -> Loaded:
        while self._loaded is None:
            self._take_message(None)
        return self._loaded

    def _send(self, request: _Request) -> None:
        asked, pixels = request
        assert self._pipe is not None
        try:
            self._pipe.send(asked)
            if pixels is not None:
                self._pipe.send_bytes(pixels.reshape(-1).data)
        except OSError:  # the child is gone, or has read nothing for as long as one that hangs
            if self._child is not None:
                self._child.kill()  # the next message taken says so, and everything open is sent again

    def _take_message(self, timeout: float | None) -> bool:
        """Handle one message of the child, or its death; False when none came within ``timeout`` seconds."""
        self.start()
        assert self._pipe is not None
        try:
            if not self._hears(self._pipe, timeout):
                return False
            message = self._pipe.recv()
        except TimeoutError:
            self._replace_child(f"did not answer for {self._most_silence:.0f} seconds, twice,")
            return True
        except (EOFError, OSError):
            self._replace_child("ended twice")
            return True
        match message:
            case Loaded():
                self._loaded = message
                self._device = message.device
                self._lost_starts = 0
            case Exported():
                self._has_exported = True
                self._discard_child()
                self._start_and_ask()
            case Answered():
                self._device = message.device
                self._settle(message.number, message.embeddings)
            case Failed(number=None):
                self._discard_child()
                error = revive(message)
                for number in list(self._open):
                    self._settle(number, error)
                raise error
            case Failed(number=int(number)):
                self._settle(number, revive(message))
        return True

    def _hears(self, pipe: Connection, timeout: float | None) -> bool:
        """Whether the child said something, or ended, within ``timeout`` seconds; TimeoutError once it hangs."""
        left = float("inf") if timeout is None else timeout
        while True:
            self._check_wanted()
            slice_ = min(left, _SLICE)
            if pipe.poll(slice_):
                self._silence = 0.0
                return True
            if self._open or self._loaded is None:
                self._silence += slice_
            if self._silence >= self._most_silence:
                raise TimeoutError
            left -= slice_
            if left <= 0:
                return False

    def _check_wanted(self) -> None:
        if self._abandoned:
            raise EncoderDiedError(CLOSED)

    def _settle(self, number: int, outcome: Embeddings | Exception) -> None:
        if self._open.pop(number, None) is not None:
            self._outcomes[number] = outcome

    def _replace_child(self, fate: str) -> None:
        """After a death or a hang: what was asked twice is given up, the rest is asked again of a new child."""
        self._check_wanted()
        was_loaded = self._loaded is not None
        self._discard_child()
        if not was_loaded:
            self._lost_starts += 1
            if self._lost_starts >= ATTEMPTS:
                self._lost_starts = 0
                error = EncoderDiedError(
                    f"The model could not be loaded: its process {fate}, perhaps for lack of memory."
                )
                for number in list(self._open):
                    self._settle(number, error)
                raise error
        for number, (request, attempts) in list(self._open.items()):
            if was_loaded and attempts >= ATTEMPTS:
                self._settle(number, EncoderDiedError(f"The model's process {fate} while working on the same photos."))
            else:
                self._open[number] = (request, attempts + was_loaded)
        self._start_and_ask()

    def _start_and_ask(self) -> None:
        """A new child, with everything that is open."""
        self.start()
        for request, _ in list(self._open.values()):
            self._send(request)

    def _discard_child(self) -> None:
        child, pipe = self._child, self._pipe
        self._child = self._pipe = self._loaded = None
        self._silence = 0.0
        if pipe is not None:
            pipe.close()  # the child sees it and leaves, even in the middle of a batch
        if child is not None:
            child.join(PATIENCE)
            for end in (child.terminate, child.kill):
                if child.exitcode is None:
                    end()
                    child.join(PATIENCE)
            if child.exitcode is not None:  # else the system is still taking gigabytes back from it
                child.close()


@dataclass(frozen=True, slots=True, eq=False)
class _Awaited:
    """The answer to request ``number``, which the child may still be working on."""

    encoder: EncoderProcess
    number: int

    def is_there(self, timeout: float = 0.0) -> bool:
        return self.encoder._is_settled(self.number, timeout)

    def forget(self) -> None:
        self.encoder._forget(self.number)

    def __call__(self) -> Embeddings:
        return self.encoder._collect(self.number)


def limit_sending(pipe: Connection, seconds: float) -> None:
    """Let a write fail with OSError once the other end has read nothing for so long; not on Windows."""
    if os.name == "posix":
        with socket.socket(fileno=os.dup(pipe.fileno())) as ours:
            whole, rest = divmod(seconds, 1)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", int(whole), int(rest * 1e6)))
