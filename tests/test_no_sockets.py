"""Rendering asks no shop: pages and API answers open no connection, in any language."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail import VERSION

from tests import factories
from tests.e2e.site import ADDRESSES
from tests.no_sockets.guard import no_sockets

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ["en", "nl", "da", "sv", "de"]
APIS = ("v2", "v3") if VERSION >= (8, 0) else ("v2",)
PRICES = {language: factories.written("39.75", language) for language in LANGUAGES}


@pytest.fixture
def forbidden() -> Iterator[None]:
    with no_sockets():
        yield


def body(product: Any, language: str) -> list[tuple[str, Any]]:
    """A block of each kind that has to do with the world outside: products, people, sources."""
    person = factories.person(language=language, photo=factories.image())
    source = {"title": "A study", "url": "https://journal.example/study"}
    return [
        ("byline", {"authors": [{"person": person.pk}]}),
        ("product_card", {"product": product.pk}),
        ("product_grid", {"heading": "More", "cards": [{"product": product.pk}]}),
        ("shop_rating", {"rating": factories.rating(language=language).pk}),
        ("reviewer", {"person": person.pk, "reviewed": "2025-10-25"}),
        ("sources", {"sources": [source]}),
    ]


def sold_everywhere() -> Any:
    """A product that shops keep up to date, whose picture is still to be fetched."""
    return factories.from_shop(
        *LANGUAGES, name="Lumbar cushion", image_url="https://shop.example/cushion.png"
    )


def html_of(client: Client, page: Any, language: str) -> str:
    """The page as a reader of a language gets it."""
    front = factories.home(language)
    if not front.live:
        front.save_revision().publish()
    answer = client.get(page.url, headers={"accept-language": language})
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_the_guard_notices_a_connection(forbidden: None) -> None:
    with pytest.raises(AssertionError, match="a connection was opened"):
        socket.create_connection(("127.0.0.1", 9))


def test_pages_and_their_api_open_no_socket(client: Client, forbidden: None) -> None:
    product = sold_everywhere()
    for language in LANGUAGES:
        page = factories.page(*body(product, language), language=language)
        assert PRICES[language] in html_of(client, page, language)
        for api in APIS:
            answer = client.get(f"/api/{api}/pages/{page.pk}/").json()
            assert PRICES[language] in json.dumps(answer["body"], ensure_ascii=False)
    listing = client.get("/api/v2/pages/", {"type": "testapp.ArticlePage", "fields": "body"}).json()
    said = json.dumps(listing, ensure_ascii=False)
    assert all(price in said for price in PRICES.values())
    assert client.get("/anodyne/products/", {"ids": product.pk, "market": "nl"}).status_code == 200


def run(*command: str, **environment: str) -> str:
    """What a Python of its own prints; it must succeed."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.once
def test_graphql_opens_no_socket() -> None:
    # Grapple patches GraphQL itself, and defines its types in ways that graphene calls outdated.
    quiet = ("-q", "-p", "no:cacheprovider", "-W", "ignore::DeprecationWarning")
    site = "--ds=tests.api.graphql_site.settings"
    run("-m", "pytest", *quiet, site, "tests/no_sockets/graphql_site.py")


@pytest.mark.matrix  # It builds the example site.
def test_every_page_of_the_example_site_opens_no_socket(tmp_path: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "example_site.settings", "EXAMPLE_VAR": str(tmp_path)}
    said = run("-m", "tests.no_sockets.example_site", **settings)
    shown = re.findall("^page: (.*)$", said, re.MULTILINE)
    assert sorted(shown) == sorted(address.path for address in ADDRESSES)


def test_one_chosen_product_shows_five_offers_in_five_languages(client: Client) -> None:
    product = factories.product(*LANGUAGES)
    first = factories.page(("product_card", {"product": product.pk}), language="en")
    for language in LANGUAGES:
        page = first
        if language != "en":
            # As an editor translates it: the choice of the product is copied, not made again.
            factories.home(language)
            page = first.copy_for_translation(factories.locale(language))
            page.save_revision().publish()
        html = html_of(client, page, language)
        assert factories.TITLES[language] in html
        assert f"https://shop.example/{language}/cushion" in html
        assert PRICES[language] in html
        others = set(factories.TITLES.values()) - {factories.TITLES[language]}
        assert not [title for title in others if title in html]


def test_a_market_without_an_offer_shows_no_foreign_price(client: Client) -> None:
    product = factories.product("en", "nl")
    for language in ("da", "sv", "fr"):
        page = factories.page(
            ("product_card", {"product": product.pk, "title": "X-7"}), language=language
        )
        html = html_of(client, page, language)
        assert "X-7" in html
        assert not re.search(r"39[.,]75|€|£|EUR|GBP|shop\.example", html)
