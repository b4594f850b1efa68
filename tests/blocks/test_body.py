"""`ArticleBody`, and what a site may make of it and of its blocks."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail import blocks

from anodyne_blocks.article.walking import definitions
from anodyne_blocks.blocks import (
    ArticleBody,
    BylineBlock,
    ElementBlock,
    FAQBlock,
    ImageBlock,
    ProductCardBlock,
    QuestionBlock,
    SourceBlock,
    SourceListBlock,
)
from tests import factories

ELEMENT_BLOCKS = {
    name: block
    for name, block in ArticleBody().child_blocks.items()
    if isinstance(block, ElementBlock)
}


def required(block: blocks.StructBlock) -> set[str]:
    """The children without which an element is none."""
    lists = {"authors", "cards", "points", "products", "questions", "sources", "steps"}
    return lists | {name for name, child in block.child_blocks.items() if child.required}


def layout_names(block: blocks.StructBlock) -> list[str]:
    return list(block.get_form_layout().get_sorted_block_names())


@pytest.mark.parametrize(
    "kind",
    ["standfirst", "byline", "reading_time", "contents", "picks", "sources", "disclosure"],
)
def test_what_stands_on_a_page_once_is_refused_a_second_time(kind: str) -> None:
    body = ArticleBody()
    value = body.to_python([{"type": kind, "value": {}}] * 2)
    with pytest.raises(ValidationError) as refused:
        body.clean(value)
    assert refused.value.as_json_data()["messages"]


@pytest.mark.parametrize("kind", ELEMENT_BLOCKS)
def test_every_block_tells_editors_what_it_is(kind: str) -> None:
    block = ELEMENT_BLOCKS[kind]
    assert block.label and block.get_description() and block.meta.group
    assert block.meta.icon.startswith("anodyne-")
    assert sorted(layout_names(block)) == sorted(block.child_blocks)
    assert set(block.meta.settings) <= set(block.child_blocks)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "child"),
    [
        (kind, child)
        for kind, block in ELEMENT_BLOCKS.items()
        for child in sorted(set(block.child_blocks) - required(block))
    ],
)
def test_a_site_may_leave_out_what_is_not_required(kind: str, child: str) -> None:
    class_ = type(ELEMENT_BLOCKS[kind])
    block = type(f"Own{class_.__name__}", (class_,), {child: None})()
    assert child not in block.child_blocks
    assert child not in layout_names(block)
    value = block.get_preview_value()
    context = block.get_preview_context(value)["article_context"]
    assert block.element(value, context) is not None
    assert block.render(value, {"article_context": context})
    list(block.reading_text(value))
    block.reading_images(value)


@pytest.mark.django_db
def test_a_site_may_leave_out_children_of_children() -> None:
    class Question(QuestionBlock):
        anchor = None
        expert = blocks.CharBlock(required=False)

    class OwnFAQ(FAQBlock):
        questions = blocks.ListBlock(Question())

    class Source(SourceBlock):
        pubmed_id = doi = accessed = container = kind = None

    class OwnSources(SourceListBlock):
        sources = blocks.ListBlock(Source())

    assert layout_names(Question()) == ["question", "answer", "expert"]
    context = factories.context_of("en")
    faq = OwnFAQ()
    value = faq.clean(faq.to_python({"questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}))
    assert faq.element(value, context).items[0].anchor == "why"
    assert faq.render(value, {"article_context": context})
    sources = OwnSources()
    value = sources.clean(sources.to_python({"sources": [{"title": "A book", "year": 2018}]}))
    assert sources.element(value, context).entries[0].text == "A book. 2018."


def test_a_site_may_add_children() -> None:
    class OwnCard(ProductCardBlock):
        note = blocks.CharBlock(required=False)

        class Meta:
            settings = ("relationship", "note")

    block = OwnCard()
    group = block.get_form_layout()
    assert list(group.settings) == ["relationship", "note"]
    assert "product" in group.children and "badge" in group.children


def test_a_site_may_leave_out_blocks() -> None:
    class OwnBody(ArticleBody):
        faq = None

    assert "faq" not in OwnBody().child_blocks
    assert len(OwnBody().child_blocks) == len(ArticleBody().child_blocks) - 1


def test_a_value_of_some_children_has_the_defaults_of_the_others() -> None:
    value = FAQBlock().normalize({"questions": [{"question": "Why?", "answer": ""}]})
    assert list(value) == list(FAQBlock().child_blocks)
    assert value["is_faq_page"] is True
    assert value["questions"][0]["anchor"] in ("", None)
    assert BylineBlock().normalize({})["show_updated"] is True


@pytest.mark.django_db
def test_two_subclasses_do_not_share_what_they_leave_out() -> None:
    class Bare(ImageBlock):
        caption = None

    assert "caption" in ImageBlock().child_blocks
    assert "caption" not in Bare().child_blocks


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ELEMENT_BLOCKS)
def test_a_draft_of_nothing_breaks_neither_saving_nor_the_page(kind: str) -> None:
    body = ArticleBody()
    block = body.child_blocks[kind]
    value = body.to_python([{"type": kind, "value": block.get_prep_value(block.get_default())}])
    body.defer_required_validation()
    try:
        value = body.clean(value)
    finally:
        body.restore_deferred_validation()
    page = factories.page(*((item["type"], item["value"]) for item in value.get_prep_value()))
    factories.elements(page)
    assert isinstance(str(page.body), str)


@pytest.mark.django_db
def test_saving_a_draft_does_not_make_publishing_lenient() -> None:
    def refused(body: ArticleBody) -> set[str]:
        found = set()
        for kind, block in body.child_blocks.items():
            try:
                body.clean(body.normalize([(kind, block.get_default())]))
            except ValidationError:
                found.add(kind)
        return found

    body = ArticleBody()
    before = refused(body)
    assert {"product_card", "product_grid"} <= before
    body.clean_deferred(body.normalize([]))
    assert refused(body) == before


def elements_of_every_kind(language: str) -> list[Any]:
    found = []
    for block in ELEMENT_BLOCKS.values():
        value = block.get_preview_value()
        found.append(block.element(value, factories.context_of(language, is_preview=True)))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_every_element_knows_its_language_and_direction(language: str, direction: str) -> None:
    for element in elements_of_every_kind(language):
        assert (element.language, element.direction) == (language, direction)


@pytest.mark.django_db
def test_equal_elements_are_equal_values() -> None:
    now = factories.timezone.now()
    context = factories.context_of("en", is_preview=True, now=now)
    for block in ELEMENT_BLOCKS.values():
        value = block.get_preview_value()
        one, two = (block.element(value, context) for _ in range(2))
        assert one == two
        assert hash(one) == hash(two)
        assert type(one).model_validate_json(one.model_dump_json()) == one


def test_only_words_go_to_translators() -> None:
    """wagtail-localize asks a block for its segments; Wagtail's own texts all have some."""
    sent = {
        f"{name}.{child.name}"
        for name, block in ArticleBody().child_blocks.items()
        for child in definitions(block)
        if isinstance(child, blocks.CharBlock) and not hasattr(child, "get_translatable_segments")
    }
    assert not {"heading.anchor", "faq.anchor", "byline.organisation"} & sent
    assert {"heading.text", "faq.question", "sources.title"} <= sent
