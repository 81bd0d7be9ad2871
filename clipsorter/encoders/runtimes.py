"""What this installation can run models with: ONNX Runtime alone, or PyTorch too.

The app that people install carries the starter model as ONNX graphs and leaves PyTorch out, which would triple its
size. A look at what lies here; nothing is imported.
"""

from importlib.util import find_spec

from clipsorter.errors import NeedsTorchError

TORCH = ("torch", "open_clip", "transformers")  # none of them is of use without the others
WITHOUT_TORCH = (
    "This installation has only the starter model and the processor: it comes without PyTorch, which other models and "
    "graphics cards need. Install ClipSorter with pip to use them; your library stays as it is."
)


def has_torch() -> bool:
    """Whether models other than the starter, and other devices than the processor, could be used here."""
    return all(find_spec(package) is not None for package in TORCH)


def has_onnxruntime() -> bool:
    """Whether graphs can be run here."""
    return find_spec("onnxruntime") is not None


def require_torch() -> None:
    """Raise NeedsTorchError where PyTorch is left out."""
    if not has_torch():
        raise NeedsTorchError(WITHOUT_TORCH)
