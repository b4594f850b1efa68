"""Shopware's Store API as it answers a sales channel, with products of our own."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

from anodyne_blocks.shops import shopware
from tests.shops.conftest import Server, reply

KEY = "hush-access"
TOKEN = "hush-context"


def uuid(number: int) -> str:
    return f"{number:032x}"


BRACE, BALM, SLEEVES, SLEEVE = (uuid(number) for number in (0xA1, 0xA7, 0xA9, 0xAA))


def price(unit: Any, **fields: Any) -> dict[str, Any]:
    nothing = {"listPrice": None, "regulationPrice": None, "referencePrice": None}
    return {"unitPrice": unit, "quantity": 1, "apiAlias": "calculated_price"} | nothing | fields


def product(id: str, number: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": id,
        "parentId": None,
        "productNumber": number,
        "ean": None,
        "name": name,
        "description": f"<p>About {number}.</p>",
        "translated": {"name": name, "description": f"<p>About {number}.</p>"},
        "childCount": 0,
        "available": True,
        "availableStock": 12,
        "minPurchase": 1,
        "releaseDate": None,
        "ratingAverage": None,
        "calculatedPrice": price(12.95),
        "calculatedPrices": [],
        "cover": None,
        "options": None,
        "unit": None,
        "manufacturer": None,
        "seoUrls": None,
        "apiAlias": "product",
    } | fields


PRODUCTS = [
    product(
        BRACE,
        "AX-1",
        "Rugbrace",
        ratingAverage=4.5,
        calculatedPrice=price(
            39.75,
            listPrice={"price": 53, "discount": -13.25, "percentage": 25},
            regulationPrice={"price": 47.7},
        ),
        cover={"media": {"url": "https://cdn.example/1.webp", "translated": {"alt": "A brace"}}},
        manufacturer={"translated": {"name": "Atlas & Axis"}},
        seoUrls=[{"seoPathInfo": "Rugbrace/AX-1"}],
    ),
    product(
        BALM,
        "AX-7",
        "Warmtebalsem",
        calculatedPrice=price(
            12.95,
            referencePrice={
                "price": 17.266667,
                "purchaseUnit": 75,
                "referenceUnit": 100,
                "unitName": "Milliliter",
            },
        ),
        unit={"translated": {"shortCode": "ml"}},
    ),
    product(SLEEVES, "AX-9", "Kniebrace", childCount=2),
    product(
        SLEEVE,
        "AX-9.1",
        "Kniebrace",
        parentId=SLEEVES,
        options=[{"translated": {"name": "M"}}, {"translated": {"name": "Grey"}}],
    ),
]


class Store:
    """A sales channel that answers the Store API's routes from `products`."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.products = PRODUCTS
        self.page = shopware.PAGE
        self.currencies = {"EUR": uuid(0xE0), "DKK": uuid(0xD0)}
        self.countries = {"NL": uuid(0xC1), "DK": uuid(0xC2)}
        self.languages = {"nl-NL": uuid(0xB1), "da-DK": uuid(0xB2), "de-DE": uuid(0xB3)}
        self.chosen: dict[str, str] = {}
        self.context: dict[str, Any] = {"taxState": "gross"}
        # The loopback server answers PATCH as it answers the others.
        server.httpd.RequestHandlerClass.do_PATCH = server.httpd.RequestHandlerClass.do_GET
        for path in ("product", "search", "currency", "country", "language", "context"):
            server.answers[f"/store-api/{path}"] = self.answer

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.headers["sw-access-key"] != KEY:
            return reply(handler, b'{"errors": [{"status": "412"}]}', 412)
        asked = json.loads(self.server.bodies[-1] or b"{}")
        if handler.command == "PATCH":
            self.chosen = asked
            return reply(handler, b'{"redirectUrl": null}', sw_context_token=TOKEN)
        routes = {
            "product": self.product_list,
            "search": self.search,
            "currency": self.currency,
            "country": self.country,
            "language": self.language,
            "context": self.current_context,
        }
        answered = routes[handler.path.rpartition("/")[2]](asked, handler)
        return reply(handler, json.dumps(answered).encode())

    def currency(self, asked: dict[str, Any], handler: BaseHTTPRequestHandler) -> list[Any]:
        code = asked["filter"][0]["value"]
        return [{"id": i, "isoCode": c} for c, i in self.currencies.items() if c == code]

    def country(self, asked: dict[str, Any], handler: BaseHTTPRequestHandler) -> dict[str, Any]:
        code = asked["filter"][0]["value"]
        found = [{"id": i, "iso": c} for c, i in self.countries.items() if c == code]
        return {"elements": found}

    def language(self, asked: dict[str, Any], handler: BaseHTTPRequestHandler) -> dict[str, Any]:
        known = self.languages.items()
        return {"elements": [{"id": i, "locale": {"code": c}} for c, i in known]}

    def current(self, handler: BaseHTTPRequestHandler) -> str:
        """The ISO code of the context's currency."""
        assert handler.headers["sw-context-token"] == TOKEN
        assert handler.headers["sw-language-id"] == self.chosen["languageId"]
        codes = {i: code for code, i in self.currencies.items()}
        return codes[self.chosen.get("currencyId", uuid(0xE0))]

    def current_context(
        self, asked: dict[str, Any], handler: BaseHTTPRequestHandler
    ) -> dict[str, Any]:
        # Before anything is agreed, the channel's own.
        code = self.current(handler) if handler.headers["sw-context-token"] else "EUR"
        return {"currency": {"isoCode": code}, "context": self.context}

    def product_list(
        self, asked: dict[str, Any], handler: BaseHTTPRequestHandler
    ) -> dict[str, Any]:
        self.current(handler)
        found = self.products
        for wanted in asked.get("filter", []):
            values = {one["field"]: one["value"] for one in wanted.get("queries", [wanted])}
            for field, value in values.items():
                # As MySQL compares: without case, without spaces at the end.
                given = value if isinstance(value, list) else [value]
                values[field] = [one.rstrip().lower() for one in given]
            found = [
                one
                for one in found
                if any(str(one[field]).lower() in value for field, value in values.items())
            ]
        start = (asked.get("page", 1) - 1) * self.page
        return {"elements": found[start : start + min(asked["limit"], self.page)]}

    def search(self, asked: dict[str, Any], handler: BaseHTTPRequestHandler) -> dict[str, Any]:
        word = asked["search"].lower()
        found = [one for one in self.products if word in one["translated"]["name"].lower()]
        return {"elements": found[: asked["limit"]], "apiAlias": "product_listing"}
