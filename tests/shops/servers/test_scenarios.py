"""What happens in a real Vendure, as the readers and editors of a page see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anodyne_blocks.catalogue.history import HistoricPrice, import_history
from anodyne_blocks.catalogue.refresh import TIMES_GONE, mark_due
from anodyne_blocks.catalogue.usage import pages_showing
from anodyne_blocks.models import Product
from tests import factories
from tests.shops.servers.vendure_server import VendureServer

pytestmark = [pytest.mark.shops, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def shop(vendure: VendureServer, settings: Any) -> None:
    """The site sells from Vendure, in the Netherlands."""
    markets = settings.ANODYNE_BLOCKS["MARKETS"]
    settings.ANODYNE_BLOCKS = {
        "MARKETS": {"nl": markets["nl"]},
        "SHOPS": {
            "vendure": {
                "BACKEND": "anodyne_blocks.shops.vendure.Vendure",
                "OPTIONS": {
                    "url": vendure.url,
                    "url_template": "https://shop.atlas-axis.example/{language}/{slug}",
                    "list_price_field": "compareAtPrice",
                    "allow_private": True,
                },
            }
        },
    }


def sold(vendure: VendureServer, slug: str, cents: int) -> Product:
    """A product that Vendure sells from now on and the site has imported."""
    said = {"en": slug, "nl": f"Nieuw: {slug}", "stock": 9, "variants": [{"EUR": cents}]}
    vendure.add(slug, said)
    run("import_products", shop="vendure", market="nl")
    return Product.objects.get(external_id=vendure.ids[slug])


def article(product: Product) -> Any:
    """A published Dutch page with the product's card."""
    factories.home("nl").save_revision().publish()
    made = factories.page(("product_card", {"product": product.pk}), language="nl")
    made.save_revision().publish()
    return made


def run(command: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, stdout=out, stderr=out, **options)
    return out.getvalue()


def refresh() -> None:
    """One run of the command, when all products are due."""
    mark_due("vendure")
    run("refresh_products")


def card(client: Client, page: Any) -> BeautifulSoup:
    """The product's card on the page as a reader gets it."""
    answer = client.get(page.url, headers={"accept-language": "nl"})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").select_one(".anodyne-product-card")


def known_since(product: Product, moment: datetime, price: str) -> None:
    """The shop hands over what the product cost since a moment."""
    past = HistoricPrice(product.external_id, "nl", Decimal(price), None, moment)
    assert import_history("vendure", [past], timezone.now()) == (1, [])


@pytest.mark.parametrize(
    ("slug", "days", "announced"), [("back-roller", 60, True), ("foot-rest", 3, False)]
)
def test_a_sale_shows_after_one_refresh_and_a_badge_only_with_history(
    vendure: VendureServer, client: Client, slug: str, days: int, announced: bool
) -> None:
    product = sold(vendure, slug, 5300)
    known_since(product, timezone.now() - timedelta(days=days), "53.00")
    page = article(product)
    before = card(client, page)
    assert factories.written("53", "nl") in before.text
    assert before.select_one("s, .anodyne-product-card__badge") is None

    vendure.set_price(slug, EUR=3975, compare_at=8000)
    refresh()
    after = card(client, page)
    text = after.text
    assert factories.written("39.75", "nl") in text
    # What the shop strikes through proves nothing.
    assert "80,00" not in text
    if announced:
        # 25 % of the lowest price of the 30 days before, which can be read.
        assert "25" in after.select_one(".anodyne-product-card__badge").text
        assert "53,00" in after.select_one("s").text
        assert text.count("53,00") >= 2
    else:
        assert after.select_one("s, .anodyne-product-card__badge") is None
        assert "53,00" not in text


def test_a_product_that_is_deleted_is_withdrawn_and_reported_with_its_pages(
    vendure: VendureServer, client: Client, admin_client: Client
) -> None:
    product = sold(vendure, "heat-pack", 1995)
    page = article(product)
    assert "19,95" in card(client, page).text
    vendure.delete("heat-pack")
    for time in range(1, TIMES_GONE + 1):
        refresh()
        product.refresh_from_db()
        assert product.is_withdrawn == (time == TIMES_GONE)

    gone = card(client, page)
    assert "19,95" not in gone.text
    assert gone.select_one("[href*='shop.atlas-axis.example']") is None
    assert pages_showing([product.pk]) == {product.pk: {page.pk}}
    assert Product.objects.filter(status=Product.Status.WITHDRAWN).get() == product
    report = admin_client.get(reverse("anodyne_blocks_attention")).content.decode()
    assert product.name in report and page.title in report
