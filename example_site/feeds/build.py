"""Writes the demo shop's feeds and price history: texts from content/products.yaml, prices below.

Run it after changing either: python example_site/feeds/build.py
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from html import escape
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent
TEXTS = FOLDER.parent / "content" / "products.yaml"
SHOP = "https://shop.atlas-axis.example"

CURRENCIES = {"nl": "EUR", "da": "DKK", "sv": "SEK", "de": "EUR", "en": "GBP", "ar": "AED"}

# Prices outside any sale, in euros, Danish and Swedish crowns, pounds and dirhams.
PRICES = {
    "lumbar-brace": "53.00 399.00 599.00 46.00 220.00",
    "wedge-cushion": "39.90 295.00 429.00 34.00 159.00",
    "rocking-footrest": "69.00 519.00 769.00 59.00 279.00",
    "neck-pillow": "49.95 369.00 549.00 42.50 199.00",
    "knee-pillow": "29.95 225.00 329.00 25.50 119.00",
    "cherry-stone-pack": "19.95 149.00 219.00 16.95 79.00",
    "warming-balm": "12.95 95.00 139.00 10.95 52.00",
    "kinesio-tape": "9.95 75.00 109.00 8.50 39.00",
    "knee-sleeve": "27.95 209.00 299.00 24.00 115.00",
    "massage-balls": "14.95 109.00 159.00 12.95 59.00",
    "resistance-bands": "22.50 169.00 249.00 19.50 89.00",
    "standing-mat": "59.00 439.00 649.00 49.50 239.00",
}

# What the sales ask now. The knee sleeve's is its old price again: it was raised before.
SALES = {
    "lumbar-brace": "39.75 299.00 449.00 34.50 165.00",
    "neck-pillow": "39.95 295.00 439.00 34.00 159.00",
    "knee-sleeve": PRICES["knee-sleeve"],
    "wedge-cushion": "33.90 250.00 364.00 28.90 135.00",
}
RAISED = {"knee-sleeve": "39.95 299.00 429.00 34.50 165.00"}

SALE_DAYS_AGO = {"lumbar-brace": 6, "neck-pillow": 12, "knee-sleeve": 4, "wedge-cushion": 3}
RAISED_DAYS_AGO = 9
FIRST_SEEN_IN_SALE = {"wedge-cushion"}
WITHDRAWN = {"massage-balls"}
SOLD_OUT = {"rocking-footrest"}
MEASURES = {"warming-balm": ("75ml", "100ml"), "kinesio-tape": ("5m", "1m")}


def price(table: dict[str, str], product: str, market: str) -> Decimal:
    """The price that `table` has for a product in a market."""
    column = {"EUR": 0, "DKK": 1, "SEK": 2, "GBP": 3, "AED": 4}[CURRENCIES[market]]
    return Decimal(table[product].split()[column])


def feed(market: str, texts: dict[str, dict[str, dict[str, str]]], *, current: bool) -> str:
    """The market's feed as XML: today's, or last season's, which had no sale.

    Last season had no product that was first seen in this season's sale.
    """
    left_out = WITHDRAWN if current else FIRST_SEEN_IN_SALE
    items = [
        item(market, product, texts[product][market], current=current)
        for product in PRICES
        if product not in left_out
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n  <channel>\n'
        f"    <title>Atlas &amp; Axis</title>\n    <link>{SHOP}/{market}/</link>\n"
        f"    <description>{market}</description>\n{''.join(items)}  </channel>\n</rss>\n"
    )


def item(market: str, product: str, text: dict[str, str], *, current: bool) -> str:
    """One product of a market's feed."""
    on_sale = current and product in SALES
    regular = RAISED if on_sale and product in RAISED else PRICES
    fields = {
        "id": product,
        "title": text["title"],
        "description": text["description"],
        "link": f"{SHOP}/{market}/{product}",
        "image_link": f"{SHOP}/images/{product}.webp",
        "availability": "out_of_stock" if current and product in SOLD_OUT else "in_stock",
        "price": f"{price(regular, product, market)} {CURRENCIES[market]}",
    }
    if on_sale:
        fields["sale_price"] = f"{price(SALES, product, market)} {CURRENCIES[market]}"
    if product in MEASURES:
        measure, base = MEASURES[product]
        fields |= {"unit_pricing_measure": measure, "unit_pricing_base_measure": base}
    fields |= {"brand": "Atlas & Axis", "condition": "new"}
    lines = [
        f"      <g:{name}>{escape(value, quote=False)}</g:{name}>\n"
        for name, value in fields.items()
    ]
    return f"    <item>\n{''.join(lines)}    </item>\n"


def price_history() -> str:
    """Every price of every product and market with the days since it began, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["market", "external_id", "days_ago", "price", "list_price"])
    for market in CURRENCIES:
        for number, product in enumerate(PRICES):
            if product not in FIRST_SEEN_IN_SALE:
                days = 196 + number
                writer.writerow([market, product, days, price(PRICES, product, market), ""])
            regular = PRICES
            if product in RAISED:
                regular = RAISED
                raised = price(RAISED, product, market)
                writer.writerow([market, product, RAISED_DAYS_AGO, raised, ""])
            if product in SALES:
                now, before = price(SALES, product, market), price(regular, product, market)
                writer.writerow([market, product, SALE_DAYS_AGO[product], now, before])
    return out.getvalue()


def files() -> dict[str, str]:
    """Everything this script writes, by path below its own folder."""
    texts = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    made = {f"{market}.xml": feed(market, texts, current=True) for market in CURRENCIES}
    for market in CURRENCIES:
        made[f"last-season/{market}.xml"] = feed(market, texts, current=False)
    return made | {"price_history.csv": price_history()}


if __name__ == "__main__":
    for name, content in files().items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
