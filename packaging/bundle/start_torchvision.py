"""Runtime hook: torchvision without its compiled operators, which ClipSorter never calls and the bundle leaves out.

torchvision's Python part refuses to be imported unless torch knows two operators' signatures. They are declared when,
and only when, a process asks for torchvision: the window never does, and must not pay for torch.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

SIGNATURES = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)

os.environ["PYTORCH_JIT"] = "0"  # scripted functions would want their source


class _Declaring:
    """Finds nothing; it is asked first, and that is the moment to declare."""

    library: object = None  # torch forgets the operators when this goes

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "torchvision" and cls.library is None:
            library = importlib.import_module("torch.library").Library("torchvision", "DEF")
            for signature in SIGNATURES:
                library.define(signature)
            cls.library = library
        return None


sys.meta_path.insert(0, _Declaring)
