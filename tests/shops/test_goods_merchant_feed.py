"""Merchant feeds over HTTP: whether the prices of two days are of the same goods."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Answer, Found, Gone
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import END, RSS, Server, item

M = {"id": "brace-m", "title": "Knee brace", "size": "M", "item_group_id": "brace"}
L = M | {"id": "brace-l", "size": "L", "price": "57.00 EUR"}
SOME = {"gtin": "4006381333931", "mpn": "KB-M", "condition": "new", "multipack": "2"}


@pytest.fixture
def shop(server: Server) -> Iterator[MerchantFeed]:
    location = f"{server.url}/feed.xml"
    with MerchantFeed("f", location=location, allow_private=True, keep_seconds=0) as shop:
        yield shop


class Days:
    """One product on two days: the feed of each, and the known goods of the first."""

    def __init__(self, shop: MerchantFeed, server: Server, market: Market) -> None:
        self.shop, self.server, self.market = shop, server, market

    def ask(self, items: list[dict[str, str]], known: dict[str, Known] | None = None) -> Answer:
        self.server.says("/feed.xml", (RSS + "".join(item(**i) for i in items) + END).encode())
        return self.shop.fetch(["brace-m"], self.market, known)["brace-m"]

    def gap(self, first: list[dict[str, str]], second: list[dict[str, str]]) -> Gap | None:
        before = self.ask(first)
        assert isinstance(before, Found), before
        offer = before.offer
        after = self.ask(second, {"brace-m": Known(offer.goods, offer.name, offer.price)})
        assert isinstance(after, Found), after
        assert (after.offer.variant, after.offer.is_from) == ("brace-m", False)
        return after.offer.goods.gap_after(offer.goods, same_price=after.offer.price == offer.price)


@pytest.fixture
def days(shop: MerchantFeed, server: Server, market: Market) -> Days:
    return Days(shop, server, market)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([M, L], [M | {"price": "40.00 EUR"}]),
        ([M | SOME], [M | SOME | {"title": "Knee brace, new name", "price": "40.00 EUR"}]),
    ],
    ids="alone renamed".split(),
)
def test_the_card_sells_the_same_variant(days: Days, first, second) -> None:
    assert days.gap(first, second) is None


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"gtin": "4006381333948"}, Gap.GOODS),
        ({"mpn": "KB-2026"}, Gap.GOODS),
        ({"condition": "used"}, Gap.CONDITION),
        ({"multipack": "4"}, Gap.PACK),
        ({"external_seller_id": "S9"}, Gap.SELLER),
    ],
)
def test_other_goods_under_the_same_id_are_seen(days: Days, change, gap: Gap) -> None:
    sold = M | SOME | {"external_seller_id": "S1"}
    assert days.gap([sold], [sold | change | {"price": "40.00 EUR"}]) is gap
    assert days.gap([sold], [sold | change]) is gap


def test_a_variant_that_is_gone_is_gone(days: Days) -> None:
    assert isinstance(days.ask([M, L]), Found)
    assert days.ask([L]) == Gone("brace-m")
