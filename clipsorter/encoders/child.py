"""The child's side of an ``EncoderProcess``. Importing this module loads no torch; ``serve`` does."""

import importlib
import logging
import os
import threading
import traceback
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from clipsorter.children import settle_in
from clipsorter.encoders.colour import ColourEncoder
from clipsorter.encoders.encoder import Encoder
from clipsorter.encoders.messages import Answered, Exported, Failed, ImagesAsked, Loaded, TextsAsked, describe
from clipsorter.encoders.runtimes import has_onnxruntime, has_torch, require_torch
from clipsorter.encoders.sources import ModelSource
from clipsorter.encoders.starter_files import find_carried_graphs
from clipsorter.errors import DeviceLostError
from clipsorter.values import Pixels

# Environment of the model libraries, each variable as its library documents it.
LIBRARY_SETTINGS = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ORT_DISABLE_TELEMETRY": "1",  # also set where this package is imported, for those who need no child
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "PYTORCH_ENABLE_MPS_FALLBACK": "1",  # what a Mac's graphics lack is done by its processor
    "HF_DEACTIVATE_ASYNC_LOAD": "1",  # else transformers loads weights with threads that outlive the loading
    "TOKENIZERS_PARALLELISM": "false",
}


DEVICE_LOST = 3  # exit status


class Inbox:
    """What the parent asked and nobody has worked on yet; texts first, since a person waits for those.

    A thread reads all the time, so the parent never blocks on a full pipe, and ends this process at once when the
    parent is gone: not even a batch at work is worth finishing then.
    """

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._texts: deque[TextsAsked] = deque()
        self._images: deque[tuple[ImagesAsked, Pixels]] = deque()
        self._arrived = threading.Condition()
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def take(self) -> TextsAsked | tuple[ImagesAsked, Pixels]:
        """The next request; waits for one. Any thread."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._texts or self._images)
            return self._texts.popleft() if self._texts else self._images.popleft()

    def take_texts(self) -> TextsAsked:
        """The next request for texts; waits for one. Any thread."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._texts)
            return self._texts.popleft()

    def take_images(self) -> tuple[ImagesAsked, Pixels]:
        """The next request for images; waits for one. Any thread."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._images)
            return self._images.popleft()

    def _read(self) -> None:
        try:
            while True:
                asked = self._pipe.recv()
                if isinstance(asked, ImagesAsked):
                    pixels = np.frombuffer(self._pipe.recv_bytes(), np.uint8).reshape(asked.shape)
                    self._put(self._images, (asked, pixels))
                else:
                    self._put(self._texts, asked)
        except (EOFError, OSError):
            pass  # the parent closed its end, or is gone
        finally:
            os._exit(0)

    def _put(self, queue: deque[Any], request: object) -> None:
        with self._arrived:
            queue.append(request)
            self._arrived.notify_all()


def serve(  # noqa: PLR0917 - the arguments of a process
    pipe: Connection,
    source: ModelSource,
    device: str,
    threads: int,
    graphs: Path | None = None,
    leaves_after_export: bool = False,
) -> None:
    """Load the model and answer until the parent closes its end; the entry point of the child.

    Torch, once imported, keeps a gigabyte. So a child that made the graphs of its model may say so and end.
    """
    settle_in()
    inbox = Inbox(pipe)
    try:
        encoder, has_exported = _load(source, device, threads, graphs)
        if has_exported and leaves_after_export:
            pipe.send(Exported())
            return
        loaded = Loaded(encoder.spec, encoder.device, encoder.batch_size, getattr(encoder, "siblings", ()))
    except DeviceLostError:
        os._exit(DEVICE_LOST)
    except Exception as error:
        pipe.send(describe(None, error, traceback.format_exc()))
        return
    outbox = Outbox(pipe)
    outbox.send(loaded)
    if getattr(encoder, "reads_meanwhile", False):
        # A batch of photos may take seconds: whoever searches does not wait for its end.
        threading.Thread(
            target=_answer_all, args=(encoder, inbox.take_texts, outbox), name="texts", daemon=True
        ).start()
        _answer_all(encoder, inbox.take_images, outbox)
    else:
        _answer_all(encoder, inbox.take, outbox)


class Outbox:
    """What this process says, by one thread at a time. Any thread."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def send(self, message: Loaded | Answered | Failed) -> None:
        """Raises OSError once the parent is gone."""
        with self._lock:
            self._pipe.send(message)


def _answer_all(
    encoder: Encoder, take: Callable[[], TextsAsked | tuple[ImagesAsked, Pixels]], outbox: Outbox
) -> NoReturn:
    while True:
        request = take()
        asked = request if isinstance(request, TextsAsked) else request[0]
        try:
            embeddings = (
                encoder.encode_texts(request.prompts)
                if isinstance(request, TextsAsked)
                else encoder.encode_images(request[1])
            )
        except DeviceLostError:
            # For this process it stays lost. The parent starts another, which may find it again, and asks that one.
            os._exit(DEVICE_LOST)
        except Exception as error:
            outbox.send(describe(asked.number, error, traceback.format_exc()))
        else:
            outbox.send(Answered(asked.number, embeddings, encoder.device))


def _load(source: ModelSource, device: str, threads: int, graphs: Path | None) -> tuple[Encoder, bool]:
    """By ONNX Runtime where the CPU works and graphs came along, lie in ``graphs`` or can be made; else by torch.

    Also says whether graphs were made just now.
    """
    if source.kind == "colour":
        return ColourEncoder(), False
    prepare_environment(threads)
    if not has_onnxruntime():
        graphs = None
    if (ready := _open_graphs(source, device, threads, graphs)) is not None:
        return ready, False
    require_torch()
    loaded: Encoder = _import("loading").load_encoder(source, device, threads)
    if graphs is None:
        return loaded, False
    encoder: Encoder = _import("onnx_export").replace_by_graphs(loaded, source, device, threads, graphs)
    return encoder, encoder is not loaded


def _open_graphs(source: ModelSource, device: str, threads: int, graphs: Path | None) -> Encoder | None:
    """By the starter's graphs that came along, where torch has no say, or by those made earlier; None: by neither."""
    encoder: Encoder | None = None
    carried = find_carried_graphs() if source.kind == "starter" else None
    if carried is not None and (device == "cpu" or (device == "auto" and not has_torch())):
        encoder = _import("onnx_encoder").open_carried(source, threads, carried)
    elif graphs is not None:
        encoder = _import("onnx_encoder").open_graphs(source, device, threads, graphs)
    return encoder


def _import(module: str) -> Any:
    """Only when it is needed: these load a runtime."""
    return importlib.import_module(f"clipsorter.encoders.{module}")


def prepare_environment(threads: int) -> None:
    """Tell the model libraries to stay offline and quiet. They read this at their import, so it has to come first."""
    os.environ.update(LIBRARY_SETTINGS, OMP_NUM_THREADS=str(threads))
    # open_clip warns that it starts from random weights: ours come a moment later.
    logging.basicConfig(level=logging.ERROR)
