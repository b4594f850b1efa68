"""Imports a feed twice into a database of its own, and prints figures; run by test_scale.py.

python -m tests.catalogue.importer FOLDER ROWS
"""

from __future__ import annotations

import datetime
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings

BACKEND = "anodyne_blocks.shops.merchant_feed.MerchantFeed"
ITEM = (
    "<item><g:id>sku-{n}</g:id><g:title>Lumbar cushion number {n}</g:title><g:description>A firm"
    " cushion that keeps the curve of the lower back, washed at forty degrees {n} times."
    "</g:description><g:link>https://shop.example/nl/sku-{n}</g:link><g:image_link>"
    "https://shop.example/sku-{n}.jpg</g:image_link><g:price>{price}.95 {currency}</g:price>"
    "<g:availability>in_stock</g:availability></item>\n"
)


def write_feed(path: Path, rows: int, currency: str = "EUR") -> None:
    """A feed of so many products."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<rss xmlns:g="http://base.google.com/ns/1.0"><channel>')
        file.writelines(ITEM.format(n=n, price=10 + n % 90, currency=currency) for n in range(rows))
        file.write("</channel></rss>")


def use(folder: Path) -> None:
    """Set Django up with an empty database and the feed."""
    set_up({"default": sqlite(folder / "db.sqlite3")}, folder / "feed.xml")


def sqlite(file: Path, **options: Any) -> dict[str, Any]:
    """The setting of a database in a file."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": options}


def set_up(databases: dict[str, Any], feed: Path) -> None:
    """Set Django up with these databases, and a shop "feed" that is read from here."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    settings.DATABASES = databases
    settings.ANODYNE_BLOCKS = {
        **settings.ANODYNE_BLOCKS,
        "SHOPS": {"feed": {"BACKEND": BACKEND, "OPTIONS": {"location": str(feed)}}},
    }
    django.setup()


def import_once(market: str = "nl", now: datetime.datetime | None = None) -> dict[str, Any]:
    """Import the feed: what was done, how many statements wrote, and how long it took.

    `now` is when it begins. Of two that begin at the same moment the second confirms nothing again,
    however long they take.
    """
    from django.db import connection
    from django.utils import timezone

    from anodyne_blocks import conf
    from anodyne_blocks.catalogue.importing import import_catalogue
    from anodyne_blocks.shops import get_shop

    writes = 0

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal writes
        writes += sql.split()[0] in ("INSERT", "UPDATE", "DELETE")
        return execute(sql, *rest)

    wall, cpu = time.perf_counter(), time.process_time()
    with get_shop("feed") as shop, connection.execute_wrapper(count):
        result = import_catalogue(shop, conf.markets()[market], now or timezone.now())
    return {
        **vars(result.tally),
        "error": result.error,
        "writes": writes,
        "seconds": round(time.perf_counter() - wall, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
    }


def peak_mib() -> float:
    """The most memory that this process ever had."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main() -> None:
    from django.core.management import call_command
    from django.utils import timezone

    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    write_feed(folder / "feed.xml", rows)
    use(folder)
    call_command("migrate", verbosity=0)
    idle = peak_mib()
    now = timezone.now()
    first, second = import_once(now=now), import_once(now=now)
    mib = round(peak_mib() - idle, 1)
    print(json.dumps({"first": first, "second": second, "mib_above_idle": mib}))


if __name__ == "__main__":
    main()
