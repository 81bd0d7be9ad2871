"""What the filing commands print: plans, runs and tags, for people and as JSON lines."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from clipsorter.cli.output import print_json, printable, tell
from clipsorter.filing.events import Finished
from clipsorter.filing.plan import Plan
from clipsorter.filing.recover import Run
from clipsorter.filing.tags import TagsFinished


def print_plan(plan: Plan, *, as_json: bool) -> None:
    """Every act of a plan, then what speaks against it; nothing is done."""
    for photo in plan.photos:
        for act in photo.operations:
            if as_json:
                print_json({"kind": act.kind, "source": str(act.source), "destination": act.destination})
            else:
                print(f"{act.kind}  {printable(str(act.source))} -> {printable(act.destination)}")
    for problem in plan.problems:
        print_not_done(problem.file, problem.reason, as_json=as_json)


def print_plan_summary(plan: Plan, path: Path) -> None:
    """What a written plan would do, on standard error: standard output belongs to the photos."""
    tell(
        f"The plan {path} would {plan.mode} {len(plan.photos):,} photos; {len(plan.skipped):,} are there already, "
        f"{len(plan.problems):,} problems. Do it with: clipsorter apply {path}"
    )
    for problem in plan.problems:
        tell(f"{printable(problem.file or str(plan.target))}: {problem.reason}")


def print_not_done(file: str, reason: str, *, as_json: bool) -> None:
    """One file that was left as it is, and why."""
    if as_json:
        print_json({"file": file, "error": reason})
    else:
        tell(f"{printable(file)}: {reason}")


def print_finished(finished: Finished, *, as_json: bool) -> None:
    """The counts of a filing run."""
    if as_json:
        print_json(asdict(finished))
        return
    done = [
        f"{count:,} {words}"
        for count, words in (
            (finished.filed, "filed"),
            (finished.returned, "brought back"),
            (finished.not_filed, "not filed"),
            (finished.left_alone, "left alone"),
            (finished.untouched, "not begun"),
        )
        if count
    ]
    print(f"Run {finished.run}: {', '.join(done) or 'nothing to do'}. {finished.stopped_by}".rstrip())


def print_runs(runs: Iterable[Run], *, as_json: bool) -> None:
    """One line per filing run, newest first."""
    for run in runs:
        if as_json:
            print_json(asdict(run) | {"folder": str(run.folder), "target": str(run.target)})
        else:
            print(
                f"{run.run}  {run.state:<11}  {run.mode}  {run.filed:,} of {run.total:,}  {printable(str(run.target))}"
            )


def print_tagged(finished: TagsFinished, *, as_json: bool) -> None:
    """The counts of a tag run."""
    if as_json:
        print_json(asdict(finished))
    else:
        left = f"{finished.left_alone:,} left alone"
        print(f"{finished.changed:,} sidecars written, {finished.unchanged:,} were right, {left}.")
