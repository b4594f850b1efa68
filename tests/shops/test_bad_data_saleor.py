"""Saleor's answers with one datum changed after the other: it costs itself, or its product."""

from __future__ import annotations

import json
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from tests.shops.conftest import Server
from tests.shops.mutations import check_shop
from tests.shops.saleor_server import ON_SALE, PATH, PRODUCTS, SOLD, made, product, variant

GOOD = [
    product(
        1, "brace", "Brace", rating=4.5,
        translation={"name": "B", "slug": "b", "description": None},
        variants=[variant(1, pricing=ON_SALE, preorder={"endDate": None})],
    ),
    PRODUCTS[1],
]  # fmt: skip
INFO = {"hasNextPage": False, "endCursor": None}
LISTED = {"products": {"edges": [{"node": one} for one in GOOD], "pageInfo": INFO}} | SOLD
FETCHED = dict(zip(("p0", "p1"), GOOD, strict=True)) | SOLD


@pytest.mark.once
@pytest.mark.parametrize("known", [True, False])
def test_a_bad_datum_costs_itself(server: Server, market: Market, known: bool) -> None:
    def says(data: Any) -> None:
        server.says(PATH, json.dumps({"data": data}).encode())

    with made(server) as shop:
        tried = check_shop(
            shop, market, says, FETCHED, LISTED, "products.edges", known=known, gone="p[01] = None"
        )
    assert tried > 1000
