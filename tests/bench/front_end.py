"""The page as a reader's phone gets it: bytes, scripts, shifts, and what Lighthouse says.

Looks at the served example site: `python -m tests.bench.front_end`. Needs what
scripts/install-browser.sh and scripts/install-lighthouse.sh install.
"""

from __future__ import annotations

import gzip
import re
import urllib.request
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.bench import lighthouse
from tests.bench.frame import NotAvailableError, run
from tests.e2e.site import (
    ARTICLE_ADDRESSES,
    CHROMIUM,
    DESKTOP,
    PHONE,
    ROOT,
    address_of,
    example_site,
    launch,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

STATIC = ROOT / "anodyne_blocks" / "static" / "anodyne_blocks"
# The first is every page's, the others are of those that use their elements.
STYLESHEETS = [STATIC / f"{name}.css" for name in ("anodyne", "deciding", "passages")]
# Every element is on these two.
ARTICLES = [address_of(language, "sleep") for language in ("nl", "ar")]
CARD = re.compile(r'<article class="anodyne-product-card".*?</article>', re.DOTALL)


def measure() -> dict[str, float]:
    """All numbers of the front end; the site is built, served and ended in here."""
    for file, script in ((lighthouse.CLI, "lighthouse"), (CHROMIUM, "browser")):
        if not Path(file).exists():
            raise NotAvailableError(f"There is no {file}: run scripts/install-{script}.sh.")
    from playwright.sync_api import sync_playwright

    sizes = [len(gzip.compress(path.read_bytes(), 9)) for path in STYLESHEETS]
    numbers: dict[str, float] = {"css.gzip_bytes": sizes[0], "css.all_gzip_bytes": sum(sizes)}
    with TemporaryDirectory(prefix="bench-front-end-") as name:
        folder = Path(name)
        with example_site(folder) as origin:
            numbers["card.html_bytes"] = max(card_bytes(origin))
            with sync_playwright() as playwright:
                browser = launch(playwright)
                numbers["js.required_bytes"] = required_script(browser, origin)
                numbers["cls"] = max(shifts(browser, origin))
                browser.close()
            urls = [origin + address.path for address in ARTICLES]
            for name, score in lighthouse.scores(urls, folder).items():
                numbers[f"lighthouse.{name.replace('-', '_')}"] = score
    return numbers


# Cards


class _Content(HTMLParser):
    """Adds up the bytes of what an editor or a shop wrote; the rest of the HTML is markup."""

    ATTRIBUTES = ("alt", "aria-label", "href", "src", "srcset")

    def __init__(self, html: str) -> None:
        # References stay as they are written, so that their bytes are counted.
        super().__init__(convert_charrefs=False)
        self.bytes = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name in self.ATTRIBUTES:
            for value in re.findall(rf' {name}="([^"]*)"', self.get_starttag_text() or ""):
                self.bytes += len(value.encode())

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        # What only sets tags apart is markup.
        self.bytes += len(data.strip().encode())

    def handle_entityref(self, name: str) -> None:
        self.bytes += len(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.bytes += len(f"&#{name};")


def markup_bytes(html: str) -> int:
    """Bytes of HTML without texts, addresses and what stands for a picture."""
    return len(html.encode()) - _Content(html).bytes


def card_bytes(origin: str) -> Iterable[int]:
    """The markup of every card in the articles of two languages: tags, classes and the like."""
    languages = [address.language for address in ARTICLES]
    for address in ARTICLE_ADDRESSES:
        if address.language in languages:
            with urllib.request.urlopen(origin + address.path) as response:
                html = response.read().decode()
            for card in re.findall(
                r'<article class="anodyne-product-card".*?</article>', html, re.S
            ):
                yield markup_bytes(card)


# Scripts

# What each element shows. Two buttons are there for their script's sake; the links beside them
# do the same without.
_SHOWN = """() => {
    document.querySelectorAll(".anodyne-share button").forEach((button) => button.remove());
    return [...document.querySelectorAll("main [class^=anodyne-]")]
        .filter((node) => !node.parentElement.closest("[class^=anodyne-]"))
        .map((node) => [node.className, node.innerText, node.querySelectorAll("img").length]);
}"""


def shown(page: Page) -> list[Any]:
    """What a reader sees of all elements, first as they are, then in each opened disclosure."""
    texts = page.evaluate(_SHOWN)
    for summary in page.locator("main summary").all():
        summary.click()
        texts.append(summary.locator("..").inner_text())
    return texts


def required_script(browser: Browser, origin: str) -> int:
    """Bytes of the scripts without which an element shows less: 0, or those of all scripts."""
    needed = 0
    for address in ARTICLES:
        seen = []
        scripts: list[Response] = []
        for enabled in (True, False):
            page = browser.new_page(
                viewport={"width": PHONE, "height": 900}, java_script_enabled=enabled
            )
            page.on("response", lambda answer, scripts=scripts: _keep_script(answer, scripts))
            page.goto(origin + address.path)
            seen.append(shown(page))
            if enabled:
                size = sum(len(script.body()) for script in scripts)
            page.close()
        # The comparison is worth something where there are elements, and scripts beside them.
        if len(seen[0]) < 20 or not size:
            raise RuntimeError(f"{address.name} has no elements or no script to do without.")
        if seen[0] != seen[1]:
            needed = max(needed, size)
    return needed


def _keep_script(answer: Response, scripts: list[Response]) -> None:
    if answer.request.resource_type == "script":
        scripts.append(answer)


# Shifts

_OBSERVE = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) window.shifted += value;
    }).observe({ type: "layout-shift", buffered: true });
"""

# To the end and back, half a screen every tenth of a second: faster than anybody reads.
_READ = """async () => {
    const pause = () => new Promise((done) => setTimeout(done, 100));
    for (const step of [innerHeight / 2, -innerHeight / 2]) {
        for (let before = NaN; before !== scrollY; await pause()) {
            before = scrollY;
            scrollBy({ top: step, behavior: "instant" });
        }
    }
}"""


def shifts(browser: Browser, origin: str) -> Iterable[float]:
    """The layout shift of each article on a phone and a desktop, read to the end and back.

    Rounded to two decimals, as layout shift is reported: a web font may move a word by a hair.
    """
    for address in ARTICLES:
        for width in (PHONE, DESKTOP):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.add_init_script(_OBSERVE)
            page.goto(origin + address.path)
            page.evaluate(_READ)
            yield round(page.evaluate("window.shifted"), 2)
            page.close()


if __name__ == "__main__":
    run(measure)
