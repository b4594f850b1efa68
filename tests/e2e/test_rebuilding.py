"""A long article from nothing to the published page, out of what its author has: a text, a list."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.e2e.site import CONTENT, saved_by_itself
from tests.e2e.test_citing import PASTED, Hands, publish
from tests.e2e.test_dialogs import FOCUS

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

TITLE = "A desk that lets your back move"
NEW_PRODUCT, NEW_PERSON = "Balance board", "Nora Falk"
# A fifth of what it took with blocks that were filled in one by one.
MOST = {"clicks": 41, "keys": 26, "pastes": 16}


def text_file(folder: Path) -> Path:
    """An article of some 1,300 words with four questions, as a web page."""
    told = yaml.safe_load((CONTENT / "en" / "desk.yaml").read_text(encoding="utf-8"))
    parts = [f"<h1>{TITLE}</h1><p class='lead'>{told['standfirst']}</p>"]
    for item in told["body"]:
        ((kind, value),) = item.items()
        if kind == "paragraph":
            parts.append(re.sub(r"<a linktype[^>]*></a>", "", value))
        elif kind == "heading":
            parts.append(f"<h2>{value}</h2>")
        elif kind == "faq":
            parts.append("<h2>Frequently asked questions</h2>")
            for asked in value["items"][:4]:
                parts.append(f"<h3>{asked['question']}</h3>{asked['answer']}")
    file = folder / "article.html"
    file.write_text("\n".join(parts), encoding="utf-8")
    return file


def said(html: str) -> list[str]:
    """What a text says, heading by heading and paragraph by paragraph."""
    found = BeautifulSoup(html, "html.parser").find_all(["h1", "h2", "h3", "p", "li"])
    return [" ".join(part.get_text().split()) for part in found]


def add_before(page: Page, hands: Hands, words: str, label: str) -> Locator:
    """The form of a new block in front of the one that shows these words; "" for the end."""
    blocks = page.locator("[data-contentpath=body] [data-streamfield-child]")
    buttons, count = page.locator("[data-contentpath=body] .c-sf-add-button"), blocks.count()
    next_one = blocks.filter(has_text=words).first
    hands.click(
        next_one.locator("xpath=preceding::button[@title='Insert a block'][1]")
        if words
        else buttons.last
    )
    hands.click(page.locator(".w-combobox__option").filter(has_text=label).first)
    made = next_one.locator("xpath=preceding-sibling::*[@data-streamfield-child][1]")
    made = made if words else blocks.filter(has=page.get_by_role("button", name="Paste a list"))
    made.get_by_text(label).first.wait_for()
    assert blocks.count() > count
    return made


def dialog_of(page: Page, hands: Hands) -> Locator:
    """The chooser's dialog of the block that was just made, which the key Enter opens."""
    page.wait_for_function(FOCUS, arg="data-chooser-action-choose")
    hands.press("Enter")
    page.wait_for_function(FOCUS, arg="q")
    return page.locator(".modal-content")


def make(page: Page, hands: Hands, dialog: Locator, name: str) -> Locator:
    """The form for what is not there yet; its name was looked for."""
    hands.paste(name)
    hands.click(dialog.locator("[data-anodyne-open=tab-create]"))
    page.wait_for_function(FOCUS, arg="name")
    return dialog.locator("#tab-create")


def test_an_article_is_rebuilt_with_a_fifth_of_the_work(
    open_page: OpenPage, session: dict[str, object], origin: str, tmp_path: Path
) -> None:
    """Of the 208 clicks, 130 keys and 80 pastes that it took to fill in block after block."""
    file = text_file(tmp_path)
    parts = said(file.read_text(encoding="utf-8"))
    assert 1200 < sum(len(part.split()) for part in parts) < 1400
    with urlopen(f"{origin}/api/v2/pages/?type=magazine.FrontPage&locale=en") as answer:
        (front,) = json.load(answer)["items"]
    page = open_page(f"/admin/pages/{front['id']}/add_subpage/", storage_state=session)
    page.locator(".c-sf-add-button").first.wait_for()
    hands = Hands(page)

    hands.click(page.locator("#id_title"))
    hands.type("New")
    page.wait_for_function("document.querySelector('#id_slug').value === 'new'")
    saved_by_itself(page)
    hands.click(page.get_by_role("button", name="Save draft"))
    hands.click(page.get_by_role("button", name="Actions").first)
    hands.click(page.get_by_role("link", name="Bring in a text"))
    with page.expect_file_chooser() as chooser:
        hands.click(page.get_by_label("File"))
    chooser.value.set_files(file)
    hands.counts["clicks"] += 1
    hands.click(page.get_by_role("button", name="Show what it becomes"))
    hands.click(page.get_by_label("Take over the title, too"))
    hands.click(page.get_by_role("button", name="Save draft"))
    page.locator("[data-streamfield-child]").first.wait_for()

    add_before(page, hands, "Nobody has found the correct way to sit", "Reviewer")
    dialog = dialog_of(page, hands)
    make(page, hands, dialog, NEW_PERSON)
    hands.press("Enter")
    dialog.wait_for(state="hidden")
    hands.click(page.get_by_label("Reviewed on"))
    hands.click(page.locator(".xdsoft_today:visible").first)

    add_before(page, hands, "Movement, in portions", "Product card")
    dialog = dialog_of(page, hands)
    hands.type("brace")
    page.wait_for_function("document.querySelectorAll('.modal-content tbody tr').length === 1")
    hands.click(dialog.locator("tbody a").first)
    dialog.wait_for(state="hidden")

    add_before(page, hands, "On the days when it hurts anyway", "Product card")
    dialog = dialog_of(page, hands)
    form = make(page, hands, dialog, NEW_PRODUCT)
    hands.click(form.locator("[name=offer-price]"))
    hands.type("49.90")
    hands.press("Enter")
    dialog.wait_for(state="hidden")

    sources = add_before(page, hands, "", "Sources")
    hands.click(sources.get_by_role("button", name="Paste a list"))
    dialog = page.get_by_role("dialog", name="Paste a list")
    hands.paste(PASTED)
    hands.click(dialog.get_by_role("button", name="Continue"))
    hands.click(dialog.get_by_role("button", name="Add sources (15)"))
    dialog.wait_for(state="hidden")
    publish(page, hands)
    hands.tell("An article of 1,300 words rebuilt")
    assert hands.has_typed_nothing_twice()
    assert {name: hands.counts[name] for name in MOST if hands.counts[name] > MOST[name]} == {}

    shown = open_page("/en/a-desk-that-lets-your-back-move/")
    text = " ".join(shown.locator("main").text_content().split())
    place = 0
    for part in parts:
        place = text.find(part, place)
        assert place >= 0, part
    assert shown.locator(".anodyne-faq__item").count() == 4
    titles = shown.locator(".anodyne-sources__title").all_text_contents()
    assert len(titles) == 15 and titles[-1] == "Sitting less, moving more"
    cards = shown.locator(".anodyne-product-card").all_inner_texts()
    assert ["Lumbar" in cards[0], NEW_PRODUCT in cards[1] and "49.90" in cards[1]] == [True, True]
    assert NEW_PERSON in shown.locator(".anodyne-reviewer").inner_text()
