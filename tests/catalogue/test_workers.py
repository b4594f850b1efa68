"""Several refresh processes at once, one of them killed: each product is asked about once."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from anodyne_blocks.models import Product
from tests.conftest import ROOT
from tests.shops.conftest import Server, reply

PRODUCTS = 2000
# What a site's settings need for several processes on SQLite (docs/how-to/products.md).
SQLITE = {
    "timeout": 30,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
SHARED = """
    SELECT count(*) FROM anodyne_blocks_product AS p
    JOIN anodyne_blocks_offer AS o ON o.product_id = p.id
    WHERE o.price = 39.75 AND p.lease_token IS NULL AND p.next_refresh_at > o.checked_at
"""


class Shop:
    """A WooCommerce that counts who asked about what, and kills a worker at its second question."""

    def __init__(self) -> None:
        self.server = Server()
        self.asked: Counter[str] = Counter()
        self.batches: dict[str, list[list[str]]] = {}
        self.victim: tuple[str, subprocess.Popen[str]] | None = None
        self.lock = threading.Lock()

    def url(self, worker: str) -> str:
        """The shop's address for one worker."""
        self.batches[worker] = []
        path = f"/{worker}/wp-json/wc/store/v1/products"
        self.server.answers[path] = lambda handler: self.answer(worker, handler)
        return f"{self.server.url}/{worker}"

    def answer(self, worker: str, handler: BaseHTTPRequestHandler) -> None:
        ids = parse_qs(urlsplit(handler.path).query)["include"][0].split(",")
        with self.lock:
            self.asked.update(ids)
            self.batches[worker].append(ids)
        if self.victim and self.victim[0] == worker and len(self.batches[worker]) == 2:
            os.kill(self.victim[1].pid, signal.SIGKILL)
            self.victim[1].wait()
            handler.close_connection = True
            return
        time.sleep(0.02)
        reply(handler, json.dumps([product(i) for i in ids]).encode())


def product(number: str) -> dict[str, Any]:
    """A product of the Store API."""
    price = {"price": "3975", "regular_price": "3975"}
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


class Database:
    """The test's database as other processes reach it."""

    def __init__(self, folder: Path) -> None:
        self.file: Path | None = None
        self.settings = {
            key: connection.settings_dict[key]
            for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
        }
        if connection.vendor == "sqlite":
            # The test's own is in memory: a copy of it becomes the file that they share.
            self.file = folder / "shared.sqlite3"
            self.settings |= {"NAME": str(self.file), "OPTIONS": SQLITE}
            with closing(sqlite3.connect(self.file)) as copy:
                connection.connection.backup(copy)
                # Switching to WAL takes the whole file: not while two workers connect to it.
                copy.execute("PRAGMA journal_mode=WAL")

    def execute(self, sql: str, *params: Any) -> Any:
        """The first value that a statement gives, or the number of rows that it wrote."""
        if self.file is None:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                return cursor.fetchone()[0] if cursor.description else cursor.rowcount
        with closing(sqlite3.connect(self.file)) as copy, copy:
            cursor = copy.execute(sql.replace("%s", "?"), params)
            return cursor.fetchone()[0] if cursor.description else cursor.rowcount


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.server.close()


def start(shop: Shop, database: Database, name: str) -> subprocess.Popen[str]:
    """A worker that is ready, and begins when it is told."""
    given = {"DATABASE": database.settings, "SHOP": shop.url(name)}
    command = [sys.executable, "-m", "tests.catalogue.worker", json.dumps(given)]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def test_each_product_is_asked_about_once_but_what_a_killed_worker_held(
    transactional_db, tmp_path, shop
):
    """Two processes on SQLite, four on a database server; the first is killed with its second
    batch in hand, which is free again when its lease has run out."""
    earlier = timezone.now() - timedelta(hours=1)
    Product.objects.bulk_create(
        Product(shop="webshop", external_id=str(number), name="Mat", next_refresh_at=earlier)
        for number in range(1, PRODUCTS + 1)
    )
    database = Database(tmp_path)
    count = 2 if connection.vendor == "sqlite" else 4
    workers = {f"w{n}": start(shop, database, f"w{n}") for n in range(count)}
    shop.victim = ("w0", workers["w0"])
    for worker in workers.values():
        assert worker.stdout.readline() == "ready\n"
    refreshed = {}
    for worker in workers.values():
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for name, worker in workers.items():
        refreshed[name] = worker.communicate(timeout=120)[0].strip()
    assert workers["w0"].returncode == -signal.SIGKILL
    assert all(worker.returncode == 0 for name, worker in workers.items() if name != "w0")

    held = shop.batches["w0"][1]
    assert sum(int(number) for number in refreshed.values() if number) == PRODUCTS - 2 * len(held)
    assert all(len(batches) > 1 for batches in shop.batches.values())
    assert shop.asked == Counter(str(number) for number in range(1, PRODUCTS + 1))
    assert database.execute(SHARED) == PRODUCTS - len(held)

    over = "UPDATE anodyne_blocks_product SET lease_until = %s WHERE lease_token IS NOT NULL"
    moment = connection.ops.adapt_datetimefield_value(earlier)
    assert database.execute(over, moment) == len(held)
    again = start(shop, database, "later")
    assert int(again.communicate("go\n", timeout=60)[0].split()[1]) == len(held)
    assert sorted(shop.batches["later"][0]) == sorted(held)
    assert database.execute(SHARED) == PRODUCTS
