"""Shopify: every query against Shopify's own schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import shopify
from anodyne_blocks.shops.base import Found, Gone
from anodyne_blocks.shops.shopify import Shopify, queries
from anodyne_blocks.shops.shopify.offer import UNITS
from tests.shops.conftest import Server
from tests.shops.test_shopify import BALM, BRACE, MAT, RECORDED, SLEEVE, TAPE, TOKEN, offer


@pytest.fixture(scope="module")
def storefront():
    from tests.shops.shopify_server import Storefront  # needs graphql-core

    return Storefront()


@pytest.mark.shops
class TestSchema:
    """Against Shopify's own schema."""

    @pytest.fixture
    def real(self, server: Server, storefront) -> Iterator[Shopify]:
        storefront.serve(server)
        storefront.asked.clear()
        with Shopify("s", url=server.url, public_token=TOKEN, allow_private=True) as shop:
            yield shop

    @pytest.mark.parametrize(
        "query",
        [
            queries.LIST,
            queries.SEARCH,
            queries.MORE_VARIANTS,
            *(queries.by_id(n) for n in (0, 1, 50)),
        ],
    )
    def test_every_query_is_valid(self, storefront, query: str) -> None:
        from graphql import parse, validate

        assert validate(storefront.schema, parse(query)) == []

    def test_the_schema_is_of_the_version_that_is_asked(self, storefront) -> None:
        package = "@shopify/hydrogen-react@2026.4."
        script = Path(__file__).parents[2] / "scripts/fetch-shopify-schema.sh"
        assert package in script.read_text() and shopify.API_VERSION == "2026-04"

    def test_the_recorded_answer_is_the_server_s(self, storefront) -> None:
        variables = {"first": 250, "country": "NL", "language": "NL"}
        assert storefront.run(queries.LIST, variables) == json.loads(RECORDED.read_text())

    def test_every_language_code_is_one_of_shopify_s(self, storefront) -> None:
        known = storefront.schema.type_map["LanguageCode"].values
        locales = ("nl", "da", "sv", "de", "en-gb", "ar", "nb", "pt-br", "zh-hant", "fr-ca")
        for locale in locales:
            assert queries.context(Market("m", (locale,)))["language"] in known

    def test_units_are_shopify_s(self, storefront) -> None:
        known = storefront.schema.type_map["UnitPriceMeasurementMeasuredUnit"].values
        assert set(UNITS) <= set(known)

    @pytest.mark.parametrize(
        ("country", "language", "currency", "title", "price"),
        [
            ("NL", "nl", "EUR", "Rugbrace", "39.75"),
            ("DK", "da", "DKK", "Lændebælte", "298.12"),
            ("GB", "en-gb", "GBP", "Lumbar support brace", "33.79"),
            ("SE", "sv", "SEK", "", "437.25"),
        ],
    )
    def test_each_market_has_its_own_offer(
        self, real: Shopify, country: str, language: str, currency: str, title: str, price: str
    ) -> None:
        market = Market("m", (language,), country=country, currency=currency)
        found = offer(real, market, BRACE)
        assert (found.title, found.currency) == (title, currency)
        assert (found.price, real.search(found.name, market)) == (Decimal(price), [found])

    def test_ids_of_all_kinds_in_one_question(
        self, server: Server, real: Shopify, market: Market
    ) -> None:
        large = "gid://shopify/ProductVariant/9172"
        ids = [BRACE, "knee-sleeve", "no-such-product", large, "404"]
        answers = real.fetch(ids, market)
        assert [type(a) for a in answers.values()] == [Found, Found, Gone, Found, Gone]
        assert answers[large].offer.title == "Warmtebalsem – 150 ml"
        assert answers[large].offer.url.endswith("?variant=9172")
        assert len(server.requests) == 1

    def test_the_catalogue_is_asked_page_by_page(
        self, real: Shopify, storefront, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storefront, "page", 2)
        assert [entry.external_id for entry in real.catalogue(market)] == [
            BRACE, BALM, SLEEVE, MAT, TAPE,
        ]  # fmt: skip
        assert [asked.get("after") for asked in storefront.asked] == [None, "2", "4"]

    def test_a_catalogue_longer_than_shopify_lists_is_begun_again_by_date(
        self, real: Shopify, storefront, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storefront, "page", 3)
        monkeypatch.setattr(shopify, "MAX_LISTED", shopify.PAGE + 2)
        ids = [entry.external_id for entry in real.catalogue(market)]
        assert ids == [BRACE, BALM, SLEEVE, MAT, TAPE]
        assert storefront.asked[1]["query"] == "created_at:>='2025-02-03T08:00:00Z'"

    def test_a_bad_token(self, server: Server, storefront, market: Market) -> None:
        storefront.serve(server)
        with Shopify("s", url=server.url, public_token="wrong", allow_private=True) as shop:
            assert "answered 401" in shop.fetch([BRACE], market)[BRACE].reason
