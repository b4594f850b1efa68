"""Several refresh processes at once, one of them killed: each product is asked about once."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from anodyne_blocks.models import Product
from tests.catalogue.loopback_shop import LoopbackShop, Question
from tests.conftest import ROOT

VICTIM = "w0"
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


class Shop(LoopbackShop):
    """Kills the victim at its second question, for which all wait until each has asked its first.

    So every worker has its share, however slowly a busy machine starts one of them.
    """

    def __init__(self) -> None:
        super().__init__(seconds=0.02)
        self.workers: dict[str, subprocess.Popen[str]] = {}
        self.all_begun = threading.Event()
        self.killed = threading.Event()

    def batches(self, worker: str) -> list[list[str]]:
        """The ids that a worker asked about, question by question."""
        return [question.ids for question in self.questions if question.worker == worker]

    def wait(self, question: Question) -> None:
        if {question.worker for question in self.questions} == self.workers.keys():
            self.all_begun.set()
        if len(self.batches(question.worker)) == 2:
            # Below the seconds after which a client gives up and asks again.
            event = self.all_begun if question.worker == VICTIM else self.killed
            assert event.wait(10), "a worker did not begin in time"
            if question.worker == VICTIM:
                os.kill(self.workers[VICTIM].pid, signal.SIGKILL)
                self.workers[VICTIM].wait()
                self.killed.set()
                raise ConnectionAbortedError
        super().wait(question)


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
    names = ["w0", "w1"] if connection.vendor == "sqlite" else ["w0", "w1", "w2", "w3"]
    shop.workers = {name: start(shop, database, name) for name in names}
    for worker in shop.workers.values():
        assert worker.stdout.readline() == "ready\n"
    for worker in shop.workers.values():
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = {name: worker.communicate(timeout=120)[0] for name, worker in shop.workers.items()}
    codes = {name: worker.returncode for name, worker in shop.workers.items()}
    assert codes == dict.fromkeys(names, 0) | {VICTIM: -signal.SIGKILL}

    held = shop.batches(VICTIM)[1]
    refreshed = sum(int(number) for name, number in told.items() if name != VICTIM)
    assert refreshed == PRODUCTS - 2 * len(held)
    assert all(len(shop.batches(name)) > 1 for name in names)
    asked = Counter(number for question in shop.questions for number in question.ids)
    assert asked == Counter(str(number) for number in range(1, PRODUCTS + 1))
    assert database.execute(SHARED) == PRODUCTS - len(held)

    over = "UPDATE anodyne_blocks_product SET lease_until = %s WHERE lease_token IS NOT NULL"
    moment = connection.ops.adapt_datetimefield_value(earlier)
    assert database.execute(over, moment) == len(held)
    again = start(shop, database, "later")
    assert int(again.communicate("go\n", timeout=60)[0].split()[1]) == len(held)
    assert sorted(shop.batches("later")[0]) == sorted(held)
    assert database.execute(SHARED) == PRODUCTS
