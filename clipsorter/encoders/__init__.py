"""Pixels and words become embeddings.

A model's name is resolved to files on this machine (``sources``, which asks ``known_models`` what open_clip could
load, ``families`` what a folder's description says, and ``starter_files`` where the embedded model's parts lie),
without torch and without network. ``open_encoder`` makes an ``Encoder`` of it: an ``EncoderProcess``, whose child
(``child``; ``messages`` is what the two say to each other) loads the files (``loading``, after a first look by
``safetensors_header``; ``quick_start`` saves what a library does in vain, ``starter`` assembles the embedded model)
into a ``TorchEncoder`` (``open_clip_encoder`` or ``transformers_encoder``, after the library that built the model) and
answers batches of pixels and prompts with L2-normalised numpy arrays. On the CPU the torch model is exported once to
ONNX graphs (``onnx_export``; ``onnx_graphs`` says which belong to what), and every later start is an
``onnx_encoder``, without torch. The parent never imports torch. An ``EncoderPool`` is several such processes, one per
device, and ``batches`` finds how many photos suit a device at once. ``verification`` compares a model's numbers with
its own library's (``reference``) and with vectors kept before. ``colour`` is the shipped double: a tiny encoder that
knows only colours. ``lexicon`` says Chinese prompts in English for models without Chinese, ``offers`` finds a model
that reads what the present one does not.

Other models are listed in the ``catalogue`` and come through ``hub``, the only place with a network, and only when a
person asks; ``installed`` keeps what came and compares it with its manifest at each use.
"""

import os

# ONNX Runtime 1.32 and later tell Microsoft about every start unless this is set before the library is loaded, whoever
# loads it: name and version of the program, the machine, an identifier kept in ~/.cache/Microsoft.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
