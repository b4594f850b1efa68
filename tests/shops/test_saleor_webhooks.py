"""Saleor's webhooks, signed by a secret or by published keys, and its options."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache

from anodyne_blocks.shops import jws
from anodyne_blocks.shops.base import InvalidWebhook
from anodyne_blocks.shops.saleor import Saleor
from tests.shops.conftest import Server
from tests.shops.saleor_server import (
    BRACE,
    FIRST,
    answering,
    global_id,
    made,
)

SECRET = "hush-webhook"


@pytest.fixture
def shop(server: Server) -> Iterator[Saleor]:
    answering(server)
    template = "https://shop.atlas-axis.example/{language}/{slug}"
    with made(server, url_template=template, webhook_secret=SECRET) as shop:
        yield shop


EVENT = {
    "issuedAt": "2026-03-10T12:00:00Z",
    "productVariant": {"id": global_id("ProductVariant", 4), "product": {"id": BRACE}},
}
BODY = json.dumps(EVENT).encode()


class TestHmac:
    def signed(self, body: bytes) -> dict[str, str]:
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return {"Saleor-Signature": digest, "Saleor-Event": "product_variant_updated"}

    def test_the_product_of_a_variant_is_named(self, shop: Saleor) -> None:
        hint = shop.verify_webhook(self.signed(BODY), BODY)
        expected = (global_id("ProductVariant", 4), BRACE)
        assert (hint.external_ids, hint.topic) == (expected, "product_variant_updated")

    def test_the_product_of_a_translation_is_named(self, shop: Saleor) -> None:
        content = {"productId": BRACE, "productVariantId": FIRST, "categoryId": "Q2F0ZWdvcnk6MQ=="}
        event = {"issuedAt": "…", "translation": {"translatableContent": content}}
        body = json.dumps(event).encode()
        assert shop.verify_webhook(self.signed(body), body).external_ids == (BRACE, FIRST)

    def test_slugs_are_named_too(self, shop: Saleor) -> None:
        body = json.dumps([{"issued_at": "…", "id": BRACE, "slug": "lumbar-brace"}]).encode()
        hint = shop.verify_webhook(self.signed(body), body)
        assert hint.external_ids == (BRACE, "lumbar-brace")

    def test_two_changes_are_two_deliveries(self, shop: Saleor) -> None:
        later = json.dumps(EVENT | {"issuedAt": "2026-03-10T12:00:01Z"}).encode()
        hints = [shop.verify_webhook(self.signed(body), body) for body in (BODY, BODY, later)]
        assert len({hint.delivery_id for hint in hints}) == 2

    def test_an_event_without_a_time_is_refused(self, shop: Saleor) -> None:
        body = json.dumps({"product": {"id": BRACE}}).encode()
        with pytest.raises(InvalidWebhook, match="issuedAt"):
            shop.verify_webhook(self.signed(body), body)

    @pytest.mark.parametrize("body", [b"?", b"[" * 100_000, b"1"])
    def test_a_signed_body_that_is_no_event_is_refused(self, shop: Saleor, body: bytes) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(body), body)

    def test_a_changed_body_is_refused(self, shop: Saleor) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook(self.signed(BODY), BODY + b" ")


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jws_of(body: bytes, key: Any = KEY, kid: str = "one", algorithm: str = "RS256") -> str:
    """As Saleor signs: the payload detached and not encoded."""
    headers = {"kid": kid, "crit": ["b64"]}
    return jwt.PyJWS().encode(body, key, algorithm, headers, is_payload_detached=True)


class TestJws:
    @pytest.fixture
    def shop(self, server: Server) -> Iterator[Saleor]:
        cache.clear()
        published = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        keys = {"keys": [published | {"kid": "one", "use": "sig", "alg": "RS256"}]}
        server.says("/jwks.json", json.dumps(keys).encode())
        with made(server, jwks_url=f"{server.url}/jwks.json") as shop:
            yield shop
        cache.clear()

    def test_a_good_signature(self, shop: Saleor) -> None:
        hint = shop.verify_webhook({"saleor-signature": jws_of(BODY)}, BODY)
        assert BRACE in hint.external_ids

    def test_keys_are_fetched_once(self, server: Server, shop: Saleor) -> None:
        for _ in range(3):
            shop.verify_webhook({"Saleor-Signature": jws_of(BODY)}, BODY)
        assert [path for _, path, _ in server.requests] == ["/jwks.json"]

    @pytest.mark.parametrize(
        "signature",
        [
            jws_of(BODY + b" "),
            jws_of(BODY, OTHER_KEY),
            jws_of(BODY, kid="two"),
            # The public key as if it were a shared secret, and no signature at all.
            jws_of(BODY, "a secret of more than thirty-two bytes", algorithm="HS256"),
            jws_of(BODY, None, algorithm="none"),
            jws_of(BODY).rpartition(".")[0] + ".",
            "a..b",
            "",
            "é",
        ],
        ids=(  # Signatures differ in each process.
            "other body", "other key", "other name of a key", "shared secret", "unsigned",
            "no signature", "dots", "empty", "not ASCII",
        ),
    )  # fmt: skip
    def test_a_bad_signature(self, shop: Saleor, signature: str) -> None:
        with pytest.raises(InvalidWebhook):
            shop.verify_webhook({"Saleor-Signature": signature}, BODY)

    def test_a_flood_of_unknown_keys_asks_the_shop_once(self, server: Server, shop: Saleor) -> None:
        for number in range(5):
            with pytest.raises(InvalidWebhook, match="does not publish"):
                shop.verify_webhook({"Saleor-Signature": jws_of(BODY, kid=f"no {number}")}, BODY)
        assert len(server.requests) == 1

    @pytest.mark.parametrize("answer", [b"?", b"[]", b'{"keys": [7]}'])
    def test_no_keys(self, server: Server, shop: Saleor, answer: bytes) -> None:
        server.says("/jwks.json", answer)
        with pytest.raises(InvalidWebhook, match="cannot be fetched"):
            shop.verify_webhook({"Saleor-Signature": jws_of(BODY)}, BODY)

    def test_without_the_package_nothing_is_believed(
        self, shop: Saleor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        signature = jws_of(BODY)
        monkeypatch.setitem(sys.modules, "jwt", None)
        with pytest.raises(InvalidWebhook, match="PyJWT is not installed"):
            shop.verify_webhook({"Saleor-Signature": signature}, BODY)

    def test_without_any_option_nothing_is_believed(self, server: Server) -> None:
        with made(server) as shop, pytest.raises(InvalidWebhook):
            shop.verify_webhook({"Saleor-Signature": jws_of(BODY)}, BODY)


class TestOptions:
    def test_good_ones(self) -> None:
        options = {"url": "https://a.example/graphql/", "channel": "eu", "language": "en"}
        jwks_url = "https://a.example/.well-known/jwks.json"
        assert Saleor.check_options(options) == []
        assert Saleor.check_options(options | {"jwks_url": jwks_url}) == []

    def test_published_keys_need_a_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jws, "find_spec", lambda name: None)
        options = {"url": "https://a.example/graphql/", "channel": "eu", "language": "en"}
        ((message, hint),) = Saleor.check_options(options | {"jwks_url": "https://a.example/k"})
        assert "PyJWT" in message and 'pip install "anodyne-blocks[saleor]"' in hint

    def test_bad_ones(self) -> None:
        options = {"url": "a.example", "channel": "eu", "url_template": "https://a.example/{sku}"}
        messages = [message for message, _ in Saleor.check_options(options)]
        assert messages == [
            "Option 'language' is missing.",
            "url is no http(s) address.",
            "url_template has an unknown placeholder.",
        ]
