"""The editor's overview follows the form, without saving."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from anodyne_blocks.pricing.money import format_money
from tests.e2e.site import PHONE
from tests.e2e.test_accessibility import AXE, violations
from tests.e2e.test_editor import add_block

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

OVERVIEW = "anodyne-overview"


def test_it_shows_a_heading_and_a_product_that_are_not_saved(edit: Callable[..., Page]) -> None:
    page = edit("fidget")
    # A form that is not saved by itself.
    page.route("**/edit/", lambda route: route.abort())
    overview = page.locator(OVERVIEW)
    overview.scroll_into_view_if_needed()
    overview.get_by_text("Reading time:").wait_for()
    assert "Cherry stone heat pack" not in overview.inner_text()
    add_block(page, "Heading").locator("[data-contentpath=text] input").fill("Typed just now")
    card = add_block(page, "Product card")
    card.get_by_role("button", name="Choose").first.click()
    page.locator(".modal-content input[name=q]").fill("cherry")
    page.wait_for_function("document.querySelectorAll('.modal-content tbody tr').length === 1")
    page.locator(".modal-content tbody tr a").first.click()
    card.locator(".anodyne-summary__reason").wait_for()
    folded = card.locator(".anodyne-folded")
    assert not folded.is_visible()
    card.get_by_role("button", name="Toggle section").first.click()
    said = folded.inner_text()
    assert format_money("16.95", "GBP", "en-gb") in said and "No badge" in said
    overview.scroll_into_view_if_needed()
    product = overview.locator("li", has_text="Cherry stone heat pack")
    product.first.wait_for()
    assert format_money("16.95", "GBP", "en-gb") in product.first.inner_text()
    # The link of the heading leads to its block.
    link = overview.get_by_role("link", name="Typed just now")
    link.click()
    block = page.locator(link.get_attribute("href") or "")
    assert block.locator("[data-contentpath=text] input").input_value() == "Typed just now"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for width in (1280, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Wagtail's footer covers a part of some links on a phone.
            found += violations(page, OVERVIEW, without=["target-size"])
    assert found == []
