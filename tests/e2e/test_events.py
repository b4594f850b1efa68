"""The optional script: an event for products that are seen and chosen, and nothing sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.site import ROOT, address_of, settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

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

# The documentation's lines for Google Analytics and Matomo, with what these take.
GUIDE = (ROOT / "docs" / "how-to" / "attribution.md").read_text()
LINES = "".join(re.findall(r"^```js\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))
COUNT = f"""() => {{
    [window.told, window._paq, window.consent] = [[], [], {{ given: true }}];
    window.gtag = (...said) => told.push(said);
    {LINES}
}}"""


def raised(page: Page, name: str) -> list[dict[str, Any]]:
    return [detail for kind, detail, _class in page.evaluate("raised") if kind == name]


def test_lists_that_are_seen_and_products_that_are_chosen(open_page: OpenPage) -> None:
    page = open_page(address_of("nl", "knee").path)
    settle(page)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(LISTEN)
    page.evaluate(COUNT)
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

    link = grid.locator("a[data-anodyne-link]").last
    link.click()
    (chosen,) = raised(page, "select_item")
    (item,) = chosen["items"]
    assert item in found["items"] and item["item_id"] == item_of(link)
    assert chosen["item_list_id"] == anchor
    assert chosen["items"][0]["affiliation"] == "nl"
    page.locator("h1").click()
    assert len(raised(page, "select_item")) == 1
    files = (".webp", ".avif", ".woff2", ".png", ".jpg")
    assert [url for url in asked if not url.endswith(files)] == [], "it sends nothing"

    events = [["event", name, detail] for name, detail, _class in page.evaluate("raised")]
    assert page.evaluate("told") == events
    matomo = page.evaluate("_paq")
    assert ["trackEvent", "Products", anchor, item["item_name"], item["price"]] in matomo
    for one in found["items"]:
        assert ["trackContentImpression", anchor, one["item_name"], ""] in matomo


def item_of(link: Locator) -> str | None:
    """The id of the product that a link leads to."""
    item = "node.closest('[data-anodyne-item]').dataset.anodyneItem"
    return link.evaluate(f"node => node.dataset.anodyneLink || {item}")


TABLE, VERDICT = ".anodyne-product-comparison", ".anodyne-product-verdict"


@pytest.mark.parametrize(
    ("link", "place"),
    [
        (f"{TABLE} thead a", 2),  # the name
        (f"{TABLE} tfoot a", 1),  # the button, in another cell than the name
        (f"{VERDICT} header a", 0),
        (f"{VERDICT} .anodyne-product-card__button", 0),
    ],
)
def test_a_product_is_chosen_by_its_name_as_by_its_button(
    link: str, place: int, open_page: OpenPage
) -> None:
    page = open_page(address_of("nl", "fidget").path)
    page.add_script_tag(url="/static/anodyne_blocks/anodyne-events.js")
    page.evaluate(LISTEN)
    chosen = page.locator(link).nth(place)
    chosen.click()
    (detail,) = raised(page, "select_item")
    (item,) = detail["items"]
    assert (item["item_id"], item["index"]) == (item_of(chosen), place)
    assert item["item_name"] and item["price"] and detail["currency"] == "EUR"
    names = page.locator(f"{TABLE} th a").all_inner_texts()
    assert item["item_name"] in names


def test_a_card_is_chosen_by_its_picture(open_page: OpenPage) -> None:
    page = open_page(address_of("nl", "sleep").path)
    page.add_script_tag(url="/static/anodyne_blocks/anodyne-events.js")
    page.evaluate(LISTEN)
    card = page.locator(".anodyne-product-card[data-layout=wide]").first
    card.scroll_into_view_if_needed()
    box = card.locator("img").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    (detail,) = raised(page, "select_item")
    assert detail["items"][0]["item_id"] == card.get_attribute("data-anodyne-item")
