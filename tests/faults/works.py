"""What is killed: each way in which the package writes, small and with several transactions."""

from __future__ import annotations

import datetime
import io
import json
import os
import tempfile
from collections.abc import Callable
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import PIL.Image
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone
from wagtail.images import get_image_model

from anodyne_blocks import conf
from anodyne_blocks.catalogue import importing, pictures, pruning
from anodyne_blocks.catalogue.refresh import mark_due, refresh_due
from anodyne_blocks.models import (
    Offer,
    PriceChange,
    Product,
    ShopState,
    WebhookDelivery,
)
from anodyne_blocks.shops import get_shop
from anodyne_blocks.shops.dummy import Dummy
from tests import factories
from tests.catalogue.conftest import SECRET
from tests.catalogue.test_webhooks import post

NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)
PLANS = {f"p{number}": str(10 + number) for number in range(6)}
# One is cheaper, one dearer, one is gone, two are new.
CHANGED = {**PLANS, "p0": "9.00", "p3": "19.50", "p6": "5.00", "p7": "6.00"}
del CHANGED["p2"]
_picture_address = ""


def using(prices: dict[str, str], **options: Any) -> Any:
    """The settings of a shop that asks these prices."""
    products = {
        key: {"title": f"Mat {key}", "price": {"nl": price}} for key, price in prices.items()
    }
    shop = {
        "BACKEND": "anodyne_blocks.shops.dummy.Dummy",
        "OPTIONS": {"products": products, "webhook_secret": SECRET, **options},
    }
    return override_settings(
        ANODYNE_BLOCKS={**settings.ANODYNE_BLOCKS, "SHOPS": {"webshop": shop}},
        ALLOWED_HOSTS=["*"],
    )


def imported(prices: dict[str, str]) -> None:
    importing.BATCH = 2
    with using(prices), get_shop("webshop") as shop:
        result = importing.import_catalogue(shop, conf.markets()["nl"], timezone.now())
    assert not result.error, result.error


def stocked() -> None:
    imported(PLANS)


def importing_again() -> None:
    imported(CHANGED)


def refreshing() -> None:
    """Twice: what is gone is asked about again before it is withdrawn, and each answer counts."""
    Dummy.batch_size = 2
    with using(CHANGED):
        refresh_due("webshop")
        mark_due("webshop")
        refresh_due("webshop")


def due() -> None:
    stocked()
    mark_due("webshop")


def webhooks() -> None:
    with using(CHANGED):
        for number, ids in enumerate((["p0"], ["p3", "p4"], ["p1"])):
            body = json.dumps({"ids": ids}).encode()
            assert post(Client(), body, delivery=f"msg_{number}").status_code == 200


def long_known() -> None:
    """Each with a history of years."""
    stocked()
    PriceChange.objects.all().delete()
    PriceChange.objects.bulk_create(
        PriceChange(
            offer=offer,
            price=Decimal(10 + number % 3),
            currency="EUR",
            effective_from=NOW - datetime.timedelta(days=1000 - 100 * number),
            observed_at=NOW,
            origin="import",
        )
        for offer in Offer.objects.all()
        for number in range(8)
    )


def pruning_history() -> None:
    pruning.BATCH = 2
    pruning.prune_price_changes(NOW - datetime.timedelta(days=400), NOW)


def history() -> None:
    rows = [
        f"{key},nl,{9 + number}.00,2025-0{number + 1}-01" for key in PLANS for number in range(4)
    ]
    text = "\n".join(["external_id,market,price,effective_from", *rows])
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file, using(PLANS):
        file.write(text)
        file.flush()
        call_command("import_price_history", file.name, shop="webshop", stdout=io.StringIO())


def pictured() -> None:
    stocked()
    Product.objects.filter(external_id__in=("p0", "p1", "p3")).update(image_url=_picture_address)
    factories.collection()


def pictures_imported() -> None:
    with using(PLANS, allow_private=True):
        ids = Product.objects.exclude(image_url="").order_by("pk").values_list("pk", flat=True)
        pictures.import_images(list(ids))


def time_passes() -> None:
    """Until the leases of the dead have run out, and what failed is tried again."""
    long_ago = timezone.now() - datetime.timedelta(days=2)
    Product.objects.exclude(lease_until=None).update(lease_until=long_ago)
    Product.objects.filter(image=None).exclude(image_tried_at=None).update(image_tried_at=long_ago)


Work = tuple[Callable[[], None], Callable[[], None], Callable[[], None]]
# What is there before, what is done, and what happens between the death and the next run.
WORKS: dict[str, Work] = {
    "import": (stocked, importing_again, time_passes),
    "refresh": (due, refreshing, time_passes),
    "webhooks": (stocked, webhooks, time_passes),
    "pruning": (long_known, pruning_history, time_passes),
    "history import": (stocked, history, time_passes),
    "image import": (pictured, pictures_imported, time_passes),
}


def erase() -> None:
    for model in (PriceChange, Offer, Product, WebhookDelivery, ShopState, get_image_model()):
        model.objects.all().delete()


def state() -> dict[str, Any]:
    """All that is stored but for the moments at which it was."""
    changes = PriceChange.objects.order_by("offer__product__external_id", "effective_from", "pk")
    is_told = "offer__product__external_id", "price", "currency", "origin", "gap", "mistaken_why"
    past = PriceChange.objects.filter(effective_from__lt=NOW).order_by("effective_from")
    image = "image__file_hash"
    return {
        "products": list(
            Product.objects.order_by("external_id").values_list(
                "external_id", "name", "status", "lease_token", "refresh_failures", image
            )
        ),
        "offers": [
            (*row, withdrawn is None)
            for *row, withdrawn in Offer.objects.order_by("product__external_id").values_list(
                "product__external_id", "market", "title", "price", "currency", "availability",
                "gap", "prior_price", "prior_status", "times_gone", "refresh_error", "withdrawn_at",
            )
        ],
        "changes": sorted(map(str, changes.values_list(*is_told))),
        "past": sorted(map(str, past.values_list("offer__product__external_id", "effective_from"))),
        "deliveries": sorted(WebhookDelivery.objects.values_list("delivery_id", flat=True)),
        "images": get_image_model().objects.count(),
    }  # fmt: skip


def orphans() -> int:
    """The originals that no image of the library has."""
    folder = Path(settings.MEDIA_ROOT)
    known = {
        str(folder / name) for name in get_image_model().objects.values_list("file", flat=True)
    }
    return sum(str(path) not in known for path in folder.glob("original_images/*"))


def serve_picture() -> int:
    """A server of a picture on loopback, in a process with the number that it gives."""
    global _picture_address
    file = io.BytesIO()
    PIL.Image.new("RGB", (64, 48), "teal").save(file, "PNG")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(file.getvalue())))
            self.end_headers()
            self.wfile.write(file.getvalue())

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    _picture_address = f"http://127.0.0.1:{server.server_port}/mat.png"
    pid = os.fork()
    if not pid:
        server.serve_forever()
    server.server_close()
    return pid
