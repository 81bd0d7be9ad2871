"""The commands. Each takes the parsed options and returns the exit status: 0 only when everything asked for was done.

Bad input raises a ClipSorterError with one sentence; ``main`` prints it and ends with status 2.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from clipsorter.cli import output
from clipsorter.cli.category_commands import categories
from clipsorter.cli.contract import DONE, PARTLY_DONE, Command, Options, data_folder
from clipsorter.cli.demo import DEMO_CATEGORIES, unpack_demo
from clipsorter.cli.filing_commands import FILING_COMMANDS, rehearse
from clipsorter.cli.filing_output import print_plan_summary
from clipsorter.cli.model_commands import models
from clipsorter.cli.photo_names import name_in_folder
from clipsorter.cli.running import last, look_at, named_categories, open_engine, remembered_categories, tell_progress
from clipsorter.cli.self_test import check_everything
from clipsorter.cli.teaching import teach
from clipsorter.cli.terminal import tell
from clipsorter.cli.why_output import print_why, print_why_json
from clipsorter.encoders.offers import find_reader
from clipsorter.engine.category_text import parse_categories
from clipsorter.engine.diagnosis import examine, write_report
from clipsorter.engine.duplicates import Duplicates
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Found, Opened, Ranked, Recalled
from clipsorter.engine.explaining import Explained
from clipsorter.engine.exploring import Alike, Suggested
from clipsorter.engine.exporting import Export, Exported, sorted_photos
from clipsorter.engine.requests import RankRequest
from clipsorter.errors import ClipSorterError, FilingError
from clipsorter.filing.plan import FilingRequest, Plan
from clipsorter.filing.plan_file import write_plan
from clipsorter.library.strictness import DEFAULT_STRICTNESS
from clipsorter.photos.report import report
from clipsorter.photos.scan import check_folder
from clipsorter.ranking.queries import parse_query
from clipsorter.values import Category


def index(options: Options) -> int:
    """Look at every new or changed photo below a folder."""
    folder = check_folder(options.folder)
    if options.cluster or options.shards:
        if not (options.cluster and options.shards):
            raise ClipSorterError("--cluster and --shards belong together: where to work, and where to write.")
        return _cluster_commands()["index"](options)
    with open_engine(options) as engine:
        indexed, failures = look_at(engine, folder, tell_progress(options), asks=False)
    if options.json:
        output.print_index_json(indexed, failures, folder)
    return PARTLY_DONE if failures else DONE


def import_(options: Options) -> int:
    """Take over what a cluster found in a folder's photos."""
    return _cluster_commands()["import"](options)


def sort(options: Options) -> int:
    """Rank the photos of a folder into categories."""
    folder = check_folder(options.folder)
    named = named_categories(options)
    _check_reports(options)
    with open_engine(options) as engine:
        return _sort(engine, folder, named or remembered_categories(engine), options)


def search(options: Options) -> int:
    """Find photos by a phrase."""
    folder = check_folder(options.folder)
    if not options.query.strip():
        raise ClipSorterError('A search needs words, such as "sunset over water".')
    parse_query(options.query)  # a slip of the pen should not cost the time of an index run
    with open_engine(options) as engine:
        progress = tell_progress(options)
        _, failures = look_at(engine, folder, progress)
        found = last(progress.watch(engine.search(folder, options.query)), Found)
    (output.print_found_json if options.json else output.print_found)(found, options.limit)
    return PARTLY_DONE if failures else DONE


def why(options: Options) -> int:
    """Say why a photo stands in its bin, and why a search finds it or does not."""
    folder = check_folder(options.folder)
    named = named_categories(options)
    parse_query(options.query)
    with open_engine(options) as engine:
        progress = tell_progress(options)
        _, failures = look_at(engine, folder, progress)
        categories = named or last(engine.open(), Opened).categories
        request = RankRequest(categories, options.strictness)
        ranked = last(progress.watch(engine.rank(folder, request)), Ranked)
        photo_id = ranked.collection.find(name_in_folder(options.photo, folder))
        asked = replace(request, query=options.query)
        explained = last(progress.watch(engine.explain(ranked, photo_id, asked)), Explained)
    (print_why_json if options.json else print_why)(explained)
    return PARTLY_DONE if failures else DONE


def demo(options: Options) -> int:
    """Sort a small folder of pictures that come along."""
    with unpack_demo(options.to) as folder, open_engine(options) as engine:
        options.strictness, options.counts = DEFAULT_STRICTNESS, False
        options.csv, options.to, options.plan = None, None, None
        options.dry_run = False
        _check_reports(options)
        return _sort(engine, folder, parse_categories(DEMO_CATEGORIES), options)


def decisions(options: Options) -> int:
    """Print what a person decided about the photos of a folder."""
    folder = check_folder(options.folder)
    with open_engine(options) as engine:
        output.print_decisions(last(engine.recall(folder), Recalled), as_json=options.json)
    return DONE


def suggest(options: Options) -> int:
    """Propose categories for a folder."""
    folder = check_folder(options.folder)
    with open_engine(options) as engine:
        progress = tell_progress(options)
        _, failures = look_at(engine, folder, progress)
        output.print_suggested(
            last(progress.watch(engine.suggest(folder, options.limit)), Suggested), as_json=options.json
        )
    return PARTLY_DONE if failures else DONE


