"""``clipsorter models``: what there is, what is here, and how it comes and goes."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from clipsorter.cli.contract import DONE, PARTLY_DONE, STOPPED, Options, data_folder
from clipsorter.cli.model_numbers import try_numbers, verify_numbers
from clipsorter.cli.output import print_json
from clipsorter.cli.progress import duration_words
from clipsorter.cli.terminal import printable, tell
from clipsorter.encoders.catalogue import CatalogueEntry
from clipsorter.encoders.hardware import has_graphics_card, measure_processor
from clipsorter.encoders.hub.address import Network
from clipsorter.encoders.hub.archives import Added, Copying, Packed, add_model, export_model
from clipsorter.encoders.hub.download import download as fetch
from clipsorter.encoders.hub.events import Asking, Downloaded, Fetching, Retrying, Verifying
from clipsorter.encoders.hub.planning import Plan, plan_download
from clipsorter.encoders.installed import (
    InstalledModel,
    check_installed,
    find_installed,
    list_installed,
    remove_installed,
)
from clipsorter.encoders.runtimes import WITHOUT_TORCH, has_torch
from clipsorter.encoders.sources import find_model
from clipsorter.engine.shelf import (
    STARTER,
    ShelfModel,
    encoder_id_of,
    find_here,
    find_on_shelf,
    is_starter,
    read_shelf,
)
from clipsorter.errors import DownloadError, ModelError, UnknownModelError
from clipsorter.library.cache import Cache
from clipsorter.library.data_folder import DataFolder
from clipsorter.library.settings import load_settings

ANEW = "Stopped. Nothing of it was kept; the same command begins anew."
AFTER_CTRL_C = {
    "add": ANEW,
    "export": ANEW,
    "verify": "Stopped before everything was compared.",
    "remove": "Stopped. The same command removes the rest.",
}


def models(options: Options) -> int:
    """List, describe, download, add, verify, remove and export models."""
    place = DataFolder(data_folder(options))
    try:
        return _act(place, options)
    except KeyboardInterrupt:
        if options.action not in AFTER_CTRL_C:
            raise
        tell(f"\n{AFTER_CTRL_C[options.action]}")
        return STOPPED + signal.SIGINT


def _act(place: DataFolder, options: Options) -> int:
    readers = {"list": _list, "info": _describe, "verify": _verify, "export": _export}
    if options.action in readers:
        return readers[options.action](place, options)
    with place:  # these write: one ClipSorter at a time
        return {"download": _download, "add": _add, "remove": _remove}[options.action](place, options)


def _list(place: DataFolder, options: Options) -> int:
    languages = tuple(options.languages.split(","))
    has_gpu = has_graphics_card()
    shelf = read_shelf(place.models_path, languages, has_gpu=has_gpu, processor=measure_processor())
    wanted = [_starter_here(), *(model for model in shelf if model.installed or not options.installed)]
    in_use = load_settings(place.settings_path).model
    for model in wanted:
        if options.json:
            print_json(_facts(model, place))
        else:
            print(_line(model, in_use=model.entry.id == in_use))
    if not options.json:
        tell("used: by the window · here: on this machine · part: begun, goes on where it stopped · no: see info")
        tell("* recommended. The speed is an estimate for this processor; a graphics card is much faster.")
        if not has_torch():
            tell(WITHOUT_TORCH)
    return DONE


def _starter_here() -> ShelfModel:
    return ShelfModel(STARTER, None, is_partial=False, is_recommended=False, rate=0.0)


def _line(model: ShelfModel, *, in_use: bool) -> str:
    entry = model.entry
    here = model.installed is not None or entry is STARTER
    state = (
        "used" if in_use else "here" if here else "part" if model.is_partial else " no " if entry.unavailable else ""
    )
    mark = "*" if model.is_recommended else " "
    rate = f"{model.rate:6.1f}/s" if model.rate else "        "
    languages = ",".join(entry.languages[:2]) + ("…" if len(entry.languages) > 2 else "")
    size = _size(entry.size) if entry.size else ""
    return f"{mark} {state:4} {entry.id:26} {size:>8} {rate} {languages:8} {printable(entry.good_for)}"


def _facts(model: ShelfModel, place: DataFolder) -> dict[str, object]:
    installed = model.installed
    return {
        **asdict(model.entry),
        "speed": model.entry.speed,
        "recommended": model.is_recommended,
        "photos_per_second_estimated": round(model.rate, 2) or None,
        "installed": installed is not None or model.entry is STARTER,
        "partial": model.is_partial,
        "folder": str(installed.folder) if installed else None,
        "commits": dict(installed.commits) if installed else {},
        "origin": installed.origin if installed else None,
        "added": installed.added if installed else None,
        "files": [asdict(file) for file in installed.files] if installed else [],
        "encoder": _encoder_of(model, place),
    }


def _encoder_of(model: ShelfModel, place: DataFolder) -> str | None:
    if model.entry is STARTER:
        return find_model(STARTER.id, place.models_path).encoder_id
    return encoder_id_of(model.installed, place.models_path) if model.installed and model.entry.id else None


def _describe(place: DataFolder, options: Options) -> int:
    entry = STARTER if is_starter(options.name) else find_on_shelf(options.name, place.models_path)
    found = [one for one in read_shelf(place.models_path, processor=measure_processor()) if one.entry.id == entry.id]
    model = found[0] if found else ShelfModel(entry, None, False, False, 0.0)
    facts = _facts(model, place)
    if options.json:
        print_json(facts)
        return DONE
    print(f"{entry.name} ({entry.id})")
    for name, value in (
        ("good for", entry.good_for),
        ("languages", ", ".join(entry.languages)),
        ("size", _size(entry.size) if entry.size else ""),
        ("speed", f"about {model.rate:.1f} photos per second on this processor (estimated)" if model.rate else ""),
        ("code", f"{entry.code_licence}  {entry.code_licence_url}" if entry.code_licence else ""),
        ("weights", f"{entry.weights_licence}  {entry.weights_licence_url}" if entry.weights_licence else ""),
        ("on the hub", f"{entry.repository} at {entry.revision}" if entry.repository else ""),
        ("not here", entry.unavailable),
    ):
        if value:
            print(f"  {name:11} {printable(value)}")
    if model.installed:
        print(f"  {'here':11} {printable(str(model.installed.folder))}, added {model.installed.added}")
        for repository, commit in model.installed.commits.items():
            print(f"  {'commit':11} {commit or 'not said'}  {printable(repository)}")
        for file in model.installed.files:
            print(f"  {'file':11} {file.sha256}  {file.path} ({file.size:,} bytes, vouched for by {file.vouched_by})")
    return DONE


def _download(place: DataFolder, options: Options) -> int:
    entry = find_on_shelf(options.name, place.models_path)
    settings = load_settings(place.settings_path)
    network = Network(options.mirror or settings.mirror, options.proxy or settings.proxy)
    with _line_of_progress(options) as show:
        plan = None
        steps = plan_download(entry, network)
        while plan is None:
            try:
                show(next(steps))
            except StopIteration as end:
                plan = end.value
    if (here := _find_same(plan, place)) is not None:
        tell(f"{entry.name} is here already, in this very version; whether it is whole says: models verify {entry.id}")
        _report("downloaded", here, options)
        return DONE
    _say_plan(plan)
    if not (options.yes or _agrees()):
        raise DownloadError("Nothing was downloaded; add --yes to agree beforehand.")
    with _line_of_progress(options) as show:
        for event in fetch(plan, place.models_path, network):
            show(event)
            if isinstance(event, Downloaded):
                installed = event.model
    _report("downloaded", installed, options)
    return DONE


def _find_same(plan: Plan, place: DataFolder) -> InstalledModel | None:
    """What is here of the very commits that would be fetched, with no file missing or cut short."""
    commits = dict(plan.commits)
    try:
        installed = find_installed(plan.entry.id, place.models_path)
    except ModelError:
        return None
    if installed is None or not all(commits.values()) or commits != installed.commits:
        return None
    sizes = {file.path: file.size for file in installed.files}
    there = {path: (installed.folder / path).stat().st_size for path in sizes if (installed.folder / path).is_file()}
    return installed if there == sizes else None


def _say_plan(plan: Plan) -> None:
    entry = plan.entry
    tell(f"{entry.name} from {plan.base}: {len(plan.files)} files, {_size(plan.size)}")
    tell(f"Licence of the weights: {entry.weights_licence or plan.licence or 'not stated'} {entry.weights_licence_url}")
    if plan.licence and entry.weights_licence:
        tell(f"The repository itself says: {plan.licence}")
    if plan.converted:
        tell("Its authors published only pickles; these are the same weights as the hub's robot converted them.")
    for repository, commit in plan.commits:
        tell(f"{repository} at commit {commit or '(the mirror does not say)'}")


def _agrees() -> bool:
    if not sys.stdin.isatty():
        return False
    print("Download it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in {"y", "yes", "j", "ja", "是"}


def _add(place: DataFolder, options: Options) -> int:
    with _line_of_progress(options) as show:
        for event in add_model(options.source, place.models_path, options.name or ""):
            show(event)
            if isinstance(event, Added):
                installed = event.model
    _report("added", installed, options)
    return DONE


def _verify(place: DataFolder, options: Options) -> int:
    """Compare the bytes of downloaded models, then their numbers; of any other model only the numbers."""
    wants_bytes, wants_numbers = not options.numbers, not options.bytes
    chosen: tuple[InstalledModel, ...] = ()
    if wants_bytes:
        chosen = _find_to_verify(place, options)
        if not chosen and options.name:
            wants_bytes = False
    if not wants_bytes:
        return verify_numbers(options.name or options.model, place, options)
    broken = 0
    for model in chosen:
        reason = ""
        try:
            with _line_of_progress(options) as show:
                for file in check_installed(model):  # without memory: every byte is read
                    show(Verifying(file.path, 0, file.size))
        except ModelError as error:
            reason = str(error)
            broken += 1
        if options.json:
            print_json({"id": model.entry.id, "whole": not reason, "error": reason or None})
        else:
            print(f"{'BROKEN' if reason else 'whole '}  {model.entry.id}{f': {reason}' if reason else ''}")
        if wants_numbers and not reason:
            broken += try_numbers(model.entry.id, place, options) != DONE
    return PARTLY_DONE if broken else DONE


def _find_to_verify(place: DataFolder, options: Options) -> tuple[InstalledModel, ...]:
    """The downloaded models that are meant; none for one that came another way (the starter, a folder)."""
    if not options.name:
        return list_installed(place.models_path)
    try:
        return (find_here(options.name, place.models_path),)
    except UnknownModelError as unknown:
        if not options.bytes:
            with suppress(UnknownModelError):
                find_model(options.name, place.models_path)
                return ()
        raise unknown from None


def _remove(place: DataFolder, options: Options) -> int:
    entry = find_on_shelf(options.name, place.models_path)
    vectors = _forget_vectors(place, entry) if options.vectors else 0
    freed = remove_installed(entry.id, place.models_path)
    if options.json:
        print_json({"id": entry.id, "removed": True, "bytes": freed, "vectors": vectors})
    else:
        kept = f"{vectors:,} embeddings went too" if options.vectors else "its embeddings stay (--vectors removes them)"
        print(f"{entry.id} removed, {_size(freed)} freed; {kept}.")
    return DONE


def _forget_vectors(place: DataFolder, entry: CatalogueEntry) -> int:
    """Remove the embeddings of a model before its files go; returns how many."""
    installed = find_here(entry.id, place.models_path)
    encoder_id = encoder_id_of(installed, place.models_path)
    if encoder_id is None:
        raise ModelError(
            f"The files of {entry.name} are damaged, so its embeddings cannot be told; leave --vectors out."
        )
    with Cache.open(place.cache_path) as cache:
        count = cache.embedding_counts().get(encoder_id, 0)
        cache.forget_encoder(encoder_id)
    return count


def _export(place: DataFolder, options: Options) -> int:
    model = find_here(options.name, place.models_path)
    archive = Path(options.file)
    with _line_of_progress(options) as show:
        for event in export_model(model, archive):
            show(event)
            if isinstance(event, Packed):
                packed = event
    if options.json:
        print_json({"id": model.entry.id, "file": str(packed.archive), "bytes": packed.size})
    else:
        print(f"{model.entry.id} exported to {printable(str(packed.archive))} ({_size(packed.size)}).")
    return DONE


def _report(done: str, model: InstalledModel, options: Options) -> None:
    if options.json:
        print_json({"id": model.entry.id, "folder": str(model.folder), "bytes": model.size, done: True})
    else:
        print(f"{model.entry.id} {done}; use it with --model {model.entry.id}.")


def _size(number: int) -> str:
    return f"{number / 1e9:.2f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB" if number else "?"


class _Shown:
    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet or not sys.stderr.isatty()
        self._width = 0

    def __call__(self, event: object) -> None:
        words = _words(event)
        if words and not self._quiet:
            print("\r" + words.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(words)

    def end(self) -> None:
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)


@contextmanager
def _line_of_progress(options: Options) -> Iterator[_Shown]:
    shown = _Shown(quiet=options.quiet)
    try:
        yield shown
    finally:
        shown.end()


def _words(event: object) -> str:
    match event:
        case Asking():
            return "Asking the hub…"
        case Fetching(file, done, total, rate, left):
            pace = f" · {rate / 1e6:.1f} MB/s" if rate else ""
            rest = f" · about {duration_words(left)} left" if left is not None else ""
            return f"{file}: {_size(done)} of {_size(total)}{pace}{rest}"
        case Retrying(reason, seconds):
            return f"{reason}; trying again in {max(1, round(seconds))} s"
        case Verifying(file):
            return f"Verifying {file}…"
        case Copying(file, done, size):
            return f"{file}: {_size(done)} of {_size(size)}"
    return ""
