"""`python -m tests.soak`: gunicorn, PostgreSQL and Redis on loopback, for ANODYNE_SOAK_SECONDS.

Prints requests, errors, wrong prices, the slowest answer and memory; exits with 1 for an error, a
wrong price, or memory that grows once it is warm. A price is wrong that the shop had not at any
time since it was last heard.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path

import django

from tests.catalogue.loopback_shop import LoopbackShop, Question

SECONDS = float(os.environ.get("ANODYNE_SOAK_SECONDS", "300"))
RATE = float(os.environ.get("ANODYNE_SOAK_RATE", "20"))
PRODUCTS, PAGES, CARDS, READERS = 200, 25, 8, 8
# Between an answer of the shop and what all workers show: storing and purging.
GRACE = 10.0
# What a card says of itself, up to its link into the shop.
CARD = re.compile(r'data-price="(\d+\.\d\d)".{0,4000}?https://shop\.example/(\d+)"', re.DOTALL)


class Moody(LoopbackShop):
    """Changes its prices all the time, fails half of the time, and remembers what was true."""

    def __init__(self) -> None:
        super().__init__(0.02)
        self.dice = random.Random(5)
        # How often it fails, and how often a price is another: chances.
        self.failing, self.changing = 0.0, 1.0
        self.known: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.heard: dict[str, list[float]] = defaultdict(list)
        for number in range(1, PRODUCTS + 1):
            self.known[str(number)].append((0.0, "39.75"))

    def wait(self, question: Question) -> None:
        super().wait(question)
        if self.dice.random() < self.failing:
            raise ConnectionAbortedError
        for number in question.ids:
            if self.dice.random() < self.changing:
                cents = self.dice.randint(1000, 9999)
                self.prices[number] = str(cents)
                self.known[number].append((time.monotonic(), f"{cents // 100}.{cents % 100:02}"))
            self.heard[number].append(time.monotonic())

    def was_true(self, amount: str, number: str, asked: float) -> bool:
        """Whether it had this price at any time since it was last heard before `asked`."""
        before = [moment for moment in self.heard[number] if moment < asked - GRACE]
        since = before[-1] if before else 0.0
        ended = [moment for moment, _price in self.known[number][1:]] + [float("inf")]
        times = zip(self.known[number], ended, strict=True)
        return any(price == amount and end >= since for (_begun, price), end in times)


class Load:
    """Readers that ask at a constant rate, and what they were answered."""

    def __init__(self, address: str, shop: Moody, paths: list[str]) -> None:
        self.address, self.shop, self.paths = address, shop, paths
        self.lock = threading.Lock()
        self.rate, self.next, self.end = RATE, 0.0, 0.0
        self.times: list[float] = []
        self.errors: list[str] = []
        self.wrong: list[str] = []
        self.prices = 0

    def run(self, seconds: float, rate: float = RATE) -> None:
        """Read so many times a second, for so long."""
        self.rate, self.next = rate, time.monotonic()
        self.end = self.next + seconds
        readers = [threading.Thread(target=self.read, daemon=True) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()

    def read(self) -> None:
        dice = random.Random(threading.get_ident())
        while True:
            with self.lock:
                moment, self.next = self.next, self.next + 1 / self.rate
            # A machine that is slower than the rate does not go on for longer.
            if max(moment, time.monotonic()) >= self.end:
                return
            time.sleep(max(0, moment - time.monotonic()))
            self.ask(dice.choice(self.paths))

    def ask(self, path: str) -> None:
        asked = time.monotonic()
        try:
            with urllib.request.urlopen(self.address + path, timeout=120) as answer:
                text = answer.read().decode()
        except (urllib.error.URLError, OSError) as error:
            with self.lock:
                self.errors.append(f"{path}: {error}")
            return
        # From the moment at which it was meant to be asked, it would be longer: the rate tells.
        took = time.monotonic() - asked
        shown = list(self.shown(path, text))
        wrong = [f"{path}: {n} for {p}" for n, p in shown if not self.shop.was_true(p, n, asked)]
        with self.lock:
            self.times.append(took)
            self.prices += len(shown)
            self.wrong += wrong

    def shown(self, path: str, text: str) -> list[tuple[str, str]]:
        """(number in the shop, price) of what an answer shows."""
        if "/products/" in path:
            cards = json.loads(text)["products"]
            return [
                (card["offer"]["url"].rpartition("/")[2], card["price"]["amount"])
                for card in cards
                if card["price"] and card["offer"]["url"]
            ]
        if "/api/" in path:
            cards = [block["value"].get("resolved") or {} for block in json.loads(text)["body"]]
            return [
                (card["link"]["url"].rpartition("/")[2], card["price"]["amount"])
                for card in cards
                if card.get("price") and card.get("link")
            ]
        return [(number, price) for price, number in CARD.findall(text)]


def memory(pid: int) -> int:
    """MiB that a process and its children hold."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in [pid, *children])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def fill(shop: Moody) -> list[str]:
    """The site's pages; gives the paths to be read."""
    from django.utils import timezone
    from wagtail.models import Locale, Page, Site

    from anodyne_blocks import conf
    from anodyne_blocks.catalogue.store import store_offers
    from anodyne_blocks.models import Product
    from anodyne_blocks.shops.woocommerce.offer import read_offer
    from tests.testapp.models import ArticlePage

    locale = Locale.objects.create(language_code="nl")
    root = Page.add_root(title="Root", slug="root", locale=locale)
    home = root.add_child(instance=ArticlePage(title="Home", slug="home", locale=locale))
    Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    offers = [read_offer(shop.product(str(n)), {}) for n in range(1, PRODUCTS + 1)]
    store_offers("webshop", conf.markets()["nl"], offers, timezone.now())
    keys = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    paths = []
    for number in range(PAGES):
        cards = keys[number * CARDS : (number + 1) * CARDS]
        body = [("heading", {"text": f"Matten {number}"})]
        body += [("product_card", {"product": key}) for key in cards]
        page = ArticlePage(title=f"Artikel {number}", slug=f"a{number}", locale=locale)
        page.body = [
            (name, page.body.stream_block.child_blocks[name].to_python(value))
            for name, value in body
        ]
        home.add_child(instance=page)
        paths += [f"/a{number}/", f"/api/v2/pages/{page.pk}/"]
        paths += [f"/anodyne/products/?market=nl&ids={','.join(map(str, cards))}"]
    return paths


