"""What is installed, and what pyproject.toml would let in, against the list of published weaknesses."""

import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]


def read_advisories() -> list[tuple[str, str, Version]]:
    listed = tomllib.loads((ROOT / "packaging" / "advisories.toml").read_text("utf-8"))["advisory"]
    return [(str(canonicalize_name(one["package"])), one["id"], Version(one["fixed"])) for one in listed]


def unsafe(versions: dict[str, Version]) -> list[str]:
    """The advisories that hold for these versions, by package."""
    return [f"{name} {versions[name]}: {what}" for name, what, fixed in ADVISORIES if versions.get(name, fixed) < fixed]


ADVISORIES = read_advisories()
DIRECT = [
    Requirement(line) for line in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
]


def test_nothing_installed_is_known_to_be_unsafe() -> None:
    installed = {str(canonicalize_name(one.name)): Version(one.version) for one in distributions() if one.name}
    assert {"torch", "pillow", "transformers"} <= installed.keys()
    assert unsafe(installed) == []


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda one: one.name)
def test_no_floor_lets_in_a_version_known_to_be_unsafe(requirement: Requirement) -> None:
    name = canonicalize_name(requirement.name)
    below = [fixed for package, _, fixed in ADVISORIES if package == name]
    floors = [Version(one.version) for one in requirement.specifier if one.operator in {">=", "==", "~="}]
    assert floors, f"{name} has no floor"
    assert all(max(floors) >= fixed for fixed in below)


def test_the_check_can_fail() -> None:
    assert unsafe({"pillow": Version("9.0")})
