"""By what an article is found: its words, and the names of what it shows."""

from __future__ import annotations

from typing import Any

import pytest

from anodyne_blocks.blocks import FAQBlock
from tests import factories
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db


def indexed(page: Any) -> str:
    field = ArticlePage._meta.get_field("body")
    return "\n".join(field.get_searchable_content(page.body))


def test_by_words_and_names_but_by_no_setting_label_or_anchor() -> None:
    product = factories.product("nl", "da", name="Cushion of the shop")
    rating = factories.rating(name="Rugwinkel", language="nl")
    card = {
        "product": product.pk,
        "text": "Eigen tekst",
        "badge": "BADGE",
        "button_text": "BUTTON",
        "relationship": "affiliate",
    }
    question = {"question": "Mag dat?", "answer": "<p>Ja, <b>h</b>oor.</p>", "anchor": "ANCHOR"}
    page = factories.page(
        ("standfirst", {"text": "Vooraf"}),
        ("byline", {"authors": [{"person": factories.person("Ada Holm").pk}]}),
        ("reading_time", {"minutes": 7}),
        ("contents", {"label": "LABEL"}),
        ("heading", {"text": "Zitten", "anchor": "ANCHOR-2"}),
        ("paragraph", {"text": "<p>Sta <b>op</b>.</p>"}),
        ("product_grid", {"heading": "Kussens", "cards": [card]}),
        ("shop_rating", {"rating": rating.pk}),
        ("faq", {"questions": [question]}),
        ("sources", {"sources": [{"title": "Low back pain", "authors": "Foster NE"}]}),
        ("reviewer", {"person": factories.person("Bo Lund").pk, "reviewed": "2025-10-25"}),
        ("share", {"label": "LABEL"}),
        language="nl",
    )
    found = indexed(page)
    for word in (
        *("Vooraf", "Ada Holm", "Zitten", "Sta op.", "Kussens", "Cushion of the shop"),
        *("Lendenkussen", "Eigen tekst", "Rugwinkel", "Mag dat?", "Ja, hoor.", "Low back pain"),
        *("Foster NE", "Bo Lund"),
    ):
        assert word in found
    assert "Lændepude" not in found, "another market's title"
    for setting in ("LABEL", "ANCHOR", "anchor", "BADGE", "BUTTON", "affiliate", "7", "<b>"):
        assert setting not in found


def test_a_sites_own_element_that_says_nothing_is_found_as_wagtail_finds_it() -> None:
    from wagtail import blocks

    from anodyne_blocks.blocks import ElementBlock

    class Quote(ElementBlock):
        text = blocks.TextBlock()

    block = Quote()
    assert block.get_searchable_content(block.to_python({"text": "Move."})) == ["Move."]
    assert FAQBlock().get_searchable_content(FAQBlock().to_python({"questions": []})) == []