def similar(options: Options) -> int:
    """Find photos that look like one photo."""
    folder = check_folder(options.folder)
    with open_engine(options) as engine:
        _, failures = look_at(engine, folder, tell_progress(options))
        photo = name_in_folder(options.photo, folder)
        output.print_alike(last(engine.find_alike(folder, photo, options.limit), Alike), as_json=options.json)
    return PARTLY_DONE if failures else DONE


def duplicates(options: Options) -> int:
    """Find photos that are there more than once, or nearly so."""
    folder = check_folder(options.folder)
    with open_engine(options) as engine:
        _, failures = look_at(engine, folder, tell_progress(options))
        output.print_duplicates(last(engine.find_duplicates(folder), Duplicates), as_json=options.json)
    return PARTLY_DONE if failures else DONE


def scan(options: Options) -> int:
    """Say of every entry of a folder whether it can be read."""
    folder = check_folder(options.folder)
    counts: dict[str, int] = {}
    with output.report_lines(options.report, to_stdout=options.json) as write:
        for entry in report(folder):
            write(output.entry_line(entry))
            counts[entry.outcome] = counts.get(entry.outcome, 0) + 1
    if not options.json:
        print(", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items())) or "The folder is empty.")
    return DONE


def doctor(options: Options) -> int:
    """Print versions, device, model and data folder."""
    with open_engine(options) as engine:
        findings = examine(engine, data_folder(options))
    if options.bundle is not None:
        write_report(options.bundle, data_folder(options), findings.facts, findings.problems)
    if options.json:
        output.print_json(findings.facts | {"problems": list(findings.problems)})
    else:
        width = max(map(len, findings.facts))
        for name, fact in findings.facts.items():
            print(f"{name:<{width}}  {fact}")
        for problem in findings.problems:
            print(f"Problem: {problem}")
    return PARTLY_DONE if findings.problems else DONE


def self_test(options: Options) -> int:
    """Try everything that this installation should be able to do."""
    broken = 0
    for checked in check_everything():
        if options.json:
            output.print_json(asdict(checked))
        else:
            word = "ok    " if checked.is_whole else "BROKEN"
            print(f"{word}  {checked.name}: {checked.found} ({checked.seconds:.1f} s)", flush=True)
        broken += not checked.is_whole
    return PARTLY_DONE if broken else DONE


COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "index": index,
        "import": import_,
        "sort": sort,
        "search": search,
        "why": why,
        "teach": teach,
        "decisions": decisions,
        "suggest": suggest,
        "similar": similar,
        "duplicates": duplicates,
        "categories": categories,
        **FILING_COMMANDS,
        "models": models,
        "scan": scan,
        "doctor": doctor,
        "self-test": self_test,
        "demo": demo,
    }
)


def _cluster_commands() -> Mapping[str, Command]:
    """Only when asked for: Ray takes seconds to import, and few have it."""
    try:
        commands: Mapping[str, Command] = import_module("clipsorter.cli.cluster_commands").CLUSTER_COMMANDS
    except ImportError as error:
        if error.name not in {"ray", "pyarrow"}:
            raise
        raise ClipSorterError("This needs the optional part: pip install 'clipsorter[cluster]'.") from error
    return commands


def _sort(engine: Engine, folder: Path, categories: tuple[Category, ...], options: Options) -> int:
    progress = tell_progress(options)
    _, failures = look_at(engine, folder, progress)
    request = RankRequest(categories, options.strictness)
    ranked = last(progress.watch(engine.rank(folder, request)), Ranked)
    for name in ranked.unknown:
        reader = find_reader(name)
        hint = f" The model {reader.name} reads it: clipsorter models download {reader.id}." if reader else ""
        tell(f"The model does not know the word “{name}”; nothing is sorted there.{hint}")
    if options.counts:
        output.print_counts(ranked.board, ranked.counts, categories, as_json=options.json)
    elif options.json:
        output.print_board_json(sorted_photos(ranked, folder))
        output.print_failures_json(failures, folder)
    else:
        output.print_board(sorted_photos(ranked, folder), ranked.board, ranked.counts)
    if options.csv:
        last(engine.export(Export("table", options.csv), ranked, folder, categories), Exported)
    if options.html:
        last(engine.export(Export("sheet", options.html), ranked, folder, categories), Exported)
    planned = _write_plan(engine, ranked, folder, categories, options) if options.to else DONE
    return PARTLY_DONE if failures or ranked.unknown else planned


def _check_reports(options: Options) -> None:
    """A slip in a file's name should not cost the time of an index run."""
    if options.dry_run and not options.to:
        raise FilingError("--dry-run belongs to --to: without it, sort only ranks and touches nothing.")
    if bool(options.to) != bool(options.plan) and not options.dry_run:
        raise FilingError("--to and --plan belong together: where the photos go, and the file to write the plan to.")
    for path in filter(None, (options.csv, options.html, options.plan)):
        output.check_report(path)


def _write_plan(
    engine: Engine, ranked: Ranked, folder: Path, categories: tuple[Category, ...], options: Options
) -> int:
    request = FilingRequest(
        folder,
        options.to.absolute(),
        mode=options.mode,
        layout=options.layout,
        links=options.links,
        parents={category.name: category.parent for category in categories if category.parent},
    )
    plan = last(engine.plan(ranked, request), Plan)
    if options.dry_run:
        return rehearse(plan)
    write_plan(options.plan, plan)
    print_plan_summary(plan, options.plan)
    return DONE
