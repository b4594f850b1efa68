"""The demo shop's feeds: up to date with their source, readable, and with the story they tell."""

from __future__ import annotations

import csv
import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.offer import ShopOffer

FEEDS = Path(__file__).parents[2] / "example_site" / "feeds"
MARKETS = [
    Market("nl", ("nl",), "NL", "EUR"),
    Market("da", ("da",), "DK", "DKK"),
    Market("sv", ("sv",), "SE", "SEK"),
    Market("de", ("de",), "DE", "EUR"),
    Market("en", ("en",), "GB", "GBP"),
    Market("ar", ("ar",), "AE", "AED"),
]
every_market = pytest.mark.parametrize("market", MARKETS, ids=lambda market: market.key)


def offers(market: Market, folder: str = "") -> dict[str, ShopOffer]:
    shop = MerchantFeed("demo", location=str(FEEDS / folder / "{market}.xml"))
    return {offer.external_id: offer for offer in shop.catalogue(market)}


def test_the_files_are_what_their_source_makes() -> None:
    spec = importlib.util.spec_from_file_location("build", FEEDS / "build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    for name, content in build.files().items():
        written = (FEEDS / name).read_text(encoding="utf-8")
        assert written == content, f"{name}: run python example_site/feeds/build.py"


@every_market
def test_one_product_is_withdrawn_and_one_sold_out(market: Market) -> None:
    now, before = offers(market), offers(market, "last-season")
    assert len(set(now) | set(before)) == 12
    assert set(before) - set(now) == {"massage-balls"}
    assert set(now) - set(before) == {"wedge-cushion"}
    sold_out = [i for i, offer in now.items() if offer.availability == Stock.OUT_OF_STOCK]
    assert sold_out == ["rocking-footrest"]
    assert [i for i, offer in before.items() if offer.list_price] == []


@every_market
def test_the_sales_take_off_what_the_demo_says(market: Market) -> None:
    percent = {
        i: int((1 - offer.price / offer.list_price) * 100)
        for i, offer in offers(market).items()
        if offer.list_price
    }
    expected = {"lumbar-brace": 25, "wedge-cushion": 15, "neck-pillow": 20, "knee-sleeve": 30}
    assert percent == expected


@every_market
def test_the_history_ends_in_today_s_prices(market: Market) -> None:
    with (FEEDS / "price_history.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["market"] == market.key]
    last: dict[str, dict[str, str]] = {}
    for row in rows:
        known = last.setdefault(row["external_id"], row)
        assert int(row["days_ago"]) <= int(known["days_ago"]), "oldest first"
        last[row["external_id"]] = row
    now = offers(market)
    assert set(last) == set(now) | {"massage-balls"}
    for external_id, offer in now.items():
        row = last[external_id]
        assert Decimal(row["price"]) == offer.price
        assert (Decimal(row["list_price"]) if row["list_price"] else None) == offer.list_price
