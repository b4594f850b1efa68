"""Offers of several prices and of goods that are still to come, for search engines."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from anodyne_blocks.pricing.goods import Stock
from tests import factories
from tests.json_ld.pages import node

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]


def page(**offer: Any) -> Any:
    product = factories.product(image=factories.image(width=60, height=45))
    factories.offer(product, "nl", rating="4.6", rating_count=212, **offer)
    return factories.page(("product_card", {"product": product.pk}), language="nl")


def test_the_lowest_of_several_prices_is_no_price_to_pay() -> None:
    offer = node(page(is_from=True), "Product")["offers"]
    assert (offer["@type"], offer["lowPrice"]) == ("AggregateOffer", "39.75")
    assert offer["priceCurrency"] == "EUR"
    assert not {"price", "priceSpecification"} & offer.keys()
    assert node(page(), "Product")["offers"]["price"] == "39.75"


def test_what_is_still_to_come_says_from_when() -> None:
    coming = timezone.now() + datetime.timedelta(days=30)
    made = page(availability=Stock.PREORDER.value, available_from=coming)
    offer = node(made, "Product")["offers"]
    assert offer["availability"] == "https://schema.org/PreOrder"
    assert offer["availabilityStarts"].startswith(coming.date().isoformat()[:7])
    assert "availabilityStarts" not in node(page(), "Product")["offers"]
