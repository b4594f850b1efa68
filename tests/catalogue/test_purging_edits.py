"""Front-end caches: what people edit, replace or delete purges the pages that show it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Picture
from wagtail.models import Page, Site

from anodyne_blocks.article.images import image_sizes
from anodyne_blocks.models import Notice, Offer, Person, Product, ShopRating
from tests import factories
from tests.catalogue.front_end_cache import purged
from tests.testapp.models import ArticlePage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_end_cache")]


@pytest.fixture
def addresses(django_capture_on_commit_callbacks) -> Callable[..., set[str]]:
    """`addresses(action, …)`: which addresses a committed action purges."""

    def of(action: Callable[..., Any], *args: Any, **kwargs: Any) -> set[str]:
        purged.clear()
        with django_capture_on_commit_callbacks(execute=True):
            action(*args, **kwargs)
        return {url for batch in purged for url in batch}

    return of


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin", "a@example.com", "pw"))
    return client


def snippet(model: Any, action: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_anodyne_blocks_{model._meta.model_name}:{action}", args=args)


def card(product: Product) -> tuple[str, Any]:
    return "product_card", {"product": product.pk}


def reviewer(person: Person) -> tuple[str, Any]:
    return "reviewer", {"person": person.pk, "reviewed": "2025-10-01"}


def byline(person: Person) -> tuple[str, Any]:
    return "byline", {"authors": [{"person": person.pk}]}


def rated(rating: ShopRating) -> tuple[str, Any]:
    return "shop_rating", {"rating": rating.pk}


def shared(notice: Notice) -> tuple[str, Any]:
    return "notice", {"notice": notice.pk}


def figure(image: Any) -> tuple[str, Any]:
    return "image", {"image": image.pk, "alt_text": "A picture"}


def urls(*pages: Any) -> set[str]:
    return {page.full_url for page in pages}


# People and ratings


@pytest.mark.parametrize(
    ("make", "block"),
    [
        (factories.person, byline),
        (factories.person, reviewer),
        (factories.rating, rated),
        (factories.notice, shared),
    ],
)
def test_someone_who_is_edited(addresses, make, block):
    thing = make()
    page = factories.page(block(thing))
    factories.page(block(thing), live=False)
    factories.page(block(make(name="Somebody else")))
    thing.name = "Another name"
    assert addresses(thing.save) == urls(page)


@pytest.mark.parametrize(
    ("make", "block"),
    [(factories.person, byline), (factories.rating, rated), (factories.notice, shared)],
)
def test_a_translation_is_purged_where_it_is_shown(addresses, make, block):
    original = make()
    # The Danish page has no words of its own, and shows the original.
    english, dutch, danish = (
        factories.page(block(original), language=language) for language in ("en", "nl", "da")
    )
    assert addresses(factories.translation, original, "nl") == urls(dutch)
    translation = original.get_translation(factories.locale("nl"))
    assert addresses(translation.save) == urls(dutch)
    assert addresses(original.save) == urls(english, danish)
    assert addresses(translation.delete) == urls(dutch)
    factories.translation(original, "nl")
    # Nothing is left of what was chosen.
    assert addresses(original.delete) == urls(english, dutch, danish)


def test_someone_who_is_deleted_in_the_listing(admin, addresses):
    people = [factories.person(f"Ada {number}") for number in range(2)]
    pages = [factories.page(byline(person)) for person in people]
    assert addresses(delete_all, admin, people) == urls(*pages)


def delete_all(admin: Client, things: list[Any]) -> None:
    opts = things[0]._meta
    url = reverse("wagtail_bulk_action", args=[opts.app_label, opts.model_name, "delete"])
    query = "&".join(f"id={thing.pk}" for thing in things)
    assert admin.post(f"{url}?{query}").status_code == 302
    assert not type(things[0]).objects.filter(pk__in=[thing.pk for thing in things]).exists()


# Products


@pytest.mark.parametrize("in_listing", [True, False])
def test_a_product_that_is_deleted(admin, addresses, in_listing):
    products = [factories.product("nl", "da") for _ in range(2)]
    pages = [
        factories.page(card(product), language=language)
        for product in products
        for language in ("nl", "da")
    ]
    if in_listing:
        assert addresses(delete_all, admin, products) == urls(*pages)
    else:
        assert addresses(products[0].delete) == urls(*pages[:2])


@pytest.mark.parametrize("change", [{"name": "Cushion"}, {"status": "withdrawn"}, {"image": True}])
def test_a_product_that_is_changed(addresses, change):
    product = factories.product("nl", "da")
    pages = [factories.page(card(product), language=language) for language in ("nl", "da")]
    for name, value in change.items():
        setattr(product, name, factories.image() if name == "image" else value)
    assert addresses(product.save) == urls(*pages)
    # Written again as it is.
    assert addresses(product.save) == set()


def save_in_form(admin: Client, product: Product, **offers: dict[str, Any] | None) -> None:
    """Save the form of a product by hand; {market: what is typed there, None to delete it}."""
    known = list(product.offers.order_by("pk"))
    data = {"name": product.name, "status": product.status, "image": ""}
    data |= {"offers-TOTAL_FORMS": str(len(known)), "offers-INITIAL_FORMS": str(len(known))}
    data |= {"offers-MIN_NUM_FORMS": "0", "offers-MAX_NUM_FORMS": "1000"}
    names = ("market", "title", "url", "price", "currency", "availability")
    for number, offer in enumerate(known):
        typed = offers.get(offer.market, {})
        values = {name: getattr(offer, name) for name in names}
        values |= {"id": offer.pk, "tax_included": "true"}
        values |= {"DELETE": "on"} if typed is None else typed
        data |= {f"offers-{number}-{name}": str(value) for name, value in values.items()}
    response = admin.post(snippet(Product, "edit", product.pk), data)
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("edit", "languages"),
    [
        ({"da": {"price": "149"}}, ["da"]),
        ({"nl": {"title": "Rugkussen"}, "da": {"availability": "out_of_stock"}}, ["nl", "da"]),
        ({"da": None}, ["da"]),
        ({}, []),
    ],
)
def test_an_offer_that_is_edited_by_hand(admin, addresses, edit, languages):
    product = factories.product("nl", "da")
    pages = {code: factories.page(card(product), language=code) for code in ("nl", "da")}
    save_in_form(admin, product)
    expected = urls(*(pages[language] for language in languages))
    assert addresses(save_in_form, admin, product, **edit) == expected


def test_an_offer_that_a_script_writes(addresses):
    product = factories.product("nl")
    dutch, danish = (factories.page(card(product), language=code) for code in ("nl", "da"))
    assert addresses(factories.offer, product, "da") == urls(danish)
    offer = Offer.objects.get(market="nl")
    offer.price = Decimal("12.50")
    assert addresses(offer.save) == urls(dutch)
    assert addresses(offer.save) == set()


# Pictures


def pages_with(image: Any) -> list[Any]:
    """Pages that show an image in each of the ways that the package has."""
    person = factories.person(photo=image)
    product = factories.product("nl", image=image)
    return [
        factories.page(byline(person)),
        factories.page(card(product), language="nl"),
        factories.page(figure(image)),
    ]


def another_file() -> SimpleUploadedFile:
    file = BytesIO()
    Picture.new("RGB", (640, 480), "olive").save(file, "PNG")
    return SimpleUploadedFile("other.png", file.getvalue(), "image/png")


def replace_in_library(admin: Client, image: Any) -> None:
    data = {"title": image.title, "file": another_file(), "tags": ""}
    url = reverse("wagtailimages:edit", args=[image.pk])
    assert admin.post(url, data).status_code == 302


def test_a_picture_whose_file_is_replaced(admin, addresses):
    image = factories.image()
    pages = pages_with(image)
    factories.page(figure(factories.image()))
    assert len(image_sizes(image, "figure")) > 1
    assert addresses(replace_in_library, admin, image) == urls(*pages)
    # Once for the image, and once after its renditions are gone, however many these are.
    assert len(purged) == 2


def test_a_picture_that_is_deleted(addresses):
    image = factories.image()
    pages = pages_with(image)
    image_sizes(image, "figure")
    assert addresses(image.delete) == urls(*pages)
    assert len(purged) == 1


@pytest.mark.parametrize("change", [{"focal_point_x": 9}, {"title": "A teal wall"}])
def test_a_picture_that_is_edited(addresses, change):
    image = factories.image()
    page = factories.page(figure(image))
    for name, value in change.items():
        setattr(image, name, value)
    assert addresses(image.save) == urls(page)


def test_renditions_that_are_made_anew_have_other_addresses(addresses):
    image = factories.image()
    page = factories.page(figure(image))
    image_sizes(image, "figure")
    assert addresses(call_command, "wagtail_update_image_renditions", verbosity=0) == urls(page)


def test_a_rendition_whose_file_is_replaced(addresses):
    image = factories.image()
    page = factories.page(figure(image))
    rendition = image.get_rendition("width-320")
    rendition.file = another_file()
    assert addresses(rendition.save) == urls(page)
    # Readers make renditions all the time.
    assert addresses(image.get_rendition, "width-330") == set()


# Addresses


def test_a_page_that_makes_its_own_address(addresses, monkeypatch):
    def get_url_parts(self: ArticlePage, request: Any = None) -> tuple[int, str, str]:
        site, root, _path = Page.get_url_parts(self, request)
        return site, root, f"/journal/{self.slug}.html"

    monkeypatch.setattr(ArticlePage, "get_url_parts", get_url_parts)
    person = factories.person()
    page = factories.page(byline(person))
    assert addresses(person.save) == {f"http://localhost/journal/{page.slug}.html"}


def test_a_page_with_routes_of_its_own(addresses, monkeypatch):
    monkeypatch.setattr(ArticlePage, "get_cached_paths", lambda self: ["/", "/print/"])
    product = factories.product("nl")
    page = factories.page(card(product), language="nl")
    assert addresses(product.delete) == {page.full_url, f"{page.full_url}print/"}


def test_pages_in_several_sites(addresses):
    person = factories.person()
    in_first = factories.page(byline(person))
    section = factories.page()
    # One site lies within the other: its pages have an address in each.
    Site.objects.create(hostname="inner.example", port=443, root_page=section)
    apart = Page.get_first_root_node().add_child(instance=Page(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=apart)
    for home in (section, apart):
        home.add_child(instance=ArticlePage(title="Article", slug="article", body=in_first.body))
    assert addresses(person.save) == {
        in_first.full_url,
        f"http://localhost/{section.slug}/article/",
        "https://inner.example/article/",
        "http://other.example/article/",
    }


# What it costs, and what it may break


def test_a_site_without_a_front_end_cache_pays_nothing(settings, addresses):
    image = factories.image()
    person = factories.person(photo=image)
    product = factories.product("nl", image=image)
    factories.page(byline(person), card(product), figure(image), language="nl")
    offer = product.offers.get()

    def edit() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            for thing in (person, offer, image):
                thing.save()
        return [query["sql"] for query in queries]

    def questions() -> list[str]:
        asked = ("wagtailcore_page", 'FROM "anodyne_blocks_of')
        return [sql for sql in edit() if any(words in sql for words in asked)]

    assert questions()
    settings.WAGTAILFRONTENDCACHE = {}
    assert not questions()


def test_a_purge_that_fails_breaks_no_edit(addresses, monkeypatch, caplog):
    def get_url_parts(self: ArticlePage, request: Any = None) -> None:
        raise ConnectionError("The name server is away.")

    person = factories.person()
    factories.page(byline(person))
    monkeypatch.setattr(ArticlePage, "get_url_parts", get_url_parts)
    person.name = "Ada Lund"
    with caplog.at_level(logging.ERROR):
        assert addresses(person.save) == set()
    assert Person.objects.get().name == "Ada Lund"
    assert "The name server is away." in caplog.text
