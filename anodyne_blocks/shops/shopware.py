"""Shopware 6, by its Store API; its regulation prices are the law's prior prices."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import api
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Gone,
    InvalidWebhook,
    Remember,
    Shop,
    ShopError,
    Skipped,
    WebhookHint,
    nothing_known,
)
from anodyne_blocks.shops.http import HttpClient, Reply
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.webhooks import MAX_AGE, header, hmac_sha256, require_signature

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

# The API refuses longer pages, unless a shop has set another limit.
PAGE = 100
MAX_MEASURE = 20
# What is asked for besides the product itself, and what of it all is sent.
_SHAPE = {
    "associations": {
        "cover": {"associations": {"media": {}}},
        "options": {},
        "unit": {},
    },
    "includes": {
        "product": [
            "id", "productNumber", "translated", "childCount", "available", "availableStock",
            "ratingAverage", "calculatedPrice", "calculatedPrices", "cover", "options", "unit",
            "seoUrls",
        ],
        "product_media": ["media"],
        "media": ["url", "translated"],
        "property_group_option": ["translated"],
        "unit": ["translated"],
        "seo_url": ["seoPathInfo"],
    },
}  # fmt: skip


class _Client(HttpClient):
    def patch_json(self, url: str, data: Any, headers: Mapping[str, str]) -> Reply:
        """PATCH `data` as JSON. It may be sent again after a failure."""
        asked = {"Content-Type": "application/json"} | dict(headers)
        return self._into_memory("PATCH", url, asked, data=json.dumps(data).encode())


@dataclass(frozen=True)
class _Context:
    """What makes the shop answer for one market, and what it then answers in."""

    headers: dict[str, str]
    currency: str
    tax_included: bool


class Shopware(Shop):
    """A Shopware 6 shop. `url` is its address: "https://shop.atlas-axis.example".

    `access_key` is the API access key of the sales channel that sells in a market; one, or
    {market key: key}. The channel must offer the market's language, currency and country.
    `url_template` is a product's address, by default "{url}/{path}": {path} stands for the product
    in the channel's language, {market}, {country}, {language} and {currency} for the market's.
    `webhook_secret` is the secret of the app that the webhooks belong to.
    A shop on a private network needs `allow_private`.

    An id is Shopware's own (32 hexadecimal digits) or a product number; catalogue and search give
    ids. Every variant is a product; the product that only holds variants together is no offer.
    """

    batch_size = PAGE

    def __init__(
        self,
        alias: str,
        *,
        url: str,
        access_key: str | Mapping[str, str],
        url_template: str = "",
        webhook_secret: str = "",
        allow_private: bool = False,
    ) -> None:
        super().__init__(alias)
        self.url = url.rstrip("/") + "/store-api"
        self.access_key = access_key
        self.url_template = url_template or url.rstrip("/") + "/{path}"
        self.webhook_secret = webhook_secret
        self.client = _Client(allow_private=allow_private)
        self._contexts: dict[Market, _Context] = {}

    def close(self) -> None:
        self.client.close()
        self._contexts = {}

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options) + api.check_address(options, "url")
        return problems + api.check_address(options, "url_template", "path")

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        context = self._context(market)
        own = [i for i in ids if _is_id(i)]
        numbers = [i for i in ids if i not in own and i.strip()]
        fields = {"id": own, "productNumber": numbers}
        either = [
            {"type": "equalsAny", "field": field, "value": values}
            for field, values in fields.items()
            if values
        ]
        if not either:
            return {i: Gone(i) for i in ids}
        wanted = {"type": "multi", "operator": "or", "queries": either}
        found = self._products("/product", context, filter=[wanted], limit=PAGE)
        known = {_key(product[name]): product for product in found for name in fields}
        return {i: self._read(known.get(_key(i)), market, context, i) for i in ids}

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        context = self._context(market)
        found = self._products("/search", context, search=text, limit=min(limit, PAGE))
        return api.offers([self._read(one, market, context) for one in found], market)[:limit]

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        return api.listed(self._listed(market), market)

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        digest = hmac_sha256(self.webhook_secret, body).hex()
        require_signature(digest, header(headers, "shopware-shop-signature"))
        try:
            sent = json.loads(body)
            age = time.time() - int(sent["timestamp"])
            delivery_id, topic = str(sent["source"]["eventId"]), str(sent["data"]["event"])
            written = [one for one in sent["data"]["payload"] if one["entity"] == "product"]
            ids = dict.fromkeys(one["primaryKey"] for one in written)
        except DATA_ERRORS as error:
            raise InvalidWebhook("The body is no event of Shopware.") from error
        if abs(age) > MAX_AGE:
            raise InvalidWebhook("The delivery is too old, or from the future.")
        known = tuple(i for i in ids if isinstance(i, str))
        return WebhookHint(delivery_id, known, topic, ping=not known)

    def _listed(self, market: Market) -> Iterator[Answer]:
        context = self._context(market)
        page, last = 1, ""
        criteria = {"limit": PAGE, "sort": [{"field": "id", "order": "ASC"}]}
        while found := self._products("/product", context, page=page, **criteria):
            if found[-1]["id"] == last:
                raise ShopError("The shop gives the same page of its catalogue again and again.")
            page, last = page + 1, found[-1]["id"]
            yield from (
                self._read(product, market, context)
                for product in found
                if not product.get("childCount")
            )

    def _products(self, path: str, context: _Context, **criteria: Any) -> list[dict[str, Any]]:
        headers = context.headers | {"sw-include-seo-urls": "1"}
        return self._elements(path, criteria | _SHAPE, headers, "id", "productNumber")

    def _elements(
        self, path: str, criteria: dict[str, Any], headers: Mapping[str, str], *required: str
    ) -> list[dict[str, Any]]:
        answer = self.client.post_json(self.url + path, criteria, headers)
        # Some routes give the list itself, as the currencies do.
        found = answer.get("elements") if isinstance(answer, dict) else answer
        if isinstance(found, list) and all(
            isinstance(one, dict) and all(isinstance(one.get(name), str) for name in required)
            for one in found
        ):
            return found
        raise ShopError("The shop's answer is no list of what it was asked for.")

    def _context(self, market: Market) -> _Context:
        if market not in self._contexts:
            self._contexts[market] = self._agreed(market)
        return self._contexts[market]

    def _agreed(self, market: Market) -> _Context:
        """A context token for which the shop has agreed to the market's terms."""
        headers = {"sw-access-key": api.of_market(self.access_key, market, "")}
        if not headers["sw-access-key"]:
            raise ShopError(f"The shop's options name no access key for market {market.key!r}.")
        chosen = {"languageId": self._language(market, headers)}
        if market.currency:
            chosen["currencyId"] = self._one("/currency", "isoCode", market.currency, headers)
        if market.country:
            chosen["countryId"] = self._one("/country", "iso", market.country.upper(), headers)
        reply = self.client.patch_json(f"{self.url}/context", chosen, headers)
        try:
            token = reply.headers["sw-context-token"]
            headers |= {"sw-context-token": token, "sw-language-id": chosen["languageId"]}
            now = self.client.get_json(f"{self.url}/context", headers=headers)
            # A product says neither, so that the context's own word counts.
            tax_included = now["context"]["taxState"] == "gross"
            return _Context(headers, now["currency"]["isoCode"], tax_included)
        except DATA_ERRORS as error:
            raise ShopError("The shop does not say in which currency it answers.") from error

    def _one(self, path: str, field: str, value: str, headers: Mapping[str, str]) -> str:
        """The id of the currency or country with this code; `ShopError` without one."""
        criteria = {"filter": [{"type": "equals", "field": field, "value": value}], "limit": 1}
        found = self._elements(path, criteria, headers, "id", field)
        if not found or found[0][field] != value:
            raise ShopError(f"The sales channel has no {path[1:]} {value}.")
        return found[0]["id"]

    def _language(self, market: Market, headers: Mapping[str, str]) -> str:
        """The id of the channel's language for the market: its own variety, or any other."""
        criteria = {"associations": {"locale": {}, "translationCode": {}}, "limit": PAGE}
        wanted = market.language.lower()
        base = wanted.partition("-")[0]
        ids: dict[str, str] = {}
        for one in self._elements("/language", criteria, headers, "id"):
            for name in ("translationCode", "locale"):
                code = str((one.get(name) or {}).get("code", "")).lower()
                ids.setdefault(code, one["id"])
                ids.setdefault(code.partition("-")[0], one["id"])
        own = [wanted] if wanted != base else []
        for code in (*own, f"{base}-{market.country.lower()}", base):
            if code in ids:
                return ids[code]
        raise ShopError(f"The sales channel has no language {market.language!r}.")

    def _read(
        self, product: dict[str, Any] | None, market: Market, context: _Context, asked: str = ""
    ) -> Answer:
        external_id = asked or (product or {})["id"]

        def offer() -> ShopOffer | None:
            if product is None:
                return None
            urls = product.get("seoUrls") or [{"seoPathInfo": f"detail/{product['id']}"}]
            path = quote(urls[0]["seoPathInfo"].lstrip("/"), safe="/%:;,+=&?@!$'()*~")
            url = api.filled(self.url_template.replace("{path}", path), market)
            return read_offer(external_id, product, context.currency, context.tax_included, url)

        return self.read(external_id, offer)


