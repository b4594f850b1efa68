"""Which reduction may be announced: what holds for any price history."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from anodyne_blocks.pricing.history import PricePoint
from anodyne_blocks.pricing.prior_price import Status, find_prior_price, percent_off

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)

amounts = st.integers(1, 40).map(lambda n: Decimal(n) * Decimal("2.5"))


@st.composite
def histories(draw) -> list[PricePoint]:
    """Up to six changes at full hours of 150 days, the last few of them often cuts."""
    hours = sorted(draw(st.sets(st.integers(1, 150 * 24), min_size=1, max_size=6)), reverse=True)
    prices = [draw(amounts) for _ in hours]
    cuts = draw(st.integers(0, len(hours)))
    prices[-cuts:] = sorted(prices[-cuts:], reverse=True)
    return [PricePoint(p, NOW - timedelta(hours=h)) for p, h in zip(prices, hours, strict=True)]


def price_at(points: list[PricePoint], moment: datetime) -> Decimal | None:
    """The price in force, found the slow and obvious way."""
    known = [point.amount for point in points if point.effective_from <= moment]
    return known[-1] if known else None


def hours_before(points: list[PricePoint], moment: datetime, days: int) -> list[Decimal | None]:
    """The price in each hour of the days before, latest first."""
    return [price_at(points, moment - timedelta(hours=n)) for n in range(1, days * 24 + 1)]


@given(histories())
def test_the_reduction_is_the_one_that_every_hour_of_the_window_proves(points):
    """The law read literally: look at the price in each hour, going back from now."""
    price = price_at(points, NOW)
    start = NOW
    while price_at(points, start - timedelta(hours=1)) == price:
        start -= timedelta(hours=1)
    window = hours_before(points, start, 30)
    provable = None not in window and window[0] > price
    expected = percent_off(min(window), price) if provable else 0

    result = find_prior_price(points, NOW)
    assert result.percent == expected
    if result.announced:
        assert (result.prior, result.started_at) == (min(window), start)
        assert price_at(points, result.lowest_at) == result.prior


@given(histories())
def test_a_progressive_reduction_never_exceeds_the_price_before_its_first_cut(points):
    result = find_prior_price(points, NOW, progressive=True, progressive_max_days=60)
    if result.announced:
        window = hours_before(points, result.started_at, 30)
        assert None not in window
        assert result.prior == min(window)
        since = [p.amount for p in points if p.effective_from >= result.started_at]
        assert since == sorted(since, reverse=True)
        assert window[0] > since[0]


@given(histories(), amounts, amounts, st.integers(1, 29 * 24))
def test_a_raise_just_before_a_cut_never_helps(points, raised, cut, lasted):
    """Raise to any price, for less than the window, then cut: no more than without the raise."""
    assume(points[-1].amount < raised)
    end = NOW + timedelta(hours=lasted)
    tricked = [*points, PricePoint(raised, NOW), PricePoint(cut, end)]
    honest = [*points, PricePoint(cut, end)]
    with_trick = find_prior_price(tricked, end)
    assert with_trick.percent <= find_prior_price(honest, end).percent
    assert with_trick.percent <= percent_off(points[-1].amount, cut)


@given(histories(), st.integers(1, 24 * 400))
def test_waiting_changes_nothing_before_the_stated_moment(points, hours):
    options = {"progressive": True, "progressive_max_days": 60, "max_announcement_days": 20}
    result = find_prior_price(points, NOW, **options)
    later = NOW + timedelta(hours=hours)
    assume(not result.announced or later < result.announce_until)
    assert find_prior_price(points, later, **options) == result


@given(histories(), amounts)
def test_a_shops_word_never_adds_to_what_history_proves(points, stated):
    own = find_prior_price(points, NOW)
    told = find_prior_price(points, NOW, shop_prior_price=stated)
    if own.announced:
        assert told.percent <= own.percent
    if own.status in (Status.NOT_LOWER, Status.NOT_REDUCED, Status.BELOW_ONE_PERCENT):
        assert not told.announced
    if told.announced:
        assert told.prior <= stated


@given(
    st.decimals("0.01", 10**6, places=4, allow_nan=False),
    st.decimals(0, 10**6, places=4, allow_nan=False),
)
def test_percent_rounds_down(prior, price):
    percent = percent_off(prior, price)
    if price >= prior:
        assert percent == 0
    else:
        assert percent * prior <= (prior - price) * 100 < (percent + 1) * prior
