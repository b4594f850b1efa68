"""A Storefront API with the magazine's products, which executes Shopify's own published schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    build_client_schema,
    execute_sync,
    parse,
    validate,
)

from tests.shops.conftest import Server, reply

SCHEMA = Path(__file__).parents[2] / "build/tools/shopify/storefront.schema.json"
PATH = "/api/2026-04/graphql.json"
TOKEN = "hush-storefront"
MAX_FIRST = 250

# Country: (currency, price of one euro).
_CURRENCIES = {"NL": ("EUR", 1.0), "DK": ("DKK", 7.5), "SE": ("SEK", 11.0), "GB": ("GBP", 0.85)}


def variant(number: int, title: str = "Default Title", **fields: Any) -> dict[str, Any]:
    """Price and compare-at price in euro; `per_100_ml` is the unit price, `least` what one buys."""
    own = {"number": number, "title": title, "sku": f"AA-{number}", "least": 1}
    return own | {"sold": True, "backorder": False} | fields


PRODUCTS: list[dict[str, Any]] = [
    {
        "number": 8101,
        "handle": "lumbar-brace",
        "titles": {"EN": "Lumbar support brace", "NL": "Rugbrace", "DA": "Lændebælte"},
        "created": "2025-02-01T08:00:00Z",
        "rating": '{"value":"4.6","scale_min":"1.0","scale_max":"5.0"}',
        "rating_count": "212",
        "variants": [variant(9101, price=39.75, was=53.0, barcode="8712345678906")],
    },
    {
        "number": 8107,
        "handle": "warming-balm",
        "titles": {"EN": "Warming balm", "NL": "Warmtebalsem", "DA": "Varmebalsam"},
        "created": "2025-02-01T08:00:00Z",
        "variants": [
            variant(9171, "75 ml", price=12.95, per_100_ml=17.27),
            variant(9172, "150 ml", price=19.95, per_100_ml=13.30),
        ],
    },
    {
        "number": 8109,
        "handle": "knee-sleeve",
        "titles": {"EN": "Knitted knee sleeve", "NL": "Gebreide kniebrace"},
        "created": "2025-02-03T08:00:00Z",
        "variants": [
            variant(9191, "S", price=24.5, sold=False),
            variant(9192, "M", price=24.5),
            variant(9193, "L", price=24.5),
        ],
    },
    {
        "number": 8112,
        "handle": "standing-mat",
        "titles": {"EN": "Balance mat", "NL": "Balansmat"},
        "created": "2025-02-04T08:00:00Z",
        "online": False,
        "condition": "refurbished",
        "variants": [variant(9112, price=89.0, backorder=True)],
    },
    {
        "number": 8108,
        "handle": "kinesio-tape",
        "titles": {"EN": "Elastic tape", "NL": "Elastische tape"},
        "created": "2025-02-05T08:00:00Z",
        "rating": "four stars",
        "variants": [variant(9181, price=9.95, sold=False)],
    },
]


def load_schema() -> GraphQLSchema:
    """The schema; `assume_valid` because Shopify deprecates fields of its own interfaces."""
    assert SCHEMA.exists(), "Run scripts/fetch-shopify-schema.sh first."
    raw = json.loads(SCHEMA.read_text())
    introspection = raw.get("data", raw)
    described = introspection["__schema"]
    # graphql-core executes no schema that has these, and no query here uses them.
    described["directives"] = [
        one for one in described["directives"] if one["name"] not in ("defer", "stream")
    ]
    return build_client_schema(introspection, assume_valid=True)


class Storefront:
    """Answers queries as Shopify does. `asked` lists their variables.

    `page` caps a page of products, `variants` one of variants.
    """

    def __init__(self, products: list[dict[str, Any]] = PRODUCTS) -> None:
        self.schema = load_schema()
        self.products = products
        self.asked: list[dict[str, Any]] = []
        self.page = self.variants = MAX_FIRST

    def serve(self, server: Server) -> None:
        """Answer at `PATH` of a loopback server."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            if handler.headers.get("X-Shopify-Storefront-Access-Token") != TOKEN:
                return reply(handler, b'{"errors": "[API] Invalid API key"}', 401)
            asked = json.loads(server.bodies[-1])
            answered = self.run(asked["query"], asked["variables"])
            return reply(handler, json.dumps(answered).encode())

        server.answers[PATH] = answer

    def run(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        document = parse(query)
        if errors := validate(self.schema, document):
            return {"errors": [error.formatted for error in errors]}
        self.asked.append(variables)
        # @inContext is given by these two variables in every query of ours.
        country, language = variables.get("country", "NL"), variables.get("language", "EN")
        assert "@inContext(country: $country, language: $language)" in query
        items = [_product(one, country, language, self.variants) for one in self.products]
        result = execute_sync(
            self.schema,
            document,
            root_value=self._root(items) | _localization(language),
            variable_values=variables,
        )
        return result.formatted

    def _root(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        nodes = {item["id"]: item for item in items}
        for item in items:
            nodes |= {one["id"]: one | {"product": item} for one in item["all_variants"]}

        def by_ids(info: Any, ids: list[str]) -> list[dict[str, Any] | None]:
            if len(ids) > MAX_FIRST:
                raise GraphQLError("The input array size is too large.")
            return [nodes.get(one) for one in ids]

        def product(info: Any, handle: str = "", id: str = "") -> dict[str, Any] | None:
            return next(
                (item for item in items if handle == item["handle"] or id == item["id"]), None
            )

        def listed(
            info: Any, first: int, after: str | None = None, query: str | None = None, **_: Any
        ) -> dict[str, Any]:
            chosen = sorted(items, key=lambda item: item["createdAt"])
            if query:
                since = re.fullmatch(r"created_at:>='([0-9TZ:-]+)'", query)[1]
                chosen = [item for item in chosen if item["createdAt"] >= since]
            return connection(chosen, first, after, self.page)

        def search(info: Any, query: str, first: int, **_: Any) -> dict[str, Any]:
            words = query.lower().split()
            found = [item for item in items if all(w in item["title"].lower() for w in words)]
            return connection(found, first, None, self.page)

        return {"nodes": by_ids, "product": product, "products": listed, "search": search}


def connection(items: list[Any], first: int, after: str | None, most: int) -> dict[str, Any]:
    """A page of `items`, of `most` at most."""
    if first > MAX_FIRST:
        raise GraphQLError(f"first cannot exceed {MAX_FIRST}")
    start = int(after or 0)
    end = start + min(first, most)
    info = {"hasNextPage": end < len(items), "endCursor": str(end)}
    return {"nodes": items[start:end], "pageInfo": info}


def _localization(language: str) -> dict[str, Any]:
    """The language of the answer: the shop's own where it does not publish the one asked for."""
    published = {code for one in PRODUCTS for code in one["titles"]}
    spoken = language if language in published else "EN"
    return {"localization": {"language": {"isoCode": spoken}}}


def _metafield(one: dict[str, Any]) -> Callable[..., dict[str, Any] | None]:
    texts = {
        ("reviews", "rating"): "rating",
        ("reviews", "rating_count"): "rating_count",
        ("mm-google-shopping", "condition"): "condition",
    }

    def metafield(info: Any, key: str, namespace: str) -> dict[str, Any] | None:
        value = one.get(texts[namespace, key])
        return {"value": value} if value else None

    return metafield


def _product(one: dict[str, Any], country: str, language: str, most: int) -> dict[str, Any]:
    handle = one["handle"]
    variants = [_variant(each, country) for each in one["variants"]]

    def image_url(info: Any, transform: dict[str, Any]) -> str:
        return f"https://cdn.shopify.com/s/files/1/{handle}.jpg?width={transform['maxWidth']}"

    return {
        "__typename": "Product",
        "id": f"gid://shopify/Product/{one['number']}",
        "handle": handle,
        "title": one["titles"].get(language, one["titles"]["EN"]),
        "description": lambda info, truncateAt, **_: f"About the {handle}. Warm & soft."[
            :truncateAt
        ],
        "onlineStoreUrl": f"https://shop.atlas-axis.example/products/{handle}"
        if one.get("online", True)
        else None,
        "createdAt": one["created"],
        "featuredImage": {"url": image_url, "altText": None},
        "metafield": _metafield(one),
        "vendor": "Atlas & Axis",
        "requiresSellingPlan": one.get("subscription", False),
        "variants": lambda info, first, after=None, **_: connection(variants, first, after, most),
        "all_variants": variants,
    }


def _variant(one: dict[str, Any], country: str) -> dict[str, Any]:
    currency, rate = _CURRENCIES.get(country, _CURRENCIES["NL"])

    def money(euro: float | None) -> dict[str, Any] | None:
        # Shopify writes no more digits than it needs: "24.5", "89.0".
        return euro and {"amount": str(round(euro * rate, 2)), "currencyCode": currency}

    measurement = {"referenceValue": 100, "referenceUnit": "ML"} if "per_100_ml" in one else None
    return {
        "__typename": "ProductVariant",
        "id": f"gid://shopify/ProductVariant/{one['number']}",
        "title": one["title"],
        "sku": one["sku"],
        "barcode": one.get("barcode"),
        "quantityRule": {"minimum": one["least"]},
        "metafield": _metafield(one),
        "availableForSale": one["sold"],
        "currentlyNotInStock": one["backorder"],
        "price": money(one["price"]),
        "compareAtPrice": money(one.get("was")),
        "unitPrice": money(one.get("per_100_ml")),
        "unitPriceMeasurement": measurement,
        "image": None,
    }
