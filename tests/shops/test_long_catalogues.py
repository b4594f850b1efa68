"""What is asked of no shop, and catalogues that are longer than a shop lists."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import shopify
from anodyne_blocks.shops.base import ShopError
from anodyne_blocks.shops.medusa import Medusa
from anodyne_blocks.shops.saleor import Saleor
from anodyne_blocks.shops.shopify import Shopify
from anodyne_blocks.shops.shopware import Shopware
from anodyne_blocks.shops.vendure import Vendure
from anodyne_blocks.shops.woocommerce import WooCommerce
from tests.shops.conftest import Server, reply
from tests.shops.test_shopify import BALM, MAT, NODES, PATH, TOKEN, answering, changed, error, shop

__all__ = ["shop"]

TEMPLATE = "https://shop.example/{id}"


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (Medusa, {"publishable_key": "pk_1", "url_template": TEMPLATE}),
        (Saleor, {"channel": "web", "language": "en"}),
        (Shopify, {}),
        (Shopware, {"access_key": "key"}),
        (Vendure, {"url_template": TEMPLATE}),
        (WooCommerce, {}),
    ],
)
@pytest.mark.parametrize("words", ["", " \n"])
def test_no_shop_is_asked_for_nothing(
    server: Server, market: Market, make: Any, options: dict[str, Any], words: str
) -> None:
    with make("webshop", url=server.url, allow_private=True, **options) as asked:
        assert asked.search(words, market) == []
    assert server.requests == []


class TestShopify:
    """It lists 25 000 products, and no more of a question; the next one goes on by their date."""

    @pytest.fixture
    def dates(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """When the products were made; the shop gives one at a time, and two of a question."""
        monkeypatch.setattr(shopify, "PAGE", 1)
        monkeypatch.setattr(shopify, "MAX_LISTED", 2)
        made = [f"2026-01-0{day}T00:00:00Z" for day in range(1, 6)]

        def answer(handler: BaseHTTPRequestHandler) -> None:
            given = json.loads(server.bodies[-1])["variables"]
            since = (given["query"] or "").partition("'")[2].rstrip("'")
            listed = [
                node | {"createdAt": date}
                for node, date in zip(NODES, made, strict=True)
                if date >= since
            ]
            place = int(given["after"] or 0)
            info = {"hasNextPage": place + 1 < len(listed), "endCursor": str(place + 1)}
            page = {"nodes": listed[place : place + 1], "pageInfo": info}
            spoken = {"localization": {"language": {"isoCode": "NL"}}}
            reply(handler, json.dumps({"data": {"products": page} | spoken}).encode())

        server.answers[PATH] = answer
        return made

    def test_a_long_catalogue_is_read_whole(
        self, shop: Shopify, market: Market, dates: list[str]
    ) -> None:
        found = [offer.external_id for offer in shop.catalogue(market)]
        assert found == [node["id"].rpartition("/")[2] for node in NODES]

    def test_too_many_of_one_moment_are_told(
        self, shop: Shopify, market: Market, dates: list[str]
    ) -> None:
        dates[:] = dates[:1] * len(dates)
        with pytest.raises(ShopError, match="so many products of one moment"):
            list(shop.catalogue(market))


def test_the_variants_of_a_variant_are_those_of_its_product(
    server: Server, shop: Shopify, market: Market
) -> None:
    """An editor may have chosen one of them."""
    balm = changed(BALM)
    variant = balm["variants"]["nodes"][1] | {"product": balm, "handle": ""}
    answering(server, *NODES, variant)
    variants = [offer.external_id for offer in shop.variants(BALM, market)]
    assert len(variants) > 1
    assert [offer.external_id for offer in shop.variants(variant["id"], market)] == variants


def test_a_shop_that_fails_is_not_one_without_variants(
    server: Server, shop: Shopify, market: Market
) -> None:
    server.says(PATH, json.dumps({"errors": [error("THROTTLED")]}).encode())
    with pytest.raises(ShopError, match="fewer requests") as failed:
        shop.variants(MAT, market)
    assert TOKEN not in str(failed.value)
