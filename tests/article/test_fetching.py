"""Fetching: one query for each kind of thing, however many there are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.models import Revision

from anodyne_blocks.article.fetching import fetch
from anodyne_blocks.blocks import ProductCardBlock, ProductChooserBlock
from anodyne_blocks.fields import ArticleField
from anodyne_blocks.models import Product
from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = pytest.mark.django_db


KINDS = {
    "products": "anodyne_blocks_product",
    "people": "anodyne_blocks_person",
    "ratings": "anodyne_blocks_shoprating",
    "images": "wagtailimages_image",
    "renditions": "wagtailimages_rendition",
}


def queries_of(work: Any) -> dict[str, int]:
    """How many queries read each kind first, and how many there are in all."""
    with CaptureQueriesContext(connection) as queries:
        work()
    counts = dict.fromkeys(KINDS, 0)
    for query in queries.captured_queries:
        for kind, table in KINDS.items():
            name = connection.ops.quote_name(table)
            counts[kind] += f"FROM {name}" in query["sql"].split(" WHERE ")[0]
    return {**counts, "all": len(queries)}


def full_page(number: int, model: Any = ArticlePage) -> Any:
    """A page with so many cards, grids, authors, ratings and images, each of its own."""
    products = [
        factories.product("nl", "da", image=factories.image(width=1000, height=750))
        for _ in range(number)
    ]
    people = [
        factories.person(f"Author {n}", photo=factories.image(width=400, height=400))
        for n in range(number)
    ]
    image = factories.image(width=2000, height=1000)
    made = factories.page(
        *(("product_card", {"product": product.pk}) for product in products),
        ("product_grid", {"cards": [{"product": product.pk} for product in products]}),
        ("byline", {"authors": [{"person": person.pk} for person in people]}),
        *(("reviewer", {"person": p.pk, "reviewed": "2025-10-25"}) for p in people),
        *(("shop_rating", {"rating": factories.rating().pk}) for _ in range(number)),
        *(("image", {"image": image.pk, "alt_text": "A"}) for _ in range(number)),
        ("contents", {}),
        ("reading_time", {}),
        ("share", {}),
        language="nl",
        model=model,
    )
    factories.elements(made)  # makes the renditions
    return made


def rendering(page: Any) -> dict[str, int]:
    page = type(page).objects.select_related("locale").get(pk=page.pk)
    page.full_url  # noqa: B018  the site's addresses are cached
    return queries_of(lambda: factories.render("{% include_block page.body %}", page=page))


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
@pytest.mark.parametrize("number", [1, 4])
def test_a_page_needs_one_for_each_kind(number: int, model: Any) -> None:
    assert rendering(full_page(number, model)) == {
        "products": 1,
        "people": 1,
        "ratings": 1,
        "images": 1,
        "renditions": 1,
        "all": 5,
    }


@pytest.mark.parametrize("number", [1, 10, 50])
def test_cards_need_one_query_for_products(number: int) -> None:
    products = [factories.product("en") for _ in range(number)]
    page = factories.page(
        *(("product_card", {"product": p.pk}) for p in products),
        *(("product_card", {"product": p.pk}) for p in products),
    )
    counts = rendering(page)
    assert (counts["products"], counts["all"]) == (1, 1)


def test_nested_in_a_sites_own_blocks_they_need_one_too() -> None:
    class Column(blocks.StructBlock):
        cards = blocks.ListBlock(ProductCardBlock())
        more = blocks.StreamBlock([("card", ProductCardBlock())])
        favourite = ProductChooserBlock()

    field = ArticleField([("card", ProductCardBlock()), ("column", Column())], name="body")
    products = [factories.product("en").pk for _ in range(5)]
    cards = [{"product": pk} for pk in products]
    raw = [
        {"type": "card", "value": cards[0]},
        {
            "type": "column",
            "value": {
                "cards": cards[1:3],
                "more": [{"type": "card", "value": cards[3]}],
                "favourite": products[4],
            },
        },
    ]
    value = field.to_python(raw)
    value.page = ArticlePage(locale=factories.locale("en"))
    counts = queries_of(lambda: str(value))
    assert (counts["products"], counts["all"]) == (1, 1)
    assert value[1].value["favourite"].pk == products[4]


def test_a_chooser_where_fetching_does_not_look_finds_its_product_all_the_same() -> None:
    table = TypedTableBlock([("product", ProductChooserBlock())])
    field = ArticleField([("card", ProductCardBlock()), ("table", table)], name="body")
    first, second = factories.product("en"), factories.product("en")
    raw = [
        {"type": "card", "value": {"product": first.pk}},
        {
            "type": "table",
            "value": {
                "columns": [{"type": "product", "heading": "Product"}],
                "rows": [{"values": [first.pk]}, {"values": [second.pk]}],
            },
        },
    ]
    value = field.to_python(raw)
    value.page = ArticlePage(locale=factories.locale("en"))
    rows = [[cell.value for cell in row] for row in value[1].value.rows]
    assert rows == [[first], [second]]


def test_many_pages_may_be_fetched_together() -> None:
    pages = [
        factories.page(
            ("product_card", {"product": factories.product("en", "nl").pk}), language=language
        )
        for language in ("en", "nl", "en")
    ]
    pages = list(ArticlePage.objects.select_related("locale").filter(pk__in=[p.pk for p in pages]))
    bodies = [page.body for page in pages]
    counts = queries_of(lambda: (fetch(bodies), [str(body) for body in bodies]))
    assert (counts["products"], counts["all"]) == (1, 1)


def test_only_the_offers_of_the_pages_market_are_fetched() -> None:
    page = factories.page(
        ("product_card", {"product": factories.product("en", "nl", "da").pk}), language="nl"
    )
    product = page.body[0].value["product"]
    assert list(product.fetched_offers) == ["nl"]
    assert product.offer_in("da").title == "Lændepude"


def test_nothing_is_fetched_before_a_block_is_asked_for() -> None:
    page = full_page(1)
    read = queries_of(
        lambda: len(factories.again(page).body) and factories.again(page).body.get_prep_value()
    )
    assert read["all"] == 2  # the page itself, twice


def test_saving_reads_each_kind_once_for_wagtails_index_of_references() -> None:
    for number in (1, 4):
        page = factories.again(full_page(number))
        page.body = [item for item in page.body.raw_data if item["type"] != "reviewer"]
        page.save()
        counts = queries_of(factories.again(page).save)
        assert {kind: counts[kind] for kind in KINDS} == dict.fromkeys(KINDS, 1)


def test_publishing_reads_each_kind_once_more_for_pictures_and_reviews() -> None:
    for number in (1, 4):
        revision = full_page(number).save_revision()
        counts = queries_of(Revision.objects.get(pk=revision.pk).publish)
        assert {kind: counts[kind] for kind in KINDS} == dict.fromkeys(KINDS, 2)


def test_images_that_a_theme_asks_for_are_loaded_together() -> None:
    image = factories.image()
    products = [factories.product("en", image=factories.image()) for _ in range(3)]
    products += [factories.product("en", image=image), factories.product("en", image=image)]
    page = factories.page(*(("product_card", {"product": product.pk}) for product in products))
    shown = [child.value["product"] for child in page.body]
    counts = queries_of(lambda: [product.image.title for product in shown])
    assert counts["all"] == 1
    assert [product.image.pk for product in shown] == [product.image_id for product in products]
    # What a template lays on one shows on no other.
    assert shown[3].image is not shown[4].image


def test_values_that_are_there_already_are_not_fetched() -> None:
    page = factories.page(language="nl")
    page.body = [("product_card", {"product": factories.product("nl")})]
    assert page.locale.language_code == "nl"
    assert queries_of(lambda: list(page.body))["all"] == 0


def test_a_translated_person_brings_the_translations_photo() -> None:
    ada = factories.person(photo=factories.image())
    factories.translation(ada, "nl", job_title="Fysiotherapeut", photo=factories.image())
    page = factories.page(("reviewer", {"person": ada.pk, "reviewed": "2025-10-25"}), language="nl")
    factories.elements(page)
    counts = rendering(page)
    assert counts == {
        "products": 0,
        "people": 1,
        "ratings": 0,
        "images": 0,
        "renditions": 1,
        "all": 2,
    }


def test_profile_pages_come_with_their_people() -> None:
    def full_page(number: int) -> Any:
        people = [
            factories.person(f"Author {n}", profile_page=factories.page(language="nl"))
            for n in range(number)
        ]
        return factories.page(
            ("byline", {"authors": [{"person": p.pk} for p in people]}), language="nl"
        )

    assert rendering(full_page(1))["all"] == rendering(full_page(5))["all"]


def test_what_is_laid_on_one_placements_product_shows_on_no_other() -> None:
    product = factories.product("en")
    page = factories.page(*[("product_card", {"product": product.pk})] * 2)
    first, second = (child.value["product"] for child in page.body)
    assert first == second
    first.name = "Another name"
    assert second.name == product.name
    assert Product.objects.get().name == product.name
