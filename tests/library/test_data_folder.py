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
