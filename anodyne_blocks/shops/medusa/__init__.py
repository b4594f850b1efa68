"""Medusa 2, by its Store API: prices of the region that sells in a market."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import api, reading
from anodyne_blocks.shops.back_end import PAGE, Priced, Product, VariantShop
from anodyne_blocks.shops.base import DATA_ERRORS, ShopError
from anodyne_blocks.shops.http import HttpClient, HttpError
from anodyne_blocks.shops.languages import is_language_of
from anodyne_blocks.shops.medusa.offer import rank, read_offer, read_variant
from anodyne_blocks.shops.offer import NoPrice, ShopOffer
from anodyne_blocks.shops.reading import LeftOut
from anodyne_blocks.shops.variants import Variant

__all__ = ["Medusa"]

_FIELDS = (
    "id,title,handle,description,thumbnail,images.url,*variants,*variants.calculated_price,"
    "+variants.inventory_quantity"
)


@dataclass(kw_only=True, eq=False, repr=False)
class Medusa(VariantShop):
    """A Medusa 2 shop. A product's id is Medusa's own, a variant's is both: "prod_…:variant_…".

    `url` is the server's address, `publishable_key` a key of the sales channel ("pk_…"): what that
    channel does not sell is gone. `regions` maps a market's key to a region's id; for other markets
    it is the region that has the market's country and currency. `language` is that of the products'
    own texts ("en"), which Medusa does not tell: markets in another language have prices and no
    texts, unless the shop has translations. To such a shop `locale` is sent, for example
    "{language}-{country}".

    `tax_included`: whether the card shows prices with tax. None shows them with tax where the shop
    tells it, which it does for markets with a country only.
    """

    batch_size = 50

    publishable_key: str
    regions: Mapping[str, str] | None = None
    language: str = ""
    locale: str = ""
    tax_included: bool | Mapping[str, bool] | None = None

    placeholders = ("handle", "id")
    nothing_sold = (
        "The publishable_key's sales channel sells nothing for market {market!r}:"
        " look at the channel in Medusa."
    )

    def __post_init__(self) -> None:
        self.url = self.url.rstrip("/") + "/store/"
        self.client = HttpClient(
            headers={"x-publishable-api-key": self.publishable_key},
            allow_private=self.allow_private,
        )
        self._regions = dict(self.regions or {})
        self._known_regions: list[dict[str, Any]] = []
        self._locales: set[str] | None = None

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options)
        if not options.get("language") and not options.get("locale"):
            hint = "language is that of the products' own texts, such as 'en'."
            problems.append(("Option 'language' or 'locale' is missing.", hint))
        if not str(options.get("publishable_key", "pk_")).startswith("pk_"):
            hint = "Medusa's admin shows it under Settings, Publishable API Keys."
            problems.append(("publishable_key does not begin with 'pk_'.", hint))
        return problems

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        asked: dict[str, Any] = {"q": text}
        if at := api.values_at(self.url_template, text):
            asked = {"handle": at["handle"]} if "handle" in at else {"id[]": [at["id"]]}
        found, _ = self._products(market, asked | {"limit": limit})
        return api.offers((self.answer(p, market, i) for i, p in found.items()), market)

    def by_id(self, ids: list[str], market: Market) -> tuple[dict[str, Product], int]:
        return self._products(market, {"id[]": ids, "limit": len(ids)})

    def page(self, skip: int, market: Market) -> tuple[dict[str, Product], int]:
        # Ids begin with the moment of creation, so what is new comes last.
        return self._products(market, {"limit": PAGE, "offset": skip, "order": "id"})

    def sells(self, market: Market) -> bool:
        return any(self._ask("products", market, {"fields": "id", "limit": 1}))

    def read_variant(self, node: Product, number: str, market: Market) -> Variant | None:
        return read_variant(node, number, api.of_market(self.tax_included, market, None))

    def sold_variants(
        self, product: Product, market: Market, kept: str, out: LeftOut
    ) -> list[Variant]:
        found = super().sold_variants(product, market, kept, out)
        if product["variants"] and not found:
            raise NoPrice("no variant has a price in this region")
        # In the shop's own order, which an answer does not keep.
        return sorted(found, key=lambda variant: rank(variant.data))

    def offer(self, priced: Priced, market: Market) -> ShopOffer:
        with_tax = api.of_market(self.tax_included, market, None)
        return read_offer(priced, speaks=self._speaks(market), with_tax=with_tax)

    def _products(
        self, market: Market, params: Mapping[str, Any]
    ) -> tuple[dict[str, Product], int]:
        asked = {"fields": _FIELDS, "region_id": self._region(market), **params}
        if market.country:
            asked["country_code"] = market.country.lower()
        found = self._ask("products", market, asked)
        self._learn_locales(market)
        return found

    def _region(self, market: Market) -> str:
        if known := self._regions.get(market.key):
            return known
        if not self._known_regions:
            params = {"fields": "id,currency_code,*countries", "limit": 1000}
            found, _ = self._ask("regions", market, params)
            self._known_regions = list(found.values())
        elsewhere = ""
        with api.readable("The shop's answer is no list of regions."):
            for region in self._known_regions:
                countries = reading.entries(region.get("countries") or [])
                codes = [country["iso_2"].upper() for country in countries]
                currency = region["currency_code"].upper()
                if market.country and market.country not in codes:
                    continue
                if market.currency and market.currency != currency:
                    elsewhere = elsewhere or (currency if market.country else "")
                    continue
                self._regions[market.key] = region["id"]
                return region["id"]
        if elsewhere:
            raise api.OtherCurrency(elsewhere, market)
        raise ShopError(
            f"The shop has no region with {market.country or 'any country'} and"
            f" {market.currency or 'any currency'} for market {market.key!r}."
        )

    def _speaks(self, market: Market) -> bool:
        """Whether the shop has texts in the market's language."""
        return self._has_own_texts(market) or self._locale(market).lower() in (self._locales or ())

    def _has_own_texts(self, market: Market) -> bool:
        return bool(self.language) and is_language_of(self.language, market)

    def _locale(self, market: Market) -> str:
        return api.filled(self.locale, market, encode=False)

    def _learn_locales(self, market: Market) -> None:
        """Ask for the shop's translations, once, where its own texts do not serve."""
        if self._locales is not None or not self.locale or self._has_own_texts(market):
            return
        with api.readable("The shop's answer is no list of locales."):
            try:
                found = self.client.get_json(f"{api.filled(self.url, market)}locales")["locales"]
            except HttpError as error:
                if error.status != 404:
                    raise
                # A shop without translations.
                found = []
            self._locales = {entry["code"].lower() for entry in found}

    def _ask(
        self, what: str, market: Market, params: Mapping[str, Any]
    ) -> tuple[dict[str, dict[str, Any]], int]:
        """Products or regions by their ids, and how many have none that can be read."""
        url = api.filled(self.url, market) + what
        locale = self._locale(market)
        try:
            answer = self.client.get_json(
                url, params, {"x-medusa-locale": locale} if locale else None
            )
        except HttpError as error:
            if refusal := _refusal(error, market):
                raise ShopError(refusal, error.retry_after) from None
            raise
        with api.readable(f"The shop's answer is no list of {what}."):
            return reading.identified(answer[what])


def _refusal(error: HttpError, market: Market) -> str:
    """What to correct, for the refusals that Medusa gives a status of their own to."""
    try:
        answer = json.loads(error.body)
        kind, message = answer["type"], str(answer["message"]).lower()
    except DATA_ERRORS:
        return ""
    if error.status == 400 and kind == "not_allowed":
        return "The shop refuses the publishable_key."
    if error.status == 400 and kind == "invalid_data" and "sales channel" in message:
        return "The publishable_key must have one sales channel, or the shop tells no stock."
    if error.status == 400 and kind == "invalid_data" and "region" in message:
        return f"The shop does not know the region of market {market.key!r}: see option regions."
    return ""
