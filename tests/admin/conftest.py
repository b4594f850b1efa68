"""Fixtures: a signed-in editor, pictures, products with offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale

from anodyne_blocks.models import Offer, Product
from tests.shops.conftest import Server

Soup = Callable[..., BeautifulSoup]


@pytest.fixture
def admin(db: None) -> Client:
    """A client signed in as a superuser."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin", "a@example.com", "pw"))
    return client


@pytest.fixture
def editor(db: None) -> Client:
    """A client signed in as someone who may edit the package's snippets and nothing else."""
    group = Group.objects.create(name="Editors of elements")
    group.permissions.set(
        Permission.objects.filter(
            Q(content_type__app_label="anodyne_blocks") | Q(codename="access_admin")
        )
    )
    user = get_user_model().objects.create_user("editor", "e@example.com", "pw")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def soup(admin: Client) -> Soup:
    """Gets an address of the admin; its 200 as a soup, of a chooser's modal too."""

    def get(url: str, **query: Any) -> BeautifulSoup:
        response = admin.get(url, query)
        assert response.status_code == 200
        is_json = response["Content-Type"].startswith("application/json")
        return BeautifulSoup(
            response.json()["html"] if is_json else response.content, "html.parser"
        )

    return get


@pytest.fixture
def dutch(db: None) -> Locale:
    return Locale.objects.get_or_create(language_code="nl")[0]


@pytest.fixture
def make_image(db: None) -> Callable[[str], Any]:
    def make(title: str) -> Any:
        file = get_test_image_file(filename=f"{title}.png", size=(300, 200))
        return get_image_model().objects.create(title=title, file=file)

    return make


@pytest.fixture
def make_product(make_image: Callable[[str], Any]) -> Callable[..., Product]:
    """Makes a product with offers: {market: price}; in stock unless told."""
    currencies = {"nl": "EUR", "da": "DKK", "sv": "SEK", "de": "EUR", "en": "GBP", "ar": "AED"}

    def make(
        name: str, prices: dict[str, str], availability: str = "in_stock", **fields: Any
    ) -> Product:
        fields.setdefault("image", make_image(name))
        product = Product.objects.create(name=name, **fields)
        Offer.objects.bulk_create(
            Offer(
                product=product,
                market=market,
                title=f"{name} ({market})",
                price=Decimal(price),
                currency=currencies[market],
                availability=availability,
            )
            for market, price in prices.items()
        )
        return product

    return make


@pytest.fixture
def cost(editor: Client) -> Callable[..., int]:
    """How many queries a page of the admin makes once its thumbnails exist, without a cache."""

    def count(url: str, **query: str) -> int:
        editor.get(url, query)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(url, query).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def shops(settings) -> Callable[..., None]:
    """`shops(webshop=(class, options))` are the site's shops from now on."""

    def configure(**shops: tuple[str, dict[str, Any]]) -> None:
        settings.ANODYNE_BLOCKS = {
            **settings.ANODYNE_BLOCKS,
            "SHOPS": {
                alias: {"BACKEND": backend, "OPTIONS": options}
                for alias, (backend, options) in shops.items()
            },
        }

    return configure


PAGE = b"""<!doctype html><title>Brace</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Product", "name": "Rugband",
 "offers": {"@type": "Offer", "price": "39.75", "priceCurrency": "EUR",
 "availability": "https://schema.org/InStock"}}</script>"""


@pytest.fixture
def server() -> Iterator[Server]:
    """A web site with one product page, /brace."""
    made = Server()
    made.says("/brace", PAGE, Content_Type="text/html; charset=utf-8")
    yield made
    made.close()
