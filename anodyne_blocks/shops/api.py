"""What shops behind an HTTP API have in common: addresses by market, catalogues, notifications."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlsplit

from anodyne_blocks.shops.base import (
    Answer,
    Found,
    InvalidWebhook,
    Skipped,
    Unknown,
    WebhookHint,
    wrong_currency,
)
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.webhooks import signing_key, verify_standard_webhook

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

T = TypeVar("T")

MARKET_PLACEHOLDERS = ("market", "country", "language", "currency")

# Decimals of the currencies that have not two, by ISO 4217 (list one, 2026). Babel's own figures
# are those of everyday use, which differ.
_DECIMALS = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)


def decimals(currency: str) -> int:
    """How many decimals `currency` has by ISO 4217: 0 for JPY, 2 for EUR, 3 for KWD."""
    return _DECIMALS.get(currency, 2)


def of_market(option: Mapping[str, T] | T, market: Market, default: T) -> T:
    """An option that holds one value for all markets, or {market key: value}."""
    return option.get(market.key, default) if isinstance(option, Mapping) else option


def filled(template: str, market: Market, encode: bool = True, **values: str) -> str:
    """`template` with {market}, {country}, {language}, {currency} and `values` put in.

    Values are encoded for an address unless `encode` is False.
    """
    values |= {
        "market": market.key,
        "country": market.country,
        "language": market.language,
        "currency": market.currency,
    }
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", quote(value, safe="") if encode else value)
    return template


def check_address(
    options: Mapping[str, Any], name: str, *placeholders: str
) -> list[tuple[str, str]]:
    """What is wrong with the option `name`, an address with placeholders; as `check_options`."""
    template = str(options.get(name) or "")
    if not template:
        return []
    known = (*MARKET_PLACEHOLDERS, *placeholders)
    plain = template
    for placeholder in known:
        plain = plain.replace(f"{{{placeholder}}}", "x")
    if "{" in plain:
        names = ", ".join(f"{{{placeholder}}}" for placeholder in known)
        return [(f"{name} has an unknown placeholder.", f"Known are {names}.")]
    try:
        parts = urlsplit(plain)
        good = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        good = False
    if not good:
        return [(f"{name} is no http(s) address.", "Write it like https://shop.example.")]
    if "@" in parts.netloc:
        return [(f"{name} must not hold a user name or password.", "It would reach the log.")]
    return []


def check_secret(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with the option `webhook_secret` of Standard Webhooks; as `check_options`."""
    try:
        signing_key(str(options.get("webhook_secret") or ""))
    except InvalidWebhook as error:
        return [(str(error), 'Copy it again, with all that follows "whsec_".')]
    return []


def listed(answers: Iterable[Answer], market: Market) -> Iterator[ShopOffer | Skipped]:
    """Answers as a catalogue: every id once, and no offer in another currency than the market's."""
    seen: set[str] = set()
    for position, answer in enumerate(answers, start=1):
        key = answer.external_id
        if key and key in seen:
            continue
        seen.add(key)
        if isinstance(answer, Unknown):
            yield Skipped(key, answer.reason, position)
        elif isinstance(answer, Found):
            reason = wrong_currency(answer.offer.currency, market)
            yield Skipped(key, reason, position) if reason else answer.offer


def offers(answers: Iterable[Answer], market: Market) -> list[ShopOffer]:
    """The offers among `answers` that may be shown in `market`, in their order."""
    return [entry for entry in listed(answers, market) if isinstance(entry, ShopOffer)]


def notification(headers: Mapping[str, str], body: bytes, secret: str) -> WebhookHint:
    """The hint of a Standard Webhooks delivery with the body {"ids": […]}, or `InvalidWebhook`.

    It is for shops that send no webhooks of their own. No ids: anything may have changed.
    """
    delivery_id = verify_standard_webhook(headers, body, secret)
    try:
        ids = json.loads(body)["ids"]
        if not isinstance(ids, list):
            raise InvalidOffer("ids is no list")
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise InvalidWebhook('The body is not {"ids": […]}.') from error
    return WebhookHint(delivery_id, tuple(str(i) for i in ids), topic="products")
