"""The comparison as a screen reader is told of it: each value with its product and criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.site import DESKTOP, PHONE, address_of, settle

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

CELLS = ("cell", "gridcell", "columnheader", "rowheader")


def rows_of(page: Any) -> list[list[tuple[str, str]]]:
    """The rows of the page's one table in Chromium's accessibility tree: (role, text) of cells."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}

    def role(node: Any) -> str:
        return str(node.get("role", {}).get("value", ""))

    def below(node: Any) -> Any:
        for child in node.get("childIds", ()):
            if child in by_id:
                yield by_id[child]
                yield from below(by_id[child])

    def text(node: Any) -> str:
        parts = [
            str(one.get("name", {}).get("value", ""))
            for one in below(node)
            if role(one) in ("StaticText", "image", "img")
        ]
        return " ".join(" ".join(parts).split())

    (table,) = [node for node in nodes if role(node) == "table"]
    # A caption that is nothing but a heading is told as the heading.
    caption = page.locator("table caption").text_content()
    assert table["name"]["value"] == " ".join(caption.split()) != ""
    return [
        [(role(cell), text(cell)) for cell in below(row) if role(cell) in CELLS]
        for row in below(table)
        if role(row) == "row"
    ]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_each_value_is_told_with_its_product_and_criterion(width: int, open_page: OpenPage) -> None:
    page = open_page(address_of("nl", "fidget").path, width=width)
    settle(page)
    rows = rows_of(page)
    # Whoever hears a cell hears the header of its column, which goes by its place in the row.
    assert {len(row) for row in rows} == {4}
    (names,) = [row for row in rows if row[1][0] == "columnheader"]
    told = {
        (names[place][1], row[0][1]): text
        for row in rows
        if row[0][0] == "rowheader"
        for place, (_role, text) in enumerate(row)
        if place
    }
    cushion, footrest = "Wigkussen voor de stoel", "Wiegende voetensteun"
    assert told[f"{cushion} Onze keuze", "Gewicht"] == "0,7 kg Beste"
    assert told[footrest, "Gewicht"] == "2,1 kg"
    assert told[footrest, "Beschikbaarheid"] == "Uitverkocht"
    assert told[footrest, "Stil op een houten vloer"] == "Nee"
    assert told[footrest, "Comfort in de eerste week"].startswith("4,0 van de 5")
    assert all(product and criterion and text for (product, criterion), text in told.items())


def test_rows_in_which_all_are_equal_fold_without_a_script(open_page: OpenPage) -> None:
    page = open_page(address_of("nl", "fidget").path, width=DESKTOP)
    row = page.locator("tr[data-equal]", has_text="In elkaar zetten")
    assert row.is_visible()
    page.get_by_label("Verberg rijen waarin alles gelijk is").check()
    assert row.is_hidden()
    assert page.locator("tr", has_text="Gewicht").is_visible()


@pytest.mark.parametrize("width", [320, PHONE])
def test_the_names_stay_in_view_on_a_phone(width: int, open_page: OpenPage) -> None:
    page = open_page(address_of("nl", "fidget").path, width=width)
    settle(page)
    page.locator("tr", has_text="In elkaar zetten").scroll_into_view_if_needed()
    names = page.locator(".anodyne-product-comparison__names th")
    assert names.count() == 3
    assert all(names.nth(place).bounding_box()["y"] >= -1 for place in range(3))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
