"""Citing in Wagtail's editor: from the cursor in a paragraph to the published page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import address_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

PASTED = """\
1. Foster NE, Anema JR, Cherkin D, et al. Prevention and treatment of low back pain. Lancet. 2018.
2. NHG. Ischias. 2015.
3. NVN. Ischias. 2008.
4. Thuisarts.nl. Ischias. https://www.thuisarts.nl/ischias
5. Hersenstichting. Ischias. https://www.hersenstichting.nl/ischias
6. KNGF. Ischias. 2021.
7. Gezondheidsraad. Ischias. Den Haag: Gezondheidsraad; 1999.
8. Koes BW, van Tulder MW, Peul WC. Diagnosis and treatment of sciatica. BMJ. 2007;334:1313-7.
9. Jensen RK, Kongsted A, Kjaer P, Koes B. Diagnosis and treatment of sciatica. BMJ. 2019.
10. Hartvigsen, J., Hancock, M. J. (2018). What low back pain is. The Lancet, 391(10137).
11. Buchbinder R. Low back pain: a call for action. Lancet. 2018. doi:10.1016/S0140-6736(18)30488-4
12. Maher C, Underwood M. Non-specific low back pain. Lancet. 2017. PMID: 27745712
13. World Health Organization. Guideline for chronic low back pain. Geneva: WHO; 2023.
14. Qaseem A. Noninvasive treatments. Ann Intern Med. 2017. https://doi.org/10.7326/M16-2367
15. Sitting less, moving more
"""


def paragraphs(page: Page) -> Locator:
    """The rich text editors of the form."""
    return page.locator("[data-streamfield-child] .public-DraftEditor-content")


def cite(page: Page, editor: Locator) -> Locator:
    """The dialog, asked for at the end of a text with the keyboard alone."""
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("/cite")
    page.get_by_role("option", name="Cite a source").wait_for()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Cite a source")
    dialog.wait_for()
    return dialog


def labels(page: Page, count: int) -> list[str]:
    """What the editor sees for each citation."""
    marks = page.locator("[data-anodyne-cite]")
    page.wait_for_function(
        "count => [...document.querySelectorAll('[data-anodyne-cite]')]"
        ".filter(mark => mark.dataset.label !== '…').length === count",
        arg=count,
    )
    return [mark.get_attribute("data-label") for mark in marks.all()]


def publish(page: Page) -> None:
    # Wagtail 8.0 saves drafts by itself; what it is sending would be cut off.
    page.wait_for_function("!document.body.innerText.includes('Saving')")
    page.locator("footer .w-dropdown__toggle").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.locator(".messages").get_by_text("published").first.wait_for()


def test_a_new_source_is_cited_its_paragraph_moved_and_published(
    edit: Callable[..., Page], open_page: OpenPage
) -> None:
    page = edit("knee")
    first, second = paragraphs(page).nth(0), paragraphs(page).nth(1)
    # One that the page lists: found by its words, taken by the keyboard.
    dialog = cite(page, first)
    known = dialog.get_by_role("option").first.locator("span").inner_text()
    page.keyboard.type(known[:12].lower())
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    # And a new one, whose address and title are typed once each.
    dialog = cite(page, second)
    page.keyboard.type("https://example.org/stairs")
    page.keyboard.press("Enter")
    page.keyboard.type("Stairs are an exercise")
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert labels(page, 2)[1] == "Stairs are an exercise"
    # Its paragraph goes up, before the other one.
    ours = second.locator("xpath=ancestor::*[@data-streamfield-child][1]")
    theirs = first.locator("xpath=ancestor::*[@data-streamfield-child][1]")
    order = "(a, b) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING)"
    ours_handle, theirs_handle = ours.element_handle(), theirs.element_handle()
    while page.evaluate(f"([a, b]) => ({order})(a, b)", [theirs_handle, ours_handle]):
        ours_handle.query_selector("[data-streamfield-action=MOVE_UP]").click()
    publish(page)

    shown = open_page(address_of("en", "knee").path)
    links = shown.locator(".anodyne-citation a")
    assert links.all_inner_texts() == ["[1]", "[2]"]
    titles = shown.locator(".anodyne-sources__title").all_text_contents()
    assert titles[:2] == ["Stairs are an exercise", known]
    entry = shown.locator(".anodyne-sources__entry").first
    links.first.click()
    assert shown.url.endswith(f"#{entry.get_attribute('id')}")
    assert entry.evaluate("entry => entry.matches(':target')")
    entry.locator("[role=doc-backlink]").click()
    assert shown.url.endswith(f"#{links.first.get_attribute('id')}")


def test_a_pasted_list_of_fifteen_is_added_and_a_source_that_goes_is_told(
    edit: Callable[..., Page],
) -> None:
    page = edit("sleep")
    before = page.evaluate("anodyneSources.entries().length")
    page.get_by_role("button", name="Paste a list").click()
    dialog = page.get_by_role("dialog", name="Paste a list")
    page.keyboard.insert_text(PASTED)
    dialog.get_by_role("button", name="Continue").click()
    rows = dialog.locator(".anodyne-row")
    rows.first.wait_for()
    assert rows.count() == 15
    assert "Koes BW" in rows.nth(7).inner_text()
    dialog.get_by_role("button", name="Add sources (15)").click()
    dialog.wait_for(state="hidden")
    assert page.evaluate("anodyneSources.entries().length") == before + 15
    titles = page.evaluate("anodyneSources.entries().map(({ fields }) => fields.title)")
    assert titles.count("Ischias") == 6
    # Cited, and then deleted: the text says so, and so does what is not cited.
    dialog = cite(page, paragraphs(page).first)
    page.keyboard.type("Sitting less")
    page.keyboard.press("Enter")
    assert labels(page, 1) == ["Sitting less, moving mo…"]
    uncited = page.locator(".anodyne-uncited")
    uncited.first.wait_for(state="attached")
    assert uncited.count() == before + 14
    last = page.locator("[data-anodyne-key]").last.locator(
        "xpath=ancestor::*[@data-streamfield-child][1]"
    )
    last.get_by_role("button", name="Delete").click()
    page.locator(".anodyne-cite--gone").wait_for(state="attached")
    assert labels(page, 1) == ["Source is gone"]
    page.wait_for_function("!document.querySelector('.anodyne-uncited')")
