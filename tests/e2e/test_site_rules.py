"""Any rule of a site wins over the package's stylesheets, however plain its selector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import DESKTOP, PHONE, address_of

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

# Without the magazine's own rules; then one plain rule for each class that is on the page.
_RULES = """() => {
    document.querySelector("link[rel=stylesheet][href*=magazine]").remove();
    const named = [...document.querySelectorAll("[class*=anodyne-]")];
    const names = new Set(named.flatMap((node) => [...node.classList]));
    const sheet = document.createElement("style");
    for (const name of names) {
        if (!name.startsWith("anodyne-")) continue;
        sheet.textContent += `.${name} { margin: 7px; font-weight: 300; color: rgb(1, 2, 3) }`;
    }
    document.head.append(sheet);
    return named.filter((node) => {
        const { marginTop, marginLeft, fontWeight, color } = getComputedStyle(node);
        return `${marginTop} ${marginLeft} ${fontWeight} ${color}` !== "7px 7px 300 rgb(1, 2, 3)";
    }).map((node) => node.className);
}"""


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("key", ["fidget", "sleep"])
def test_a_plain_rule_of_a_site_wins_on_every_class(
    key: str, width: int, open_page: OpenPage
) -> None:
    page = open_page(address_of("nl", key).path, width=width)
    assert page.locator("[class*=anodyne-]").count() > 50
    assert page.evaluate(_RULES) == []


def test_a_rule_for_values_wins_in_the_table(open_page: OpenPage) -> None:
    page = open_page(address_of("nl", "fidget").path)
    page.add_style_tag(content="td, th { font-weight: 300; vertical-align: bottom; padding: 1px }")
    said = page.locator(".anodyne-product-comparison :is(td, th)").evaluate_all(
        """nodes => [...new Set(nodes.map((node) => {
            const { fontWeight, verticalAlign, paddingTop } = getComputedStyle(node);
            return `${fontWeight} ${verticalAlign} ${paddingTop}`;
        }))]"""
    )
    assert said == ["300 bottom 1px"]
