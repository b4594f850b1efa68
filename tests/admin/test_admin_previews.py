"""The previews in the block picker, as the admin asks for them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.testapp.models import ArticlePage

BLOCKS = ArticlePage._meta.get_field("body").stream_block.child_blocks
CLASSES = {
    "image": "anodyne-figure",
    "product_grid": "anodyne-product-grid",
    "paragraph": "anodyne-paragraph",
}


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_has_a_preview_on_an_empty_database(soup, name):
    block = BLOCKS[name]
    assert block.is_previewable
    page = soup(reverse("wagtailadmin_block_preview"), id=block.definition_prefix)
    wanted = CLASSES.get(name, "anodyne-" + name.replace("_", "-"))
    assert page.select_one(f"main .{wanted}"), page


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_has_words_and_an_icon_of_its_own(name):
    block = BLOCKS[name]
    assert block.meta.icon.startswith("anodyne-")
    assert str(block.label) and str(block.meta.group) and str(block.get_description())


def test_the_page_editor_shows_the_blocks_icons(soup):
    sprite = soup(reverse("wagtailadmin_sprite"))
    icons = {symbol["id"] for symbol in sprite.select("symbol")}
    assert {f"icon-{block.meta.icon}" for block in BLOCKS.values()} <= icons
