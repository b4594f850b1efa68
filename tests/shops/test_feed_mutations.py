"""A feed in which one datum is missing or is something else: it costs that datum or its product."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Found, Skipped
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from tests.shops.conftest import END, RSS
from tests.shops.mutations import check_harmless, mutations

SOLD: dict[str, Any] = {
    "id": "brace-m",
    "title": "Knee brace",
    "description": "Holds the knee.",
    "link": "https://shop.example/brace?size=m",
    "image_link": "https://shop.example/brace.jpg",
    "availability": "preorder",
    "availability_date": "2099-05-01T12:00Z",
    "price": "53.00 EUR",
    "sale_price": "39.75 EUR",
    "sale_price_effective_date": "2026-01-01/2099-01-01",
    "expiration_date": "2099-06-01",
    "condition": "used",
    "gtin": "4006381333931",
    "brand": "Atlas & Axis",
    "mpn": "KB-M",
    "identifier_exists": "yes",
    "item_group_id": "brace",
    "size": "M",
    "multipack": "2",
    "is_bundle": "no",
    "external_seller_id": "S1",
    "unit_pricing_measure": "2 ct",
    "unit_pricing_base_measure": "1 ct",
    "installment": {"months": "12", "amount": "3.50 EUR"},
    "structured_title": {"digital_source_type": "default", "content": "Knee brace"},
    "shipping": [{"country": "NL", "price": "4.95 EUR"}, {"country": "BE", "price": "6.95 EUR"}],
}
# Without one of these another price is the shop's own word.
PRICES = ("price", "sale_price", "sale_price_effective_date")


def elements(name: str, value: Any) -> str:
    """A datum as XML has it: parts within each other, and a list as the same element again."""
    if isinstance(value, list):
        return "".join(elements(name, part) for part in value)
    if isinstance(value, dict):
        inside = "".join(elements("x" if n == "?" else n, part) for n, part in value.items())
    else:
        inside = (
            "" if value is None else escape(str(value).lower() if value is False else str(value))
        )
    return f"<g:{name}>{inside}</g:{name}>"


@pytest.mark.once
def test_a_bad_datum_in_xml(tmp_path: Path, market: Market) -> None:
    path = tmp_path / "feed.xml"
    shop = MerchantFeed("feed", location=str(path))

    def answer(sold: dict[str, Any]) -> Any:
        inside = "".join(elements(name, value) for name, value in sold.items())
        other = "<item><g:id>lamp</g:id><g:title>Lamp</g:title><g:price>9 EUR</g:price></item>"
        path.write_text(f"{RSS}<item>{inside}</item>{other}{END}", encoding="utf-8")
        given = shop.fetch(["brace-m", "lamp"], market)
        assert isinstance(given["lamp"], Found)
        return given["brace-m"]

    healthy = answer(SOLD)
    assert isinstance(healthy, Found) and str(healthy.offer.price) == "39.75"
    count = 0
    for label, mutated in mutations(SOLD):
        count += 1
        given = answer(mutated)
        if label.startswith(PRICES) and isinstance(given, Found):
            assert str(given.offer.price) in ("39.75", "53.00"), label
        elif not label.startswith("mpn"):
            # Any text is a maker's number.
            check_harmless(label, given, healthy.offer)
    assert count > 250


@pytest.mark.once
@pytest.mark.parametrize("value", ["", "0", "false", "null", "[]", "{}", "?", '"', "x" * 30_000])
def test_a_bad_cell_in_text(tmp_path: Path, market: Market, value: str) -> None:
    sold = {name: text for name, text in SOLD.items() if isinstance(text, str)}
    path = tmp_path / "feed.tsv"
    shop = MerchantFeed("feed", location=str(path))
    for name in sold:
        row = "\t".join((sold | {name: value}).values())
        lamp = "\t".join({"id": "lamp", "title": "Lamp", "price": "9 EUR"}.get(n, "") for n in sold)
        path.write_text("\n".join(["\t".join(sold), row, lamp]), encoding="utf-8")
        entries = list(shop.catalogue(market))
        assert entries[-1].external_id == "lamp" and len(entries) == 2, name
        entry = entries[0]
        if isinstance(entry, Skipped):
            assert entry.reason.strip(), name
        else:
            assert str(entry.price) in ("39.75", "53.00") and entry.currency == "EUR", name
            assert entry.condition in ("used", "") and entry.sku in ("KB-M", value[:100], "")
