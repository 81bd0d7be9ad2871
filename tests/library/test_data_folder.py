import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from clipsorter.errors import StoreBusyError, StoreError
from clipsorter.library.data_folder import DataFolder
from clipsorter.library.default_folder import default_data_folder

HOLD = """
import sys
from pathlib import Path
from clipsorter.library.data_folder import DataFolder
DataFolder(Path(sys.argv[1])).open()
print("locked", flush=True)
sys.stdin.read()
"""


def test_the_default_folder_bears_our_name() -> None:
    assert default_data_folder().name == "ClipSorter"


@pytest.mark.skipif(os.name == "nt", reason="Windows folders have no mode")
def test_a_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "above" / "data") as data:
        assert stat.S_IMODE(data.path.stat().st_mode) == 0o700


def test_everything_lies_inside_the_folder(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    places = [data.cache_path, data.library_path, data.models_path, data.settings_path, data.mirror_path("../../a/b")]
    assert all(place.resolve().is_relative_to(tmp_path / "data") for place in places)
    assert len(set(places)) == 5
    assert data.mirror_path("a") != data.mirror_path("A")


def test_a_file_in_its_place_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(StoreError, match="is a file, not a folder"):
        DataFolder(tmp_path / "data").open()
    with pytest.raises(StoreError, match="is a file, not a folder"):
        DataFolder(tmp_path / "data" / "below").open()
    assert (tmp_path / "data").read_text() == "not a folder"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder even root cannot write to")
def test_a_read_only_folder_is_refused_in_one_sentence() -> None:
    with pytest.raises(StoreError, match="cannot write to its data folder"):
        DataFolder(Path("/proc/self")).open()


def test_a_second_one_in_the_same_process_is_busy(tmp_path: Path) -> None:
    with DataFolder(tmp_path), pytest.raises(StoreBusyError):
        DataFolder(tmp_path).open()
    with DataFolder(tmp_path):
        pass


def test_opening_and_closing_twice_is_once(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    data.open()
    data.open()
    data.close()
    data.close()
    with DataFolder(tmp_path):
        pass


def test_the_lock_of_another_process_ends_with_it_however_it_ends(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        with pytest.raises(StoreBusyError, match="already running"):
            DataFolder(tmp_path).open()
        holder.kill()
        holder.wait()
        with DataFolder(tmp_path):
            pass


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EIO])
def test_a_disk_that_cannot_lock_files_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def failing_lock(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("clipsorter.library.data_folder._lock_now", failing_lock)
    data = DataFolder(tmp_path / "data")
    with pytest.raises(StoreError, match="cannot lock files; please choose a data folder on another disk"):
        data.open()
    monkeypatch.undo()
    with data:
        pass  # no descriptor, no lock was left


@pytest.mark.skipif(os.name == "nt", reason="Windows folders have no mode")
def test_a_folder_that_became_open_to_all_is_made_private_again_unless_it_serves_others_too(tmp_path: Path) -> None:
    for name in ("clipsorter.lock", "cache.db-wal", "library.db.damaged-1", "settings.json", "window.socket"):
        (tmp_path / name).touch()
    (tmp_path / "snapshots").mkdir()
    tmp_path.chmod(0o777)
    with DataFolder(tmp_path):
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    (tmp_path / "holiday.jpg").touch()
    tmp_path.chmod(0o755)
    with DataFolder(tmp_path):
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@pytest.mark.skipif(os.name == "nt", reason="links need permissions on Windows")
@pytest.mark.parametrize("name", ["clipsorter.lock", "library.db", "cache.db-wal", "history", "snapshots", "logs"])
def test_planted_links_are_refused_and_lead_to_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="is a link; please"):
        DataFolder(tmp_path / "data").open()
    assert not (tmp_path / "elsewhere").exists()
    assert len(list((tmp_path / "data").iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need permissions on Windows")
def test_links_a_person_may_have_made_work(tmp_path: Path) -> None:
    (tmp_path / "large" / "models").mkdir(parents=True)
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "models").symlink_to(tmp_path / "large" / "models")
    (tmp_path / "data").symlink_to(tmp_path / "real")
    with DataFolder(tmp_path / "data"):
        assert (tmp_path / "real" / "clipsorter.lock").is_file()
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="is a link that leads nowhere"):
        DataFolder(tmp_path / "gone").open()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_the_place_of_the_lock_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "clipsorter.lock")
    with DataFolder(tmp_path), pytest.raises(StoreBusyError):
        DataFolder(tmp_path).open()


@pytest.mark.parametrize(
    "name",
    ["history/run/journal.jsonl", "tags/tags.jsonl", "mirrors/x.part", "snapshots/library-2026.part",
     "graphs/x/graphs.json.new", "models/x/model.part", "logs/clipsorter.log"],
)  # fmt: skip
def test_a_link_further_below_that_would_make_us_write_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "theirs").write_text("theirs")
    link = tmp_path / "data" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "theirs")
    with pytest.raises(StoreError, match="is a link"):
        DataFolder(tmp_path / "data").open()


def test_a_model_may_lie_on_another_disk(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "data" / "models").mkdir(parents=True)
    (tmp_path / "data" / "models" / "large").symlink_to(tmp_path / "disk")
    (tmp_path / "data" / "graphs").symlink_to(tmp_path / "disk")
    with DataFolder(tmp_path / "data"):
        pass
