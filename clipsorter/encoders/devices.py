"""Which device works, and what it is called. Child only: imports torch."""

from dataclasses import dataclass

import torch

from clipsorter.encoders.hardware import name_processor
from clipsorter.errors import ModelError

ORDER = ("cuda", "mps", "xpu")  # then the CPU


@dataclass(frozen=True, slots=True)
class Device:
    """A device torch can compute on."""

    torch_name: str  # "cuda:0", "mps", "xpu", "cpu"
    name: str  # for people
    precision: torch.dtype  # float16 or bfloat16 only where the hardware has it

    @property
    def is_cpu(self) -> bool:
        """True for the last resort."""
        return self.torch_name == "cpu"


def choose_device(preferred: str = "auto") -> Device:
    """The best device that answers, or exactly ``preferred``; raises ModelError when that one is not here."""
    if preferred == "auto":
        return next((device for kind in ORDER if (device := _try_device(kind))), describe_cpu())
    if preferred == "cpu":
        return describe_cpu()
    device = _try_device(preferred) if preferred.partition(":")[0] in ORDER else None
    if device is None:
        raise ModelError(f'The device "{preferred}" is not available here; choose "auto" or "cpu".')
    return device


def describe_cpu() -> Device:
    """The CPU; always float32, bf16 without bf16 hardware is 7 to 50 times slower."""
    return Device("cpu", name_processor(), torch.float32)


def list_siblings(device: Device) -> tuple[str, ...]:
    """Other devices of the same kind that answer, by torch's names: further graphics cards."""
    family, _, number = device.torch_name.partition(":")
    if family not in {"cuda", "xpu"}:
        return ()
    count = getattr(torch, family).device_count()
    names = [f"{family}:{other}" for other in range(count) if other != int(number or 0)]
    return tuple(name for name in names if _try_device(name))


def _try_device(kind: str) -> Device | None:
    """None unless a first tiny computation works: a driver may be present and still refuse this torch."""
    family = kind.partition(":")[0]
    backend = torch.backends.mps if family == "mps" else getattr(torch, family)
    try:
        if not backend.is_available() or torch.ones(2, device=kind).sum().item() != 2:
            return None
        if family == "cuda":
            # Tensor cores, and with them float16 at twice the rate, came with 7.0 (Volta).
            fast_half = torch.cuda.get_device_capability(kind) >= (7, 0)
            return Device(kind, torch.cuda.get_device_name(kind), torch.float16 if fast_half else torch.float32)
        if family == "xpu":
            fast_half = bool(getattr(torch.xpu.get_device_properties(kind), "has_fp16", False))
            return Device(kind, torch.xpu.get_device_name(kind), torch.float16 if fast_half else torch.float32)
        return Device(kind, "Apple GPU", torch.float32)  # float16 saves little there and is less exact
    except (RuntimeError, AssertionError, ValueError):
        return None
