"""Models without a network: from a folder, a file or an archive, and packed up for a friend.

Nothing of an archive is trusted: only files a model consists of are taken, links and names that point elsewhere are
refused, sizes are counted while unpacking, and what comes out is checked like any model.
"""

import glob
import hashlib
import lzma
import os
import re
import shutil
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from clipsorter.encoders import known_models
from clipsorter.encoders.catalogue import TEXT_CONFIG_FOLDER, CatalogueEntry
from clipsorter.encoders.families import TOKENIZER_NAMES
from clipsorter.encoders.hub.download import install
from clipsorter.encoders.hub.planning import CONFIGS, LARGEST_OTHER, LARGEST_WEIGHTS
from clipsorter.encoders.hub.transfer import check_room
from clipsorter.encoders.installed import (
    ADDING_PREFIX,
    MANIFEST_NAME,
    PARTIAL_SUFFIX,
    InstalledFile,
    InstalledModel,
    check_installed,
    check_relative,
    clear_leftovers,
    read_manifest,
)
from clipsorter.encoders.runtimes import require_torch
from clipsorter.encoders.sources import find_model
from clipsorter.encoders.weight_files import INDEX_NAME, read_weights_header
from clipsorter.errors import ModelFilesError, UnknownModelError

BLOCK = 4_000_000  # bytes between two looks at a cancel
MOST_ENTRIES = 10_000  # in an archive
ARCHIVES = {".zip", ".tar", ".tgz", ".gz", ".xz", ".bz2"}
TAKEN = {*CONFIGS, *TOKENIZER_NAMES, MANIFEST_NAME, INDEX_NAME}
# What Python's readers raise about archives that are not what they say; found by fuzzing, none of it is documented.
DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(ValueError, LookupError, OverflowError, NotImplementedError, RuntimeError, MemoryError),
)


@dataclass(frozen=True, slots=True)
class Copying:
    """A file is being copied; ``done`` of ``size`` bytes, of this file."""

    file: str
    done: int
    size: int


@dataclass(frozen=True, slots=True)
class Added:
    """The model is whole and ready to be used."""

    model: InstalledModel


@dataclass(frozen=True, slots=True)
class Packed:
    """The archive is whole."""

    archive: Path
    size: int  # bytes


def add_model(source: str, models_folder: Path, name: str = "") -> Iterator[Copying | Added]:
    """Copy a model into ``models_folder``; the last event is Added.

    ``source`` is a folder with a model, a .zip or .tar of one (as ``export_model`` makes it), or
    "ARCHITECTURE@FILE.safetensors". ``name`` is what it will be called; "" for the folder's or archive's own name.
    Nothing at ``source`` is changed. Closing the generator leaves nothing behind. Raises ModelFilesError and
    UnknownModelError as ``find_model`` does, and where a model of that name is here already; NeedsTorchError.
    """
    require_torch()
    architecture, at, file = source.partition("@")
    path = Path(os.path.expanduser(file if at else source))  # noqa: PTH111 - Path.expanduser raises for unknown users
    if not path.exists():
        raise ModelFilesError(f'There is nothing at "{path}".')
    stage = models_folder / f"{ADDING_PREFIX}{os.getpid()}{PARTIAL_SUFFIX}"
    clear_leftovers(models_folder)
    try:
        stage.mkdir(parents=True)
        if at:
            yield from _take_file(architecture, path, stage)
        elif path.is_dir():
            yield from _take_folder(path, stage)
        elif zipfile.is_zipfile(path):
            yield from _take_zip(path, stage)
        elif path.suffix != ".safetensors" and tarfile.is_tarfile(path):
            yield from _take_tar(path, stage)
        elif path.suffix.lower() in ARCHIVES:
            raise ModelFilesError(f'"{path.name}" is no archive, or a damaged one; fetch or copy it again.')
        else:
            find_model(source, models_folder)  # has the sentence for whatever this is
            yield from _take_folder(path.parent, stage)
        model = _describe(stage, architecture if at else "", name, path)
        final = models_folder / model.entry.id
        if final.exists():
            raise ModelFilesError(f'A model called "{final.name}" is here already; remove it or choose another name.')
        yield Added(install(model, final))
    except OSError as error:
        raise ModelFilesError(
            f'The model cannot be copied to "{models_folder}" ({error.strerror or error}).'
        ) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def export_model(model: InstalledModel, archive: Path) -> Iterator[Copying | Packed]:
    """Pack ``model`` into one .zip that ``add_model`` takes in on another machine; the last event is Packed.

    Its files are compared with the manifest first. Nothing is overwritten. Raises ModelFilesError.
    """
    if archive.exists():
        raise ModelFilesError(f'"{archive}" is there already; choose another name.')
    for file in check_installed(model):
        yield Copying(file.path, 0, file.size)
    beside = archive.with_name(f".{archive.name}.{os.getpid()}.part")
    _clear_parts(archive)
    try:
        check_room(archive.absolute().parent, model.size)
        with zipfile.ZipFile(beside, "x", zipfile.ZIP_STORED) as packed:  # weights do not get smaller
            names = [MANIFEST_NAME, *(file.path for file in model.files)]
            for name in names:
                size = (model.folder / name).stat().st_size
                info = zipfile.ZipInfo(f"{model.entry.id}/{name}")
                info.file_size = size
                with (model.folder / name).open("rb") as read, packed.open(info, "w", force_zip64=True) as written:
                    yield from _copy(name, read, written, size, size)
        os.link(beside, archive) if hasattr(os, "link") else beside.rename(archive)  # fails where the name is taken
    except OSError as error:
        raise ModelFilesError(f'"{archive}" cannot be written ({error.strerror or error}).') from error
    finally:
        with suppress(OSError):
            beside.unlink()
    yield Packed(archive, archive.stat().st_size)


