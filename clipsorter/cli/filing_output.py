"""What the filing commands print: plans, runs and tags, for people and as JSON lines."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from clipsorter.cli.output import count, count_photos, print_json
from clipsorter.cli.terminal import printable, tell
from clipsorter.engine.filing_steps import Album
from clipsorter.filing.events import Finished
from clipsorter.filing.plan import Plan
from clipsorter.filing.preview import Branch, tree
from clipsorter.filing.recover import Run
from clipsorter.filing.sizes import said_size
from clipsorter.filing.tags import TagsFinished

_VERBS = {"move": "moved", "copy": "copied", "hardlink": "as hard links", "symlink": "as symbolic links"}


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
    if not as_json:
        tell(f"{_space(plan)}.")


def print_plan_summary(plan: Plan, path: Path) -> None:
    """What a written plan would do, on standard error: standard output belongs to the photos."""
    tell_plan(plan)
    tell(f"The plan is in {path}. Do it with: clipsorter apply {path}")


def tell_plan(plan: Plan) -> None:
    """The target as it would be, the space it takes, and what speaks against it, on standard error."""
    tell(
        f"{plan.target} would get {count_photos(len(plan.photos))} ({_VERBS[plan.mode]}; {_space(plan)}); "
        f"{len(plan.skipped):,} are there already, {len(plan.problems):,} cannot be filed."
    )
    _tell_branches(tree(plan), depth=1)
    for problem in plan.problems:
        tell(f"{printable(problem.file or str(plan.target))}: {problem.reason}")


def _tell_branches(branch: Branch, depth: int) -> None:
    for folder in branch.folders:
        tell(f"{'  ' * depth}{printable(folder.name)}/  {count_photos(folder.photos)}, {said_size(folder.size)}")
        _tell_branches(folder, depth + 1)


def _space(plan: Plan) -> str:
    return f"{said_size(plan.bytes_needed)} needed, {said_size(plan.bytes_free)} free"


def print_not_done(file: str, reason: str, *, as_json: bool) -> None:
    """One file that was left as it is, and why."""
    if as_json:
        print_json({"file": file, "error": reason})
    else:
        tell(f"{printable(file)}: {reason}")


def print_finished(finished: Finished, *, as_json: bool, rehearsed: bool = False) -> None:
    """The counts of a filing run; ``rehearsed``: of what it would do."""
    if as_json:
        print_json(asdict(finished))
        return
    done = [
        f"{number:,} {words}"
        for number, words in (
            (finished.filed, "filed"),
            (finished.returned, "taken back"),
            (finished.not_filed, "not filed"),
            (finished.left_alone, "left alone"),
            (finished.untouched, "not begun"),
        )
        if number
    ]
    opening = "Nothing was done; it would be" if rehearsed else f"Run {finished.run}"
    print(f"{opening}: {', '.join(done) or 'nothing to do'}. {finished.stopped_by}".rstrip())


def print_runs(runs: Iterable[Run], *, as_json: bool) -> None:
    """One line per filing run, newest first."""
    for run in runs:
        if as_json:
            print_json(asdict(run) | {"folder": str(run.folder), "target": str(run.target)})
        else:
            print(
                f"{run.run}  {run.state:<11}  {run.mode}  {run.filed:,} of {run.total:,}  {printable(str(run.target))}"
            )


def print_albums(albums: Iterable[Album], *, as_json: bool) -> None:
    """What describes each folder, strongest first."""
    for album in albums:
        if as_json:
            named = [{"name": name, "share": round(share, 4)} for name, share in album.categories]
            print_json({"album": album.folder, "photos": album.photos, "categories": named})
        else:
            words = ", ".join(f"{printable(name)} {share:.0%}" for name, share in album.categories)
            print(f"{printable(album.folder) or '.'} ({count_photos(album.photos)}): {words or '-'}")


def print_tagged(finished: TagsFinished, *, as_json: bool, rehearsed: bool = False) -> None:
    """The counts of a tag run; ``rehearsed``: of what it would do."""
    if as_json:
        print_json(asdict(finished))
        return
    changed = f"{count(finished.changed, 'sidecar', 'sidecars')} {'would change' if rehearsed else 'changed'}"
    print(f"{changed}, {finished.unchanged:,} right already, {finished.left_alone:,} left alone.")
