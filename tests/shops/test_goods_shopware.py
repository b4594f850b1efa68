"""Shopware's answers, one after the other: what is priced, and whether the history has a gap."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Gone
from anodyne_blocks.shops.shopware import Shopware
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import Server
from tests.shops.shopware_server import BRACE, KEY, SLEEVES, Store, price, product, uuid

HOLDER = product(SLEEVES, "AX-9", "Kniebrace", childCount=2)


def size(number: int, amount: int, **fields) -> dict:
    own = {"parentId": SLEEVES, "calculatedPrice": price(amount)}
    return product(uuid(number), f"AX-9.{number}", "Kniebrace", **own | fields)


M, L = size(2, 80), size(3, 100)


@pytest.fixture
def store(server: Server) -> Store:
    return Store(server)


@pytest.fixture
def shop(server: Server, store: Store) -> Iterator[Shopware]:
    with Shopware("shopware", url=server.url, access_key=KEY, allow_private=True) as shop:
        yield shop


def test_a_barcode_that_becomes_known_breaks_no_history(store: Store, shop, market: Market) -> None:
    store.products = [HOLDER, M]
    first = shop.fetch([SLEEVES], market)[SLEEVES].offer
    store.products = [HOLDER, M | {"ean": "4006381333931"}]
    known = {SLEEVES: Known(first.goods, first.name, first.price)}
    second = shop.fetch([SLEEVES], market, known)[SLEEVES].offer
    assert second.gtin and second.goods.gap_after(first.goods, same_price=True) is None


def test_a_number_that_is_given_to_other_goods(store: Store, shop, market: Market) -> None:
    goods = []
    for own in (BRACE, uuid(5)):
        store.products = [product(own, "AX-1", "Rugbrace")]
        goods.append(shop.fetch(["AX-1"], market)["AX-1"].offer.goods)
    assert goods[1].gap_after(goods[0], same_price=True) is Gap.VARIANT


def test_a_variant_by_its_own_id_is_gone_with_it(store: Store, shop, market: Market) -> None:
    store.products = [HOLDER, M, L]
    assert shop.fetch([uuid(2)], market)[uuid(2)].offer.price == 80
    store.products = [HOLDER, L]
    assert shop.fetch([uuid(2)], market) == {uuid(2): Gone(uuid(2))}
