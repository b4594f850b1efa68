"""Shopify, by its Storefront API (GraphQL): prices of any market, in its language and currency."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import api, graphql
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    InvalidWebhook,
    Remember,
    Shop,
    ShopError,
    Skipped,
    Unknown,
    WebhookHint,
    nothing_known,
)
from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.webhooks import header, hmac_sha256, require_signature

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

logger = logging.getLogger(__name__)

API_VERSION = "2026-04"
# The API refuses longer pages, and stops after so many objects of one list.
PAGE = 250
MAX_LISTED = 25_000

_PRODUCT = "gid://shopify/Product/"
_VARIANT = "gid://shopify/ProductVariant/"
_CONTEXT = "@inContext(country: $country, language: $language)"
# What the answer is really in: Shopify falls back silently where it does not publish a language.
_SPOKEN = "localization { language { isoCode } }"
_FRAGMENTS = """
fragment Product on Product {
  id handle title description(truncateAt: 5000) onlineStoreUrl createdAt
  featuredImage { ...Image }
  rating: metafield(namespace: "reviews", key: "rating") { value }
  ratingCount: metafield(namespace: "reviews", key: "rating_count") { value }
  variants(first: 1) { nodes { ...Variant } }
  buyable: selectedOrFirstAvailableVariant { ...Variant }
}
fragment Variant on ProductVariant {
  id title availableForSale currentlyNotInStock
  price { amount currencyCode }
  compareAtPrice { amount }
  unitPrice { amount }
  unitPriceMeasurement { referenceValue referenceUnit }
}
fragment Image on Image { url(transform: { maxWidth: 1600 }) altText }
"""
LIST = f"""
query Catalogue($first: Int!, $after: String, $query: String,
                $country: CountryCode, $language: LanguageCode) {_CONTEXT} {{
  products(first: $first, after: $after, query: $query, sortKey: CREATED_AT) {{
    nodes {{ ...Product }}
    pageInfo {{ hasNextPage endCursor }}
  }}
  {_SPOKEN}
}}
{_FRAGMENTS}"""
SEARCH = f"""
query Search($first: Int!, $text: String!,
             $country: CountryCode, $language: LanguageCode) {_CONTEXT} {{
  search(query: $text, first: $first, types: [PRODUCT], prefix: LAST, unavailableProducts: LAST) {{
    nodes {{ ... on Product {{ ...Product }} }}
  }}
  {_SPOKEN}
}}
{_FRAGMENTS}"""

# Shopify's units under the codes of the merchant feed, where these differ in more than case.
_UNITS = {"FLOZ": "floz", "ITEM": "ct", "M2": "sqm", "M3": "cbm", "FT2": "sqft", "UNKNOWN": ""}
# The only languages that Shopify tells apart by region.
_REGIONAL = {
    "pt-br": "PT_BR", "pt-pt": "PT_PT", "zh-cn": "ZH_CN", "zh-tw": "ZH_TW",
    "zh-hans": "ZH_CN", "zh-hant": "ZH_TW", "zh-sg": "ZH_CN", "zh-hk": "ZH_TW", "zh-mo": "ZH_TW",
}  # fmt: skip


class Shopify(Shop):
    """A Shopify shop. `url` is its own address: "https://atlas-axis.myshopify.com".

    `public_token` or `private_token` is the Storefront API token of a sales channel (Headless, or
    an app); what that channel does not publish is gone. `webhook_secret` signs the webhooks.
    `url_template` is a product's address where the shop has no online store: {handle} stands for
    the product, {market}, {country}, {language} and {currency} for the market's. `tax_included`:
    whether prices include tax, which the API does not tell; one value, or {market key: value}.

    An id is the product's number as in the address of its admin page, or its global id
    (gid://shopify/Product/…), or its handle; catalogue and search give numbers. A product's price
    is that of its first variant, so that a size that sells out looks like no reduction. A global id
    of a variant (gid://shopify/ProductVariant/…) stands for that variant. Where the shop does not
    publish the market's language, offers have a price and no texts.
    """

    batch_size = 50

    def __init__(
        self,
        alias: str,
        *,
        url: str,
        public_token: str = "",
        private_token: str = "",
        webhook_secret: str = "",
        url_template: str = "",
        tax_included: bool | Mapping[str, bool] | None = None,
        api_version: str = API_VERSION,
        allow_private: bool = False,
    ) -> None:
        super().__init__(alias)
        self.url = f"{url.rstrip('/')}/api/{api_version}/graphql.json"
        self.webhook_secret = webhook_secret
        self.url_template = url_template
        self.tax_included = tax_included
        token = (
            {"Shopify-Storefront-Private-Token": private_token}
            if private_token
            else {"X-Shopify-Storefront-Access-Token": public_token}
        )
        self.client = HttpClient(headers=token, allow_private=allow_private)

    def close(self) -> None:
        self.client.close()

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options) + api.check_address(options, "url")
        problems += api.check_address(options, "url_template", "handle")
        if not options.get("public_token") and not options.get("private_token"):
            hint = "Shopify shows a Storefront API token in the Headless sales channel."
            problems.append(("Option 'public_token' or 'private_token' is missing.", hint))
        return problems

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        global_ids = {i: _global_id(i) for i in ids if _global_id(i)}
        handles = [i for i in ids if i not in global_ids]
        paths: dict[str, tuple[str | int, ...]] = {
            i: ("nodes", n) for n, i in enumerate(global_ids)
        } | {i: (f"h{n}",) for n, i in enumerate(handles)}
        variables = {f"h{n}": handle for n, handle in enumerate(handles)}
        variables |= {"ids": list(global_ids.values())} | _context(market)
        data, error = graphql.ask_partly(self.client, self.url, by_id(len(handles)), variables)
        nodes = {i: graphql.pick(i, data, error, *path) for i, path in paths.items()}
        speaks = _speaks(data, market)
        return {i: self._read(node, market, speaks, i) for i, node in nodes.items()}

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        variables = {"text": text, "first": min(limit, PAGE)} | _context(market)
        found = graphql.ask(self.client, self.url, SEARCH, variables)
        try:
            nodes, speaks = found["search"]["nodes"], _speaks(found, market)
            return api.offers([self._read(node, market, speaks) for node in nodes], market)[:limit]
        except DATA_ERRORS as error:
            raise ShopError("The shop's answer to the search cannot be read.") from error

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        return api.listed(self._listed(market), market)

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        digest = base64.b64encode(hmac_sha256(self.webhook_secret, body)).decode()
        require_signature(digest, header(headers, "X-Shopify-Hmac-SHA256"))
        topic = header(headers, "X-Shopify-Topic")
        try:
            ids = _ids_in(json.loads(body))
        except DATA_ERRORS as error:
            raise InvalidWebhook("The body is no object of Shopify.") from error
        # The delivery's own id is not signed: whoever caught a delivery could change it.
        return WebhookHint(digest, ids, topic, ping=not ids)

    def _listed(self, market: Market) -> Iterator[Answer]:
        after, since, listed = None, "", 0
        while True:
            query = f"created_at:>='{since}'" if since else None
            variables = {"first": PAGE, "after": after, "query": query} | _context(market)
            page = graphql.ask(self.client, self.url, LIST, variables)
            try:
                nodes, info = page["products"]["nodes"], page["products"]["pageInfo"]
                speaks = _speaks(page, market)
                if not (speaks or after or since):
                    logger.warning(
                        "Shop %r does not publish the language of market %r: its offers there have"
                        " no title.",
                        self.alias,
                        market.key,
                    )
                yield from [self._read(node, market, speaks) for node in nodes]
                if not info["hasNextPage"]:
                    return
                after, listed = info["endCursor"], listed + len(nodes)
                if listed + PAGE > MAX_LISTED:
                    if since == nodes[-1]["createdAt"]:
                        raise ShopError("Shopify does not list so many products of one moment.")
                    after, since, listed = None, nodes[-1]["createdAt"], 0
            except DATA_ERRORS as error:
                raise ShopError("The shop's catalogue cannot be read.") from error

    def _read(self, node: Any, market: Market, speaks: bool, external_id: str = "") -> Answer:
        if isinstance(node, Unknown):
            return node
        external_id = external_id or str(node["id"]).removeprefix(_PRODUCT)
        return self.read(external_id, lambda: self._offer(node, market, speaks, external_id))

    def _offer(
        self, node: dict[str, Any] | None, market: Market, speaks: bool, external_id: str
    ) -> ShopOffer | None:
        if node is None:
            return None
        product = node.get("product") or node
        only = node if "product" in node else None
        url = product["onlineStoreUrl"] or ""
        if self.url_template:
            url = api.filled(self.url_template, market, handle=product["handle"])
        if only and url:
            number = only["id"].removeprefix(_VARIANT)
            url += f"{'&' if '?' in url else '?'}variant={number}"
        tax_included = api.of_market(self.tax_included, market, None)
        return read_offer(external_id, product, only, url, tax_included, speaks)


def by_id(handles: int) -> str:
    """The query for global ids, and for as many handles besides."""
    declared = "".join(f"$h{n}: String!, " for n in range(handles))
    asked = "\n".join(f"  h{n}: product(handle: $h{n}) {{ ...Product }}" for n in range(handles))
    return f"""
query Products($ids: [ID!]!, {declared}$country: CountryCode, $language: LanguageCode) {_CONTEXT} {{
  nodes(ids: $ids) {{
    ... on Product {{ ...Product }}
    ... on ProductVariant {{ ...Variant image {{ ...Image }} product {{ ...Product }} }}
  }}
{asked}
  {_SPOKEN}
}}
{_FRAGMENTS}"""


def read_offer(
    external_id: str,
    product: dict[str, Any],
    only: dict[str, Any] | None = None,
    url: str = "",
    tax_included: bool | None = None,
    speaks: bool = True,
) -> ShopOffer:
    """A product of the Storefront API as an offer, or its variant `only`.

    `speaks`: whether its texts are in the market's language.
    """
    if not only and not product["variants"]["nodes"]:
        raise InvalidOffer("the product has no variant in this market")
    variant = only or product["variants"]["nodes"][0]
    name = product["title"]
    # A product without a choice has one variant, with this very name in every language.
    if only and only["title"] != "Default Title":
        name = f"{name} – {only['title']}"
    image = (only and only["image"]) or product["featuredImage"] or {}
    unit_price, measure = _unit_price(variant)
    rating, count = _rating(product)
    return ShopOffer(
        external_id=external_id,
        title=name if speaks else "",
        name=name,
        description=product["description"] if speaks else "",
        url=url,
        price=_amount(variant["price"]),
        list_price=_amount(variant["compareAtPrice"]),
        currency=variant["price"]["currencyCode"],
        tax_included=tax_included,
        unit_price=unit_price,
        unit_measure=measure,
        availability=_availability(variant, None if only else product["buyable"]),
        rating=rating,
        rating_count=count,
        image_url=image.get("url") or "",
        image_alt=(image.get("altText") or "") if speaks else "",
    )


def _global_id(external_id: str) -> str:
    if re.fullmatch("[0-9]{1,19}", external_id):
        return _PRODUCT + external_id
    good = re.fullmatch(f"({_PRODUCT}|{_VARIANT})[0-9]{{1,19}}", external_id)
    return external_id if good else ""


def _context(market: Market) -> dict[str, str]:
    language = market.language.lower()
    # "zh-hant-hk" as "zh-hant".
    code = _REGIONAL.get(language) or _REGIONAL.get("-".join(language.split("-")[:2]))
    code = code or language.partition("-")[0].upper()
    return {"language": code} | ({"country": market.country.upper()} if market.country else {})


def _speaks(data: Mapping[str, Any], market: Market) -> bool:
    """Whether the texts of an answer are in the market's language."""
    spoken = data["localization"]["language"]["isoCode"]
    asked = _context(market)["language"]
    if asked.startswith("ZH_"):
        # Two scripts, and not everybody reads both.
        return spoken in (asked, "ZH")
    return asked.partition("_")[0] == spoken.partition("_")[0]


def _amount(money: dict[str, Any] | None) -> Decimal | None:
    return Decimal(money["amount"]) if money else None


def _availability(variant: dict[str, Any], other: dict[str, Any] | None) -> Stock:
    """Whether one gets it for this price: in `variant`, or in `other` if that costs the same."""
    for one in (variant, other):
        if one and one["availableForSale"] and one["price"] == variant["price"]:
            return Stock.BACKORDER if one["currentlyNotInStock"] else Stock.IN_STOCK
    return Stock.OUT_OF_STOCK


def _unit_price(variant: dict[str, Any]) -> tuple[Decimal | None, str]:
    measurement = variant["unitPriceMeasurement"] or {}
    unit = measurement.get("referenceUnit") or ""
    unit = _UNITS.get(unit, unit.lower())
    if not variant["unitPrice"] or not unit:
        return None, ""
    return _amount(variant["unitPrice"]), f"{measurement['referenceValue']} {unit}"


def _rating(product: dict[str, Any]) -> tuple[Decimal | None, int | None]:
    """Rating of 5 and count, from metafields that review apps fill; without them, or bad: None."""
    try:
        value = json.loads(product["rating"]["value"])
        rating = Decimal(value["value"]) * 5 / Decimal(value["scale_max"])
        count = int(product["ratingCount"]["value"]) if product["ratingCount"] else None
    except DATA_ERRORS:
        return None, None
    return (rating, count) if 0 < rating <= 5 and count != 0 else (None, None)


def _ids_in(body: dict[str, Any]) -> tuple[str, ...]:
    """Every id under which the product of a webhook may be known; none for another object."""
    gid = str(body.get("admin_graphql_api_id", ""))
    # A deleted product is only a number.
    if not gid.startswith(_PRODUCT) and set(body) != {"id"}:
        return ()
    variants = [str(variant["admin_graphql_api_id"]) for variant in body.get("variants", [])]
    ids = [str(body["id"]), f"{_PRODUCT}{body['id']}", str(body.get("handle") or ""), *variants]
    return tuple(filter(None, ids))
