"""Saleor's API as a real one answers (3.24), with products of our own."""

from __future__ import annotations

import base64
import json
from http.server import BaseHTTPRequestHandler
from typing import Any

from anodyne_blocks.shops.saleor import PAGE, Saleor
from tests.shops.conftest import Server, reply

PATH = "/graphql/"


def global_id(kind: str, number: int) -> str:
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


BRACE, BALM = global_id("Product", 1), global_id("Product", 7)
FIRST, SECOND = global_id("ProductVariant", 1), global_id("ProductVariant", 7)


def taxed(gross: int, net: int, currency: str = "EUR", digits: int = 2) -> dict[str, Any]:
    """Both in the smallest unit, as Saleor gives them."""
    return {
        "currency": currency,
        "gross": {"fractionalAmount": gross, "fractionDigits": digits},
        "net": {"fractionalAmount": net, "fractionDigits": digits},
    }


def variant(number: int, name: str = "", price: Any = None, **fields: Any) -> dict[str, Any]:
    """A variant that costs 12.95, of which five are left, unless the fields say otherwise."""
    price = price or taxed(1295, 1070)
    return {
        "id": global_id("ProductVariant", number),
        "name": name,
        "sku": f"AX-{number}",
        "trackInventory": True,
        "translation": None,
        "quantityAvailable": 5,
        "preorder": None,
        "pricing": {"price": price, "priceUndiscounted": price, "pricePrior": None},
    } | fields


def product(number: int, slug: str, name: str, **fields: Any) -> dict[str, Any]:
    text = {"blocks": [{"type": "paragraph", "data": {"text": f"About <b>{slug}</b>."}}]}
    return {
        "id": global_id("Product", number),
        "name": name,
        "slug": slug,
        "description": json.dumps(text),
        "rating": None,
        "isAvailableForPurchase": True,
        "availableForPurchaseAt": None,
        "translation": None,
        "thumbnail": {"url": f"https://cdn.saleor.example/{slug}_1024.webp", "alt": ""},
        "pricing": {"displayGrossPrices": True},
        "variants": [variant(number)],
    } | fields


ON_SALE = {
    "price": taxed(3975, 3285),
    "priceUndiscounted": taxed(5300, 4380),
    "pricePrior": taxed(4770, 3942),
}
PRODUCTS = [
    product(
        1,
        "lumbar-brace",
        "Lumbar support brace",
        translation={"name": "Rugbrace", "slug": "rugbrace", "description": None},
        rating=4.6,
        variants=[variant(1, quantityAvailable=50, pricing=ON_SALE)],
    ),
    product(7, "warming-balm", "Warmtebalsem"),
]
SOLD = {"open": {"slug": "eu"}, "sold": {"edges": [{"node": {"id": BRACE}}]}}


def canned(asked: dict[str, Any], products: list[dict[str, Any]], page: int) -> dict[str, Any]:
    """What Saleor answers to either query, of a channel that sells these products."""
    if "first" not in asked:
        known = {one[key]: one for one in products for key in ("id", "slug")}
        known |= {v["id"]: v | {"product": one} for one in products for v in one["variants"]}
        return {k: known.get(v) for k, v in asked.items() if k[0] == "p"} | SOLD
    word = (asked.get("search") or "").lower()
    chosen = [one for one in products if word in str(one["translation"]).lower() or not word]
    start = int(asked.get("after") or 0)
    end = start + min(asked["first"], page)
    info = {"hasNextPage": end < len(chosen), "endCursor": str(end)}
    edges = [{"node": one} for one in chosen[start:end]]
    return {"products": {"edges": edges, "pageInfo": info}} | SOLD


def answering(server: Server, *products: dict[str, Any], page: int = PAGE, **beside: Any) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked = json.loads(server.bodies[-1])["variables"]
        data = canned(asked, list(products) or PRODUCTS, page)
        reply(handler, json.dumps({"data": data} | beside).encode())

    server.answers[PATH] = answer


def made(server: Server, **options: Any) -> Saleor:
    options = {"channel": "eu", "language": "nl", "allow_private": True} | options
    return Saleor("saleor", url=server.url + PATH, **options)
