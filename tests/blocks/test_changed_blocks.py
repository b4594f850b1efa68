"""A stored body after its blocks were removed, renamed or given other children and choices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail import VERSION

from anodyne_blocks.json_ld import page_json_ld
from tests import factories
from tests.blocks.test_stored_bodies import store
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

FIRST = {"type": "heading", "value": {"text": "What helps"}, "id": "a"}
LAST = {"type": "paragraph", "value": {"text": "<p>Move often.</p>"}, "id": "z"}


def stored(kind: str) -> list[dict[str, Any]]:
    """Blocks as an older release, or a site's own subclass, may have stored them."""
    product = factories.product("en").pk
    person = factories.person().pk
    today = timezone.localdate().isoformat()
    source = {"title": "A book", "year": 2020}
    question = {"question": "Why?", "answer": "<p>So.</p>"}
    changed: dict[str, list[tuple[str, Any]]] = {
        "removed": [("carousel", {"pictures": [1]}), ("quote", "Well said"), ("empty", None)],
        "other children": [
            ("heading", {"title": "Old", "size": "large"}),
            ("paragraph", {"body": "<p>Old</p>"}),
            ("standfirst", {}),
            ("product_card", {"item": product, "colour": "red"}),
            ("product_grid", {"products": [product]}),
            ("reviewer", {"reviewer": person}),
            ("byline", {"people": [person]}),
            ("faq", {"items": [question]}),
            ("faq", {"questions": [{"q": "Why?"}]}),
            ("sources", {"list": [source]}),
            ("image", {"picture": 1}),
            ("shop_rating", {"stars": 5}),
            ("reading_time", {}),
            ("contents", {}),
            ("share", {"networks": ["myspace"]}),
        ],
        "other choices": [
            ("heading", {"text": "Sitting", "level": "9"}),
            ("heading", {"text": "Standing", "level": "big"}),
            ("heading", {"text": "Walking", "level": None}),
            ("contents", {"depth": "7"}),
            ("contents", {"depth": ""}),
            ("product_card", {"product": product, "layout": "banner", "relationship": "gift"}),
            ("product_grid", {"cards": [{"product": product, "relationship": 3}]}),
            ("faq", {"questions": [question], "heading_level": "deep"}),
            ("faq", {"questions": [question], "heading_level": "9"}),
            ("sources", {"sources": [{**source, "kind": "podcast"}]}),
            ("reviewer", {"person": person, "reviewed": today, "scope": None}),
        ],
    }
    return [
        {"type": name, "value": value, "id": f"id-{number}"}
        for number, (name, value) in enumerate(changed[kind])
    ]


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
@pytest.mark.parametrize("kind", ["removed", "other children", "other choices"])
def test_everything_that_shows_a_changed_body_stands(client: Client, model: Any, kind: str) -> None:
    """Page, APIs, structured data and editor; the blocks beside are shown as ever."""
    page = factories.page(model=model)
    store(page, [FIRST, *stored(kind), LAST])

    shown = client.get(page.url)
    assert shown.status_code == 200
    text = BeautifulSoup(shown.content, "html.parser").get_text()
    assert "What helps" in text and "Move often." in text

    answers = [client.get(f"/api/v2/pages/{page.pk}/")]
    if VERSION >= (8, 0):
        answers.append(client.get(f"/api/v3/pages/{page.pk}/"))
    for answer in answers:
        assert answer.status_code == 200
        body = answer.json()["body"]
        assert body[0]["value"]["resolved"]["text"] == "What helps"
        assert "Move often." in body[-1]["value"]["resolved"]["html"]

    assert json.dumps(page_json_ld(factories.again(page)))

    client.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "s"))
    form = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert form.status_code == 200
    assert b"What helps" in form.content and b"Move often." in form.content
    page = factories.again(page)
    page.save_revision().publish()
    assert client.get(page.url).status_code == 200


def test_a_choice_that_is_gone_is_as_the_default() -> None:
    """No page says what it cannot mean, and no card is lost for a layout."""
    page = factories.page()
    store(page, stored("other choices"))
    elements = [element for element in factories.elements(factories.again(page)) if element]
    kinds = [element.type for element in elements]
    assert kinds.count("heading") == 3
    assert {e.level for e in elements if e.type == "heading"} <= {2, 3, 4}
    (card,) = (element for element in elements if element.type == "product_card")
    assert card.layout == "card"
    assert {"product_grid", "faq", "sources", "reviewer"} <= set(kinds)


def test_a_child_that_is_no_more_is_not_read() -> None:
    from anodyne_blocks.blocks import HeadingBlock

    [value] = HeadingBlock().bulk_to_python([{"level": "3", "was": "once", "text": "Sitting"}])
    assert list(value) == ["text", "level", "anchor"]
    assert (value["text"], value["level"]) == ("Sitting", "3")
