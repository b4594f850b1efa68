"""Shopware: the contract, a context for each market, prices and prior prices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.base import Found, Gone, ShopError, Skipped, Unknown
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.shopware import Shopware
from anodyne_blocks.shops.testing import ShopContract
from tests.shops.conftest import Server
from tests.shops.shopware_server import (
    BALM,
    BRACE,
    KEY,
    PRODUCTS,
    SLEEVE,
    SLEEVES,
    TOKEN,
    Store,
    price,
    product,
    uuid,
)

SECRET = "hush-app"


@pytest.fixture
def store(server: Server) -> Store:
    return Store(server)


@pytest.fixture
def shop(server: Server, store: Store) -> Iterator[Shopware]:
    options = {"access_key": KEY, "webhook_secret": SECRET, "allow_private": True}
    with Shopware("shopware", url=server.url, **options) as shop:
        yield shop


def offer(store: Store, shop: Shopware, market: Market, **fields: Any) -> ShopOffer:
    """The offer of the balm with other fields."""
    store.products = [product(BALM, "AX-7", "Warmtebalsem") | fields]
    answer = shop.fetch([BALM], market)[BALM]
    assert isinstance(answer, Found), answer
    return answer.offer


class TestContract(ShopContract):
    known_id = BRACE
    words = "rug"
    secrets = (KEY, SECRET, TOKEN)

    @pytest.fixture
    def shop(self, shop: Shopware) -> Shopware:
        return shop

    @pytest.fixture
    def broken_shop(self, server: Server) -> Iterator[Shopware]:
        server.says("/store-api/language", b'{"errors": [{"detail": "hush-access"}]}', 403)
        with Shopware("s", url=server.url, access_key=KEY, allow_private=True) as shop:
            yield shop


class TestContext:
    def test_the_market_s_terms_are_agreed_once(
        self, server: Server, store: Store, shop: Shopware
    ) -> None:
        danish = Market("da", ("da",), country="DK", currency="DKK")
        for _ in range(2):
            answer = shop.fetch([BRACE], danish)[BRACE]
        assert answer.offer.currency == "DKK"
        assert store.chosen == {
            "languageId": uuid(0xB2), "currencyId": uuid(0xD0), "countryId": uuid(0xC2),
        }  # fmt: skip
        assert [f"{method} {path.rpartition('/')[2]}" for method, path, _ in server.requests] == [
            "POST language", "POST currency", "POST country", "PATCH context", "GET context",
            "POST product", "POST product",
        ]  # fmt: skip

    def test_two_markets_have_two_contexts(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        danish = Market("da", ("da",), country="DK", currency="DKK")
        currencies = [shop.fetch([BRACE], m)[BRACE].offer.currency for m in (market, danish)]
        assert currencies == ["EUR", "DKK"]

    @pytest.mark.parametrize(
        ("market", "reason"),
        [
            (Market("m", ("fr",), "NL", "EUR"), "no language 'fr'"),
            (
                Market("m", ("nl",), "NL", "SEK"),
                "The price is in EUR, but market 'm' sells in SEK.",
            ),
            (Market("m", ("nl",), "SE", "EUR"), "no country SE"),
        ],
    )
    def test_what_the_channel_does_not_offer(
        self, store: Store, shop: Shopware, market: Market, reason: str
    ) -> None:
        assert reason in shop.fetch([BRACE], market)[BRACE].reason

    def test_the_context_s_own_word_counts(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        store.current = lambda handler: "GBP"
        assert "in GBP" in shop.fetch([BRACE], market)[BRACE].reason

    def test_a_currency_that_was_not_asked_for_is_not_taken(
        self, server: Server, store: Store, shop: Shopware, market: Market
    ) -> None:
        answer = [{"id": uuid(0xD0), "isoCode": "DKK"}]
        server.says("/store-api/currency", json.dumps(answer).encode())
        assert "no currency EUR" in shop.fetch([BRACE], market)[BRACE].reason

    def test_a_shop_that_does_not_say_its_currency(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        store.context = {}
        assert "in which currency" in shop.fetch([BRACE], market)[BRACE].reason

    @pytest.mark.parametrize(
        ("locale", "country", "code"),
        [("nl", "NL", "nl-NL"), ("nl-be", "NL", "nl-NL"), ("de-at", "DK", "de-DE")],
    )
    def test_the_language_s_own_variety_or_another(
        self, store: Store, shop: Shopware, locale: str, country: str, code: str
    ) -> None:
        shop.fetch([BRACE], Market("m", (locale,), country, "EUR"))
        assert store.chosen["languageId"] == store.languages[code]

    def test_the_variety_of_the_market_s_country_comes_first(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        store.languages = {"nl-BE": uuid(1), "nl-NL": uuid(2)}
        shop.fetch([BRACE], market)
        assert store.chosen["languageId"] == uuid(2)

    def test_a_channel_for_each_market(self, server: Server, store: Store, market: Market) -> None:
        options = {"access_key": {"nl": KEY}, "allow_private": True}
        danish = Market("da", ("da",), country="DK", currency="DKK")
        with Shopware("s", url=server.url, **options) as shop:
            assert isinstance(shop.fetch([BRACE], market)[BRACE], Found)
            assert "no access key for market 'da'" in shop.fetch([BRACE], danish)[BRACE].reason

    def test_a_refused_key_reaches_no_text(
        self, server: Server, store: Store, market: Market
    ) -> None:
        with Shopware("s", url=server.url, access_key="wrong", allow_private=True) as shop:
            answer = shop.fetch([BRACE], market)[BRACE]
        assert answer == Unknown(BRACE, "The shop refuses the access_key of market 'nl'.")


class TestOffers:
    def test_every_field(
        self, server: Server, store: Store, shop: Shopware, market: Market
    ) -> None:
        assert shop.fetch([BRACE], market)[BRACE].offer == ShopOffer(
            external_id=BRACE,
            title="Rugbrace",
            description="About AX-1.",
            url=f"{server.url}/Rugbrace/AX-1",
            price=Decimal("39.75"),
            list_price=Decimal("53"),
            shop_prior_price=Decimal("47.7"),
            currency="EUR",
            tax_included=True,
            variant=BRACE,
            sku="AX-1",
            brand="Atlas &amp; Axis",
            availability=Stock.IN_STOCK,
            rating=Decimal("4.5"),
            image_url="https://cdn.example/1.webp",
            image_alt="A brace",
        )

    def test_the_unit_price_is_the_shop_s(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        balm = shop.fetch([BALM], market)[BALM].offer
        assert (balm.unit_price, balm.unit_measure) == (Decimal("17.2667"), "100 ml")

    def test_a_unit_of_many_words_is_left_out(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        reference = {"price": 1.5, "referenceUnit": 1.0, "unitName": "square metre of the roll"}
        found = offer(store, shop, market, calculatedPrice=price(12.95, referencePrice=reference))
        assert (found.unit_price, found.unit_measure) == (None, "")
        reference["unitName"] = "metre"
        found = offer(store, shop, market, calculatedPrice=price(12.95, referencePrice=reference))
        assert found.unit_measure == "1 metre"

    def test_the_price_of_one_piece_counts_where_prices_depend_on_quantity(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        tiers = [price(9.9, quantity=10), price(11.5, regulationPrice={"price": 12})]
        found = offer(store, shop, market, calculatedPrices=tiers)
        assert (found.price, found.shop_prior_price) == (Decimal("11.5"), Decimal(12))
        # One of them, where it is the least that one can buy.
        found = offer(store, shop, market, calculatedPrices=tiers, minPurchase=6)
        assert (found.price, found.notes) == (Decimal("9.9"), "At least 6 pieces must be bought.")

    def test_a_prior_price_of_nothing_is_none(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        empty = price(12.95, regulationPrice={"price": 0}, listPrice={"price": 0})
        assert offer(store, shop, market, calculatedPrice=empty).shop_prior_price is None

    def test_net_prices_of_a_net_context(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        store.context = {"taxState": "net"}
        assert offer(store, shop, market).tax_included is False

    @pytest.mark.parametrize(
        ("available", "stock", "expected"),
        [
            (True, 3, "in_stock"), (True, None, "in_stock"), (True, 0, "backorder"),
            (True, -2, "backorder"), (False, 0, "out_of_stock"), (False, 9, "out_of_stock"),
        ],
    )  # fmt: skip
    def test_availability(
        self, store: Store, shop: Shopware, market: Market, available, stock, expected: str
    ) -> None:
        found = offer(store, shop, market, available=available, availableStock=stock)
        assert found.availability == expected

    def test_a_variant_says_which(self, store: Store, shop: Shopware, market: Market) -> None:
        answer = shop.fetch([SLEEVE], market)[SLEEVE]
        assert answer.offer.title == "Kniebrace – M, Grey"

    def test_what_only_holds_variants_has_the_price_of_one(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        found = shop.fetch([SLEEVES], market)[SLEEVES].offer
        assert (found.title, found.variant, found.sku) == ("Kniebrace", SLEEVE, "AX-9.1")
        assert SLEEVES not in [entry.external_id for entry in shop.catalogue(market)]
        store.products = PRODUCTS[:3]
        assert "none is sold" in shop.fetch([SLEEVES], market)[SLEEVES].reason

    def test_an_editor_can_choose_a_variant(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        other = product(
            uuid(0xAB), "AX-9.2", "Kniebrace",
            parentId=SLEEVES, options=[{"translated": {"name": "L"}}],
        )  # fmt: skip
        store.products = [*PRODUCTS, other]
        for asked in (SLEEVES, SLEEVE, "AX-9"):
            choice = shop.variants(asked, market)
            assert [(one.external_id, one.title) for one in choice] == [
                (SLEEVE, "Kniebrace – M, Grey"),
                (uuid(0xAB), "Kniebrace – L"),
            ]
        assert shop.fetch([SLEEVE], market)[SLEEVE].offer == choice[0]
        assert shop.variants(BRACE, market) == shop.variants("AX-0", market) == []

    def test_a_text_of_another_language_is_none(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        # Shopware then falls back to its first language.
        found = offer(store, shop, market, name=None, description=None)
        assert (found.title, found.name, found.description) == ("", "Warmtebalsem", "")

    def test_names_are_plain_text(self, store: Store, shop: Shopware, market: Market) -> None:
        named = {"name": "Salt &amp; <b>", "description": None}
        assert offer(store, shop, market, translated=named).title == "Salt &amp; <b>"

    def test_the_numbers_of_the_goods(self, store: Store, shop: Shopware, market: Market) -> None:
        found = offer(store, shop, market, ean="4006381333931")
        assert (found.variant, found.sku, found.gtin) == (BALM, "AX-7", "4006381333931")

    def test_what_is_delivered_later_has_its_day(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        day = "2126-03-10T09:00:00.000+00:00"
        found = offer(store, shop, market, releaseDate=day)
        assert (found.availability, found.available_from.year) == (Stock.PREORDER, 2126)
        found = offer(store, shop, market, releaseDate="2020-03-10T09:00:00.000+00:00")
        assert (found.availability, found.available_from) == (Stock.IN_STOCK, None)

    def test_less_than_one_must_buy_is_ordered(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        found = offer(store, shop, market, availableStock=5, minPurchase=6)
        assert found.availability == Stock.BACKORDER

    def test_addresses(self, server: Server, store: Store, market: Market) -> None:
        template = "https://shop.example/{language}/{path}"
        options = {"access_key": KEY, "url_template": template, "allow_private": True}
        path = {"seoUrls": [{"seoPathInfo": "Wärme & Öl/AX-7"}]}
        with Shopware("s", url=server.url, **options) as shop:
            found = offer(store, shop, market, **path)
            assert found.url == "https://shop.example/nl/W%C3%A4rme%20&%20%C3%96l/AX-7"
            path = [
                {"seoPathInfo": "old", "isCanonical": None},
                {"seoPathInfo": "gone", "isCanonical": True, "isDeleted": True},
                {"seoPathInfo": "new", "isCanonical": True},
            ]
            assert offer(store, shop, market, seoUrls=path).url == "https://shop.example/nl/new"
            assert offer(store, shop, market).url == f"https://shop.example/nl/detail/{BALM}"

    @pytest.mark.parametrize("missing", ["calculatedPrice", "translated"])
    def test_a_product_that_lacks_something_is_unknown(
        self, store: Store, shop: Shopware, market: Market, missing: str
    ) -> None:
        store.products = [PRODUCTS[0], {k: v for k, v in PRODUCTS[1].items() if k != missing}]
        answers = shop.fetch([BRACE, BALM], market)
        assert [type(answer) for answer in answers.values()] == [Found, Unknown]
        assert [type(entry) for entry in shop.catalogue(market)] == [ShopOffer, Skipped]


class TestIds:
    def test_product_numbers_are_ids_too(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        ids = [BRACE, "AX-7", "ax-7", "AX-7 ", "AX-8", uuid(1)]
        answers = shop.fetch(ids, market)
        assert [type(a) for a in answers.values()] == [Found, Found, Found, Found, Gone, Gone]
        assert [answer.external_id for answer in answers.values()] == ids

    def test_no_empty_filter_is_sent(
        self, server: Server, store: Store, shop: Shopware, market: Market
    ) -> None:
        # Shopware refuses one with the whole question.
        shop.fetch([BRACE], market)
        (wanted,) = json.loads(server.bodies[-1])["filter"]
        assert wanted["queries"] == [{"type": "equalsAny", "field": "id", "value": [BRACE]}]
        assert shop.fetch([" "], market) == {" ": Gone(" ")}

    def test_a_channel_that_sells_nothing_withdraws_nothing(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        store.products = []
        assert "no product for market 'nl'" in shop.fetch([BRACE], market)[BRACE].reason
        with pytest.raises(ShopError, match="no product for market 'nl'"):
            list(shop.catalogue(market))


class TestCatalogue:
    def test_page_by_page(
        self, server: Server, store: Store, shop: Shopware, market: Market
    ) -> None:
        store.page = 2
        assert [entry.external_id for entry in shop.catalogue(market)] == [BRACE, BALM, SLEEVE]
        asked = [json.loads(body or b"{}") for body in server.bodies]
        assert [one["page"] for one in asked if "page" in one] == [1, 2, 3]

    def test_a_page_that_never_ends(
        self, server: Server, store: Store, shop: Shopware, market: Market
    ) -> None:
        server.says("/store-api/product", json.dumps({"elements": PRODUCTS[:1]}).encode())
        with pytest.raises(ShopError, match="again and again"):
            list(shop.catalogue(market))

    @pytest.mark.parametrize("body", [b"1", b"{}", b'{"elements": [1]}', b'[{"id": 1}]', b"?"])
    def test_other_answers_than_expected(
        self, server: Server, store: Store, shop: Shopware, market: Market, body: bytes
    ) -> None:
        server.says("/store-api/product", body)
        assert isinstance(shop.fetch([BRACE], market)[BRACE], Unknown)
        with pytest.raises(ShopError):
            list(shop.catalogue(market))
