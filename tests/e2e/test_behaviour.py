"""The pages as a reader uses them: on any screen, by keyboard, in any language."""

from __future__ import annotations

from collections import Counter
from itertools import cycle
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import yaml

from tests.e2e.site import (
    ADDRESSES,
    ARTICLE_ADDRESSES,
    CONTENT,
    DESKTOP,
    LANGUAGES,
    PHONE,
    Address,
    address_of,
    open_all,
    settle,
)

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

SCREENS = (320, PHONE, 768, DESKTOP)
WIDE_CARD = ".anodyne-product-card[data-layout=wide]"

# What is wider than the page, innermost first: the page scrolls sideways, or cuts something off.
_OVERHANG = """() => {
    const room = document.documentElement.clientWidth;
    return [...document.querySelectorAll("body *")]
        .filter((node) => {
            if (!node.checkVisibility()) return false;
            if (node.closest(".anodyne-visually-hidden, .skip-link")) return false;
            const { left, right, width } = node.getBoundingClientRect();
            return width > 0 && (left < -1 || right > room + 1);
        })
        .map((node) => `${node.tagName} ${node.getAttribute("class")}`);
}"""

_SHIFT = """() => new Promise((done) => {
    let total = 0;
    const add = (entries) => entries.forEach(({ value }) => { total += value; });
    const observer = new PerformanceObserver((list) => add(list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    setTimeout(() => { add(observer.takeRecords()); done(total); }, 100);
})"""

# In how many rows the targets of sharing stand.
_SHARE_ROWS = """() => new Set([...document.querySelectorAll(".anodyne-share__target")]
    .filter((node) => node.checkVisibility())
    .map((node) => Math.round(node.getBoundingClientRect().top))).size"""

# The texts that a reader meets, without what a label repeats by its nature.
_TEXTS = """() => [...document.querySelectorAll("p, li, h1, h2, h3, h4, h5, figcaption, summary")]
    .filter((node) => node.checkVisibility() && !node.closest("nav"))
    .filter((node) => !node.querySelector("p, li, h1, h2, h3, h4"))
    .map((node) => node.innerText.replace(/\\s+/g, " ").trim())"""

# Each focusable thing of the page in reading order: its number and name.
_STOPS = """() => [...document.querySelectorAll("a[href], button, summary, input, [tabindex='0']")]
    .filter((node) => node.checkVisibility({ contentVisibilityAuto: true }))
    .map((node, number) => { node.dataset.stop = number; return number; })"""


def text_of(address: Address) -> dict[str, object]:
    """What the article's file in the example site's content says."""
    file = CONTENT / address.language / f"{address.key}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_page_fits_every_screen_and_says_a_text_once(address: Address, open_page: OpenPage) -> None:
    """Nothing hangs out at the side; `open_page` fails for errors and requests to elsewhere."""
    page = open_page(address.path, width=SCREENS[0])
    for width in SCREENS:
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(_OVERHANG) == []
        assert page.evaluate(_SHARE_ROWS) <= 1 or width < PHONE
    open_all(page)
    assert page.evaluate(_OVERHANG) == []
    if address in ARTICLE_ADDRESSES:
        counts = Counter(text for text in page.evaluate(_TEXTS) if len(text) > 30)
        assert [text for text, count in counts.items() if count > 1] == []
        standfirst = " ".join(text_of(address)["standfirst"].split())
        assert " ".join(page.locator("body").inner_text().split()).count(standfirst) == 1