def read_offer(
    external_id: str, product: dict[str, Any], currency: str, tax_included: bool, url: str
) -> ShopOffer:
    """A product of the Store API as an offer; `currency` and tax are those of the context."""
    if product.get("childCount"):
        raise InvalidOffer("the product only holds variants together: choose one of them")
    # Prices by quantity, the smallest first, stand in for the product's price.
    price = (product.get("calculatedPrices") or [product["calculatedPrice"]])[0]
    texts = product["translated"]
    options = [option["translated"]["name"] for option in product.get("options") or []]
    media = (product.get("cover") or {}).get("media") or {}
    unit_price, measure = _unit_price(price, product)
    rating = Decimal(product.get("ratingAverage") or 0)
    return ShopOffer(
        external_id=external_id,
        title=" – ".join(filter(None, [texts["name"], ", ".join(filter(None, options))])),
        description=texts.get("description") or "",
        url=url,
        price=Decimal(price["unitPrice"]),
        list_price=_amount(price.get("listPrice")),
        shop_prior_price=_amount(price.get("regulationPrice")),
        currency=currency,
        tax_included=tax_included,
        unit_price=unit_price,
        unit_measure=measure,
        availability=_availability(product),
        rating=rating or None,
        image_url=media.get("url") or "",
        image_alt=(media.get("translated") or {}).get("alt") or "",
    )


def _is_id(external_id: str) -> bool:
    return bool(re.fullmatch("[0-9a-f]{32}", external_id))


def _key(external_id: str) -> str:
    """The same for ids that Shopware's database takes for the same."""
    return external_id.strip().casefold()


def _amount(of: dict[str, Any] | None) -> Decimal | None:
    # A regulation price of 0 is one that nobody has filled in.
    return Decimal(of["price"]) or None if of else None


def _unit_price(price: dict[str, Any], product: dict[str, Any]) -> tuple[Decimal | None, str]:
    reference = price.get("referencePrice")
    if not reference:
        return None, ""
    unit = ((product.get("unit") or {}).get("translated") or {}).get("shortCode")
    quantity = Decimal(reference["referenceUnit"]).normalize()
    measure = f"{quantity:f} {unit or reference['unitName']}"
    # A unit may have any name; one that does not fit is none that a reader knows.
    return (Decimal(reference["price"]), measure) if len(measure) <= MAX_MEASURE else (None, "")


def _availability(product: dict[str, Any]) -> Stock:
    if not product["available"]:
        return Stock.OUT_OF_STOCK
    stock = product.get("availableStock")
    return Stock.BACKORDER if stock is not None and stock <= 0 else Stock.IN_STOCK
