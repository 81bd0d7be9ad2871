"""The checks of ``checks`` as tests; the last one needs no card, so that the script itself cannot rot."""

from pathlib import Path

import numpy as np
import pytest

from clipsorter.values import Embeddings, Pixels
from tests.encoders.conftest import tiny_folder, torch_here

__all__ = ["tiny_folder", "torch_here"]


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


@pytest.mark.slow
def test_the_whole_script_can_be_rehearsed_without_a_card(
    torch_here: None, tiny_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.gpu.__main__ import REHEARSED, main  # noqa: PLC0415

    assert main([str(tiny_folder), "--rehearse"]) == 0
    said = capsys.readouterr().out
    assert f"{REHEARSED} of {REHEARSED} photos, cosine 1.000000, on CPU" in said
    assert said.count("of the slower part") == 2
    assert "rehearsal" in said
    assert "| " not in said  # no line for the table


def test_a_rehearsal_fails_where_a_lack_of_memory_confuses_photos(
    torch_here: None, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clipsorter.encoders.torch_encoder import TorchEncoder  # noqa: PLC0415
    from tests.gpu import __main__, checks  # noqa: PLC0415
    from tests.gpu.whole_runs import WholeRun  # noqa: PLC0415

    encode = TorchEncoder._encode_part

    def confuse(encoder: TorchEncoder, pixels: Pixels) -> Embeddings:
        rows = encode(encoder, pixels)
        return rows if encoder._most is None else rows[::-1]  # once memory has run out

    monkeypatch.setattr(TorchEncoder, "_encode_part", confuse)
    monkeypatch.setattr(__main__, "measure_whole_run", lambda *_, **__: WholeRun(1, 1, 1))
    scarce, plenty, _ = checks.run_out_of_memory(checks.find_source(str(tiny_folder)), "cpu", 16)
    assert (scarce * plenty).sum(axis=1).min() < checks.HALF
    assert __main__.main([str(tiny_folder), "--rehearse"]) == 1


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
