"""An index run that is killed goes on where it stopped, and nothing is left behind."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Indexed
from clipsorter.engine.indexing import BATCH

PROGRAM = """
import sys
from pathlib import Path
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded
for event in Engine(Path(sys.argv[1]), model="colour", workers=1).index(Path(sys.argv[2])):
    if isinstance(event, Embedded):
        print(event.done, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kill_at", [0, 1, 24, 57])
def test_at_most_one_batch_is_done_again_after_kill_9(tmp_path: Path, paint: Callable[..., Path], kill_at: int) -> None:
    for number in range(80):
        paint(tmp_path / "album" / f"{number:02}.png", "red", number)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "data"), str(tmp_path / "album")],
        stdout=subprocess.PIPE,
        text=True,
    )
    reported = 0
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            reported = json.loads(line)
            if reported >= kill_at:
                process.send_signal(signal.SIGKILL)
                break
    process.wait(timeout=60)
    with closing(Engine(tmp_path / "data", model="colour", workers=1)) as engine:
        *_, final = engine.index(tmp_path / "album")
    assert isinstance(final, Indexed)
    assert final.unchanged >= reported
    assert final.embedded + final.unchanged == 80
    assert final.embedded <= 80 - reported
    assert reported - reported % BATCH <= final.unchanged


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes the way Linux can")
@pytest.mark.slow
def test_no_process_outlives_a_killed_run(tmp_path: Path, paint: Callable[..., Path]) -> None:
    for number in range(80):
        paint(tmp_path / "album" / f"{number:02}.png", "red", number)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "data"), str(tmp_path / "album")],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()
        process.kill()
        process.wait(timeout=60)
    left = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if session_of(pid) == process.pid]  # noqa: PTH208
    assert [pid for pid in left if not ends_within(pid, 10.0)] == []


def session_of(pid: int) -> int:
    """The session a process belongs to; 0 when it has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] == "Z" else int(fields[3])


def ends_within(pid: int, seconds: float) -> bool:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)
