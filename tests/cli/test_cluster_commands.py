"""What the commands for a cluster print, and what they say where they cannot be used."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

HAS_CLUSTER = find_spec("ray") is not None


@pytest.mark.parametrize("option", [("--cluster", "local"), ("--shards", "shards")])
def test_where_to_work_and_where_to_write_belong_together(
    clipsorter: CommandLine, album: Path, option: tuple[str, str]
) -> None:
    outcome = clipsorter("index", album, *option)
    assert outcome.status == 2
    assert "--cluster and --shards belong together" in outcome.err


@pytest.mark.skipif(HAS_CLUSTER, reason="the optional part clipsorter[cluster] is installed")
@pytest.mark.parametrize("command", ["index", "import"])
def test_without_the_optional_part_it_is_named(clipsorter: CommandLine, album: Path, command: str) -> None:
    asked = (
        ("index", album, "--cluster", "local", "--shards", album) if command == "index" else ("import", album, album)
    )
    outcome = clipsorter(*asked)
    assert outcome.status == 2
    assert "clipsorter[cluster]" in outcome.err


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.skipif(not HAS_CLUSTER, reason="the optional part clipsorter[cluster] is not installed")
def test_what_a_cluster_found_is_imported_and_sorted(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    (album / "broken.jpg").write_bytes(b"no photo")
    shards = tmp_path / "shards"
    outcome = clipsorter("index", album, "--cluster", "local", "--shards", shards, "--json")
    assert outcome.status == 1
    assert outcome.lines[0]["file"] == "broken.jpg"
    assert outcome.lines[-1] == {"photos": 4, "embedded": 3, "failed": 1}
    outcome = clipsorter("import", shards, album, "--json")
    assert (outcome.status, outcome.lines) == (0, [{"photos": 4, "known": 0, "taken": 3, "left": 1}])
    outcome = clipsorter("index", album, "--json")
    assert (outcome.lines[-1]["embedded"], outcome.lines[-1]["unchanged"], outcome.lines[-1]["failed"]) == (0, 3, 1)
    outcome = clipsorter("import", tmp_path, album)
    assert outcome.status == 2
    assert "no finished shards" in outcome.err
