"""Rounds of workers, imports, webhooks and an editor on the same products; run by test_at_once.py.

    python -m tests.faults.at_once '{"DATABASE": {…}, "FOLDER": "…", "ROUNDS": 3}'

In each round all prices change, and a product is new that every process meets.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from itertools import pairwise

from tests.faults import killing

COUNT = 12


def prices(turn: int) -> dict[str, str]:
    """Those of a round: each differs from that of the round before."""
    known = {f"p{number}": f"{20 + (turn * (number % 5 + 1)) % 7}.00" for number in range(COUNT)}
    return known | {f"new{number}": f"{5 + turn}.00" for number in range(turn + 1)}


def together(works: list[Callable[[], None]]) -> int:
    """Do these at the same time, each in a process of its own; gives how many failed."""
    from django.db import connections

    connections.close_all()
    waiting, go = os.pipe()
    pids = []
    for work in works:
        pid = os.fork()
        if not pid:
            code = 1
            try:
                os.close(go)
                os.read(waiting, 1)
                work()
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        pids.append(pid)
    # Closed, it lets all of them go.
    os.close(go)
    os.close(waiting)
    return sum(os.waitpid(pid, 0)[1] != 0 for pid in pids)


def works_of(turn: int) -> list[Callable[[], None]]:
    from django.test import Client
    from django.utils import timezone

    from anodyne_blocks import conf
    from anodyne_blocks.catalogue import importing
    from anodyne_blocks.catalogue.refresh import mark_due, refresh_due
    from anodyne_blocks.models import Product
    from anodyne_blocks.shops import get_shop
    from anodyne_blocks.shops.dummy import Dummy
    from tests.catalogue.test_webhooks import post
    from tests.faults.works import using

    told = prices(turn)

    def importer() -> None:
        importing.BATCH = 5
        with using(told), get_shop("webshop") as shop:
            result = importing.import_catalogue(shop, conf.markets()["nl"], timezone.now())
        assert not result.error, result.error

    def worker() -> None:
        Dummy.batch_size = 4
        with using(told):
            mark_due("webshop")
            refresh_due("webshop")

    def sender() -> None:
        with using(told):
            for number in range(3):
                ids = [f"p{(turn + number * step) % COUNT}" for step in range(1, 5)]
                body = json.dumps({"ids": ids}).encode()
                # Each delivery comes twice, as shops send it that have not heard an answer.
                for _again in range(2):
                    answer = post(Client(), body, delivery=f"msg_{turn}_{number}")
                    assert answer.status_code == 200

    def editor() -> None:
        for product in Product.objects.filter(external_id__startswith="p").order_by("pk"):
            product.name = f"{product.external_id} of round {turn}"
            product.save(update_fields=["name"])

    return [importer, importer, worker, worker, worker, worker, sender, sender, editor]


def faults_after(turn: int) -> dict[str, int]:
    """What was lost, doubled or wrong."""
    from anodyne_blocks.models import Offer, PriceChange, Product, WebhookDelivery

    told = prices(turn)
    offers = {offer.product.external_id: offer for offer in Offer.objects.select_related("product")}
    doubled = 0
    for offer in offers.values():
        changes = PriceChange.objects.filter(offer=offer).order_by("effective_from", "pk")
        doubled += sum(a.price == b.price and not b.gap for a, b in pairwise(changes))
    names = Product.objects.filter(external_id__startswith="p").values_list("name", flat=True)
    return {
        "doubled": doubled + Product.objects.count() - len(told),
        "lost": sum(not name.endswith(f"of round {turn}") for name in names),
        "wrong": sum(f"{offer.price:.2f}" != told[key] for key, offer in offers.items())
        + abs(len(told) - len(offers)),
        "held": Product.objects.exclude(lease_token=None).count(),
        "deliveries": abs(WebhookDelivery.objects.count() - 3 * (turn + 1)),
    }


def main() -> None:
    killing.set_up()
    from tests.faults import works

    works.erase()
    works.imported(prices(0))
    total: dict[str, int] = {"failed": 0}
    for turn in range(killing.GIVEN["ROUNDS"]):
        total["failed"] += together(works_of(turn))
        for name, count in faults_after(turn).items():
            total[name] = total.get(name, 0) + count
        if any(total.values()):
            break
    works.erase()
    print(json.dumps({"rounds": killing.GIVEN["ROUNDS"], **total}))


if __name__ == "__main__":
    killing.GIVEN = json.loads(sys.argv[1])
    main()
