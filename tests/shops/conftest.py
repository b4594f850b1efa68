"""A real HTTP server on loopback whose answers a test writes, and feeds of a few items."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Skipped
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.offer import ShopOffer

# A certificate for 127.0.0.1 and its key, for these tests only. Nobody trusts it.
CERTIFICATE = str(Path(__file__).with_name("loopback.pem"))

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """`answers[path]` handles a request; `requests` lists (method, path, headers) as they came.

    `gave_all` says whether a `drip` came to its last piece.
    """

    def __init__(self, tls: bool = False) -> None:
        self.scheme = "https" if tls else "http"
        self.gave_all = False
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        # Set at the end of the test, so that answers that never end do end.
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Headers and body go out at once, though they are written one after the other.
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                server.requests.append((self.command, self.path, dict(self.headers)))
                server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                try:
                    server.answers[self.path.partition("?")[0]](self)
                except OSError:  # the client has gone, as many tests want it to
                    self.close_connection = True

            do_HEAD = do_POST = do_GET

            def log_message(self, *args: object) -> None:
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.httpd.handle_error = lambda *args: None  # clients that leave are what is tested
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self.httpd.socket = context.wrap_socket(
                self.httpd.socket, server_side=True, do_handshake_on_connect=False
            )
        self.thread = threading.Thread(
            target=self.httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.httpd.server_port}"

    def says(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer `path` always so; `_` in a header's name stands for `-`."""
        self.answers[path] = lambda handler: reply(handler, body, status, **headers)

    def says_in_turn(self, path: str, *answers: Answer) -> None:
        """Answer `path` by one of `answers` after the other."""
        turn = iter(answers)
        self.answers[path] = lambda handler: next(turn)(handler)

    def drip(self, path: str, start: bytes, piece: bytes) -> None:
        """Answer `path` by `start` and 100 times `piece`, which takes five seconds."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.close_connection = True
            handler.wfile.write(start)
            for left in reversed(range(100)):
                self.gave_all = not left
                handler.wfile.write(piece)
                if self.over.wait(0.05):
                    return

        self.answers[path] = answer

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
    if handler.command != "HEAD":
        handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def tls_server() -> Iterator[Server]:
    server = Server(tls=True)
    yield server
    server.close()


@pytest.fixture
def market() -> Market:
    return Market(key="nl", locales=("nl",), country="NL", currency="EUR")


NOW = datetime(2026, 3, 10, 12, 0, tzinfo=timezone.utc)
RSS = '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>'
END = "</channel></rss>"


def item(**fields: str) -> str:
    """One item with an id, a title and a price, unless the fields say otherwise."""
    fields = {"id": "mat", "title": "Mat", "price": "53.00 EUR"} | fields
    inside = "".join(f"<g:{n}>{escape(v)}</g:{n}>" for n, v in fields.items() if v)
    return f"<item>{inside}</item>"


@pytest.fixture
def feed(tmp_path: Path) -> Callable[..., MerchantFeed]:
    def make(*items: str, now: datetime = NOW) -> MerchantFeed:
        path = tmp_path / "feed.xml"
        path.write_text(RSS + "".join(items) + END, encoding="utf-8")
        return MerchantFeed("feed", location=str(path), now=lambda: now)

    return make


@pytest.fixture
def entry(feed, market: Market) -> Callable[..., ShopOffer | Skipped]:
    """The only entry of a feed with one item."""

    def read(now: datetime = NOW, **fields: str) -> ShopOffer | Skipped:
        (only,) = feed(item(**fields), now=now).catalogue(market)
        return only

    return read
