"""An open_clip model built from a description in memory, without its weights. Child only: imports torch."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import open_clip

from clipsorter.encoders.quick_start import UndrawnWeights


def build_undrawn(
    name: str, config: dict[str, Any], preprocess: Mapping[str, Any] | None, *, quick_gelu: bool | None = None
) -> Any:
    """The model that ``config`` describes, its weights not drawn: every one has to be replaced.

    ``name`` is what open_clip calls it from now on, for ``open_clip.get_tokenizer`` too; it must not name a family.
    ``preprocess`` are open_clip's ``force_preprocess_cfg``; the activation is the description's unless it is told.
    Raises KeyError for a description without a part that open_clip needs, and whatever open_clip raises.
    """
    # It reads configurations from files only, at once; this one may hold a path of this machine.
    with tempfile.TemporaryDirectory(prefix="clipsorter-") as folder:
        file = Path(folder, f"{name}.json")
        file.write_text(json.dumps(config), "utf-8")
        open_clip.add_model_config(file)
    if open_clip.get_model_config(name) != config:
        raise KeyError("its description lacks embed_dim, vision_cfg or text_cfg")
    with UndrawnWeights():
        return open_clip.create_model(
            name,
            load_weights=False,
            pretrained_image=False,
            pretrained_text=False,
            force_preprocess_cfg=preprocess,
            **({} if quick_gelu is None else {"quick_gelu": quick_gelu}),
        )
