"""A card that stops answering, or has no room for a model: no photo is lost."""

import os
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from clipsorter.encoders import process
from clipsorter.encoders.child import serve
from clipsorter.encoders.colour import SIDE, ColourEncoder
from clipsorter.encoders.process import EncoderProcess
from clipsorter.encoders.sources import ModelSource, find_model
from clipsorter.errors import DeviceLostError, EncoderDiedError
from clipsorter.values import Embeddings, Pixels
from tests.encoders.test_open_clip_encoder import PHOTOS, pretended, tiny

if TYPE_CHECKING:
    from clipsorter.encoders.open_clip_encoder import OpenClipEncoder

__all__ = ["pretended", "tiny"]

LOSSES = "CLIPSORTER_TEST_LOSSES"  # a file with as many bytes as cards are still to be lost


def serve_with_losses(pipe: Connection, source: ModelSource, *others: Any) -> None:
    """The child's life, on a card that is lost over photos."""
    embed = ColourEncoder.encode_images

    def lose(encoder: ColourEncoder, pixels: Pixels) -> Embeddings:
        left = Path(os.environ[LOSSES])
        if content := left.read_bytes():
            left.write_bytes(content[1:])
            raise DeviceLostError("The graphics card has stopped answering.")
        return embed(encoder, pixels)

    ColourEncoder.encode_images = lose  # type: ignore[method-assign]
    serve(pipe, source, *others)


@pytest.mark.parametrize("losses", [1, 2])
def test_another_process_finds_a_lost_card_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, losses: int) -> None:
    photos = np.random.default_rng(0).integers(0, 256, (3, SIDE, SIDE, 3), np.uint8)
    (tmp_path / "losses").write_bytes(b"x" * losses)
    monkeypatch.setenv(LOSSES, str(tmp_path / "losses"))
    monkeypatch.setattr(process, "serve", serve_with_losses)
    monkeypatch.syspath_prepend(Path(__file__).parents[2])  # the child imports this file
    encoder = EncoderProcess(find_model("colour", tmp_path), "cpu", threads=1)
    try:
        answer = encoder.submit_images(photos)
        if losses > 1:  # twice over the same photos: perhaps it is they
            with pytest.raises(EncoderDiedError, match="twice while working"):
                answer()
            answer = encoder.submit_images(photos)
        np.testing.assert_array_equal(answer(), ColourEncoder().encode_images(photos))
    finally:
        encoder.close()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("AcceleratorError", "CUDA error: device-side assert triggered"),
        ("AcceleratorError", "CUDA error: unspecified launch failure"),
        ("RuntimeError", "level_zero backend failed with error: 20 (UR_RESULT_ERROR_DEVICE_LOST)"),
    ],
)
def test_a_card_that_is_lost_is_told_from_a_bug(
    pretended: "OpenClipEncoder", monkeypatch: pytest.MonkeyPatch, kind: str, words: str
) -> None:
    import torch  # noqa: PLC0415 - after torch_here

    def fail(_batch: object) -> object:
        raise getattr(torch, kind, RuntimeError)(words)

    monkeypatch.setattr(pretended._model, "encode_image", fail)
    with pytest.raises(DeviceLostError, match="stopped answering"):
        pretended.encode_images(PHOTOS)
    with pytest.raises(DeviceLostError):
        _ = pretended.batch_size


@pytest.mark.parametrize(
    "words",
    [
        "CUDA error: out of memory",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "Invalid buffer size: 19.45 GB",
        "MPS backend out of memory (MPS allocated: 17.99 GB)",
        "Native API failed. Native API returns: 39 (UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY)",
    ],
)
def test_every_way_to_say_that_memory_is_short_is_understood(
    pretended: "OpenClipEncoder", tiny: "OpenClipEncoder", monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    encode = pretended._model.encode_image

    def fail_on_more_than_two(batch: Any) -> object:
        if len(batch) > 2:
            raise RuntimeError(words)
        return encode(batch)

    monkeypatch.setattr(pretended._model, "encode_image", fail_on_more_than_two)
    np.testing.assert_allclose(pretended.encode_images(PHOTOS), tiny.encode_images(PHOTOS), atol=1e-5)
    assert pretended.device == "Pretended card"


def test_a_model_too_large_for_the_card_works_on_the_processor(
    pretended: "OpenClipEncoder", tiny: "OpenClipEncoder", monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch  # noqa: PLC0415 - after torch_here

    from clipsorter.encoders.torch_encoder import TorchEncoder  # noqa: PLC0415

    move = torch.nn.Module.to

    def refuse(module: torch.nn.Module, *where: Any, **more: Any) -> torch.nn.Module:
        if where[:1] == ("cpu:0",):  # the pretended card
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return move(module, *where, **more)

    monkeypatch.setattr(torch.nn.Module, "to", refuse)
    device = pretended._device
    TorchEncoder.__init__(pretended, pretended.spec, pretended._model, device)
    assert pretended.on_cpu
    np.testing.assert_allclose(pretended.encode_images(PHOTOS), tiny.encode_images(PHOTOS), atol=1e-5)
