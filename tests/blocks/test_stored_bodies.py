"""Bodies as they are stored, assigned, copied and changed: as with Wagtail's own field."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from wagtail.fields import StreamField
from wagtail.models import ReferenceIndex

from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.fields import ArticleField, ArticleStreamValue
from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = pytest.mark.django_db

DUTCH, DANISH = factories.words("nl"), factories.words("da")


def test_a_page_given_anothers_body_shows_it_in_its_own_language() -> None:
    dutch = factories.dutch_page()
    danish = factories.page(language="da")
    danish.body = dutch.body
    assert all(word in str(danish.body) for word in DANISH)
    assert all(word in str(dutch.body) for word in DUTCH)


def test_one_value_given_to_two_pages_knows_each() -> None:
    value = ArticlePage._meta.get_field("body").to_python(
        [{"type": "product_card", "value": {"product": factories.product("nl", "da").pk}}]
    )
    dutch, danish = factories.page(language="nl"), factories.page(language="da")
    dutch.body = danish.body = value
    first, second = dutch.body, danish.body
    assert all(word in str(first) for word in DUTCH)
    assert all(word in str(second) for word in DANISH)


def test_a_copied_instance_leaves_the_original_its_page() -> None:
    dutch = factories.dutch_page()
    body = dutch.body
    twin = copy.copy(dutch)
    twin.locale = factories.locale("da")
    assert all(word in str(twin.body) for word in DANISH)
    assert all(word in str(body) for word in DUTCH)


def test_changes_of_a_value_come_along() -> None:
    page = factories.page(("heading", {"text": "Old"}))
    page.body[0].value["text"] = "New"
    other = factories.page()
    other.body = page.body
    page.body = page.body
    assert [other.body[0].value["text"], page.body[0].value["text"]] == ["New", "New"]


def test_changes_within_a_value_are_saved() -> None:
    page = factories.page(("heading", {"text": "Old"}), ("heading", {"text": "Other"}))
    page.body[0].value["text"] = "New"
    page.save()
    assert [child.value["text"] for child in factories.again(page).body] == ["New", "Other"]
    page.body[1] = ("heading", {"text": "Newer"})
    page.save_revision().publish()
    assert [child.value["text"] for child in factories.again(page).body] == ["New", "Newer"]


def test_a_block_taken_from_another_article_becomes_this_ones() -> None:
    dutch, danish = factories.dutch_page(), factories.page(language="da")
    danish.body.append(dutch.body[0])
    assert all(word in str(danish.body[0]) for word in DANISH)
    assert all(word in str(dutch.body[0]) for word in DUTCH)


def test_a_value_printed_on_another_page_is_its_own_article_s() -> None:
    """As a list of articles does it, on a page in another language."""
    dutch, danish = factories.dutch_page(), factories.page(language="da")
    with translation.override("da"):
        for part in ("block", "block.value"):
            shown = factories.render(
                "{% for block in other.body %}{% include_block " + part + " %}{% endfor %}",
                page=danish,
                other=dutch,
            )
            assert all(word in shown for word in DUTCH)


def test_a_heading_changed_between_two_renderings_shows_in_both() -> None:
    page = factories.page(("heading", {"text": "Old"}), ("contents", {}))
    loop = "{% for block in page.body %}{% include_block block %}{% endfor %}"
    assert factories.render(loop, page=page).count("Old") == 2
    page.body[0].value["text"] = "New"
    assert factories.render(loop, page=page).count("New") == 2


def test_values_may_be_set_appended_and_removed() -> None:
    page = factories.page(("heading", {"text": "One"}), ("heading", {"text": "Two"}))
    page.body.append(("heading", {"text": "Three"}))
    page.body.insert(0, ("heading", {"text": "Zero"}))
    del page.body[1]
    page.body[1] = ("paragraph", "")  # replaced next: any block may stand anywhere
    page.body[1] = ("heading", {"text": "Zwei"})
    page.save()
    texts = [child.value["text"] for child in factories.again(page).body]
    assert texts == ["Zero", "Zwei", "Three"]


def test_native_values_may_be_assigned_and_shown_without_saving() -> None:
    page = factories.page(language="nl")
    page.body = [
        ("heading", {"text": "Kussens"}),
        ("product_card", {"product": factories.product("nl")}),
        ("faq", {"questions": [{"question": "Why?"}]}),
        ("sources", {"sources": [{"title": "A book"}]}),
        ("byline", {"authors": [{"organisation": "The Magazine"}]}),
    ]
    html = str(page.body)
    for text in ("Kussens", "Lendenkussen", "Why?", "A book", "The Magazine"):
        assert text in html
    page.save()
    assert str(factories.again(page).body) == str(page.body)


def test_a_word_that_is_no_child_is_refused() -> None:
    page = factories.page()
    with pytest.raises(KeyError):
        page.body = [("heading", {"titel": "Kussens"})]


def test_it_survives_pickling() -> None:
    page = factories.dutch_page()
    list(page.body)
    thawed = pickle.loads(pickle.dumps(page))
    with translation.override("da"):
        assert str(thawed.body) == str(page.body)
    assert isinstance(pickle.loads(pickle.dumps(page.body)), ArticleStreamValue)


def test_it_survives_a_revision() -> None:
    page = factories.dutch_page()
    revision = page.save_revision()
    old = revision.as_object()
    assert isinstance(old.body, ArticleStreamValue)
    assert old.body == page.body
    assert str(old.body) == str(page.body)


def test_it_survives_copies_and_translations() -> None:
    page = factories.dutch_page()
    before = factories.again(page).body.get_prep_value()
    copied = page.copy(update_attrs={"slug": "copy", "title": "Copy"})
    assert [c["value"] for c in factories.again(copied).body.get_prep_value()] == [
        c["value"] for c in before
    ]
    factories.home("da")
    danish = page.copy_for_translation(factories.locale("da"))
    assert factories.again(danish).body.get_prep_value() == before
    assert all(word in str(factories.again(danish).body) for word in DANISH)
    assert list(danish.get_translations().specific()) == [factories.again(page)]


def test_the_database_holds_the_same_json_as_for_a_streamfield() -> None:
    block = ("heading", {"text": "A", "level": "2", "anchor": ""})
    pages = [factories.page(block, model=model) for model in (ArticlePage, PlainPage)]
    assert pages[0].body.get_prep_value() == pages[1].body.get_prep_value()
    article, plain = ArticleField(ArticleBody()), StreamField(ArticleBody())
    assert article.deconstruct()[2] == plain.deconstruct()[2]


@pytest.mark.parametrize("raw", [[], "", None, "not JSON"])
def test_an_empty_body_is_empty(raw: Any) -> None:
    page = factories.page()
    page.body = raw
    assert len(page.body) == 0
    assert list(page.body) == []
    assert not page.body
    assert str(page.body).strip() == ""
    with pytest.raises(IndexError):
        page.body[0]


def store(page: Any, raw: list[dict[str, Any]]) -> None:
    """Put a body into the database that no form has checked."""
    with connection.cursor() as cursor:
        table = page._meta.db_table
        cursor.execute(f"UPDATE {table} SET body = %s", [json.dumps(raw)])


def test_an_unknown_block_type_in_the_database_is_left_out() -> None:
    page = factories.page(("heading", {"text": "A"}))
    raw = [{"type": "carousel", "value": {"x": 1}, "id": "1"}, *page.body.get_prep_value()]
    store(page, raw)
    assert [child.block_type for child in factories.again(page).body] == ["heading"]


def test_an_unknown_product_breaks_no_page() -> None:
    page = factories.page(
        ("product_card", {"product": 999}),
        ("product_card", {"product": None}),
        ("reviewer", {"person": 999, "reviewed": "2025-10-25"}),
        ("shop_rating", {"rating": 999}),
        ("image", {"image": 999}),
    )
    assert factories.elements(page) == [None] * 5
    assert "anodyne-" not in factories.render("{% include_block page.body %}", page=page)


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
@pytest.mark.parametrize(
    "wrong", [True, False, 1.0, 1.5, "1", "x", "", [1], {"id": 1}, [], {}, -1, 10**30]
)
def test_what_is_no_id_is_as_nothing_chosen(client: Client, model: Any, wrong: Any) -> None:
    """For readers and in the API, beside the true ids, to which some are equal in Python."""
    image = factories.image(pk=1, width=40, height=30)
    ids = {
        "product": factories.product("en", pk=1, image=image).pk,
        "person": factories.person(pk=1, photo=image).pk,
        "rating": factories.rating(pk=1).pk,
        "image": image.pk,
    }

    def blocks(ids: dict[str, Any]) -> list[dict[str, Any]]:
        values = {
            "product_card": {"product": ids["product"]},
            "product_grid": {"cards": [{"product": ids["product"]}]},
            "shop_rating": {"rating": ids["rating"]},
            "reviewer": {"person": ids["person"], "reviewed": "2025-10-25"},
            "byline": {"authors": [{"person": ids["person"]}]},
            "image": {"image": ids["image"], "alt_text": "A chair"},
        }
        return [{"type": kind, "value": value} for kind, value in values.items()]

    page = factories.page(model=model)

    def shown(second: Any) -> tuple[str, list[Any]]:
        store(page, [*blocks(ids), *blocks(dict.fromkeys(ids, second))])
        html, answer = client.get(page.url), client.get(f"/api/v2/pages/{page.pk}/")
        assert (html.status_code, answer.status_code) == (200, 200)
        return html.content.decode(), [child["value"] for child in answer.json()["body"]]

    nothing = shown(None)
    assert None not in [value["resolved"] for value in nothing[1][: len(blocks(ids))]]
    assert shown(wrong) == nothing


def test_usage_of_products_and_people_is_found() -> None:
    product, person = factories.product("nl"), factories.person()
    page = factories.page(
        ("product_grid", {"cards": [{"product": product.pk}]}),
        ("reviewer", {"person": person.pk, "reviewed": "2025-10-25"}),
    )
    ReferenceIndex.create_or_update_for_object(page)
    for thing in (product, person):
        (usage,) = ReferenceIndex.get_references_to(thing)
        assert usage.object_id == str(page.pk)


def test_its_texts_are_found_by_search() -> None:
    page = factories.page(
        ("heading", {"text": "What helps"}),
        ("faq", {"questions": [{"question": "Why?", "answer": "<p>Because.</p>"}]}),
    )
    found = ArticlePage._meta.get_field("body").get_searchable_content(page.body)
    assert {"What helps", "Why?", "Because."} <= set(found)


def test_a_snippet_or_a_page_not_saved_yet_may_hold_it() -> None:
    page = ArticlePage(
        title="New", body=[("heading", {"text": "A"}), ("byline", {}), ("share", {})]
    )
    assert "A" in str(page.body)
    assert page.body.page is page
