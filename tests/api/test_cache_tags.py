"""Cache tags: each answer names the pages and products it was made of, and purges name them."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext
from wagtail import VERSION

from anodyne_blocks.catalogue import tags
from anodyne_blocks.catalogue.purging import purge_products
from anodyne_blocks.catalogue.sending import message_of
from anodyne_blocks.models import ChangeEvent
from tests import factories

pytestmark = pytest.mark.django_db

MIDDLEWARE = "anodyne_blocks.api.cache_tags.CacheTagsMiddleware"
purged: list[str] = []


class Network:
    """A front-end cache that purges by tags too."""

    def __init__(self, params: dict[str, Any]) -> None:
        pass

    def invalidates_hostname(self, hostname: str) -> bool:
        return True

    def purge_batch(self, urls: list[str]) -> None:
        pass

    def purge_tags(self, tags: list[str]) -> None:
        purged.extend(tags)


@pytest.fixture
def client(db: None) -> Client:
    """A reader who prefers Dutch, and is served the Dutch tree."""
    factories.home("nl").save_revision().publish()
    return Client(headers={"accept-language": "nl"})


@pytest.fixture
def tagged(settings: Any) -> None:
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    factories.setting(settings, CACHE_TAGS={"HEADERS": ["Surrogate-Key", "Cache-Tag"]})


def page_of(*products: Any) -> Any:
    cards = [("product_card", {"product": product.pk}) for product in products[1:]]
    grid = ("product_grid", {"cards": [{"product": products[0].pk}]})
    return factories.page(grid, *cards, language="nl")


def answers(page: Any, product: Any) -> dict[str, str]:
    """{kind of answer: its address}; each shows the product on the page."""
    found = {
        "page": page.get_url(),
        "v2": f"/api/v2/pages/{page.pk}/",
        "v2 listing": "/api/v2/pages/?type=testapp.ArticlePage&fields=body",
        "products": f"/anodyne/products/?ids={product.pk}&market=nl",
    }
    if VERSION >= (8, 0):
        found["v3"] = f"/api/v3/pages/{page.pk}/"
    return found


def keys(client: Client, address: str) -> set[str]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    spaced = response["Surrogate-Key"].split()
    assert spaced == response["Cache-Tag"].split(",")
    assert len(set(spaced)) == len(spaced)
    return set(spaced)


@pytest.mark.usefixtures("tagged")
def test_each_answer_names_what_it_shows(client: Client) -> None:
    first, second = factories.product("nl"), factories.product("nl")
    page = page_of(first, second)
    both = {f"product-{first.pk}", f"product-{second.pk}"}
    own = f"page-{page.pk}"
    found = {kind: keys(client, url) for kind, url in answers(page, first).items()}
    assert found.pop("page") == {own, *both}
    assert found.pop("products") == {"pages", f"product-{first.pk}"}
    assert found == dict.fromkeys(found, {"pages", own, *both})
    front = factories.home("nl")
    assert keys(client, front.get_url()) == {f"page-{front.pk}"}


@pytest.mark.usefixtures("tagged")
def test_what_a_change_purges_is_on_each_answer_that_shows_it(
    client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    product = factories.product("nl")
    page = page_of(product)
    settings.WAGTAILFRONTENDCACHE = {"default": {"BACKEND": f"{__name__}.Network"}}
    receiver = {"URL": "https://front.example/", "SECRET": "x" * 24}
    factories.setting(settings, CHANGE_EVENTS={"front": receiver})
    purged.clear()
    with django_capture_on_commit_callbacks(execute=True):
        purge_products([product.pk])
    told = message_of(ChangeEvent.objects.all())["data"]["tags"]
    assert purged == ["many", *told] == ["many", f"page-{page.pk}", f"product-{product.pk}"]
    for address in answers(page, product).values():
        assert keys(client, address) & set(told)
    # One that is published may belong to any listing.
    purged.clear()
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert purged == ["many", "pages", f"page-{page.pk}"]


@pytest.mark.usefixtures("tagged")
def test_tags_cost_no_query(client: Client, settings: Any) -> None:
    page = page_of(factories.product("nl"), factories.product("nl"))
    client.get(page.get_url())
    counts = []
    for headers in ([], ["Surrogate-Key"]):
        factories.setting(settings, CACHE_TAGS={"HEADERS": headers})
        with CaptureQueriesContext(connection) as captured:
            response = client.get(page.get_url())
        counts.append(len(captured))
        assert ("Surrogate-Key" in response) is bool(headers)
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("tagged")
def test_no_answer_has_tags_that_may_not_be_kept(client: Client, settings: Any) -> None:
    assert "Surrogate-Key" not in client.get("/nothing/here/")
    assert "Surrogate-Key" not in client.get("/admin/login/")
    factories.setting(settings, CACHE_TAGS={})
    assert "Surrogate-Key" not in client.get(page_of(factories.product("nl")).get_url())


@pytest.mark.usefixtures("tagged")
def test_a_header_is_bounded_and_what_it_lacks_is_purged_all_the_same(client: Client) -> None:
    ids = ",".join(str(10**17 + number) for number in range(100))
    response = client.get(f"/anodyne/products/?ids={ids}&market=nl")
    for header, separator in (("Surrogate-Key", " "), ("Cache-Tag", ",")):
        assert len(response[header]) <= tags.MOST_BYTES
        named = response[header].split(separator)
        assert named[:2] == ["many", "pages"] and len(named) > 50
        assert {len(name) for name in named[2:]} == {len(f"product-{10**17}")}


@pytest.mark.usefixtures("tagged")
def test_a_prefix_tells_the_tags_of_sites_apart(client: Client, settings: Any) -> None:
    given = {"HEADERS": ["Surrogate-Key", "Cache-Tag"], "PREFIX": "mag-"}
    factories.setting(settings, CACHE_TAGS=given)
    product = factories.product("nl")
    page = page_of(product)
    assert keys(client, page.get_url()) == {f"mag-page-{page.pk}", f"mag-product-{product.pk}"}


@pytest.mark.usefixtures("tagged")
def test_an_answer_that_confirms_another_has_them_too(client: Client) -> None:
    product = factories.product("nl")
    page_of(product)
    address = f"/anodyne/products/?ids={product.pk}&market=nl"
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again["Surrogate-Key"] == first["Surrogate-Key"] == f"pages product-{product.pk}"


def test_a_site_that_is_served_asynchronously_has_the_same_tags(
    client: Client, settings: Any
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, MIDDLEWARE]
    factories.setting(settings, CACHE_TAGS={"HEADERS": ["Surrogate-Key"]})
    product = factories.product("nl")
    page = page_of(product)
    expected = client.get(page.get_url())["Surrogate-Key"]
    ask = async_to_sync(AsyncClient().get)
    answer = ask(page.get_url(), headers={"accept-language": "nl"})
    assert f"product-{product.pk}" in expected
    assert answer["Surrogate-Key"] == expected
