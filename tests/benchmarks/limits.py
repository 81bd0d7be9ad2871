"""What this machine can do at all: arithmetic and memory, on one core."""

import time
from collections.abc import Iterator

import numpy as np

from tests.benchmarks.figures import Figure, processor_seconds

SIDE = 1024


def gemm_peak(rounds: int) -> float:
    """Multiplications and additions per second of a float32 matrix product; one BLAS thread as set by ``__main__``."""
    one = np.random.default_rng(0).standard_normal((SIDE, SIDE), dtype=np.float32)
    product = np.empty_like(one)
    return 2 * SIDE**3 / min(processor_seconds(lambda: np.matmul(one, one, out=product)) for _ in range(rounds))


def measure(*, quick: bool) -> Iterator[Figure]:
    """GEMM peak in float32 and the rate at which memory is copied."""
    rounds = 5 if quick else 20
    best = gemm_peak(rounds)
    yield Figure("float32 GEMM peak, one core", best / 1e9, "GFLOP/s", rounds, "best, numpy 1024^3")
    source = np.zeros(256 * 2**20, np.uint8) + 1
    target = np.empty_like(source)
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        np.copyto(target, source)
        taken.append(time.perf_counter() - began)
    yield Figure(
        "memory, read and written", 2 * source.nbytes / min(taken) / 1e9, "GB/s", rounds, "best, copy of 256 MiB"
    )
