"""Terms of product pages that contradict each other, or tell little."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.offer import InvalidOffer
from anodyne_blocks.shops.product_page.limits import PriceEnded
from tests.shops.test_page_shapes import DUTCH, OFFER, mat, page, read, sold

NET = {"price": "53.00", "valueAddedTaxIncluded": False}
BARE = {"@type": "Offer", "priceCurrency": "EUR"}


def test_a_price_with_tax_that_is_below_the_one_without_is_none() -> None:
    low = {"price": "50.00", "valueAddedTaxIncluded": True}
    with pytest.raises(InvalidOffer, match="with tax, 50.00, is below that without"):
        sold(OFFER | {"priceSpecification": [NET, low]})


def test_a_price_with_tax_in_another_currency_is_not_the_one_to_pay() -> None:
    other = {"price": "480.00", "priceCurrency": "DKK", "valueAddedTaxIncluded": True}
    found = sold(OFFER | {"priceSpecification": [NET, other]})
    assert (found.price, found.currency, found.tax_included) == (53, "EUR", False)


@pytest.mark.parametrize(
    "gross",
    [
        {"valueAddedTaxIncluded": True},
        {"price": "64.13", "priceType": 7, "valueAddedTaxIncluded": True},
    ],
    ids=["without an amount", "of no kind"],
)
def test_a_price_with_tax_that_cannot_be_read_leaves_no_price(gross: dict[str, Any]) -> None:
    with pytest.raises(InvalidOffer, match="with tax cannot be read"):
        sold(OFFER | {"priceSpecification": [NET, gross]})


def test_a_price_that_has_ended_is_none() -> None:
    ended = {"price": "53.00", "validThrough": "2026-01-31"}
    with pytest.raises(PriceEnded):
        sold(BARE | {"priceSpecification": ended})
    with pytest.raises(PriceEnded):
        sold(OFFER | {"priceSpecification": [ended, {"price": "60.00"}]})
    # Another one's end is not its own.
    other = {"price": "40.00", "validThrough": "2026-01-31"}
    assert sold(OFFER | {"priceSpecification": other}).price == 53
    assert sold(BARE | {"priceSpecification": [ended, {"price": "60.00"}]}).price == 60


def test_a_date_that_is_none_is_told_and_hides_no_stock() -> None:
    stock = {"availability": "InStock", "availabilityEnds": "soon"}
    found = sold(OFFER | stock)
    assert found.availability == Stock.IN_STOCK
    assert "'soon' is no date" in found.notes


def test_amounts_that_are_several_or_without_bounds_are_no_price() -> None:
    with pytest.raises(InvalidOffer, match="several amounts"):
        sold(OFFER | {"price": ["53.00", "54.00"]})
    with pytest.raises(InvalidOffer):
        sold(OFFER | {"price": 1e300})


@pytest.mark.parametrize(
    "details",
    [
        # Not to Belgium is not only to Belgium.
        [{"shippingDestination": {"addressCountry": "BE"}, "doesNotShip": True}],
        [{"shippingDestination": {"addressCountry": "https://schema.org/NL"}}],
    ],
)
def test_where_it_is_sent(details: list[dict[str, Any]]) -> None:
    cheap = OFFER | {"price": "5.00", "shippingDetails": details}
    assert sold(cheap, OFFER).price == 5


def test_places_within_places_end_somewhere() -> None:
    area: dict[str, Any] = {"addressCountry": "DE"}
    for _ in range(5):
        area = {"@type": "Place", "address": area}
    # Nobody knows where that is.
    assert sold(OFFER | {"areaServed": area}).price == 53


def test_a_market_without_a_country_has_the_offers_of_all() -> None:
    buyer = replace(DUTCH, country="")
    assert read(page(mat(offers=OFFER | {"eligibleRegion": "DE"})), buyer=buyer).price == 53


def test_an_order_of_a_worth_that_is_no_number_is_no_price_of_one_piece() -> None:
    cheap = OFFER | {"price": "5.00", "eligibleTransactionVolume": {"minPrice": "much"}}
    assert sold(cheap, OFFER).price == 53