def _clear_parts(archive: Path) -> None:
    """Delete what exports of this name left whose process was killed."""
    if os.name != "posix":  # elsewhere signal 0 is one that is sent
        return
    for part in archive.parent.glob(f".{glob.escape(archive.name)}.*.part"):
        number = part.name.removesuffix(".part").rpartition(".")[2]
        if number.isascii() and number.isdigit() and not _is_alive(int(number)):
            with suppress(OSError):
                part.unlink()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True


# -- taking in ---------------------------------------------------------------------------------------------------


def _take_file(architecture: str, weights: Path, stage: Path) -> Iterator[Copying]:
    find_model(f"{architecture}@{weights}", stage / "none")  # has the sentence for whatever is wrong
    check_room(stage.parent, weights.stat().st_size)
    with weights.open("rb") as stream:
        yield from _keep("open_clip_model.safetensors", stream, weights.stat().st_size, stage)


def _take_folder(folder: Path, stage: Path) -> Iterator[Copying]:
    if not (folder / MANIFEST_NAME).is_file():
        find_model(f"local-dir:{folder}", stage / "none")
    there = [*sorted(folder.iterdir()), *sorted((folder / TEXT_CONFIG_FOLDER).glob("config.json"))]
    names = {file: file.relative_to(folder).as_posix() for file in there if file.is_file()}
    wanted = {file: name for file, name in names.items() if _is_wanted(name)}
    check_room(stage.parent, sum(file.stat().st_size for file in wanted))
    for file, name in wanted.items():
        with file.open("rb") as stream:
            yield from _keep(name, stream, file.stat().st_size, stage)


def _take_zip(archive: Path, stage: Path) -> Iterator[Copying]:
    with _unpacking(archive), zipfile.ZipFile(archive) as packed:
        entries = packed.infolist()
        root = _find_root(archive, [info.filename for info in entries if not info.is_dir()])
        wanted = [(info, name) for info in entries if not info.is_dir() and (name := _below(root, info.filename))]
        check_room(stage.parent, sum(info.file_size for info, _ in wanted))
        for info, name in wanted:
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in {0, stat.S_IFREG} or info.flag_bits & 0x1:
                raise ModelFilesError(f'"{name}" in "{archive.name}" is a link or encrypted; it is not unpacked.')
            with packed.open(info) as stream:
                yield from _keep(name, stream, info.file_size, stage)


def _take_tar(archive: Path, stage: Path) -> Iterator[Copying]:
    with _unpacking(archive), tarfile.open(archive) as packed:
        members = packed.getmembers()
        root = _find_root(archive, [member.name for member in members if not member.isdir()])
        wanted = [(member, name) for member in members if not member.isdir() and (name := _below(root, member.name))]
        check_room(stage.parent, sum(member.size for member, _ in wanted))
        for member, name in wanted:
            stream = packed.extractfile(member) if member.isreg() else None
            if stream is None:
                raise ModelFilesError(f'"{name}" in "{archive.name}" is a link or no file; it is not unpacked.')
            with stream:
                yield from _keep(name, stream, member.size, stage)


@contextmanager
def _unpacking(archive: Path) -> Iterator[None]:
    """Map whatever the readers raise about the archive itself to ModelFilesError; what the disk raises passes."""
    try:
        yield
    except DAMAGE as error:
        raise ModelFilesError(f'"{archive.name}" is damaged: {error or type(error).__name__}.') from error
    except OSError as error:
        if error.errno is None:  # a reader's own complaint, as of a gzip header
            raise ModelFilesError(f'"{archive.name}" is damaged: {error}.') from error
        raise


