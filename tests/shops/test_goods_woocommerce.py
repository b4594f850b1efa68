"""Products of WooCommerce with variations, and groups: one of them is priced, and kept to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Found, Gone, Unknown
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.woocommerce import WooCommerce
from tests.shops.conftest import Server, reply
from tests.shops.woocommerce_server import PATH, Woo, prices, product, variable, variation


@pytest.fixture
def woo(server: Server) -> Woo:
    return Woo(server)


@pytest.fixture
def shop(server: Server) -> Iterator[WooCommerce]:
    with WooCommerce("woo", url=server.url, allow_private=True) as shop:
        yield shop


RANGE = prices("1500", "2000", between=("1500", "2500"))
BRACE = variable(14, "Knee brace", [41, 42, 43])
SIZES = [
    variation(41, 14, "S", "1500", is_in_stock=False),
    variation(42, 14, "M", "2000", on_sale=True, prices=prices("2000", "2400")),
    variation(43, 14, "L", "2500"),
]


class TestVariations:
    @pytest.fixture(autouse=True)
    def _sizes(self, woo: Woo) -> None:
        woo.products = [BRACE, *SIZES]

    def test_price_and_stock_are_those_of_one_variation(self, shop, woo, market) -> None:
        offer = shop.fetch(["14"], market)["14"].offer
        # The cheapest, at 15.00, is sold out.
        assert (offer.variant, offer.sku, offer.title) == ("42", "AX-42", "Knee brace")
        assert (offer.price, offer.list_price) == (Decimal(20), Decimal(24))
        assert (offer.availability, offer.is_from) == (Stock.IN_STOCK, False)
        assert list(shop.catalogue(market)) == [offer]

    @pytest.mark.parametrize(
        ("cheapest", "expected"),
        [
            ({}, ("41", Decimal(15), Stock.IN_STOCK, True)),
            ({"is_on_backorder": True}, ("41", Decimal(15), Stock.BACKORDER, True)),
            ({"prices": prices("0")}, ("42", Decimal(20), Stock.IN_STOCK, False)),
        ],
    )
    def test_the_cheapest_that_can_be_bought(self, shop, woo, market, cheapest, expected) -> None:
        woo.products[1] = variation(41, 14, "S", "1500") | cheapest
        offer = shop.fetch(["14"], market)["14"].offer
        assert (offer.variant, offer.price, offer.availability, offer.is_from) == expected

    @pytest.mark.parametrize(
        ("fields", "price", "stock"),
        [
            ({}, Decimal(15), Stock.UNKNOWN),
            ({"prices": prices("0", between=("0", "1500"))}, None, Stock.UNKNOWN),
            ({"on_sale": True, "prices": RANGE}, Decimal(15), Stock.UNKNOWN),
            ({"is_in_stock": False}, Decimal(15), Stock.OUT_OF_STOCK),
            ({"prices": prices("0"), "is_purchasable": False}, None, Stock.OUT_OF_STOCK),
        ],
    )
    def test_a_range_whose_variations_are_not_told(
        self, shop, woo, market, fields, price, stock
    ) -> None:
        woo.products = [variable(14, "Knee brace", [], **fields)]
        offer = shop.fetch(["14"], market)["14"].offer
        assert (offer.variant, offer.price, offer.availability) == ("", price, stock)
        assert (offer.is_from, offer.list_price) == (bool(price), None)

    def test_a_group_has_the_price_of_one_of_its_products(self, shop, woo, market) -> None:
        group = product(
            50, "Neck set", type="grouped", grouped_products=[51, 52, 53], is_purchasable=False,
            prices=prices("0", between=("800", "3000")),
        )  # fmt: skip
        members = [
            product(51, "Pillow", prices=prices("3000")),
            product(52, "Cover", prices=prices("900")),
            variable(53, "Wrap", [54]),
        ]
        woo.products = [group, *members]
        offer = shop.fetch(["50"], market)["50"].offer
        assert (offer.title, offer.variant, offer.price) == ("Neck set", "52", Decimal(9))
        assert offer.availability == Stock.IN_STOCK
        assert [one.external_id for one in shop.variants("50", market)][:2] == ["51", "52"]

    def test_an_editor_can_choose_a_variation(self, shop, woo: Woo, market: Market) -> None:
        choice = shop.variants("14", market)
        assert [(one.external_id, one.title) for one in choice] == [
            ("41", "Knee brace – Size: S"),
            ("42", "Knee brace – Size: M"),
            ("43", "Knee brace – Size: L"),
        ]
        for one in choice:
            answer = shop.fetch([one.external_id], market)[one.external_id]
            assert answer.offer == one
        assert one.description == "Knee brace, short"
        assert shop.variants("42", market) == shop.variants("99", market) == []
        assert shop.variants("x", market) == []

    def test_a_variation_is_gone_with_itself_or_its_product(self, shop, woo, market) -> None:
        woo.products = [BRACE, SIZES[0]]
        assert shop.fetch(["42"], market) == {"42": Gone("42")}
        woo.products = [SIZES[1], product(1, "Mat")]
        assert shop.fetch(["42"], market) == {"42": Gone("42")}

    def test_a_product_without_a_number_withdraws_no_variation(self, shop, woo, market) -> None:
        woo.products = [{k: v for k, v in BRACE.items() if k != "id"}, SIZES[1], product(1, "Mat")]
        answers = shop.fetch(["1", "42"], market)
        assert isinstance(answers["1"], Found) and isinstance(answers["42"], Unknown)

    def test_a_hidden_variation_is_still_that_variation(self, shop, woo, market) -> None:
        woo.hides_sold_out = True
        assert shop.fetch(["41"], market)["41"].offer.availability == Stock.OUT_OF_STOCK

    def test_a_batch_costs_one_request_more(self, shop, woo: Woo, market: Market) -> None:
        numbers = range(1, 31)
        woo.products = [
            one
            for n in numbers
            for one in (
                variable(n, "Brace", [100 + n, 200 + n]),
                variation(100 + n, n, "S", "1500"),
                variation(200 + n, n, "M", "2500"),
            )
        ]
        shop.fetch([str(n) for n in numbers], market)
        assert len(woo.asked) == 2

    def test_a_failure_of_the_variations_is_none_of_the_others(
        self, shop, server: Server, woo: Woo, market: Market
    ) -> None:
        woo.products.append(product(15, "Mat"))

        def answer(handler: Any) -> None:
            if "type=variation" in handler.path:
                return reply(handler, b"", 400)
            return woo.answer(handler)

        server.answers[PATH] = answer
        answers = shop.fetch(["14", "15", "99"], market)
        assert isinstance(answers["15"], Found)
        assert re.search("answered 400", answers["14"].reason)
        assert isinstance(answers["99"], Unknown)

    def test_fewer_decimals_are_no_other_price(self, shop, woo: Woo, market: Market) -> None:
        woo.products = [product(1, "Mat", prices=prices("3975"))]
        first = shop.fetch(["1"], market)["1"].offer
        for digits, expected in [("40", "39.75"), ("41", "41"), ("39", "39")]:
            woo.products = [product(1, "Mat", prices=prices(digits, decimals=0))]
            assert shop.fetch(["1"], market, known(first))["1"].offer.price == Decimal(expected)


def known(offer: ShopOffer) -> dict[str, Known]:
    return {offer.external_id: Known(offer.goods, offer.name, offer.price)}


GROUP = product(
    14, "Neck set", type="grouped", grouped_products=[51, 52], is_purchasable=False,
    prices=prices("0", between=("3000", "4000")),
)  # fmt: skip
MEMBERS = [product(51, "Pillow", prices=prices("3000")), product(52, "Wrap", prices=prices("4000"))]


class TestGoods:
    """Two answers, one after the other: what is priced, and whether the history has a gap."""

    @pytest.mark.parametrize(
        ("before", "after", "variant", "gap"),
        [
            pytest.param(
                [product(14, "Knee brace")], [BRACE, *SIZES], "42", Gap.VARIANT,
                id="it gets variations",
            ),
            pytest.param(
                [GROUP, *MEMBERS], [GROUP | {"grouped_products": [52]}, *MEMBERS],
                "52", Gap.VARIANT, id="a group loses its member",
            ),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("by_catalogue", [False, True])
    def test_a_card_keeps_to_what_it_priced(
        self, shop, woo: Woo, market: Market, before, after, variant, gap, by_catalogue
    ) -> None:
        woo.products = before
        first = shop.fetch(["14"], market)["14"].offer
        woo.products = after
        if by_catalogue:
            entries = shop.catalogue(market, lambda ids: known(first))
            (second,) = [one for one in entries if one.external_id == "14"]
        else:
            second = shop.fetch(["14"], market, known(first))["14"].offer
        assert second.variant == variant
        same = first.price == second.price
        assert second.goods.gap_after(first.goods, same_price=same) == gap

    def test_a_variation_that_the_shop_hides_is_asked_for(self, shop, woo, market) -> None:
        woo.products = [BRACE, *SIZES]
        first = shop.fetch(["14"], market)["14"].offer
        sold_out = variation(42, 14, "M", "2000", is_in_stock=False)
        woo.products = [variable(14, "Knee brace", [43]), sold_out, SIZES[2]]
        woo.hides_sold_out = True
        second = shop.fetch(["14"], market, known(first))["14"].offer
        assert (second.variant, second.price) == ("42", Decimal(20))
        assert second.availability == Stock.OUT_OF_STOCK

    def test_a_price_of_unknown_goods_stays_with_the_variation_that_has_it(
        self, shop, woo: Woo, market: Market
    ) -> None:
        woo.products = [BRACE, *SIZES]
        before = {"14": Known(price=Decimal(25))}
        assert shop.fetch(["14"], market, before)["14"].offer.variant == "43"

    def test_a_range_of_untold_variations_announces_nothing(self, shop, woo, market) -> None:
        woo.products = [variable(14, "Knee brace", [])]
        first = shop.fetch(["14"], market)["14"].offer
        cheaper = prices("900", between=("900", "2500"))
        woo.products = [variable(14, "Knee brace", [], prices=cheaper)]
        second = shop.fetch(["14"], market, known(first))["14"].offer
        assert second.price < first.price
        assert second.goods.gap_after(first.goods, same_price=False) is Gap.VARIANT
