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


S, M, L = size(1, 60, available=False), size(2, 80), size(3, 100)


@pytest.fixture
def store(server: Server) -> Store:
    return Store(server)


@pytest.fixture
def shop(server: Server, store: Store) -> Iterator[Shopware]:
    with Shopware("shopware", url=server.url, access_key=KEY, allow_private=True) as shop:
        yield shop


@pytest.mark.parametrize(
    ("before", "after", "number", "gap"),
    [
        pytest.param([S, M, L], [L, M, S], 2, None, id="re-ordered"),
        pytest.param([S, M, L], [S | {"available": True}, M, L], 2, None, id="restocked"),
        pytest.param([M, L], [M, L, size(4, 40)], 2, None, id="a cheaper one is added"),
        pytest.param([M, L], [M | {"available": False}, L], 2, None, id="sold out"),
        pytest.param([M, L], [L], 3, Gap.VARIANT, id="the one is deleted"),
        pytest.param([M], [size(9, 60)], 9, Gap.VARIANT, id="replaced"),
        pytest.param([M], [M | {"ean": "1"}], 2, None, id="its barcode becomes known"),
        pytest.param([M], [M | {"productNumber": "AX-0"}], 2, Gap.GOODS, id="reused"),
    ],
)
def test_a_card_keeps_to_the_variant_that_it_priced(
    store: Store, shop: Shopware, market: Market, before, after, number, gap
) -> None:
    store.products = [HOLDER, *before]
    first = shop.fetch([SLEEVES], market)[SLEEVES].offer
    store.products = [HOLDER, *after]
    known = {SLEEVES: Known(first.goods, first.name, first.price)}
    second = shop.fetch([SLEEVES], market, known)[SLEEVES].offer
    assert second.variant == uuid(number)
    same = first.price == second.price
    assert second.goods.gap_after(first.goods, same_price=same) == gap


def test_a_product_that_gets_variants(store: Store, shop: Shopware, market: Market) -> None:
    store.products = [product(SLEEVES, "AX-9", "Kniebrace")]
    first = shop.fetch([SLEEVES], market)[SLEEVES].offer
    store.products = [HOLDER, M, L]
    second = shop.fetch([SLEEVES], market)[SLEEVES].offer
    assert second.is_from
    assert second.goods.gap_after(first.goods, same_price=False) is Gap.VARIANT


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


def test_another_tax_basis(server: Server, store: Store, market: Market) -> None:
    store.products = [product(BRACE, "AX-1", "Rugbrace")]
    goods = []
    for state in ("gross", "net"):
        store.context = {"taxState": state}
        with Shopware("s", url=server.url, access_key=KEY, allow_private=True) as shop:
            goods.append(shop.fetch([BRACE], market)[BRACE].offer.goods)
    assert goods[1].gap_after(goods[0], same_price=True) is Gap.TAX
