"""What the pages say of themselves agrees with what Wagtail's editor counts in their previews."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import ARTICLE_ADDRESSES, address_of

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

# As Wagtail 8.0's content metrics: words in what is visible of `main`, by the language's speed.
_METRIC = """() => {
    const speeds = {
        ar: 181, zh: 260, nl: 228, en: 238, fi: 195, fr: 214, de: 260, he: 224, it: 285, ko: 226,
        es: 278, sv: 218,
    };
    const { lang } = document.documentElement;
    const text = document.querySelector("main").innerText;
    const words = [...new Intl.Segmenter(lang, { granularity: "word" }).segment(text)];
    const count = words.filter((word) => word.isWordLike).length;
    const graph = JSON.parse(document.querySelector("script[type='application/ld+json']").text);
    const said = graph["@graph"].find((node) => node.timeRequired);
    return [Math.round(count / (speeds[lang.split("-")[0]] || speeds.en)), said.timeRequired];
}"""

_MARKED = "[...document.querySelectorAll('a:target-current')].map((link) => link.hash)"


def test_the_reading_time_agrees_with_wagtails_editor(open_page: OpenPage) -> None:
    found = {}
    for address in ARTICLE_ADDRESSES:
        editor, said = open_page(address.path).evaluate(_METRIC)
        found[address.name] = editor, int(said.removeprefix("PT").removesuffix("M"))
    print(found)
    assert {name: pair for name, pair in found.items() if abs(pair[0] - pair[1]) > 1} == {}


def test_the_contents_mark_the_section_that_is_read(open_page: OpenPage) -> None:
    """By the stylesheet alone; in Chromium, which follows since 140."""
    page = open_page(address_of("en", "desk").path, java_script_enabled=True)
    links = page.locator(".anodyne-contents__entry a")
    first, last = links.first.get_attribute("href"), links.last.get_attribute("href")
    for anchor in (last, first):
        page.evaluate("(hash) => document.querySelector(hash).scrollIntoView()", anchor)
        page.wait_for_function(f"({_MARKED})[0] === {anchor!r}")
        assert page.evaluate(_MARKED) == [anchor]
