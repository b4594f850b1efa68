"""WooCommerce's Store API as a real one answers (10.5 and 11.0), with products of our own."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.shops.conftest import Server, reply

PATH = "/wp-json/wc/store/v1/products"
SHOP = "https://shop.atlas-axis.example"


def prices(
    price: str,
    regular: str = "",
    currency: str = "EUR",
    decimals: int = 2,
    between: tuple[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "price": price,
        "regular_price": regular or price,
        "sale_price": price,
        "price_range": between and dict(zip(("min_amount", "max_amount"), between, strict=True)),
        "currency_code": currency,
        "currency_minor_unit": decimals,
    }


def product(number: int, name: str, **fields: Any) -> dict[str, Any]:
    slug = name.lower().replace(" ", "-")
    return {
        "id": number,
        "name": name,
        "slug": slug,
        "type": "simple",
        "parent": 0,
        "sku": "",
        "variation": "",
        "permalink": f"{SHOP}/product/{slug}/",
        "short_description": f"<p>{name}, <b>short</b></p>\n",
        "description": f"<p>{name}, at length</p>\n",
        "on_sale": False,
        "prices": prices("5300"),
        "average_rating": "0",
        "review_count": 0,
        "images": [],
        "is_purchasable": True,
        "is_in_stock": True,
        "is_on_backorder": False,
        "low_stock_remaining": None,
        "stock_availability": {"text": "", "class": "in-stock"},
        "has_options": False,
        "variations": [],
        "grouped_products": [],
        "is_password_protected": False,
    } | fields


def variable(number: int, name: str, numbers: list[int], **fields: Any) -> dict[str, Any]:
    """A product with these variations, whose prices lie between 15.00 and 25.00."""
    sizes = dict(zip(numbers, "SMLX", strict=False))
    return product(
        number,
        name,
        **{
            "type": "variable",
            "has_options": True,
            "prices": prices("1500", between=("1500", "2500")),
            "variations": [
                {"id": n, "attributes": [{"name": "Size", "value": sizes.get(n, "?")}]}
                for n in numbers
            ],
        }
        | fields,
    )


def variation(number: int, parent: int, size: str, price: str, **fields: Any) -> dict[str, Any]:
    """One of a product's variations, with an article number of its own."""
    own = {
        "type": "variation",
        "parent": parent,
        "variation": f"Size: {size}",
        "sku": f"AX-{number}",
        "short_description": "",
        "description": "",
        "prices": prices(price),
    }
    return product(number, "Knee brace", **own | fields)


class Woo:
    """The Store API's list over products and variations, with its limits and its habits."""

    def __init__(self, server: Server, *products: dict[str, Any]) -> None:
        self.products = list(products)
        self.hides_sold_out = False
        self.asked: list[dict[str, str]] = []
        server.answers[PATH] = self.answer

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        query = parse_qs(urlsplit(handler.path).query)
        asked = {name: values[-1] for name, values in query.items()}
        self.asked.append(asked)
        size = int(asked.get("per_page", 10))
        if not 1 <= size <= 100:
            body = {"code": "rest_invalid_param", "data": {"status": 400}}
            reply(handler, json.dumps(body).encode(), 400)
            return
        found = self.products
        is_variation = asked.get("type") == "variation"
        found = [p for p in found if (p["type"] == "variation") == is_variation]
        if "stock_status" in asked:
            found = [p for p in found if not p["is_in_stock"]]
        elif self.hides_sold_out:
            found = [p for p in found if p["is_in_stock"]]
        if "include" in asked:
            found = [p for p in found if str(p.get("id", "")) in [*asked["include"].split(","), ""]]
        if "search" in asked:
            found = [p for p in found if asked["search"].lower() in p["name"].lower()]
        if asked.get("orderby") == "id":
            found = sorted(found, key=lambda p: p.get("id", 0))
        start = (int(asked.get("page", 1)) - 1) * size
        page = found[start : start + size]
        if "_fields" in asked:
            page = [{k: v for k, v in p.items() if k in asked["_fields"].split(",")} for p in page]
        reply(handler, json.dumps(page).encode(), X_WP_Total=str(len(found)))
