"""Shopware 6, by its Store API; its regulation prices are the law's prior prices."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import api
from anodyne_blocks.shops.back_end import BackEnd
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Gone,
    InvalidWebhook,
    Remember,
    ShopError,
    Unknown,
    WebhookHint,
)
from anodyne_blocks.shops.http import HttpClient, HttpError, Reply
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.shopware.offer import Context, Product, is_holder, is_id, read_offer
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.webhooks import MAX_AGE, header, hmac_sha256, require_signature

__all__ = ["Shopware"]

# The API refuses longer pages, unless a shop has set another limit.
PAGE = 100
# Pages of variants that one batch of products may have.
MAX_PAGES = 50
# How the shop answers to an access key that is of no sales channel, or of none that is on.
_REFUSED = (401, 403, 412)
_PRODUCTS = ("product", "product_translation")
# What is asked for besides the product itself, and what of it all is sent.
_SHAPE = {
    "associations": {
        "cover": {"associations": {"media": {}}},
        "manufacturer": {},
        "options": {},
        "unit": {},
    },
    "includes": {
        "product": [
            "id", "parentId", "productNumber", "ean", "name", "description", "translated",
            "childCount", "available", "availableStock", "minPurchase", "releaseDate",
            "ratingAverage", "calculatedPrice", "calculatedPrices", "cover", "manufacturer",
            "options", "unit", "seoUrls",
        ],
        "product_media": ["media"],
        "media": ["url", "translated"],
        "product_manufacturer": ["translated"],
        "property_group_option": ["translated"],
        "unit": ["translated"],
        "seo_url": ["seoPathInfo", "isCanonical", "isDeleted"],
    },
}  # fmt: skip


class _Client(HttpClient):
    def patch_json(self, url: str, data: Any, headers: Mapping[str, str]) -> Reply:
        """PATCH `data` as JSON. It may be sent again after a failure."""
        asked = {"Content-Type": "application/json"} | dict(headers)
        return self._into_memory("PATCH", url, asked, data=json.dumps(data).encode())


@dataclass(kw_only=True, eq=False, repr=False)
class Shopware(BackEnd):
    """A Shopware 6 shop. `url` is its address: "https://shop.atlas-axis.example".

    `access_key` is the API access key of the sales channel that sells in a market. The channel must
    offer the market's language, currency and country. `url_template` is "{url}/{path}" by default;
    {path} is in the channel's language. `webhook_secret` is the secret of the app that the webhooks
    belong to.

    An id is Shopware's own (32 hexadecimal digits) or a product number; catalogue and search give
    ids. Every variant is a product. One that only holds variants together is not in the catalogue;
    asked for by its id, it has the price and stock of one of them, which is then kept to.
    """

    batch_size = PAGE

    access_key: str | Mapping[str, str]
    url_template: str = ""

    placeholders = ("path",)

    def __post_init__(self) -> None:
        root = self.url.rstrip("/")
        self.url = f"{root}/store-api"
        self.url_template = self.url_template or root + "/{path}"
        self.client: _Client = _Client(allow_private=self.allow_private)
        self._contexts: dict[Market, Context] = {}

    def close(self) -> None:
        super().close()
        self._contexts = {}

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        context = self._context(market)
        own = [i for i in ids if is_id(i)]
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
        by_key = {
            _key(p[name]): p for p in found for name in fields if isinstance(p.get(name), str)
        }
        held = self._held(found, context)
        nameless = any(not is_id(product.get("id")) for product in found)
        answers: dict[str, Answer] = {}
        for i in ids:
            product = by_key.get(_key(i))
            if product is None:
                answers[i] = Unknown(i, api.NAMELESS) if nameless else Gone(i)
            else:
                answers[i] = self._read(product, market, context, i, held, known.get(i))
        if all(isinstance(answer, Gone) for answer in answers.values()):
            self._require_products(market, context)
        return answers

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        context = self._context(market)
        found = self._products("/search", context, search=text, limit=min(limit, PAGE))
        return api.offers(self._answers(found, market, context), market)[:limit]

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        context = self._context(market)
        field = "id" if is_id(external_id) else "productNumber"
        wanted = {"type": "equals", "field": field, "value": external_id}
        found = self._products("/product", context, filter=[wanted], limit=1)
        parents = [p.get("parentId") or p.get("id") for p in found]
        siblings = self._children([i for i in parents if is_id(i)], context)
        return api.offers(self._answers(siblings, market, context), market)

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        digest = hmac_sha256(self.webhook_secret, body).hex()
        require_signature(digest, header(headers, "shopware-shop-signature"))
        with api.readable("The body is no event of Shopware.", InvalidWebhook):
            sent = json.loads(body)
            age = time.time() - int(sent["timestamp"])
            delivery_id, topic = str(sent["source"]["eventId"]), str(sent["data"]["event"])
            keys = [
                one["primaryKey"] for one in sent["data"]["payload"] if one["entity"] in _PRODUCTS
            ]
            # A translation's key is made of two.
            ids = dict.fromkeys(k["productId"] if isinstance(k, dict) else k for k in keys)
        if abs(age) > MAX_AGE:
            raise InvalidWebhook("The delivery is too old, or from the future.")
        known = tuple(i for i in ids if isinstance(i, str))
        return WebhookHint(delivery_id, known, topic, ping=not known)

    def list_products(self, market: Market, known: Remember) -> Iterator[Answer]:
        context = self._context(market)
        page = 1
        before: list[Any] = []
        criteria = {"limit": PAGE, "sort": [{"field": "id", "order": "ASC"}]}
        while found := self._products("/product", context, page=page, **criteria):
            ids = [product.get("id") for product in found]
            if ids == before:
                raise ShopError("The shop gives the same page of its catalogue again and again.")
            page, before = page + 1, ids
            yield from self._answers(found, market, context)
        if page == 1:
            self._require_products(market, context)

    def _answers(
        self, products: list[Product], market: Market, context: Context
    ) -> Iterator[Answer]:
        """Each variant and each product without variants; what only holds variants is left out."""
        for product in products:
            if not is_id(product.get("id")):
                yield Unknown("", api.NAMELESS)
            elif not is_holder(product):
                yield self._read(product, market, context, product["id"])

    def _require_products(self, market: Market, context: Context) -> None:
        """`ShopError` where the channel sells nothing at all: then no product is gone."""
        if not self._products("/product", context, limit=1):
            raise ShopError(f"The sales channel lists no product for market {market.key!r}.")

    def _held(self, products: list[Product], context: Context) -> dict[str, list[Product]]:
        """The variants of those that hold some together, by the holder's id."""
        holders = [p["id"] for p in products if is_holder(p) and is_id(p.get("id"))]
        held: dict[str, list[Product]] = {holder: [] for holder in holders}
        for child in self._children(holders, context):
            if child.get("parentId") in held:
                held[child["parentId"]].append(child)
        return held

    def _children(self, parents: list[str], context: Context) -> list[Product]:
        """All variants of these products, the cost of which is one request per hundred."""
        if not parents:
            return []
        wanted = {"type": "equalsAny", "field": "parentId", "value": parents}
        criteria = {"filter": [wanted], "sort": [{"field": "id", "order": "ASC"}], "limit": PAGE}
        children: list[Product] = []
        for page in range(1, MAX_PAGES + 1):
            found = self._products("/product", context, page=page, **criteria)
            children += found
            if len(found) < PAGE:
                return children
        raise ShopError(f"The products have more than {PAGE * MAX_PAGES} variants.")

    def _products(self, path: str, context: Context, **criteria: Any) -> list[dict[str, Any]]:
        headers = context.headers | {"sw-include-seo-urls": "1"}
        return self._elements(path, criteria | _SHAPE, headers)

    def _elements(
        self, path: str, criteria: dict[str, Any], headers: Mapping[str, str], *required: str
    ) -> list[dict[str, Any]]:
        """What a route lists; `ShopError` unless each has the `required` texts, or one an id."""
        answer = self.client.post_json(self.url + path, criteria, headers)
        # Some routes give the list itself, as the currencies do.
        found = answer.get("elements") if isinstance(answer, dict) else answer
        if isinstance(found, list):
            # One that is no object is one without an id, which its reader tells.
            found = [one if isinstance(one, dict) else {} for one in found]
            needed = required or ("id",)
            good = [all(isinstance(one.get(name), str) for name in needed) for one in found]
            if all(good) or (not required and any(good)):
                return found
        raise ShopError("The shop's answer is no list of what it was asked for.")

    def _context(self, market: Market) -> Context:
        if market not in self._contexts:
            try:
                self._contexts[market] = self._agreed(market)
            except HttpError as error:
                if error.status in _REFUSED:
                    reason = f"The shop refuses the access_key of market {market.key!r}."
                    raise ShopError(reason) from None
                raise
        return self._contexts[market]

    def _agreed(self, market: Market) -> Context:
        """A context token for which the shop has agreed to the market's terms."""
        headers = {"sw-access-key": api.of_market(self.access_key, market, "")}
        if not headers["sw-access-key"]:
            raise ShopError(f"The shop's options name no access key for market {market.key!r}.")
        language, inherits = self._language(market, headers)
        chosen = {"languageId": language}
        if market.currency:
            chosen["currencyId"] = self._currency(market, headers)
        if market.country:
            chosen["countryId"] = self._country(market, headers)
        reply = self.client.patch_json(f"{self.url}/context", chosen, headers)
        with api.readable("The shop does not say in which currency it answers."):
            token = reply.headers["sw-context-token"]
            headers |= {"sw-context-token": token, "sw-language-id": chosen["languageId"]}
            now = self.client.get_json(f"{self.url}/context", headers=headers)
            # A product says neither, so that the context's own word counts.
            tax_included = now["context"]["taxState"] == "gross"
            return Context(headers, now["currency"]["isoCode"], tax_included, inherits)

    def _currency(self, market: Market, headers: Mapping[str, str]) -> str:
        """The id of the market's currency; `ShopError` where the channel does not sell in it."""
        if found := self._one("/currency", "isoCode", market.currency, headers):
            return found
        try:
            own = self.client.get_json(f"{self.url}/context", headers=headers)["currency"]
            code = str(own["isoCode"])
        except DATA_ERRORS:
            code = market.currency
        if code != market.currency:
            raise api.OtherCurrency(code, market)
        raise ShopError(
            f"The sales channel has no currency {market.currency} for market {market.key!r}."
        )

    def _country(self, market: Market, headers: Mapping[str, str]) -> str:
        if found := self._one("/country", "iso", market.country.upper(), headers):
            return found
        raise ShopError(
            f"The sales channel has no country {market.country} for market {market.key!r}."
        )

    def _one(self, path: str, field: str, value: str, headers: Mapping[str, str]) -> str:
        """The id of the currency or country with this code; "" where the channel has none."""
        criteria = {"filter": [{"type": "equals", "field": field, "value": value}], "limit": 1}
        found = self._elements(path, criteria, headers, "id", field)
        return found[0]["id"] if found and found[0][field] == value else ""

    def _language(self, market: Market, headers: Mapping[str, str]) -> tuple[str, bool]:
        """The id of the channel's language for the market: its own variety, or any other.

        And whether it inherits texts from another.
        """
        criteria = {"associations": {"locale": {}, "translationCode": {}}, "limit": PAGE}
        wanted = market.language.lower()
        base = wanted.partition("-")[0]
        ids: dict[str, tuple[str, bool]] = {}
        for one in self._elements("/language", criteria, headers, "id"):
            for name in ("translationCode", "locale"):
                locale = one.get(name)
                code = str(locale.get("code", "")).lower() if isinstance(locale, dict) else ""
                found = (one["id"], bool(one.get("parentId")))
                ids.setdefault(code, found)
                ids.setdefault(code.partition("-")[0], found)
        own = [wanted] if wanted != base else []
        for code in (*own, f"{base}-{market.country.lower()}", base):
            if code in ids:
                return ids[code]
        raise ShopError(
            f"The sales channel has no language {market.language!r} for market {market.key!r}."
        )

    def _read(
        self,
        product: Product,
        market: Market,
        context: Context,
        external_id: str,
        held: Mapping[str, list[Product]] | None = None,
        known: Known | None = None,
    ) -> Answer:
        def address(path: str) -> str:
            return api.filled(self.url_template.replace("{path}", path), market)

        def offer() -> ShopOffer:
            variants = (held or {}).get(product["id"], []) if is_holder(product) else []
            if is_holder(product) and not variants:
                raise InvalidOffer("the product only holds variants together, and none is sold")
            return read_offer(external_id, product, variants, context, address=address, known=known)

        return self.read(external_id, offer)


def _key(external_id: str) -> str:
    """The same for ids that Shopware's database takes for the same."""
    return external_id.strip().casefold()
