"""One request and its answer, on a thread of its own.

A read from a socket cannot be interrupted from outside, so a thread does it and whoever wants the bytes polls a small
queue: a cancel is heard within a poll, whatever the network does. Only time spent waiting counts as a stall, so a
pause of hours is none.
"""

import http.client
import queue
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from clipsorter import __version__
from clipsorter.encoders.hub.address import Address, Network, follow_redirect
from clipsorter.errors import DownloadError

CHUNK = 256 * 1024  # bytes
AHEAD = 16  # chunks read before somebody wants them: 4 MB
HOPS = 6  # redirects of one request
POLL_SECONDS = 0.2
STALL_SECONDS = 30.0
LEAST = 1024  # bytes that end a stall: a server that sends one now and then is stalled
REDIRECTS = {301, 302, 303, 307, 308}
USER_AGENT = f"ClipSorter/{__version__}"


class ConnectionLostError(Exception):
    """The network or the server failed in a way that may pass; ``str`` says how."""


@dataclass(frozen=True, slots=True)
class Hop:
    """The head of one answer; ``headers`` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    address: Address


@dataclass(frozen=True, slots=True)
class Head:
    """What a request led to: the last answer, and every redirect before it (the hub's own facts are in the first)."""

    hops: tuple[Hop, ...]

    @property
    def last(self) -> Hop:
        """The answer whose body follows."""
        return self.hops[-1]

    def find(self, name: str) -> str:
        """A header of the first answer that has it, or ""."""
        return next((hop.headers[name] for hop in self.hops if name in hop.headers), "")


class Exchange:
    """A request under way. Every method belongs on one thread; ``close`` ends it at once.

    ``wait`` yields None while there is nothing yet, every POLL_SECONDS, then the Head, then the bytes of the body as
    they come. It raises ConnectionLostError for what may pass (also after ``stall_seconds`` without bytes) and
    DownloadError for what will not.
    """

    def __init__(
        self,
        address: Address,
        network: Network,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        stall_seconds: float = STALL_SECONDS,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._network = network
        self._stall_seconds = stall_seconds
        self._poll_seconds = poll_seconds
        self._items: queue.Queue[Head | bytes | Exception | None] = queue.Queue(AHEAD)
        self._closed = threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        self._answer: http.client.HTTPResponse | None = None
        self._wire: socket.socket | None = None
        self._thread = threading.Thread(
            target=self._run, args=(address, method, dict(headers or {})), name="clipsorter-download", daemon=True
        )
        self._thread.start()

    def wait(self) -> Iterator[Head | bytes | None]:
        """See the class."""
        waited, seen = 0.0, LEAST
        while True:
            try:
                item = self._items.get(timeout=self._poll_seconds)
            except queue.Empty:
                waited += self._poll_seconds
                if waited >= self._stall_seconds:
                    raise ConnectionLostError(f"nothing came for {self._stall_seconds:.0f} seconds") from None
                yield None
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            seen = LEAST if isinstance(item, Head) else seen + len(item)
            if seen >= LEAST:
                waited, seen = 0.0, 0
            yield item

    def close(self) -> None:
        """Hang up. Safe to call twice."""
        self._closed.set()
        if (wire := self._wire) is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)  # wakes the thread out of a read
        with suppress(queue.Empty):
            while True:
                self._items.get_nowait()
        self._thread.join(self._poll_seconds)  # it may still be asking for a name or connecting; then it ends alone

    # -- the thread ----------------------------------------------------------------------------------------------

    def _run(self, address: Address, method: str, headers: dict[str, str]) -> None:
        try:
            for item in self._talk(address, method, headers):
                self._put(item)
            self._put(None)
        except (DownloadError, ConnectionLostError) as error:
            self._put(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._put(ConnectionLostError(_say(error, f'"{address.host}"')))
        except Exception as error:  # a bug: it is raised where the answer is awaited
            self._put(error)
        finally:
            self._hang_up()

    def _hang_up(self) -> None:
        """The answer holds the socket once the server said it will close it; so both are closed."""
        for part in (self._answer, self._connection):
            if part is not None:
                part.close()

    def _put(self, item: Head | bytes | Exception | None) -> None:
        while not self._closed.is_set():
            try:
                self._items.put(item, timeout=self._poll_seconds)
            except queue.Full:
                continue
            return

    def _talk(self, address: Address, method: str, headers: dict[str, str]) -> Iterator[Head | bytes]:
        hops: list[Hop] = []
        for _ in range(HOPS):
            try:
                answer = self._ask(address, method, headers)
            except ssl.SSLCertVerificationError as error:
                raise DownloadError(
                    f'The certificate of "{address.host}" is not valid: {error.verify_message}. If your company or '
                    "mirror has one of its own, let SSL_CERT_FILE name the file with it."
                ) from error
            if self._closed.is_set():
                return
            hops.append(Hop(answer.status, {name.lower(): value for name, value in answer.getheaders()}, address))
            location = answer.getheader("Location")
            if answer.status in REDIRECTS and location:
                address = follow_redirect(address, location)
                continue
            yield Head(tuple(hops))
            if method != "HEAD":
                yield from _read_body(answer)
            return
        raise DownloadError(f'"{hops[0].address.host}" sends us round in circles; nothing was fetched.')

    def _ask(self, address: Address, method: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        self._hang_up()
        # Twice the time, so that whoever waits says first that nothing came; this only ends a forgotten thread.
        connection, target, extra = _connect(address, self._network, 2 * self._stall_seconds)
        self._connection = connection
        try:
            connection.connect()
        except ssl.SSLError:
            raise  # that is between the hub and us
        except OSError as error:
            if proxy := self._network.proxy_for(address):
                raise _say_proxy(error, proxy) from error
            raise
        self._wire = connection.sock
        own = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
        if address.authorization:
            extra["Authorization"] = address.authorization
        connection.request(method, target, headers={**own, **headers, **extra})
        self._answer = connection.getresponse()
        return self._answer


def _read_body(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """The body as it comes; ``read1`` alone does not tell that it ended too early, nor everywhere that it ended."""
    length, read = answer.length, 0
    while length is None or read < length:
        chunk = answer.read1(CHUNK)
        if not chunk:
            break
        read += len(chunk)
        yield chunk
    if length is not None and read < length:
        raise ConnectionLostError("the connection was cut")


def _connect(
    address: Address, network: Network, timeout: float
) -> tuple[http.client.HTTPConnection, str, dict[str, str]]:
    """A connection, what to ask for on it, and headers for a proxy that is asked itself."""
    proxy = network.proxy_for(address)
    secret = {"Proxy-Authorization": proxy.authorization} if proxy and proxy.authorization else {}
    host, port = (proxy.host, proxy.port) if proxy else (address.host, address.port)
    if not address.secure:
        return http.client.HTTPConnection(host, port, timeout=timeout), address.url if proxy else address.target, secret
    connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
    if proxy:
        connection.set_tunnel(address.host, address.port, headers=secret)
    return connection, address.target, {}


def _say_proxy(error: OSError, proxy: Address) -> DownloadError | ConnectionLostError:
    """What a proxy that was not passed has to do with it; ``http.client`` says its status only in words."""
    if "Tunnel connection failed: 407" in str(error):
        return DownloadError(
            f'The proxy "{proxy.host}" wants a user name and a password, or others; write it as '
            "http://user:password@host:port."
        )
    return ConnectionLostError(_say(error, f'the proxy "{proxy.host}"'))


def _say(error: Exception, host: str) -> str:
    if isinstance(error, socket.gaierror):
        return f"{host} cannot be found, perhaps because this computer is not connected to the internet"
    if isinstance(error, TimeoutError):
        return f"{host} does not answer"
    if isinstance(error, ConnectionRefusedError):
        return f"{host} refuses the connection"
    if isinstance(error, http.client.IncompleteRead | ConnectionError | http.client.RemoteDisconnected):
        return "the connection was cut"
    if isinstance(error, OSError):
        return f"{host} cannot be reached ({error.strerror or error})"
    return f"{host} gives an answer that cannot be understood"
