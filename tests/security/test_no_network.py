"""No network unless asked: proved from inside by Python's audit events and from outside by taking the network away.

The audit hook comes in through ``sitecustomize``, so that it watches the command, the decode workers and the encoder's
process alike from their first line.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WATCH = """
import os, socket, sys

EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
          "socket.gethostbyaddr", "urllib.Request", "http.client.connect", "ftplib.connect", "smtplib.connect"}

def watch(event, arguments):
    if event == "socket.__new__" and arguments[1] in (socket.AF_INET, socket.AF_INET6):
        note(event, arguments[1:])
    elif event in EVENTS and not is_local(arguments):
        note(event, arguments[1:])

def is_local(arguments):
    return isinstance(arguments[0], socket.socket) and arguments[0].family == getattr(socket, "AF_UNIX", None)

def note(event, arguments):
    with open(os.environ["CLIPSORTER_WATCH"], "a") as file:
        file.write(f"{os.getpid()} {event} {arguments}\\n")

with open(os.environ["CLIPSORTER_WATCH"] + ".seen", "a") as file:
    file.write(f"{os.getpid()}\\n")
sys.addaudithook(watch)
"""

WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from clipsorter.ui import app
from clipsorter.ui.progress import RUNNING
from clipsorter.ui.main_window import MainWindow

app._ready_application("en")

def begin():
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
    look = QTimer(window, interval=50)

    def end_when_looked_at():
        session = window.session
        if session.collection is not None and len(session.collection) == 6 and session.progress.phase not in RUNNING:
            window.close()

    look.timeout.connect(end_when_looked_at)
    look.start()

QTimer.singleShot(0, lambda: QTimer.singleShot(0, begin))
sys.exit(app.run_window(Path(sys.argv[1]), Path(sys.argv[2]), "starter", "cpu"))
"""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Six real photos."""
    demo = Path(__file__).parents[2] / "resources" / "demo"
    (tmp_path / "photos").mkdir()
    for path in sorted(demo.glob("*.webp"))[:6]:
        shutil.copy(path, tmp_path / "photos")
    return tmp_path / "photos"


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    """An environment in which every Python process notes what it does with the network."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    return os.environ | {
        "PYTHONPATH": str(tmp_path / "watch"),
        "CLIPSORTER_WATCH": str(tmp_path / "events"),
        "QT_QPA_PLATFORM": "offscreen",
    }


def sort(photos: Path, data: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "clipsorter", "sort", str(photos), "--into", "dog, car, 食物"),
        *("--data", str(data), "--json", "--quiet"),
    ]


def test_the_watch_sees_what_it_should(tmp_path: Path, watched: dict[str, str]) -> None:
    script = "import socket; socket.socket().connect_ex(('127.0.0.1', 9)); socket.getaddrinfo('127.0.0.1', 80)"
    subprocess.run([sys.executable, "-c", script], env=watched, check=True, timeout=60)
    seen = (tmp_path / "events").read_text()
    assert [event for event in ("socket.__new__", "socket.connect", "socket.getaddrinfo") if event not in seen] == []


@pytest.mark.slow
def test_sorting_touches_no_network(tmp_path: Path, photos: Path, watched: dict[str, str]) -> None:
    done = subprocess.run(
        sort(photos, tmp_path / "data"), env=watched, capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 6
    assert not (tmp_path / "events").exists(), (tmp_path / "events").read_text()
    assert len((tmp_path / "events.seen").read_text().split()) >= 3  # the command, a decode worker, the encoder


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_libraries_that_are_no_python_touch_no_network_either(tmp_path: Path, photos: Path) -> None:
    """What a library in C does the audit hook does not hear: ONNX Runtime reported each start to its maker."""
    trace = tmp_path / "trace"
    home = os.environ | {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": ""}
    command = ["strace", "-f", "-qq", "-e", "trace=socket,socketpair,connect,sendto,sendmsg,sendmmsg", "-o", str(trace)]
    done = subprocess.run(
        [*command, *sort(photos, tmp_path / "data")], env=home, capture_output=True, text=True, check=False, timeout=250
    )
    if "ptrace" in done.stderr:
        pytest.skip("tracing is not permitted here")
    assert done.returncode == 0, done.stderr[-2000:]
    seen = trace.read_text("utf-8", "replace")
    assert "socketpair(" in seen  # processes speak to each other by AF_UNIX
    assert [line for line in seen.splitlines() if "AF_INET" in line or "AF_PACKET" in line] == []
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
def test_the_window_touches_no_network(tmp_path: Path, photos: Path, watched: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, str(tmp_path / "data"), str(photos)],
        env=watched,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "events").exists(), (tmp_path / "events").read_text()
    assert len((tmp_path / "events.seen").read_text().split()) >= 3


@pytest.mark.slow
def test_sorting_works_where_there_is_no_network(tmp_path: Path, photos: Path) -> None:
    alone = ["unshare", "--net", "--map-root-user"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system gives out no network namespace")
    done = subprocess.run(
        [*alone, *sort(photos, tmp_path / "data")], capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 6
