"""Shopware: the contract, a context for each market, prices, prior prices and webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import shopware
from anodyne_blocks.shops.base import (
    Availability,
    Found,
    Gone,
    InvalidWebhook,
    ShopError,
    ShopOffer,
    Skipped,
    Unknown,
)
from anodyne_blocks.shops.shopware import Shopware
from anodyne_blocks.shops.testing import ShopContract
from tests.shops.conftest import Server, reply

KEY = "hush-access"
SECRET = "hush-app"
TOKEN = "hush-context"


def uuid(number: int) -> str:
    return f"{number:032x}"


BRACE, BALM, SLEEVES, SLEEVE = (uuid(number) for number in (0xA1, 0xA7, 0xA9, 0xAA))


def price(unit: float, **fields: Any) -> dict[str, Any]:
    nothing = {"listPrice": None, "regulationPrice": None, "referencePrice": None}
    return {"unitPrice": unit, "quantity": 1, "apiAlias": "calculated_price"} | nothing | fields


def product(id: str, number: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": id,
        "productNumber": number,
        "translated": {"name": name, "description": f"<p>About {number}.</p>"},
        "childCount": 0,
        "available": True,
        "availableStock": 12,
        "ratingAverage": None,
        "calculatedPrice": price(12.95),
        "calculatedPrices": [],
        "cover": None,
        "options": None,
        "unit": None,
        "seoUrls": None,
        "apiAlias": "product",
    } | fields


PRODUCTS = [
    product(
        BRACE,
        "AX-1",
        "Rugbrace",
        ratingAverage=4.5,
        calculatedPrice=price(
            39.75,
            listPrice={"price": 53, "discount": -13.25, "percentage": 25},
            regulationPrice={"price": 47.7},
        ),
        cover={"media": {"url": "https://cdn.example/1.webp", "translated": {"alt": "A brace"}}},
        seoUrls=[{"seoPathInfo": "Rugbrace/AX-1"}],
    ),
    product(
        BALM,
        "AX-7",
        "Warmtebalsem",
        calculatedPrice=price(
            12.95,
            referencePrice={
                "price": 17.266667,
                "purchaseUnit": 75,
                "referenceUnit": 100,
                "unitName": "Milliliter",
            },
        ),
        unit={"translated": {"shortCode": "ml"}},
    ),
    product(SLEEVES, "AX-9", "Kniebrace", childCount=2),
    product(
        SLEEVE,
        "AX-9.1",
        "Kniebrace",
        options=[{"translated": {"name": "M"}}, {"translated": {"name": "Grey"}}],
    ),
]


class Store:
    """A sales channel that answers the Store API's routes from `products`."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.products = PRODUCTS
        self.page = shopware.PAGE
        self.currencies = {"EUR": uuid(0xE0), "DKK": uuid(0xD0)}
        self.countries = {"NL": uuid(0xC1), "DK": uuid(0xC2)}
        self.languages = {"nl-NL": uuid(0xB1), "da-DK": uuid(0xB2), "de-DE": uuid(0xB3)}
        self.chosen: dict[str, str] = {}
        self.context: dict[str, Any] = {"taxState": "gross"}
        # The loopback server answers PATCH as it answers the others.
        server.httpd.RequestHandlerClass.do_PATCH = server.httpd.RequestHandlerClass.do_GET
        for path in ("product", "search", "currency", "country", "language", "context"):
            server.answers[f"/store-api/{path}"] = self.answer

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.headers["sw-access-key"] != KEY:
            return reply(handler, b'{"errors": [{"status": "412"}]}', 412)
        asked = json.loads(self.server.bodies[-1] or b"{}")
        if handler.command == "PATCH":
            self.chosen = asked
            return reply(handler, b'{"redirectUrl": null}', sw_context_token=TOKEN)
        routes = {
            "product": self.product_list,
            "search": self.search,
            "currency": self.currency,
            "country": self.country,
            "language": self.language,
            "context": self.current_context,
        }
        answered = routes[handler.path.rpartition("/")[2]](asked, handler)
        return reply(handler, json.dumps(answered).encode())

    def currency(self, asked: dict[str, Any], handler: BaseHTTPRequestHandler) -> list[Any]:
        code = asked["filter"][0]["value"]
        return [{"id": i, "isoCode": c} for c, i in self.currencies.items() if c == code]

    def country(self, asked: dict[str, Any], handler: BaseHTTPRequestHandler) -> dict[str, Any]:
        code = asked["filter"][0]["value"]
        found = [{"id": i, "iso": c} for c, i in self.countries.items() if c == code]
        return {"elements": found}

    def language(self, asked: dict[str, Any], handler: BaseHTTPRequestHandler) -> dict[str, Any]:
        known = self.languages.items()
        return {"elements": [{"id": i, "locale": {"code": c}} for c, i in known]}

    def current(self, handler: BaseHTTPRequestHandler) -> str:
        """The ISO code of the context's currency."""
        assert handler.headers["sw-context-token"] == TOKEN
        assert handler.headers["sw-language-id"] == self.chosen["languageId"]
        codes = {i: code for code, i in self.currencies.items()}
        return codes[self.chosen.get("currencyId", uuid(0xE0))]

    def current_context(
        self, asked: dict[str, Any], handler: BaseHTTPRequestHandler
    ) -> dict[str, Any]:
        return {"currency": {"isoCode": self.current(handler)}, "context": self.context}

    def product_list(
        self, asked: dict[str, Any], handler: BaseHTTPRequestHandler
    ) -> dict[str, Any]:
        self.current(handler)
        found = self.products
        for wanted in asked.get("filter", []):
            values = {one["field"]: one["value"] for one in wanted["queries"]}
            # As MySQL compares: without case, without spaces at the end.
            numbers = [number.rstrip().lower() for number in values.get("productNumber", [])]
            found = [
                one
                for one in found
                if one["id"] in values.get("id", []) or one["productNumber"].lower() in numbers
            ]
        start = (asked.get("page", 1) - 1) * self.page
        return {"elements": found[start : start + min(asked["limit"], self.page)]}

    def search(self, asked: dict[str, Any], handler: BaseHTTPRequestHandler) -> dict[str, Any]:
        word = asked["search"].lower()
        found = [one for one in self.products if word in one["translated"]["name"].lower()]
        return {"elements": found[: asked["limit"]], "apiAlias": "product_listing"}


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
            (Market("m", ("nl",), "NL", "SEK"), "no currency SEK"),
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
        assert answer == Unknown(BRACE, f"{server.url} answered 412.")


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
            prior_price=Decimal("47.7"),
            currency="EUR",
            tax_included=True,
            availability=Availability.IN_STOCK,
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
        tiers = [price(11.5, regulationPrice={"price": 12}), price(9.9)]
        found = offer(store, shop, market, calculatedPrices=tiers)
        assert (found.price, found.prior_price) == (Decimal("11.5"), Decimal(12))

    def test_a_prior_price_of_nothing_is_none(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        empty = price(12.95, regulationPrice={"price": 0}, listPrice={"price": 0})
        assert offer(store, shop, market, calculatedPrice=empty).prior_price is None

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

    def test_what_only_holds_variants_is_no_offer(
        self, store: Store, shop: Shopware, market: Market
    ) -> None:
        # Its price and stock are nobody's.
        assert "choose one of them" in shop.fetch([SLEEVES], market)[SLEEVES].reason
        assert SLEEVES not in [entry.external_id for entry in shop.catalogue(market)]

    def test_addresses(self, server: Server, store: Store, market: Market) -> None:
        template = "https://shop.example/{language}/{path}"
        options = {"access_key": KEY, "url_template": template, "allow_private": True}
        path = {"seoUrls": [{"seoPathInfo": "Wärme & Öl/AX-7"}]}
        with Shopware("s", url=server.url, **options) as shop:
            found = offer(store, shop, market, **path)
            assert found.url == "https://shop.example/nl/W%C3%A4rme%20&%20%C3%96l/AX-7"
            assert offer(store, shop, market).url == f"https://shop.example/nl/detail/{BALM}"

    @pytest.mark.parametrize("missing", ["calculatedPrice", "translated", "available"])
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


def event(**fields: Any) -> bytes:
    """product.written as Shopware sends it."""
    written = {"entity": "product", "operation": "update", "primaryKey": BRACE}
    category = {"entity": "category", "operation": "update", "primaryKey": uuid(5)}
    body = {
        "data": {"payload": [written, written, category], "event": "product.written"},
        "source": {"url": "https://shop.example", "shopId": "abc", "eventId": "e1"},
        "timestamp": int(time.time()),
    }
    return json.dumps(body | fields).encode()


def signed(body: bytes) -> dict[str, str]:
    return {"shopware-shop-signature": hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}


class TestWebhooks:
    def test_the_written_products_are_named(self, shop: Shopware) -> None:
        hint = shop.verify_webhook(signed(event()), event())
        assert (hint.external_ids, hint.delivery_id) == ((BRACE,), "e1")
        assert (hint.topic, hint.ping) == ("product.written", False)

    def test_an_event_about_something_else_refreshes_nothing(self, shop: Shopware) -> None:
        body = event(data={"payload": [], "event": "category.written"})
        assert shop.verify_webhook(signed(body), body).ping

    def test_an_old_delivery_is_refused(self, shop: Shopware) -> None:
        for timestamp in (int(time.time()) - 3600, int(time.time()) + 3600):
            body = event(timestamp=timestamp)
            with pytest.raises(InvalidWebhook, match="too old"):
                shop.verify_webhook(signed(body), body)

    def test_a_changed_body_is_refused(self, shop: Shopware) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(signed(event()), event(source={"eventId": "e2"}))

    @pytest.mark.parametrize(
        "body",
        [b"?", b"[]", b"[" * 100_000, event(data={}), event(source={}), event(timestamp="x")],
        ids=("no JSON", "a list", "depth", "no data", "no source", "no time"),
    )
    def test_a_signed_body_that_is_no_event_is_refused(self, shop: Shopware, body: bytes) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(signed(body), body)


def test_options() -> None:
    good = {"url": "https://shop.example", "access_key": KEY}
    assert Shopware.check_options(good) == []
    bad = {"url": "shop.example", "url_template": "https://shop.example/{slug}"}
    messages = [message for message, _ in Shopware.check_options(bad)]
    assert messages == [
        "Option 'access_key' is missing.",
        "url is no http(s) address.",
        "url_template has an unknown placeholder.",
    ]
