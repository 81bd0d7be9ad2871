"""Several devices, one queue: an encoder whose photos go to whichever child is free."""

from collections.abc import Sequence
from dataclasses import dataclass

from clipsorter.cores import count_cores
from clipsorter.encoders.encoder import Answer
from clipsorter.encoders.process import EncoderProcess
from clipsorter.encoders.sources import ModelSource
from clipsorter.errors import EncoderDiedError, ModelError
from clipsorter.values import Embeddings, EncoderSpec, Pixels

ALL = "all"  # the best device and every other of its kind


class EncoderPool:
    """An ``Encoder`` over one child process per device. All methods belong on one thread.

    ``devices`` are torch's names ("cuda:0", "cuda:1"; the same one twice is possible), or just ``ALL``. The pool works
    as soon as the first child is loaded; the others join when they are. A child that cannot work is left out as long
    as another can, and its photos go to that one.
    """

    def __init__(self, source: ModelSource, devices: Sequence[str], *, threads: int | None = None) -> None:
        self._source = source
        self._threads = max(1, (threads or count_cores()) // len(devices))
        self._asks_siblings = tuple(devices) == (ALL,)
        names = ("auto",) if self._asks_siblings else devices
        self._children = [EncoderProcess(source, name, threads=self._threads) for name in names]

    def start(self) -> None:
        """Spawn every child and return."""
        for child in self._children:
            child.start()

    @property
    def spec(self) -> EncoderSpec:
        """Waits until the model is loaded somewhere; raises ModelError."""
        return self._first_loaded().spec

    @property
    def device(self) -> str:
        """The devices at work, for people; waits until the model is loaded somewhere."""
        self._first_loaded()
        names = [child.device for child in self._loaded()]
        return " + ".join(f"{names.count(name)} × {name}" if names.count(name) > 1 else name for name in _once(names))

    @property
    def batch_size(self) -> int:
        """What suits the least of the devices at work."""
        self._first_loaded()
        return min(child.batch_size for child in self._loaded())

    @property
    def depth(self) -> int:
        """See ``Encoder``; grows while devices join."""
        return sum(child.depth for child in self._loaded()) or 1

    def ready(self, timeout: float = 0.0) -> bool:
        """True as soon as one child is loaded; waits at most ``timeout`` seconds for each. Raises ModelError."""
        loaded = self._loaded()
        return bool(loaded) or any(self._attempt(child, timeout) for child in list(self._children))

    def encode_images(self, pixels: Pixels) -> Embeddings:
        """See ``Encoder``."""
        return self.submit_images(pixels)()

    def submit_images(self, pixels: Pixels) -> Answer:
        """See ``Encoder``; goes to the loaded child with the least to do."""
        return self._submit(pixels, None)

    def encode_texts(self, prompts: Sequence[str]) -> Embeddings:
        """See ``Encoder``."""
        child = self._least_busy()
        try:
            return child.encode_texts(prompts)
        except ModelError as error:
            self._leave_out(child, error)
            return self.encode_texts(prompts)

    def abandon(self) -> None:
        """As ``EncoderProcess.abandon``, for every child. Any thread."""
        for child in list(self._children):
            child.abandon()

    def close(self) -> None:
        """End every child. Safe to call twice."""
        for child in self._children:
            child.close()

    def _submit(self, pixels: Pixels, died: EncoderProcess | None) -> Answer:
        """Ask a child other than ``died``, whose process ended over these photos before."""
        child = self._least_busy(died)
        return _Shared(self, pixels, child, child.submit_images(pixels), died)

    def _collect(self, one: "_Shared") -> Embeddings:
        try:
            return one.answer()
        except EncoderDiedError:
            if one.child not in self._children:  # closed, because of other photos
                return self._submit(one.pixels, one.died)()
            if one.died is not None or len(self._children) == 1:
                raise  # the photos' fault, it seems; the children start again by themselves
            return self._submit(one.pixels, one.child)()
        except ModelError as error:
            self._leave_out(one.child, error)
            return self._submit(one.pixels, one.died)()

    def _first_loaded(self) -> EncoderProcess:
        while not self.ready(0.1):
            pass
        return self._loaded()[0]

    def _loaded(self) -> list[EncoderProcess]:
        loaded = [child for child in list(self._children) if self._attempt(child, 0.0)]
        if loaded and self._asks_siblings:
            self._asks_siblings = False
            more = [EncoderProcess(self._source, name, threads=self._threads) for name in loaded[0].siblings]
            self._children += more
            for child in more:
                child.start()
        return loaded

    def _attempt(self, child: EncoderProcess, timeout: float) -> bool:
        try:
            return child.ready(timeout)
        except ModelError as error:
            self._leave_out(child, error)
            return False

    def _least_busy(self, but: EncoderProcess | None = None) -> EncoderProcess:
        self._first_loaded()
        loaded = self._loaded()
        return min([child for child in loaded if child is not but] or loaded, key=lambda child: child.under_way)

    def _leave_out(self, child: EncoderProcess, error: ModelError) -> None:
        """Go on without a child; raises ``error`` when it was the last one."""
        if child in self._children:
            if len(self._children) == 1:
                raise error
            self._children.remove(child)
            child.close()


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """What one of the children answers, or another in its place."""

    pool: EncoderPool
    pixels: Pixels
    child: EncoderProcess
    answer: Answer
    died: EncoderProcess | None

    def is_there(self, timeout: float = 0.0) -> bool:
        return self.answer.is_there(timeout)

    def forget(self) -> None:
        self.answer.forget()

    def __call__(self) -> Embeddings:
        return self.pool._collect(self)


def _once(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))
