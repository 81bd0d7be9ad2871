"""What ClipSorter remembers is for its owner only, and what it looks at stays untouched."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Ranked
from clipsorter.engine.filing_steps import TagRequest
from clipsorter.engine.requests import RankRequest
from clipsorter.filing.plan import FilingRequest, Plan
from clipsorter.values import Category, Decision

ROOT = Path(__file__).parents[2]
CHANGING = (
    "open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,"
    "symlinkat,mknod,mknodat,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,utime,utimes,utimensat,futimesat,"
    "truncate,ftruncate,setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,write,pwrite64,writev"
)
LOOK = """
import sys
from contextlib import closing
from pathlib import Path
from clipsorter.engine.engine import Engine
from clipsorter.engine.filing_steps import TagRequest
from clipsorter.engine.requests import RankRequest
from clipsorter.filing.plan import FilingRequest
from clipsorter.values import Category
data, folder = map(Path, sys.argv[1:3])
request = RankRequest((Category("red"), Category("blue")), strictness=0)
with closing(Engine(data, model="colour", workers=1)) as engine:
    for _ in range(2):
        list(engine.index(folder))
    *_, ranked = engine.rank(folder, request)
    list(engine.search(folder, "red -blue"))
    list(engine.suggest(folder))
    list(engine.find_duplicates(folder))
    list(engine.plan(ranked, FilingRequest(folder, folder / "sorted", "move")))
    list(engine.tag(ranked, folder, TagRequest(request.categories), dry_run=True))
"""
CHANGE = "import pathlib, sys; (pathlib.Path(sys.argv[2]) / 'made').touch()"


@pytest.fixture
def folder(tmp_path: Path, paint: Callable[..., Path]) -> Path:
    folder = tmp_path / "album"
    for number, colour in enumerate(("red", "blue", "green") * 4):
        paint(folder / f"{colour} {number}.png", colour, number)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    (folder / "red 0.png.xmp").write_text("<x/>")
    return folder


def traced_changes(script: str, tmp_path: Path, folder: Path) -> list[str]:
    """The system calls of a script and all its children that could have changed something below the folder."""
    log = tmp_path / "trace"
    command = ["strace", "-f", "-y", "-qq", "-s", "400", "-e", f"trace={CHANGING}", "-o", str(log)]
    command += [sys.executable, "-c", script, str(tmp_path / "data"), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=250)
    if "ptrace" in done.stderr:
        pytest.skip("tracing is not permitted here")
    assert done.returncode == 0, done.stderr[-2000:]
    touching = [line for line in log.read_text("utf-8", "replace").splitlines() if str(folder) in line]
    assert touching, "the trace does not see the folder at all"
    reading = re.compile(r" open(?:at)?2?\(.*O_RDONLY(?!.*O_(?:CREAT|TRUNC|WRONLY|RDWR))")
    # A write whose text mentions the folder is one to the trace's own eyes: what counts is where it goes.
    elsewhere = re.compile(r" (?:write|pwrite64|writev)\(\d+<(?!" + re.escape(str(folder)) + ")")
    resumed = re.compile(r"<\.\.\. \w+ resumed>")
    return [line for line in touching if not (reading.search(line) or elsewhere.search(line) or resumed.search(line))]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_indexing_ranking_searching_and_planning_change_nothing_below_the_folder(tmp_path: Path, folder: Path) -> None:
    assert traced_changes(LOOK, tmp_path, folder) == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_trace_would_see_a_change(tmp_path: Path, folder: Path) -> None:
    assert any("made" in line for line in traced_changes(CHANGE, tmp_path, folder))


@pytest.mark.skipif(os.name == "nt", reason="Windows folders have no mode")
@pytest.mark.parametrize("there_before", [False, True])
def test_nobody_else_can_read_what_is_remembered(tmp_path: Path, folder: Path, there_before: bool) -> None:
    data = tmp_path / "data"
    if there_before:
        data.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        for _ in range(2):  # the second start keeps a snapshot
            use_everything(data, folder)
    finally:
        os.umask(before)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    top = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
    assert {"library.db", "cache.db", "snapshots", "history", "tags"} <= set(top)
    assert {name: mode for name, mode in top.items() if mode & 0o077} == {}
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in (data / "snapshots").iterdir())


def use_everything(data: Path, folder: Path) -> None:
    request = RankRequest((Category("red"), Category("blue")), strictness=0)
    with closing(Engine(data, model="colour", workers=1)) as engine:
        list(engine.save_categories(request.categories, {}))
        list(engine.index(folder))
        *_, ranked = engine.rank(folder, request)
        assert isinstance(ranked, Ranked)
        list(engine.decide([Decision(ranked.collection.digests[0], "red")]))
        *_, plan = engine.plan(ranked, FilingRequest(folder, folder.parent / "sorted", "copy"))
        assert isinstance(plan, Plan)
        list(engine.apply(plan))
        list(engine.tag(ranked, folder, TagRequest(request.categories)))
