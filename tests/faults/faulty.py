"""A server that misbehaves on order: it takes a shop's requests, and answers with a fault."""

from __future__ import annotations

import gzip
import json
import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import Any

from tests.shops.conftest import Answer, Server

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(b'{"data": {}}' * 100)
BOMB = gzip.compress(b"[" + b" " * 50_000_000)


def raw(*pieces: bytes) -> Answer:
    """Answers with these bytes, and closes the connection."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        for piece in pieces:
            handler.wfile.write(piece)

    return answer


def body(content: bytes, *headers: bytes, status: bytes = b"200 OK") -> Answer:
    head = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(content), b"", b""]
    return raw(b"\r\n".join(head) + content)


def endless(start: bytes, piece: bytes) -> Answer:
    """Sends a gibibyte as fast as it is taken."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(start)
        for _ in range(1024 * 1024 * 1024 // len(piece)):
            handler.wfile.write(piece)

    return answer


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Ends the connection by a reset, as a machine that has been restarted."""
    handler.close_connection = True
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def stall(start: bytes) -> Answer:
    """Sends a beginning, and then nothing for as long as anybody waits."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(start)
        handler.connection.settimeout(3)
        handler.connection.recv(1)

    return answer


FAULTS: dict[str, Answer] = {
    "no answer": raw(b""),
    "connection reset": reset,
    "slow header": stall(b"HTTP/1.1 200 OK\r\nContent-"),
    "slow body": stall(OK + b"Content-Length: 9\r\n\r\n{"),
    "cut body": raw(OK + b'Content-Length: 900\r\n\r\n{"data": {}}'),
    "cut chunks": raw(CHUNKED + b"5\r\n[1, 2\r\n"),
    "chunk of no length": raw(CHUNKED + b"zz\r\n[]\r\n0\r\n\r\n"),
    "chunk of a negative length": raw(CHUNKED + b"-5\r\n[]\r\n0\r\n\r\n"),
    "chunk longer than memory": raw(CHUNKED + b"f" * 30 + b"\r\n[]\r\n"),
    "gzip cut off": body(PACKED[:-9], b"Content-Encoding: gzip"),
    "gzip cut off in chunks": raw(
        CHUNKED[:-2] + b"Content-Encoding: gzip\r\n\r\n%x\r\n" % (len(PACKED) - 9),
        PACKED[:-9] + b"\r\n0\r\n\r\n",
    ),
    "no gzip": body(b"{}", b"Content-Encoding: gzip"),
    "no deflate": body(b"\xff\xff", b"Content-Encoding: deflate"),
    "packed twice": body(PACKED, b"Content-Encoding: gzip, gzip"),
    "packed as nobody asked": body(b"{}", b"Content-Encoding: br"),
    "impossible length": raw(OK + b"Content-Length: -2\r\n\r\n[]"),
    "length of no number": raw(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n[]"),
    "no HTTP": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "no status": raw(b"HTTP/1.1 abc\r\n\r\n"),
    "header without end": raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000),
    "a thousand headers": raw(OK + b"X: y\r\n" * 1000 + b"\r\n[]"),
    "error page": body(b"<h1>Down for maintenance</h1>", b"Content-Type: text/plain"),
    "wrong charset": body(b'{"data": "\xff\xfe"}', b"Content-Type: application/json;charset=x"),
    "empty": body(b""),
    "null": body(b"null"),
    "nothing but brackets": body(b"[" * 100_000),
    "a number without end": body(b"[1" + b"0" * 100_000 + b"]"),
    "a bomb": body(BOMB, b"Content-Encoding: gzip"),
    "a gibibyte": endless(OK + b"\r\n", b" " * 1024 * 1024),
    "redirect without end": body(b"", b"Location: ?again", status=b"302 Found"),
    "redirect to NUL": body(b"", b"Location: http://a\0b/", status=b"302 Found"),
    "redirect to half a character": body(
        b"", b"Location: http://x/\xed\xa0\x80", status=b"302 Found"
    ),
    "redirect to nowhere": body(b"", b"Location: http://[::1", status=b"302 Found"),
    "redirect to a file": body(b"", b"Location: file:///etc/passwd", status=b"302 Found"),
    "too often": body(b"", b"Retry-After: 999999999", status=b"429 Too Many"),
    "too often for ever": body(b"", b"Retry-After: " + b"9" * 5000, status=b"429 Too Many"),
    "broken": body(b"Traceback", status=b"500 Internal Server Error"),
    "control characters": body(b"\x1b[2J\x07", status=b"503 \x1b[31mNo\x07"),
}


class Everywhere(dict[str, Answer]):
    """One answer for every path."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __getitem__(self, path: str) -> Answer:
        return self.answer


def changed(server: Server, change: Callable[[Any], Any]) -> Everywhere:
    """What `server` answers now, its JSON changed."""
    honest = server.answers

    def answer(handler: BaseHTTPRequestHandler) -> None:
        out, handler.wfile = handler.wfile, BytesIO()
        honest[handler.path.partition("?")[0]](handler)
        said, handler.wfile = handler.wfile.getvalue(), out
        head, _, content = said.partition(b"\r\n\r\n")
        content = json.dumps(change(json.loads(content))).encode()
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-l")]
        lines += [b"Content-Length: %d" % len(content), b"", b""]
        handler.wfile.write(b"\r\n".join(lines) + content)

    return Everywhere(answer)


def places(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in an answer."""
    yield at
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(data, dict):
        inner = data.items()
    elif isinstance(data, list):
        inner = enumerate(data)
    for key, value in inner:
        yield from places(value, (*at, key))


def put(data: Any, at: tuple[Any, ...], value: Any) -> Any:
    """`data` with `value` there."""
    if not at:
        return value
    key, *rest = at
    if isinstance(data, dict):
        return data | {key: put(data[key], tuple(rest), value)}
    return [*data[:key], put(data[key], tuple(rest), value), *data[key + 1 :]]
