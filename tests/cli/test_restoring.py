"""A damaged library is said, its copy restored on request, and nothing is lost on the way."""

from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine


@pytest.fixture
def damaged(clipsorter: CommandLine, tmp_path: Path) -> Path:
    library = tmp_path / "data" / "library.db"
    (tmp_path / "mine.toml").write_text('[[category]]\nname = "red"\n')
    assert clipsorter("categories", "import", tmp_path / "mine.toml").status == 0
    assert "red" in clipsorter("categories", "list").out  # the day's first opening with something in it
    library.write_bytes(b"not a database any more")
    return library


def test_a_damaged_library_is_restored_when_asked(clipsorter: CommandLine, damaged: Path) -> None:
    refused = clipsorter("categories", "list")
    assert refused.status == 2
    assert "clipsorter recover --library" in refused.err
    restored = clipsorter("recover", "--library", "--json")
    assert (restored.status, Path(restored.lines[0]["restored"]).parent.name) == (0, "snapshots")
    assert "red" in clipsorter("categories", "list").out
    (kept,) = damaged.parent.glob("library.db.damaged-*")
    assert kept.read_bytes() == b"not a database any more"


def test_a_sound_library_is_never_replaced_by_its_copy(clipsorter: CommandLine, damaged: Path) -> None:
    clipsorter("recover", "--library")
    refused = clipsorter("recover", "--library")
    assert (refused.status, "not damaged" in refused.err) == (2, True)
    assert "red" in clipsorter("categories", "list").out
    assert len(list(damaged.parent.glob("library.db.damaged-*"))) == 1


def test_without_a_copy_it_is_said(clipsorter: CommandLine, damaged: Path) -> None:
    for snapshot in (damaged.parent / "snapshots").iterdir():
        snapshot.unlink()
    assert "there is no copy" in clipsorter("categories", "list").err
    assert "no readable copy" in clipsorter("recover", "--library").err
    assert damaged.read_bytes() == b"not a database any more"
