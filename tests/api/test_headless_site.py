"""The front end of example_site/headless shows what the server shows, from API v2 and v3 alone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from wagtail import VERSION

from tests.e2e.site import PHONE, ROOT, address_of, launch, open_all, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.api.conftest import Site

pytestmark = pytest.mark.browser

SOURCE = ROOT / "example_site" / "headless"
COMPILER = ROOT / "build" / "tools" / "headless"
VERSIONS = ["v2", "v3"] if VERSION >= (8, 0) else ["v2"]

# What a reader gets of an article, in reading order; spaces are a matter of markup.
_READ = """(article) => {
    const dense = (text) => text.replace(/\\s+/g, "");
    const within = (selector, read) => [...article.querySelectorAll(selector)]
        .filter((node) => node.checkVisibility())
        .map((node) => [dense(node.textContent), ...read(node)]);
    const target = (node) => document.getElementById(decodeURIComponent(node.hash.slice(1)));
    const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    let text = "";
    while (texts.nextNode()) {
        if (texts.currentNode.parentElement.checkVisibility()) text += texts.currentNode.data;
    }
    return {
        text: dense(text),
        language: document.documentElement.lang,
        direction: getComputedStyle(article).direction,
        headings: within("h1, h2, h3, h4, h5, h6", ({ id, tagName }) => [tagName, id]),
        links: within("a[href]", (node) => [node.getAttribute("href"), node.rel, node.ariaLabel]),
        isolated: within("bdi", () => []),
        images: within("img", (node) => [
            node.getAttribute("src"), node.srcset, node.alt, node.naturalWidth > 0]),
        names: within("[role=img]", (node) => [node.ariaLabel]),
        times: within("time", (node) => [node.dateTime]),
        anchors: within("a[href^='#']", (node) => [Boolean(target(node))]),
    };
}"""

_LEAVE_AND_COME_BACK = """() => {
    const cards = document.querySelectorAll("[data-card]");
    if (cards.length === 0) throw new Error("There is no card.");
    cards.forEach((card) => { card.dataset.old = ""; });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def compile_front_end(target: Path) -> None:
    """`tsc` with the version that is locked beside it, which is fetched once."""
    run([str(ROOT / "scripts" / "npm-ci.sh"), str(SOURCE), str(COMPILER)])
    tsc = COMPILER / "node_modules" / ".bin" / "tsc"
    run([str(tsc), "--project", str(SOURCE), "--outDir", str(target)])


def run(command: list[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def origin(site: Site) -> str:
    """The example site with the compiled front end at /headless/."""
    compile_front_end(site.folder / "headless")
    return site.origin


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


def read(browser: Browser, address: str, *, comes_back: bool = False) -> dict[str, Any]:
    """What a reader of the page's article gets, with all that is folded opened.

    One who comes back to the page gets fresh prices laid over its cards.
    """
    page = browser.new_page(viewport={"width": PHONE, "height": 900})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    page.wait_for_selector("main article h1")
    if comes_back:
        page.evaluate(_LEAVE_AND_COME_BACK)
        page.wait_for_selector("[data-old]", state="detached")
    settle(page)
    open_all(page)
    found = page.locator("main article").first.evaluate(_READ)
    page.close()
    assert faults == []
    return found


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_the_front_end_shows_the_servers_article(
    browser: Browser, origin: str, language: str
) -> None:
    """Text, headings, links, prices (each in its `bdi`), images, dates, names: from each API."""
    path = address_of(language, "sleep").path
    server = read(browser, origin + path)
    assert server["headings"] and server["links"] and server["isolated"] and server["images"]
    for version in VERSIONS:
        for comes_back in (False, True):
            address = f"{origin}/headless/?page={path}&api={version}"
            headless = read(browser, address, comes_back=comes_back)
            for what, shown in server.items():
                assert headless[what] == shown, f"{what} from {version}, {comes_back=}"
