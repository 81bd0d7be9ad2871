"""The checks of ``checks`` as tests; the last one needs no card, so that the script itself cannot rot."""

import numpy as np
import pytest

from tests.encoders.conftest import torch_here

__all__ = ["torch_here"]


@pytest.fixture
def card(torch_here: None) -> str:
    """The first CUDA card; skips without one."""
    import torch  # noqa: PLC0415

    if not torch.cuda.is_available():
        pytest.skip("no CUDA card here")
    return "cuda:0"


@pytest.mark.gpu
def test_a_card_ranks_as_the_processor_does(card: str) -> None:
    from tests.gpu import checks  # noqa: PLC0415

    agreement = checks.compare_with_cpu(checks.find_source(), card)
    assert agreement.holds, agreement


@pytest.mark.gpu
def test_a_card_is_kept_busy(card: str) -> None:
    from tests.gpu import checks  # noqa: PLC0415

    rates = checks.measure_rates(checks.find_source(), card)
    assert rates.holds, rates


@pytest.mark.gpu
def test_a_card_is_kept_busy_by_a_whole_index_run(card: str) -> None:
    from tests.gpu import checks, whole_runs  # noqa: PLC0415

    run = whole_runs.measure_whole_run(checks.find_source(), card)
    assert run.holds, run


@pytest.mark.gpu
def test_a_card_without_memory_loses_no_photo(card: str) -> None:
    from tests.gpu import checks  # noqa: PLC0415

    scarce, plenty, _ = checks.run_out_of_memory(checks.find_source(), card)
    assert scarce.shape == plenty.shape
    assert (scarce * plenty).sum(axis=1).min() >= checks.HALF


def test_the_checks_themselves_work_without_a_card(torch_here: None) -> None:
    from tests.gpu import checks  # noqa: PLC0415
    from tests.gpu.__main__ import make_row  # noqa: PLC0415
    from tests.gpu.whole_runs import WholeRun, measure_whole_run  # noqa: PLC0415

    agreement = checks.compare_with_cpu(checks.find_source(), "cpu")
    assert agreement.holds
    assert agreement.first_places == 1.0
    rates, runs = checks.Rates(64, 1234.4, 1300), [WholeRun(90, 100, 80)]
    row = make_row(("Some card", "Some model"), agreement, rates, runs, "512 of 512")
    assert row == "| Some card | Some model | 1.000000 | 64 | 1,234 / 1,300 | 0.89 | 512 of 512 |"
    photos = checks.make_photos(32, 10)
    np.testing.assert_array_equal(photos, checks.make_photos(32, 10))
    assert len({photo.tobytes() for photo in photos}) == 10
    run = measure_whole_run(checks.find_source("colour"), "cpu", photos=16)
    assert min(run.decode, run.encode, run.index) > 0
    assert run.share == run.index / min(run.decode, run.encode)
