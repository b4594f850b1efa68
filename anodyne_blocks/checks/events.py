"""Checks of who is told of changes, how answers are tagged, and who may read prices."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from anodyne_blocks.checks.messages import Messages, error, not_a_dict, warning, where
from anodyne_blocks.models import ChangeEvent
from anodyne_blocks.shops import InvalidWebhook
from anodyne_blocks.shops.webhooks import signing_key

RECEIVER_KEYS = ("URL", "SECRET", "ALLOW_PRIVATE", "EVERY_SECONDS")
LEAST_SECRET = 24  # bytes, as the Standard Webhooks specification has it
MOST_SECONDS = 24 * 60 * 60
TAGS_KEYS = ("HEADERS", "PREFIX")
MIDDLEWARE = "anodyne_blocks.api.cache_tags.CacheTagsMiddleware"
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}")
_PREFIX = re.compile(r"[A-Za-z0-9._-]{0,40}")
_HOW = (
    'python -c "import base64, secrets;'
    " print('whsec_' + base64.b64encode(secrets.token_bytes(32)).decode())\""
)


def check_receivers(name: str, receivers: dict[Any, Any]) -> Messages:
    """Each receiver's name, address, secret and other options."""
    longest = ChangeEvent._meta.get_field("receiver").max_length or 0
    for key, options in receivers.items():
        if not isinstance(key, str) or not 0 < len(key) <= longest:
            yield error(
                60,
                f"{where(name)} has a receiver {key!r}.",
                f"Give it a name of 1 to {longest} letters.",
            )
        elif not isinstance(options, dict):
            yield from not_a_dict(options, name, key)
        else:
            yield from _receiver(options, name, key)


def _receiver(options: dict[Any, Any], *path: Any) -> Messages:
    if unknown := [key for key in options if key not in RECEIVER_KEYS]:
        yield warning(
            60,
            f"{where(*path)} has unknown keys: {', '.join(map(repr, unknown))}.",
            f"They have no effect. Known keys: {', '.join(RECEIVER_KEYS)}.",
        )
    yield from _address(options.get("URL"), bool(options.get("ALLOW_PRIVATE")), *path)
    yield from _secret(options.get("SECRET"), *path)
    seconds = options.get("EVERY_SECONDS", 0)
    if type(seconds) is not int or not 0 <= seconds <= MOST_SECONDS:
        yield error(
            63,
            f"{where(*path, 'EVERY_SECONDS')} is {seconds!r}.",
            f"Write a whole number of seconds from 0 to {MOST_SECONDS:,}.",
        )


def _address(url: Any, allows_private: bool, *path: Any) -> Messages:
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    is_local = _is_loopback(host)
    if not host or "@" in parts.netloc or parts.scheme not in ("http", "https"):
        yield error(
            61,
            f"{where(*path, 'URL')} is no address.",
            "Write where events are posted, such as “https://front.example/api/changed”.",
        )
    elif parts.scheme == "http" and not is_local:
        yield error(
            61,
            f"{where(*path, 'URL')} is not encrypted.",
            "Write an address that begins with https://; http:// is for this machine only.",
        )
    elif is_local and not allows_private:
        yield error(
            61,
            f"{where(*path, 'URL')} is on this machine, and no private address is asked.",
            "Write “ALLOW_PRIVATE”: True beside it.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(secret: Any, *path: Any) -> Messages:
    try:
        key = signing_key(secret) if isinstance(secret, str) else b""
    except InvalidWebhook:
        key = b""
    if len(key) < LEAST_SECRET:
        yield error(
            62,
            f"{where(*path, 'SECRET')} is no secret of {LEAST_SECRET} bytes or more.",
            f"Make one, and give it to the receiver too: {_HOW}",
        )


def check_cache_tags(name: str, value: dict[Any, Any]) -> Messages:
    """The names of headers and the beginning of tags, and that somebody sets them."""
    if unknown := [key for key in value if key not in TAGS_KEYS]:
        yield warning(
            61,
            f"{where(name)} has unknown keys: {', '.join(map(repr, unknown))}.",
            f"They have no effect. Known keys: {', '.join(TAGS_KEYS)}.",
        )
    headers, prefix = value.get("HEADERS", []), value.get("PREFIX", "")
    if not isinstance(headers, (list, tuple)) or not all(
        isinstance(header, str) and _HEADER.fullmatch(header) for header in headers
    ):
        yield error(
            64,
            f"{where(name, 'HEADERS')} is {headers!r}.",
            'Write a list of names, such as ["Surrogate-Key"] or ["Cache-Tag"].',
        )
    elif headers and MIDDLEWARE not in settings.MIDDLEWARE:
        yield warning(
            62,
            f"{where(name)} names headers, and nothing sets them.",
            f"Put “{MIDDLEWARE}” into MIDDLEWARE, as the first one.",
        )
    if not isinstance(prefix, str) or not _PREFIX.fullmatch(prefix):
        yield error(
            65,
            f"{where(name, 'PREFIX')} is {prefix!r}.",
            "Write up to 40 letters, digits, dots, hyphens and underscores.",
        )


def check_origins(name: str, value: Any) -> Messages:
    """That each is an origin as browsers send it, or "*"."""
    origins = value if isinstance(value, (list, tuple)) else [value]
    wrong = [one for one in origins if one != "*" and not _is_origin(one)]
    if wrong or origins is not value:
        yield error(
            66,
            f"{where(name)}: {', '.join(map(repr, wrong or origins))} cannot be used.",
            'Write a list of origins without a path, such as ["https://front.example"], or ["*"].',
        )


def _is_origin(value: Any) -> bool:
    try:
        parts = urlsplit(value)
        is_whole = bool(parts.hostname) and (parts.port or 1) > 0
    except (AttributeError, TypeError, ValueError):
        return False
    return is_whole and value == f"{parts.scheme}://{parts.netloc}" == value.lower()
