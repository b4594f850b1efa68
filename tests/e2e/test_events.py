"""The optional script: an event for products that are seen and chosen, and nothing sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.site import address_of, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

LISTEN = """() => {
    window.raised = [];
    for (const name of ["view_item_list", "select_item"]) {
        document.addEventListener(`anodyne:${name}`, ({ detail, target }) => {
            window.raised.push([name, detail, target.className]);
        });
    }
    // The shop is another site.
    document.addEventListener("click", (event) => event.preventDefault());
}"""


def raised(page: Page, name: str) -> list[dict[str, Any]]:
    return [detail for kind, detail, _class in page.evaluate("raised") if kind == name]


def test_lists_that_are_seen_and_products_that_are_chosen(open_page: OpenPage) -> None:
    page = open_page(address_of("nl", "knee").path)
    settle(page)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(LISTEN)
    asked: list[str] = []
    page.add_script_tag(url="/static/anodyne_blocks/anodyne-events.js")
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(200)
    assert raised(page, "view_item_list") == [], "nothing is in sight"

    grid = page.locator(".anodyne-product-grid")
    for _ in range(2):
        grid.scroll_into_view_if_needed()
        page.wait_for_timeout(200)
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(200)
    anchor = grid.get_attribute("data-anodyne-list")
    seen = [found for found in raised(page, "view_item_list") if found["item_list_id"] == anchor]
    (found,) = seen
    assert found["item_list_name"] == grid.locator("h2, h3").first.inner_text()
    assert found["currency"] == "EUR" and [item["index"] for item in found["items"]] == [0, 1, 2]
    prices = "nodes => nodes.map(({ dataset: { price } }) => price ? +price : null)"
    shown = grid.locator("[data-anodyne-item]").evaluate_all(prices)
    assert [item.get("price") for item in found["items"]] == shown and any(shown)

    link = grid.locator("a[data-product]").last
    link.click()
    (chosen,) = raised(page, "select_item")
    (item,) = chosen["items"]
    assert item in found["items"] and item["item_id"] == link.get_attribute("data-product")
    assert chosen["item_list_id"] == anchor
    assert chosen["items"][0]["affiliation"] == "nl"
    page.locator("h1").click()
    assert len(raised(page, "select_item")) == 1
    files = (".webp", ".avif", ".woff2", ".png", ".jpg")
    assert [url for url in asked if not url.endswith(files)] == [], "it sends nothing"
