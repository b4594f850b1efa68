"""The contract of all shops, kept by those that need no server."""

from __future__ import annotations

import pytest

from anodyne_blocks.shops.dummy import Dummy
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.testing import ShopContract
from tests.shops.conftest import Server


class TestDummy(ShopContract):
    known_id = "mat"
    words = "mat"
    secrets = ("hush",)

    @pytest.fixture
    def shop(self) -> Dummy:
        products = {
            "mat": {
                "title": "Mat &amp; cover",
                "price": {"nl": "39.75", "da": "299.00"},
                "list_price": {"nl": "53.00"},
                "availability": "in_stock",
                "url": "https://shop.example/mat",
            },
            "lamp": {"title": "Lamp", "price": "20.00"},
            "wrong": {"title": "Wrong", "price": "a lot"},
            "elsewhere": {"title": "Elsewhere", "price": {"da": "10.00"}},
        }
        return Dummy("dummy", products=products, webhook_secret="hush")

    @pytest.fixture
    def broken_shop(self) -> Dummy:
        return Dummy("dummy", error="The shop is closed.", webhook_secret="hush")


class TestMerchantFeed(ShopContract):
    known_id = "lumbar-brace"
    words = "stoel"
    secrets = ("hush",)

    @pytest.fixture
    def shop(self, server: Server):
        item = (
            "<item><g:id>lumbar-brace</g:id><g:title>Brace voor de stoel</g:title>"
            "<g:description>&lt;p&gt;Warm &amp;amp; soft&lt;/p&gt;</g:description>"
            "<g:price>53.00 EUR</g:price><g:sale_price>39.75 EUR</g:sale_price></item>"
            "<item><g:id>bad</g:id></item>"
        )
        feed = f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>{item}</channel></rss>'
        server.says("/feed.xml", feed.encode())
        with MerchantFeed(
            "feed",
            location=f"{server.url}/feed.xml",
            headers={"Authorization": "hush"},
            allow_private=True,
        ) as shop:
            yield shop

    @pytest.fixture
    def broken_shop(self, server: Server):
        location = f"{server.url}/broken.xml?key=hush"
        server.says("/broken.xml", b"hush", 500, Retry_After="0")
        with MerchantFeed(
            "feed", location=location, headers={"Authorization": "hush"}, allow_private=True
        ) as shop:
            yield shop
