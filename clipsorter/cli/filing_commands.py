"""Commands that touch the person's files: plan and apply, undo, recover, tags. Each names what was not done and why."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from clipsorter.cli import filing_output
from clipsorter.cli.contract import DONE, PARTLY_DONE, Command, Options
from clipsorter.cli.output import print_json, tell_if_nothing
from clipsorter.cli.running import last, look_at, named_categories, open_engine, remembered_categories, tell_progress
from clipsorter.cli.terminal import tell
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Ranked
from clipsorter.engine.filing_steps import TagCounts, TagRequest
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.restoring import LibraryRestored
from clipsorter.errors import ClipSorterError, FilingError
from clipsorter.filing.events import Finished, PhotoLeftAlone, PhotoNotFiled
from clipsorter.filing.exiftool import find_exiftool
from clipsorter.filing.plan import Plan
from clipsorter.filing.plan_file import read_plan
from clipsorter.filing.recover import Run, Way
from clipsorter.filing.rehearsal import rehearse_apply
from clipsorter.filing.tags import SidecarLeftAlone, SidecarWritten, TagsFinished
from clipsorter.photos.scan import check_folder


def apply(options: Options) -> int:
    """Do what a plan file says."""
    plan = read_plan(options.plan)
    if options.dry_run:
        filing_output.print_plan(plan, as_json=options.json)
        return _report(rehearse_apply(plan), options, rehearsed=True)
    with open_engine(options) as engine:
        return _report(engine.apply(plan), options)


def undo(options: Options) -> int:
    """Bring the photos of a run back."""
    with open_engine(options) as engine:
        run = _named_run(engine, options.run, "to undo", {"complete", "stopped", "interrupted"})
        if options.dry_run:
            return _report(engine.rehearse_recovery(run.run, "undo"), options, rehearsed=True)
        return _report(engine.undo_run(run.run), options)


def recover(options: Options) -> int:
    """Finish interrupted runs, or take them back."""
    with open_engine(options) as engine:
        if options.library:
            return _restore_library(engine, options)
        broken = [run for run in _runs(engine) if run.state == "interrupted"]
        if not (options.finish or options.undo):
            tell_if_nothing("No run was interrupted.", broken, as_json=options.json)
            filing_output.print_runs(broken, as_json=options.json)
            return PARTLY_DONE if broken else DONE
        way: Way = "finish" if options.finish else "undo"
        do = engine.rehearse_recovery if options.dry_run else engine.recover_run
        statuses = [_report(do(run.run, way), options, rehearsed=options.dry_run) for run in broken]
    return max(statuses, default=DONE)


def _restore_library(engine: Engine, options: Options) -> int:
    if options.dry_run:
        raise ClipSorterError("--dry-run and --library do not go together; what is damaged is kept in any case.")
    restored = last(engine.restore_library(), LibraryRestored)
    if options.json:
        print_json({"restored": str(restored.snapshot)})
    else:
        tell(f"“{restored.snapshot}” was restored; the damaged file is kept beside the new one.")
    return DONE


def runs(options: Options) -> int:
    """List all runs, newest first."""
    with open_engine(options) as engine:
        found = _runs(engine)
        tell_if_nothing("No files have been sorted yet.", found, as_json=options.json)
        filing_output.print_runs(found, as_json=options.json)
    return DONE


def tag(options: Options) -> int:
    """Write categories into sidecars that other programs read."""
    folder = check_folder(options.folder)
    named = named_categories(options)
    if options.embed:
        find_exiftool()  # a missing program should not cost the time of an index run
    with open_engine(options) as engine:
        categories = named or remembered_categories(engine)
        progress = tell_progress(options)
        _, failures = look_at(engine, folder, progress)
        ranked = last(progress.watch(engine.rank(folder, RankRequest(categories, options.strictness))), Ranked)
        request = TagRequest(categories, options.confirmed_only, options.albums, options.style, options.embed)
        events = engine.tag(ranked, folder, request, dry_run=options.dry_run)
        status = _report_tags(events, options)
    return max(status, PARTLY_DONE if failures else DONE)


def untag(options: Options) -> int:
    """Take our keywords back, and only ours."""
    folder = check_folder(options.folder)
    with open_engine(options) as engine:
        return _report_tags(engine.untag(folder, dry_run=options.dry_run), options)


FILING_COMMANDS: Mapping[str, Command] = MappingProxyType(
    {"apply": apply, "undo": undo, "recover": recover, "runs": runs, "tag": tag, "untag": untag}
)


def _runs(engine: Engine) -> tuple[Run, ...]:
    listed: tuple[Run, ...] = last(engine.runs(), tuple)
    return listed


def _named_run(engine: Engine, name: str | None, purpose: str, states: set[str]) -> Run:
    """The run of that name, or the newest one that can be used."""
    for run in _runs(engine):
        if run.run == name or (name is None and run.state in states):
            return run
    raise FilingError(f"There is no run {name}." if name else f"There is no run {purpose}.")


def rehearse(plan: Plan) -> int:
    """Tell on standard error what a plan would do now; standard output belongs to the photos."""
    filing_output.tell_plan(plan)
    not_done = 0
    for event in rehearse_apply(plan):
        if isinstance(event, PhotoNotFiled):
            not_done += 1
            filing_output.print_not_done(event.file, event.reason, as_json=False)
    return PARTLY_DONE if not_done or plan.problems else DONE


def _report(events: Iterable[object], options: Options, *, rehearsed: bool = False) -> int:
    finished: Finished | None = None
    for event in events:
        if isinstance(event, PhotoNotFiled | PhotoLeftAlone):
            filing_output.print_not_done(event.file, event.reason, as_json=options.json)
        elif isinstance(event, Finished):
            finished = event
    assert finished is not None  # the last event of every run
    filing_output.print_finished(finished, as_json=options.json, rehearsed=rehearsed)
    return DONE if finished.complete else PARTLY_DONE


def _report_tags(events: Iterable[object], options: Options) -> int:
    finished: TagsFinished | None = None
    for event in events:
        if isinstance(event, SidecarLeftAlone):
            filing_output.print_not_done(str(event.sidecar), event.reason, as_json=options.json)
        elif isinstance(event, SidecarWritten) and event.changed and options.json:
            print_json({"sidecar": str(event.sidecar)})
        elif isinstance(event, TagCounts):
            filing_output.print_albums(event.albums, as_json=options.json)
        elif isinstance(event, TagsFinished):
            finished = event
    assert finished is not None  # the last event of every run
    filing_output.print_tagged(finished, as_json=options.json, rehearsed=options.dry_run)
    return DONE if finished.complete else PARTLY_DONE
