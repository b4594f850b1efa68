"""Merchant feeds: when a sale price holds, and what a bad item is told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Skipped
from anodyne_blocks.shops.offer import ShopOffer
from tests.shops.conftest import NOW, item


class TestSalePrices:
    @pytest.mark.parametrize(
        ("period", "on_sale"),
        [
            ("", True),
            ("2026-03-10T12:00+0000/2026-03-11T00:00+0000", True),  # begins now
            ("2026-03-10T12:01+0000/2026-03-11T00:00+0000", False),
            ("2026-03-01T00:00+0000/2026-03-10T12:00+0000", False),  # ends now
            ("2026-03-01T00:00+0000/2026-03-10T12:01+0000", True),
            ("2026-03-10T13:00+0100/2026-03-20T00:00+0100", True),  # the same moment, Paris
            ("2026-03-10T12:30+01:00/2026-03-20T00:00+01:00", True),
            ("2026-03-10T04:00-0800/2026-03-10T04:01-0800", True),
            ("2026-03-10T12:00/2026-03-10T12:01", True),  # no zone is UTC
            ("2026-03-10T12:00:00Z/2026-03-10T12:00:01Z", True),
            ("20260310T120000Z/20260311T000000Z", True),
            ("2026-03-10/2026-03-10", True),  # a date alone is that whole day
            ("2026-03-01/2026-03-09", False),
        ],
    )
    def test_a_sale_has_a_beginning_and_an_end(self, entry, period: str, on_sale: bool) -> None:
        offer = entry(sale_price="39.75 EUR", sale_price_effective_date=period)
        expected = ("39.75", "53.00") if on_sale else ("53.00", "None")
        assert (str(offer.price), str(offer.list_price)) == expected

    def test_a_sale_price_as_high_as_the_price_is_no_sale(self, entry) -> None:
        offer = entry(sale_price="53.00 EUR")
        assert (offer.price, offer.list_price) == (Decimal("53.00"), None)

    def test_a_bad_sale_price_outside_its_period_is_harmless(self, entry) -> None:
        offer = entry(sale_price="?", sale_price_effective_date="2020-01-01/2020-01-02")
        assert offer.price == Decimal("53.00")


class TestSkipped:
    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"id": ""}, "id is missing: give every product a lasting one."),
            ({"id": "x" * 256}, "external_id must have 1 to 255 characters."),
            ({"title": ""}, "title is empty."),
            ({"price": ""}, 'price is missing: write it like "53.10 EUR".'),
            ({"price": "53.00"}, "price '53.00' has no currency: write it like \"53.10 EUR\"."),
            (
                {"price": "53,10 EUR"},
                "price '53,10 EUR' has a comma: use a point for decimals, write it like"
                ' "53.10 EUR".',
            ),
            ({"price": "-1.00 EUR"}, "price '-1.00 EUR' is negative: write it like \"53.10 EUR\"."),
            ({"price": "NaN EUR"}, "price 'NaN EUR' is no amount: write it like \"53.10 EUR\"."),
            ({"price": "1e9 EUR"}, "price '1e9 EUR' is no amount: write it like \"53.10 EUR\"."),
            ({"price": "€ 53"}, "price '€ 53' is no amount: write it like \"53.10 EUR\"."),
            (
                {"price": "53.00 SEK"},
                "The price is in SEK, but market 'nl' sells in EUR.",
            ),
            (
                {"sale_price": "39 USD"},
                "sale_price is in USD, price in EUR.",
            ),
            ({"sale_price": "60.00 EUR"}, "sale_price 60.00 is above price 53.00."),
            (
                {"sale_price": "39,75 EUR"},
                "sale_price '39,75 EUR' has a comma: use a point for decimals, write it like"
                ' "53.10 EUR".',
            ),
            (
                {"sale_price": "39.75 EUR", "sale_price_effective_date": "2026-03-01"},
                "sale_price_effective_date '2026-03-01' needs a start/end.",
            ),
            (
                {"sale_price": "39.75 EUR", "sale_price_effective_date": "today/tomorrow"},
                "sale_price_effective_date: 'today' is no ISO 8601 date.",
            ),
            (
                {"sale_price": "39.75 EUR", "sale_price_effective_date": "2026-02-30/2026-03-31"},
                "sale_price_effective_date: '2026-02-30' is no possible date.",
            ),
            (
                {"link": "javascript:alert(1)"},
                "url 'javascript:alert(1)' is no http(s) address below 2000 characters.",
            ),
        ],
    )
    def test_a_bad_item_says_what_to_correct(self, entry, fields, reason: str) -> None:
        skipped = entry(**fields)
        assert isinstance(skipped, Skipped), skipped
        assert (skipped.reason, skipped.position) == (reason, 1)

    def test_the_others_are_read(self, feed, market: Market) -> None:
        entries = list(
            feed(item(id="a"), item(id="b", price="?"), item(id="a"), item(id="c")).catalogue(
                market
            )
        )
        assert [entry.external_id for entry in entries] == ["a", "b", "a", "c"]
        assert [type(entry) for entry in entries] == [ShopOffer, Skipped, Skipped, ShopOffer]
        assert (entries[2].position, entries[2].reason) == (
            3,
            "id appears more than once: only the first counts.",
        )


def test_a_far_zone_is_a_day_off(entry) -> None:
    period = "2026-03-11T01:59+1400/2026-03-12T00:00+1400"
    for minutes, price in ((0, "39.75"), (-2, "53.00")):
        offer = entry(
            now=NOW - timedelta(minutes=1) + timedelta(minutes=minutes),
            sale_price="39.75 EUR",
            sale_price_effective_date=period,
        )
        assert str(offer.price) == price
