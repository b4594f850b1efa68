"""Questions and answers as a reader meets them: no JavaScript, by link, by search, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from wagtail.rich_text import RichText

from anodyne_blocks.blocks import FAQBlock
from tests.e2e.site import DESKTOP, PHONE, address_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

ARTICLE = address_of("nl", "sleep")
ITEM = ".anodyne-faq__item"
IS_OPEN = "item => item.open"
IS_SHOWN = "answer => answer.checkVisibility({ contentVisibilityAuto: true })"


def answers_shown(items: Locator) -> list[bool]:
    """Which answers a reader sees."""
    return [item.locator(".anodyne-faq__answer").evaluate(IS_SHOWN) for item in items.all()]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_click_opens_an_answer_without_javascript(width: int, open_page: OpenPage) -> None:
    page = open_page(ARTICLE.path, width=width, java_script_enabled=False)
    items = page.locator(ITEM)
    closed = [False] * items.count()
    assert len(closed) > 1
    assert answers_shown(items) == closed
    items.first.locator("summary").click()
    assert answers_shown(items) == [True, *closed[1:]]
    items.first.locator("summary").click()
    assert answers_shown(items) == closed


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_opens_an_answer(key: str, open_page: OpenPage) -> None:
    page = open_page(ARTICLE.path, java_script_enabled=False)
    first = page.locator(ITEM).first
    first.locator("summary").focus()
    page.keyboard.press(key)
    assert first.evaluate(IS_OPEN)
    # The next stop is inside the answer that just opened.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('details')?.open") is True


@pytest.mark.parametrize("java_script", [True, False])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_link_opens_a_closed_answer(width: int, java_script: bool, open_page: OpenPage) -> None:
    """The address that the answer itself offers; the question stands in view with its answer."""
    options = {"width": width, "java_script_enabled": java_script, "reduced_motion": "reduce"}
    page = open_page(ARTICLE.path, **options)
    fragment = page.locator(ITEM).nth(2).locator("a[href^='#']").last.get_attribute("href")
    linked = open_page(ARTICLE.path + fragment, **options)
    # Found anew, and late images above it may not push it away.
    linked.wait_for_load_state("networkidle")
    item = linked.locator(ITEM).nth(2)
    assert item.evaluate(IS_OPEN)
    for part in ("summary", ".anodyne-faq__answer"):
        box = item.locator(part).bounding_box()
        assert 0 <= box["y"] <= 900 - box["height"], part


def test_searching_the_page_finds_a_closed_answer(open_page: OpenPage) -> None:
    """A text fragment searches as find-in-page does, and opens what it finds."""
    page = open_page(
        f"{ARTICLE.path}#:~:text=Zo%20hoog%20dat%20je%20hoofd", java_script_enabled=False
    )
    items = page.locator(ITEM)
    page.wait_for_load_state("networkidle")
    assert [item.evaluate(IS_OPEN) for item in items.all()] == [False, True, False, False, False]


@pytest.mark.parametrize("java_script", [True, False])
def test_paper_shows_every_answer(java_script: bool, open_page: OpenPage) -> None:
    page = open_page(ARTICLE.path, java_script_enabled=java_script)
    items = page.locator(ITEM)
    assert not any(answers_shown(items))
    page.emulate_media(media="print")
    assert all(answers_shown(items))
    heights = [
        item.locator(".anodyne-faq__answer").bounding_box()["height"] for item in items.all()
    ]
    assert min(heights) > 20


def test_printing_leaves_the_page_as_it_was(open_page: OpenPage) -> None:
    page = open_page(ARTICLE.path)
    items = page.locator(ITEM)
    items.nth(1).locator("summary").click()
    before = [item.evaluate(IS_OPEN) for item in items.all()]
    page.pdf()
    assert [item.evaluate(IS_OPEN) for item in items.all()] == before


def test_one_open_at_a_time(open_page: OpenPage) -> None:
    """Where the editor asked for it: opening a question closes the other, without JavaScript."""
    questions = [
        {"question": f"Question {number}?", "answer": RichText("<p>Answer.</p>"), "anchor": ""}
        for number in range(3)
    ]
    block = FAQBlock()
    given = {**block.get_default(), "questions": questions, "one_at_a_time": True}
    page = open_page(ARTICLE.path, java_script_enabled=False)
    page.set_content(block.render(block.normalize(given)))
    items = page.locator(ITEM)
    items.nth(0).locator("summary").click()
    items.nth(2).locator("summary").click()
    assert answers_shown(items) == [False, False, True]


def test_every_source_can_be_reached(open_page: OpenPage) -> None:
    """A folded list of sources opens by itself for a link to one of its entries."""
    page = open_page(ARTICLE.path, java_script_enabled=False)
    for entry in page.locator(".anodyne-sources__entry").all():
        page.goto(f"{page.url.split('#')[0]}#{entry.get_attribute('id')}")
        assert entry.evaluate(IS_SHOWN)
