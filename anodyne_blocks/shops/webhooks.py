"""Signatures of webhooks, always computed over the raw body and compared in constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Mapping

from anodyne_blocks.shops.base import InvalidWebhook

# Seconds that a delivery may be old, or its sender's clock be ahead.
MAX_AGE = 300
_ENCODED = "whsec_"


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of header `name` in any case; empty when it was not sent."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")


def hmac_sha256(secret: str | bytes, message: bytes) -> bytes:
    """The HMAC-SHA256 digest; `InvalidWebhook` without a secret, for then anybody could sign."""
    if not secret:
        raise InvalidWebhook("The shop's options hold no webhook secret.")
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(key, message, hashlib.sha256).digest()


def require_signature(expected: str, *given: str) -> None:
    """`InvalidWebhook` unless one of the `given` signatures is the `expected` one."""
    # compare_digest takes only ASCII as str, and a header may hold anything.
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise InvalidWebhook("The signature does not fit the body.")


def verify_standard_webhook(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """The delivery's id, when its signature is that of the Standard Webhooks specification.

    Headers webhook-id, webhook-timestamp (Unix seconds, at most `MAX_AGE` from now) and
    webhook-signature: "v1," and the base64 HMAC-SHA256 of "id.timestamp.body", several separated
    by spaces. `secret` is used as it is, or base64-decoded when it begins with "whsec_".
    """
    delivery_id = header(headers, "webhook-id")
    sent_at = header(headers, "webhook-timestamp")
    if not delivery_id or not re.fullmatch("[0-9]{1,12}", sent_at):
        raise InvalidWebhook("webhook-id or webhook-timestamp is missing.")
    expected = sign_standard_webhook(delivery_id, sent_at, body, secret)
    require_signature(expected, *header(headers, "webhook-signature").split())
    if abs(time.time() - int(sent_at)) > MAX_AGE:
        raise InvalidWebhook("The delivery is too old, or from the future.")
    return delivery_id


def sign_standard_webhook(delivery_id: str, sent_at: str, body: bytes, secret: str) -> str:
    """The webhook-signature of a delivery; `InvalidWebhook` without a secret."""
    digest = hmac_sha256(signing_key(secret), f"{delivery_id}.{sent_at}.".encode() + body)
    return "v1," + base64.b64encode(digest).decode()


def signing_key(secret: str) -> bytes:
    """The key that a Standard Webhooks secret stands for; `InvalidWebhook` for half a secret."""
    if not secret.startswith(_ENCODED):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_ENCODED), validate=True)
    except ValueError:
        raise InvalidWebhook("The shop's webhook secret is no base64.") from None
