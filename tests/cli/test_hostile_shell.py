"""Shells that close streams, full disks and slips of the pen: one sentence, a true status, and no lost time."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clipsorter.__main__ import main
from clipsorter.cli.program import run
from clipsorter.cli.progress import ProgressLine
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Scanned
from tests.cli.conftest import CommandLine

SORT = ("--into", "red, blue", "--strictness", "0", "--json")
posix_only = pytest.mark.skipif(os.name != "posix", reason="speaks to a POSIX shell")
needs_full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")


def run_in_shell(redirection: str, album: Path, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "clipsorter", "sort", album, *SORT, "--data", data, "--model", "colour"]
    return subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {redirection}', *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@posix_only
@pytest.mark.slow
def test_closed_streams_change_nothing_but_what_is_told(album: Path, tmp_path: Path) -> None:
    silent = run_in_shell("2>&- <&-", album, tmp_path / "data")
    assert (silent.returncode, len(silent.stdout.splitlines())) == (0, 3)


@needs_full_disk
@pytest.mark.slow
def test_a_full_disk_under_the_output_is_one_sentence_and_a_status(album: Path, tmp_path: Path) -> None:
    full = run_in_shell(">/dev/full", album, tmp_path / "data")
    assert full.returncode == 1
    assert full.stderr.splitlines()[-1] == ("clipsorter: Standard output cannot be written: No space left on device.")
    assert "Traceback" not in full.stderr


class FullDisk:
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        raise OSError(28, "No space left on device")


def test_progress_that_cannot_be_written_does_not_stop_the_job() -> None:
    events = [Scanned(1, 0, 0, done=False), Scanned(2, 0, 0, done=True)]
    assert list(ProgressLine(FullDisk()).watch(events)) == events  # type: ignore[arg-type]


@pytest.mark.parametrize("option", ["--csv", "--html", "--plan"])
def test_a_report_that_cannot_be_written_is_said_before_the_work(
    clipsorter: CommandLine, album: Path, tmp_path: Path, option: str
) -> None:
    target = ("--to", tmp_path / "sorted") if option == "--plan" else ()
    outcome = clipsorter("sort", album, *SORT, option, tmp_path / "none" / "report", *target)
    assert (outcome.status, outcome.out) == (2, "")
    assert "does not exist" in outcome.err
    assert "photos" not in outcome.err
    photo = (album / "red.png").read_bytes()
    assert clipsorter("sort", album, *SORT, option, album / "red.png", *target).status == 2
    assert (album / "red.png").read_bytes() == photo


def test_the_check_of_a_report_leaves_an_older_one_alone(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("older")
    assert clipsorter("sort", tmp_path / "none", *SORT, "--csv", tmp_path / "report.csv").status == 2
    assert clipsorter("sort", album, *SORT, "--csv", tmp_path / "report.csv", "--model", "nosuch").status == 2
    assert (tmp_path / "report.csv").read_text() == "older"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("sort", "", "--into", "dog"),
        ("index", "{album}", "--data", ""),
        ("sort", "{album}", "--into", "dog", "--csv", ""),
        ("sort", "{album}", "--into", "dog", "--strictness", "much"),
        ("search", "{album}", "dog", "--limit", "few"),
        ("index", "{album}", "--data", "~nobody-of-that-name/data"),
    ],
)
def test_an_option_without_a_sensible_value_is_refused(
    clipsorter: CommandLine, album: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        clipsorter(*(argument.replace("{album}", str(album)) for argument in arguments))
    assert refused.value.code == 2
    message = capsys.readouterr().err.splitlines()[-1]
    assert message.endswith(
        (
            "the name is empty",
            "much is not between 0 and 1",
            "few is not a number of photos",
            "~nobody-of-that-name/data",
        )
    )


def test_ctrl_c_before_anything_has_begun_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("clipsorter.cli.program.run", interrupted)
    assert main() == 130


@pytest.mark.parametrize("name", ["n" * 5000, "half\0name"])
def test_a_folder_that_no_disk_could_name_is_a_sentence(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--data", str(tmp_path / "data"), name]) == 2
    assert "cannot be opened" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_the_window_is_declined_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert run(["--data", str(tmp_path / "data"), str(tmp_path)]) == 2
    assert "clipsorter sort" in capsys.readouterr().err


def test_missing_libraries_of_the_window_are_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class NoLibraries:
        def find_spec(self, name: str, path: object, target: object = None) -> None:
            if name == "clipsorter.ui.app":
                raise ImportError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delitem(sys.modules, "clipsorter.ui.app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoLibraries(), *sys.meta_path])
    assert run(["--data", str(tmp_path / "data"), str(tmp_path)]) == 2
    assert "libEGL.so.1" in capsys.readouterr().err


def test_what_is_told_can_neither_move_the_cursor_nor_miscount(
    clipsorter: CommandLine, tmp_path: Path, album: Path
) -> None:
    assert clipsorter("index", tmp_path / "no\x1b[31mfolder").err == (
        f"clipsorter: There is no folder {tmp_path / 'no?[31mfolder'}.\n"
    )
    alone = tmp_path / "alone"
    alone.mkdir()
    (album / "red.png").rename(alone / "red.png")
    told = clipsorter("index", alone).err
    assert "Found 1 photo\n" in told
    assert "1 photo, 1 new, 0 known" in told


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_stores_what_was_done_and_a_second_one_does_not_disturb_the_end(
    clipsorter: CommandLine, album: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    closed: list[str] = []
    close, look = Engine.close, Engine.index

    def interrupted_index(engine: Engine, folder: Path) -> Iterator[object]:
        for event in look(engine, folder):
            if isinstance(event, Scanned) and event.done:
                signal.raise_signal(number)
            yield event

    def interrupted_close(engine: Engine) -> None:
        signal.raise_signal(number)
        close(engine)
        closed.append("whole")

    monkeypatch.setattr(Engine, "index", interrupted_index)
    monkeypatch.setattr(Engine, "close", interrupted_close)
    handlers = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    assert clipsorter("index", album).status == 128 + number
    assert closed == ["whole"]
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == handlers
    monkeypatch.undo()
    assert clipsorter("index", album).status == 0


@posix_only
def test_a_command_that_was_started_to_outlive_its_terminal_does(
    clipsorter: CommandLine, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Engine.index

    def hung_up(engine: Engine, folder: Path) -> Iterator[object]:
        signal.raise_signal(signal.SIGHUP)
        yield from look(engine, folder)

    monkeypatch.setattr(Engine, "index", hung_up)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        assert clipsorter("index", album).status == 0
    finally:
        signal.signal(signal.SIGHUP, before)
