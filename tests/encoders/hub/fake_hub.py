"""A hub on this machine, in the real one's layout, that misbehaves on request.

As huggingface.co: ``/api/models/NAME/revision/REVISION?blobs=true`` lists files with sizes and hashes; a large file at
``/NAME/resolve/REVISION/PATH`` is a redirect with X-Repo-Commit, X-Linked-Size and X-Linked-ETag to another place,
which knows Range and If-Range; a small one comes at once, its ETag the git object id.
"""

import hashlib
import json
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" + "0" * 34
LARGE = (".safetensors", "tokenizer.json")
PAGE = b"<!DOCTYPE html><html><body>Welcome to Hotel Wi-Fi, please sign in</body></html>"


@dataclass
class Behaviour:
    """What goes wrong; every number counts down where it says "times"."""

    lists: bool = True  # False: a mirror that serves only files
    ranges: bool = True
    weak_tags: bool = False
    capitals: bool = False  # in every hash it says
    cut_after: int | None = None  # bytes of a large body, then the connection is cut
    cut_times: int = 10**9
    flip_at: int | None = None  # this byte of the large file arrives with one bit flipped
    flip_times: int = 10**9
    stall_after: int | None = None  # bytes, then silence until the hub closes
    stall_times: int = 10**9
    busy_times: int = 0  # 503 first
    page: bool = False  # a login page instead of everything
    page_for_files: bool = False  # only instead of large files, and under a harmless content type
    short: int = 0  # so many bytes fewer than there should be, in Content-Length too
    long: int = 0  # so many bytes more
    redirect_to: str = ""  # instead of the usual place of large files
    forbidden: bool = False
    conversion: int = 0  # number of the robot's pull request
    wrong_part: bool = False  # answers a range with another one


@dataclass
class FakeHub:
    """``repositories``: name -> path -> content. ``asked`` counts requests by method and path."""

    repositories: dict[str, dict[str, bytes]]
    pull_requests: dict[str, dict[str, bytes]] = field(default_factory=dict)
    behaviour: Behaviour = field(default_factory=Behaviour)
    asked: Counter[str] = field(default_factory=Counter)
    ranges: list[str] = field(default_factory=list)
    authorizations: list[tuple[str, str]] = field(default_factory=list)  # path, header
    sent: int = 0  # bytes of large files

    def start(self, encryption: ssl.SSLContext | None = None) -> None:
        self._leave = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self, self._leave))
        self.port = self._server.server_port
        self.url = f"http{'s' if encryption else ''}://127.0.0.1:{self.port}"
        if encryption:
            self._server.socket = encryption.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self._leave.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them
    block_on_close = True


