"""The front end of example_site/headless shows what the server shows, from API v2 and v3 alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from wagtail import VERSION

from tests.e2e.site import MANAGE, PHONE, ROOT, address_of, launch, open_all, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.api.conftest import Site

pytestmark = pytest.mark.browser

GUIDE = ROOT / "docs" / "how-to" / "headless.md"
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


# Keeps a draft as the editor's preview does, and prints what the front end is asked with.
_DRAFT = """
from example_site.magazine.models import ArticlePage
page = ArticlePage.objects.get(locale__language_code="nl", slug="{slug}")
page.title = "Nog niet klaar"
token = page.create_page_preview().token
print(f"?content_type={{page.get_content_type_str()}}&token={{token}}")
"""


def compile_front_end(target: Path) -> None:
    tsc("--project", SOURCE, "--outDir", target)


def tsc(*arguments: str | Path) -> None:
    """The compiler in the version that is locked beside the front end, which is fetched once."""
    run(ROOT / "scripts" / "npm-ci.sh", SOURCE, COMPILER)
    run(COMPILER / "node_modules" / ".bin" / "tsc", *arguments)


def run(*command: str | Path) -> None:
    result = subprocess.run([*map(str, command)], capture_output=True, text=True)
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


def test_the_documented_lines_read_the_draft_that_the_front_end_shows(
    browser: Browser, site: Site, origin: str
) -> None:
    path = address_of("nl", "sleep").path
    own = {name: value for name, value in os.environ.items() if name[:7] != "DJANGO_"}
    made = subprocess.run(
        [sys.executable, str(MANAGE), "shell", "-c", _DRAFT.format(slug=path.split("/")[-2])],
        env=own | {"EXAMPLE_VAR": str(site.folder)},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    (lines,) = re.findall(r"^```js\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    lines = lines.replace("https://cms.example", origin)
    ask = f"(async () => {{ {lines} return page.title; }})().catch((error) => error.message)"
    page = browser.new_page()
    page.goto(f"{origin}/headless/{made.stdout.splitlines()[-1]}")
    assert page.locator("main article h1").inner_text() == "Nog niet klaar"
    assert page.evaluate(ask) == "Nog niet klaar"
    # Who opens the page of previews without one is told.
    page.goto(origin + path)
    assert page.evaluate(ask) == "No preview has this content_type and token."
    page.close()
