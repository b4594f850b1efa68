"""A word of any length breaks nothing: no element grows with it, and the page scrolls one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import address_of, open_all, settle

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

WIDTHS = range(320, 1281, 40)
# Nothing that a dictionary of hyphens knows, and no letter at which a line may break.
WORDS = {30: "wirbelsaulenstabilisierungsgur", 60: "wirbelsaulenstabilisierungsgur" * 2}

# Of the browser's text, in pixels: what it comes with, and twice that.
SIZES = (16, 32)

# Puts a word before each text of an element, but for amounts and what only machines read.
_LENGTHEN = """(word) => {
    const left = "s, data, .anodyne-visually-hidden, svg, script, [class*=price], [class*=value]";
    for (const root of document.querySelectorAll("[class^=anodyne-]")) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const text = walker.currentNode;
            if (/\\p{L}/u.test(text.data) && !text.data.includes(word)
                && !text.parentElement.closest(left)) text.data = word + " " + text.data;
        }
    }
}"""

# Which boxes reach out of the element or the card that they belong to, and elements or cards into
# each other; and which texts are cut.
_FAULTS = """() => {
    const found = [];
    const seen = (node) => node.checkVisibility() && !node.closest(".anodyne-visually-hidden");
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
        found.push("the page scrolls sideways");
    const roots = [...document.querySelectorAll("[class^=anodyne-]:not([class*=__])")].filter(seen);
    for (const root of roots) {
        const room = root.getBoundingClientRect();
        for (const node of root.querySelectorAll("*")) {
            if (!seen(node)) continue;
            const { left, right, width } = node.getBoundingClientRect();
            if (width && (left < room.left - 1 || right > room.right + 1))
                found.push(`${node.className || node.tagName} leaves ${root.className}`);
        }
    }
    for (const text of document.querySelectorAll(".anodyne-product-card__text"))
        if (text.scrollHeight > text.clientHeight + 1) found.push("a text is cut");
    const boxes = roots.map((root) => root.getBoundingClientRect());
    boxes.forEach((one, index) => boxes.slice(index + 1).forEach((two, distance) => {
        const other = roots[index + 1 + distance];
        if (!roots[index].contains(other)
            && one.left < two.right - 1 && two.left < one.right - 1
            && one.top < two.bottom - 1 && two.top < one.bottom - 1)
            found.push(`${roots[index].className} overlaps ${other.className}`);
    }));
    return [...new Set(found)];
}"""


@pytest.mark.parametrize(("language", "key"), [("de", "sleep"), ("de", "desk"), ("nl", "fidget")])
def test_long_words_break_nothing(language: str, key: str, open_page: OpenPage) -> None:
    page = open_page(address_of(language, key).path)
    settle(page)
    open_all(page)
    browser = page.context.new_cdp_session(page)
    found = {}
    for letters, word in WORDS.items():
        page.evaluate(_LENGTHEN, word)
        for size in SIZES:
            browser.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if faults := page.evaluate(_FAULTS):
                    found[letters, size, width] = faults
    assert found == {}
