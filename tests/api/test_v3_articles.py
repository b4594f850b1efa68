"""API v3: articles as readers get them, listed, alone and by their address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from tests import factories
from tests.api.test_queries import article, queries_of

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

ARTICLES = "/api/v3/elements/articles/"
STANDFIRST = ("standfirst", {"text": "Sit, stand, move."})


def listed(client: Client, query: str = "") -> list[int]:
    response = client.get(f"{ARTICLES}?{query}")
    assert response.status_code == 200, response.content
    return [found["id"] for found in response.json()["items"]]


def keep_private(page: Any) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def test_a_listing_shows_teasers(client: Client) -> None:
    page = factories.page(STANDFIRST, ("paragraph", {"text": "<p>Stand up.</p>"}), language="nl")
    (shown,) = client.get(ARTICLES).json()["items"]
    assert (shown["id"], shown["locale"]) == (page.pk, "nl")
    assert shown["type"] == "testapp.ArticlePage"
    assert shown["elements"] is None
    assert shown["teaser"]["standfirst"] == "Sit, stand, move."
    assert shown["teaser"]["reading_time"]["minutes"] == 1
    assert shown["teaser"]["image"] is None


def test_an_article_without_a_standfirst_has_a_teaser_without(client: Client) -> None:
    page = factories.page(("paragraph", {"text": "<p>Stand up.</p>"}))
    assert client.get(f"{ARTICLES}{page.pk}/").json()["teaser"]["standfirst"] == ""


def test_elements_are_those_of_the_article_alone(client: Client) -> None:
    page = article("nl", count=1)
    alone = client.get(f"{ARTICLES}{page.pk}/").json()
    (shown,) = client.get(f"{ARTICLES}?show=elements").json()["items"]
    assert shown == alone
    kinds = [element["type"] for element in alone["elements"]]
    assert {"byline", "product_card", "faq"} <= set(kinds)
    assert "json_ld" not in alone
    assert "body" not in alone


def test_what_is_asked_for_chooses_the_articles(client: Client) -> None:
    first, second = factories.page(STANDFIRST), factories.page(STANDFIRST)
    dutch = first.copy_for_translation(factories.locale("nl"), copy_parents=True)
    dutch.save_revision().publish()
    assert set(listed(client)) == {first.pk, second.pk, dutch.pk}
    assert listed(client, "locale=nl") == [dutch.pk]
    assert listed(client, f"translation_of={first.pk}") == [dutch.pk]
    assert set(listed(client, f"child_of={factories.home().pk}")) == {first.pk, second.pk}
    assert listed(client, f"child_of={first.pk}") == []


def test_a_listing_says_how_many_there_are(client: Client) -> None:
    pages = {factories.page(STANDFIRST).pk for _ in range(3)}
    answer = client.get(f"{ARTICLES}?limit=2").json()
    assert (len(answer["items"]), answer["total"]) == (2, 3)
    assert {*listed(client, "limit=2"), *listed(client, "limit=2&offset=2")} == pages


@pytest.mark.parametrize("query", ["limit=0", "limit=51", "offset=-1", "show=all", "locale=%00"])
def test_what_no_listing_has_is_refused(client: Client, query: str) -> None:
    assert client.get(f"{ARTICLES}?{query}").status_code == 422


def test_who_may_not_see_a_page_is_not_shown_it(client: Client) -> None:
    """Neither private pages and drafts, nor what is known of them."""
    private, draft = factories.page(STANDFIRST), factories.page(STANDFIRST, live=False)
    keep_private(private)
    assert listed(client) == []
    for page in (private, draft):
        assert client.get(f"{ARTICLES}{page.pk}/").status_code == 404
        assert client.get(f"{ARTICLES}?child_of={page.pk}").status_code == 404
        assert client.get(f"{ARTICLES}?translation_of={page.pk}").status_code == 404
        found = client.get(f"{ARTICLES}find/?path=/{page.slug}/")
        assert found.status_code == 404


def test_pages_without_elements_are_no_articles(client: Client) -> None:
    assert client.get(f"{ARTICLES}{factories.home().pk}/").status_code == 404


def test_an_article_is_found_by_its_address(client: Client) -> None:
    page = factories.page(STANDFIRST)
    alone = client.get(f"{ARTICLES}{page.pk}/").json()
    for address in (f"/{page.slug}/", f"{page.slug}/", f"http://testserver/{page.slug}/?a=b"):
        found = client.get(f"{ARTICLES}find/", {"path": address})
        assert found.json() == alone, address


@pytest.mark.urls("tests.api.urls_languages")
def test_addresses_have_the_language_in_front(client: Client) -> None:
    page = factories.page(STANDFIRST)
    dutch = page.copy_for_translation(factories.locale("nl"), copy_parents=True)
    dutch.save_revision().publish()
    for wanted in (page, dutch):
        address = f"/{wanted.locale.language_code}/{wanted.slug}/"
        found = client.get(f"{ARTICLES}find/", {"path": address}).json()
        assert found["id"] == wanted.pk
        assert found["html_url"].endswith(address)


@pytest.mark.parametrize("path", ["/nothing/here/", "/admin/", "/no/[address", "http://[", ""])
def test_an_address_without_an_article_is_404(client: Client, path: str) -> None:
    assert client.get(f"{ARTICLES}find/", {"path": path}).status_code == 404


@pytest.mark.parametrize("show", ["teaser", "elements"])
def test_a_listing_takes_one_pass(client: Client, show: str) -> None:
    """As many queries for 4 articles in two languages as for 2."""
    cost = []
    for _ in range(2):
        for language in ("en", "nl"):
            article(language)
        cost.append(len(queries_of(client, f"{ARTICLES}?show={show}")))
    assert cost[0] == cost[1]
