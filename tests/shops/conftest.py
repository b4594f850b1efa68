"""A real HTTP server on loopback whose answers a test writes, and the markets of the tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from anodyne_blocks.conf import Market

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """`answers[path]` handles a request; `requests` lists (method, path, headers) as they came."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        # Set at the end of the test, so that answers that never end do end.
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.requests.append((self.command, self.path, dict(self.headers)))
                server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                try:
                    server.answers[self.path.partition("?")[0]](self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            do_POST = do_GET

            def log_message(self, *args: object) -> None:
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.thread = threading.Thread(
            target=self.httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.httpd.server_port}"

    def says(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer `path` always so; `_` in a header's name stands for `-`."""
        self.answers[path] = lambda handler: reply(handler, body, status, **headers)

    def says_in_turn(self, path: str, *answers: Answer) -> None:
        """Answer `path` by one of `answers` after the other."""
        turn = iter(answers)
        self.answers[path] = lambda handler: next(turn)(handler)

    def close(self) -> None:
        self.over.set()
        self.httpd.shutdown()
        self.httpd.server_close()
        self.thread.join()


def reply(
    handler: BaseHTTPRequestHandler, body: bytes = b"", status: int = 200, **headers: str
) -> None:
    """A whole answer with its length."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def market() -> Market:
    return Market(key="nl", locales=("nl",), country="NL", currency="EUR")