def _handler(hub: FakeHub, leave: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_arguments: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path
            hub.asked[f"{self.command} {unquote(path)}"] += 1
            if secret := self.headers.get("Authorization"):
                hub.authorizations.append((path, secret))
            if hub.behaviour.page:
                self._send(200, PAGE, {"Content-Type": "text/html; charset=utf-8"})
            elif hub.behaviour.busy_times > 0:
                hub.behaviour.busy_times -= 1
                self._send(503, b"busy", {"Retry-After": "0"})
            elif hub.behaviour.forbidden:
                self._send(401, b"{}", {})
            elif path.startswith("/api/models/") and path.endswith("/discussions"):
                self._discuss()
            elif path.startswith("/api/models/"):
                self._list(path.removeprefix("/api/models/"))
            elif "/resolve/" in path:
                self._resolve(path)
            elif path.startswith("/elsewhere/"):
                self._blob(path.rpartition("/")[2])
            else:
                self._send(404, b"", {})

        def _discuss(self) -> None:
            if not (number := hub.behaviour.conversion):
                self._send(200, b'{"discussions": [], "count": 0}', {})
                return
            one = {
                "num": number,
                "author": {"name": "SFconvertbot"},
                "title": "Adding `safetensors` variant of this model",
                "isPullRequest": True,
                "status": "open",
            }
            other = one | {"num": 99, "author": {"name": "somebody"}}
            self._send(200, json.dumps({"discussions": [other, one]}).encode(), {})

        def _files(self, name: str, revision: str) -> dict[str, bytes] | None:
            if revision.startswith("refs/pr/") or revision == "f" * 40:
                return hub.pull_requests.get(name)
            return hub.repositories.get(name) if revision in {"main", COMMIT} else None

        def _list(self, rest: str) -> None:
            name, _, revision = rest.partition("/revision/")
            files = self._files(name, unquote(revision))
            if not hub.behaviour.lists or files is None:
                self._send(404, b'{"error": "not found"}', {"Content-Type": "application/json"})
                return
            say = str.upper if hub.behaviour.capitals else str
            siblings = [
                {"rfilename": path, "size": len(content), "blobId": say(git_oid(content))}
                | (
                    {"lfs": {"sha256": say(sha256(content)), "size": len(content), "pointerSize": 134}}
                    if path.endswith(LARGE)
                    else {}
                )
                for path, content in files.items()
            ]
            commit = "f" * 40 if "pr" in revision else COMMIT
            answer = {"sha": commit, "siblings": siblings, "cardData": {"license": "mit"}}
            self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

        def _resolve(self, path: str) -> None:
            name, _, rest = path[1:].partition("/resolve/")
            revision, _, file = rest.partition("/")
            content = (self._files(name, unquote(revision)) or {}).get(unquote(file))
            if content is None:
                self._send(404, b"", {})
                return
            commit = "f" * 40 if unquote(revision).startswith(("refs", "f" * 40)) else COMMIT
            facts = {"X-Repo-Commit": commit}
            if not file.endswith(LARGE):
                self._send(200, content, facts | {"ETag": f'"{git_oid(content)}"', "Content-Type": "text/plain"})
                return
            place = hub.behaviour.redirect_to or f"/elsewhere/{sha256(content)}"
            facts |= {"X-Linked-Size": str(len(content)), "X-Linked-ETag": f'"{sha256(content)}"', "Location": place}
            self._send(302, b"", facts)

        def _blob(self, digest: str) -> None:
            every = [*hub.repositories.values(), *hub.pull_requests.values()]
            content = next(c for files in every for c in files.values() if sha256(c) == digest)
            behaviour = hub.behaviour
            whole = bytearray(content)
            if behaviour.flip_at is not None and behaviour.flip_times > 0:
                behaviour.flip_times -= 1
                whole[behaviour.flip_at] ^= 1
            body = bytes(whole) + b"x" * behaviour.long
            body = body[: len(body) - behaviour.short]
            tag = f'{"W/" if behaviour.weak_tags else ""}"{digest[:32]}"'
            facts = {"ETag": tag, "Content-Type": "binary/octet-stream"}
            if behaviour.page_for_files:
                self._send(200, PAGE + b" " * (len(body) - len(PAGE)), facts)
                return
            status, wanted = 200, self.headers.get("Range", "")
            if wanted and behaviour.ranges and self.headers.get("If-Range", tag) == tag:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                hub.ranges.append(wanted)
                if start >= len(body):
                    self._send(416, b"", {"Content-Range": f"bytes */{len(body)}"})
                    return
                start += int(behaviour.wrong_part)
                status = 206
                facts["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
                body = body[start:]
            self._send(status, body, facts, is_large=True)

        def _send(self, status: int, body: bytes, headers: dict[str, str], *, is_large: bool = False) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            if self.command == "HEAD":
                return
            behaviour = hub.behaviour
            try:
                if is_large and behaviour.cut_after is not None and behaviour.cut_times > 0:
                    behaviour.cut_times -= 1
                    self._write(body[: behaviour.cut_after], is_large=True)
                    self._cut()
                elif is_large and behaviour.stall_after is not None and behaviour.stall_times > 0:
                    behaviour.stall_times -= 1
                    self._write(body[: behaviour.stall_after], is_large=True)
                    leave.wait()
                else:
                    self._write(body, is_large=is_large)
            except OSError:
                pass  # the other side hung up, as it may

        def _write(self, content: bytes, *, is_large: bool) -> None:
            self.wfile.write(content)
            self.wfile.flush()
            hub.sent += len(content) * is_large

        def _cut(self) -> None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 0, 0))
            self.connection.shutdown(socket.SHUT_WR)

    return Handler


def sha256(content: bytes) -> str:
    """As an LFS pointer says it."""
    return hashlib.sha256(content).hexdigest()


def git_oid(content: bytes) -> str:
    """As git names a blob."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


StartHub = Callable[..., FakeHub]
