"""No bundle with torch by accident: it would have hundreds of megabytes, with GPU libraries several gigabytes."""

import re
from collections.abc import Iterable

_STRANGERS = {
    "torch", "torchvision", "functorch", "open_clip", "transformers", "timm", "triton", "nvidia", "onnx", "sympy",
}  # fmt: skip
_LIBRARY = re.compile(
    r"(lib)?(torch|c10|caffe2|cudart|cudnn|cublas|cufft|nccl|onnxruntime_providers_(cuda|tensorrt))"
    r"[^/]*\.(so|dll|dylib)[.\d]*",
    re.IGNORECASE,
)


class TorchError(SystemExit):
    """What would be bundled holds torch or libraries for graphics cards; the message says which."""


def refuse_torch(modules: Iterable[str], files: Iterable[str]) -> None:
    """Raise TorchError where a module (dotted) or file (path) belongs to torch or serves a graphics card."""
    for name in modules:
        if name.partition(".")[0] in _STRANGERS:
            raise TorchError(_say(name))
    for path in files:
        first, *rest = path.replace("\\", "/").split("/")
        if first in _STRANGERS or _LIBRARY.fullmatch([first, *rest][-1]):
            raise TorchError(_say(path))


def _say(name: str) -> str:
    return f'The bundle would hold "{name}"; packaging/bundle/contents.py says what is left out.'
