"""Medusa's Store API, as a real one answers (2.21.2), with this project's own products.

The same class against a real Medusa: servers/test_real_medusa.py.
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
from anodyne_blocks.shops.base import Found, Gone, ShopError, Unknown
from anodyne_blocks.shops.medusa import Medusa
from anodyne_blocks.shops.testing import ShopContract
from tests.shops.conftest import Server, reply

URL_TEMPLATE = "https://shop.atlas-axis.example/{language}/{handle}"
KEY = "pk_5c1e"
LOCALES = [{"code": "nl-NL", "name": "Nederlands"}]
REGIONS = [
    {"id": "reg_us", "currency_code": "usd", "countries": [{"iso_2": "us"}]},
    {"id": "reg_fi", "currency_code": "eur", "countries": [{"iso_2": "fi"}]},
    {"id": "reg_eu", "currency_code": "eur", "countries": [{"iso_2": "de"}, {"iso_2": "nl"}]},
    {"id": "reg_dk", "currency_code": "dkk", "countries": [{"iso_2": "dk"}]},
]


def price(amount: str, original: str = "", kind: str | None = None, **fields: Any) -> dict:
    """A calculated price; the plain numbers are wrong, for only the raw ones are exact."""
    return {
        "calculated_amount": 0.1,
        "raw_calculated_amount": {"value": amount, "precision": 20},
        "is_calculated_price_tax_inclusive": True,
        "original_amount": 0.3,
        "raw_original_amount": {"value": original or amount, "precision": 20},
        "is_original_price_tax_inclusive": True,
        "currency_code": "eur",
        "calculated_price": {"price_list_type": kind, "min_quantity": None},
        "original_price": {"price_list_type": None},
    } | fields


def variant(given: dict | None = None, number: int = 0, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"variant_{number}",
        "title": f"Maat {number}",
        "variant_rank": number,
        "sku": f"AA-{number}",
        "barcode": None,
        "ean": None,
        "upc": None,
        "manage_inventory": True,
        "allow_backorder": False,
        "inventory_quantity": 4,
        "calculated_price": given or price("53"),
    } | fields


def product(key: str, title: str, *variants: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": key,
        "title": title,
        "handle": title.lower().replace(" ", "-"),
        "description": None,
        "thumbnail": None,
        "images": [],
        "variants": list(variants) or [variant()],
    } | fields


class FakeShop:
    """The Store API's products and regions, with Medusa's habits and refusals."""

    def __init__(self, server: Server, *products: dict[str, Any]) -> None:
        self.products = list(products)
        self.asked: list[dict[str, list[str]]] = []
        server.answers["/store/products"] = self.answer
        server.answers["/store/regions"] = self.answer
        server.answers["/store/locales"] = self.answer

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        asked = parse_qs(parts.query)
        if handler.headers.get("x-publishable-api-key") != KEY:
            self.refuse(handler, "not_allowed", "A valid publishable key is required")
        elif parts.path.endswith("locales"):
            reply(handler, json.dumps({"locales": LOCALES}).encode())
        elif parts.path.endswith("regions"):
            reply(handler, json.dumps({"regions": REGIONS}).encode())
        elif asked["fields"] != ["id"] and asked.get("region_id", [""])[0] not in {
            region["id"] for region in REGIONS
        }:
            self.refuse(handler, "invalid_data", "Missing required pricing context - region_id")
        else:
            self.asked.append(asked)
            found = self.products
            if "id[]" in asked:
                found = [p for p in found if p["id"] in asked["id[]"]]
            if "handle" in asked:
                found = [p for p in found if p["handle"] in asked["handle"]]
            if "q" in asked:
                found = [p for p in found if asked["q"][0].lower() in p["title"].lower()]
            start, limit = int(asked.get("offset", ["0"])[0]), int(asked.get("limit", ["50"])[0])
            body = {"products": found[start : start + limit], "count": len(found)}
            reply(handler, json.dumps(body).encode())

    def refuse(self, handler: BaseHTTPRequestHandler, kind: str, message: str) -> None:
        reply(handler, json.dumps({"type": kind, "message": message}).encode(), 400)


@pytest.fixture
def fake(server: Server) -> FakeShop:
    return FakeShop(server, product("prod_1", "Lumbar brace"), product("prod_2", "Neck pillow"))


def medusa(server: Server, **options: Any) -> Medusa:
    given = {"url": server.url, "publishable_key": KEY, "url_template": URL_TEMPLATE}
    given |= {"language": "nl"} | options
    return Medusa("medusa", allow_private=True, **given)


@pytest.fixture
def shop(server: Server) -> Iterator[Medusa]:
    with medusa(server) as shop:
        yield shop


def read(server: Server, fake: FakeShop, market: Market, *variants: dict, **options: Any) -> Any:
    """The offer of one product, or the reason why there is none."""
    fields = options.pop("fields", {})
    fake.products = [product("prod_7", "Warming balm", *variants, **fields)]
    with medusa(server, **options) as shop:
        answer = shop.fetch(["prod_7"], market)["prod_7"]
    return answer.offer if isinstance(answer, Found) else answer.reason


class TestContract(ShopContract):
    known_id, unknown_id, words, secrets = "prod_1", "prod_9", "lumbar", (KEY,)

    @pytest.fixture(autouse=True)
    def _shop(self, fake: FakeShop) -> None:
        pass

    @pytest.fixture
    def shop(self, shop: Medusa) -> Medusa:
        return shop

    @pytest.fixture
    def broken_shop(self, server: Server) -> Iterator[Medusa]:
        for what in ("products", "regions"):
            server.says(f"/broken/store/{what}", KEY.encode(), 500, Retry_After="0")
        with medusa(server, url=f"{server.url}/broken") as shop:
            yield shop


class TestPrices:
    def test_the_raw_value_is_the_exact_one(self, server, fake, market) -> None:
        assert str(read(server, fake, market, variant(price("14.99"))).price) == "14.99"
        assert str(read(server, fake, market, variant(price("1000"))).price) == "1000"

    @pytest.mark.parametrize(
        ("kind", "expected"), [("sale", Decimal("53")), ("override", None), (None, None)]
    )
    def test_only_a_price_list_of_type_sale_is_a_sale(
        self, server, fake, market, kind, expected
    ) -> None:
        offer = read(server, fake, market, variant(price("39.75", "53", kind)))
        assert (offer.price, offer.list_price) == (Decimal("39.75"), expected)

    def test_prices_with_and_without_tax_are_not_compared(self, server, fake, market) -> None:
        given = price("39.75", "53", "sale", is_original_price_tax_inclusive=False)
        assert read(server, fake, market, variant(given)).list_price is None

    def test_tax_that_the_shop_adds(self, server, fake, market) -> None:
        given = price(
            "32.85", "43.80", "sale",
            is_calculated_price_tax_inclusive=False, is_original_price_tax_inclusive=False,
            calculated_amount_with_tax=39.748500000000003, original_amount_with_tax=52.998,
        )  # fmt: skip
        offer = read(server, fake, market, variant(given))
        # Consumers see what they pay.
        assert (str(offer.price), str(offer.list_price)) == ("39.75", "53.00")
        assert offer.tax_included is True
        assert read(server, fake, market, variant(given), tax_included={"nl": True}) == offer
        offer = read(server, fake, market, variant(given), tax_included=False)
        assert (str(offer.price), offer.tax_included) == ("32.85", False)
        given.pop("calculated_amount_with_tax")
        assert read(server, fake, market, variant(given)).tax_included is False
        assert "does not say the tax" in read(
            server, fake, market, variant(given), tax_included=True
        )

    def test_a_variant_without_a_price_in_the_region_is_not_sold(
        self, server, fake, market
    ) -> None:
        none = variant(number=0, calculated_price=None)
        sold = variant(price("12.95"), number=1, inventory_quantity=0)
        offer = read(server, fake, market, none, sold)
        assert (offer.price, offer.availability) == (Decimal("12.95"), Stock.OUT_OF_STOCK)
        assert "no variant has a price" in read(server, fake, market, none)

    def test_a_price_for_many_pieces_is_none(self, server, fake, market) -> None:
        given = price("12.95")
        given["calculated_price"]["min_quantity"] = 10
        assert "for 10 pieces or more" in read(server, fake, market, variant(given))


class TestOffer:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, "in_stock"),
            ({"inventory_quantity": 0}, "out_of_stock"),
            ({"inventory_quantity": None, "manage_inventory": False}, "in_stock"),
            ({"inventory_quantity": 0, "allow_backorder": True}, "backorder"),
            ({"inventory_quantity": None}, "unknown"),
        ],
    )
    def test_availability(self, server, fake, market, fields, expected) -> None:
        assert read(server, fake, market, variant(**fields)).availability == expected

    def test_address_and_pictures(self, server, fake, market) -> None:
        offer = read(server, fake, market)
        assert offer.url == "https://shop.atlas-axis.example/nl/warming-balm"
        assert (offer.image_url, offer.description) == ("", "")
        fields = {"images": [{"url": "https://img.example/1.png"}], "thumbnail": None}
        assert read(server, fake, market, fields=fields).image_url == "https://img.example/1.png"
        fields["thumbnail"] = "https://img.example/small.png"
        assert read(server, fake, market, fields=fields).image_url.endswith("small.png")


class TestAsking:
    def test_the_region_of_the_market(self, server, fake: FakeShop) -> None:
        with medusa(server, regions={"b2b": "reg_us"}) as shop:
            for market in (
                Market("nl", ("nl",), "NL", "EUR"),
                Market("da", ("da",), "DK", "DKK"),
                Market("eu", ("en",), "", "EUR"),
                Market("b2b", ("en",), "DE", "EUR"),
            ):
                shop.fetch(["prod_1"], market)
            missing = shop.fetch(["prod_1"], Market("en", ("en",), "GB", "GBP"))["prod_1"]
        assert [asked["region_id"][0] for asked in fake.asked] == [
            "reg_eu", "reg_dk", "reg_fi", "reg_us",
        ]  # fmt: skip
        assert [asked.get("country_code") for asked in fake.asked] == [["nl"], ["dk"], None, ["de"]]
        assert missing.reason == "The shop has no region with GB and GBP for market 'en'."
        assert len([path for _, path, _ in server.requests if "regions" in path]) == 1

    def test_a_batch_is_asked_for_whole(self, shop, fake: FakeShop, market: Market) -> None:
        fake.products = [product(f"prod_{n}", f"Mat {n}") for n in range(120)]
        answers = shop.fetch([f"prod_{n}" for n in range(120)], market)
        assert {type(answer) for answer in answers.values()} == {Found}
        assert [asked["limit"] for asked in fake.asked] == [["50"], ["50"], ["20"]]

    def test_what_is_left_out_is_gone(self, shop, fake: FakeShop, market: Market) -> None:
        answers = shop.fetch(["prod_9", "prod_2"], market)
        assert [type(answer) for answer in answers.values()] == [Gone, Found]

    def test_the_whole_catalogue(self, shop, fake: FakeShop, market: Market) -> None:
        fake.products = [product(f"prod_{n}", f"Mat {n}") for n in range(230)]
        assert len(list(shop.catalogue(market))) == 230

    def test_a_language(self, server, fake: FakeShop, market: Market) -> None:
        read(server, fake, market, locale="{language}-{country}")
        assert server.requests[-1][2]["x-medusa-locale"] == "nl-NL"
        read(server, fake, market)
        assert "x-medusa-locale" not in server.requests[-1][2]

    def test_wrong_options_are_named(self, server, fake: FakeShop, market: Market) -> None:
        wrong = {"publishable_key": "pk_wrong"}
        assert read(server, fake, market, **wrong) == "The shop refuses the publishable_key."
        wrong = {"regions": {"nl": "reg_wrong"}}
        assert "see option regions" in read(server, fake, market, **wrong)

    @pytest.mark.parametrize(
        "body", [b"[]", b'{"products": [1]}', b'{"products": null}', b'{"products": [{}]}', b"{}"]
    )
    def test_another_answer(self, shop, fake, server, market, body: bytes) -> None:
        server.says("/store/products", body)
        assert isinstance(shop.fetch(["prod_1"], market)["prod_1"], Unknown)
        with pytest.raises(ShopError, match="no list of products"):
            shop.search("mat", market)


def test_options_are_checked() -> None:
    good = {
        "url": "https://shop.example", "publishable_key": KEY, "url_template": URL_TEMPLATE,
        "language": "en",
    }  # fmt: skip
    assert Medusa.check_options(good) == []
    ((message, hint),) = Medusa.check_options(good | {"language": ""})
    assert message == "Option 'language' or 'locale' is missing." and hint
    ((message, hint),) = Medusa.check_options(good | {"publishable_key": "sk_5c1e"})
    assert message == "publishable_key does not begin with 'pk_'." and hint
    assert "placeholder" in Medusa.check_options(good | {"url_template": "https://x/{slug}"})[0][0]