@pytest.mark.parametrize("language", ["nl", "ar"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_nothing_moves_while_it_loads(language: str, width: int, open_page: OpenPage) -> None:
    """The layout shift is 0 although each picture arrives when its place is already in view."""
    held: list[Route] = []
    page = open_page(
        address_of(language, "sleep").path,
        width=width,
        prepare=lambda page: page.route("**/media/**", lambda route: held.append(route)),
        wait_until="domcontentloaded",
    )
    pictures = page.locator("img").all()
    for picture in pictures:
        picture.evaluate("node => node.scrollIntoView({ block: 'center', behavior: 'instant' })")
        page.wait_for_timeout(100)  # Painted without the picture.
        sources = picture.evaluate("node => `${node.src} ${node.srcset}`")
        for _ in range(100):
            if picture.evaluate("node => node.complete"):
                break
            for route in [route for route in held if urlsplit(route.request.url).path in sources]:
                held.remove(route)
                route.continue_()
            page.wait_for_timeout(20)
        assert picture.evaluate("node => node.naturalWidth > 0"), sources
    assert len(pictures) > 5
    # 0 as it is reported, with two decimals: a web font may still move a word by a hair.
    assert round(page.evaluate(_SHIFT), 2) == 0


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_whole_card_leads_to_its_product(width: int, open_page: OpenPage) -> None:
    page = open_page(address_of("nl", "sleep").path, width=width)
    settle(page)
    for card in page.locator(".anodyne-product-card").all():
        title = card.locator(".anodyne-product-card__title")
        link = card.get_by_role("link", name=title.inner_text(), exact=True)
        url = link.get_attribute("href")
        assert url.startswith("https://shop.atlas-axis.example/nl/")
        frame = card.locator(".anodyne-product-card__frame")
        # Two corners, a picture, a text: whatever is hit there belongs to a link to the product.
        hit = """(frame) => {
            frame.scrollIntoView({ block: "center", behavior: "instant" });
            const { left, right, top, bottom } = frame.getBoundingClientRect();
            const centre = (part) => {
                const box = frame.querySelector(part).getBoundingClientRect();
                return [box.left + box.width / 2, box.top + box.height / 2];
            };
            return [
                [left + 3, top + 3],
                [right - 3, bottom - 3],
                ...["img", ".anodyne-product-card__text", "[class$=price]"].map(centre),
            ].map(([x, y]) => document.elementFromPoint(x, y)?.closest("a")?.href);
        }"""
        assert frame.evaluate(hit) == [url] * 5


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_tab_visits_everything_once_in_reading_order(width: int, open_page: OpenPage) -> None:
    page = open_page(address_of("nl", "sleep").path, width=width)
    settle(page)
    stops = page.evaluate(_STOPS)
    visited = []
    for _ in stops:
        page.keyboard.press("Tab")
        visited.append(page.evaluate("Number(document.activeElement.dataset.stop ?? NaN)"))
    assert visited == stops
    names = page.evaluate(
        """() => [...document.querySelectorAll("main [data-stop]")].map(
            (node) => `${node.getAttribute("aria-label") ?? node.innerText.trim()} ${node.href}`
        )"""
    )
    assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_stop_shows_its_focus(width: int, open_page: OpenPage) -> None:
    """Whatever has the keyboard's focus, or what it spans, has an outline that can be seen."""
    page = open_page(address_of("nl", "sleep").path, width=width)
    outlined = """() => {
        const node = document.activeElement;
        // A teaser's frame shows the focus of the link that spans it.
        const ways = [[node], [node, "::after"], [node.closest("article.teaser") ?? node]];
        const seen = ({ outlineStyle, outlineWidth }) =>
            outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
        return ways.some((way) => seen(getComputedStyle(...way))) ? "" : node.outerHTML;
    }"""
    for _ in page.evaluate(_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(outlined) == ""


@pytest.mark.parametrize(("language", "width"), list(zip(LANGUAGES, cycle([PHONE, DESKTOP]))))
def test_front_page_leads_to_its_articles(language: str, width: int, open_page: OpenPage) -> None:
    page = open_page(f"/{language}/", width=width)
    addresses = [address for address in ARTICLE_ADDRESSES if address.language == language]
    for address in addresses:
        title = text_of(address)["title"]
        link = page.get_by_role("main").get_by_role("link", name=title, exact=True)
        assert link.get_attribute("href").endswith(address.path)
    link.click()
    assert page.url.endswith(addresses[-1].path)
    assert page.locator("h1").inner_text() == text_of(addresses[-1])["title"]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_language_switch_keeps_the_article(width: int, open_page: OpenPage) -> None:
    addresses = [address for address in ARTICLE_ADDRESSES if address.key == "sleep"]
    page = open_page(addresses[0].path, width=width, java_script_enabled=False)
    for address in [*addresses[1:], addresses[0]]:
        if width == PHONE:
            page.locator("header .menu > summary").click()
        page.locator(f"header a[hreflang={address.language}]:visible").click()
        assert page.url.endswith(address.path)
        assert page.locator("h1").inner_text() == text_of(address)["title"]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_arabic_mirrors_the_page(width: int, open_page: OpenPage) -> None:
    """A card's picture and the byline stand where a line begins."""
    starts = {}
    for language in ("nl", "ar"):
        page = open_page(address_of(language, "sleep").path, width=width)
        settle(page)
        card = page.locator(WIDE_CARD).first
        frame, picture = card.bounding_box(), card.locator("img").bounding_box()
        middle = picture["x"] + picture["width"] / 2
        starts[language] = middle < frame["x"] + frame["width"] / 2
        align = page.locator(".anodyne-byline").evaluate(
            "(node) => getComputedStyle(node).direction"
        )
        assert align == ("rtl" if language == "ar" else "ltr")
    assert starts == {"nl": True, "ar": False}
