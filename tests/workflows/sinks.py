"""Receivers on this machine: they keep what they got and answer as they are told."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


@dataclass
class Sink:
    """`status`, `body` and `headers` are what it answers; `write` may answer in its own way."""

    port: int = 0
    got: list[Got] = field(default_factory=list)
    status: int = 200
    body: bytes = b'{"errcode": 0, "errmsg": "ok", "code": 0}'
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[BaseHTTPRequestHandler], None] | None = None

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def listening() -> Iterator[Sink]:
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            names = {name.lower(): value for name, value in self.headers.items()}
            sink.got.append(Got(self.path, names, body))
            if sink.write is not None:
                sink.write(self)
                return
            self.send_response(sink.status)
            for name, value in sink.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sink.body)))
            self.end_headers()
            self.wfile.write(sink.body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    sink.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A body that never ends and never pauses for long."""
    handler.send_response(200)
    handler.end_headers()
    for _turn in range(600):
        handler.wfile.write(b".")
        time.sleep(0.1)


def gushing(handler: BaseHTTPRequestHandler) -> None:
    """A body of a gigabyte."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(2**30))
    handler.end_headers()
    piece = b"x" * 2**16
    for _turn in range(2**14):
        handler.wfile.write(piece)


@contextmanager
def deaf() -> Iterator[int]:
    """A port that is connected to and never answers; yields its number."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        yield server.getsockname()[1]


@contextmanager
def full() -> Iterator[int]:
    """A port whose queue is full, so that connecting to it hangs; yields its number."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, ExitStack() as waiting:
        for _turn in range(4):
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        time.sleep(0.1)
        yield server.getsockname()[1]
