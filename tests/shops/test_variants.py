"""Which variant a card prices."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from anodyne_blocks.pricing.goods import Goods
from anodyne_blocks.shops.variants import Known, Variant, choose, is_from

SMALL = Variant("9", Decimal("39.75"), True)
LARGE = Variant("10", Decimal("53.00"), True)
TINY_SOLD_OUT = Variant("11", Decimal("10.00"), False)


@pytest.mark.parametrize("order", list(permutations([SMALL, LARGE, TINY_SOLD_OUT])))
def test_the_cheapest_that_can_be_bought_in_whatever_order(order):
    assert choose(order) is SMALL
    assert is_from(order, SMALL)


@pytest.mark.parametrize("order", list(permutations([SMALL, LARGE, TINY_SOLD_OUT])))
def test_the_one_that_was_priced_before_stays(order):
    known = Known(Goods(variant="10"), "Rugband", Decimal("45.00"))
    assert choose(order, known) is LARGE
    assert not is_from(order, LARGE), "there is one for less"
    assert choose(order, Known(Goods(variant="11"))) is TINY_SOLD_OUT


def test_one_that_is_gone_is_followed_by_the_rule():
    assert choose([SMALL, LARGE], Known(Goods(variant="12"), "Rugband", Decimal("53.00"))) is SMALL


def test_where_the_variant_was_not_noted_the_price_tells():
    assert choose([SMALL, LARGE], Known(price=Decimal("53.00"))) is LARGE
    assert choose([SMALL, LARGE], Known(price=Decimal("60.00"))) is SMALL


def test_equal_prices_are_told_apart_as_shops_count():
    nine, ten = Variant("9", Decimal(5), True), Variant("10", Decimal(5), True)
    assert choose([ten, nine]) is nine
    assert not is_from([ten, nine], nine)


def test_nothing_to_buy_and_nothing_at_all():
    assert choose([TINY_SOLD_OUT]) is TINY_SOLD_OUT
    assert not is_from([TINY_SOLD_OUT, LARGE], TINY_SOLD_OUT)
    assert choose([]) is None
