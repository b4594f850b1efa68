"""Vendure's Shop API, as a real one answers (3.7.3), with this project's own products.

The same class against a real Vendure: servers/test_real_vendure.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.base import Found, Gone, ShopError, Skipped, Unknown
from anodyne_blocks.shops.testing import ShopContract
from anodyne_blocks.shops.vendure import Vendure
from tests.shops.conftest import Server, reply

URL_TEMPLATE = "https://shop.atlas-axis.example/{language}/{slug}"
INTERNAL = "INTERNAL_SERVER_ERROR"
# Any, as a channel that has it, so that the base class has to look.
CURRENCIES = ["EUR", "DKK", "JPY", "XTS"]


def variant(with_tax: int = 5300, number: str = "71", **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "sku": f"AA-{number}",
        "options": [{"languageCode": "nl", "name": f"Maat {number}"}],
        "price": with_tax * 4 // 5,
        "priceWithTax": with_tax,
        "stockLevel": "IN_STOCK",
        "customFields": {"compareAtPrice": None},
        "currencies": ("EUR", "DKK"),
    } | fields


def product(key: str, name: str, *variants: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": key,
        "languageCode": "nl",
        "name": name,
        "slug": name.lower().replace(" ", "-"),
        "description": f"<p>{name}, <b>soft</b></p>",
        "featuredAsset": {"preview": f"https://shop.atlas-axis.example/{key}.png"},
        "customFields": {"rating": None, "ratingCount": None},
        "variants": list(variants) or [variant()],
    } | fields


class FakeShop:
    """As much of the Shop API as one query needs; a missing price spoils what may not be null."""

    def __init__(self, server: Server, *products: dict[str, Any]) -> None:
        self.server = server
        self.products = {p["id"]: p for p in products}
        self.token = ""
        self.asked: list[dict[str, Any]] = []
        self.params: list[dict[str, str]] = []
        server.answers["/shop-api"] = self.answer

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked = json.loads(self.server.bodies[-1])
        params = {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()}
        self.asked.append(asked)
        self.params.append(params)
        query, given = asked["query"], asked["variables"]
        if not given:
            channel = {"defaultCurrencyCode": "EUR", "availableCurrencyCodes": CURRENCIES}
            self._reply(handler, {"data": {"activeChannel": channel}})
        elif params["currencyCode"] not in CURRENCIES:
            self._reply(handler, {"errors": [self._error([], "USER_INPUT_ERROR")], "data": None})
        elif "search(" in query:
            words = given["input"]["term"].lower()
            found = [i for i, p in self.products.items() if words in p["name"].lower()]
            items = [{"productId": i} for i in found[: given["input"]["take"]]]
            self._reply(handler, {"data": {"search": {"items": items}}})
        elif "options" in given:
            self._list(handler, given["options"], "variants" in query, params["currencyCode"])
        else:
            data, errors = {}, []
            for name, key in given.items():
                alias = name.replace("i", "p")
                data[alias] = self.products.get(key)
                if data[alias] and self._lacks(data[alias], params["currencyCode"]):
                    data[alias] = None
                    errors.append(self._error([alias, "variants", 0, "currencyCode"]))
                elif data[alias]:
                    data[alias] = self._in(data[alias], params["currencyCode"])
            self._reply(handler, {"errors": errors, "data": data} if errors else {"data": data})

    def _list(self, handler, options: dict[str, Any], priced: bool, currency: str) -> None:
        if options["take"] > 100:
            self._reply(handler, {"errors": [self._error([], "USER_INPUT_ERROR")], "data": None})
            return
        wanted = options.get("filter", {})
        items = [
            p
            for i, p in self.products.items()
            if i in wanted.get("id", {}).get("in", [i])
            and p["slug"] == wanted.get("slug", {}).get("eq", p["slug"])
        ]
        items = items[options.get("skip", 0) :][: options["take"]]
        bad = [n for n, p in enumerate(items) if self._lacks(p, currency)]
        if priced and bad:
            errors = [self._error(["products", "items", n, "variants", 0]) for n in bad[:1]]
            self._reply(handler, {"errors": errors, "data": None})
            return
        products = {"items": [self._in(p, currency) for p in items]}
        channel = {"token": self.token}
        self._reply(handler, {"data": {"products": products, "activeChannel": channel}})

    def _lacks(self, product: dict[str, Any], currency: str) -> bool:
        return any(currency not in v["currencies"] for v in product["variants"])

    def _in(self, product: dict[str, Any], currency: str) -> dict[str, Any]:
        return product | {"variants": [v | {"currencyCode": currency} for v in product["variants"]]}

    def _error(self, path: list[Any], code: str = INTERNAL) -> dict[str, Any]:
        # The message is in the language that was asked for, so it says nothing to a program.
        return {"message": "Geen prijs: hush", "path": path, "extensions": {"code": code}}

    def _reply(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        reply(handler, json.dumps(body).encode())


@pytest.fixture
def fake(server: Server) -> FakeShop:
    return FakeShop(
        server,
        product("1", "Lumbar brace"),
        product("2", "Neck pillow", variant(currencies=("EUR",))),
        product("3", "Balance mat", variant(7950)),
    )


@pytest.fixture
def shop(server: Server) -> Iterator[Vendure]:
    with vendure(server) as shop:
        yield shop


def vendure(server: Server, **options: Any) -> Vendure:
    given = {"url": f"{server.url}/shop-api", "url_template": URL_TEMPLATE} | options
    return Vendure("vendure", allow_private=True, **given)


class TestContract(ShopContract):
    known_id, unknown_id, words, secrets = "1", "99", "lumbar", ("hush",)

    @pytest.fixture(autouse=True)
    def _shop(self, fake: FakeShop) -> None:
        # Any currency, as a channel that has it, so that the base class has to look.
        for one in fake.products.values():
            one["variants"][0]["currencies"] = ("EUR", "XTS")

    @pytest.fixture
    def broken_shop(self, server: Server) -> Iterator[Vendure]:
        server.says("/broken", b"hush", 500, Retry_After="0")
        with vendure(
            server, url=f"{server.url}/broken", channel_token="hush", webhook_secret="hush"
        ) as shop:
            yield shop

    @pytest.fixture
    def shop(self, shop: Vendure) -> Vendure:
        return shop


DENMARK = Market("da", ("da",), "DK", "DKK")


class TestOneMissingPrice:
    def test_spoils_no_other_product(self, shop, fake: FakeShop) -> None:
        answers = shop.fetch(["1", "2", "3", "99"], DENMARK)
        assert [type(answer) for answer in answers.values()] == [Found, Unknown, Found, Gone]
        assert "price in DKK" in answers["2"].reason and "hush" not in answers["2"].reason
        assert len(fake.asked) == 2

    def test_spoils_no_catalogue(self, shop: Vendure, fake: FakeShop) -> None:
        entries = list(shop.catalogue(DENMARK))
        assert [entry.external_id for entry in entries] == ["1", "2", "3"]
        assert [isinstance(entry, Skipped) for entry in entries] == [False, True, False]

    def test_spoils_no_search(self, shop: Vendure, fake: FakeShop) -> None:
        assert [o.external_id for o in shop.search("a", DENMARK)] == ["1", "3"]

    def test_many_are_asked_for_in_parts(self, shop: Vendure, fake: FakeShop) -> None:
        fake.products |= {str(n): product(str(n), f"Mat {n}") for n in range(10, 110)}
        ids = ["2", *map(str, range(10, 109))]
        answers = shop.fetch(ids, DENMARK)
        assert isinstance(answers.pop("2"), Unknown)
        assert {type(answer) for answer in answers.values()} == {Found}
        assert len(fake.asked) == 1 + 4


class TestAsking:
    def test_language_currency_and_channel(self, server: Server, fake: FakeShop, market) -> None:
        tokens, fake.token = {"nl": "dutch", "br": ""}, "dutch"
        with vendure(server, channel_token=tokens, languages={"pt-br": "pt_BR"}) as shop:
            shop.fetch(["1"], market)
            shop.fetch(["1"], Market("br", ("pt-br",), "BR", "EUR"))
            answers = shop.fetch(["1"], Market("at", ("de-at",), "AT", "EUR"))
        languages = [params["languageCode"] for params in fake.params]
        assert languages == ["nl", "pt_BR"]
        assert {params["currencyCode"] for params in fake.params} == {"EUR"}
        tokens = [headers.get("vendure-token") for _, _, headers in server.requests]
        assert tokens == ["dutch", None]
        assert "name no channel token for market 'at'" in answers["1"].reason

    def test_pages_of_a_hundred(self, shop: Vendure, fake: FakeShop, market: Market) -> None:
        fake.products = {str(n): product(str(n), f"Mat {n}") for n in range(250)}
        assert len(list(shop.catalogue(market))) == 250
        answers = shop.fetch([str(n) for n in range(250)], market)
        assert {type(answer) for answer in answers.values()} == {Found}

    def test_only_ids_are_sent(self, shop: Vendure, fake: FakeShop, market: Market) -> None:
        assert isinstance(shop.fetch(["1' OR 1=1"], market).popitem()[1], Unknown)
        assert fake.asked == []

    def test_a_refused_question_is_no_missing_price(
        self, shop: Vendure, server: Server, market: Market
    ) -> None:
        body = {"errors": [{"message": "x", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}]}
        server.says("/shop-api", json.dumps(body).encode(), 400)
        answer = shop.fetch(["1"], market)["1"]
        assert isinstance(answer, Unknown) and "GRAPHQL_VALIDATION_FAILED" in answer.reason
        assert len(server.requests) == 1

    @pytest.mark.parametrize("items", [None, [{"name": "x"}], {"id": "1"}, "text"])
    def test_another_answer(self, shop: Vendure, server: Server, market: Market, items) -> None:
        body = {"data": {"products": {"items": items}, "search": {"items": items}}}
        server.says("/shop-api", json.dumps(body).encode())
        assert isinstance(shop.fetch(["1"], market)["1"], Unknown)
        for ask in (lambda: shop.search("x", market), lambda: list(shop.catalogue(market))):
            with pytest.raises(ShopError):
                ask()


class TestOffer:
    def read(self, server: Server, fake: FakeShop, market: Market, *variants, **options) -> Any:
        fields = options.pop("fields", {})
        fake.products["7"] = product("7", "Warming balm", *variants, **fields)
        with vendure(server, **options) as shop:
            answer = shop.fetch(["7"], market)["7"]
        return answer.offer if isinstance(answer, Found) else answer.reason

    def test_prices_with_and_without_tax(self, server, fake, market) -> None:
        for option, price in [(True, "12.50"), (False, "10.00"), ({"nl": False}, "10.00")]:
            offer = self.read(server, fake, market, variant(1250), tax_included=option)
            assert (str(offer.price), offer.tax_included) == (price, option is True)

    def test_what_is_struck_through_is_a_custom_field(self, server, fake, market) -> None:
        reduced = variant(995, customFields={"compareAtPrice": 1295})
        assert self.read(server, fake, market, reduced).list_price is None
        offer = self.read(server, fake, market, reduced, list_price_field="compareAtPrice")
        assert (offer.price, offer.list_price) == (Decimal("9.95"), Decimal("12.95"))

    def test_ratings_are_custom_fields(self, server, fake, market) -> None:
        fields = {"customFields": {"rating": 4.5, "ratingCount": 12}}
        options = {"rating_field": "rating", "rating_count_field": "ratingCount"}
        offer = self.read(server, fake, market, fields=fields, **options)
        assert (offer.rating, offer.rating_count) == (Decimal("4.5"), 12)
        assert self.read(server, fake, market, **options).rating is None

    def test_stock_is_that_of_the_variant_whose_price_it_is(self, server, fake, market) -> None:
        cheap = variant(995, "72", stockLevel="OUT_OF_STOCK")
        offer = self.read(server, fake, market, cheap, variant(1295))
        assert (offer.price, offer.availability) == (Decimal("12.95"), Stock.IN_STOCK)
        assert (offer.variant, offer.sku, offer.is_from) == ("71", "AA-71", False)
        offer = self.read(server, fake, market, variant(1495, "72"), variant(1295))
        assert (offer.price, offer.is_from) == (Decimal("12.95"), True)

    @pytest.mark.parametrize(
        ("level", "expected"),
        [("IN_STOCK", "in_stock"), ("LOW_STOCK", "low_stock"), ("OUT_OF_STOCK", "out_of_stock"),
         ("17", "in_stock"), ("0", "out_of_stock"), ("plenty", "unknown")],
    )  # fmt: skip
    def test_availability(self, server, fake, market, level: str, expected: str) -> None:
        assert self.read(server, fake, market, variant(stockLevel=level)).availability == expected

    def test_currencies_without_two_decimals_need_the_shop_s_precision(self, server, fake) -> None:
        japan = Market("ja", ("ja",), "JP", "JPY")
        yen = variant(125000, currencies=("JPY",))
        assert "need the option precision" in self.read(server, fake, japan, yen)
        for precision, price in [(2, "1250.00"), (0, "125000")]:
            offer = self.read(server, fake, japan, yen, precision=precision)
            assert str(offer.price) == price

    @pytest.mark.parametrize("price", [12.5, "1250", None, True, -1])
    def test_amounts_of_another_shape_are_refused(self, server, fake, market, price) -> None:
        assert isinstance(self.read(server, fake, market, variant() | {"priceWithTax": price}), str)

    def test_a_product_without_variants_or_picture(self, server, fake, market) -> None:
        fields = {"variants": []}
        assert "no variant that is sold" in self.read(server, fake, market, fields=fields)
        offer = self.read(server, fake, market, fields={"featuredAsset": None})
        assert offer.image_url == ""

    def test_the_address_is_made_from_the_template(self, server, fake, market) -> None:
        fields = {"slug": "a b/../ü"}
        url = self.read(server, fake, market, fields=fields).url
        assert url == "https://shop.atlas-axis.example/nl/a%20b%2F..%2F%C3%BC"


def test_options_are_checked() -> None:
    good = {"url": "https://shop.example/shop-api", "url_template": URL_TEMPLATE}
    assert Vendure.check_options(good) == []
    assert "placeholder" in Vendure.check_options(good | {"url_template": "https://x/{sku}"})[0][0]
    field = {"list_price_field": "price } password {"}
    assert Vendure.check_options(good | field)[0][0] == "list_price_field is no name of a field."
    with pytest.raises(ValueError, match="custom field"):
        Vendure("vendure", **good, **field)
