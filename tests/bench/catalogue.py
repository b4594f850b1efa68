"""Importing 100,000 offers of 20,000 products, beside a bare `bulk_create` of the same rows.

python -m tests.bench.catalogue
"""

from __future__ import annotations

import datetime
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.frame import run
from tests.catalogue.importer import import_once, peak_mib, set_up, sqlite, write_feed

PRODUCTS = 20_000
MARKETS = ("nl", "da", "sv", "de", "en")
# As docs/how-to/products.md has it.
WAL = {
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def measure() -> dict[str, float]:
    """Both ways by market, into a fresh file each; then all unchanged, at once and a day later."""
    with TemporaryDirectory(prefix="bench-catalogue-") as name:
        folder = Path(name)
        databases = {
            alias: sqlite(folder / f"{alias}.sqlite3", **WAL) for alias in ("default", "bare")
        }
        set_up(databases, folder / "{market}.xml")
        return _measure(folder)


def _measure(folder: Path) -> dict[str, float]:
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from anodyne_blocks import conf

    call_command("migrate", verbosity=0)
    # Closed, the file is all there is; Wagtail's migrations know the default database only.
    connection.close()
    shutil.copy(folder / "default.sqlite3", folder / "bare.sqlite3")
    for market in MARKETS:
        write_feed(folder / f"{market}.xml", PRODUCTS, conf.markets()[market].currency)
    idle = peak_mib()
    now = timezone.now()
    first, bare = [], 0.0
    for market in MARKETS:
        first.append(import_once(market, now))
        bare += _bare(market)
    assert all((done["created"], done["error"]) == (PRODUCTS, "") for done in first), first
    assert _rows("default") == _rows("bare")
    again = [import_once(market, now) for market in MARKETS]
    tomorrow = now + datetime.timedelta(days=1)
    confirmed = [import_once(market, tomorrow) for market in MARKETS]
    assert all(done["unchanged"] == PRODUCTS for done in again + confirmed), (again, confirmed)
    offers, ours = PRODUCTS * len(MARKETS), _sum(first, "cpu_seconds")
    # Ratios are of processor time, which other processes on the machine disturb least.
    return {
        "import.rows_per_second": offers / _sum(first, "seconds"),
        "import.rows_per_cpu_second": offers / ours,
        "import.bare_rows_per_cpu_second": offers / bare,
        "import.over_bulk_create": bare / ours,
        "import.unchanged_over_first": ours / _sum(again, "cpu_seconds"),
        "import.confirmed_over_first": ours / _sum(confirmed, "cpu_seconds"),
        "import.writes_unchanged": _sum(again, "writes"),
        # With what the bare way holds in memory: an upper bound.
        "import.peak_mib": peak_mib() - idle,
    }


def _sum(figures: list[dict[str, Any]], name: str) -> float:
    return sum(done[name] for done in figures)


def _bare(market: str) -> float:
    """The processor seconds in which `bulk_create` alone writes what an import made of a market.

    In transactions of the import's size; making the instances and reading them is not counted.
    """
    from django.db import transaction

    from anodyne_blocks.catalogue.importing import BATCH

    seconds = 0.0
    for writes in _writes(market, BATCH):
        start = time.process_time()
        with transaction.atomic("bare"):
            for write in writes:
                write()
        seconds += time.process_time() - start
    return seconds


def _writes(market: str, size: int) -> Iterator[list[Callable[[], Any]]]:
    """What each transaction has to write: products in the first market only, offers, prices."""
    from django.db import models

    from anodyne_blocks.models import Offer, PriceChange, Product

    def write(model: type[models.Model], rows: list[Any], *identity: str) -> Callable[[], Any]:
        for row in rows:
            row.pk, row._state.adding, row._state.db = None, True, None
        names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        conflicts = {
            "update_conflicts": True,
            "unique_fields": identity,
            "update_fields": [name for name in names if name not in identity],
        }
        manager = model._default_manager.using("bare")
        return lambda: manager.bulk_create(rows, **conflicts)

    offers = Offer.objects.filter(market=market).order_by("pk").iterator(size)
    while batch := list(islice(offers, size)):
        pks = [offer.pk for offer in batch]
        products = []
        if market == MARKETS[0]:
            products = list(Product.objects.filter(offers__in=pks).order_by("pk"))
        changes = list(PriceChange.objects.filter(offer__in=pks).order_by("pk"))
        yield [
            write(Product, products, "shop", "external_id"),
            write(Offer, batch, "product", "market"),
            write(PriceChange, changes, "offer", "effective_from"),
        ]


def _rows(alias: str) -> str:
    """A fingerprint of all rows in a database, row by row: memory is measured here, too."""
    from anodyne_blocks.models import Offer, PriceChange, Product

    digest = hashlib.sha256()
    for model in (Product, Offer, PriceChange):
        for row in model.objects.using(alias).order_by("pk").values_list().iterator():
            digest.update(repr(row).encode())
    return digest.hexdigest()


if __name__ == "__main__":
    run(measure)
