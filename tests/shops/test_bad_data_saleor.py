"""Saleor's answers with one datum changed after the other: it costs itself, or its product."""

from __future__ import annotations

import json
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Found, Gone, ShopError
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import Server
from tests.shops.mutations import check_harmless, mutations
from tests.shops.saleor_server import (
    BALM,
    BRACE,
    ON_SALE,
    PATH,
    PRODUCTS,
    SOLD,
    made,
    product,
    variant,
)

GOOD = [
    product(
        1, "brace", "Brace", rating=4.5,
        translation={"name": "B", "slug": "b", "description": None},
        variants=[variant(1, pricing=ON_SALE, preorder={"endDate": None})],
    ),
    PRODUCTS[1],
]  # fmt: skip
IDS = [BRACE, BALM]
LISTED = {
    "products": {
        "edges": [{"node": one} for one in GOOD],
        "pageInfo": {"hasNextPage": False, "endCursor": None},
    }
} | SOLD
FETCHED = dict(zip(("p0", "p1"), GOOD, strict=True)) | SOLD


def test_every_datum(server: Server, market: Market) -> None:
    def says(data: Any) -> None:
        server.says(PATH, json.dumps({"data": data}).encode())

    with made(server) as shop:
        says(FETCHED)
        healthy = {i: answer.offer for i, answer in shop.fetch(IDS, market).items()}
        known = {i: Known(o.goods, o.name, o.price) for i, o in healthy.items()}
        tried = 0
        for label, mutated in mutations(FETCHED):
            says(mutated)
            tried += 1
            for i, answer in shop.fetch(IDS, market, known).items():
                # So Saleor says that it has no such product.
                assert not isinstance(answer, Gone) or label in ("p0 = None", "p1 = None")
                check_harmless(label, answer, healthy[i])
                if not label.startswith(f"p{IDS.index(i)}"):
                    assert isinstance(answer, Found), label
        for label, mutated in mutations(LISTED):
            says(mutated)
            tried += 1
            try:
                entries = list(shop.catalogue(market, lambda ids: known))
            except ShopError as error:
                assert error.reason and not label.startswith("products.edges."), label
                continue
            assert len(entries) == 2 or not label.startswith("products.edges."), label
            for entry in entries:
                if isinstance(entry, ShopOffer):
                    check_harmless(label, Found(entry), healthy[entry.external_id])
                else:
                    assert entry.reason, label
        assert tried > 1000
