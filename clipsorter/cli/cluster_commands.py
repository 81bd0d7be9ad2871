"""Commands for more photos than one machine can look at. Loaded only when asked for: Ray and pyarrow come along."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from types import MappingProxyType

from clipsorter.cli.contract import DONE, PARTLY_DONE, Command, Options, data_folder
from clipsorter.cli.output import count_photos, print_json, relative_name
from clipsorter.cli.progress import ProgressLine
from clipsorter.cli.running import last, tell_progress
from clipsorter.cli.terminal import tell
from clipsorter.engine.cluster import ClusterModel, Sharded, index_on_cluster
from clipsorter.engine.events import EntryFailed, PhotoFailed
from clipsorter.engine.importing import Imported, import_shards
from clipsorter.engine.workplace import Workplace
from clipsorter.library.log import keep_log
from clipsorter.photos.scan import check_folder


def index(options: Options) -> int:
    """Look at every photo below a folder on many machines, and write shards instead of remembering."""
    folder = check_folder(options.folder)
    progress = tell_progress(options)
    with _workplace(options) as work:  # left before the cluster begins: another ClipSorter may use the data folder
        model = _describe_model(work, progress, options)
    events = list(progress.watch(index_on_cluster(folder, options.shards, model, address=options.cluster)))
    failures = [event for event in events if isinstance(event, PhotoFailed | EntryFailed)]
    done = last(events, Sharded)
    if options.json:
        for failure in failures:
            print_json({"file": relative_name(failure.path, folder), "error": failure.reason})
        print_json({"photos": done.photos, "embedded": done.embedded, "failed": done.failed})
    else:
        tell(f"{count_photos(done.embedded)} written to {options.shards}")
    return PARTLY_DONE if failures else DONE


def import_(options: Options) -> int:
    """Take over what a cluster found."""
    folder = check_folder(options.folder)
    with _workplace(options) as work:
        run = import_shards(options.shards, folder, cache=work.cache(), model=work.models().chosen)
        done = last(tell_progress(options).watch(run), Imported)
    if options.json:
        print_json({"photos": done.photos, "known": done.known, "taken": done.taken, "left": done.left})
    else:
        tell(f"{count_photos(done.taken)} taken over, {done.known:,} known already, {done.left:,} left for index")
    return DONE


CLUSTER_COMMANDS: Mapping[str, Command] = MappingProxyType({"index": index, "import": import_})


@contextmanager
def _workplace(options: Options) -> Iterator[Workplace]:
    place = data_folder(options)
    with keep_log(place), closing(Workplace(place, options.model, (), options.device)) as work:
        yield work


def _describe_model(work: Workplace, progress: ProgressLine, options: Options) -> ClusterModel:
    chosen = work.models().chosen
    for _ in progress.watch(chosen.spec()):
        pass
    spec = chosen.remembered_spec
    assert spec is not None  # what a model is once it was loaded
    return ClusterModel(options.model, spec, work.place.models_path, work.place.graphs_path, options.device)
