"""A shop that answers from its options: for tests, previews and trying the package out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import api
from anodyne_blocks.shops.base import (
    Answer,
    Found,
    InvalidWebhook,
    Remember,
    Shop,
    ShopError,
    Skipped,
    Unknown,
    WebhookHint,
    nothing_known,
)
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.text import folded
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.webhooks import verify_standard_webhook

__all__ = ["Dummy"]

_AMOUNTS = ("price", "list_price", "shop_prior_price", "unit_price", "rating")


# As those of a back end: compared by identity, and never printed.
@dataclass(kw_only=True, eq=False, repr=False)
class Dummy(Shop):
    """`products`: {id: {field of `ShopOffer`: value}}, amounts as strings ("39.75").

    A value may be a dict of values by market key: {"price": {"nl": "39.75", "da": "299.00"}}. A
    product whose price has no entry for a market is not sold there. The currency is the market's.
    `choices`: {id: ids of its variants, which are products of their own here}.
    `failing`: {id: reason} answers `Unknown`; `error` makes every question fail with that reason.
    `webhook_secret` signs webhooks as `webhooks.verify_standard_webhook` describes, with the body
    {"ids": […]}.
    """

    complete_catalogue = True

    alias: str = field(kw_only=False)
    products: Mapping[str, Mapping[str, Any]] | None = None
    choices: Mapping[str, Sequence[str]] | None = None
    failing: Mapping[str, str] | None = None
    error: str = ""
    retry_after: float | None = None
    webhook_secret: str = ""

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        if self.error:
            raise ShopError(self.error, self.retry_after)
        failing = self.failing or {}
        return {
            i: Unknown(i, failing[i])
            if i in failing
            else self.read(i, partial(self._offer, i, market))
            for i in ids
        }

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        answers = self.fetch((self.choices or {}).get(external_id, ()), market)
        return [answer.offer for answer in answers.values() if isinstance(answer, Found)]

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        words = folded(text).split()
        offers = [entry for entry in self.catalogue(market) if isinstance(entry, ShopOffer)]
        found = [o for o in offers if words and all(w in folded(o.title) for w in words)]
        return found[:limit]

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        answers = self.fetch_batch(list(self.products or {}), market, {})
        yield from api.listed(answers.values(), market)

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        delivery_id = verify_standard_webhook(headers, body, self.webhook_secret)
        try:
            ids = tuple(str(i) for i in json.loads(body)["ids"])
        except (ValueError, LookupError, TypeError) as error:
            raise InvalidWebhook(f"The body is not {{'ids': […]}}: {error}") from error
        return WebhookHint(delivery_id, ids, topic="products", ping=not ids)

    def _offer(self, external_id: str, market: Market) -> ShopOffer | None:
        fields: dict[str, Any] = {}
        for name, value in (self.products or {}).get(external_id, {}).items():
            value = value.get(market.key) if isinstance(value, Mapping) else value
            if value is not None:
                fields[name] = _amount(name, value) if name in _AMOUNTS else value
        if "price" not in fields:
            return None
        fields.setdefault("currency", market.currency or "EUR")
        return ShopOffer(external_id=external_id, **fields)


def _amount(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        raise InvalidOffer(f"{name} {value!r} is no number") from None
