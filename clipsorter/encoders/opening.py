"""A model source becomes an encoder, whichever kind it is."""

from clipsorter.encoders.colour import ColourEncoder
from clipsorter.encoders.encoder import Encoder
from clipsorter.encoders.process import EncoderProcess
from clipsorter.encoders.sources import ModelSource


def open_encoder(source: ModelSource, device: str = "auto", *, threads: int | None = None) -> Encoder:
    """The encoder of ``source``; returns at once.

    A model loads in a child process meanwhile (``EncoderProcess.ready`` tells). ``device`` is "auto", "cpu", "cuda",
    "cuda:1", "mps" or "xpu"; ``threads`` is the number of CPU threads, None: all cores but one.
    """
    if source.kind == "colour":
        return ColourEncoder()
    encoder = EncoderProcess(source, device, threads=threads)
    encoder.start()
    return encoder
