"""Citing in Wagtail's editor: from the cursor in a paragraph to the published page."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import address_of, saved_by_itself

if TYPE_CHECKING:
    from playwright.sync_api import ElementHandle, Locator, Page

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


class Hands:
    """What an editor does, and how often: clicks, keys (a character is one) and pastes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.counts = Counter[str]()
        self.texts: list[str] = []
        self.began = time.monotonic()

    def click(self, target: Locator | ElementHandle) -> None:
        target.click()
        self.counts["clicks"] += 1

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)
        self.counts["keys"] += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.counts["keys"] += len(text)
        self.texts.append(text)

    def paste(self, text: str) -> None:
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("Control+v")
        self.counts["pastes"] += 1
        self.texts.append(text)

    def tell(self, task: str) -> None:
        """Print the figures, which `pytest -rP` shows; as hands take no time, all is waiting."""
        figures = [f"{self.counts[w]} {w}" for w in ("clicks", "keys", "pastes")]
        print(f"{task}: {', '.join(figures)}, {time.monotonic() - self.began:.0f} s of waiting")

    def has_typed_nothing_twice(self) -> bool:
        words = [line for text in self.texts for line in text.splitlines() if len(line) > 5]
        return len(words) == len(set(words))


def paragraphs(page: Page) -> Locator:
    """The rich text editors of the form."""
    return page.locator("[data-streamfield-child] .public-DraftEditor-content")


def cite(page: Page, editor: Locator, hands: Hands | None = None) -> Locator:
    """The dialog, asked for at the end of a text with the keyboard alone."""
    hands = hands or Hands(page)
    hands.click(editor)
    hands.press("Control+End")
    hands.type("/cite")
    page.get_by_role("option", name="Cite a source").wait_for()
    hands.press("Enter")
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


def publish(page: Page, hands: Hands | None = None) -> None:
    hands = hands or Hands(page)
    saved_by_itself(page)
    hands.click(page.locator("footer .w-dropdown__toggle"))
    hands.click(page.get_by_role("button", name="Publish", exact=True))
    page.locator(".messages").get_by_text("published").first.wait_for()


def each_leads_back(shown: Page) -> int:
    """How many citations lead to the entry with their number, which leads back to them."""
    return shown.evaluate(
        """() => [...document.querySelectorAll(".anodyne-citation a")].filter(link => {
            const entry = document.getElementById(link.getAttribute("href").slice(1));
            const places = [...entry.parentElement.children];
            const number = entry.value || places.indexOf(entry) + 1;
            return link.textContent === `[${number}]` && places.includes(entry)
                && entry.querySelector(`[role=doc-backlink][href="#${link.id}"]`);
        }).length"""
    )


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
    # And a new one, whose address is pasted and whose title is typed, once each.
    hands = Hands(page)
    dialog = cite(page, second, hands)
    hands.paste("https://example.org/stairs")
    hands.press("Enter")
    hands.type("Stairs are an exercise")
    hands.press("Enter")
    dialog.wait_for(state="hidden")
    assert labels(page, 2)[1] == "Stairs are an exercise"
    # Its paragraph goes up, before the other one.
    ours = second.locator("xpath=ancestor::*[@data-streamfield-child][1]")
    theirs = first.locator("xpath=ancestor::*[@data-streamfield-child][1]")
    order = "(a, b) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING)"
    ours_handle, theirs_handle = ours.element_handle(), theirs.element_handle()
    while page.evaluate(f"([a, b]) => ({order})(a, b)", [theirs_handle, ours_handle]):
        hands.click(ours_handle.query_selector("[data-streamfield-action=MOVE_UP]"))
    publish(page, hands)
    hands.tell("A new source cited, its paragraph moved, the page published")
    assert hands.has_typed_nothing_twice()
    # Without the moves, of which there are as many as blocks between the two.
    assert hands.counts["pastes"] == 1 and hands.counts["keys"] == 31

    shown = open_page(address_of("en", "knee").path)
    links = shown.locator(".anodyne-citation a")
    assert links.all_inner_texts() == ["[1]", "[2]"]
    titles = shown.locator(".anodyne-sources__title").all_text_contents()
    assert titles[:2] == ["Stairs are an exercise", known]
    assert each_leads_back(shown) == 2
    entry = shown.locator(".anodyne-sources__entry").first
    links.first.click()
    assert shown.url.endswith(f"#{entry.get_attribute('id')}")
    assert entry.evaluate("entry => entry.matches(':target')")
    entry.locator("[role=doc-backlink]").click()
    assert shown.url.endswith(f"#{links.first.get_attribute('id')}")


def test_a_pasted_list_of_fifteen_is_added_and_a_source_that_goes_is_told(
    edit: Callable[..., Page], open_page: OpenPage
) -> None:
    page = edit("sleep")
    before = page.evaluate("anodyneSources.entries().length")
    hands = Hands(page)
    hands.click(page.get_by_role("button", name="Paste a list"))
    dialog = page.get_by_role("dialog", name="Paste a list")
    hands.paste(PASTED)
    hands.click(dialog.get_by_role("button", name="Continue"))
    rows = dialog.locator(".anodyne-row")
    rows.first.wait_for()
    assert rows.count() == 15
    assert "Koes BW" in rows.nth(7).inner_text()
    hands.click(dialog.get_by_role("button", name="Add sources (15)"))
    dialog.wait_for(state="hidden")
    hands.tell("Fifteen sources added from a pasted list, six with the same title")
    assert hands.counts == {"clicks": 3, "pastes": 1}
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
    # One that is there already says so at its place, in a draft, too.
    page.evaluate("anodyneSources.add({ authors: 'NHG', title: 'Ischias', year: 2015 })")
    repeated = page.locator(".anodyne-repeated")
    repeated.wait_for(state="attached")
    assert repeated.text_content() == f"This source is already number {before + 2} of the list."
    again = repeated.locator("xpath=ancestor::*[@data-streamfield-child][1]")
    again.get_by_role("button", name="Delete").click()
    # Six of one title are no obstacle, and the publisher is told what shows nothing.
    publish(page)
    page.locator(".messages").get_by_text("its source is gone from the list").wait_for()
    shown = open_page(address_of("en", "sleep").path)
    titles = shown.locator(".anodyne-sources__title").all_text_contents()
    assert len(titles) == before + 14 and titles.count("Ischias") == 6
    assert shown.locator(".anodyne-citation").count() == 0
