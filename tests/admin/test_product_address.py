"""The chooser finds a product by the address of its page."""

from __future__ import annotations

import pytest

from anodyne_blocks.models import Offer, Product
from tests import factories
from tests.admin.shop_tabs import BRACE, CHOOSE, DUMMY, ask, choose, text


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example/brace?colour=black",
        "https://shop.example/brace?colour=black#reviews",
        " https://shop.example/brace?colour=black&utm_source=mag ",
    ],
)
def test_an_address_finds_the_product_of_the_catalogue(admin, shops, address):
    shops(webshop=(DUMMY, {"error": "must not be asked"}))
    product = factories.from_shop("nl", name="Brace")
    product.offers.filter(market="nl").update(url="https://shop.example/brace?colour=black")
    panel = ask(admin, "address", url=address)
    link = panel.select_one("a[data-chooser-modal-choice]")
    assert link.get_text(strip=True) == "Brace"
    assert factories.plain(factories.written("39.75", "nl")) in text(panel)
    assert admin.get(link["href"]).json()["result"]["id"] == str(product.pk)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("brace", "An address begins with https://."),
        ("HTTPS://shop.example/x", "No product of the catalogue has this address."),
        ("https://[", "No product of the catalogue has this address."),
        ("https://shop.example/x", "No product of the catalogue has this address."),
    ],
)
def test_an_address_that_leads_nowhere_says_so(admin, address, words):
    assert words in text(ask(admin, "address", url=address).select_one("[role=alert]"))


def test_an_address_that_nobody_knows_is_read_from_its_page(admin, shops, server):
    kind = "anodyne_blocks.shops.product_page.ProductPage"
    shops(pages=(kind, {"allow_hosts": ["127.0.0.1"]}))
    panel = ask(admin, "address", url=f"{server.url}/brace")
    price = factories.plain(factories.written("39.75", "nl"))
    assert "Rugband" in text(panel) and f"nl {price} · in stock" in text(panel)
    assert choose(admin, panel).json()["result"]["string"] == "Rugband"
    product = Product.objects.get()
    assert (product.shop, product.external_id) == ("pages", f"{server.url}/brace")
    assert {offer.market for offer in Offer.objects.all()} == {"nl", "de"}


def test_a_private_address_is_refused_in_words(admin, shops, server):
    shops(pages=("anodyne_blocks.shops.product_page.ProductPage", {}))
    panel = ask(admin, "address", url=f"{server.url}/brace")
    assert "public" in text(panel.select_one("[role=alert]"))
    assert server.requests == []


def test_only_shops_that_read_pages_take_an_address(admin, shops):
    shops(webshop=(DUMMY, {"products": BRACE}))
    forged = {"tab": "address", "take": "brace", "shop": "webshop"}
    assert admin.post(CHOOSE, forged).status_code in (302, 403)
    assert not Product.objects.exists()


def test_an_unknown_tab_is_refused(admin):
    assert admin.post(CHOOSE, {"tab": "nowhere"}).status_code in (302, 403)
