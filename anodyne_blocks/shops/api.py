"""What shops behind an HTTP API have in common: addresses by market, catalogues, notifications."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Gone,
    InvalidWebhook,
    Remember,
    Shop,
    ShopError,
    Skipped,
    Unknown,
    WebhookHint,
    nothing_known,
    wrong_currency,
)
from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.webhooks import signing_key, verify_standard_webhook

__all__ = [
    "ApiShop",
    "OtherCurrency",
    "check_address",
    "filled",
    "listed",
    "notification",
    "of_market",
    "offers",
    "values_at",
]

T = TypeVar("T")


class OtherCurrency(ShopError):
    """The shop says that it sells in `currency`, and not in the market's."""

    gap = Gap.CURRENCY

    def __init__(self, currency: str, market: Market) -> None:
        super().__init__(wrong_currency(currency, market))


class ApiShop(Shop):
    """A shop that is asked by its `client`, and lists its catalogue by `list_products`."""

    client: HttpClient

    def close(self) -> None:
        self.client.close()

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        return listed(self.list_products(market, known), market)

    def list_products(self, market: Market, known: Remember) -> Iterator[Answer]:
        """What the shop says of each product that it sells, page by page."""
        raise NotImplementedError


@contextmanager
def readable(
    reason: str, error: type[ShopError] | type[InvalidWebhook] = ShopError
) -> Iterator[None]:
    """For reading an answer: where it has another shape than documented, `error` with `reason`."""
    try:
        yield
    except DATA_ERRORS as problem:
        raise error(reason) from problem


NAMELESS = "The shop's answer holds a product without an id."
MARKET_PLACEHOLDERS = ("market", "country", "language", "currency")


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
    if problems := check_placeholders(options, name, *placeholders):
        return problems
    try:
        parts = urlsplit(re.sub(r"\{\w+\}", "x", template))
        good = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        good = False
    if not good:
        return [(f"{name} is no http(s) address.", "Write it like https://shop.example.")]
    if "@" in parts.netloc:
        return [(f"{name} must not hold a user name or password.", "It would reach the log.")]
    return []


def check_placeholders(
    options: Mapping[str, Any], name: str, *placeholders: str
) -> list[tuple[str, str]]:
    """Whether the option `name` holds other placeholders than the market's and these."""
    known = [f"{{{placeholder}}}" for placeholder in (*MARKET_PLACEHOLDERS, *placeholders)]
    rest = str(options.get(name) or "")
    for placeholder in known:
        rest = rest.replace(placeholder, "")
    if "{" not in rest:
        return []
    return [(f"{name} has an unknown placeholder.", f"Known are {', '.join(known)}.")]


def values_at(template: str, address: str) -> dict[str, str]:
    """What the placeholders of `template` are at an address, whatever its query; {} if it is none.

    The market's placeholders stand for anything.
    """
    seen: set[str] = set()
    pattern = ""
    for part in re.split(r"(\{\w+\})", template.rstrip("/")):
        name = part[1:-1]
        if not part.startswith("{"):
            pattern += re.escape(part)
        elif name in MARKET_PLACEHOLDERS or name in seen:
            pattern += "[^/?#&]+"
        else:
            seen.add(name)
            pattern += f"(?P<{name}>[^/?#&]+)"
    found = re.fullmatch(f"{pattern}/?(?:[?#&].*)?", address.strip()) if seen else None
    return {name: unquote(value) for name, value in found.groupdict().items()} if found else {}


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
        # What has no id that can be read is nobody's double.
        if key and key in seen:
            continue
        seen.add(key)
        if found := entry(answer, market, position):
            yield found


def entry(answer: Answer, market: Market, position: int) -> ShopOffer | Skipped | None:
    """An answer as the entry of a catalogue at a place from 1; None for what is gone."""
    if isinstance(answer, Gone):
        return None
    if isinstance(answer, Unknown):
        return Skipped(answer.external_id, answer.reason, position, answer.gap)
    reason = wrong_currency(answer.offer.currency, market)
    return Skipped(answer.external_id, reason, position, Gap.CURRENCY) if reason else answer.offer


def offers(answers: Iterable[Answer], market: Market) -> list[ShopOffer]:
    """The offers among `answers` that may be shown in `market`, in their order."""
    return [entry for entry in listed(answers, market) if isinstance(entry, ShopOffer)]


def notification(headers: Mapping[str, str], body: bytes, secret: str) -> WebhookHint:
    """The hint of a Standard Webhooks delivery with the body {"ids": […]}, or `InvalidWebhook`.

    It is for shops that send no webhooks of their own. No ids: anything may have changed.
    """
    delivery_id = verify_standard_webhook(headers, body, secret)
    with readable('The body is not {"ids": […]}.', InvalidWebhook):
        ids = json.loads(body)["ids"]
        if not isinstance(ids, list):
            raise InvalidOffer("ids is no list")
    return WebhookHint(delivery_id, tuple(str(i) for i in ids), topic="products")
