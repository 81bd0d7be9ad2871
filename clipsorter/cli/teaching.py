"""``clipsorter teach``: learn from decisions made elsewhere, look at what that would change first, take it back."""

from collections.abc import Sequence
from pathlib import Path

from clipsorter.cli.contract import DONE, PARTLY_DONE, Options
from clipsorter.cli.output import count, print_json
from clipsorter.cli.progress import ProgressLine
from clipsorter.cli.running import last, look_at, open_engine, remembered_categories, tell_progress
from clipsorter.cli.terminal import printable, tell
from clipsorter.engine.category_text import clean_name
from clipsorter.engine.decision_file import read_decision_file
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Opened, Previewed, Recalled, Saved
from clipsorter.engine.keyword_decisions import KeywordDecisions
from clipsorter.engine.requests import RankRequest
from clipsorter.errors import CategoryError
from clipsorter.filing.table import UNSORTED
from clipsorter.photos.scan import check_folder
from clipsorter.values import Category, Decision


def teach(options: Options) -> int:
    """Learn from a table of decisions, or from a folder tree that is sorted already."""
    folder = check_folder(options.folder)
    tree = check_folder(options.tree) if options.tree else None
    said = read_decision_file(options.decisions) if options.decisions else []
    with open_engine(options) as engine:
        if options.undo is not None:
            return _undo(engine, options)
        progress = tell_progress(options)
        _, failures = look_at(engine, tree or folder, progress)
        collection = last(engine.recall(tree or folder), Recalled).collection
        if tree:
            said = [(file, clean_name(file.partition("/")[0])) for file in collection.files if "/" in file]
        digests = dict(zip(collection.files, collection.digests, strict=True))
        unknown = [file for file, _ in said if file not in digests]
        known = [Decision(digests[file], bin_) for file, bin_ in said if file in digests]
        if options.keywords:
            found = last(engine.decisions_from_keywords(folder, remembered_categories(engine)), KeywordDecisions)
            known = list(found.decisions)
            for file in found.ambiguous:
                tell(f"Keywords of several categories: {printable(file)}")
        if options.dry_run:
            if tree:
                look_at(engine, folder, progress)
            _preview(engine, folder, known, unknown, progress, as_json=options.json)
        else:
            batch = last(engine.decide(known), Saved).batch if known else None
            _print_taught(len(known), batch, unknown, as_json=options.json)
    return PARTLY_DONE if unknown or (tree and failures) else DONE


def _undo(engine: Engine, options: Options) -> int:
    if options.dry_run:
        raise CategoryError("--dry-run looks at what --decisions or --tree would change; --undo just takes it back.")
    try:
        last(engine.undo(options.undo), Saved)
    except ValueError as error:
        raise CategoryError(f"There is no batch {options.undo} of decisions.") from error
    if options.json:
        print_json({"undone": options.undo})
    else:
        print(f"What was learned as batch {options.undo} is taken back, except where more was said since.")
    return DONE


def _preview(
    engine: Engine,
    folder: Path,
    known: Sequence[Decision],
    unknown: Sequence[str],
    progress: ProgressLine,
    *,
    as_json: bool,
) -> None:
    opened = last(engine.open(), Opened)
    names = {category.name for category in opened.categories}
    new = tuple(Category(name) for name in dict.fromkeys(one.bin for one in known) if name and name not in names)
    request = RankRequest((*opened.categories, *new), opened.strictness)
    previewed = last(progress.watch(engine.preview(folder, request, known)), Previewed)
    change, collection = previewed.change, previewed.after.collection
    files = dict(zip(collection.photo_ids.tolist(), collection.files, strict=True))
    flows = [(flow, [files[photo_id] for photo_id in flow.samples]) for flow in change.flows]
    if as_json:
        listed = [{"from": one.source, "to": one.target, "count": one.count, "files": shown} for one, shown in flows]
        learned = {"would_learn": len(known), "unknown": list(unknown)}
        print_json(learned | {"changed": change.changed, "followed": change.followed, "flows": listed})
        return
    print(
        f"{count(len(known), 'move', 'moves')} would be learned; {_photos(change.followed)} would change bin besides."
    )
    for flow, shown in flows:
        samples = f": {', '.join(shown)}" if shown else ""
        print(printable(f"{flow.count:>7,}  {flow.source or UNSORTED} > {flow.target or UNSORTED}{samples}"))
    _tell_unknown(unknown)


def _print_taught(learned: int, batch: int | None, unknown: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"learned": learned, "batch": batch, "unknown": list(unknown)})
        return
    print(f"{count(learned, 'decision', 'decisions')} learned{'' if batch is None else f' as batch {batch}'}.")
    _tell_unknown(unknown)


def _tell_unknown(files: Sequence[str]) -> None:
    for file in files:
        tell(f"Not a photo of this folder: {printable(file)}")


def _photos(number: int) -> str:
    return count(number, "photo", "photos")
