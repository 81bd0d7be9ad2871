"""One file from the hub to the disk: resumed where it was cut, compared with its hash, and only then named."""

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from clipsorter.encoders.hub.address import Network, file_url, parse_address
from clipsorter.encoders.hub.asking import Patience, check_busy, pause
from clipsorter.encoders.hub.events import Retrying, Verifying
from clipsorter.encoders.hub.exchange import ConnectionLostError, Exchange, Head
from clipsorter.encoders.hub.planning import Plan, PlannedFile
from clipsorter.encoders.installed import InstalledFile
from clipsorter.errors import DownloadError

SPARE = 200_000_000  # bytes that stay free on the disk
BETWEEN_CHECKS = 64_000_000  # bytes between two looks at the free space: others write to the disk too
BLOCK = 4_000_000  # bytes hashed between two looks at a cancel
CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PAGE_STARTS = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Arrived:
    """So many bytes of the file are on the disk; also said while none come."""

    done: int


class _SpoiledError(Exception):
    """What lies on the disk is not the file; ``str`` is a sentence."""


def fetch_file(
    planned: PlannedFile, plan: Plan, folder: Path, network: Network, patience: Patience
) -> Generator[Arrived | Retrying | Verifying, None, InstalledFile]:
    """Fetch one file of ``plan`` into ``folder``, going on with what an earlier attempt left there.

    Closing the generator hangs up and keeps what came. Raises DownloadError: the network stayed away, the server gave
    something else, the hash is wrong twice, or the disk is full.
    """
    return (yield from _Transfer(planned, plan, folder, network, patience).steps())


def bytes_here(planned: PlannedFile, folder: Path) -> int:
    """How much of a file an earlier attempt left."""
    for file in (folder / planned.path, _part(planned, folder)):
        if file.is_file():
            return file.stat().st_size
    return 0


def check_room(folder: Path, wanted: int) -> None:
    """Raise DownloadError when the disk of ``folder`` has no room for ``wanted`` more bytes and some to spare."""
    free = shutil.disk_usage(folder).free
    if free < wanted + SPARE:
        raise DownloadError(
            f"There is not enough room on the disk: {wanted / 1e9:.2f} GB are needed and {SPARE / 1e9:.1f} GB stay "
            f'free, but "{folder}" has {free / 1e9:.2f} GB left. Free some space and start again; what is here is kept.'
        )


def _part(planned: PlannedFile, folder: Path) -> Path:
    """Named after what it becomes, so that a part of another version is never gone on with."""
    key = (planned.remote.sha256 or planned.remote.git_oid or "unknown")[:16]
    return folder / f"{planned.path}.{key}.part"


