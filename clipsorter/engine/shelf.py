"""The models there are: those of the catalogue, those on this machine, and what is known of each here."""

from dataclasses import dataclass
from pathlib import Path

from clipsorter.encoders.catalogue import CatalogueEntry, find_entry, make_entry, read_catalogue, recommend
from clipsorter.encoders.hardware import estimate_rate
from clipsorter.encoders.installed import PARTIAL_SUFFIX, InstalledModel, find_installed, list_installed
from clipsorter.encoders.runtimes import has_torch
from clipsorter.encoders.sources import find_model
from clipsorter.errors import ModelError, UnknownModelError

STARTER = CatalogueEntry(
    id="starter",
    name="Starter model",
    family="",
    library="open_clip",
    architecture="starter",
    repository="",
    languages=("en", "zh"),
    good_for="Everyday things from the first minute: pets, food, the sea, documents. Built in.",
)


@dataclass(frozen=True, slots=True)
class ShelfModel:
    """One model as a person sees it. ``STARTER`` stands on no shelf: it came along and stays."""

    entry: CatalogueEntry
    installed: InstalledModel | None
    is_partial: bool  # a download was interrupted and can go on
    is_recommended: bool
    rate: float  # photos per second on this processor, estimated from a probe; 0: not known
    is_runnable: bool = True  # False: this installation leaves out what it needs


def read_shelf(
    models_folder: Path, languages: tuple[str, ...] = ("en",), *, has_gpu: bool = False, processor: float = 0.0
) -> tuple[ShelfModel, ...]:
    """Every model of the catalogue in its order, then what a person added; nothing is loaded or verified.

    ``languages`` (BCP 47) and ``has_gpu`` decide what is recommended; ``processor`` is what ``measure_processor`` says.
    """
    installed = {model.entry.id: model for model in list_installed(models_folder)}
    recommended = recommend(languages, has_gpu=has_gpu)
    known = read_catalogue()
    ids = {entry.id for entry in known}
    others = [model.entry for model in installed.values() if model.entry.id not in ids]
    return tuple(
        ShelfModel(
            entry,
            installed.get(entry.id),
            (models_folder / f"{entry.id}{PARTIAL_SUFFIX}").is_dir(),
            entry.id in recommended,
            estimate_rate(entry.gflops, processor, is_convolutional=entry.is_convolutional),
            has_torch(),
        )
        for entry in (*known, *others)
    )


def is_starter(name: str) -> bool:
    """Whether a person means the model that came along."""
    return name.strip().casefold() == STARTER.id


def find_on_shelf(name: str, models_folder: Path) -> CatalogueEntry:
    """The entry a person means: of the catalogue, of what is installed, or of anything the hub could have.

    What is installed under exactly this name comes first: an added model may be called nearly as one of the catalogue.
    Raises UnknownModelError, also for the starter model, with which none of this can be done.
    """
    if is_starter(name):
        raise UnknownModelError(
            "The starter model is a part of ClipSorter: it needs no download, and it cannot be removed or exported. "
            "Whether it is whole says: clipsorter --self-test"
        )
    here = list_installed(models_folder)
    by_id = {model.entry.id.casefold(): model.entry for model in here} | {model.entry.id: model.entry for model in here}
    wanted = name.strip()
    entry = by_id.get(wanted) or find_entry(name) or by_id.get(wanted.casefold()) or make_entry(name)
    if entry is None:
        raise UnknownModelError(
            f'No model is called "{name}"; "clipsorter models list" shows those of the catalogue, others are named '
            "ORGANISATION/NAME as on the hub or ARCHITECTURE/TAG as in open_clip."
        )
    return entry


def find_here(name: str, models_folder: Path) -> InstalledModel:
    """The downloaded or added model of that name; raises UnknownModelError, and ModelFilesError for a damaged one."""
    entry = find_on_shelf(name, models_folder)
    installed = find_installed(entry.id, models_folder)
    if installed is None:
        raise UnknownModelError(f"{entry.name} is not on this machine.")
    return installed


def encoder_id_of(model: InstalledModel, models_folder: Path) -> str | None:
    """What the embeddings of ``model`` are stored under; None where its files are damaged."""
    try:
        return find_model(model.entry.id, models_folder).encoder_id
    except ModelError:
        return None
