"""A proxy on this machine: CONNECT opens a tunnel, and what was asked is written down.

It knows "hub.example" as the place that the test gives it, so that nothing leaves this machine.
"""

import select
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BLOCK = 65536


@dataclass
class FakeProxy:
    """``port`` is where "hub.example" really is. ``wanted`` is the Proxy-Authorization it insists on, "" for none."""

    port: int
    wanted: str = ""
    asked: list[str] = field(default_factory=list)  # "CONNECT hub.example:443"
    secrets: list[str] = field(default_factory=list)

    def start(self) -> None:
        self._leave = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self, self._leave))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self._leave.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True


def _handler(proxy: FakeProxy, leave: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            pass

        def do_CONNECT(self) -> None:
            if not self._may():
                return
            with socket.create_connection(("127.0.0.1", proxy.port)) as beyond:
                self.send_response(200)
                self.end_headers()
                self._join(self.connection, beyond)

        def _may(self) -> bool:
            proxy.asked.append(f"CONNECT {self.path}")
            secret = self.headers.get("Proxy-Authorization", "")
            proxy.secrets.append(secret)
            if secret == proxy.wanted:
                return True
            self.send_response(407, "Proxy Authentication Required")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return False

        def _join(self, here: socket.socket, there: socket.socket) -> None:
            """Carry bytes both ways until one side hangs up."""
            while not leave.is_set():
                ready, _, _ = select.select([here, there], [], [], 0.02)
                for one in ready:
                    block = one.recv(BLOCK)
                    if not block:
                        return
                    (there if one is here else here).sendall(block)

    return Handler
