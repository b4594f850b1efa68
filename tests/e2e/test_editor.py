"""Wagtail's editor as an editor uses it: the block picker, the chooser, refusals and drafts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.pricing.money import format_money
from tests.e2e.site import address_of, saved_by_itself

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

PICKER = ".w-combobox"
OPTION = f"{PICKER}__option"


def open_picker(page: Page) -> Locator:
    """The list of blocks that can be put first in the article's body."""
    page.locator(".c-sf-add-button").first.click()
    options = page.locator(OPTION)
    options.first.wait_for()
    return options


def add_block(page: Page, label: str) -> Locator:
    """The form of a new block, put first."""
    before = page.locator("[data-streamfield-child]").count()
    open_picker(page).filter(has_text=label).first.click()
    page.wait_for_function(
        "before => document.querySelectorAll('[data-streamfield-child]').length > before",
        arg=before,
    )
    return page.locator("[data-streamfield-child]").first


def test_the_picker_finds_blocks_by_their_name(edit: Callable[..., Page]) -> None:
    page = edit("desk")
    blocks = ArticleBody()
    labels = [str(block.label) for block in blocks.child_blocks.values()]
    options = open_picker(page)
    # A block that may stand once, and does, is not offered again.
    assert set(options.all_inner_texts()) <= set(labels)
    assert {"Product card", "Questions and answers", "Text"} <= set(options.all_inner_texts())
    page.locator(f"{PICKER} input").fill("product")
    found = ["Product card", "Product grid", "Comparison", "Verdict"]
    assert options.all_inner_texts() == found


def test_every_block_has_a_preview_in_the_picker(edit: Callable[..., Page]) -> None:
    """The element itself, in the package's look, with what it is for beneath."""
    page = edit("desk")
    options = open_picker(page)
    labels = options.all_inner_texts()
    elements = {str(block.label): block for block in ArticleBody().child_blocks.values()}
    for number, label in enumerate(labels):
        page.locator(f"{OPTION}-row").nth(number).get_by_role("button", name="Preview").click()
        preview = page.locator(f"{PICKER}-preview")
        preview.get_by_text(label, exact=True).wait_for()
        name = elements[label].name.replace("_", "-").replace("image", "figure")
        frame = page.frame_locator(f"{PICKER}-preview__iframe")
        element = frame.locator(f".anodyne-{name}").first
        element.wait_for()
        assert element.inner_text().strip()
        assert str(elements[label].meta.description) in preview.inner_text()
        # Styled: a bare page would leave the browser's own measures.
        assert element.evaluate(
            "node => [...document.styleSheets].some(sheet => sheet.href?.includes('anodyne.css'))"
        )


def test_the_chooser_shows_products_with_picture_and_price(edit: Callable[..., Page]) -> None:
    page = edit("desk")
    card = add_block(page, "Product card")
    card.get_by_role("button", name="Choose").first.click()
    modal = page.locator(".modal-content")
    modal.locator("input[name=q]").fill("brace")
    page.wait_for_function("document.querySelectorAll('.modal-content tbody tr').length === 1")
    row = modal.locator("tbody tr")
    # Found by its English title; the listing says what it costs in each market.
    assert format_money("34.50", "GBP", "en-gb") in row.inner_text()
    assert format_money("39.75", "EUR", "de") in row.inner_text()
    assert row.locator("img").evaluate(
        "async image => { await image.decode(); return image.naturalWidth; }"
    )
    row.locator("a").first.click()
    modal.wait_for(state="hidden")
    chosen = card.locator("[data-chooser-title]")
    assert chosen.inner_text().strip()
    assert "null" not in card.locator("[data-panel-heading]").inner_text()


def test_a_badge_with_a_percentage_is_refused_at_its_field(edit: Callable[..., Page]) -> None:
    page = edit("sleep", refusal=400)
    card = add_block(page, "Product card")
    badge = card.get_by_label("Own badge")
    assert not badge.is_visible()
    card.get_by_role("button", name="Settings").click()
    assert badge.is_visible()
    badge.fill("-25 %")
    page.locator("footer .w-dropdown__toggle").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("The page could not be saved due to validation errors").wait_for()
    card = page.locator("[data-streamfield-child]").first
    wrong = page.get_by_text("A badge cannot claim a percentage or an amount").locator(
        "visible=true"
    )
    # Open by itself, although it is a setting; and nowhere else.
    assert wrong.count() == 1
    field = wrong.locator("xpath=ancestor::*[@data-contentpath][1]")
    assert field.get_attribute("data-contentpath") == "badge"
    assert field.locator("input").input_value() == "-25 %"
    assert card.locator("[data-contentpath=product] .error-message").is_visible()


def test_a_draft_is_saved_and_readers_see_nothing_of_it(
    edit: Callable[..., Page], open_page: OpenPage
) -> None:
    page = edit("knee")
    heading = add_block(page, "Heading")
    heading.locator("[data-contentpath=text] input").fill("A heading nobody should read yet")
    # An unfinished block does not keep a draft from being saved, by Wagtail itself or by hand.
    add_block(page, "Product card")
    saved_by_itself(page)
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Page 'The knee that likes to be used' has been updated").wait_for()
    page.reload()
    second = page.locator("[data-streamfield-child]").nth(1)
    assert (
        second.locator("[data-contentpath=text] input").input_value()
        == "A heading nobody should read yet"
    )
    assert "nobody should read" not in open_page(address_of("en", "knee").path).content()
