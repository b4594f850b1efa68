"""When the goods behind an id have become others."""

from __future__ import annotations

import pytest

from anodyne_blocks.pricing.goods import Goods
from anodyne_blocks.pricing.history import Gap

NAMED = Goods(variant="11", sku="LB-1", gtin="5701234567899", tax_included=True)


def gap(earlier: Goods, same_price: bool = False, **changes) -> Gap | None:
    return earlier._replace(**changes).gap_after(earlier, same_price=same_price)


@pytest.mark.parametrize("same_price", [True, False])
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"variant": "12"}, Gap.VARIANT),
        ({"sku": "LB-2"}, Gap.GOODS),
        ({"gtin": "5701234567882"}, Gap.GOODS),
        ({"tax_included": False}, Gap.TAX),
        ({"tax_included": None}, Gap.TAX),
    ],
)
def test_what_both_name_must_be_equal_whatever_the_price(changes, reason, same_price):
    assert gap(NAMED, same_price, **changes) is reason


@pytest.mark.parametrize("same_price", [True, False])
def test_condition_pack_and_seller_are_part_of_the_goods(same_price):
    known = NAMED._replace(condition="new", pack="1", seller="Atlas")
    assert gap(known, same_price, condition="used") is Gap.CONDITION
    assert gap(known, same_price, pack="3") is Gap.PACK
    assert gap(known, same_price, seller="Axis") is Gap.SELLER


@pytest.mark.parametrize(
    ("earlier", "now", "reason"),
    [
        # A shop begins to name what it sells, or stops: the same goods only at the same price.
        (Goods(), Goods(variant="11"), Gap.GOODS),
        (Goods(sku="LB-1"), Goods(), Gap.GOODS),
        (Goods(sku="LB-1"), Goods(gtin="5701234567899"), Gap.GOODS),
        (NAMED, NAMED._replace(condition="used"), Gap.CONDITION),
        (NAMED, NAMED._replace(pack="3"), Gap.PACK),
        (NAMED, NAMED._replace(seller="Axis"), Gap.SELLER),
        # The lowest of several prices is of nobody knows which variant.
        (Goods(is_from=True), Goods(is_from=True), Gap.VARIANT),
        (Goods(), Goods(is_from=True), Gap.VARIANT),
        (Goods(sku="LB", is_from=True), Goods(sku="LB", is_from=True), Gap.VARIANT),
        # Another address answers, and nothing says that it is the same.
        (Goods(source="https://a.example/"), Goods(source="https://b.example/"), Gap.GOODS),
    ],
)
def test_a_doubt_counts_where_the_price_changed_too(earlier, now, reason):
    assert now.gap_after(earlier, same_price=True) is None
    assert now.gap_after(earlier, same_price=False) is reason


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        (NAMED, NAMED),
        # One number is enough to know them by.
        (NAMED, NAMED._replace(sku="", gtin="")),
        (Goods(variant="11"), Goods(variant="11", sku="LB-1")),
        (NAMED._replace(is_from=True), NAMED),
        (NAMED, NAMED._replace(source="https://b.example/")),
        # A shop that names nothing is believed, as its docs say.
        (Goods(), Goods()),
    ],
)
def test_the_same_goods_may_cost_less(earlier, now):
    assert now.gap_after(earlier, same_price=False) is None


def test_the_record_beside_a_price_holds_what_is_known():
    assert NAMED._replace(tax_included=False).as_record() == {
        "variant": "11",
        "sku": "LB-1",
        "gtin": "5701234567899",
        "is_from": False,
        "tax_included": False,
    }
