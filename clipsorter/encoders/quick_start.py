"""Building a model whose weights are about to be replaced: nothing is drawn by lot, nothing is copied. Child only.

A library draws every weight at random before it reads the real ones, which takes most of the time of loading. Here the
drawing is skipped, and the tensors of the file, which are mapped into memory, become the weights themselves. Buffers
that a model computes (attention masks, positions) are computed as ever.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

_DRAWN = {Tensor.normal_, Tensor.uniform_, Tensor.erfinv_}  # in place, outside of torch.nn.init
_MADE = {torch.randn, torch.rand}


class UndrawnWeights(TorchFunctionMode):
    """While it is entered, a new module's weights hold whatever memory holds; every one has to be replaced.

    ViT-B-32 is built in 0.02 s instead of 0.6 s.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = kwargs or {}
        if func in _MADE:
            return torch.empty(*args, **given)
        if func in _DRAWN or (getattr(func, "__module__", "") == "torch.nn.init" and func.__name__.endswith("_")):
            return given["tensor"] if "tensor" in given else args[0]
        return func(*args, **given)


@contextmanager
def taking_tensors(model: nn.Module) -> Iterator[None]:
    """While it is entered, ``model.load_state_dict`` takes the tensors it is given instead of copying them.

    Afterwards all of them are float32: an older file may hold halves.
    """
    model.load_state_dict = partial(model.load_state_dict, assign=True)  # type: ignore[method-assign]
    try:
        yield
    finally:
        del model.load_state_dict
    model.float()
