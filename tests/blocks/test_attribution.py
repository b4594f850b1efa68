"""Which placement sold: the parameters of links, and the attributes for a site's own scripts."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.checks import run_checks
from django.test import Client

from anodyne_blocks.json_ld import page_json_ld
from tests import factories

pytestmark = pytest.mark.django_db

UTM = {
    "utm_source": "magazine",
    "utm_campaign": "{page}",
    "utm_content": "{element}-{position}",
    "utm_term": "{product}_{market}",
}


@pytest.fixture
def page(settings: Any) -> Any:
    factories.setting(settings, UTM=UTM)
    first = factories.product("nl", image=factories.image())
    second = factories.product("nl", name="Second")
    grid = {"cards": [{"product": second.pk}, {"product": first.pk}]}
    return factories.page(
        ("product_card", {"product": first.pk}),
        ("paragraph", {"text": "<p>Move.</p>"}),
        ("product_grid", grid),
        language="nl",
        slug="zere-rug",
    )


def said(url: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}


def cards_of(page: Any) -> list[Any]:
    card, _text, grid = factories.elements(page)
    return [card, *grid.cards]


def test_a_link_says_where_it_stands(page: Any) -> None:
    cards = cards_of(page)
    places = ["product_card-1", "product_grid-2", "product_grid-3"]
    for card, place in zip(cards, places, strict=True):
        expected = {
            "utm_source": "magazine",
            "utm_campaign": "zere-rug",
            "utm_content": place,
            "utm_term": f"{card.product}_nl",
        }
        assert said(card.link.url) == said(card.button.url) == expected


def html_of(page: Any) -> BeautifulSoup:
    html = factories.render("{% include_block page.body %}", page=page)
    return BeautifulSoup(html, "html.parser")


def test_html_has_the_addresses_and_structured_data_the_products_own(page: Any) -> None:
    addresses = [card.button.url for card in cards_of(page)]
    buttons = html_of(page).select(".anodyne-product-card__button")
    assert [link["href"] for link in buttons] == addresses
    (told,) = [node for node in page_json_ld(page)["@graph"] if node["@type"] == "Product"]
    assert told["url"] == told["offers"]["url"] == addresses[0].partition("?")[0]


def test_a_parameter_of_which_something_is_not_known_is_left_out(client: Client, page: Any) -> None:
    """The endpoint of products knows no page."""
    product = cards_of(page)[0].product
    answer = client.get(f"/anodyne/products/?ids={product}&market=nl").json()
    assert said(answer["products"][0]["offer"]["url"]) == {
        "utm_source": "magazine",
        "utm_term": f"{product}_nl",
    }


def test_what_a_link_says_already_stays(settings: Any) -> None:
    factories.setting(settings, UTM=UTM)
    product = factories.product("nl")
    product.offers.update(url="https://shop.example/?utm_source=own")
    (card,) = factories.elements(
        factories.page(("product_card", {"product": product.pk}), language="nl")
    )
    assert said(card.link.url)["utm_source"] == "own"


def test_a_misspelt_placeholder_is_reported(settings: Any) -> None:
    factories.setting(settings, UTM={**UTM, "utm_id": "{position}-{shop}"})
    (found,) = [found for found in run_checks() if found.id == "anodyne_blocks.E015"]
    assert "{shop}" in found.msg and "{position}" not in found.msg and "{page}" in found.hint


def test_links_and_cards_carry_the_documented_attributes(page: Any) -> None:
    soup = html_of(page)
    card = soup.select_one("[data-anodyne-item]")
    product = str(cards_of(page)[0].product)
    names = ("data-anodyne-item", "data-market", "data-price", "data-currency")
    assert [card[name] for name in names] == [product, "nl", "39.75", "EUR"]
    assert len(card.select("a[data-anodyne-link]")) == len(card.select("a")) == 2
    (listed,) = soup.select("[data-anodyne-list]")
    assert len(listed.select("[data-anodyne-item]")) == 2


def test_comparisons_and_verdicts_carry_them_too(settings: Any) -> None:
    factories.setting(settings, UTM=UTM)
    products = [factories.product("nl", name=name) for name in ("First", "Second", "Third")]
    compared = [{"product": product.pk} for product in products[:2]]
    verdict = {"product": products[2].pk, "verdict": "Good.", "relationship": "affiliate"}
    page = factories.page(
        ("disclosure", {}),
        ("product_comparison", {"products": compared}),
        ("product_verdict", verdict),
        language="nl",
        slug="zere-rug",
    )
    soup = html_of(page)
    assert soup.select_one(".anodyne-disclosure")["data-kind"] == "affiliate"
    ids = [str(product.pk) for product in products]
    assert [item["data-anodyne-item"] for item in soup.select("[data-anodyne-item]")] == ids
    (listed,) = soup.select("[data-anodyne-list]")
    assert [item["data-price"] for item in listed.select("[data-anodyne-item]")] == ["39.75"] * 2
    places = {
        link["data-anodyne-link"]
        or link.find_parent(attrs={"data-anodyne-item": True})["data-anodyne-item"]: said(
            link["href"]
        )
        for link in soup.select("a[data-anodyne-link]")
    }
    assert [places[pk]["utm_content"] for pk in ids] == [
        "product_comparison-1",
        "product_comparison-2",
        "product_verdict-3",
    ]
