"""Refresh throughput with one, two and four task workers: `python -m tests.bench.refresh`.

The shop is a real server on loopback that answers each batch in 50 ms. Its products are stored
already, and every twentieth has a new price. The tasks come from `refresh_products --background`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import django
from django.core.management import call_command
from django.test.utils import override_settings
from django.utils import timezone

from tests.bench.frame import NotAvailableError, run
from tests.bench.task_workers import BACK_ENDS, BackEnd, until, workers
from tests.catalogue.loopback_shop import LoopbackShop

PRODUCTS = 4000
SECONDS = 0.05
CHANGED = 20
ROUNDS = 2


def measure() -> dict[str, float]:
    """Products a second of one worker, and how many times more two and four refresh."""
    shop = LoopbackShop(SECONDS)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.bench.refresh_settings",
        "ANODYNE_TEST_DB": "postgres",
        "ANODYNE_BENCH_DB": f"anodyne_bench_{os.getpid()}",
        "ANODYNE_BENCH_SHOP": shop.url("shop"),
    }
    numbers: dict[str, float] = {}
    try:
        django.setup()
        with _database(), _redis():
            _store_products(shop)
            for name, back_end in BACK_ENDS.items():
                rates = _rates(shop, back_end)
                numbers[f"{name}.products_per_second"] = rates[1]
                numbers[f"{name}.two_workers_over_one"] = rates[2] / rates[1]
                numbers[f"{name}.four_workers_over_one"] = rates[4] / rates[1]
    finally:
        shop.server.close()
    return numbers


def _rates(shop: LoopbackShop, back_end: BackEnd) -> dict[int, float]:
    """{workers: products a second}: the median of rounds, in turn against a machine's moods."""
    rates: dict[int, list[float]] = {1: [], 2: [], 4: []}
    os.environ["ANODYNE_BENCH_TASKS"] = back_end.task_back_end
    with (
        override_settings(TASKS={"default": {"BACKEND": back_end.task_back_end}}),
        workers(1, back_end),
    ):
        for count in [1, 2] * ROUNDS + [4]:
            with workers(count - 1, back_end):
                rates[count].append(_rate(shop))
    for count, found in rates.items():
        print(f"{back_end.command[0]} x {count}:", *(f"{rate:.0f}/s" for rate in found))
    return {count: median(found) for count, found in rates.items()}


def _rate(shop: LoopbackShop) -> float:
    """Products a second, from when a quarter was asked about, so that every worker has begun."""
    from anodyne_blocks.models import Product

    shop.questions.clear()
    cents = str(2000 + int(time.monotonic()) % 2000)
    shop.prices = {str(number): cents for number in range(CHANGED, PRODUCTS + 1, CHANGED)}
    call_command("refresh_products", background=True, all=True)
    waiting = Product.objects.filter(next_refresh_at__lte=timezone.now())
    # The rate is what is measured; this ends a run that hangs.
    until(lambda: not waiting.exists(), "refresh the products", seconds=300)
    questions = sorted(shop.questions, key=lambda question: question.moment)
    assert sum(len(question.ids) for question in questions) == PRODUCTS
    begin = len(questions) // 4
    asked = sum(len(question.ids) for question in questions[begin:-1])
    return asked / (questions[-1].moment - questions[begin].moment)


def _store_products(shop: LoopbackShop) -> None:
    from anodyne_blocks import conf
    from anodyne_blocks.catalogue.store import store_offers
    from anodyne_blocks.shops.woocommerce.offer import read_offer

    market = conf.markets()["nl"]
    offers = [read_offer(shop.product(str(n)), {}) for n in range(1, PRODUCTS + 1)]
    for start in range(0, PRODUCTS, 500):
        store_offers("webshop", market, offers[start : start + 500], timezone.now())


@contextmanager
def _database() -> Iterator[None]:
    """A database of its own, empty but for its tables."""
    from django.db import OperationalError, connection

    name = connection.settings_dict["NAME"]
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    except OperationalError as error:
        reason = f"This needs PostgreSQL (scripts/install-postgres.sh): {error}"
        raise NotAvailableError(reason) from None
    try:
        call_command("migrate", run_syncdb=True, verbosity=0)
        yield
    finally:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _redis() -> Iterator[None]:
    """An empty Redis database, which is emptied again afterwards."""
    from django.conf import settings
    from redis import Redis, RedisError

    with Redis.from_url(settings.REDIS_URL) as redis:
        try:
            keys = redis.dbsize()
        except RedisError as error:
            raise NotAvailableError(f"This needs Redis at {settings.REDIS_URL}: {error}") from None
        if keys:
            raise NotAvailableError(
                f"{settings.REDIS_URL} holds keys; name an empty one in ANODYNE_TEST_REDIS."
            )
        try:
            yield
        finally:
            redis.flushdb()


if __name__ == "__main__":
    run(measure)