class _Transfer:
    def __init__(self, planned: PlannedFile, plan: Plan, folder: Path, network: Network, patience: Patience) -> None:
        remote = planned.remote
        self._planned = planned
        self._remote = remote
        revision = remote.commit or plan.entry.revision
        self._address = parse_address(file_url(plan.base, remote.repository, revision, remote.path))
        self._network = network
        self._patience = patience
        self._final = folder / planned.path
        self._part = _part(planned, folder)
        self._tag_file = self._part.with_name(f"{self._part.name}.etag")
        self._size = remote.size

    def steps(self) -> Generator[Arrived | Retrying | Verifying, None, InstalledFile]:
        self._final.parent.mkdir(parents=True, exist_ok=True)
        if self._final.is_file():
            self._final.replace(self._part)  # of an earlier run; verified once more below
        failures = spoiled = 0
        while True:
            before = self._done
            try:
                yield from self._fetch_rest()
                installed = yield from self._verify()
                break
            except ConnectionLostError as error:
                failures = 0 if self._done > before else failures
                if failures >= len(self._patience.pauses):
                    raise DownloadError(
                        f"The download stopped: {error}. What is here is kept; start it again later or use a mirror."
                    ) from error
                yield from pause(error, self._patience, failures)
                failures += 1
            except _SpoiledError as error:
                self._forget()
                spoiled += 1
                if spoiled == 2:
                    raise DownloadError(f"{error} It was fetched twice and thrown away; try another mirror.") from error
            except OSError as error:
                raise _explain(error, self._final) from error
        self._part.replace(self._final)
        self._tag_file.unlink(missing_ok=True)
        _sync_folder(self._final.parent)
        return installed

    @property
    def _done(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _forget(self) -> None:
        self._part.unlink(missing_ok=True)
        self._tag_file.unlink(missing_ok=True)

    # -- fetching ------------------------------------------------------------------------------------------------

    def _fetch_rest(self) -> Generator[Arrived, None, None]:
        offset = self._done
        if self._size is not None and offset >= self._size:
            return  # whole, or too long, which the comparison tells
        headers = {}
        if offset:
            headers["Range"] = f"bytes={offset}-"
            if tag := self._read_tag():
                headers["If-Range"] = tag
        exchange = Exchange(
            self._address,
            self._network,
            headers=headers,
            stall_seconds=self._patience.stall_seconds,
            poll_seconds=self._patience.poll_seconds,
        )
        try:
            yield from self._take(exchange, offset)
        finally:
            exchange.close()

    def _take(self, exchange: Exchange, offset: int) -> Generator[Arrived, None, None]:
        stream = None
        try:
            for item in exchange.wait():
                if isinstance(item, Head):
                    begin = self._begin(item, offset)
                    if begin is None:
                        return
                    offset = begin
                    self._part.touch()
                    stream = self._part.open("r+b")
                    stream.truncate(offset)
                    stream.seek(offset)
                    check_room(self._part.parent, max(0, (self._size or 0) - offset))
                elif item is not None and stream is not None:
                    if offset == 0:
                        self._refuse_page(item)
                    offset += len(item)
                    if offset > (self._planned.limit if self._size is None else self._size):
                        raise _SpoiledError(
                            f'"{self._address.host}" sends more of "{self._planned.path}" than there is.'
                        )
                    stream.write(item)
                    if offset // BETWEEN_CHECKS > (offset - len(item)) // BETWEEN_CHECKS:
                        check_room(self._part.parent, max(0, (self._size or 0) - offset))
                yield Arrived(offset)
        finally:
            if stream is not None:
                with stream:
                    stream.flush()
                    os.fsync(stream.fileno())
        if self._size is not None and offset < self._size:
            raise ConnectionLostError("the connection was cut")

    def _begin(self, head: Head, offset: int) -> int | None:
        """Where the body goes on in the file; None: there is nothing more to fetch. Learns the size and the tag."""
        check_busy(head)
        status, headers, name = head.last.status, head.last.headers, self._planned.path
        host = head.last.address.host
        if status == 416 and offset:  # the server has nothing behind our end
            if self._size is None and headers.get("content-range", "").removeprefix("bytes */") == str(offset):
                self._size = offset
                return None
            self._forget()
            raise ConnectionLostError(f'"{host}" cannot go on where the download stopped')
        if status not in {200, 206}:
            why = "does not give it to everybody" if status in {401, 403} else f"says status {status}"
            raise DownloadError(f'"{name}" cannot be downloaded: "{host}" {why}.')
        if "text/html" in headers.get("content-type", ""):
            raise self._login_page(host)
        if headers.get("content-encoding", "identity") not in {"", "identity"}:
            raise DownloadError(f'"{name}" is changed on its way by "{host}"; use another mirror or proxy.')
        commit = head.find("x-repo-commit")
        if commit and self._remote.commit and commit != self._remote.commit:
            raise DownloadError(f'"{host}" gives "{name}" of another commit ({commit[:12]}) than was asked for.')
        return self._check_place(head, offset)

    def _check_place(self, head: Head, offset: int) -> int:
        headers, host, name = head.last.headers, head.last.address.host, self._planned.path
        start, total = 0, headers.get("content-length", "")
        if head.last.status == 206:
            match = CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
            if match is None or int(match[1]) != offset:
                self._forget()
                raise ConnectionLostError(f'"{host}" sends another part than was asked for')
            start, total = offset, match[3]
        length = int(total) if total.isascii() and total.isdigit() else None
        if length is not None and self._size is not None and length != self._size:
            if start:  # the part we have may be of another version
                self._forget()
            raise DownloadError(
                f'"{name}" has the wrong size at "{host}": {length:,} bytes instead of {self._size:,}. It is another '
                "version or something else (a login page, an error); use another mirror or try later."
            )
        if self._size is None and length is not None:
            if length > self._planned.limit:
                raise DownloadError(f'"{name}" has {length:,} bytes, more than such a file can have.')
            self._size = length
        if (tag := headers.get("etag", "")) and not tag.startswith("W/"):
            self._tag_file.write_text(tag, "utf-8")
        return start

    def _refuse_page(self, first: bytes) -> None:
        if first.lstrip()[:20].lower().startswith(PAGE_STARTS):
            raise self._login_page(self._address.host)

    def _login_page(self, host: str) -> DownloadError:
        return DownloadError(
            f'"{host}" answered with a web page instead of "{self._planned.path}", perhaps the login page of this '
            "network (a hotel, a company); open it in a browser first, then start again."
        )

    def _read_tag(self) -> str:
        try:
            tag = self._tag_file.read_text("utf-8")
        except (OSError, ValueError):
            return ""
        return tag if tag.isprintable() and tag.isascii() else ""

    # -- comparing -----------------------------------------------------------------------------------------------

    def _verify(self) -> Generator[Verifying, None, InstalledFile]:
        """Compare what is on the disk, not what came through: it is the disk's copy that will be read."""
        size, name, remote = self._done, self._planned.path, self._remote
        if not self._part.is_file():
            raise ConnectionLostError("the connection was cut")
        sha256 = hashlib.sha256()
        git = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
        done = 0
        with self._part.open("rb") as stream:
            while block := stream.read(BLOCK):
                sha256.update(block)
                if remote.git_oid:
                    git.update(block)
                done += len(block)
                yield Verifying(name, done, size)
        digest = sha256.hexdigest()
        if self._size is not None and size != self._size:
            raise _SpoiledError(f'"{name}" came with {size:,} bytes instead of {self._size:,}.')
        if remote.sha256 and digest != remote.sha256:
            raise _SpoiledError(f'"{name}" is not the file it should be: its SHA-256 is {digest[:16]}…, wrong.')
        if remote.git_oid and git.hexdigest() != remote.git_oid:
            raise _SpoiledError(f'"{name}" is not the file it should be: its hash is wrong.')
        return InstalledFile(name, size, digest, "hub" if remote.sha256 or remote.git_oid else "first use")


def _explain(error: OSError, file: Path) -> DownloadError:
    if error.errno in FULL:
        return DownloadError(
            f'The disk is full; "{file.name}" could not be written to the end. Free some space and start again; '
            "what is here is kept."
        )
    return DownloadError(f'"{file}" cannot be written ({error.strerror or error}).')


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
