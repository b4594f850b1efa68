"""Shopify: its webhooks, and the check of its options."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from anodyne_blocks.shops.base import InvalidWebhook
from anodyne_blocks.shops.shopify import Shopify
from tests.shops.test_shopify import SECRET, TOKEN


@pytest.fixture
def shop() -> Iterator[Shopify]:
    options = {"public_token": TOKEN, "webhook_secret": SECRET}
    with Shopify("shopify", url="https://atlas-axis.example", **options) as shop:
        yield shop


def signed(body: bytes) -> dict[str, str]:
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    return {
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        "X-Shopify-Topic": "products/update",
        "X-Shopify-Webhook-Id": "1",
    }


class TestWebhooks:
    def test_an_update_names_every_id_of_the_product(self, shop: Shopify) -> None:
        gid = "gid://shopify/Product/8107"
        variants = [{"id": 9171, "admin_graphql_api_id": "gid://shopify/ProductVariant/9171"}]
        product = {"id": 8107, "admin_graphql_api_id": gid, "handle": "warming-balm"}
        body = json.dumps(product | {"variants": variants}).encode()
        hint = shop.verify_webhook(signed(body), body)
        expected = ("8107", gid, "warming-balm", variants[0]["admin_graphql_api_id"], "8107:9171")
        assert (hint.external_ids, hint.topic, hint.ping) == (expected, "products/update", False)

    def test_a_deleted_product_is_only_a_number(self, shop: Shopify) -> None:
        hint = shop.verify_webhook(signed(b'{"id": 8107}'), b'{"id": 8107}')
        assert hint.external_ids == ("8107", "gid://shopify/Product/8107")

    def test_a_delivery_with_another_number_is_the_same_delivery(self, shop: Shopify) -> None:
        body = b'{"id": 8107}'
        again = signed(body) | {"X-Shopify-Webhook-Id": "2"}
        first, second = (shop.verify_webhook(headers, body) for headers in (signed(body), again))
        assert first.delivery_id == second.delivery_id != ""

    def test_stock_of_an_unnamed_product_does_not_refresh_the_whole_shop(
        self, shop: Shopify
    ) -> None:
        body = b'{"inventory_item_id": 3, "available": 4}'
        assert shop.verify_webhook(signed(body), body).ping

    def test_a_changed_body_is_refused(self, shop: Shopify) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(signed(b'{"id": 8107}'), b'{"id": 8108}')

    def test_a_signed_body_that_is_no_object_is_refused(self, shop: Shopify) -> None:
        for body in (b"[1]", b"?", b'{"id": 1, "admin_graphql_api_id": 1}', b"[" * 100_000):
            hint = None
            try:
                hint = shop.verify_webhook(signed(body), body)
            except InvalidWebhook:
                continue
            assert not hint.external_ids


class TestOptions:
    def test_good_ones(self) -> None:
        options = {"url": "https://atlas-axis.myshopify.com", "private_token": TOKEN}
        assert Shopify.check_options(options) == []

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"public_token": TOKEN}, "'url' is missing"),
            ({"url": "https://a.example"}, "'public_token' or 'private_token' is missing"),
            ({"url": "a.example", "public_token": TOKEN}, "no http"),
            (
                {
                    "url": "https://a.example",
                    "public_token": TOKEN,
                    "url_template": "https://x/{a}",
                },
                "unknown placeholder",
            ),
        ],
    )
    def test_bad_ones(self, options: dict[str, Any], message: str) -> None:
        ((said, hint),) = Shopify.check_options(options)
        assert message in said and hint
        assert TOKEN not in said + hint
