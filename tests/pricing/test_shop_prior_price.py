"""What a shop says of an earlier price, and gaps in what is known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anodyne_blocks.pricing.history import Gap, PricePoint
from anodyne_blocks.pricing.prior_price import (
    Origin,
    Status,
    find_prior_price,
)
from tests.pricing.histories import NOW, ago, history


class TestShopsOwnPriorPrice:
    def test_makes_up_for_missing_history(self):
        result = find_prior_price(history((80, 1)), NOW, shop_prior_price=Decimal(100))
        assert (result.status, result.prior, result.percent) == (Status.OK, 100, 20)
        assert result.origin is Origin.SHOP
        assert result.lowest_at is None

    def test_is_overruled_by_a_lower_price_in_a_short_history(self):
        changes = history((90, 10), (80, 1))
        result = find_prior_price(changes, NOW, shop_prior_price=Decimal(100))
        assert (result.prior, result.origin) == (90, Origin.HISTORY)
        assert result.announced

    def test_overrules_a_higher_price_in_the_history(self):
        changes = history((100, 90), (80, 5))
        result = find_prior_price(changes, NOW, shop_prior_price=Decimal(90))
        assert (result.prior, result.percent, result.origin) == (90, 11, Origin.SHOP)

    def test_cannot_hide_a_trick(self):
        changes = history((80, 90), (120, 8), (90, 5))
        result = find_prior_price(changes, NOW, shop_prior_price=Decimal(120))
        assert (result.status, result.prior) == (Status.NOT_LOWER, 80)

    def test_cannot_make_a_raise_a_reduction(self):
        changes = history((80, 90), (100, 5))
        result = find_prior_price(changes, NOW, shop_prior_price=Decimal(150))
        assert result.status is Status.NOT_REDUCED

    def test_that_is_not_above_the_price_denies_the_reduction(self):
        changes = history((100, 90), (80, 5))
        result = find_prior_price(changes, NOW, shop_prior_price=Decimal(80))
        assert (result.status, result.origin) == (Status.NOT_LOWER, Origin.SHOP)

    def test_of_zero_is_none(self):
        changes = history((100, 90), (80, 5))
        assert find_prior_price(changes, NOW, shop_prior_price=Decimal(0)).percent == 20

    def test_expires_with_the_time_the_price_is_known(self):
        changes = history((80, 11))
        result = find_prior_price(
            changes, NOW, shop_prior_price=Decimal(100), max_announcement_days=10
        )
        assert result.status is Status.EXPIRED

    def test_is_no_word_against_a_price_seen_through_all_of_the_window(self):
        """The shop states a prior price for a price that was there all along."""
        seen = history((80, 57))
        told = find_prior_price(seen, NOW, shop_prior_price=Decimal(140))
        assert (told.status, told.prior) == (Status.NOT_LOWER, 80)
        fresh = find_prior_price(history((80, 29)), NOW, shop_prior_price=Decimal(140))
        assert (fresh.percent, fresh.announce_until) == (42, ago(-1))

    def test_is_overruled_by_a_lower_price_before_a_silence_but_not_of_other_goods(self):
        def told(gap: Gap):
            points = [PricePoint(Decimal(60), ago(20)), PricePoint(Decimal(50), ago(5), gap=gap)]
            return find_prior_price(points, NOW, shop_prior_price=Decimal(100)).prior

        assert told(Gap.SILENCE) == told(Gap.WITHDRAWN) == 60
        assert told(Gap.VARIANT) == told(Gap.CURRENCY) == told(Gap.MISTAKE) == 100

    def test_must_be_exact(self):
        with pytest.raises(TypeError):
            find_prior_price(history((80, 1)), NOW, shop_prior_price=100.0)


@pytest.mark.parametrize("gap", Gap)
def test_no_gap_lets_a_running_reduction_go_on(gap):
    """Inside it the price may have been raised and cut again."""
    points = [
        PricePoint(Decimal(100), ago(90)),
        PricePoint(Decimal(80), ago(20)),
        PricePoint(Decimal(80), ago(5), gap=gap, known_until=ago(6)),
    ]
    assert find_prior_price(points, ago(5.001)).percent == 20
    result = find_prior_price(points, NOW)
    assert (result.status, result.gap, result.known_since) == (Status.NO_HISTORY, gap, ago(5))
    later = [*points, PricePoint(Decimal(60), ago(-40))]
    assert find_prior_price(later, ago(-41)).percent == 25


class TestBridging:
    """Silence between two equal prices, for as many days as the rule says."""

    def silence(self, until: float, since: float, before: int = 80, gap: Gap = Gap.SILENCE):
        return [
            PricePoint(Decimal(100), ago(90)),
            PricePoint(Decimal(before), ago(20)),
            PricePoint(Decimal(80), ago(until), gap=gap, known_until=ago(since)),
        ]

    def test_short_silence_is_bridged_where_the_rule_says_so(self):
        points = self.silence(5, 8)
        assert find_prior_price(points, NOW, bridge_silence_days=3).percent == 20
        assert find_prior_price(points, NOW, bridge_silence_days=2).percent == 0

    def test_nothing_but_silence_between_equal_prices_is_bridged(self):
        for points in (
            self.silence(5, 6, before=85),
            self.silence(5, 6, gap=Gap.VARIANT),
            self.silence(5, 6, gap=Gap.TAX),
        ):
            assert find_prior_price(points, NOW, bridge_silence_days=30).percent == 0
