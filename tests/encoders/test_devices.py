"""Which device is chosen and in which precision, on machines that are pretended."""

from types import SimpleNamespace
from typing import Any

import pytest

from clipsorter.errors import ModelError


class Machine:
    """What torch says of a machine: CUDA cards with their capability, XPUs with their float16, an Apple GPU."""

    def __init__(
        self,
        cards: tuple[tuple[int, int], ...] = (),
        xpus: tuple[bool, ...] = (),
        *,
        mps: bool = False,
        broken: tuple[str, ...] = (),
    ) -> None:
        import torch  # noqa: PLC0415

        self.float16, self.float32 = torch.float16, torch.float32
        self._broken = broken
        self.cuda = SimpleNamespace(
            is_available=lambda: bool(cards),
            device_count=lambda: len(cards),
            get_device_capability=lambda kind: cards[_number(kind)],
            get_device_name=lambda kind: f"Card {_number(kind)}",
        )
        self.xpu = SimpleNamespace(
            is_available=lambda: bool(xpus),
            device_count=lambda: len(xpus),
            get_device_properties=lambda kind: SimpleNamespace(has_fp16=xpus[_number(kind)]),
            get_device_name=lambda kind: f"Arc {_number(kind)}",
        )
        self.backends = SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps))

    def ones(self, count: int, *, device: str) -> Any:
        if device in self._broken:
            raise RuntimeError("no kernel image is available for execution on the device")
        return SimpleNamespace(sum=lambda: SimpleNamespace(item=lambda: float(count)))


def _number(kind: str) -> int:
    return int(kind.partition(":")[2] or 0)


@pytest.fixture
def pretend(torch_here: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the machine one that is pretended; returns the module under test."""
    from clipsorter.encoders import devices  # noqa: PLC0415 - imports torch

    def be(machine: Machine) -> Any:
        monkeypatch.setattr(devices, "torch", machine)
        return devices

    return be


@pytest.mark.parametrize(
    ("machine", "name", "half"),
    [
        ({"cards": ((8, 9),)}, "Card 0", True),
        ({"cards": ((7, 0),)}, "Card 0", True),
        ({"cards": ((6, 1),)}, "Card 0", False),  # its float16 is a sixty-fourth as fast
        ({"xpus": (True,)}, "Arc 0", True),
        ({"xpus": (False,)}, "Arc 0", False),
        ({"mps": True}, "Apple GPU", False),
        ({"cards": ((8, 0),), "xpus": (True,), "mps": True}, "Card 0", True),
        ({"xpus": (True,), "mps": True}, "Apple GPU", False),
        ({"cards": ((9, 0),), "broken": ("cuda",), "xpus": (True,)}, "Arc 0", True),  # newer than its torch
    ],
)
def test_the_best_device_that_answers_works_in_the_precision_it_is_fast_in(
    machine: dict[str, Any], name: str, half: bool, pretend: Any
) -> None:
    pretended = Machine(**machine)
    device = pretend(pretended).choose_device("auto")
    assert device.name == name
    assert device.precision == (pretended.float16 if half else pretended.float32)
    assert not device.is_cpu


def test_a_card_can_be_chosen_by_its_number_and_a_missing_one_is_named(pretend: Any) -> None:
    devices = pretend(Machine(cards=((8, 0), (6, 0)), mps=True))
    assert [devices.choose_device(name).name for name in ("cuda:1", "mps")] == ["Card 1", "Apple GPU"]
    with pytest.raises(ModelError, match='"xpu" is not available here'):
        devices.choose_device("xpu")


def test_further_cards_are_those_that_answer(pretend: Any) -> None:
    devices = pretend(Machine(cards=((8, 0),) * 4, broken=("cuda:2",)))
    assert devices.list_siblings(devices.choose_device("auto")) == ("cuda:1", "cuda:3")
    assert devices.list_siblings(devices.choose_device("cuda:1")) == ("cuda:0", "cuda:3")
    assert devices.list_siblings(devices.describe_cpu()) == ()
    pair = pretend(Machine(xpus=(True, True)))
    assert pair.list_siblings(pair.choose_device("xpu")) == ("xpu:1",)
