"""What we wrote into which sidecar, remembered so that exactly that can be withdrawn."""

import base64
import contextlib
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xxhash

from clipsorter.errors import FilingError
from clipsorter.filing.confines import is_behind_link, sidecar_path
from clipsorter.filing.disk import Disk
from clipsorter.filing.identity import digest_of, see
from clipsorter.filing.journal import Journal, whole_records
from clipsorter.filing.packet import MAX_BYTES
from clipsorter.filing.sidecar import part_of_sidecar
from clipsorter.filing.xmp import Keywords

LOG = "tags.jsonl"
_SLACK = 1000  # superseded records that are not worth a rewriting


@dataclass(frozen=True, slots=True)
class Written:
    """Our part in one sidecar."""

    sidecar: Path
    digest: str = ""  # of the photo's content
    keywords: Keywords = Keywords()  # noqa: RUF009 - frozen
    created: bool = False  # there was no sidecar before us
    before: bytes | None = None  # what it held before us, as long as nobody else has changed it since
    was: str = ""  # digest before this writing; empty: no sidecar
    now: str = ""  # digest after it; empty: no sidecar


class TagLog:
    """The log, replayed. One thread uses it; records are on the disk before the sidecars they announce change."""

    def __init__(self, path: Path, journal: Journal, records: Sequence[Mapping[str, Any]]) -> None:
        self._journal = journal
        self._ours: dict[Path, Written] = {}
        self._lines = len(records)
        self.interrupted: tuple[Path, ...] = ()  # sidecars of which nobody noted whether they were written
        pending: dict[Path, Written] = {}
        try:
            for record in records:
                self._replay(record, pending)
        except (KeyError, TypeError, ValueError, AttributeError, zlib.error) as error:
            raise FilingError(f"The record of written tags “{path}” is damaged; it is left as it is.") from error
        for written in pending.values():
            # The process ended in between: what stands there tells whether the writing took place.
            if _digest_at(written.sidecar) == written.now:
                self._keep(written)
        self.interrupted = tuple(pending)

    def ours(self, sidecar: Path) -> Written:
        """Our part in a sidecar; without keywords where we have none."""
        return self._ours.get(sidecar, Written(sidecar))

    def sidecars(self) -> Collection[Path]:
        """All sidecars with keywords of ours."""
        return tuple(self._ours)

    def announce(self, changes: Sequence[Written]) -> None:
        """Note what is about to be written."""
        if changes:
            self._append(*(_to_json(change, self.ours(change.sidecar).before) for change in changes))

    def settle(self, changes: Sequence[Written]) -> None:
        """Note what was written."""
        if changes:
            self._append({"do": "done", "sidecars": [str(change.sidecar) for change in changes]})
            for change in changes:
                self._keep(change)

    def forget(self, sidecar: Path) -> None:
        """Nothing in this sidecar is ours any more."""
        self._append({"do": "forget", "sidecar": str(sidecar)})
        self._ours.pop(sidecar, None)

    def follow(self, digests: Mapping[Path, str]) -> None:
        """Find again what moved: ``digests`` are sidecars as they stand now, with the content digest of their photo."""
        gone = {one.digest: one for one in self._ours.values() if one.digest and see(one.sidecar) is None}
        for sidecar, digest in digests.items():
            if sidecar not in self._ours and digest in gone and see(sidecar) is not None:
                moved = gone.pop(digest)
                self._append({"do": "moved", "from": str(moved.sidecar), "to": str(sidecar)})
                self._ours[sidecar] = replace(self._ours.pop(moved.sidecar), sidecar=sidecar)

    @property
    def is_mostly_old(self) -> bool:
        """Whether writing the log anew would pay."""
        return self._lines > _SLACK + 4 * len(self._ours)

    def compact(self) -> Iterator[dict[str, Any]]:
        """The records that say the same in the fewest lines."""
        for written in self._ours.values():
            yield _to_json(written, None)
        yield {"do": "done", "sidecars": [str(sidecar) for sidecar in self._ours]}

    def _append(self, *records: Mapping[str, Any]) -> None:
        self._journal.append(*records)
        self._lines += len(records)

    def _keep(self, written: Written) -> None:
        if written.keywords:
            self._ours[written.sidecar] = written
        else:
            self._ours.pop(written.sidecar, None)

    def _replay(self, record: Mapping[str, Any], pending: dict[Path, Written]) -> None:
        match record["do"]:
            case "write":
                written = _from_json(record, self.ours(Path(record["sidecar"])).before)
                pending[written.sidecar] = written
            case "done":
                for sidecar in map(Path, _texts(record["sidecars"])):
                    if sidecar in pending:
                        self._keep(pending.pop(sidecar))
            case "forget":
                self._ours.pop(Path(record["sidecar"]), None)
            case "moved":
                sidecar = sidecar_path(record["to"])
                self._ours[sidecar] = replace(self._ours.pop(Path(record["from"])), sidecar=sidecar)
            case _:
                raise ValueError("a record of no known kind")


