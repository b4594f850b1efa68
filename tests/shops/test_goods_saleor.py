"""Saleor's answers, one after the other: what is priced, and whether the history has a gap."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.saleor import Saleor
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import Server
from tests.shops.saleor_server import BRACE, answering, global_id, made, product, taxed, variant

M = variant(2, "M", taxed(8000, 6612))
L = variant(3, "L", taxed(10000, 8264))


@pytest.fixture
def shop(server: Server) -> Iterator[Saleor]:
    with made(server) as shop:
        yield shop


@pytest.mark.parametrize(
    ("before", "after", "number", "gap"),
    [
        pytest.param([M, L], [M | {"pricing": None}, L], 3, Gap.VARIANT, id="no more in channel"),
        pytest.param(
            [variant(2, price=taxed(8000, 8000))], [M], 2, None, id="tax is now known to be in it"
        ),
    ],
)
def test_a_card_keeps_to_the_variant_that_it_priced(
    server: Server, shop: Saleor, market: Market, before, after, number, gap
) -> None:
    answering(server, product(1, "knee-brace", "Kniebrace", variants=before))
    first = shop.fetch([BRACE], market)[BRACE].offer
    answering(server, product(1, "knee-brace", "Kniebrace", variants=after))
    known = {BRACE: Known(first.goods, first.name, first.price)}
    second = shop.fetch([BRACE], market, known)[BRACE].offer
    assert second.variant == global_id("ProductVariant", number)
    same = first.price == second.price
    assert second.goods.gap_after(first.goods, same_price=same) == gap


def test_another_default_variant_is_no_reduction(server: Server, shop: Saleor, market) -> None:
    # Whatever the shop's default is, it is not asked for: prices stay with their variant.
    answering(server, product(1, "knee-brace", "Kniebrace", variants=[M, L]))
    offers = [shop.fetch([BRACE], market)[BRACE].offer for _ in range(2)]
    assert b"defaultVariant" not in server.bodies[-1]
    assert offers[0] == offers[1]


def test_a_slug_that_now_names_another_product(server: Server, shop: Saleor, market) -> None:
    goods = []
    for number in (1, 5):
        answering(server, product(number, "knee-brace", "Kniebrace"))
        goods.append(shop.fetch(["knee-brace"], market)["knee-brace"].offer.goods)
    assert goods[1].gap_after(goods[0], same_price=True) is Gap.VARIANT
