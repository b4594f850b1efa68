"""What goes on beside readers: refreshes, publishing, webhooks; ends with its standard input."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import sys
import threading
import urllib.error
import urllib.request

import django


def main(address: str) -> None:
    django.setup()
    from anodyne_blocks.catalogue.refresh import mark_due, refresh_due
    from anodyne_blocks.models import Product, ShopState
    from tests.testapp.models import ArticlePage

    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    dice = random.Random(3)
    ids = list(Product.objects.values_list("external_id", flat=True))
    turn = 0
    while not over.wait(0.2):
        turn += 1
        mark_due("webshop", dice.sample(ids, 40))
        # As if the pauses of a shop that fails were over each time.
        ShopState.objects.update(paused_until=None)
        refresh_due("webshop", budget_seconds=5)
        send(address, {"id": int(dice.choice(ids))})
        if turn % 3 == 0:
            page = dice.choice(list(ArticlePage.objects.all()))
            page.save_revision().publish()
    print(turn, flush=True)


def send(address: str, body: dict[str, int]) -> None:
    """A webhook as WooCommerce sends it."""
    data = json.dumps(body).encode()
    mark = base64.b64encode(hmac.new(b"soak", data, hashlib.sha256).digest()).decode()
    headers = {
        "Content-Type": "application/json",
        "X-WC-Webhook-Signature": mark,
        "X-WC-Webhook-Topic": "product.updated",
        "X-WC-Webhook-Delivery-ID": str(random.random()),
    }
    request = urllib.request.Request(f"{address}/anodyne/webhooks/webshop/", data, headers)
    try:
        urllib.request.urlopen(request, timeout=30).close()
    except urllib.error.HTTPError as error:
        print(f"A webhook was answered with {error.code}.", file=sys.stderr, flush=True)
        if error.code >= 500:
            raise


if __name__ == "__main__":
    main(sys.argv[1])
