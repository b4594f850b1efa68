"""The migration of docs/how-to/hand-made-blocks.md, run on what hand-made blocks have stored."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import JSONField
from django.db.models.functions import Cast
from wagtail import blocks
from wagtail.fields import StreamField

from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.catalogue.usage import pages_using
from anodyne_blocks.elements import FAQ, Heading, Paragraph, ProductCard
from tests import factories
from tests.testapp.models import ArticlePage

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "hand-made-blocks.md"
OLD, NEW, MIGRATION = re.findall(
    r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE
)
ASKED = {"q": "Hoe lang?", "a": "<p>Kort.</p>"}
LINK = "https://shop.example/nl/cushion"


def field(code: str) -> StreamField:
    """The field that a sample of the page makes."""
    names: dict[str, Any] = {**vars(blocks), "StreamField": StreamField}
    exec(code, names)
    return names["body"]


@pytest.mark.django_db
def test_texts_and_products_of_hand_made_blocks_become_elements() -> None:
    product = factories.product("nl")
    page = factories.page(language="nl")
    page.save_revision()
    stored = field(OLD).stream_block
    value = stored.to_python(
        [
            {"type": "heading", "value": "Zitten", "id": "a"},
            {"type": "text", "value": "<p>Sta vaak op.</p>", "id": "b"},
            {
                "type": "questions",
                "id": "c",
                "value": [{"type": "item", "id": "f", "value": ASKED}],
            },
            {
                "type": "product",
                "id": "d",
                "value": {"name": "Kussen", "price": "vanaf 39,-", "link": f"{LINK}/?from=article"},
            },
            {
                "type": "product",
                "id": "e",
                "value": {"name": "Mat", "price": "9,-", "link": "https://else.example/mat"},
            },
        ]
    )
    ArticlePage.objects.filter(pk=page.pk).update(body=value)
    revision = page.latest_revision
    revision.content["body"] = json.dumps(stored.get_prep_value(value))
    revision.save()

    migration: dict[str, Any] = {}
    exec(MIGRATION, migration)
    (operation,) = migration["operations"]

    def get_model(app: str, name: str) -> Any:
        return apps.get_model("testapp" if app == "home" else app, name)

    operation.code(SimpleNamespace(get_model=get_model), None)
    call_command("rebuild_references_index", verbosity=0)

    live = factories.again(page)
    for shown in (live, live.latest_revision.as_object()):
        heading, text, faq, card = factories.elements(shown)
        assert isinstance(heading, Heading) and heading.text == "Zitten"
        assert isinstance(text, Paragraph) and "Sta vaak op." in text.html
        assert isinstance(faq, FAQ) and faq.items[0].question == "Hoe lang?"
        assert "Kort." in faq.items[0].answer
        assert isinstance(card, ProductCard) and card.product == product.pk
    assert pages_using(product.pk) == {page.pk}

    # A product that nobody knows stays, for the block that was kept for it.
    kept = field(NEW).stream_block
    assert isinstance(kept, ArticleBody)
    in_page = ArticlePage.objects.annotate(raw=Cast("body", JSONField())).get(pk=page.pk).raw
    for raw in (in_page, json.loads(live.latest_revision.content["body"])):
        body = kept.to_python(raw)
        assert [child.id for child in body] == ["a", "b", "c", "d", "e"]
        assert body[4].value["link"] == "https://else.example/mat"
