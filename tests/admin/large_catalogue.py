"""A catalogue of any size, written by PostgreSQL itself, and a count of the rows that a view reads.

Of 1,000 products one is withdrawn and one of another shop; of 5,000 one is on back order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anodyne_blocks import conf
from anodyne_blocks.models import Offer, Product

MARKETS = {"nl": "EUR", "da": "DKK", "sv": "SEK", "de": "EUR", "en": "GBP"}
TABLES = {model._meta.db_table for model in (Product, Offer)}

_PRODUCTS = """
    INSERT INTO anodyne_blocks_product (name, shop, external_id, image_url, status, created_at,
        next_refresh_at, refresh_failures, refresh_error, image_error, regulated)
    SELECT 'Lumbar cushion number ' || n,
        CASE WHEN n %% 1000 = 7 THEN 'outlet' ELSE 'webshop' END, 'sku-' || n, '',
        CASE WHEN n %% 1000 = 3 THEN 'withdrawn' ELSE 'active' END, now(), now(), 0, '', '', ''
    FROM generate_series(1, %s) AS n
"""
_OFFERS = """
    INSERT INTO anodyne_blocks_offer (product_id, market, title, description, url, price, currency,
        unit_measure, availability, image_alt, checked_at, times_gone, prior_status, prior_origin,
        rule, condition, variant, sku, gtin, pack, seller, source, is_from, notes, gap,
        refresh_error, brand)
    SELECT id, %s, %s || ' ' || name, '', 'https://shop.example/' || external_id,
        10 + id %% 90, %s, '',
        CASE WHEN id %% 5000 = 11 THEN 'backorder' ELSE 'in_stock' END,
        '', now(), 0, 'no_history', 'history', %s, '', '', '', '', '', '', '', false, '', '', '', ''
    FROM anodyne_blocks_product WHERE external_id LIKE 'sku-%%'
"""


def fill(products: int) -> None:
    """Write so many products with five offers each, and tell the planner of them."""
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, [products])
        for market, currency in MARKETS.items():
            rule = conf.markets()[market].fingerprint
            cursor.execute(_OFFERS, [market, f"{market.capitalize()}kussen", currency, rule])
        cursor.execute("ANALYZE")


def rows_read(client: Client, url: str, **query: Any) -> tuple[int, list[str]]:
    """How many rows of products and offers a view's queries touch, by `EXPLAIN ANALYZE`.

    With the plans that touch any, for the reader of a failure.
    """
    client.get(url, query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, query).status_code == 200
    total, plans = 0, []
    for statement in (entry["sql"] for entry in captured.captured_queries):
        if not statement.startswith("SELECT") or not any(name in statement for name in TABLES):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}".replace("%", "%%"), [])
            (answer,) = cursor.fetchone()
        (plan,) = json.loads(answer) if isinstance(answer, str) else answer
        read = sum(_read(node) for node in _nodes(plan["Plan"]))
        total += read
        kinds = [
            f"{node['Node Type']} {node.get('Index Name', '')}" for node in _nodes(plan["Plan"])
        ]
        plans.append(f"{read} rows, {plan['Execution Time']} ms: {kinds} of {statement}")
    return total, plans


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _read(node: dict[str, Any]) -> int:
    if node.get("Relation Name") not in TABLES:
        return 0
    dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return round((node["Actual Rows"] + dropped) * node["Actual Loops"])
