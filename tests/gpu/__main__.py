"""Print the figures of a card, and last the line for the table in docs/measurements.md.

python -m tests.gpu [MODEL] [DEVICE] [--rehearse]
"""

import argparse
import sys
from collections.abc import Sequence

import torch

from tests.gpu import checks
from tests.gpu.whole_runs import PHOTOS, WholeRun, measure_whole_run

REHEARSED = 16  # photos of each part of a rehearsal
REHEARSED_SECONDS = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every check holds, 1 when one does not, 2 without a card.

    A rehearsal goes the same way on the processor with few photos; of its rates nothing is asked.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.gpu", description="Check a CUDA card.")
    parser.add_argument("model", nargs="?", default="starter")
    parser.add_argument("device", nargs="?", default="cuda:0")
    parser.add_argument(
        "--rehearse", action="store_true", help="go through all checks on the processor, without a card"
    )
    asked = parser.parse_args(arguments)
    if not asked.rehearse and not torch.cuda.is_available():
        print("No card that torch can use was found; nothing was checked.")
        return 2
    device = "cpu" if asked.rehearse else asked.device
    photos, seconds = (REHEARSED, REHEARSED_SECONDS) if asked.rehearse else (PHOTOS, checks.SECONDS)
    source = checks.find_source(asked.model)
    agreement = checks.compare_with_cpu(source, device)
    rates = checks.measure_rates(source, device, seconds)
    scarce, plenty, ended_on = checks.run_out_of_memory(source, device, min(photos, checks.PHOTOS))
    lowest = float((scarce * plenty).sum(axis=1).min())
    runs = {size: measure_whole_run(source, device, size=size, photos=photos) for size in ("large", "small")}
    card = "a rehearsal, no card" if asked.rehearse else torch.cuda.get_device_name(device)
    card += f", torch {torch.__version__}"
    print(f"card                        {card}")
    print(f"model                       {source.name}")
    print(f"lowest cosine, photos       {agreement.images:.6f}")
    print(f"lowest cosine, prompts      {agreement.texts:.6f}")
    print(f"same best photo             {agreement.first_places:.0%} of the prompts")
    print(f"batch size                  {rates.batch_size}")
    print(f"photos per second           {rates.ours:,.0f}, bare forward pass {rates.bare:,.0f}")
    print(f"without memory              {len(scarce)} of {len(plenty)} photos, cosine {lowest:.6f}, on {ended_on}")
    for size, run in runs.items():
        parts = f"decoding alone {run.decode:,.0f}, encoding alone {run.encode:,.0f}"
        print(f"index run, {size:<16} {run.index:,.0f} photos per second ({run.share:.0%} of the slower part): {parts}")
    same = agreement.holds and len(scarce) == len(plenty) and lowest >= checks.HALF
    if asked.rehearse:
        print("This was a rehearsal: its rates say nothing of any card.")
        return 0 if same else 1
    without = f"{len(scarce)} of {len(plenty)}, {lowest:.6f}, on {ended_on}"
    print(make_row((card, source.name), agreement, rates, list(runs.values()), without))
    return 0 if same and rates.holds and all(run.holds for run in runs.values()) else 1


def make_row(
    names: tuple[str, str], agreement: checks.Agreement, rates: checks.Rates, runs: Sequence[WholeRun], scarce: str
) -> str:
    """A line of the table of cards; ``names`` are those of the card and the model."""
    card, model = names
    lowest = min(agreement.images, agreement.texts)
    photos = f"{rates.ours:,.0f} / {rates.bare:,.0f}"
    shares = ", ".join(f"{run.share:.2f}" for run in runs)
    return f"| {card} | {model} | {lowest:.6f} | {rates.batch_size} | {photos} | {shares} | {scarce} |"


if __name__ == "__main__":
    sys.exit(main())
