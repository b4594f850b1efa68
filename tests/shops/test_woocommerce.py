"""WooCommerce's Store API, as a real one answers (11.0.1), with this project's own products."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.base import Found, Gone, InvalidWebhook, ShopError, Skipped, Unknown
from anodyne_blocks.shops.testing import ShopContract
from anodyne_blocks.shops.woocommerce import WooCommerce
from tests.shops.conftest import Server
from tests.shops.woocommerce_server import (
    PATH,
    SHOP,
    Woo,
    prices,
    product,
)


@pytest.fixture
def woo(server: Server) -> Woo:
    return Woo(
        server,
        product(14, "Balance mat"),
        product(12, "Heat pack &amp; cover", on_sale=True, prices=prices("3975", "5300")),
        product(11, "Neck pillow", is_in_stock=False),
    )


@pytest.fixture
def shop(server: Server) -> Iterator[WooCommerce]:
    with WooCommerce("woo", url=server.url, webhook_secret="hush", allow_private=True) as shop:
        yield shop


def read(shop: WooCommerce, woo: Woo, market: Market, **fields: Any) -> Any:
    """The answer about one product with these fields."""
    woo.products = [product(1, "Mat") | fields]
    return shop.fetch(["1"], market)["1"]


class TestContract(ShopContract):
    known_id, unknown_id, words = "12", "99", "heat pack"
    secrets = ("hush",)

    @pytest.fixture(autouse=True)
    def _woo(self, woo: Woo) -> None:
        pass

    @pytest.fixture
    def shop(self, shop: WooCommerce) -> WooCommerce:
        return shop

    @pytest.fixture
    def broken_shop(self, server: Server) -> Iterator[WooCommerce]:
        server.says("/broken" + PATH, b"hush", 500, Retry_After="0")
        url = f"{server.url}/broken"
        with WooCommerce("woo", url=url, webhook_secret="hush", allow_private=True) as shop:
            yield shop


class TestOffer:
    def test_a_sale(self, shop: WooCommerce, woo: Woo, market: Market) -> None:
        image = {"id": 3, "src": f"{SHOP}/pack.png", "alt": "A heat pack", "thumbnail": "x"}
        offer = read(
            shop, woo, market,
            name="Heat pack &amp; cover", on_sale=True, prices=prices("3975", "5300"),
            average_rating="4.25", review_count=8, images=[image],
            brands=[{"id": 5, "name": "Atlas &amp; Axis", "slug": "atlas"}],
        ).offer  # fmt: skip
        assert (offer.title, offer.description) == ("Heat pack & cover", "Mat, short")
        assert (offer.price, offer.list_price) == (Decimal("39.75"), Decimal("53.00"))
        assert (offer.rating, offer.rating_count) == (Decimal("4.25"), 8)
        assert (offer.image_url, offer.image_alt) == (f"{SHOP}/pack.png", "A heat pack")
        assert (offer.url, offer.brand) == (f"{SHOP}/product/mat/", "Atlas & Axis")

    def test_not_on_sale_nothing_is_struck(self, shop, woo: Woo, market: Market) -> None:
        offer = read(shop, woo, market).offer
        assert (offer.price, offer.list_price) == (Decimal("53.00"), None)
        assert read(shop, woo, market, prices=prices("3975", "5300")).offer.list_price is None
        assert (offer.rating, offer.rating_count, offer.image_url) == (None, None, "")

    @pytest.mark.parametrize(
        ("digits", "decimals", "expected"),
        [("1499", 2, "14.99"), ("1499", 0, "1499"), ("14990", 3, "14.990"), ("5", 2, "0.05")],
    )
    def test_the_decimals_are_the_shop_s_own(
        self, shop, woo: Woo, market: Market, digits: str, decimals: int, expected: str
    ) -> None:
        offer = read(shop, woo, market, prices=prices(digits, decimals=decimals)).offer
        assert str(offer.price) == expected

    @pytest.mark.parametrize("digits", ["14.99", "", "-1", "14,99", 1499, None])
    def test_amounts_of_another_shape_are_refused(self, shop, woo, market, digits) -> None:
        assert isinstance(read(shop, woo, market, prices=prices(digits, "1")), Unknown)

    def test_a_product_without_a_price(self, shop, woo: Woo, market: Market) -> None:
        fields = {"prices": prices("0"), "is_purchasable": False}
        offer = read(shop, woo, market, **fields).offer
        assert (offer.price, offer.availability) == (None, Stock.OUT_OF_STOCK)
        # "0" is what the API gives of a price that nobody has set.
        assert read(shop, woo, market, prices=prices("0")).offer.price is None

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, Stock.IN_STOCK),
            ({"is_in_stock": False}, Stock.OUT_OF_STOCK),
            ({"is_on_backorder": True}, Stock.BACKORDER),
            ({"low_stock_remaining": 2}, Stock.LOW_STOCK),
            ({"is_purchasable": False}, Stock.OUT_OF_STOCK),
            ({"stock_availability": {"class": "out-of-stock"}}, Stock.OUT_OF_STOCK),
            ({"stock_availability": {"class": "available-on-backorder"}}, Stock.BACKORDER),
            ({"is_password_protected": True}, Stock.OUT_OF_STOCK),
            ({"type": "external", "is_purchasable": False}, Stock.UNKNOWN),
            ({"is_in_stock": None}, Stock.UNKNOWN),
        ],
    )
    def test_availability(self, shop, woo, market, fields, expected) -> None:
        assert read(shop, woo, market, **fields).offer.availability == expected

    def test_tax_is_what_the_options_say(self, server: Server, woo: Woo, market: Market) -> None:
        for option, expected in [(None, None), (True, True), ({"nl": False}, False), ({}, None)]:
            with WooCommerce(
                "woo", url=server.url, tax_included=option, allow_private=True
            ) as shop:
                assert read(shop, woo, market).offer.tax_included is expected

    @pytest.mark.parametrize("value", [None, False, 0, [], {}, "no address"])
    def test_what_a_card_may_lack_costs_no_product(self, shop, woo, market, value) -> None:
        picture = [{"id": 5, "src": value, "alt": value}]
        offer = read(shop, woo, market, permalink=value, images=picture).offer
        assert (offer.url, offer.image_url, offer.price) == ("", "", Decimal("53.00"))

    def test_a_subscription_is_no_price(self, shop, woo: Woo, market: Market) -> None:
        assert "subscription" in read(shop, woo, market, type="subscription").reason

    def test_texts_in_another_language_than_the_market_s(
        self, server: Server, woo: Woo, market: Market
    ) -> None:
        for language, title in [("nl-BE", "Mat"), ("en", ""), ({"nl": "de"}, ""), ({}, "Mat")]:
            with WooCommerce("woo", url=server.url, language=language, allow_private=True) as shop:
                offer = read(shop, woo, market).offer
            assert (offer.title, offer.name) == (title, "Mat")
            assert bool(offer.description) == bool(title)


class TestAsking:
    def test_a_batch_is_one_request(self, shop, woo: Woo, market: Market) -> None:
        woo.products = [product(n, f"Mat {n}") for n in range(1, 151)]
        answers = shop.fetch([str(n) for n in range(1, 151)], market)
        assert all(isinstance(answer, Found) for answer in answers.values())
        assert [len(asked["include"].split(",")) for asked in woo.asked] == [100, 50]

    def test_what_is_sold_out_and_hidden_is_not_gone(self, shop, woo: Woo, market: Market) -> None:
        woo.hides_sold_out = True
        answers = shop.fetch(["11", "12", "99"], market)
        assert answers["11"].offer.availability == Stock.OUT_OF_STOCK
        assert isinstance(answers["12"], Found)
        assert answers["99"] == Gone("99")

    def test_an_unreadable_product_spoils_no_other(self, shop, woo: Woo, market: Market) -> None:
        woo.products[0]["prices"] = None
        answers = shop.fetch(["14", "12"], market)
        assert isinstance(answers["14"], Unknown) and isinstance(answers["12"], Found)
        entries = {type(e): e.external_id for e in shop.catalogue(market)}
        assert entries[Skipped] == "14"

    def test_only_numbers_are_asked_for(self, shop, woo: Woo, market: Market) -> None:
        answers = shop.fetch(["hoodie", "0", "٣", "1e3"], market)
        assert {type(answer) for answer in answers.values()} == {Unknown}
        assert woo.asked == []

    def test_a_product_without_a_number_spoils_no_other(self, shop, woo, market) -> None:
        del woo.products[0]["id"]
        answers = shop.fetch(["14", "12"], market)
        assert isinstance(answers["14"], Unknown) and isinstance(answers["12"], Found)
        reasons = [e.reason for e in shop.catalogue(market) if isinstance(e, Skipped)]
        assert reasons == ["The shop's answer holds a product without an id."]

    def test_a_shop_that_sells_nothing_withdraws_nothing(self, shop, woo, market) -> None:
        woo.products = []
        assert "no product for market 'nl'" in shop.fetch(["14"], market)["14"].reason
        with pytest.raises(ShopError, match="no product for market 'nl'"):
            list(shop.catalogue(market))

    def test_the_whole_catalogue(self, shop, woo: Woo, market: Market) -> None:
        woo.products = [product(n, f"Mat {n}") for n in range(1, 206)]
        assert len(list(shop.catalogue(market))) == 205
        assert {asked["per_page"] for asked in woo.asked} == {"100"}

    def test_a_site_that_ignores_the_page_does_not_turn_for_ever(
        self, shop, server: Server, market: Market
    ) -> None:
        server.says(PATH, json.dumps([product(1, "Mat")]).encode())
        with pytest.raises(ShopError, match="again and again"):
            list(shop.catalogue(market))

    def test_language_and_currency_by_plugin(self, server: Server, woo: Woo, market) -> None:
        params = {"lang": "{language}", "currency": "{currency}"}
        url = f"{server.url}/{{language}}"
        server.answers["/nl" + PATH] = woo.answer
        with WooCommerce("woo", url=url, params=params, allow_private=True) as shop:
            shop.search("mat", market)
        assert (woo.asked[0]["lang"], woo.asked[0]["currency"]) == ("nl", "EUR")

    @pytest.mark.parametrize("body", [b'{"code": "rest_no_route"}', b"[1]", b'[{"name": 1}]'])
    def test_another_answer_than_a_list_of_products(self, shop, server, market, body) -> None:
        server.says(PATH, body)
        with pytest.raises(ShopError, match="no list of products"):
            shop.search("mat", market)
        assert isinstance(shop.fetch(["1"], market)["1"], Unknown)


class TestWebhook:
    def signed(self, body: bytes, secret: bytes = b"hush") -> dict[str, str]:
        digest = hmac.new(secret, body, hashlib.sha256).digest()
        return {
            "x-wc-webhook-signature": base64.b64encode(digest).decode(),
            "x-wc-webhook-topic": "product.updated",
            "x-wc-webhook-delivery-id": "d38296fce12c1d5c",
        }

    def test_an_updated_product(self, shop: WooCommerce) -> None:
        body = b'{"id":12,"parent_id":0,"price":"14.99"}'
        hint = shop.verify_webhook(self.signed(body), body)
        assert (hint.external_ids, hint.topic, hint.ping) == (("12",), "product.updated", False)

    def test_a_variation_names_its_product_too(self, shop: WooCommerce) -> None:
        body = b'{"id":15,"parent_id":14}'
        assert shop.verify_webhook(self.signed(body), body).external_ids == ("15", "14")

    def test_a_renumbered_delivery_is_the_same_delivery(self, shop: WooCommerce) -> None:
        body = b'{"id":12}'
        headers = self.signed(body)
        again = headers | {"x-wc-webhook-delivery-id": "another"}
        first, second = shop.verify_webhook(headers, body), shop.verify_webhook(again, body)
        assert first.delivery_id and first.delivery_id == second.delivery_id

    def test_the_ping_of_a_new_webhook_has_no_signature(self, shop: WooCommerce) -> None:
        hint = shop.verify_webhook({}, b"webhook_id=2")
        assert hint.ping and hint.external_ids == ()

    def test_forged(self, shop: WooCommerce, server: Server) -> None:
        body = b'{"id":12}'
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(body), b'{"id":13}')
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(body, b"guess"), body)
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook({}, b"webhook_id=2&id=12")
        with pytest.raises(InvalidWebhook):
            WooCommerce("woo", url=server.url).verify_webhook(self.signed(body, b""), body)

    @pytest.mark.parametrize("body", [b"[]", b"{}", b"no json", b"[" * 100_000])
    def test_signed_nonsense(self, shop: WooCommerce, body: bytes) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(body), body)


def test_options_are_checked() -> None:
    assert WooCommerce.check_options({"url": "https://shop.example/{language}"}) == []
    for url, message in [
        ("shop.example", "url is no http(s) address."),
        ("https://shop.example/{lang}", "url has an unknown placeholder."),
        ("https://me:secret@shop.example", "url must not hold a user name or password."),
    ]:
        ((found, hint),) = WooCommerce.check_options({"url": url})
        assert found == message and hint
    assert WooCommerce.check_options({})[0][0] == "Option 'url' is missing."