def main() -> int:
    from tests.bench.refresh import _database, _redis

    shop = Moody()
    with tempfile.TemporaryDirectory() as media, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
            "ANODYNE_TEST_DB": "postgres",
            "ANODYNE_BENCH_DB": f"anodyne_soak_{os.getpid()}",
            "ANODYNE_BENCH_SHOP": shop.url("shop"),
            "ANODYNE_SOAK_MEDIA": media,
        }
        django.setup()
        with _database(), _redis():
            load = Load(f"http://127.0.0.1:{port}", shop, fill(shop))
            return under_load(load, port)


def under_load(load: Load, port: int) -> int:
    serve = ["-m", "gunicorn", "tests.soak.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    # A webhook's refresh is left to the process beside, as to a worker of tasks.
    env = os.environ | {"ANODYNE_SOAK_TASKS": "dummy.DummyBackend"}
    server = subprocess.Popen([sys.executable, *serve, "--log-level", "error"], env=env)
    churn = None
    try:
        wait_for(port)
        for path in load.paths:
            load.ask(path)
        churn = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.churn", load.address],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        warm = warmed(load, server.pid)
        load.shop.failing, load.shop.changing = 0.5, 0.3
        load.times.clear()
        begun = time.monotonic()
        load.run(SECONDS)
        lasted, after = time.monotonic() - begun, memory(server.pid)
        turns = churn.communicate("")[0].strip()
    finally:
        server.terminate()
        server.wait()
        if churn and churn.poll() is None:
            churn.kill()
    times = sorted(load.times)
    late = times[int(len(times) * 0.95)]
    print(
        f"{len(times)} requests in {lasted:.0f} s ({len(times) / lasted:.1f} a second),"
        f" {len(load.errors)} errors, {load.prices} prices, {len(load.wrong)} wrong;"
        f" slowest {times[-1]:.2f} s, 95 of 100 within {late:.2f} s;"
        f" memory {warm} MiB warm, {after} MiB at the end; {turns} rounds of refreshes"
    )
    for fault in [*load.errors[:5], *load.wrong[:5]]:
        print(fault)
    grown = after > warm * 1.03
    return int(bool(load.errors or load.wrong or churn.returncode or grown or not load.prices))


def warmed(load: Load, pid: int) -> int:
    """MiB held once what is remembered is full: new prices all the time, read at full speed."""
    held = [memory(pid)]
    while len(held) < 30 and (len(held) < 4 or held[-1] > held[-4] * 1.01):
        load.run(10, 1000)
        held.append(memory(pid))
    print("warming up:", *held, "MiB", flush=True)
    return held[-1]


def wait_for(port: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("gunicorn does not begin.")


if __name__ == "__main__":
    sys.exit(main())
