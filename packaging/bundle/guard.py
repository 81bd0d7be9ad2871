"""No bundle with GPU libraries by accident: they have several gigabytes, and people without such a card get nothing."""

import re
from collections.abc import Iterable

_GPU_LIBRARY = re.compile(
    r"(^|/)(lib)?(torch_cuda|torch_hip|torch_xpu|c10_cuda|c10_hip|caffe2_nvrtc|cudart|cudnn|cublas|nccl|onnxruntime_providers_cuda)"
    r"|(^|/)(nvidia|triton)/",
    re.IGNORECASE,
)
_GPU_VERSION = re.compile(r"\+(cu|rocm|xpu)\d*")


class GpuBuildError(SystemExit):
    """What was installed to be bundled is not the CPU build; the message says what to do."""


def refuse_gpu_build(torch_version: str, files: Iterable[str]) -> None:
    """Raise GpuBuildError for a torch of that version, or for files (their paths) that serve a graphics card."""
    library = next((file for file in files if _GPU_LIBRARY.search(file.replace("\\", "/"))), None)
    if library is None and not _GPU_VERSION.search(torch_version):
        return
    where = f" ({library})" if library else ""
    raise GpuBuildError(
        f"torch {torch_version} here has GPU libraries{where}: the bundle would have several gigabytes. "
        "Install the CPU build, which PyPI does not have for Linux: set "
        "PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu, remove the build environment, and build again."
    )
