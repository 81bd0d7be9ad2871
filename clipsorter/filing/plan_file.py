"""A plan as a JSON file that a person can read, edit by dropping lines, and apply another day.

A plan file is believed in nothing: it may come from anybody. Whatever it says, Apply can only move photos (and what
travels with photos) that stand below the named folder to free names below the named target.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeGuard, get_args

from clipsorter.errors import FilingError
from clipsorter.filing.exports import report
from clipsorter.filing.identity import Identity
from clipsorter.filing.kinds import may_travel
from clipsorter.filing.names import is_component, twin_key
from clipsorter.filing.plan import Kind, Layout, Operation, Plan, PlannedPhoto, Problem, Skipped
from clipsorter.regular_files import read_regular

FORMAT = "clipsorter plan 1"
_MAX_BYTES = 1 << 28  # about 600,000 photos
_MAX_DEPTH = 40  # folders below the target
_MAX_INTEGER = 1 << 64
_TOO_LONG = "These are more photos than can be taken back in one go. Sort fewer categories or folders at a time."


def write_plan(path: Path, plan: Plan) -> None:
    """Write the plan where ``read_plan`` finds it again, value for value.

    Raises FilingError as exports do, and for a plan so long that ``read_plan`` would refuse it.
    """
    head = {
        "format": FORMAT,
        "folder": str(plan.folder),
        "target": str(plan.target),
        "mode": plan.mode,
        "layout": plan.layout,
        "bytes_needed": plan.bytes_needed,
        "bytes_free": plan.bytes_free,
        "skipped": [{"file": one.file, "reason": one.reason, "there": one.there} for one in plan.skipped],
        "problems": [{"file": one.file, "reason": one.reason} for one in plan.problems],
    }
    with report(path) as file:
        # One line per photo: a person can drop lines, and a program can compare two plans.
        opening = json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "photos": ['
        file.write(opening.encode("utf-8", "backslashreplace"))
        for index, photo in enumerate(plan.photos):
            line = json.dumps(photo_to_json(photo), ensure_ascii=False)
            file.write(("," if index else "").encode() + b"\n  " + line.encode("utf-8", "backslashreplace"))
        file.write(b"\n ]\n}\n")
        if file.tell() > _MAX_BYTES:
            raise FilingError(_TOO_LONG)


def read_plan(path: Path) -> Plan:
    """Read a plan file, trusting nothing in it. Raises FilingError with one sentence about the first thing wrong."""
    try:
        content = json.loads(
            read_regular(path, _MAX_BYTES), parse_constant=_no_constant, object_pairs_hook=_without_twins
        )
    except OSError as error:
        raise FilingError(f"The plan “{path}” cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise FilingError(f"“{path}” is not a plan: {error}.") from error
    return _Reader(f"“{path}” is not a plan that can be used: ").plan(content)


def photo_to_json(photo: PlannedPhoto) -> dict[str, Any]:
    """One line of a plan, as plain JSON values."""
    return {
        "number": photo.number,
        "file": photo.file,
        "category": photo.category,
        "reason": photo.reason,
        "operations": [
            {
                "kind": operation.kind,
                "source": str(operation.source),
                "destination": operation.destination,
                "size": operation.identity.size,
                "mtime_ns": operation.identity.mtime_ns,
                "inode": operation.identity.inode,
                "digest": operation.identity.digest,
            }
            for operation in photo.operations
        ],
    }


class _Reader:
    """Turns JSON values into a Plan, or says in one sentence why not."""

    def __init__(self, complaint: str, *, windows: bool = os.name == "nt") -> None:
        self._complaint = complaint
        self._windows = windows

    def plan(self, content: object) -> Plan:
        head = self._object(
            content,
            "the file",
            {"format", "folder", "target", "mode", "layout", "bytes_needed", "bytes_free", "skipped", "problems",
             "photos"},
        )  # fmt: skip
        if head["format"] != FORMAT:
            self._refuse(f"its format is not “{FORMAT}”")
        folder = self._folder(head["folder"], "folder")
        target = self._folder(head["target"], "target")
        photos = tuple(
            self._photo(line, f"photo {index}", folder, target)
            for index, line in enumerate(self._list(head["photos"], "photos"))
        )
        plan = Plan(
            folder=folder,
            target=target,
            mode=self._one_of(head["mode"], get_args(Kind), "mode"),
            layout=self._one_of(head["layout"], get_args(Layout), "layout"),
            photos=photos,
            skipped=tuple(self._skipped(one) for one in self._list(head["skipped"], "skipped")),
            problems=tuple(self._problem(one) for one in self._list(head["problems"], "problems")),
            bytes_needed=self._integer(head["bytes_needed"], "bytes_needed"),
            bytes_free=self._integer(head["bytes_free"], "bytes_free"),
        )
        self._check_whole(plan)
        return plan

    def _check_whole(self, plan: Plan) -> None:
        numbers, sources, places = set(), set(), set()
        for photo in plan.photos:
            if photo.number in numbers:
                self._refuse(f"two photos have the number {photo.number}")
            numbers.add(photo.number)
            for operation in photo.operations:
                place = tuple(twin_key(part) for part in operation.destination.split("/"))
                if place in places:
                    self._refuse(f"two files would become “{operation.destination}”")
                places.add(place)
                if operation.kind == "move" and operation.source in sources:
                    self._refuse(f"“{operation.source}” would be moved twice")
                sources.add(operation.source)

    def _photo(self, content: object, where: str, folder: Path, target: Path) -> PlannedPhoto:
        line = self._object(content, where, {"number", "file", "category", "reason", "operations"})
        operations: list[Operation] = []
        for one in self._list(line["operations"], f"{where}, operations"):
            operations.append(self._operation(one, where, folder, target, operations))
        if not operations:
            self._refuse(f"{where} has no operations")
        return PlannedPhoto(
            number=self._integer(line["number"], f"{where}, number"),
            file=self._text(line["file"], f"{where}, file"),
            category=self._text(line["category"], f"{where}, category"),
            reason=self._text(line["reason"], f"{where}, reason"),
            operations=tuple(operations),
        )

    def _operation(self, content: object, where: str, folder: Path, target: Path, before: list[Operation]) -> Operation:
        keys = {"kind", "source", "destination", "size", "mtime_ns", "inode", "digest"}
        line = self._object(content, f"{where}, operation", keys)
        kind: Kind = self._one_of(line["kind"], get_args(Kind), f"{where}, kind")
        destination = self._destination(line["destination"], where)
        source = self._path(line["source"], f"{where}, source")
        is_home = any(source == target / earlier.destination for earlier in before)
        if is_home and kind not in {"hardlink", "symlink"}:
            self._refuse(f"{where} files a photo twice")
        if not is_home and not source.is_relative_to(folder):
            self._refuse(f"the source “{source}” is not below “{folder}”")
        if not may_travel(source) or Path(destination).suffix != source.suffix:
            self._refuse(f"“{source}” is neither a photo nor anything that travels with one")
        digest = self._text(line["digest"], f"{where}, digest")
        if digest and not (len(digest) == 32 and set(digest) <= set("0123456789abcdef")):
            self._refuse(f"{where} has a digest that is none")
        identity = Identity(
            size=self._integer(line["size"], f"{where}, size"),
            mtime_ns=self._integer(line["mtime_ns"], f"{where}, mtime_ns", negative=True),
            inode=self._integer(line["inode"], f"{where}, inode"),
            digest=digest,
        )
        return Operation(kind, source, destination, identity)

    def _destination(self, content: object, where: str) -> str:
        destination = self._text(content, f"{where}, destination")
        parts = destination.split("/")
        if len(parts) > _MAX_DEPTH or not all(is_component(part, windows=self._windows) for part in parts):
            self._refuse(f"the destination “{destination}” does not stay below the target")
        return destination

    def _folder(self, content: object, where: str) -> Path:
        path = self._path(content, where)
        if path == path.parent:
            self._refuse(f"its {where} is the root of the disk")
        return path

    def _path(self, content: object, where: str) -> Path:
        text = self._text(content, where)
        path = Path(text)
        if not path.is_absolute() or ".." in path.parts or "\0" in text or str(path) != text:
            self._refuse(f"{where} is not a full and plain path")
        return path

    def _skipped(self, content: object) -> Skipped:
        line = self._object(content, "skipped", {"file", "reason", "there"})
        reason = line["reason"]
        if reason == "in place" or reason == "same content":  # noqa: PLR1714 - narrows to the two literals
            return Skipped(self._text(line["file"], "file"), reason, self._text(line["there"], "there"))
        return self._refuse("a photo is skipped for no known reason")

    def _problem(self, content: object) -> Problem:
        line = self._object(content, "problems", {"file", "reason"})
        return Problem(self._text(line["file"], "file"), self._text(line["reason"], "reason"))

    def _object(self, content: object, where: str, keys: set[str]) -> Mapping[str, object]:
        if not _is_object(content) or set(content) != keys:
            self._refuse(f"{where} must have exactly: {', '.join(sorted(keys))}")
        return content

    def _list(self, content: object, where: str) -> list[object]:
        if not isinstance(content, list):
            self._refuse(f"{where} must be a list")
        return content

    def _text(self, content: object, where: str) -> str:
        if not isinstance(content, str):
            self._refuse(f"{where} must be text")
        try:
            os.fsencode(content)
        except UnicodeEncodeError:
            self._refuse(f"{where} is text that no disk could name")
        return content

    def _integer(self, content: object, where: str, *, negative: bool = False) -> int:
        if type(content) is not int or abs(content) > _MAX_INTEGER or (content < 0 and not negative):
            self._refuse(f"{where} must be a whole number")
        return content

    def _one_of(self, content: object, choices: tuple[Any, ...], where: str) -> Any:
        if not isinstance(content, str) or content not in choices:
            self._refuse(f"{where} must be one of {', '.join(choices)}")
        return content

    def _refuse(self, why: str) -> NoReturn:
        raise FilingError(f"{self._complaint}{why}.")


def _is_object(content: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(content, dict)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands there twice")
    return content
