"""The package's lists in Wagtail's admin, on a phone: every column is there, and none is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import PHONE
from tests.e2e.test_accessibility import AXE, violations

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

# What is past an edge, what has no name, and titles narrower than a word.
FAULTS = """within => {
    const found = [], wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide) found.push("the page scrolls sideways");
    const cells = [...document.querySelectorAll(within + " .anodyne-rows td")];
    if (!cells.length) found.push("nothing is listed");
    for (const cell of cells) {
        const box = cell.getBoundingClientRect(), said = cell.textContent.trim();
        if (box.left < 0 || box.right > wide || cell.scrollWidth > Math.ceil(box.width) + 1)
            found.push(`cut: ${said}`);
        if (cell.matches(".title") && box.width < 100) found.push(`broken: ${said}`);
        const label = getComputedStyle(cell, "::before").content;
        if (said && !cell.matches(".title") && (label === "none" || label.length < 5))
            found.push(`no name: ${said}`);
    }
    return [...new Set(found)];
}"""

SNIPPETS = "/admin/snippets/anodyne_blocks"


@pytest.mark.parametrize("width", [320, PHONE])
@pytest.mark.parametrize(
    "path",
    [
        f"{SNIPPETS}/product/",
        f"{SNIPPETS}/product/inspect/1/",
        f"{SNIPPETS}/product/replace/1/?new=2",
        f"{SNIPPETS}/person/",
        f"{SNIPPETS}/shoprating/",
        "/admin/reports/products/",
    ],
)
def test_a_list_cuts_no_column(
    path: str, width: int, open_page: OpenPage, session: dict[str, object]
) -> None:
    page = open_page(path, storage_state=session, width=width, reduced_motion="reduce")
    assert page.evaluate(FAULTS, "main") == []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert violations(page, ".anodyne-rows") == []