@contextlib.contextmanager
def opened(folder: Path, disk: Disk) -> Iterator[TagLog]:
    """The log in this folder, made when missing. Raises FilingError where it cannot be read or written."""
    path = folder / LOG
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FilingError(f"The folder “{folder}” cannot be made: {error.strerror or error}.") from error
    records, size = whole_records(path) if path.exists() else ([], 0)
    journal = Journal(path, disk)
    try:
        journal.cut_torn_end(size)
        log = TagLog(path, journal, records)
        for sidecar in log.interrupted:
            with contextlib.suppress(OSError):  # a half-written part; it is hidden and harmless where it must stay
                disk.remove(part_of_sidecar(sidecar))
        yield log
    finally:
        journal.close()
    if log.is_mostly_old:
        _rewrite(path, log, disk)


def sidecars_below(log: TagLog, folder: Path) -> list[Path]:
    """The sidecars (or photos) with keywords of ours that really lie below a folder: not behind a link."""
    return [path for path in log.sidecars() if path.is_relative_to(folder) and not is_behind_link(path, folder)]


def digest_of_bytes(content: bytes | None) -> str:
    """32 hex digits of xxh3_128; empty for no file."""
    return "" if content is None else xxhash.xxh3_128_hexdigest(content)


def _rewrite(path: Path, log: TagLog, disk: Disk) -> None:
    part = path.with_suffix(".part")
    try:
        with contextlib.suppress(FileNotFoundError):
            disk.remove(part)
        journal = Journal(part, disk)
        try:
            journal.append(*log.compact())
        finally:
            journal.close()
        disk.replace(part, path)
        disk.sync_folder(path.parent)
    except OSError as error:
        raise FilingError(f"The record of written tags “{path}” cannot be written: {error.strerror}.") from error


def _digest_at(sidecar: Path) -> str | None:
    try:
        seen = see(sidecar)
        if seen is not None and not seen.regular:  # a link, a pipe: nothing that we wrote
            return None
        return digest_of(sidecar) if seen else ""
    except OSError:
        return None


def _to_json(written: Written, known: bytes | None) -> dict[str, Any]:
    before: str | bool | None = None
    if written.before is not None:
        # True: the same as in the record before, so that a thousand corrections do not keep a thousand copies.
        same = written.before == known
        before = True if same else base64.b64encode(zlib.compress(written.before)).decode()
    return {
        "do": "write",
        "sidecar": str(written.sidecar),
        "digest": written.digest,
        "subject": written.keywords.subject,
        "hierarchical": written.keywords.hierarchical,
        "tags_list": written.keywords.tags_list,
        "created": written.created,
        "before": before,
        "was": written.was,
        "now": written.now,
    }


def _from_json(record: Mapping[str, Any], known: bytes | None) -> Written:
    before = record["before"]
    return Written(
        sidecar=sidecar_path(record["sidecar"]),
        digest=_text(record["digest"]),
        keywords=Keywords(_texts(record["subject"]), _texts(record["hierarchical"]), _texts(record["tags_list"])),
        created=record["created"] is True,
        before=known if before is True else None if before is None else _unpacked(before),
        was=_text(record["was"]),
        now=_text(record["now"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError("not a list")
    return tuple(map(_text, values))


def _unpacked(text: str) -> bytes:
    """What ``_to_json`` packed; ValueError for anything else, and for more than a sidecar can hold."""
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(base64.b64decode(text, validate=True), MAX_BYTES + 1)
    if len(content) > MAX_BYTES or not unpacking.eof:
        raise ValueError("not what a sidecar holds")
    return content
