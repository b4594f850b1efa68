"""A real Medusa with a PostgreSQL database of its own, and its admin's hands."""

from __future__ import annotations

import base64
import json
import os
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from tests.shops.servers.running import (
    HERE,
    Deliveries,
    documented_js,
    free_port,
    installed,
    node,
    run,
    running,
)

# Prices by variant: in EUR with tax, in DKK without.
PRODUCTS: list[dict[str, Any]] = [
    {"handle": "lumbar-brace", "title": "Lumbar support brace", "stock": 40,
     "prices": [{"eur": 53, "dkk": 319.2}, {"eur": 57.5, "dkk": 343.2}]},
    {"handle": "neck-pillow", "title": "Neck pillow", "stock": 0, "prices": [{"eur": 39.75}]},
    {"handle": "standing-mat", "title": "Balance mat", "stock": 0, "managed": False,
     "prices": [{"eur": 79.95, "dkk": 479.2}]},
    {"handle": "massage-balls", "title": "Massage balls", "stock": 7, "prices": [{"eur": 14.95}]},
]  # fmt: skip
CLI = "node_modules/@medusajs/cli/cli.js"


class MedusaServer:
    """`url` is the server's address, `key` the publishable key, `ids` the products' by handle.

    `deliveries` are the notifications that the documented subscriber sends.
    """

    def __init__(self, url: str, seed: dict[str, Any], deliveries: Deliveries) -> None:
        self.deliveries = deliveries
        self.url = url
        self.key: str = seed["key"]
        self.ids: dict[str, str] = seed["products"]
        self._authorization = "Basic " + base64.b64encode(f"{seed['admin']}:".encode()).decode()

    def admin(self, method: str, path: str, data: Any = None) -> dict[str, Any]:
        """The answer of the Admin API."""
        headers = {"Content-Type": "application/json", "Authorization": self._authorization}
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"{self.url}/admin/{path}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    def variants(self, handle: str) -> list[str]:
        """The ids of a product's variants, in their order."""
        fields = "id,variants.id,variants.sku"
        found = self.admin("GET", f"products/{self.ids[handle]}?fields={fields}")["product"]
        return [one["id"] for one in sorted(found["variants"], key=lambda one: one["sku"])]

    def start_sale(self, handle: str, **prices: float) -> None:
        """A price list of type "sale" for all variants of a product (eur=39.75)."""
        self.admin("POST", "price-lists", {
            "title": "Sale", "description": "Sale", "type": "sale", "status": "active",
            "prices": [
                {"variant_id": variant, "currency_code": code, "amount": amount}
                for variant in self.variants(handle)
                for code, amount in prices.items()
            ],
        })  # fmt: skip

    def delete(self, handle: str) -> None:
        """Take a product out of the shop for ever."""
        self.admin("DELETE", f"products/{self.ids[handle]}")


@contextmanager
def medusa_server() -> Iterator[MedusaServer]:
    """A Medusa that sells `PRODUCTS`; it and its database are gone when the `with` ends.

    PostgreSQL is the one at PGHOST and PGPORT, by default 127.0.0.1:5432 without a password.
    """
    folder = installed("medusa")
    subscriber = folder / "src" / "subscribers" / "anodyne.js"
    subscriber.parent.mkdir(exist_ok=True)
    subscriber.write_text(documented_js("medusa"))
    host, port = os.environ.get("PGHOST", "127.0.0.1"), os.environ.get("PGPORT", "5432")
    user = os.environ.get("PGUSER", "postgres")
    psql = ["psql", "-h", host, "-p", port, "-U", user, "-d", "postgres", "-c"]
    name = f"anodyne_blocks_medusa_{uuid4().hex[:8]}"
    env = {
        "DATABASE_URL": f"postgres://{user}@{host}:{port}/{name}",
        "MEDUSA_DISABLE_TELEMETRY": "true",
        "NODE_ENV": "production",
        "PRODUCTS": json.dumps(PRODUCTS),
    }
    run([*psql, f"CREATE DATABASE {name}"], HERE)
    try:
        run(["node", CLI, "db:migrate"], folder, env)
        said = run(["node", CLI, "exec", "./src/scripts/seed.js"], folder, env)
        seed = json.loads(re.search(r"SEED (\{.*\})", said)[1])
        listen = free_port()
        start = node(CLI, "start", "-H", "127.0.0.1", "-p", str(listen))
        with Deliveries() as deliveries:
            with running(start, folder, env | deliveries.env, ready="Server is ready"):
                yield MedusaServer(f"http://127.0.0.1:{listen}", seed, deliveries)
    finally:
        run([*psql, f"DROP DATABASE {name} WITH (FORCE)"], HERE)