def _find_root(archive: Path, names: list[str]) -> str:
    """The folder in an archive that holds the model: where its only weights are, "" for the archive itself."""
    if len(names) > MOST_ENTRIES:
        raise ModelFilesError(f'"{archive.name}" holds {len(names):,} files; that is no model.')
    if len(set(names)) != len(names):
        raise ModelFilesError(f'"{archive.name}" holds two files of one name; nobody can tell which one is meant.')
    for name in names:
        check_relative(name.removeprefix("./"))
    folders = {PurePosixPath(name).parent.as_posix() for name in names if name.endswith(".safetensors")}
    if len(folders) != 1:
        raise ModelFilesError(f'"{archive.name}" holds {len(folders) or "no"} models; it should hold one.')
    return folders.pop()


def _below(root: str, name: str) -> str:
    """The name relative to ``root`` where a model consists of such files; else ""."""
    path = PurePosixPath(name)
    if not path.is_relative_to(root):
        return ""
    relative = path.relative_to(root).as_posix()
    return relative if _is_wanted(relative) else ""


def _is_wanted(name: str) -> bool:
    if "/" in name:
        return name == f"{TEXT_CONFIG_FOLDER}/config.json"
    return name in TAKEN or (name.endswith(".safetensors") and not name.startswith("."))


def _keep(name: str, stream: IO[bytes], size: int, stage: Path) -> Iterator[Copying]:
    limit = LARGEST_WEIGHTS if name.endswith(".safetensors") else LARGEST_OTHER
    if size > limit:
        raise ModelFilesError(f'"{name}" has {size:,} bytes, more than such a file can have.')
    (stage / name).parent.mkdir(exist_ok=True)
    with (stage / name).open("xb") as written:
        yield from _copy(name, stream, written, size, limit)
        written.flush()
        os.fsync(written.fileno())


def _copy(name: str, read: IO[bytes], written: IO[bytes], size: int, limit: int) -> Iterator[Copying]:
    done = 0
    while block := read.read(BLOCK):
        done += len(block)
        if done > limit:  # an archive can promise less than it unpacks to
            raise ModelFilesError(f'"{name}" unpacks to more than it should.')
        written.write(block)
        yield Copying(name, done, size)


# -- describing --------------------------------------------------------------------------------------------------


def _describe(stage: Path, architecture: str, name: str, source: Path) -> InstalledModel:
    """What lies in ``stage``, checked: against its own manifest where it brings one, else as any unknown model."""
    origin = str(source.absolute())
    if (stage / MANIFEST_NAME).is_file():
        try:
            model = read_manifest(stage)
        except ModelFilesError as error:
            raise ModelFilesError(
                f'"{origin}" brings a {MANIFEST_NAME} that cannot be used; export it again.'
            ) from error
        for _ in check_installed(model):
            pass
        known = {MANIFEST_NAME, *(file.path for file in model.files)}
        for file in stage.rglob("*"):
            if file.is_file() and file.relative_to(stage).as_posix() not in known:
                file.unlink()
        return replace(model, entry=replace(model.entry, id=_make_id(name), name=name)) if name else model
    if not any(stage.glob("*.safetensors")):
        raise ModelFilesError("There are no weights of a usable name (.safetensors) in it.")
    entry = _make_entry(stage, architecture, _make_id(name or _plain_name(source)))
    files = []
    for file in sorted(path for path in stage.rglob("*") if path.is_file()):
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        files.append(InstalledFile(file.relative_to(stage).as_posix(), file.stat().st_size, digest, "first use"))
    model = InstalledModel(entry, stage, tuple(files), origin)
    read_weights_header(model.weights)
    if not entry.architecture:
        find_model(f"local-dir:{stage}", stage / "none")
    return model


def _make_id(name: str) -> str:
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:80]
    if not safe:
        raise UnknownModelError(f'"{name}" cannot be the name of a model; use letters, digits and "-".')
    if safe.casefold() in {"starter", "colour"}:  # find_model knows others by these
        raise UnknownModelError(f'"{safe}" is what a model of ClipSorter itself is called; choose another with --name.')
    return safe


def _make_entry(stage: Path, architecture: str, model_id: str) -> CatalogueEntry:
    if architecture and architecture not in known_models.list_architectures():
        raise UnknownModelError(f'No model is called "{architecture}".')
    is_ours = bool(architecture) or (stage / "open_clip_config.json").is_file()
    entry = CatalogueEntry(model_id, model_id, "added", "open_clip" if is_ours else "transformers", architecture, "")
    return replace(entry, size=sum(file.stat().st_size for file in stage.rglob("*") if file.is_file()))


def _plain_name(path: Path) -> str:
    name = path.name if path.is_dir() else path.name.partition(".")[0] or path.stem
    return path.absolute().parent.name if name in {"model", "open_clip_model", "open_clip_pytorch_model"} else name
