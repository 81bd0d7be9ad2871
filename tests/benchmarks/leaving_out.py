"""How well ``-term`` leaves out: ``python -m tests.benchmarks.leaving_out ENCODED.npz ... [--pairs 60]``.

ENCODED comes from ``python -m tests.benchmarks.encoded``. Of what "a or b" finds for two of the labels, "-b" should
keep the photos of a and leave none of b. Compared are the shipped contrast and the subtraction of all and of half of b.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.prompts import unit_rows
from clipsorter.ranking.queries import parse_query, query_prompts, search
from tests.benchmarks.encoded import Encoded, read_encoded

Floats = NDArray[np.float32]


def compare(encoded: Encoded, pairs: int) -> None:
    """A line for each way: photos of a that are kept, photos of b that are left, mean over pairs that have both."""
    rng = np.random.default_rng(0)
    files = [str(row) for row in range(len(encoded.embeddings))]
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(pairs):
        one, other = rng.choice(len(encoded.words), 2, replace=False)
        a, b = encoded.words[[one, other]]
        both = _unit(a + b)
        everything = _hits('"both"', {"both": both}, b, encoded, files)
        wanted, unwanted = (everything & (encoded.labels == kind) for kind in (one, other))
        if wanted.any() and unwanted.any():
            for name, text, direction in (
                ("contrast (shipped)", '"both" -other', both),
                ("subtracting all of it", '"both"', _unit(both - b)),
                ("subtracting half of it", '"both"', _unit(both - 0.5 * b)),
            ):
                hit = _hits(text, {"both": direction}, b, encoded, files)
                found.setdefault(name, []).append((float(hit[wanted].mean()), float(hit[unwanted].mean())))
    for name, shares in found.items():
        kept, left = np.mean(shares, axis=0)
        print(
            f"{encoded.name}, {len(shares)} of {pairs} pairs, {name:<24} kept {kept:.2f}, left {left:.2f}", flush=True
        )


def _unit(row: Floats) -> Floats:
    units: Floats = unit_rows(row[None])[0]
    return units


def _hits(
    text: str, texts: Mapping[str, Floats], other: Floats, encoded: Encoded, files: list[str]
) -> NDArray[np.bool_]:
    query = parse_query(text)
    prompts = {prompt: texts.get(prompt, other) for prompt in query_prompts(query, ("en",))}
    found = search(encoded.embeddings, query, prompts, languages=("en",), background=encoded.reference, files=files)
    return found.hit


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoded", nargs="+", type=Path)
    parser.add_argument("--pairs", type=int, default=60)
    options = parser.parse_args()
    for encoded in map(read_encoded, options.encoded):
        compare(encoded, options.pairs)


if __name__ == "__main__":
    main()
