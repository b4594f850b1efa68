"""What an editor pastes into a text or a question, and Wagtail's palette in our texts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_editor import add_block

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PASTE = """([html, text]) => {
    const clipboardData = new DataTransfer();
    if (html) clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
}"""
# The first blocks of the body: type, and the words of its texts.
BEGINNINGS = """(count) => {
    const isThere = ({ deletedInput }) => deletedInput.val() !== "1";
    const { rootBlock } = document.getElementById("body-root");
    return rootBlock.children.filter(isThere).slice(0, count).map(({ type, element }) => {
        const heading = element.querySelector("[data-contentpath=text] input[type=text]");
        const editors = [...element.querySelectorAll("[data-contents]")];
        return `${type}: ${heading ? heading.value : editors.map((e) => e.textContent).join("")}`;
    });
}"""


def paste(page: Page, html: str, text: str) -> None:
    page.evaluate(PASTE, [html, text])


def has(page: Page, *told: str) -> None:
    from playwright.sync_api import TimeoutError

    with suppress(TimeoutError):
        page.wait_for_function(
            f"told => ({BEGINNINGS})(told.length).join() === told.join()", arg=told
        )
    assert page.evaluate(BEGINNINGS, len(told)) == list(told)


def test_a_text_takes_headings_and_has_the_palette_and_the_split(
    edit: Callable[..., Page],
) -> None:
    page = edit("fidget")
    add_block(page, "Text").locator("[contenteditable=true]").click()
    paste(page, "<h2>Sit less</h2><p>Stand <b>up</b>.</p><h3>Walk</h3><p>Far.</p>", "Sit less")
    first = "heading: Sit less", "paragraph: Stand up.", "heading: Walk"
    has(page, *first, "paragraph: Far.")
    # What is one text stays in it.
    page.keyboard.press("End")
    paste(page, "<h1></h1><p>Further.</p>", "Further.")
    has(page, *first, "paragraph: Far.Further.")
    for _letter in "Further.":
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("/split")
    page.get_by_role("option", name="Split block").wait_for()
    page.keyboard.press("Enter")
    has(page, *first, "paragraph: Far.", "paragraph: Further.")
    page.wait_for_function("document.activeElement.textContent === 'Further.'")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("/reading")
    page.get_by_role("option", name="Reading time").wait_for()
    page.keyboard.press("Enter")
    has(page, *first, "paragraph: Far.", "paragraph: Further.", "reading_time: ")


def test_the_next_item_or_block_is_one_key_away(edit: Callable[..., Page]) -> None:
    """And the focus goes where the typing goes on."""
    page = edit("fidget")
    asked = add_block(page, "Questions and answers")
    asked.locator("[data-contentpath=question] input:visible").click()
    page.keyboard.type("Why?")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(
        "document.activeElement.matches('[data-contentpath=question] input') "
        "&& document.activeElement.value === ''"
    )
    page.keyboard.type("How?")
    fields = asked.locator("[data-contentpath=question] input:visible")
    assert [field.input_value() for field in fields.all()] == ["Why?", "How?"]
    source = page.locator("[data-contentpath=sources] [data-contentpath=title] input")
    count = source.count()
    source.last.evaluate("field => field.dispatchEvent(new Event('beforematch', {bubbles: true}))")
    source.last.focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_function("document.activeElement.closest('[data-contentpath=authors]')")
    assert source.count() == count + 1
    card = add_block(page, "Product card")
    card.locator("[data-contentpath=layout] select").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_function(
        "document.activeElement.matches('[data-chooser-action-choose]')"
        " && document.activeElement.closest('[data-streamfield-child]')"
        " === document.querySelectorAll('[data-streamfield-child]')[1]"
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", "1. Why?\nSo.\n\n2. How long?\nA week.\nOr two."),
        (
            "<p><b>Why?</b><br>So.</p><p><b>How long?</b></p><p>A week.</p><p>Or two.</p>",
            "Why?\nSo.",
        ),
    ],
)
def test_a_pasted_list_of_questions_becomes_items(
    html: str, text: str, edit: Callable[..., Page]
) -> None:
    page = edit("fidget")
    asked = add_block(page, "Questions and answers")
    fields = asked.locator("[data-contentpath=question] input:visible")
    fields.first.click()
    paste(page, html, text)
    page.wait_for_function(f"({BEGINNINGS})(1)[0] === 'faq: So.A week.Or two.'")
    assert [field.input_value() for field in fields.all()] == ["Why?", "How long?"]
    # What is no list stays one question.
    fields.last.fill("")
    paste(page, "", "Two lines\nof one question")
    page.wait_for_function(
        "field => field.value === 'Two lines of one question'", arg=fields.last.element_handle()
    )
