"""Print the figures of a card, and last the line for the table in docs/measurements.md.

python -m tests.gpu [MODEL] [DEVICE]
"""

import sys

import torch

from tests.gpu import checks


def main(name: str = "starter", device: str = "cuda:0") -> int:
    """0 when every check holds, 1 when one does not, 2 without a card."""
    if not torch.cuda.is_available():
        print("No card that torch can use was found; nothing was checked.")
        return 2
    source = checks.find_source(name)
    agreement = checks.compare_with_cpu(source, device)
    rates = checks.measure_rates(source, device)
    scarce, plenty, ended_on = checks.run_out_of_memory(source, device)
    lowest = float((scarce * plenty).sum(axis=1).min())
    card = f"{torch.cuda.get_device_name(device)}, torch {torch.__version__}"
    print(f"card                        {card}")
    print(f"model                       {source.name}")
    print(f"lowest cosine, photos       {agreement.images:.6f}")
    print(f"lowest cosine, prompts      {agreement.texts:.6f}")
    print(f"same best photo             {agreement.first_places:.0%} of the prompts")
    print(f"batch size                  {rates.batch_size}")
    print(f"photos per second           {rates.ours:,.0f}, bare forward pass {rates.bare:,.0f}")
    print(f"without memory              {len(scarce)} of {len(plenty)} photos, cosine {lowest:.6f}, on {ended_on}")
    print(make_row(card, source.name, agreement, rates, f"{len(scarce)} of {len(plenty)}, {lowest:.6f}, on {ended_on}"))
    return 0 if agreement.holds and rates.holds and lowest >= checks.HALF else 1


def make_row(card: str, model: str, agreement: checks.Agreement, rates: checks.Rates, scarce: str) -> str:
    """A line of the table of cards."""
    lowest = min(agreement.images, agreement.texts)
    photos = f"{rates.ours:,.0f} / {rates.bare:,.0f}"
    return f"| {card} | {model} | {lowest:.6f} | {rates.batch_size} | {photos} | {scarce} |"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
