"""Detached JSON Web Signatures (RFC 7515, RFC 7797), checked with a shop's published keys."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.core.cache import cache

from anodyne_blocks.shops import api
from anodyne_blocks.shops.base import DATA_ERRORS, InvalidWebhook, ShopError
from anodyne_blocks.shops.http import HttpClient

# Seconds for which published keys are kept, and before an unknown key lets us ask for them again.
KEEP_KEYS = 3600
ASK_AGAIN = 60
# Seconds for the keys to come: a webhook's sender waits meanwhile.
PATIENCE = 4.0
ALGORITHM = "RS256"


def check_jws_options(options: Mapping[str, Any], name: str, extra: str) -> list[tuple[str, str]]:
    """What is wrong with the option `name`, the address of the keys; as `check_options`."""
    problems = api.check_address(options, name)
    if options.get(name) and not (find_spec("jwt") and find_spec("cryptography")):
        hint = f'Install them: pip install "anodyne-blocks[{extra}]".'
        problems.append((f"Option {name!r} needs the packages PyJWT and cryptography.", hint))
    return problems


def verify_detached_jws(
    signature: str, body: bytes, keys_url: str, allow_private: bool = False
) -> None:
    """`InvalidWebhook` unless `signature` ("header..signature") is of this raw `body`, by RS256.

    The key is the one that the header names, of those published at `keys_url`. They are kept in
    Django's cache; a flood of forged webhooks fetches them once a minute.
    """
    try:
        import jwt
    except ImportError as error:
        raise InvalidWebhook("PyJWT is not installed, which signatures need.") from error
    try:
        head = jwt.get_unverified_header(signature)
        if not head.get("kid"):
            raise InvalidWebhook("The signature names no key.")
        key = jwt.PyJWK(_published_key(keys_url, head["kid"], allow_private), ALGORITHM)
        jwt.PyJWS([ALGORITHM]).decode(signature, key, [ALGORITHM], detached_payload=body)
    except (jwt.PyJWTError, *DATA_ERRORS) as error:
        raise InvalidWebhook("The signature does not fit the body.") from error


def _published_key(keys_url: str, key_id: str, allow_private: bool) -> dict[str, Any]:
    name = f"anodyne_blocks.jwks.{hashlib.sha256(keys_url.encode()).hexdigest()}"
    keys = cache.get(name, {})
    if key_id not in keys and cache.add(f"{name}.asked", True, ASK_AGAIN):
        try:
            with HttpClient(allow_private=allow_private, total=PATIENCE, retries=0) as client:
                published = client.get_json(keys_url)
            # A shop may publish other keys, too, which no signature names.
            keys = {key["kid"]: key for key in published["keys"] if "kid" in key}
        except (ShopError, *DATA_ERRORS) as error:
            raise InvalidWebhook("The shop's keys cannot be fetched.") from error
        cache.set(name, keys, KEEP_KEYS)
    if key_id not in keys:
        raise InvalidWebhook("The signature is by a key that the shop does not publish.")
    return keys[key_id]
