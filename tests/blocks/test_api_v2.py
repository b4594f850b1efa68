"""API v2: the children as stored, and what the reader gets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation
from wagtail import blocks
from wagtail.models import Page

from anodyne_blocks.blocks import ArticleBody
from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = pytest.mark.django_db


def body_of(client: Any, page: Page, **headers: str) -> Any:
    response = client.get(f"/api/v2/pages/{page.pk}/", headers=headers)
    assert response.status_code == 200
    return response.json()["body"]


def full_page(model: Any = ArticlePage) -> Any:
    product = factories.product("nl", "da", image=factories.image())
    product.offers.filter(market="nl").update(**factories.reduction("nl"))
    other = factories.product("nl", "da", name="Another")
    ada = factories.person(photo=factories.image())
    return factories.page(
        ("standfirst", {"text": "Sitting still is."}),
        ("byline", {"authors": [{"person": ada.pk}]}),
        ("reading_time", {}),
        ("disclosure", {}),
        ("key_points", {"points": ["<p>Move.</p>"]}),
        ("contents", {}),
        ("heading", {"text": "What helps"}),
        ("paragraph", {"text": "<p>Change.</p>"}),
        ("image", {"image": factories.image().pk, "alt_text": "A chair"}),
        ("quote", {"text": "<p>Rest is overrated.</p>"}),
        ("notice", {"text": "<p>Take care.</p>"}),
        ("steps", {"steps": [{"text": "<p>Lie down.</p>"}]}),
        ("product_card", {"product": product.pk, "relationship": "ad"}),
        ("product_grid", {"cards": [{"product": product.pk}]}),
        ("product_comparison", {"products": [{"product": product.pk}, {"product": other.pk}]}),
        ("product_verdict", {"product": product.pk, "verdict": "Soft."}),
        ("picks", {}),
        ("shop_rating", {"rating": factories.rating().pk}),
        ("faq", {"questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}),
        ("sources", {"sources": [{"title": "A book", "doi": "10.1000/182"}]}),
        ("reviewer", {"person": ada.pk, "reviewed": "2025-10-25"}),
        ("share", {}),
        ("related_articles", {"pages": [factories.page(language="nl").pk]}),
        language="nl",
        model=model,
    )


def test_every_block_holds_its_element(client: Any) -> None:
    page = full_page()
    body = body_of(client, page)
    assert [block["type"] for block in body] == list(ArticleBody().child_blocks)
    elements = factories.elements(factories.again(page))
    for block, element in zip(body, elements, strict=True):
        assert element is not None, block["type"]
        assert block["value"]["resolved"] == element.model_dump(mode="json"), block["type"]


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
def test_the_children_stay_as_wagtail_has_them(client: Any, model: Any) -> None:
    page = full_page(model)
    wagtails = {
        child.block_type: blocks.StructBlock.get_api_representation(child.block, child.value)
        for child in factories.again(page).body
    }
    for block in body_of(client, page):
        kind, value = block["type"], dict(block["value"])
        assert isinstance(value.pop("resolved", 0), (dict, type(None))), kind
        assert set(value) == set(page.body.stream_block.child_blocks[kind].child_blocks)
        if kind != "product_grid":  # its cards hold elements of their own
            assert value == json.loads(json.dumps(wagtails[kind], default=str))


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
def test_the_language_is_that_of_the_page(client: Any, model: Any) -> None:
    with translation.override("da"):
        body = body_of(client, full_page(model), **{"accept-language": "da"})
    resolved = {block["type"]: block["value"]["resolved"] for block in body}
    assert {element["language"] for element in resolved.values()} == {"nl"}
    card = resolved["product_card"]
    assert card["title"] == "Lendenkussen"
    assert card["price"] == {
        "amount": "39.75",
        "currency": "EUR",
        "formatted": factories.written("39.75", "nl"),
    }
    assert card["badges"][0]["text"] == factories.off(25, "nl")


def test_a_block_that_shows_nothing_says_so(client: Any) -> None:
    page = factories.page(("product_card", {"product": factories.product("nl").pk}))
    (block,) = body_of(client, page)
    assert block["value"]["resolved"] is None
