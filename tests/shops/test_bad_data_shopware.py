"""Shopware's answers with one datum changed after the other: it costs itself, or its product."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Found, Gone
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.shopware import Shopware
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import Server, reply
from tests.shops.mutations import check_harmless, mutations
from tests.shops.shopware_server import BALM, BRACE, KEY, PRODUCTS, Store, price

TIERS = [price(39.75, regulationPrice={"price": 47.7}), price(35, quantity=10)]
GOOD = [PRODUCTS[0] | {"calculatedPrices": TIERS, "ean": "4006381333931"}, PRODUCTS[1]]
IDS = [BRACE, BALM]
# A shop may well say how many pieces one must buy at least, or that prices do not depend on it.
TOLD = ("calculatedPrices = []", "calculatedPrices removed", "calculatedPrices = None")


@pytest.mark.once
def test_every_datum(server: Server, market: Market) -> None:
    Store(server)
    told: list[Any] = [GOOD]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        first = json.loads(server.bodies[-1]).get("page", 1) == 1
        reply(handler, json.dumps({"elements": told[0] if first else []}).encode())

    server.answers["/store-api/product"] = answer
    with Shopware("s", url=server.url, access_key=KEY, allow_private=True) as shop:
        healthy = {i: found.offer for i, found in shop.fetch(IDS, market).items()}
        known = {i: Known(o.goods, o.name, o.price) for i, o in healthy.items()}
        tried = 0
        for label, mutated in mutations(GOOD):
            if label.endswith(TOLD):
                continue
            told[0] = mutated
            tried += 1
            for i, given in shop.fetch(IDS, market, known).items():
                assert not isinstance(given, Gone), label
                check_harmless(label, given, healthy[i])
                if not label.startswith(str(IDS.index(i))):
                    assert isinstance(given, Found), label
            entries = list(shop.catalogue(market))
            assert len(entries) == 2, label
            for entry in entries:
                if isinstance(entry, ShopOffer):
                    check_harmless(label, Found(entry), healthy[entry.external_id])
                else:
                    assert entry.reason, label
        assert tried > 500
