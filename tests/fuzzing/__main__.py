"""Hunt through all targets, or the named ones: ``python -m tests.fuzzing --seconds 60 [TARGET ...]``.

The seconds are shared among the targets. A finding is kept under ``findings/TARGET/`` and the hunt goes on.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from tests.fuzzing.targets import TARGETS

FINDINGS = Path(__file__).with_name("findings")
SLOWEST = 20  # seconds for one input: the decode workers' own limit
MEMORY = 3072  # MiB, as a decode worker has
MOST_FINDINGS = 10  # of one target in one run; then its bug is plain enough


def main(arguments: list[str]) -> int:
    """Returns 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--corpus", type=Path, help="a folder that keeps what was learned for the next run")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    if find_spec("atheris") is None:
        parser.error("this needs atheris: pip install 'clipsorter[fuzz]'")
    names = asked.targets or list(TARGETS)
    found = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            found += hunt(name, asked.seconds / len(names), (asked.corpus or Path(scratch)) / name)
    print(f"{found} findings")
    return 1 if found else 0


def hunt(name: str, seconds: float, corpus: Path) -> int:
    """Hunt through one target; returns how many findings were kept."""
    target = TARGETS[name]
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    for kept in sorted((FINDINGS / name).glob("*")):
        shutil.copy(kept, corpus)
    end = time.monotonic() + seconds
    executions = findings = 0
    while (left := round(end - time.monotonic())) > 0 and findings < MOST_FINDINGS:
        with tempfile.TemporaryDirectory() as artifacts:
            options = [
                f"-max_total_time={left}",
                f"-max_len={target.longest}",
                f"-timeout={SLOWEST}",
                f"-rss_limit_mb={MEMORY}",
                f"-artifact_prefix={artifacts}/",
                "-print_final_stats=1",
                "-verbosity=0",
            ]
            command = [sys.executable, "-m", "tests.fuzzing.hunt", name, *options, str(corpus)]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            said = done.stdout.decode("utf-8", "replace")
            counted = re.findall(r"stat::number_of_executed_units:\s*(\d+)", said)
            executions += int(counted[-1]) if counted else 0
            for artifact in sorted(Path(artifacts).iterdir()):
                (FINDINGS / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(artifact, FINDINGS / name / artifact.name[:20])
                findings += 1
                print(f"{name}: {artifact.name[:20]}\n{said[-3000:]}", flush=True)
            if done.returncode and not list(Path(artifacts).iterdir()):
                print(said[-3000:])
                raise SystemExit(f"{name}: the hunt itself failed")
    print(f"{name}: {executions} executions, {findings} findings", flush=True)
    return findings


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
