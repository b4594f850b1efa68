"""A long article from nothing to the published page, out of what its author has: a text, a list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.e2e.site import CONTENT, saved_by_itself
from tests.e2e.test_accessibility import AXE, objections
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


@pytest.fixture
def new_page(open_page: OpenPage, session: dict[str, object], origin: str) -> Callable[[], Page]:
    """Opens the editor of an article in English that is not there yet."""

    def new() -> Page:
        with urlopen(f"{origin}/api/v2/pages/?type=magazine.FrontPage&locale=en") as answer:
            (front,) = json.load(answer)["items"]
        page = open_page(f"/admin/pages/{front['id']}/add_subpage/", storage_state=session)
        page.locator(".c-sf-add-button").first.wait_for()
        return page

    return new


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


def add_before(page: Page, hands: Hands, words: str, label: str) -> None:
    """A new block in front of the one that shows these words; "" for the end."""
    blocks = page.locator("[data-contentpath=body] [data-streamfield-child]")
    count = blocks.count()
    above = "xpath=preceding::button[@title='Insert a block'][1]"
    ends = page.locator("[data-contentpath=body] [title='Insert a block']").last
    hands.click(blocks.filter(has_text=words).first.locator(above) if words else ends)
    hands.click(page.locator(".w-combobox__option").filter(has_text=label).first)
    page.wait_for_function(
        "count => document.querySelectorAll('[data-contentpath=body] [data-streamfield-child]')"
        ".length > count",
        arg=count,
    )


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
    new_page: Callable[[], Page], open_page: OpenPage, tmp_path: Path
) -> None:
    """Of the 208 clicks, 130 keys and 80 pastes that it took to fill in block after block."""
    file = text_file(tmp_path)
    parts = said(file.read_text(encoding="utf-8"))
    assert 1200 < sum(len(part.split()) for part in parts) < 1400
    page = new_page()
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

    add_before(page, hands, "", "Sources")
    hands.click(page.get_by_role("button", name="Paste a list"))
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
    titles, lines = shown.locator(".anodyne-sources__title"), PASTED.splitlines()
    listed = zip(titles.all_text_contents(), lines, strict=True)
    assert [title for title, line in listed if title not in line] == []
    brace, made = shown.locator(".anodyne-product-card").all_inner_texts()
    assert "brace" in brace and NEW_PRODUCT in made and "49.90" in made
    assert NEW_PERSON in shown.locator(".anodyne-reviewer").inner_text()


def reach(page: Page, target: Locator) -> None:
    """Go on with the keyboard until something has the focus."""
    target.first.wait_for()
    for _step in range(150):
        if target.first.evaluate("wanted => wanted === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not come to {target}")


def test_the_keyboard_alone_from_opening_to_publishing(
    new_page: Callable[[], Page], open_page: OpenPage
) -> None:
    """And axe finds nothing where a text is brought in."""
    page = new_page()

    def press(target: Locator) -> None:
        reach(page, target)
        page.keyboard.press("Enter")

    reach(page, page.locator("#id_title"))
    page.keyboard.type("Keys")
    page.wait_for_function("document.querySelector('#id_slug').value === 'keys'")
    saved_by_itself(page)
    press(page.get_by_role("button", name="Save draft"))
    page.wait_for_url("**/edit/")
    press(page.get_by_role("button", name="Actions"))
    press(page.get_by_role("link", name="Bring in a text"))
    axe = AXE.read_text(encoding="utf-8")
    reach(page, page.get_by_label("Text"))
    page.evaluate(axe)
    page.emulate_media(reduced_motion="reduce")
    found = objections(page, "bring in", "main")
    page.keyboard.insert_text("# Keys\n\nNo mouse.\n\n![](x.png)\n\n## FAQ\n\n### Why?\n\nSo.")
    press(page.get_by_role("button", name="Show what it becomes"))
    save = page.get_by_role("button", name="Save draft")
    save.wait_for()
    page.evaluate(axe)
    assert found + objections(page, "becomes", "main") == []
    press(save)

    press(page.locator("[data-contentpath=body] [title='Insert a block']"))
    reach(page, page.locator(".w-combobox input"))
    page.keyboard.type("product card")
    page.keyboard.press("Enter")
    dialog = dialog_of(page, Hands(page))
    page.keyboard.type("brace")
    page.wait_for_function("document.querySelectorAll('.modal-content tbody tr').length === 1")
    press(dialog.locator("tbody a"))
    dialog.wait_for(state="hidden")
    saved_by_itself(page)
    press(page.locator("footer .w-dropdown__toggle"))
    press(page.get_by_role("button", name="Publish", exact=True))
    page.locator(".messages").get_by_text("published").first.wait_for()
    shown = open_page("/en/keys/").locator("main").inner_text()
    assert "No mouse." in shown and "brace" in shown
