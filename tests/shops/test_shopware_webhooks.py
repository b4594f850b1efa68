"""Shopware's webhooks, and its options."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from anodyne_blocks.shops.base import InvalidWebhook
from anodyne_blocks.shops.shopware import Shopware
from tests.shops.conftest import Server
from tests.shops.shopware_server import (
    BRACE,
    KEY,
    Store,
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

    def test_the_product_of_a_translation_is_named(self, shop: Shopware) -> None:
        key = {"productId": BRACE, "languageId": uuid(0xB1)}
        written = {"entity": "product_translation", "operation": "update", "primaryKey": key}
        body = event(data={"payload": [written], "event": "product_translation.written"})
        assert shop.verify_webhook(signed(body), body).external_ids == (BRACE,)

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
