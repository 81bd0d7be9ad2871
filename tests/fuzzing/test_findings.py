"""What fuzzing found stays fixed, and a bounded hunt without atheris goes on in every test run."""

import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzzing.__main__ import FINDINGS
from tests.fuzzing.targets import TARGETS

KEPT = sorted(path for path in FINDINGS.glob("*/*") if path.is_file())
MUTATIONS = {"decode": 150, "archive": 150}  # the rest are quicker
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_stays_fixed(path: Path) -> None:
    TARGETS[path.parent.name].check(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_their_mutations_hold(name: str) -> None:
    target, chance = TARGETS[name], random.Random(name)
    seeds = target.seeds()
    for seed in seeds:
        target.check(seed)
    for _ in range(MUTATIONS.get(name, 600)):
        target.check(mutated(chance, chance.choice(seeds), seeds)[: target.longest])


def mutated(chance: random.Random, seed: bytes, others: list[bytes]) -> bytes:
    """A few bytes changed, cut, repeated, or taken from another seed."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(data) + 1), chance.randint(0, 12)
        match chance.randrange(5):
            case 0:
                data[at : at + length] = chance.randbytes(length)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length] * chance.choice([1, 2, 40])
            case 3:
                data[at : at + 1] = bytes([chance.choice(b"\0\xff\x80\"'<>&[]{}-:.,0\n")])
            case 4:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                data[at : at + length] = other[start : start + length]
    return bytes(data)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("atheris") is None, reason="needs the optional part fuzz")
def test_one_command_hunts_and_counts() -> None:
    command = [sys.executable, "-m", "tests.fuzzing", "--seconds", "3", "query"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    counted = int(done.stdout.partition("query: ")[2].split()[0])
    assert counted > 100
    assert done.stdout.endswith("0 findings\n")
