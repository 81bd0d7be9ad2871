"""torchvision beside a torch that its compiled operators were not built for: open_clip asks for it, and calls none.

PyPI's torchvision belongs to the CUDA build of torch. Beside the CPU build its operators cannot be loaded, and its
Python part refuses to be imported until torch knows the signatures of two of them.
"""

import importlib
import sys

SIGNATURES = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_libraries: list[object] = []  # torch forgets the operators when these go


def import_torchvision() -> None:
    """Import it, with its own operators where they can be loaded, else with two declared ones."""
    try:
        importlib.import_module("torchvision")
    except RuntimeError:  # "operator torchvision::nms does not exist"
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = importlib.import_module("torch.library").Library("torchvision", "DEF")
        for signature in SIGNATURES:
            library.define(signature)
        _libraries.append(library)
        importlib.import_module("torchvision")
