"""What shops behind an API share: addresses by market, catalogues, signed notifications."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from decimal import Decimal
from itertools import islice

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import api
from anodyne_blocks.shops.amounts import decimals
from anodyne_blocks.shops.base import Found, Gone, InvalidWebhook, Skipped, Unknown
from anodyne_blocks.shops.medusa import Medusa
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.saleor import Saleor
from anodyne_blocks.shops.shopify import Shopify
from anodyne_blocks.shops.shopware import Shopware
from anodyne_blocks.shops.vendure import Vendure
from anodyne_blocks.shops.woocommerce import WooCommerce

NL = Market("nl", ("nl",), "NL", "EUR")


def found(key: str, currency: str = "EUR") -> Found:
    return Found(ShopOffer(external_id=key, title=key, price=Decimal(1), currency=currency))


def test_a_catalogue_names_every_product_once() -> None:
    answers = [found("a"), found("a"), Unknown("b", "Broken."), Gone("c"), found("d", "DKK")]
    first, second, third = api.listed(answers, NL)
    assert first.external_id == "a"
    assert second == Skipped("b", "Broken.", 3)
    assert isinstance(third, Skipped) and third.external_id == "d" and "DKK" in third.reason


def test_a_catalogue_is_read_as_it_is_needed() -> None:
    endless = (found(str(n)) for n in iter(int, 1))
    assert [entry.external_id for entry in islice(api.listed(endless, NL), 1)] == ["0"]


def test_markets_in_addresses() -> None:
    market = Market("a/b", ("nl",), "NL", "EUR")
    template = "https://{country}.shop.example/{market}/{language}/{slug}?c={currency}"
    assert api.filled(template, market, slug="x&y") == (
        "https://NL.shop.example/a%2Fb/nl/x%26y?c=EUR"
    )


@pytest.mark.parametrize(
    ("template", "address", "expected"),
    [
        (
            "https://shop.example/{language}/{slug}",
            "https://shop.example/nl/b%26w",
            {"slug": "b&w"},
        ),
        ("https://shop.example/{slug}/", "https://shop.example/mat?variant=7#top", {"slug": "mat"}),
        ("https://shop.example/p?id={id}", "https://shop.example/p?id=7&utm_id=3", {"id": "7"}),
        ("https://shop.example/{slug}", "https://shop.example/mat/reviews", {}),
        ("https://shop.example/{slug}", "https://other.example/mat", {}),
        ("https://shop.example/", "https://shop.example/", {}),
        ("", "https://shop.example/", {}),
    ],
)
def test_what_an_address_names(template: str, address: str, expected: dict[str, str]) -> None:
    assert api.values_at(template, address) == expected


@pytest.mark.parametrize(
    ("currency", "expected"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("HUF", 2), ("RSD", 2)]
)
def test_decimals_are_those_of_iso_4217(currency: str, expected: int) -> None:
    assert decimals(currency) == expected


class TestNotification:
    """Vendure and Medusa have no webhooks of their own; a site's subscriber sends these."""

    @pytest.fixture(params=[Vendure, Medusa])
    def shop(self, request: pytest.FixtureRequest) -> Vendure | Medusa:
        options = {"url": "https://shop.example", "url_template": "", "webhook_secret": "hush"}
        if request.param is Medusa:
            options["publishable_key"] = "pk_1"
        return request.param("shop", **options)

    def signed(self, body: bytes, at: float | None = None) -> dict[str, str]:
        stamp = str(int(at or time.time()))
        digest = hmac.new(b"hush", f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()
        signature = "v1," + base64.b64encode(digest).decode()
        return {
            "Webhook-Id": "msg_1", "Webhook-Timestamp": stamp, "Webhook-Signature": signature,
        }  # fmt: skip

    def test_ids(self, shop) -> None:
        hint = shop.verify_webhook(self.signed(b'{"ids": ["7", 8]}'), b'{"ids": ["7", 8]}')
        assert (hint.delivery_id, hint.external_ids, hint.ping) == ("msg_1", ("7", "8"), False)

    def test_no_ids_mean_that_anything_may_have_changed(self, shop) -> None:
        hint = shop.verify_webhook(self.signed(b'{"ids": []}'), b'{"ids": []}')
        assert hint.external_ids == () and not hint.ping

    @pytest.mark.parametrize("body", [b"{}", b"[]", b'{"ids": "7"}', b"x", b"[" * 100_000])
    def test_another_body(self, shop, body: bytes) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(body), body)

    def test_an_old_or_changed_one(self, shop) -> None:
        body = b'{"ids": ["7"]}'
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(body, time.time() - 3600), body)
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(body), b'{"ids": ["8"]}')


def test_no_shop_prints_its_credentials() -> None:
    """Their options are fields of dataclasses, which Python would print."""
    given = {"url": "https://shop.example", "webhook_secret": "s3cret"}
    shops = [
        Medusa("m", publishable_key="pk_s3cret", url_template="https://x.example/{id}", **given),
        Saleor("s", channel="s3cret", language="en", **given),
        Shopify("s", private_token="s3cret", **given),
        Shopware("s", access_key="s3cret", **given),
        Vendure("v", channel_token="s3cret", url_template="https://x.example/{id}", **given),
        WooCommerce("w", **given),
    ]
    for shop in shops:
        with shop:
            assert "s3cret" not in repr(shop) and shop in {shop}
