"""What this machine can do, told without torch: whether there is a graphics card, and how fast its processor is."""

import platform
import sys
import time
from pathlib import Path

import numpy as np

from clipsorter.cores import count_cores

PROBE_SECONDS = 0.1
SHAPE = (768, 768, 3072)  # of the product that most of a ViT-B's time goes into
# What an image tower in ONNX Runtime reaches of the processor's peak, and how many GFLOP go by while a photo of 12
# megapixels is decoded (36 ms of a core of 102 GFLOP/s): docs/models.md, "Speed of a model".
SHARE_OF_TRANSFORMERS = 0.97
SHARE_OF_CONVOLUTIONS = 0.86
GFLOP_OF_DECODING = 3.7


def has_graphics_card() -> bool:
    """Whether a card that torch could use seems to be here; only for a recommendation, torch itself decides later."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    if sys.platform == "win32":
        return any(Path(r"C:\Windows\System32", name).exists() for name in ("nvcuda.dll", "amdhip64.dll"))
    return any(Path(device).exists() for device in ("/dev/nvidia0", "/dev/kfd"))


def name_processor() -> str:
    """The processor as a device, for people: "CPU (2 cores)"."""
    cores = count_cores()
    return f"CPU ({cores} core{'s' if cores > 1 else ''})"


def measure_processor() -> float:
    """Multiplications and additions of float32 that this processor does on all cores, in GFLOP per second.

    The quickest of several products counts: the first pays for starting threads, and others may compute meanwhile.
    """
    rows, inner, columns = SHAPE
    left, right = np.ones((rows, inner), np.float32), np.ones((inner, columns), np.float32)
    began = time.perf_counter()
    quickest = float("inf")
    while (start := time.perf_counter()) - began < PROBE_SECONDS:
        left @ right
        quickest = min(quickest, time.perf_counter() - start)
    return 2 * rows * inner * columns / quickest / 1e9


def estimate_rate(gflops: float, processor: float, *, is_convolutional: bool = False) -> float:
    """Photos of 12 megapixels per second, decoding included, on all cores together; an estimate, 0 if not known.

    ``processor`` is GFLOP/s of all cores, ``gflops`` what the image tower computes per photo.
    """
    share = SHARE_OF_CONVOLUTIONS if is_convolutional else SHARE_OF_TRANSFORMERS
    return processor / (gflops / share + GFLOP_OF_DECODING) if gflops > 0 else 0.0
