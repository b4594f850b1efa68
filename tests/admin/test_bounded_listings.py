"""Listings of catalogues too large to count: what they say, and what they still find."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from anodyne_blocks.admin import paginator, search
from anodyne_blocks.models import Product
from tests import factories

LISTING = reverse("wagtailsnippets_anodyne_blocks_product:list")
CHOOSER = reverse("wagtailsnippetchoosers_anodyne_blocks_product:choose_results")
REPORT = reverse("anodyne_blocks_attention")


def names(page: Any) -> list[str]:
    """The products of a listing, in its order."""
    titles = [row.select_one("td.title a") for row in page.select("table.listing tbody tr")]
    return [title.get_text(strip=True) for title in titles]


def test_a_listing_counts_to_a_thousand_and_says_so(soup, db, monkeypatch):
    monkeypatch.setattr(paginator, "MOST_ROWS", 3)
    Product.objects.bulk_create(Product(name=f"Wedge {n}") for n in range(3))
    assert "3+ products" in soup(LISTING).get_text()
    Product.objects.all()[0].delete()
    assert "2 products" in soup(LISTING).get_text()


@pytest.mark.parametrize("query", [{"q": "wedge"}, {"q": "wig"}])
def test_of_too_many_matches_the_filtered_ones_are_found(soup, monkeypatch, query):
    """Though a search stops at the second match, and there are ten."""
    monkeypatch.setattr(search, "MOST_ROWS", 2)
    for number in range(10):
        made = factories.product("nl", name=f"Wedge {number}")
        factories.change_offer(made, "nl", title="Wig")
    Product.objects.filter(pk=made.pk).update(status=Product.Status.WITHDRAWN)
    assert names(soup(LISTING, status="withdrawn", **query)) == ["Wedge 9"]
    assert len(names(soup(LISTING, **query))) == 2


def test_all_words_are_in_the_product_or_all_in_one_offer(soup, db):
    made = factories.product("nl", "da", name="Wedge", external_id="w-1")
    factories.change_offer(made, "nl", title="Blauwe wig")
    assert names(soup(LISTING, q="w-1 wedge")) == ["Wedge"]
    assert names(soup(LISTING, q="wig blauwe")) == ["Wedge"]
    assert names(soup(LISTING, q="wig lændepude")) == []


@pytest.mark.parametrize(
    ("url", "query"),
    [(CHOOSER, {}), (CHOOSER, {"q": "wedge"}), (CHOOSER, {"q": "cushion"}), (REPORT, {})],
    ids=str,
)
def test_a_page_costs_the_same_queries_for_2_and_for_8_products(cost, url, query):
    def add(number: int) -> None:
        made = factories.product("nl", "en", name=f"Wedge {number}")
        factories.change_offer(made, "en", availability="out_of_stock")
        factories.page(("product_card", {"product": made.pk}))

    for number in range(2):
        add(number)
    two = cost(url, **query)
    for number in range(2, 8):
        add(number)
    assert cost(url, **query) == two
