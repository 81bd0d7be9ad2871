"""What this machine can do, told without torch: whether there is a graphics card, and how fast its processor is."""

import platform
import sys
import time
from pathlib import Path

import numpy as np

from clipsorter.cores import count_cores

PROBE_SECONDS = 0.1
SHAPE = (768, 768, 3072)  # of the product that most of a ViT-B's time goes into
# What an image tower reaches of the probe's rate, one thread each: docs/measurements.md, "Speed of a model".
SHARE_OF_TRANSFORMERS = 0.77
SHARE_OF_CONVOLUTIONS = 0.24


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
    """Multiplications and additions of float32 this processor does now, in GFLOP per second."""
    rows, inner, columns = SHAPE
    left, right = np.ones((rows, inner), np.float32), np.ones((inner, columns), np.float32)
    began = time.perf_counter()
    rounds = 0
    while (seconds := time.perf_counter() - began) < PROBE_SECONDS:
        left @ right
        rounds += 1
    return rounds * 2 * rows * inner * columns / seconds / 1e9


def estimate_rate(gflops: float, processor: float, *, is_convolutional: bool = False) -> float:
    """Photos per second on a processor of ``processor`` GFLOP/s for an image tower of ``gflops``; an estimate."""
    share = SHARE_OF_CONVOLUTIONS if is_convolutional else SHARE_OF_TRANSFORMERS
    return share * processor / gflops if gflops > 0 else 0.0
