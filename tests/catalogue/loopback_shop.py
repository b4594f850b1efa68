"""A WooCommerce on loopback that answers after a wait, and remembers who asked about what."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.shops.conftest import Server, reply


@dataclass(frozen=True)
class Question:
    """One batch: who asked (a name in the shop's address), about which ids, and when (seconds)."""

    worker: str
    ids: list[str]
    moment: float


class LoopbackShop:
    """Answers every batch after `seconds`; `prices` has those that are not 39.75 EUR, in cents."""

    def __init__(self, seconds: float) -> None:
        self.server = Server()
        self.seconds = seconds
        self.prices: dict[str, str] = {}
        self.questions: list[Question] = []
        self.lock = threading.Lock()

    def url(self, worker: str) -> str:
        """The shop's address for one worker."""
        path = f"/{worker}/wp-json/wc/store/v1/products"
        self.server.answers[path] = lambda handler: self.answer(worker, handler)
        return f"{self.server.url}/{worker}"

    def answer(self, worker: str, handler: BaseHTTPRequestHandler) -> None:
        """Note the question, wait, and answer it."""
        ids = parse_qs(urlsplit(handler.path).query)["include"][0].split(",")
        question = Question(worker, ids, time.monotonic())
        with self.lock:
            self.questions.append(question)
        self.wait(question)
        # Headers and body go in two pieces: the second must not wait for an acknowledgement.
        handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reply(handler, json.dumps([self.product(i) for i in ids]).encode())

    def wait(self, question: Question) -> None:
        """What passes before the answer; an `OSError` closes the connection without one."""
        time.sleep(self.seconds)

    def product(self, number: str) -> dict[str, Any]:
        """A product of the Store API."""
        cents = self.prices.get(number, "3975")
        price = {"price": cents, "regular_price": cents}
        return {
            "id": int(number),
            "name": f"Mat {number}",
            "permalink": f"https://shop.example/{number}",
            "short_description": "",
            "description": "",
            "on_sale": False,
            "prices": {**price, "currency_code": "EUR", "currency_minor_unit": 2},
            "average_rating": "0",
            "review_count": 0,
            "images": [],
            "is_purchasable": True,
            "is_in_stock": True,
            "is_on_backorder": False,
            "low_stock_remaining": None,
        }
