"""axe-core finds nothing on any page of the example site, whatever the screen and the scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import ADDRESSES, DESKTOP, PHONE, TOOLS, Address, open_all, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

AXE = TOOLS / "axe-core" / "axe.min.js"

# Every rule but the experimental; also the best practices and the WCAG 2.2 size of targets.
_RUN = """async (within) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run(within, {
        runOnly: { type: "tag", values: tags },
        rules: { "target-size": { enabled: true } },
        resultTypes: ["violations"],
    });
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`)
    );
}"""


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe-core objects to in a part of the page, one line for each rule and node."""
    return page.evaluate(_RUN, within)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_page_has_no_violation(address: Address, width: int, open_page: OpenPage) -> None:
    page = open_page(address.path, width=width, reduced_motion="reduce")
    settle(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for state in ("closed", "open"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{state}, {scheme}: {line}" for line in violations(page)]
        open_all(page)
    assert found == []
