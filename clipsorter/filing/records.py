"""What a journal says, one record per line, and what all of it amounts to.

The first half makes records; the second reads what anybody may have written and believes nothing in it: places are
those that a run could have touched (``confines``), numbers those that a disk could have.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast, get_args

from clipsorter.filing.confines import check_act, check_folder_of_run, plain_path, root_folder
from clipsorter.filing.identity import Identity
from clipsorter.filing.plan import Kind

FORMAT = 1
_MOST = 1 << 64
_ENDS = frozenset({"complete", "stopped", "undone"})


@dataclass(frozen=True, slots=True)
class Act:
    """One operation as announced: everything that taking it back needs."""

    kind: Kind
    source: Path
    place: Path  # absolute
    identity: Identity  # of the source before
    mode: int  # st_mode of the source before
    atime_ns: int


@dataclass(frozen=True, slots=True)
class Landed:
    """What stands at the new place after a copy, as its disk keeps it (FAT rounds times)."""

    size: int
    mtime_ns: int
    digest: str


@dataclass(slots=True)
class Filed:
    """One photo of a run, as the journal knows it."""

    number: int
    file: str
    acts: tuple[Act, ...]
    landed: dict[int, Landed] = field(default_factory=dict)  # position in ``acts`` -> what stands there
    done: bool = False  # every act is complete
    undone: bool = False  # everything is as before (also when it failed and was taken back at once)
    failed: str = ""  # why it was not filed
    kept: str = ""  # why undo left it alone

    @property
    def settled(self) -> bool:
        """Nothing about it is unknown: it is filed, as before, or left alone for a reason that was said."""
        return self.done or self.undone or bool(self.kept)


@dataclass(frozen=True, slots=True)
class FolderBefore:
    """A folder before the run first touched it."""

    mtime_ns: int
    atime_ns: int
    names: str  # digest of the names in it


@dataclass(slots=True)
class History:
    """A whole journal, read."""

    run: str
    folder: Path
    target: Path
    mode: Kind
    started: str  # ISO 8601, UTC
    total: int  # photos in the plan
    mounted: bool  # the folder was the root of a disk of its own
    photos: dict[int, Filed] = field(default_factory=dict)  # in the order they were begun
    made: list[Path] = field(default_factory=list)  # folders, in the order they were made
    folders: dict[Path, FolderBefore] = field(default_factory=dict)
    ended: Literal["", "complete", "stopped", "undone"] = ""  # empty: the process ended before the run did
    undoing: bool = False  # an undo was begun after the last end
    undoing_only: tuple[int, ...] | None = None  # the photos that it was asked for; None: all

    @property
    def interrupted(self) -> bool:
        """Something was begun of which nobody noted how it went."""
        return not self.ended or any(not photo.settled for photo in self.photos.values())


def opening(
    run: str, *, folder: Path, target: Path, mode: Kind, started: str, total: int, mounted: bool
) -> dict[str, Any]:
    """The first record."""
    return {"do": "run", "format": FORMAT, "run": run, "folder": str(folder), "target": str(target), "mode": mode,
            "started": started, "total": total, "mounted": mounted}  # fmt: skip


def touching(path: Path, before: FolderBefore) -> dict[str, Any]:
    """A folder is about to be changed for the first time."""
    return {"do": "touch", "path": str(path), "mtime_ns": before.mtime_ns, "atime_ns": before.atime_ns,
            "names": before.names}  # fmt: skip


def making(path: Path) -> dict[str, Any]:
    """A folder that is not there is about to be made."""
    return {"do": "make", "path": str(path)}


def beginning(number: int, file: str, acts: tuple[Act, ...]) -> dict[str, Any]:
    """A photo is about to be filed."""
    return {"do": "begin", "n": number, "file": file, "acts": [_act_to_json(act) for act in acts]}


def landing(number: int, landed: Mapping[int, Landed]) -> dict[str, Any]:
    """Verified copies stand at their places; their sources may be removed from now on."""
    return {"do": "landed", "n": number,
            "at": [[position, one.size, one.mtime_ns, one.digest] for position, one in landed.items()]}  # fmt: skip


def done(number: int) -> dict[str, Any]:
    """A photo is filed."""
    return {"do": "done", "n": number}


def failed(number: int, reason: str) -> dict[str, Any]:
    """A photo could not be filed and everything is as before."""
    return {"do": "failed", "n": number, "why": reason}


def undoing(only: Collection[int] | None) -> dict[str, Any]:
    """Photos are about to be brought back; all of them for None."""
    return {"do": "undo", "only": None if only is None else sorted(only)}


def undone(number: int) -> dict[str, Any]:
    """A photo is back."""
    return {"do": "undone", "n": number}


def kept(number: int, reason: str) -> dict[str, Any]:
    """A photo was left alone by undo."""
    return {"do": "kept", "n": number, "why": reason}


def ending(how: str) -> dict[str, Any]:
    """The run, or the undo of it, is over: "complete", "stopped" or "undone"."""
    return {"do": "end", "how": how}


def begun_history(head: Mapping[str, Any]) -> History:
    """What the first record says. KeyError, TypeError or ValueError for what no run wrote, as in ``replay``."""
    if head["do"] != "run" or head["format"] != FORMAT:
        raise ValueError("not a journal of this version")
    return History(
        run=_text(head["run"]),
        folder=root_folder(head["folder"]),
        target=root_folder(head["target"]),
        mode=_kind(head["mode"]),
        started=datetime.fromisoformat(head["started"]).isoformat(timespec="seconds"),
        total=_whole(head["total"]),
        mounted=head["mounted"] is True,
    )


def replay(history: History, records: Sequence[Mapping[str, Any]]) -> None:
    """Add to ``history`` what these records say."""
    for record in records:
        _replay(history, record)


def _replay(history: History, record: Mapping[str, Any]) -> None:
    match record["do"]:
        case "touch" | "make":
            _replay_folder(history, record)
        case "begin":
            number, acts = _whole(record["n"]), tuple(_act_from_json(act, history) for act in record["acts"])
            if not acts:
                raise ValueError("a photo without acts")
            history.photos[number] = Filed(number, _text(record["file"]), acts)
            history.ended = ""
        case "landed":
            history.photos[record["n"]].landed = {
                _whole(at): Landed(_whole(size), _whole(mtime_ns), _text(digest))
                for at, size, mtime_ns, digest in record["at"]
            }
        case "done":
            photo = history.photos[record["n"]]
            photo.done, photo.undone = True, False
        case "failed":
            photo = history.photos[record["n"]]
            photo.undone, photo.failed = True, _text(record["why"])
        case "undone":
            photo = history.photos[record["n"]]
            photo.undone, photo.kept = True, ""
        case "kept":
            history.photos[record["n"]].kept = _text(record["why"])
        case "undo":
            history.undoing, history.ended = True, ""
            history.undoing_only = None if record["only"] is None else tuple(map(_whole, record["only"]))
        case "end":
            if record["how"] not in _ENDS:
                raise ValueError("an end of no known kind")
            history.undoing, history.ended = False, record["how"]
        case _:
            raise ValueError("a record of no known kind")


def _replay_folder(history: History, record: Mapping[str, Any]) -> None:
    path = plain_path(record["path"])
    if record["do"] == "make":
        check_folder_of_run(path, (history.target,))
        history.made.append(path)
    else:
        check_folder_of_run(path, (history.folder, history.target))
        before = FolderBefore(_whole(record["mtime_ns"]), _whole(record["atime_ns"]), _text(record["names"]))
        history.folders.setdefault(path, before)


def _act_to_json(act: Act) -> dict[str, Any]:
    return {
        "kind": act.kind,
        "source": str(act.source),
        "place": str(act.place),
        "size": act.identity.size,
        "mtime_ns": act.identity.mtime_ns,
        "inode": act.identity.inode,
        "digest": act.identity.digest,
        "mode": act.mode,
        "atime_ns": act.atime_ns,
    }


def _act_from_json(content: Mapping[str, Any], history: History) -> Act:
    identity = Identity(
        _whole(content["size"]), _whole(content["mtime_ns"]), _whole(content["inode"]), _text(content["digest"])
    )
    source, place = plain_path(content["source"]), plain_path(content["place"])
    check_act(source, place, folder=history.folder, target=history.target)
    return Act(_kind(content["kind"]), source, place, identity, _whole(content["mode"]), _whole(content["atime_ns"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _whole(value: object) -> int:
    if type(value) is not int or abs(value) > _MOST:
        raise TypeError("not a whole number that a disk could have")
    return value


def _kind(value: object) -> Kind:
    for kind in get_args(Kind):
        if value == kind:
            return cast(Kind, kind)
    raise ValueError("an act of no known kind")
