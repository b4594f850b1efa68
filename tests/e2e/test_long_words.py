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

# Which boxes reach out of the element or the card that they belong to, and cards into each other.
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
    const cards = roots.filter((root) => root.matches(".anodyne-product-card"));
    cards.forEach((card, index) => {
        const one = card.getBoundingClientRect();
        for (const other of cards.slice(index + 1)) {
            const two = other.getBoundingClientRect();
            if (one.left < two.right - 1 && two.left < one.right - 1
                && one.top < two.bottom - 1 && two.top < one.bottom - 1)
                found.push("two cards overlap");
        }
    });
    return [...new Set(found)];
}"""


@pytest.mark.parametrize(("letters", "size"), [(30, 100), (60, 200)])
@pytest.mark.parametrize("key", ["sleep", "desk"])
def test_long_words_break_nothing(key: str, letters: int, size: int, open_page: OpenPage) -> None:
    page = open_page(address_of("de", key).path)
    open_all(page)
    page.add_style_tag(content=f"html {{ font-size: {size}% }}")
    page.evaluate(_LENGTHEN, WORDS[letters])
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        if faults := page.evaluate(_FAULTS):
            found[width] = faults
    assert found == {}
