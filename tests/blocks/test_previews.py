"""Previews in the block picker: complete, without a database, and like the site."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from anodyne_blocks.article import CONTEXT_KEY
from anodyne_blocks.blocks import ArticleBody

BLOCKS = ArticleBody().child_blocks


def preview(block: Any, request: Any = None) -> str:
    """The page that Wagtail's block picker shows."""
    value = block.get_preview_value()
    variables = {
        "request": request,
        "block_def": block,
        "block_class": type(block),
        "bound_block": block.bind(value),
    }
    context = block.get_preview_context(value, parent_context=variables)
    return render_to_string(block.get_preview_template(value, context), context, request)


# No `django_db` mark: pytest-django refuses any query.
@pytest.mark.parametrize("kind", BLOCKS)
def test_a_preview_needs_no_database(kind: str) -> None:
    block = BLOCKS[kind]
    assert block.is_previewable
    value = block.get_preview_value()
    assert set(value) == set(block.child_blocks)
    element = block.element(value, block.get_preview_context(value)[CONTEXT_KEY])
    assert element is not None


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_preview_shows_what_the_site_would_show(kind: str) -> None:
    block = BLOCKS[kind]
    value = block.get_preview_value()
    request = RequestFactory().get("/")
    context = block.get_preview_context(value, parent_context={"request": request})
    on_site = block.render(value, {CONTEXT_KEY: context[CONTEXT_KEY]})
    shown = preview(block, request)
    assert on_site.strip()
    assert on_site.strip() in shown
    assert "anodyne_blocks/anodyne" in shown


@pytest.mark.parametrize("language", ["en", "nl", "ar", "fr"])
def test_a_preview_is_in_the_language_of_the_editor(language: str) -> None:
    block = BLOCKS["product_card"]
    with translation.override(language):
        value = block.get_preview_value()
        element = block.element(value, block.get_preview_context(value)[CONTEXT_KEY])
    assert element.language == language
    assert element.price is not None
    assert element.reduction is not None
    assert element.image is not None


def test_a_preview_of_what_only_a_page_has_shows_an_example() -> None:
    for kind, field in (("contents", "entries"), ("byline", "reading_time")):
        block = BLOCKS[kind]
        value = block.get_preview_value()
        element = block.element(value, block.get_preview_context(value)[CONTEXT_KEY])
        assert getattr(element, field)


def test_a_preview_works_on_a_site_without_markets(settings: Any) -> None:
    settings.ANODYNE_BLOCKS = {}
    for kind in ("product_card", "product_grid"):
        assert preview(BLOCKS[kind])
