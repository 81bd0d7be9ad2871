"""A model source becomes an encoder, whichever kind it is."""

from pathlib import Path

from clipsorter.encoders.colour import ColourEncoder
from clipsorter.encoders.encoder import Encoder
from clipsorter.encoders.pool import ALL, EncoderPool
from clipsorter.encoders.process import EncoderProcess
from clipsorter.encoders.sources import ModelSource


def open_encoder(
    source: ModelSource, device: str = "auto", *, threads: int | None = None, graphs: Path | None = None
) -> Encoder:
    """The encoder of ``source``; returns at once.

    A model loads in a child process meanwhile (``EncoderProcess.ready`` tells). ``device`` is "auto", "cpu", "cuda",
    "cuda:1", "mps" or "xpu", several of them with commas between ("cuda:0,cuda:1"), or "all" for the best one and every
    other of its kind; ``threads`` is the number of CPU threads, None: one for each core.
    ``graphs`` is a folder of the data folder where ONNX graphs of models are kept for the CPU; None: torch does it.
    """
    if source.kind == "colour":
        return ColourEncoder()
    devices = [name.strip() for name in device.split(",") if name.strip()]
    encoder: EncoderProcess | EncoderPool
    if len(devices) > 1 or devices == [ALL]:
        encoder = EncoderPool(source, devices, threads=threads)
    else:
        encoder = EncoderProcess(source, device.strip(), threads=threads, graphs=graphs and graphs / source.encoder_id)
    encoder.start()
    return encoder
