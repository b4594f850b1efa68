"""A real Vendure in memory, and its admin's hands: products, prices, deletions."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tests.shops.servers.running import (
    Deliveries,
    documented_js,
    free_port,
    installed,
    node,
    running,
)

LANGUAGES = ("en", "nl", "da", "sv", "de", "ar")
# Prices with tax, in minor units.
PRODUCTS: dict[str, dict[str, Any]] = {
    "lumbar-brace": {
        "en": "Lumbar support brace", "nl": "Lendensteun & riem", "stock": 40,
        "variants": [{"EUR": 5300, "DKK": 39900}, {"EUR": 5700, "DKK": 42900}],
        "rating": 4.5, "ratingCount": 12,
    },
    "neck-pillow": {
        "en": "Neck pillow", "nl": "Nekkussen", "stock": 0, "variants": [{"EUR": 3975}],
    },
    "standing-mat": {
        "en": "Balance mat", "nl": "Balansmat", "stock": 5,
        "variants": [{"EUR": 7950, "DKK": 59900}],
    },
}  # fmt: skip


class VendureServer:
    """`url` is the Shop API's address, `admin_url` the Admin API's, `ids` the products' by slug.

    `deliveries` are the notifications that the documented script sends.
    """

    def __init__(self, base: str, deliveries: Deliveries) -> None:
        self.deliveries = deliveries
        self.url = f"{base}/shop-api"
        self.admin_url = f"{base}/admin-api"
        self._token = ""
        self.ids: dict[str, str] = {}
        self.variants: dict[str, list[str]] = {}
        self._set_up()

    def admin(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of the Admin API's answer."""
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(self.admin_url, body, headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            self._token = response.headers.get("vendure-auth-token") or self._token
            answer = json.load(response)
        if answer.get("errors"):
            raise AssertionError(answer["errors"])
        return answer["data"]

    def add(self, slug: str, said: Mapping[str, Any]) -> None:
        """Put a product on sale."""
        translations = [
            {"languageCode": code, "name": said[code], "slug": slug,
             "description": f"<p>{said[code]}, <b>{code}</b></p>"}
            for code in LANGUAGES if code in said
        ]  # fmt: skip
        custom = {name: said[name] for name in ("rating", "ratingCount") if name in said}
        given = {"translations": translations, "customFields": custom}
        product = self.admin(
            "mutation($input: CreateProductInput!) { createProduct(input: $input) { id } }",
            input=given,
        )["createProduct"]
        group = self.admin(
            "mutation($input: CreateProductOptionGroupInput!) {"
            " createProductOptionGroup(input: $input) { id options { id } } }",
            input={
                "code": f"{slug}-size",
                "translations": [{"languageCode": "en", "name": "Size"}],
                "options": [
                    {"code": f"{slug}-{n}", "translations": [{"languageCode": "en", "name": n}]}
                    for n in map(str, range(len(said["variants"])))
                ],
            },
        )["createProductOptionGroup"]
        self.admin(
            "mutation($product: ID!, $group: ID!) {"
            " addOptionGroupToProduct(productId: $product, optionGroupId: $group) { id } }",
            product=product["id"], group=group["id"],
        )  # fmt: skip
        variants = self.admin(
            "mutation($input: [CreateProductVariantInput!]!) {"
            " createProductVariants(input: $input) { id } }",
            input=[
                {
                    "productId": product["id"], "sku": f"{slug}-{n}", "optionIds": [option["id"]],
                    "stockOnHand": said["stock"], "trackInventory": "TRUE",
                    "translations": [{"languageCode": "en", "name": f"{said['en']} {n}"}],
                }
                for n, option in enumerate(group["options"])
            ],
        )["createProductVariants"]  # fmt: skip
        self.ids[slug] = product["id"]
        self.variants[slug] = [variant["id"] for variant in variants]
        for i, prices in zip(self.variants[slug], said["variants"], strict=True):
            self._update([{"id": i, "prices": _prices(prices)}])

    def sell_in(self, languages: Sequence[str], currencies: Sequence[str]) -> None:
        """The languages and currencies of the only channel, whose own are the first of each."""
        self.admin(
            "mutation($input: UpdateGlobalSettingsInput!) {"
            " updateGlobalSettings(input: $input) { __typename } }",
            input={"availableLanguages": languages},
        )
        channel = self.admin("{ activeChannel { id } }")["activeChannel"]
        self.admin(
            "mutation($input: UpdateChannelInput!) { updateChannel(input: $input) {__typename} }",
            input={
                "id": channel["id"], "pricesIncludeTax": True,
                "defaultCurrencyCode": currencies[0], "availableCurrencyCodes": currencies,
                "availableLanguageCodes": languages,
            },
        )  # fmt: skip

    def set_price(self, slug: str, compare_at: int | None = None, **prices: int) -> None:
        """New prices (EUR=3975) for all variants of a product, and what is struck through."""
        custom = {"compareAtPrice": compare_at}
        self._update(
            [
                {"id": i, "prices": _prices(prices), "customFields": custom}
                for i in self.variants[slug]
            ]
        )

    def delete(self, slug: str) -> None:
        """Take a product out of the shop for ever."""
        self.admin("mutation($id: ID!) { deleteProduct(id: $id) { result } }", id=self.ids[slug])

    def wait_for_search(self, seconds: float = 30) -> None:
        """Wait until the shop has done its waiting jobs, of which the search index is one."""
        query = '{ jobs(options: {filter: {state: {in: ["PENDING", "RUNNING"]}}}) { totalItems } }'
        ends = time.monotonic() + seconds
        while self.admin(query)["jobs"]["totalItems"]:
            assert time.monotonic() < ends, "Vendure's jobs take too long"
            time.sleep(0.2)

    def _update(self, variants: list[dict[str, Any]]) -> None:
        self.admin(
            "mutation($input: [UpdateProductVariantInput!]!) {"
            " updateProductVariants(input: $input) { id } }",
            input=variants,
        )

    def _set_up(self) -> None:
        who = 'username: "superadmin", password: "superadmin"'
        self.admin(f"mutation {{ login({who}) {{ __typename }} }}")
        self.sell_in(languages=["en", "nl"], currencies=["EUR", "DKK"])
        for slug, said in PRODUCTS.items():
            self.add(slug, said)
        self.wait_for_search()


def _prices(prices: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"currencyCode": code, "price": amount} for code, amount in prices.items()]


@contextmanager
def vendure_server() -> Iterator[VendureServer]:
    """A Vendure that sells `PRODUCTS`, gone when the `with` ends."""
    folder, port = installed("vendure"), free_port()
    (folder / "anodyne.js").write_text(documented_js("vendure"))
    with Deliveries() as deliveries:
        env = {"PORT": str(port), "VENDURE_DISABLE_TELEMETRY": "true"} | deliveries.env
        with running(node("server.js"), folder, env, ready="READY"):
            yield VendureServer(f"http://127.0.0.1:{port}", deliveries)
