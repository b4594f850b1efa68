"""100,000 products with five offers each: every page of the admin reads about a page of rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from anodyne_blocks.models import Product
from tests import factories
from tests.admin.large_catalogue import fill, rows_read

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

PRODUCTS = 100_000
# Of 600,000: what a count looks at, a page with its offers, and what is passed over by name.
MOST_ROWS = 10_000
LISTING = reverse("wagtailsnippets_anodyne_blocks_product:list")
CHOOSER = reverse("wagtailsnippetchoosers_anodyne_blocks_product:choose")
RESULTS = reverse("wagtailsnippetchoosers_anodyne_blocks_product:choose_results")
REPORT = reverse("anodyne_blocks_attention")


@pytest.fixture(scope="module")
def client(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Client]:
    """Signed in where the catalogue is filled, and 20 Dutch pages show ten products each."""
    assert connection.vendor == "postgresql", "Run it with ANODYNE_TEST_DB=postgres."
    with django_db_blocker.unblock(), transaction.atomic():
        fill(PRODUCTS)
        placed = iter(Product.objects.order_by("pk").values_list("pk", flat=True)[:200])
        for _page in range(20):
            cards = [("product_card", {"product": next(placed)}) for _card in range(10)]
            factories.page(*cards, language="nl")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("a", "a@example.com", "pw"))
        yield client
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("url", "query"),
    [
        (CHOOSER, {}),
        (RESULTS, {"p": 5}),
        (RESULTS, {"q": "number 54321"}),
        (RESULTS, {"q": "sku-54321"}),
        (RESULTS, {"q": "nlkussen 777"}),
        (RESULTS, {"q": "cushion"}),
        (RESULTS, {"q": "dakussen"}),
        (RESULTS, {"q": "lumbar nothing"}),
        (LISTING, {}),
        (LISTING, {"ordering": "-name"}),
        (LISTING, {"ordering": "shop"}),
        (LISTING, {"ordering": "-status"}),
        (LISTING, {"shop": "webshop"}),
        (LISTING, {"shop": "outlet"}),
        (LISTING, {"shop": "-"}),
        (LISTING, {"status": "active"}),
        (LISTING, {"status": "withdrawn"}),
        (LISTING, {"market": "nl"}),
        (LISTING, {"availability": "backorder"}),
        (LISTING, {"availability": "in_stock"}),
        (LISTING, {"market": "nl", "availability": "backorder"}),
        (LISTING, {"market": "nl", "status": "withdrawn", "q": "cushion"}),
        (REPORT, {}),
        (REPORT, {"kind": "withdrawn"}),
        (REPORT, {"kind": "missing", "market": "nl"}),
        (REPORT, {"shop": "webshop", "market": "da"}),
    ],
    ids=str,
)
def test_a_page_reads_about_a_page_of_rows(
    client: Client, settings: Any, url: str, query: dict[str, Any]
) -> None:
    dummy = {"BACKEND": "anodyne_blocks.shops.dummy.Dummy"}
    factories.setting(settings, SHOPS={"webshop": dummy, "outlet": dummy})
    read, plans = rows_read(client, url, **query)
    assert read <= MOST_ROWS, "\n".join(plans)
