"""The outline of a page: anchors that are unique and last, levels that fit."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from wagtail import blocks
from wagtail.models import Page

from anodyne_blocks.article import Article
from anodyne_blocks.article.outline import Anchors, OutlineEntry
from anodyne_blocks.article.walking import children, raw_children, walk
from anodyne_blocks.blocks import FAQBlock, HeadingBlock
from anodyne_blocks.fields import ArticleField
from tests import factories

pytestmark = pytest.mark.django_db


def heading(text: str, level: str = "2", anchor: str = "") -> tuple[str, Any]:
    return "heading", {"text": text, "level": level, "anchor": anchor}


def test_entries_stand_in_reading_order_with_levels_and_anchors() -> None:
    page = factories.page(heading("Rest"), heading("In bed", "3"), heading("Rest", "2"))
    assert Article.for_page(page).outline.entries == [
        OutlineEntry(2, "Rest", "rest"),
        OutlineEntry(3, "In bed", "in-bed"),
        OutlineEntry(2, "Rest", "rest-2"),
    ]


def test_a_typed_anchor_comes_before_those_made_of_words() -> None:
    page = factories.page(heading("Rest"), heading("Sleep", anchor="rest"))
    assert [entry.anchor for entry in Article.for_page(page).outline.entries] == ["rest-2", "rest"]


def test_a_typed_anchor_twice_is_numbered() -> None:
    page = factories.page(heading("A", anchor="x"), heading("B", anchor="x"))
    assert [entry.anchor for entry in Article.for_page(page).outline.entries] == ["x", "x-2"]


def test_a_number_never_hits_an_anchor_that_is_there() -> None:
    taken = Anchors({"a", "a-2"})
    assert [taken.take("a"), taken.take("a"), taken.take("b")] == ["a-3", "a-4", "b"]
    page = factories.page(heading("Rest"), heading("Rest"), heading("Rest 2"))
    anchors = [entry.anchor for entry in Article.for_page(page).outline.entries]
    assert len(set(anchors)) == 3


def test_equal_words_cost_the_same_each_time() -> None:
    """Ten times as many equal anchors take ten times as many lines of code."""

    def lines(times: int) -> int:
        anchors, count = Anchors(), 0

        def trace(frame: Any, event: str, arg: Any) -> Any:
            nonlocal count
            count += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            for _ in range(times):
                anchors.take("same")
        finally:
            sys.settrace(before)
        return count

    assert lines(1000) < 11 * lines(100)


def test_it_is_the_same_each_time() -> None:
    page = factories.page(heading("Rest"), heading("Rest"))
    assert Article.for_page(page).outline.entries == Article.for_page(page).outline.entries


def test_it_reaches_into_a_sites_own_blocks() -> None:
    column = blocks.StructBlock(
        [
            ("parts", blocks.ListBlock(HeadingBlock())),
            ("more", blocks.StreamBlock([("heading", HeadingBlock()), ("faq", FAQBlock())])),
        ]
    )
    field = ArticleField([("column", column)], name="body")
    question = {"question": "Why?", "answer": "<p>So.</p>"}
    raw = {
        "parts": [{"text": "One"}, {"text": "Two", "level": "3"}],
        "more": [
            {"type": "faq", "value": {"questions": [question]}},
            {"type": "heading", "value": {"text": "Three"}},
        ],
    }
    value = field.to_python([{"type": "column", "value": raw}])
    found = [
        (type(block), item)
        for block, item in walk(value.stream_block, value)
        if isinstance(block, (HeadingBlock, FAQBlock))
    ]
    assert [kind for kind, _item in found] == [HeadingBlock, HeadingBlock, FAQBlock, HeadingBlock]

    class OnePage:
        class _meta:
            @staticmethod
            def get_fields() -> list[Any]:
                return [field]

        body = value

    context = Article("en", None, OnePage())
    assert [entry.text for entry in context.outline.entries] == ["One", "Two", "Three"]
    assert FAQBlock().element(found[2][1], context).question_level == 4


@pytest.mark.parametrize("page", [None, "a paginator's page", object()])
def test_what_is_no_page_has_an_empty_outline(page: Any) -> None:
    assert Article.for_page(page).outline.entries == []


def test_a_page_without_a_body_has_an_empty_outline() -> None:
    assert Article.for_page(Page.objects.get(pk=factories.home().pk)).outline.entries == []


def test_what_stands_before_every_heading_is_below_the_pages_title() -> None:
    page = factories.page(("paragraph", {"text": "<p>A</p>"}), heading("Rest", "3"))
    outline = Article.for_page(page).outline
    paragraph, part = (child.value for child in page.body)
    assert outline.level_at(paragraph) == 1
    assert outline.level_at(object()) == 2
    assert outline.is_first("standfirst", part)


def test_walking_takes_what_is_stored_and_what_is_made_of_it() -> None:
    block = FAQBlock()
    raw = {"heading": "A", "questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}
    value = block.to_python(raw)
    assert {child.name for child, _ in raw_children(block, raw)} == set(block.child_blocks)
    assert {child.name for child, _ in children(block, value)} == set(block.child_blocks)
    for nothing in (None, 7, "text"):
        assert list(raw_children(block, nothing)) == []
        assert list(children(block, nothing)) == []


def test_headings_inside_texts_and_of_grids_stand_in_the_contents_and_can_be_linked() -> None:
    product = factories.product("en")
    text = "<h3>In <b>bed</b></h3><p>A</p><h4>Pillows &amp; more</h4><p>B</p><h3>In bed</h3>"
    page = factories.page(
        ("contents", {"depth": "3"}),
        heading("Rest"),
        ("paragraph", {"text": text}),
        ("product_grid", {"heading": "For the night", "cards": [{"product": product.pk}]}),
        ("product_grid", {"cards": [{"product": product.pk}]}),
        ("product_grid", {"heading": "Gone", "cards": [{"product": None}]}),
        ("paragraph", {"text": "<p>C</p>"}),
    )
    html = factories.render("{% include_block page.body %}", page=page)
    outline = Article.for_page(page).outline.entries
    assert [(entry.level, entry.text) for entry in outline] == [
        (2, "Rest"),
        (3, "In bed"),
        (4, "Pillows & more"),
        (3, "In bed"),
        (4, "For the night"),
    ]
    for entry in outline:
        assert html.count(f'id="{entry.anchor}"') == 1
    contents = factories.elements(page)[0]
    assert [entry.anchor for entry in contents.entries] == ["rest", "in-bed", "in-bed-2"]


def test_a_grids_heading_leaves_the_level_of_what_follows() -> None:
    product = factories.product("en")
    card = ("product_card", {"product": product.pk})
    grid = ("product_grid", {"heading": "Two", "cards": [{"product": product.pk}]})
    page = factories.page(heading("Rest"), grid, card)
    _heading, shown, alone = factories.elements(page)
    assert (shown.heading_level, shown.cards[0].heading_level, alone.heading_level) == (3, 4, 3)
