"""Vendure: one history is of one thing, a market's failure is its own, a bad datum costs itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Goods
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Gone, ShopError, Unknown
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.vendure import Vendure
from tests.shops.conftest import Server
from tests.shops.mutations import check_shop
from tests.shops.test_vendure import FakeShop, product, variant, vendure

SMALL, LARGE = variant(1295), variant(1995, "72")


@pytest.fixture
def fake(server: Server) -> FakeShop:
    return FakeShop(server, product("7", "Warming balm", SMALL, LARGE))


@pytest.fixture
def shop(server: Server, fake: FakeShop) -> Iterator[Vendure]:
    with vendure(server) as shop:
        yield shop


class TestVariants:
    def test_they_can_be_chosen(self, shop: Vendure, fake: FakeShop, market: Market) -> None:
        offers = shop.variants("7", market)
        assert [(o.external_id, o.title, o.price) for o in offers] == [
            ("7:71", "Warming balm – Maat 71", Decimal("12.95")),
            ("7:72", "Warming balm – Maat 72", Decimal("19.95")),
        ]
        assert shop.variants("7:72", market) == offers
        answers = shop.fetch(["7:71", "7:72", "7"], market)
        assert [answers["7:71"].offer, answers["7:72"].offer] == offers
        assert not offers[0].is_from and answers["7"].offer.is_from
        fake.products["7"]["variants"] = [SMALL]
        assert shop.variants("7", market) == shop.variants("9", market) == []

    def test_an_id_of_one_stands_for_no_other(
        self, shop: Vendure, fake: FakeShop, market: Market
    ) -> None:
        known = {"7:79": Known(Goods(variant="79"), "Warming balm", Decimal("12.95"))}
        assert shop.fetch(["7:79", "9:71"], market, known) == {
            "7:79": Gone("7:79"), "9:71": Gone("9:71"),
        }  # fmt: skip


class TestWords:
    def test_what_is_not_translated_has_a_price_and_no_words(
        self, shop: Vendure, fake: FakeShop, market: Market
    ) -> None:
        fake.products["7"]["languageCode"] = "en"
        offer = shop.fetch(["7"], market)["7"].offer
        assert (offer.title, offer.description, offer.name) == ("", "", "Warming balm")
        assert offer.price == Decimal("12.95")

    def test_an_option_in_another_language_gives_a_variant_no_title(
        self, shop: Vendure, fake: FakeShop, market: Market
    ) -> None:
        option = {"languageCode": "en", "name": "Small"}
        fake.products["7"]["variants"] = [SMALL | {"options": [option]}, LARGE]
        answers = shop.fetch(["7:71", "7:72"], market)
        titles = [answer.offer.title for answer in answers.values()]
        assert titles == ["", "Warming balm – Maat 72"]
        assert answers["7:71"].offer.name == "Warming balm – Small"
        assert answers["7:71"].offer.description == "Warming balm, soft"

    @pytest.mark.parametrize(
        ("locale", "spoken", "speaks"),
        [("nl-be", "nl", True), ("pt-br", "pt_BR", True), ("pt-br", "pt", True),
         ("zh-hans", "zh_Hant", False), ("zh-hans", "zh_Hans", True), ("da", "en", False)],
    )  # fmt: skip
    def test_languages(self, server, fake, locale: str, spoken: str, speaks: bool) -> None:
        fake.products["7"]["languageCode"] = spoken
        codes = {"pt-br": "pt_BR", "zh-hans": "zh_Hans"}
        with vendure(server, languages=codes) as shop:
            offer = shop.fetch(["7"], Market("m", (locale,), "", "EUR"))["7"].offer
        assert bool(offer.title) is speaks

    def test_a_name_is_plain_text(self, shop: Vendure, fake: FakeShop, market: Market) -> None:
        fake.products["7"] |= {"name": "Balm < 75 ml <b>", "description": "<p>Warm &amp; soft</p>"}
        offer = shop.fetch(["7"], market)["7"].offer
        assert (offer.title, offer.description) == ("Balm < 75 ml <b>", "Warm & soft")


class TestMarkets:
    def test_a_currency_that_the_channel_has_no_more(
        self, shop: Vendure, fake: FakeShop, market: Market
    ) -> None:
        sweden = Market("sv", ("sv",), "SE", "SEK")
        reason = "The price is in EUR, but market 'sv' sells in SEK."
        assert shop.fetch(["7", "8"], sweden) == {
            i: Unknown(i, reason, gap=Gap.CURRENCY) for i in ("7", "8")
        }
        with pytest.raises(ShopError, match="market 'sv' sells in SEK"):
            list(shop.catalogue(sweden))

    def test_a_channel_that_a_shop_with_one_does_not_have(
        self, server: Server, fake: FakeShop, market: Market
    ) -> None:
        fake.token = "default-channel"
        with vendure(server, channel_token={"nl": "misspelt"}) as shop:
            answer = shop.fetch(["7"], market)["7"]
            with pytest.raises(ShopError, match="market 'nl'"):
                list(shop.catalogue(market))
        assert answer.reason == "The shop knows no channel with the token of market 'nl'."
        assert "misspelt" not in answer.reason

    def test_a_channel_that_a_shop_with_several_does_not_have(
        self, server: Server, shop: Vendure, market: Market
    ) -> None:
        body = {"errors": [{"message": "?", "extensions": {"code": "CHANNEL_NOT_FOUND"}}]}
        server.says("/shop-api", json.dumps(body).encode())
        answer = shop.fetch(["7"], market)["7"]
        assert answer.reason == "The shop knows no channel with the token of market 'nl'."

    def test_a_channel_that_sells_nothing(
        self, shop: Vendure, fake: FakeShop, market: Market
    ) -> None:
        fake.products.clear()
        answer = shop.fetch(["7"], market)["7"]
        assert isinstance(answer, Unknown) and "nothing in market 'nl'" in answer.reason
        with pytest.raises(ShopError, match="nothing in market 'nl'"):
            list(shop.catalogue(market))

    def test_an_address_of_the_storefront_is_found(
        self, shop: Vendure, fake: FakeShop, market: Market
    ) -> None:
        address = "https://shop.atlas-axis.example/da/warming-balm?variant=72#top"
        assert [offer.external_id for offer in shop.search(address, market)] == ["7"]
        assert shop.search("https://shop.atlas-axis.example/da/other", market) == []


@pytest.mark.once
@pytest.mark.parametrize("known", [True, False])
def test_a_bad_datum_costs_itself(
    server: Server, fake: FakeShop, market: Market, known: bool
) -> None:
    custom = {"rating": Decimal("4.5"), "ratingCount": 12}
    reduced = SMALL | {"customFields": {"compareAtPrice": 1495}}
    products = [product("7", "Warming balm", reduced, LARGE, customFields=custom)]
    products.append(product("8", "Mat"))
    items = [fake._in(one, "EUR") for one in json.loads(json.dumps(products, default=float))]
    answer = {"products": {"items": items}, "activeChannel": {"token": ""}}
    options = {
        "list_price_field": "compareAtPrice",
        "rating_field": "rating",
        "rating_count_field": "ratingCount",
    }

    def say(answer: Any) -> None:
        server.says("/shop-api", json.dumps({"data": answer}).encode())

    say(answer)
    gone = r"products\.items = \[\]"
    with vendure(server, **options) as shop:
        offer = shop.fetch(["7"], market)["7"].offer
        assert offer.list_price and offer.rating_count == 12 and not offer.notes
        tried = check_shop(
            shop, market, say, answer, answer, "products.items", known=known, gone=gone
        )
    assert tried > (900 if known else 450)
