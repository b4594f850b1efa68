"""A little receiver of change events on loopback: it verifies as the documentation says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = b"a key of thirty-two bytes, or so"
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def is_signed(headers: Any, body: bytes, key: bytes = KEY) -> bool:
    """As the Standard Webhooks specification has it, with nothing of the package."""
    sent_at = headers["webhook-timestamp"]
    signed = f"{headers['webhook-id']}.{sent_at}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    is_recent = abs(time.time() - int(sent_at)) < 300
    return is_recent and hmac.compare_digest(expected, headers["webhook-signature"])


class Receiver:
    """Keeps what it took; `answers` are the next statuses, 204 when there are none.

    `before_answer` is called with each message that was taken, before it is answered.
    """

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.refused = 0
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.before_answer: Callable[[dict[str, Any]], None] = lambda message: None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                if not is_signed(self.headers, body):
                    receiver.refused += 1
                    status = 401
                elif status < 300:
                    receiver.taken.append(json.loads(body))
                    receiver.ids.append(self.headers["webhook-id"])
                    receiver.before_answer(receiver.taken[-1])
                self.send_response(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/changed"

    def options(self, **more: Any) -> dict[str, Any]:
        """Of the setting `CHANGE_EVENTS`."""
        return {"URL": self.url, "SECRET": SECRET, "ALLOW_PRIVATE": True, **more}

    @property
    def pages(self) -> list[int]:
        """The ids of the pages that it was told of, in the order of the messages."""
        return [page["id"] for message in self.taken for page in message["data"]["pages"]]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
