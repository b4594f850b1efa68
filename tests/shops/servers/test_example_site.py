"""What happens in a real Vendure, as the example site's readers and editors see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests import factories
from tests.shops.servers.example_server import ExampleSite, example_with, text_of
from tests.shops.servers.vendure_server import LANGUAGES, VendureServer, vendure_server

pytestmark = pytest.mark.shops

# One has a price history, the other is new.
ROLLER, REST = "back-roller", "foot-rest"
NAMES = {
    ROLLER: ["Back roller", "Rugroller", "Rygrulle", "Ryggrulle", "Rückenrolle", "أسطوانة للظهر"],
    REST: ["Foot rest", "Voetenbankje", "Fodskammel", "Fotpall", "Fußbank", "مسند للقدمين"],
}
PRICES = {"EUR": 5300, "DKK": 39900, "SEK": 59900, "GBP": 4500, "AED": 21000}
# The Dutch price, before and in the sale.
BEFORE, SALE = (factories.plain(factories.written(amount, "nl")) for amount in ("53", "39.75"))
ARTICLE = "de-beste-stoel-is-die-waar-je-uit-opstaat"


@pytest.fixture
def vendure() -> Iterator[VendureServer]:
    """A Vendure that sells two products in every market of the example site."""
    with vendure_server() as server:
        server.sell_in(LANGUAGES, list(PRICES))
        for slug, names in NAMES.items():
            texts = dict(zip(LANGUAGES, names, strict=True))
            server.add(slug, {**texts, "stock": 9, "variants": [PRICES]})
        yield server


@pytest.fixture
def site(vendure: VendureServer, tmp_path: Path) -> Iterator[ExampleSite]:
    options = {
        "url": vendure.url,
        "url_template": "https://shop.atlas-axis.example/{language}/{slug}",
        "list_price_field": "compareAtPrice",
        "allow_private": True,
    }
    shop = {"BACKEND": "anodyne_blocks.shops.vendure.Vendure", "OPTIONS": options}
    with example_with({"vendure": shop}, tmp_path) as site:
        yield site


def cards(site: ExampleSite, path: str) -> tuple[str, str, str | None]:
    """The roller's card and the foot rest's in words, and the roller's badge."""
    page = site.get(path)
    found = {
        text_of(card.select_one(".anodyne-product-card__title")): card
        for card in page.select(".anodyne-product-card")
    }
    roller, rest = found["Rugroller"], found["Voetenbankje"]
    assert not rest.select("s, .anodyne-product-card__badge")
    badge = roller.select_one(".anodyne-product-card__badge")
    assert bool(badge) == bool(roller.select("s"))
    return text_of(roller), text_of(rest), badge and text_of(badge.bdi)


def hand_over_history(site: ExampleSite, vendure: VendureServer, folder: Path) -> None:
    """The shop says that the roller has cost as much as now for two months."""
    moment = datetime.now(timezone.utc) - timedelta(days=60)
    rows = folder / "history.csv"
    rows.write_text(
        "market,external_id,effective_from,price\n"
        f"nl,{vendure.ids[ROLLER]},{moment.isoformat()},53.00\n"
    )
    site.manage("import_price_history", str(rows), "--shop", "vendure")


def refresh(site: ExampleSite) -> str:
    """One run of the command, when all products are due."""
    return site.manage("refresh_products", "--all")


def test_a_sale_and_a_deletion_reach_readers_and_editors(
    vendure: VendureServer, site: ExampleSite, tmp_path: Path
) -> None:
    site.manage("import_products", "--shop", "vendure")
    hand_over_history(site, vendure, tmp_path)
    ids = [vendure.ids[slug] for slug in NAMES]
    path = site.place("vendure", ids, "nl", ARTICLE)
    roller, rest, badge = cards(site, path)
    assert BEFORE in roller and BEFORE in rest and badge is None
    assert "Laagste prijs" not in roller + rest

    for slug in NAMES:
        vendure.set_price(slug, EUR=3975, compare_at=8000)
    refresh(site)
    roller, rest, badge = cards(site, path)
    # 25 % below the lowest price of the 30 days before, which can be read.
    assert badge == factories.off(25, "nl")
    assert SALE in roller and f"Laagste prijs van de 30 dagen vóór de korting: {BEFORE}" in roller
    # A price that was first seen today proves nothing, and neither does what the shop strikes out.
    assert SALE in rest and "53,00" not in rest
    assert "80,00" not in roller + rest

    vendure.delete(ROLLER)
    refresh(site)
    assert SALE in cards(site, path)[0], "the shop may lose sight of a product for a moment"
    assert "withdrawn" in refresh(site)
    roller, rest, badge = cards(site, path)
    assert "Niet meer verkrijgbaar" in roller and badge is None
    assert "€" not in roller and SALE in rest

    site.log_in()
    rows = site.get("/admin/reports/products/").select("tbody tr")
    (row,) = [row for row in rows if "Rugroller" in text_of(row)]
    assert "vendure" in text_of(row) and "The shop no longer sells it." in text_of(row)
    assert row.select_one("a[lang=nl]").string == "De beste stoel is die waar je uit opstaat"
