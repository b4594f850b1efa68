"""Choosing, and making what is missing, without leaving the page, in Wagtail's editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from anodyne_blocks.pricing.money import format_money
from tests.e2e.site import DESKTOP, PHONE, address_of, edit_path
from tests.e2e.test_accessibility import AXE, violations
from tests.e2e.test_editor import add_block
from tests.e2e.test_lists import FAULTS

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

FOCUS = """name => {
    const focused = document.activeElement;
    return focused.name === name || focused.hasAttribute(name);
}"""


@pytest.fixture
def edit(open_page: OpenPage, session: dict[str, object], origin: str) -> Callable[..., Page]:
    """Opens the editor of an article."""

    def edit_(language: str, key: str, **options: object) -> Page:
        path = edit_path(origin, address_of(language, key))
        page = open_page(path, storage_state=session, **options)
        page.locator("[data-streamfield-child]").first.wait_for()
        return page

    return edit_


def open_dialog(page: Page, label: str) -> tuple[Locator, Locator]:
    """A new block's form, and the dialog that the key Enter opens at once."""
    block = add_block(page, label)
    page.wait_for_function(FOCUS, arg="data-chooser-action-choose")
    page.keyboard.press("Enter")
    dialog = page.locator(".modal-content")
    dialog.wait_for()
    page.wait_for_function(FOCUS, arg="q")
    return block, dialog


def create(page: Page, dialog: Locator, name: str) -> Locator:
    """The form for what the search does not find, with the words as its name."""
    page.keyboard.type(name)
    dialog.locator("[data-anodyne-open=tab-create]").click()
    page.wait_for_function(FOCUS, arg="name")
    form = dialog.locator("#tab-create")
    assert form.locator("[name=name]").input_value() == name
    return form


def test_a_person_is_made_on_the_way_and_found_at_once(edit: Callable[..., Page]) -> None:
    page = edit("nl", "desk")
    block, dialog = open_dialog(page, "Reviewer")
    assert dialog.locator("[name=locale]").input_value() == "nl"
    form = create(page, dialog, "Nora Lind")
    form.locator("[name=name]").fill("")
    page.keyboard.press("Enter")
    form.locator(".error-message").wait_for()
    page.wait_for_function(FOCUS, arg="name")
    page.keyboard.type("Nora Lind")
    form.locator("[name=job_title]").fill("fysiotherapeut")
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert block.locator("[data-chooser-title]").inner_text() == "Nora Lind"
    page.wait_for_function("document.activeElement.closest('.anodyne-chosen .chosen')")
    # The next page in this language finds her; one in another says where she is.
    _block, dialog = open_dialog(edit("nl", "sleep"), "Reviewer")
    dialog.get_by_role("link", name="Nora Lind").wait_for()
    _block, dialog = open_dialog(edit("en", "sleep"), "Reviewer")
    dialog.page.keyboard.type("Nora Lind")
    dialog.locator("[data-anodyne-open]").wait_for()
    assert not dialog.get_by_role("link", name="Nora Lind").count()
    dialog.locator("[data-anodyne-show-all]").click()
    dialog.get_by_role("link", name="Nora Lind").wait_for()
    assert dialog.locator("[name=locale]").input_value() == ""


def test_a_product_is_made_with_the_page_s_market(edit: Callable[..., Page]) -> None:
    page = edit("da", "desk")
    block, dialog = open_dialog(page, "Product card")
    assert dialog.locator("[data-chooser-modal-search] [name=market]").input_value() == "da"
    form = create(page, dialog, "Kuglepude 3000")
    form.locator("[name=offer-price]").fill("1.299")
    page.keyboard.press("Enter")
    form.locator("[name=offer-price][aria-invalid]").wait_for()
    page.wait_for_function(FOCUS, arg="offer-price")
    form.locator("[name=offer-price]").fill("1299,50")
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    summary = block.locator("anodyne-summary")
    summary.get_by_text(format_money("1299.50", "DKK", "da"), exact=True).wait_for()
    assert block.locator("[data-chooser-title]").inner_text() == "Kuglepude 3000"


def test_the_form_of_a_card_shows_what_readers_see(edit: Callable[..., Page]) -> None:
    """On load, and again when another product is chosen; one question for all cards of the page."""
    asked: list[str] = []

    def count(page: Page) -> None:
        page.on("request", lambda r: asked.append(r.url) if "/summaries/" in r.url else None)

    page = edit("en", "desk", prepare=count)
    summary = page.locator("anodyne-summary").first
    summary.get_by_text(format_money("34.50", "GBP", "en-gb"), exact=True).wait_for()
    assert "−25%" in summary.inner_text()
    assert summary.locator("img").evaluate(
        "async image => { await image.decode(); return image.naturalWidth; }"
    )
    assert page.locator("anodyne-summary").count() > 1 and len(asked) == 1


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_axe_finds_nothing_in_the_dialogs(
    edit: Callable[..., Page], width: int, scheme: str
) -> None:
    page = edit("en", "sleep", width=width, color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = []
    for label in ("Product card", "Reviewer", "Shop rating"):
        block, dialog = open_dialog(page, label)
        found += violations(page, ".modal-content")
        form = create(page, dialog, "Nothing of that name")
        form.locator("[name=name]").fill("")
        page.keyboard.press("Enter")
        form.locator(".error-message").first.wait_for()
        found += violations(page, ".modal-content")
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
    page.locator("anodyne-summary:not(:empty)").first.wait_for()
    found += violations(page, "anodyne-summary")
    assert found == []


def test_a_dialog_s_results_scroll_with_the_dialog(edit: Callable[..., Page]) -> None:
    page = edit("en", "sleep", width=PHONE, reduced_motion="reduce")
    _block, dialog = open_dialog(page, "Product card")
    assert page.evaluate(FAULTS, ".modal-content") == []
    results = dialog.locator(".anodyne-rows")
    assert results.evaluate("table => table.scrollHeight <= table.clientHeight + 1")
