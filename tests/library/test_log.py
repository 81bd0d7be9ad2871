"""The log in the data folder: private, bounded, silent about its own trouble."""

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from clipsorter.library import log
from clipsorter.library.log import catching_crashes, keep_log, read_logs

logger = logging.getLogger("clipsorter.test")


def text_of(data_folder: Path) -> str:
    return "".join(read_logs(data_folder).values())


def test_nothing_is_made_before_there_is_something_to_say(tmp_path: Path) -> None:
    with keep_log(tmp_path / "data"):
        assert not (tmp_path / "data").exists()


def test_lines_reach_the_file_without_names_and_only_within_the_block(tmp_path: Path) -> None:
    with keep_log(tmp_path / "data"):
        logger.info("opened “%s”", "/home/anna/holiday.jpg")
    logger.info("after the block")
    told = text_of(tmp_path / "data")
    assert "opened “<path-" in told
    assert "holiday" not in told
    assert "after the block" not in told


def test_the_trace_of_an_exception_is_redacted_too(tmp_path: Path) -> None:
    with keep_log(tmp_path):
        try:
            open("/nowhere/holiday.jpg")  # noqa: PTH123, SIM115
        except OSError:
            logger.exception("could not")
    told = text_of(tmp_path)
    assert "FileNotFoundError" in told
    assert "holiday" not in told


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_folder_and_files_are_for_their_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "data"
    before = os.umask(0)
    try:
        with keep_log(data), catching_crashes(data):
            logger.info("x")
            files = [data / log.LOGS_NAME / name for name in read_logs(data)]
            modes = [stat.S_IMODE(path.stat().st_mode) for path in (data, data / log.LOGS_NAME, *files)]
    finally:
        os.umask(before)
    assert modes == [0o700, 0o700, 0o600, 0o600]


def test_the_log_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "FILE_BYTES", 1000)
    with keep_log(tmp_path):
        for number in range(300):
            logger.info("line %d", number)
    texts = list(read_logs(tmp_path).values())
    assert len(texts) == 1 + log.OLDER_FILES
    assert all(len(text) <= 1000 for text in texts)
    assert "line 299" in texts[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes and links")
@pytest.mark.parametrize("spoil", ["file", "link", "folder that is a link", "pipes"])
def test_where_no_log_can_be_there_is_none(tmp_path: Path, spoil: str) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    if spoil == "file":
        (tmp_path / log.LOGS_NAME).write_text("in the way")
    elif spoil == "folder that is a link":
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / log.LOGS_NAME).symlink_to(tmp_path / "elsewhere")
    elif spoil == "pipes":
        (tmp_path / log.LOGS_NAME).mkdir()
        for name in (log.LOG_NAME, log.CRASH_NAME):
            os.mkfifo(tmp_path / log.LOGS_NAME / name)
    else:
        (tmp_path / log.LOGS_NAME).mkdir()
        (tmp_path / log.LOGS_NAME / log.LOG_NAME).symlink_to(target)
    with keep_log(tmp_path), catching_crashes(tmp_path):
        logger.error("lost")
    assert target.read_text() == "mine"
    assert log.LOG_NAME not in read_logs(tmp_path)
    assert spoil != "folder that is a link" or not list((tmp_path / "elsewhere").iterdir())


def test_a_log_of_gigabytes_is_read_in_part(tmp_path: Path) -> None:
    (tmp_path / log.LOGS_NAME).mkdir()
    with (tmp_path / log.LOGS_NAME / log.CRASH_NAME).open("wb") as file:
        file.truncate(20 << 30)
    assert len(read_logs(tmp_path)[log.CRASH_NAME]) == 2 * log.FILE_BYTES
    with keep_log(tmp_path), catching_crashes(tmp_path):
        pass


def test_a_crash_leaves_its_stacks_and_the_next_start_logs_them(tmp_path: Path) -> None:
    script = (
        "import sys, faulthandler\nfrom pathlib import Path\nfrom clipsorter.library.log import *\n"
        "with keep_log(Path(sys.argv[1])), catching_crashes(Path(sys.argv[1])):\n    faulthandler._sigsegv()\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, check=False)
    assert done.returncode != 0
    with keep_log(tmp_path), catching_crashes(tmp_path):
        pass
    told = text_of(tmp_path)
    assert "The last start ended in a crash" in told
    assert "Segmentation fault" in told
    with keep_log(tmp_path), catching_crashes(tmp_path):
        pass
    assert text_of(tmp_path).count("The last start ended in a crash") == 1
