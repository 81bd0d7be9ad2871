"""What the bundle leaves out, and why it can."""

import re

# Packages that others would use if they were there; nothing ClipSorter does needs them.
EXCLUDED_MODULES = [
    "IPython", "matplotlib", "pandas", "pytest", "tkinter", "tensorboard",  # for development
    "scipy", "sklearn", "sentence_transformers",  # come with the sentence encoder's package, which is only read
    "triton", "cuda",  # for graphics cards
    "pip", "setuptools", "wheel", "pkg_resources",
    "torch.utils.tensorboard", "torch.utils.benchmark", "caffe2",
    "PIL.ImageQt", "PIL.ImageTk",
    "onnxscript", "onnx.reference", "onnx.backend",  # torch's tracing exporter takes from onnx what reads a graph
    "hf_xet",  # speeds up downloads that ClipSorter does itself
    "pillow_heif",  # its wheels hold GPL code (x265)
]  # fmt: skip

# Distributions whose version is asked for at run time, by transformers or by `clipsorter doctor`.
METADATA = (
    "clipsorter", "torch", "torchvision", "open_clip_torch", "timm", "transformers", "numpy", "pillow",
    "PySide6_Essentials", "sqlite-utils", "tqdm", "regex", "packaging", "filelock", "huggingface_hub", "safetensors",
    "tokenizers", "pyyaml", "onnxruntime", "onnx",
)  # fmt: skip

# The text towers of open_clip's architectures, and what transformers itself loads for any of them.
TRANSFORMERS_MODELS = ("auto", "bert", "encoder_decoder", "roberta", "xlm_roberta", "t5", "mt5", "clip", "align")

_UNWANTED_FILES = re.compile(
    r"""
    ^torch/(include|share|test|utils/benchmark|_inductor/fx_passes/serialized_patterns)/
    | ^torch/testing/_internal/(?!__init__|common_dtype|logging_tensor|distributed/(__init__|fake_pg))
    | ^torch/lib/(libtorchbind_test|libbackend_with_compiler|libjitbackend_test|libaoti_custom_ops)\.so$
    | ^torchvision/(_C|image|libs|prototype) | ^torchvision\.libs/
    # the library for C programs; Python's has all of it inside
    | ^onnxruntime/capi/libonnxruntime\.
    | \.(a|lib|h|hpp|cuh|pyi|cmake|pc|whl)$
    | (^|/)tests?/.*\.pyc?$
    | ^transformers/models/(?!__init__|(auto|bert|encoder_decoder|roberta|xlm_roberta|t5|mt5|clip|align)/)
    | ^PySide6/Qt/plugins/(designer|egldeviceintegrations|generic|networkinformation|qmllint|qmltooling|printsupport|
        sqldrivers|tls|vectorimageformats|wayland-graphics-integration-server)/
    | ^PySide6/Qt/plugins/imageformats/(?!(lib)?q(jpeg|svg|webp|tiff|gif)\b)
    | ^PySide6/Qt/plugins/platforms/libq(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc)\.so$
    | ^PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboard
    # GTK's look, with all of GTK behind it; the window has its own
    | ^PySide6/Qt/plugins/platformthemes/libqgtk3
    | ^lib(gtk-3|gdk-3|gdk_pixbuf|atk|atspi|cairo|pango|epoxy|harfbuzz|fribidi|graphite2|thai|datrie)\b
    | ^PySide6/Qt/qml/
    | ^PySide6/Qt/translations/(?!qtbase_zh_CN\.qm$)
    | ^PySide6/Qt(Qml|Quick|Sql|Test|Designer|Help|Xml|PrintSupport|Concurrent|UiTools|OpenGL)\w*\.abi3
    | ^PySide6/Qt/lib/libQt6(Qml|Quick|Pdf|Sql|Test|VirtualKeyboard|EglFs)
    """,
    re.VERBOSE,
)
_UNWANTED_MODULES = re.compile(
    r"""
    ^torch\.utils\.(benchmark|tensorboard|viz)
    # torch's own test helpers, save the four that it imports itself
    | ^torch\.testing\._internal\.(?!common_dtype|logging_tensor|distributed$|distributed\.fake_pg)
    | ^torchvision\.prototype
    | ^onnxruntime\.(backend|datasets|quantization|tools|transformers)(\.|$)
    | ^transformers\.models\.(?!(auto|bert|encoder_decoder|roberta|xlm_roberta|t5|mt5|clip|align)(\.|$))
    | ^(sympy|mpmath|networkx|numpy)\.(.+\.)?tests(\.|$)
    """,
    re.VERBOSE,
)


def is_wanted(name: str, *, is_module: bool) -> bool:
    """Whether a file (with / between folders) or a module of PyInstaller's lists goes into the bundle."""
    pattern = _UNWANTED_MODULES if is_module else _UNWANTED_FILES
    return pattern.search(name if is_module else name.replace("\\", "/")) is None
