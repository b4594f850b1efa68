"""WooCommerce's answers with one datum changed after the other: it costs itself, or its product."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Found, Gone
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.woocommerce import WooCommerce
from tests.shops.conftest import Server, reply
from tests.shops.mutations import check_harmless, mutations
from tests.shops.woocommerce_server import PATH, prices, product, variable, variation

MAT = product(
    1, "Mat", sku="AX-1", on_sale=True, prices=prices("3975", "5300"), average_rating="4.25",
    review_count=8, images=[{"id": 3, "src": "https://shop.example/mat.png", "alt": "A mat"}],
    brands=[{"id": 5, "name": "Atlas"}],
)  # fmt: skip
BRACE = variable(2, "Knee brace", [21, 22])
SIZES = [variation(21, 2, "S", "1500"), variation(22, 2, "M", "2500")]
# A shop may well say of a product that it has no variations.
TOLD = "variations = []"


class Answers:
    """A shop that answers with these products, then no more, and with these variations."""

    def __init__(self, server: Server) -> None:
        self.products: Any = []
        self.variations: Any = SIZES
        server.answers[PATH] = self.answer

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked = handler.path
        given = self.variations if "type=variation" in asked else self.products
        if "stock_status" in asked or ("page=" in asked and "&page=1&" not in asked):
            given = given if "include" in asked and "stock_status" not in asked else []
        reply(handler, json.dumps(given).encode())


@pytest.mark.once
@pytest.mark.parametrize("part", ["products", "variations"])
def test_every_datum(server: Server, market: Market, part: str) -> None:
    answers = Answers(server)
    good = [MAT, BRACE]
    answers.products = good
    with WooCommerce("woo", url=server.url, allow_private=True) as shop:
        ids = [str(one["id"]) for one in good]
        healthy = {i: answer.offer for i, answer in shop.fetch(ids, market).items()}
        known = {i: Known(o.goods, o.name, o.price) for i, o in healthy.items()}
        whole = {"products": good, "variations": SIZES}[part]
        tried = 0
        for label, mutated in mutations(whole):
            if label.endswith(TOLD):
                continue
            setattr(answers, part, mutated)
            tried += 1
            for i, answer in shop.fetch(ids, market, known).items():
                assert not isinstance(answer, Gone), label
                check_harmless(label, answer, healthy[i])
                # One bad product spoils no other.
                if part == "products" and not label.startswith(str(ids.index(i))):
                    assert isinstance(answer, Found), label
            if part == "variations":
                continue
            for entry in shop.catalogue(market, lambda ids: known):
                if isinstance(entry, ShopOffer):
                    check_harmless(label, Found(entry), healthy[entry.external_id])
                else:
                    assert entry.reason
        assert tried > 300
