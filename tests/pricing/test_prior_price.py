"""Which reduction may be announced: worked examples."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from anodyne_blocks.pricing.history import PricePoint
from anodyne_blocks.pricing.prior_price import (
    Origin,
    Status,
    find_prior_price,
    percent_off,
)
from tests.pricing.histories import NOW, ago, history

VECTORS = {
    "stable, then cut": ([(100, 90), (80, 5)], {}, Status.OK, 100, 20),
    "raised before the cut": ([(80, 90), (120, 8), (90, 5)], {}, Status.NOT_LOWER, 80, 0),
    "a sale within the window": (
        [(100, 90), (80, 30), (100, 20), (90, 2)],
        {},
        Status.NOT_LOWER,
        80,
        0,
    ),
    "cut twice": ([(100, 90), (80, 20), (60, 5)], {}, Status.OK, 80, 25),
    "cut twice, progressive": (
        [(100, 90), (80, 20), (60, 5)],
        {"progressive": True},
        Status.OK,
        100,
        40,
    ),
    "cut in a gap": ([(100, 90), (80, 5, True)], {}, Status.NO_HISTORY, None, 0),
    "a gap in the window": (
        [(100, 90), (100, 20, True), (80, 5)],
        {},
        Status.PARTIAL_HISTORY,
        100,
        0,
    ),
    "a gap before the window": ([(100, 90), (100, 40, True), (80, 5)], {}, Status.OK, 100, 20),
    "a gap after the cut": ([(100, 90), (80, 20), (80, 5, True)], {}, Status.NO_HISTORY, None, 0),
    "a gap long after another": (
        [(100, 90), (80, 50, True), (80, 5, True)],
        {},
        Status.NO_HISTORY,
        None,
        0,
    ),
    "a gap between two cuts, progressive": (
        [(100, 90), (80, 38), (80, 36, True), (60, 5)],
        {"progressive": True},
        Status.OK,
        80,
        25,
    ),
    "a gap is no arrival": (
        [(100, 90), (100, 20, True), (80, 5)],
        {"new_arrival_days": 7},
        Status.PARTIAL_HISTORY,
        100,
        0,
    ),
    "a long sale": ([(100, 120), (80, 45)], {}, Status.OK, 100, 20),
    "first seen yesterday": ([(90, 1)], {}, Status.NO_HISTORY, None, 0),
    "no price yet": ([], {}, Status.NO_HISTORY, None, 0),
    "never changed": ([(90, 400)], {}, Status.NO_HISTORY, None, 0),
    "raised": ([(80, 90), (100, 5)], {}, Status.NOT_REDUCED, None, 0),
    "cut, then raised a little": (
        [(100, 90), (80, 20), (85, 5)],
        {},
        Status.NOT_REDUCED,
        None,
        0,
    ),
    "cut, raised a little, cut a little": (
        [(100, 90), (80, 20), (85, 5), (84, 1)],
        {},
        Status.NOT_LOWER,
        80,
        0,
    ),
    "known for too short a time": ([(100, 34), (80, 5)], {}, Status.PARTIAL_HISTORY, 100, 0),
    "known for exactly the window": ([(100, 35), (80, 5)], {}, Status.OK, 100, 20),
    "an old low price, just outside the window": (
        [(70, 90), (100, 35), (80, 5)],
        {},
        Status.OK,
        100,
        20,
    ),
    "an old low price, a moment inside the window": (
        [(70, 90), (100, 34.999), (80, 5)],
        {},
        Status.NOT_LOWER,
        70,
        0,
    ),
    "an hour's return to the full price": (
        [(100, 90), (80, 5), (100, 3), (80, 2.96)],
        {},
        Status.NOT_LOWER,
        80,
        0,
    ),
    "an hour's slip to a low price": (
        [(100, 90), (10, 9), (100, 8.96), (80, 5)],
        {},
        Status.NOT_LOWER,
        10,
        0,
    ),
    "told twice": ([(100, 90), (100, 10), (80, 5), (80, 1)], {}, Status.OK, 100, 20),
    "less than a percent": ([(100, 90), ("99.50", 5)], {}, Status.BELOW_ONE_PERCENT, 100, 0),
    "a future cut": ([(100, 90), (80, -1)], {}, Status.NO_HISTORY, None, 0),
    "a future raise": ([(100, 90), (80, 5), (120, -1)], {}, Status.OK, 100, 20),
    "begins this moment": ([(100, 90), (80, 0)], {}, Status.OK, 100, 20),
    "given away": ([(100, 90), (0, 5)], {}, Status.OK, 100, 100),
    "another window": (
        [(70, 90), (100, 40), (80, 5)],
        {"days": 60},
        Status.NOT_LOWER,
        70,
        0,
    ),
    "progressive, interrupted by a raise": (
        [(100, 120), (80, 20), (85, 10), (60, 5)],
        {"progressive": True},
        Status.OK,
        80,
        25,
    ),
    "progressive, first cut too long ago": (
        [(100, 120), (80, 70), (60, 5)],
        {"progressive": True, "progressive_max_days": 60},
        Status.OK,
        80,
        25,
    ),
    "progressive, first cut announced for too long": (
        [(100, 120), (80, 20), (60, 5)],
        {"progressive": True, "progressive_max_days": 60, "max_announcement_days": 10},
        Status.OK,
        80,
        25,
    ),
    "progressive, first cut not provable, last one is": (
        [(100, 40), (80, 20), (60, 5)],
        {"progressive": True},
        Status.OK,
        80,
        25,
    ),
    "progressive, but raised before the first cut": (
        [(60, 90), (100, 22), (80, 20), (70, 5)],
        {"progressive": True},
        Status.NOT_LOWER,
        60,
        0,
    ),
    "announced for too long": (
        [(100, 90), (80, 11)],
        {"max_announcement_days": 10},
        Status.EXPIRED,
        100,
        0,
    ),
    "announced for the last day": (
        [(100, 90), (80, 9.99)],
        {"max_announcement_days": 10},
        Status.OK,
        100,
        20,
    ),
    "new on the market": (
        [(100, 20), (80, 5)],
        {"new_arrival_days": 14},
        Status.OK,
        100,
        20,
    ),
    "too new on the market": (
        [(100, 18), (80, 5)],
        {"new_arrival_days": 14},
        Status.PARTIAL_HISTORY,
        100,
        0,
    ),
}


@pytest.mark.parametrize(
    ("changes", "options", "status", "prior", "percent"), VECTORS.values(), ids=VECTORS
)
def test_vectors(changes, options, status, prior, percent):
    result = find_prior_price(history(*changes), NOW, **options)
    assert (result.status, result.prior, result.percent) == (status, prior, percent)
    assert result.announced == (percent > 0)


def test_the_result_explains_an_announcement():
    result = find_prior_price(history((100, 90), (80, 5)), NOW, days=30, max_announcement_days=10)
    assert result.price == 80
    assert result.previous == 100
    assert result.known_since == ago(90)
    assert result.started_at == ago(5)
    assert result.window_start == ago(35)
    assert result.lowest_at == ago(35)
    assert result.announce_until == ago(-5)
    assert result.origin is Origin.HISTORY


def test_the_result_explains_a_refusal():
    result = find_prior_price(history((100, 90), (80, 30), (100, 20), (90, 2)), NOW)
    assert (result.prior, result.lowest_at) == (80, ago(30))

    raised = find_prior_price(history((80, 90), (100, 5)), NOW)
    assert (raised.previous, raised.started_at, raised.known_since) == (80, ago(5), ago(90))


def test_of_equal_lowest_prices_the_latest_is_named():
    result = find_prior_price(history((80, 90), (100, 25), (80, 15), (100, 10), (90, 2)), NOW)
    assert (result.prior, result.lowest_at) == (80, ago(15))


def test_an_ended_progressive_series_says_when_it_ends():
    changes = history((100, 120), (80, 20), (60, 5))
    options = {"progressive": True, "progressive_max_days": 60}
    result = find_prior_price(changes, NOW, **options)
    assert result.announce_until == ago(-40)
    assert find_prior_price(changes, ago(-40), **options).prior == 80
    assert find_prior_price(changes, ago(-39.99), **options).prior == 100


class TestInput:
    def test_unsorted_history_says_what_to_do(self):
        with pytest.raises(ValueError, match="Sort it by effective_from"):
            find_prior_price(history((80, 5), (100, 90)), NOW)

    def test_two_prices_of_one_moment_say_what_to_do(self):
        with pytest.raises(ValueError, match="keep the lower"):
            find_prior_price(history((100, 5), (80, 5)), NOW)

    def test_other_objects_are_refused(self):
        with pytest.raises(TypeError, match="PricePoint"):
            find_prior_price([*history((100, 90)), (Decimal(80), ago(5))], NOW)

    @pytest.mark.parametrize("amount", [80.0, 80, "80", None])
    def test_amounts_are_decimals(self, amount):
        with pytest.raises(TypeError, match="amount must be a Decimal"):
            PricePoint(amount, NOW)

    @pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity"])
    def test_amounts_are_prices(self, amount):
        with pytest.raises(ValueError, match="0 or more"):
            PricePoint(Decimal(amount), NOW)

    def test_list_prices_are_decimals(self):
        with pytest.raises(TypeError, match="list_price"):
            PricePoint(Decimal(1), NOW, list_price=1.5)

    def test_naive_times_are_refused(self):
        with pytest.raises(ValueError, match="time zone"):
            PricePoint(Decimal(1), datetime(2026, 1, 1))
        with pytest.raises(ValueError, match="time zone"):
            find_prior_price(history((100, 90)), datetime(2026, 1, 1))


def test_a_clock_change_does_not_move_the_window():
    """Clocks in Amsterdam went back on 25 October 2026: thirty local days were an hour longer."""
    zone = ZoneInfo("Europe/Amsterdam")
    cut = datetime(2026, 11, 10, 12, 0, tzinfo=zone)
    window_start = cut.astimezone(timezone.utc) - timedelta(days=30)

    def result(low_until: datetime):
        points = [
            PricePoint(Decimal(70), datetime(2026, 1, 1, tzinfo=zone)),
            PricePoint(Decimal(100), low_until.astimezone(zone)),
            PricePoint(Decimal(80), cut),
        ]
        return find_prior_price(points, datetime(2026, 11, 12, tzinfo=zone))

    assert result(window_start).percent == 20
    assert result(window_start + timedelta(seconds=1)).status is Status.NOT_LOWER
    assert result(window_start).window_start == window_start


def test_two_prices_in_the_doubled_hour_of_autumn():
    """Both read 02:30 on the wall; they are an hour apart and in the right order."""
    zone = ZoneInfo("Europe/Amsterdam")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=zone)
    second = first.replace(fold=1)
    points = [
        PricePoint(Decimal(100), datetime(2026, 6, 1, tzinfo=zone)),
        PricePoint(Decimal(90), first),
        PricePoint(Decimal(80), second),
    ]
    result = find_prior_price(points, NOW)
    assert (result.prior, result.percent) == (90, 11)
    assert result.started_at - points[1].effective_from == timedelta(hours=1)


@pytest.mark.parametrize(
    ("prior", "price", "percent"),
    [
        ("100", "75.01", 24),
        ("100", "75", 25),
        ("53", "39.75", 25),
        ("3", "2", 33),
        ("3", "0.03", 99),
    ],
)
def test_percent_examples(prior, price, percent):
    assert percent_off(Decimal(prior), Decimal(price)) == percent
