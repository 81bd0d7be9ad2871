"""What a repository of the hub holds: its commit, and its files with sizes and hashes.

The hub's own list (``/api/models/NAME/revision/REVISION?blobs=true``) says all of it. A mirror may serve only files;
then each file that could be wanted is asked for by HEAD, and its headers say the same: X-Repo-Commit, X-Linked-Size,
X-Linked-ETag. For a large file (LFS) the ETag is its SHA-256, for a small one its git object id.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from clipsorter.encoders.hub.address import Network, discussions_url, file_url, listing_url
from clipsorter.encoders.hub.asking import Patience, ask_head, ask_json
from clipsorter.encoders.hub.events import Asking, Retrying
from clipsorter.encoders.hub.exchange import Head
from clipsorter.errors import DownloadError

COMMIT = re.compile(r"[0-9a-f]{40}")
SHA256 = re.compile(r"[0-9a-f]{64}")
CONVERSION_TITLE = "Adding `safetensors` variant of this model"  # what the hub's robot calls its pull requests

Asked = Asking | Retrying


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file on the hub; the hash that is "" is not known."""

    repository: str
    commit: str  # 40 hex digits, or "" where a mirror does not say
    path: str
    size: int | None  # bytes
    sha256: str = ""
    git_oid: str = ""  # SHA-1 as git counts it: over "blob SIZE", a zero byte and the content


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at one commit."""

    repository: str
    revision: str  # as asked for; a pull request's is "refs/pr/N"
    commit: str
    files: Mapping[str, RemoteFile]
    licence: str = ""  # as the repository's own card says; "" where it does not


def list_repository(
    repository: str, revision: str, wanted: Sequence[str], network: Network, patience: Patience
) -> Generator[Asked, None, Listing]:
    """Ask the hub what ``repository`` holds; a mirror without lists is asked for the ``wanted`` files one by one.

    Raises DownloadError when there is no such repository or it is not open to everybody.
    """
    base = network.hub
    head, answer = yield from ask_json(listing_url(base, repository, revision), network, patience)
    if isinstance(answer, dict) and isinstance(answer.get("siblings"), list):
        return _read_listing(repository, revision, answer)
    files: dict[str, RemoteFile] = {}
    for path in wanted:
        head = yield from ask_head(file_url(base, repository, revision, path), network, patience)
        if head.last.status == 200 and "text/html" not in head.last.headers.get("content-type", ""):
            files[path] = _read_head(repository, path, head)
        elif head.last.status in {401, 403}:
            break
    if not files:
        raise DownloadError(_say_nothing_there(base, repository, head))
    commits = {file.commit for file in files.values()}
    return Listing(repository, revision, commits.pop() if len(commits) == 1 else "", files)


def find_conversion(repository: str, network: Network, patience: Patience) -> Generator[Asked, None, str]:
    """The revision in which the hub's own robot has put safetensors beside the pickles, or ""."""
    _, answer = yield from ask_json(discussions_url(network.hub, repository), network, patience)
    discussions = answer.get("discussions") if isinstance(answer, dict) else None
    for one in discussions if isinstance(discussions, list) else []:
        if not isinstance(one, dict):
            continue
        author = one.get("author")
        name = author.get("name") if isinstance(author, dict) else author
        if (
            one.get("isPullRequest") is True
            and one.get("title") == CONVERSION_TITLE
            and name == "SFconvertbot"
            and type(one.get("num")) is int
        ):
            return f"refs/pr/{one['num']}"
    return ""


def _read_listing(repository: str, revision: str, answer: Mapping[str, Any]) -> Listing:
    commit = answer.get("sha")
    if not isinstance(commit, str) or not COMMIT.fullmatch(commit):
        raise DownloadError(f'The hub does not say which commit "{repository}" stands at; nothing was downloaded.')
    files = {}
    for one in answer["siblings"]:
        if isinstance(one, dict) and isinstance(path := one.get("rfilename"), str):
            large: dict[str, Any] = found if isinstance(found := one.get("lfs"), dict) else {}
            size = large.get("size", one.get("size"))
            files[path] = RemoteFile(
                repository,
                commit,
                path,
                size if type(size) is int and size >= 0 else None,
                sha256=_hash(SHA256, large.get("sha256") or large.get("oid")),
                git_oid="" if large else _hash(COMMIT, one.get("blobId")),
            )
    card = answer.get("cardData")
    licence = card.get("license") if isinstance(card, dict) else None
    return Listing(repository, revision, commit, files, licence if isinstance(licence, str) else "")


def _read_head(repository: str, path: str, head: Head) -> RemoteFile:
    tag = head.find("x-linked-etag") or head.find("etag")
    tag = tag.removeprefix("W/").strip('"')
    size = head.find("x-linked-size") or head.last.headers.get("content-length", "")
    return RemoteFile(
        repository,
        _hash(COMMIT, head.find("x-repo-commit")),
        path,
        int(size) if size.isascii() and size.isdigit() else None,
        sha256=_hash(SHA256, tag),
        git_oid=_hash(COMMIT, tag),
    )


def _hash(pattern: re.Pattern[str], value: Any) -> str:
    """``value`` where it is such a hash, in small letters, else ""; a mirror may write capitals."""
    small = value.casefold() if isinstance(value, str) else ""
    return small if pattern.fullmatch(small) else ""


def _say_nothing_there(base: str, repository: str, head: Head) -> str:
    host = urlsplit(base).hostname
    if "text/html" in head.last.headers.get("content-type", "") and head.last.status == 200:
        return (
            f'"{host}" answered with a web page instead of files, perhaps the login page of this network (a hotel, a '
            "company) or a wrong mirror address; open it in a browser first."
        )
    if head.last.status in {401, 403}:
        return f'"{host}" does not give "{repository}" to everybody, or there is no such repository.'
    return f'"{host}" knows no repository "{repository}" (status {head.last.status}).'
