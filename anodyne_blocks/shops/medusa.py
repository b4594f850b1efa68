"""Medusa 2, by its Store API: prices of the region that sells in a market."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import api
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Gone,
    Remember,
    Shop,
    ShopError,
    Skipped,
    WebhookHint,
    nothing_known,
)
from anodyne_blocks.shops.http import HttpClient, HttpError
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Known

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

PAGE = 100
# A variant's rank comes only with all of its fields.
_FIELDS = (
    "id,title,handle,description,thumbnail,images.url,*variants,*variants.calculated_price,"
    "+variants.inventory_quantity"
)

Product = dict[str, Any]


class Medusa(Shop):
    """A Medusa 2 shop. A product's id is Medusa's own ("prod_…").

    `url` is the server's address, `publishable_key` a key of the sales channel ("pk_…"): what that
    channel does not sell is gone. `url_template` is the address of a product's page: {handle} and
    {id} stand for the product, `{market}`, `{country}`, `{language}` and `{currency}` for the
    market's. `regions` maps a market's key to a region's id; for other markets it is the region
    that has the market's country and currency. `locale` is sent to a shop with translations, for
    example "{language}-{country}".

    `tax_included`: whether the card shows prices with tax even if the shop keeps them without; one
    value, or {market key: value}. None shows them as the shop keeps them. Tax is known for markets
    with a country only.

    A product's price is that of its first variant, so that a size that sells out looks like no
    reduction. `webhook_secret` signs notifications, see `anodyne_blocks.shops.api.notification`.
    """

    batch_size = 50

    def __init__(
        self,
        alias: str,
        *,
        url: str,
        publishable_key: str,
        url_template: str,
        regions: Mapping[str, str] | None = None,
        locale: str = "",
        tax_included: bool | Mapping[str, bool] | None = None,
        webhook_secret: str = "",
        allow_private: bool = False,
    ) -> None:
        super().__init__(alias)
        self.url = url.rstrip("/") + "/store/"
        self.url_template = url_template
        self.locale = locale
        self.tax_included = tax_included
        self.webhook_secret = webhook_secret
        self.client = HttpClient(
            headers={"x-publishable-api-key": publishable_key}, allow_private=allow_private
        )
        self._regions = dict(regions or {})
        self._known_regions: list[dict[str, Any]] = []

    def close(self) -> None:
        self.client.close()

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options) + api.check_address(options, "url")
        problems += api.check_address(options, "url_template", "handle", "id")
        problems += api.check_secret(options)
        if not str(options.get("publishable_key", "pk_")).startswith("pk_"):
            hint = "Medusa's admin shows it under Settings, Publishable API Keys."
            problems.append(("publishable_key does not begin with 'pk_'.", hint))
        return problems

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        found = self._products(market, {"id[]": list(ids), "limit": len(ids)})
        read = {product["id"]: self._read(product, market) for product in found}
        return {i: Gone(i) for i in ids} | read

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        found = self._products(market, {"q": text, "limit": limit})
        return api.offers((self._read(product, market) for product in found), market)

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        return api.listed((self._read(p, market) for p in self._pages(market)), market)

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        return api.notification(headers, body, self.webhook_secret)

    def _pages(self, market: Market) -> Iterator[Product]:
        offset = 0
        while True:
            # Ids begin with the moment of creation, so what is new comes last.
            page = self._products(market, {"limit": PAGE, "offset": offset, "order": "id"})
            yield from page
            if len(page) < PAGE:
                return
            offset += PAGE

    def _products(self, market: Market, params: Mapping[str, Any]) -> list[Product]:
        asked = {"fields": _FIELDS, "region_id": self._region(market), **params}
        if market.country:
            asked["country_code"] = market.country.lower()
        return self._ask("products", market, asked)

    def _region(self, market: Market) -> str:
        if known := self._regions.get(market.key):
            return known
        if not self._known_regions:
            params = {"fields": "id,currency_code,*countries", "limit": 1000}
            self._known_regions = self._ask("regions", market, params)
        for region in self._known_regions:
            codes = [country["iso_2"].upper() for country in region.get("countries") or []]
            if market.country and market.country not in codes:
                continue
            if market.currency and market.currency != region["currency_code"].upper():
                continue
            self._regions[market.key] = region["id"]
            return region["id"]
        raise ShopError(
            f"The shop has no region with {market.country or 'any country'} and"
            f" {market.currency or 'any currency'} for market {market.key!r}."
        )

    def _ask(self, what: str, market: Market, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        url = api.filled(self.url, market) + what
        locale = api.filled(self.locale, market, encode=False)
        try:
            answer = self.client.get_json(
                url, params, {"x-medusa-locale": locale} if locale else None
            )
        except HttpError as error:
            if refusal := _refusal(error):
                raise ShopError(refusal, error.retry_after) from None
            raise
        try:
            entries = answer[what]
            if all(isinstance(entry["id"], str) for entry in entries):
                return entries
        except DATA_ERRORS:
            pass
        raise ShopError(f"The shop's answer is no list of {what}.")

    def _read(self, product: Product, market: Market) -> Answer:
        return self.read(product["id"], lambda: self._offer(product, market))

    def _offer(self, product: Product, market: Market) -> ShopOffer:
        variants = sorted(product["variants"], key=lambda v: (v["variant_rank"] or 0, v["id"]))
        priced = [variant for variant in variants if variant.get("calculated_price")]
        if not priced:
            raise InvalidOffer("no variant has a price in this region")
        price = priced[0]["calculated_price"]
        wish = api.of_market(self.tax_included, market, None)
        amount, tax_included = _amount(price, "calculated", wish)
        list_price = None
        if price["calculated_price"]["price_list_type"] == "sale":
            original, same = _amount(price, "original", wish)
            list_price = original if same == tax_included else None
        at_price = [
            v for v in priced if _amount(v["calculated_price"], "calculated", wish)[0] == amount
        ]
        images = product.get("images") or [{}]
        values = {"handle": product["handle"], "id": product["id"]}
        return ShopOffer(
            external_id=product["id"],
            title=product["title"],
            description=product["description"] or "",
            url=api.filled(self.url_template, market, **values),
            price=amount,
            list_price=list_price,
            currency=price["currency_code"].upper(),
            tax_included=tax_included,
            availability=_availability(at_price),
            image_url=product["thumbnail"] or images[0].get("url") or "",
        )


def _amount(price: Mapping[str, Any], which: str, with_tax: bool | None) -> tuple[Decimal, bool]:
    """(amount, whether tax is in it) of the "calculated" or the "original" price."""
    included = bool(price[f"is_{which}_price_tax_inclusive"])
    if with_tax is not None and with_tax != included:
        suffix = "with_tax" if with_tax else "without_tax"
        number = price.get(f"{which}_amount_{suffix}")
        if number is None:
            raise InvalidOffer("the shop does not say the tax in this market's country")
        # Computed by the shop in floating point, so it comes with too many digits.
        step = Decimal(1).scaleb(-api.decimals(price["currency_code"].upper()))
        return Decimal(number).quantize(step, ROUND_HALF_UP), with_tax
    # The number beside it has gone through floating point.
    return Decimal(price[f"raw_{which}_amount"]["value"]), included


def _availability(variants: list[dict[str, Any]]) -> Stock:
    """The best of the variants that have one price."""
    if any(not v["manage_inventory"] or (v.get("inventory_quantity") or 0) > 0 for v in variants):
        return Stock.IN_STOCK
    if any(variant["allow_backorder"] for variant in variants):
        return Stock.BACKORDER
    return Stock.OUT_OF_STOCK


def _refusal(error: HttpError) -> str:
    """What to correct, for the two refusals that Medusa gives a status of their own to."""
    try:
        answer = json.loads(error.body)
        kind, message = answer["type"], answer["message"]
    except DATA_ERRORS:
        return ""
    if error.status == 400 and kind == "not_allowed":
        return "The shop refuses the publishable_key."
    if error.status == 400 and kind == "invalid_data" and "region" in str(message).lower():
        return "The shop does not know the market's region: look at the option regions."
    return ""
