"""Medusa 2, by its Store API: prices of the region that sells in a market."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from anodyne_blocks.shops import api, reading
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Gone,
    Remember,
    ShopError,
    Unknown,
    WebhookHint,
)
from anodyne_blocks.shops.http import HttpClient, HttpError
from anodyne_blocks.shops.languages import is_language_of
from anodyne_blocks.shops.medusa.offer import number, rank, read_offer, read_variant
from anodyne_blocks.shops.offer import NoPrice, ShopOffer
from anodyne_blocks.shops.reading import LeftOut
from anodyne_blocks.shops.variants import Known, Variant

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

__all__ = ["Medusa"]

PAGE = 100
_FIELDS = (
    "id,title,handle,description,thumbnail,images.url,*variants,*variants.calculated_price,"
    "+variants.inventory_quantity"
)

Product = dict[str, Any]


class Medusa(api.ApiShop):
    """A Medusa 2 shop. A product's id is Medusa's own, a variant's is both: "prod_…:variant_…".

    `url` is the server's address, `publishable_key` a key of the sales channel ("pk_…"): what that
    channel does not sell is gone. `url_template` is the address of a product's page: {handle} and
    {id} stand for the product, `{market}`, `{country}`, `{language}` and `{currency}` for the
    market's. `regions` maps a market's key to a region's id; for other markets it is the region
    that has the market's country and currency. `language` is that of the products' own texts
    ("en"), which Medusa does not tell: markets in another language have prices and no texts, unless
    the shop has translations. To such a shop `locale` is sent, for example "{language}-{country}".

    `tax_included`: whether the card shows prices with tax; one value, or {market key: value}. None
    shows them with tax where the shop tells it, which it does for markets with a country only.

    A product's price is that of the variant that was priced before, see `variants.choose`.
    `webhook_secret` signs notifications, see `anodyne_blocks.shops.api.notification`.
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
        language: str = "",
        locale: str = "",
        tax_included: bool | Mapping[str, bool] | None = None,
        webhook_secret: str = "",
        allow_private: bool = False,
    ) -> None:
        super().__init__(alias)
        self.url = url.rstrip("/") + "/store/"
        self.url_template = url_template
        self.language = language
        self.locale = locale
        self._locales: set[str] | None = None
        self.tax_included = tax_included
        self.webhook_secret = webhook_secret
        self.client = HttpClient(
            headers={"x-publishable-api-key": publishable_key}, allow_private=allow_private
        )
        self._regions = dict(regions or {})
        self._known_regions: list[dict[str, Any]] = []

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options) + api.check_address(options, "url")
        problems += api.check_address(options, "url_template", "handle", "id")
        problems += api.check_secret(options)
        if not options.get("language") and not options.get("locale"):
            hint = "language is that of the products' own texts, such as 'en'."
            problems.append(("Option 'language' or 'locale' is missing.", hint))
        if not str(options.get("publishable_key", "pk_")).startswith("pk_"):
            hint = "Medusa's admin shows it under Settings, Publishable API Keys."
            problems.append(("publishable_key does not begin with 'pk_'.", hint))
        return problems

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        products = {i: _product_id(i) for i in ids}
        wanted = list(dict.fromkeys(products.values()))
        found, broken = self._products(market, {"id[]": wanted, "limit": len(wanted)})
        if not (found or broken):
            self._check_sold(market)
        speaks = self._speaks(market)
        if broken or found.keys() - set(wanted):
            reason = "The shop's answer holds another product than was asked for."
            missing: dict[str, Answer] = {i: Unknown(i, reason) for i in ids}
        else:
            missing = {i: Gone(i) for i in ids}
        return missing | {
            i: self._read(found[own], market, speaks, i, known.get(i))
            for i, own in products.items()
            if own in found
        }

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        asked: dict[str, Any] = {"q": text}
        if at := api.values_at(self.url_template, text):
            asked = {"handle": at["handle"]} if "handle" in at else {"id[]": [at["id"]]}
        found, _ = self._products(market, asked | {"limit": limit})
        speaks = self._speaks(market)
        return api.offers((self._read(p, market, speaks, i) for i, p in found.items()), market)

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        own = _product_id(external_id)
        found, _ = self._products(market, {"id[]": [own], "limit": 1})
        try:
            variants = self._variants(found[own], market, "", LeftOut()) if own in found else []
        except DATA_ERRORS as error:
            raise ShopError("The shop's answer about the variants cannot be read.") from error
        # In the shop's own order, which an answer does not keep.
        variants.sort(key=lambda variant: rank(variant.data))
        ids = [reading.variant_id(own, variant.number) for variant in variants]
        speaks = self._speaks(market)
        answers = [self._read(found[own], market, speaks, i) for i in ids]
        return api.offers(answers, market) if len(variants) > 1 else []

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        return api.notification(headers, body, self.webhook_secret)

    def list_products(self, market: Market, known: Remember) -> Iterator[Answer]:
        offset = 0
        while True:
            # Ids begin with the moment of creation, so what is new comes last.
            asked = {"limit": PAGE, "offset": offset, "order": "id"}
            found, broken = self._products(market, asked)
            if not (offset or found or broken):
                raise ShopError(_nothing_sold(market))
            speaks, remembered = self._speaks(market), known(list(found))
            for i, product in found.items():
                yield self._read(product, market, speaks, i, remembered.get(i))
            yield from [Unknown("", api.NAMELESS)] * broken
            if len(found) + broken < PAGE:
                return
            offset += PAGE

    def _products(
        self, market: Market, params: Mapping[str, Any]
    ) -> tuple[dict[str, Product], int]:
        asked = {"fields": _FIELDS, "region_id": self._region(market), **params}
        if market.country:
            asked["country_code"] = market.country.lower()
        return self._ask("products", market, asked)

    def _check_sold(self, market: Market) -> None:
        """`ShopError` when the channel sells nothing at all: then no product is gone."""
        found, broken = self._ask("products", market, {"fields": "id", "limit": 1})
        if not (found or broken):
            raise ShopError(_nothing_sold(market))

    def _region(self, market: Market) -> str:
        if known := self._regions.get(market.key):
            return known
        if not self._known_regions:
            params = {"fields": "id,currency_code,*countries", "limit": 1000}
            found, _ = self._ask("regions", market, params)
            self._known_regions = list(found.values())
        elsewhere = ""
        try:
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
        except DATA_ERRORS as error:
            raise ShopError("The shop's answer is no list of regions.") from error
        if elsewhere:
            raise api.OtherCurrency(elsewhere, market)
        raise ShopError(
            f"The shop has no region with {market.country or 'any country'} and"
            f" {market.currency or 'any currency'} for market {market.key!r}."
        )

    def _speaks(self, market: Market) -> bool:
        """Whether the shop has texts in the market's language."""
        if self.language and is_language_of(self.language, market):
            return True
        locale = api.filled(self.locale, market, encode=False).lower()
        if not locale:
            return False
        if self._locales is None:
            try:
                found = self.client.get_json(f"{api.filled(self.url, market)}locales")["locales"]
                self._locales = {entry["code"].lower() for entry in found}
            except HttpError as error:
                if error.status != 404:
                    raise
                # A shop without translations.
                self._locales = set()
            except DATA_ERRORS as error:
                raise ShopError("The shop's answer is no list of locales.") from error
        return locale in self._locales

    def _ask(
        self, what: str, market: Market, params: Mapping[str, Any]
    ) -> tuple[dict[str, dict[str, Any]], int]:
        """Products or regions by their ids, and how many have none that can be read."""
        url = api.filled(self.url, market) + what
        locale = api.filled(self.locale, market, encode=False)
        try:
            answer = self.client.get_json(
                url, params, {"x-medusa-locale": locale} if locale else None
            )
        except HttpError as error:
            if refusal := _refusal(error, market):
                raise ShopError(refusal, error.retry_after) from None
            raise
        try:
            return reading.identified(answer[what])
        except DATA_ERRORS as error:
            raise ShopError(f"The shop's answer is no list of {what}.") from error

    def _read(
        self,
        product: Product,
        market: Market,
        speaks: bool,
        external_id: str,
        known: Known | None = None,
    ) -> Answer:
        return self.read(
            external_id, lambda: self._offer(product, market, speaks, external_id, known)
        )

    def _variants(self, product: Product, market: Market, kept: str, out: LeftOut) -> list[Variant]:
        wish = api.of_market(self.tax_included, market, None)

        def read(node: Product, own: str) -> Variant | None:
            return read_variant(node, own, wish)

        nodes = reading.entries(product["variants"])
        found = reading.sold_variants(nodes, number, read, kept, out)
        if nodes and not found:
            raise NoPrice("no variant has a price in this region")
        return found

    def _offer(
        self,
        product: Product,
        market: Market,
        speaks: bool,
        external_id: str,
        known: Known | None,
    ) -> ShopOffer | None:
        out = LeftOut()
        own = external_id.partition(":")[2]
        variant, is_from = reading.priced(
            own, known, lambda kept: self._variants(product, market, kept, out)
        )
        if variant is None:
            return None
        handle, key = reading.text_of(product["handle"]), product["id"]
        return read_offer(
            external_id,
            product,
            variant,
            is_from=is_from,
            only=bool(own),
            speaks=speaks,
            url=api.filled(self.url_template, market, handle=handle, id=key),
            with_tax=api.of_market(self.tax_included, market, None),
            out=out,
        )


def _product_id(external_id: str) -> str:
    """The product's id in its own, or in one of its variants'."""
    product, _, variant = external_id.partition(":")
    return product if variant else external_id


def _nothing_sold(market: Market) -> str:
    return (
        f"The publishable_key's sales channel sells nothing for market {market.key!r}:"
        " look at the channel in Medusa."
    )


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
