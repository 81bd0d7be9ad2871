"""A whole model from the hub: its files one after the other into a folder beside, the manifest last, then its name."""

import shutil
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from clipsorter.encoders.hub.address import Network
from clipsorter.encoders.hub.asking import Patience
from clipsorter.encoders.hub.events import Downloaded, DownloadEvent, Fetching
from clipsorter.encoders.hub.planning import Plan
from clipsorter.encoders.hub.transfer import Arrived, bytes_here, check_room, fetch_file
from clipsorter.encoders.installed import (
    MANIFEST_NAME,
    PARTIAL_SUFFIX,
    REMOVED_SUFFIX,
    InstalledFile,
    InstalledModel,
    clear_leftovers,
    read_manifest,
    write_manifest,
)
from clipsorter.encoders.weight_files import read_weights_header
from clipsorter.errors import DownloadError, ModelFilesError
from clipsorter.json_text import parse_json

RATE_SECONDS = 5.0  # over which the rate is taken


def download(
    plan: Plan, models_folder: Path, network: Network, patience: Patience | None = None
) -> Iterator[DownloadEvent]:
    """Fetch what ``plan`` says; the last event is Downloaded.

    Closing the generator stops at once and keeps what came, for the next call. An older download of the same model is
    replaced when the new one is whole. Raises DownloadError and, for files that are no model, ModelFilesError.
    """
    patience = patience or Patience()
    final = models_folder / plan.entry.id
    stage = models_folder / f"{plan.entry.id}{PARTIAL_SUFFIX}"
    if final.exists() and not (final / MANIFEST_NAME).is_file():
        raise DownloadError(f'"{final}" is in the way: it was not made by a download. Move it or remove it first.')
    try:
        stage.mkdir(parents=True, exist_ok=True)
        clear_leftovers(models_folder)
        here = sum(min(bytes_here(file, stage), file.remote.size or 0) for file in plan.files)
        check_room(stage, plan.size - here)
    except OSError as error:
        raise DownloadError(f'"{stage}" cannot be written ({error.strerror}).') from error
    files: list[InstalledFile] = []
    pace = _Pace()
    for planned in plan.files:
        before = sum(file.size for file in files)
        steps = fetch_file(planned, plan, stage, network, patience)
        try:
            while True:
                try:
                    step = next(steps)
                except StopIteration as end:
                    files.append(end.value)
                    break
                if isinstance(step, Arrived):
                    yield pace.mark(planned.path, before + step.done, max(plan.size, before + step.done))
                else:
                    yield step
        finally:
            steps.close()
    _check_texts(stage, files)
    model = InstalledModel(plan.entry, stage, tuple(files), plan.base, dict(plan.commits))
    read_weights_header(model.weights)
    yield Downloaded(install(model, final))


def install(model: InstalledModel, final: Path) -> InstalledModel:
    """Give a verified folder its manifest and its name, replacing an older download; raises ModelFilesError."""
    old = final.with_name(f".{final.name}{REMOVED_SUFFIX}")
    try:
        write_manifest(model)
        shutil.rmtree(old, ignore_errors=True)
        if final.exists():
            final.rename(old)
        model.folder.rename(final)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise ModelFilesError(f'"{final}" cannot be written ({error.strerror}).') from error
    return read_manifest(final)


def _check_texts(stage: Path, files: list[InstalledFile]) -> None:
    """The small files must be what their names say; a mirror that vouches for nothing could have sent anything."""
    for file in files:
        if file.path.endswith(".json"):
            try:
                parse_json((stage / file.path).read_text("utf-8"))
            except (OSError, ValueError) as error:
                (stage / file.path).unlink(missing_ok=True)
                raise ModelFilesError(
                    f'"{file.path}" came as something that is not JSON; it was thrown away.'
                ) from error


class _Pace:
    """Bytes per second over the last seconds."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def mark(self, file: str, done: int, total: int) -> Fetching:
        now = time.monotonic()
        self._marks.append((now, done))
        while now - self._marks[0][0] > RATE_SECONDS:
            self._marks.popleft()
        began, before = self._marks[0]
        seconds = now - began
        rate = (done - before) / seconds if seconds > 0 and done > before else 0.0
        return Fetching(file, done, total, rate, (total - done) / rate if rate > 0 else None)
