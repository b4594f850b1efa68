"""Medusa: one history is of one thing, a market's failure is its own, a bad datum costs itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Goods
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Found, Gone, ShopError, Unknown
from anodyne_blocks.shops.medusa import Medusa
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import Server
from tests.shops.mutations import check_shop, mutations
from tests.shops.test_medusa import REGIONS, FakeShop, medusa, price, product, variant

SMALL, LARGE = variant(price("12.95"), 1), variant(price("19.95"), 2)


@pytest.fixture
def fake(server: Server) -> FakeShop:
    return FakeShop(server, product("prod_7", "Warming balm", SMALL, LARGE))


@pytest.fixture
def shop(server: Server, fake: FakeShop) -> Iterator[Medusa]:
    with medusa(server) as shop:
        yield shop


def test_a_price_that_has_ended_is_stale_at_once(
    shop: Medusa, fake: FakeShop, market: Market
) -> None:
    # Of the variant that is priced: what another one costs is no answer to that.
    known = {"prod_7": Known(Goods(variant="variant_1"), "Warming balm", Decimal("12.95"))}
    fake.products[0]["variants"] = [SMALL | {"calculated_price": None}, LARGE]
    answer = shop.fetch(["prod_7"], market, known)["prod_7"]
    assert isinstance(answer, Unknown) and answer.gap is Gap.NO_PRICE
    assert "variant_1 has no price" in answer.reason
    assert shop.fetch(["prod_7"], market)["prod_7"].offer.price == Decimal("19.95")


class TestVariants:
    def test_they_can_be_chosen(self, shop: Medusa, fake: FakeShop, market: Market) -> None:
        fake.products[0]["variants"] = [LARGE, SMALL]
        offers = shop.variants("prod_7", market)
        assert [(o.external_id, o.title, o.price) for o in offers] == [
            ("prod_7:variant_1", "Warming balm – Maat 1", Decimal("12.95")),
            ("prod_7:variant_2", "Warming balm – Maat 2", Decimal("19.95")),
        ]
        assert shop.variants("prod_7:variant_2", market) == offers
        ids = [offer.external_id for offer in offers]
        answers = shop.fetch([*ids, "prod_7"], market)
        assert [answers[i].offer for i in ids] == offers
        assert not offers[0].is_from and answers["prod_7"].offer.is_from
        fake.products[0]["variants"] = [SMALL]
        assert shop.variants("prod_7", market) == shop.variants("prod_9", market) == []

    def test_an_id_of_one_stands_for_no_other(
        self, shop: Medusa, fake: FakeShop, market: Market
    ) -> None:
        ids = ["prod_7:variant_9", "prod_9:variant_1", "prod_7:"]
        known = {ids[0]: Known(Goods(variant="variant_9"), "Balm", Decimal("12.95"))}
        assert shop.fetch(ids, market, known) == {i: Gone(i) for i in ids}


class TestWords:
    def test_markets_in_another_language_have_prices_and_no_words(
        self, shop: Medusa, fake: FakeShop
    ) -> None:
        fake.products[0]["description"] = "Warm"
        flemish, danish = (
            shop.fetch(["prod_7"], Market("m", (locale,), "NL", "EUR"))["prod_7"].offer
            for locale in ("nl-be", "da")
        )
        assert (flemish.title, flemish.description) == ("Warming balm", "Warm")
        assert (danish.title, danish.description, danish.name) == ("", "", "Warming balm")
        assert danish.price == flemish.price

    @pytest.mark.parametrize(("locale", "speaks"), [("nl", True), ("da", False)])
    def test_translations_count_where_the_shop_has_the_locale(
        self, server: Server, fake: FakeShop, locale: str, speaks: bool
    ) -> None:
        market = Market("m", (locale,), "NL", "EUR")
        with medusa(server, language="en", locale="{language}-{country}") as shop:
            assert bool(shop.fetch(["prod_7"], market)["prod_7"].offer.title) is speaks
            # A shop without the module has no such address.
            server.says("/store/locales", b"{}", 404)
            shop._locales = None
            assert not shop.fetch(["prod_7"], market)["prod_7"].offer.title

    def test_texts_are_plain_but_for_descriptions_with_tags(
        self, shop: Medusa, fake: FakeShop, market: Market
    ) -> None:
        texts = {"Soft < 5 cm": "Soft < 5 cm", "<p>Warm &amp; soft</p>": "Warm & soft"}
        for text, shown in texts.items():
            fake.products[0] |= {"title": "Balm <M> &amp; co", "description": text}
            offer = shop.fetch(["prod_7"], market)["prod_7"].offer
            assert (offer.title, offer.description) == ("Balm <M> &amp; co", shown)


class TestMarkets:
    def test_a_region_that_sells_in_another_currency_now(
        self, shop: Medusa, fake: FakeShop
    ) -> None:
        denmark = Market("da", ("da",), "DK", "EUR")
        reason = "The price is in DKK, but market 'da' sells in EUR."
        assert shop.fetch(["prod_7"], denmark) == {
            "prod_7": Unknown("prod_7", reason, gap=Gap.CURRENCY)
        }
        with pytest.raises(ShopError, match="market 'da' sells in EUR"):
            list(shop.catalogue(denmark))

    def test_a_channel_that_sells_nothing(
        self, shop: Medusa, fake: FakeShop, market: Market
    ) -> None:
        fake.products.clear()
        answer = shop.fetch(["prod_7"], market)["prod_7"]
        assert isinstance(answer, Unknown) and "nothing for market 'nl'" in answer.reason
        with pytest.raises(ShopError, match="nothing for market 'nl'"):
            list(shop.catalogue(market))

    def test_a_key_of_several_channels_is_named(
        self, server: Server, shop: Medusa, fake: FakeShop, market: Market
    ) -> None:
        message = "Inventory cannot be calculated; configure a single sales channel in the key"
        body = {"type": "invalid_data", "message": message}
        server.says("/store/products", json.dumps(body).encode(), 400)
        assert "must have one sales channel" in shop.fetch(["prod_7"], market)["prod_7"].reason

    def test_an_address_of_the_storefront_is_found(
        self, shop: Medusa, fake: FakeShop, market: Market
    ) -> None:
        address = "https://shop.atlas-axis.example/da/warming-balm?variant=2"
        assert [offer.external_id for offer in shop.search(address, market)] == ["prod_7"]
        assert shop.search("https://shop.atlas-axis.example/da/other", market) == []


@pytest.mark.once
@pytest.mark.parametrize("known", [True, False])
def test_a_bad_datum_costs_itself(
    server: Server, fake: FakeShop, market: Market, known: bool
) -> None:
    reduced = variant(price("12.95", "15.95", "sale"), 1, ean="8712345678906")
    fields = {"description": "Warm", "images": [{"url": "https://img.example/1.png"}]}
    products = [product("prod_7", "Balm", reduced, LARGE, **fields), product("prod_8", "Mat")]

    def say(answer: Any) -> None:
        server.says("/store/products", json.dumps(answer).encode())

    say({"products": products})
    with medusa(server) as shop:
        offer = shop.fetch(["prod_7"], market)["prod_7"].offer
        assert offer.list_price and offer.gtin and not offer.notes
        answer = {"products": products}
        gone = r"products = \[\]"
        tried = check_shop(shop, market, say, answer, answer, "products", known=known, gone=gone)
    assert tried > (1000 if known else 500)


def test_bad_regions_are_named(server: Server, fake: FakeShop, market: Market) -> None:
    for label, mutated in mutations({"regions": REGIONS}):
        server.says("/store/regions", json.dumps(mutated).encode())
        with medusa(server) as shop:
            answer = shop.fetch(["prod_7"], market)["prod_7"]
            assert isinstance(answer, (Found, Unknown)), label
            try:
                list(shop.catalogue(market))
            except ShopError as error:
                assert error.reason, label
