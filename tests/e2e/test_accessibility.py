"""axe-core finds nothing on any page of the example site, whatever the screen and the scheme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import ADDRESSES, DESKTOP, PHONE, TOOLS, Address, open_all, settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

AXE = TOOLS / "axe-core" / "axe.min.js"

# Every rule but the experimental; also the best practices and the WCAG 2.2 size of targets.
_RUN = """async ([within, without]) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run(within, {
        runOnly: { type: "tag", values: tags },
        rules: {
            "target-size": { enabled: true },
            ...Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
        },
        resultTypes: ["violations"],
    });
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`)
    );
}"""


def violations(page: Page, within: str = "html", without: Sequence[str] = ()) -> list[str]:
    """What axe-core objects to in a part of the page, one line for each rule and node.

    The rules in `without` are left out.
    """
    return page.evaluate(_RUN, [within, list(without)])


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_page_has_no_violation(address: Address, width: int, open_page: OpenPage) -> None:
    page = open_page(address.path, width=width, reduced_motion="reduce")
    settle(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    # Closed and open, light and dark, narrow and wide: each two of them meet on every page.
    schemes = ("light", "dark") if width == PHONE else ("dark", "light")
    found = []
    for state, scheme in zip(("closed", "open"), schemes, strict=True):
        page.emulate_media(color_scheme=scheme)
        found += [f"{state}, {scheme}: {line}" for line in violations(page)]
        open_all(page)
    assert found == []


def objections(page: Page, name: str, within: str = "dialog[open]") -> list[str]:
    """What axe-core objects to in the dialog that is open, in light and dark, wide and narrow."""
    found = []
    for size in (PHONE, DESKTOP):
        page.set_viewport_size({"width": size, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{name}, {size}, {scheme}: {v}" for v in violations(page, within)]
    return found


def test_the_dialogs_of_sources_have_no_violation(edit: Callable[..., Page]) -> None:
    """Cite, with its new source and its fill-in; the pasted list, and its rows."""
    # A private address is refused without being asked.
    page = edit("desk", refusal=502)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.emulate_media(reduced_motion="reduce")
    page.locator("[data-streamfield-child] .public-DraftEditor-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("/cite")
    page.get_by_role("option", name="Cite a source").wait_for()
    page.keyboard.press("Enter")
    dialog: Locator = page.locator("dialog[open]")
    dialog.wait_for()
    found = objections(page, "cite")
    page.keyboard.type("http://127.0.0.1/page")
    page.keyboard.press("Enter")
    found += objections(page, "new source")
    dialog.get_by_role("button", name="Fill in").click()
    dialog.get_by_role("alert").wait_for()
    found += objections(page, "no answer")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")

    page.get_by_role("button", name="Paste a list").click()
    dialog.wait_for()
    found += objections(page, "paste")
    page.keyboard.insert_text("NHG. Ischias. 2015.\nNVN. Ischias. 2008.\n10.1016/x\n")
    dialog.get_by_role("button", name="Continue").click()
    dialog.locator(".anodyne-row").first.wait_for()
    open_all(page)
    found += objections(page, "rows")
    assert found == []
