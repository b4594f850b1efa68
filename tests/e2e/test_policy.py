"""Pages of the example site stand under a strict Content-Security-Policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import OpenPage
from tests.e2e.site import ADDRESSES

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; media-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)


def strictly(page: Page) -> None:
    """Has the documents that are opened answered under the policy."""

    def answer(route: Route) -> None:
        response = route.fetch()
        headers = {**response.headers, "content-security-policy": STRICT}
        route.fulfill(response=response, headers=headers)

    page.route(lambda url: url.endswith("/"), answer)


@pytest.mark.parametrize(
    "address",
    [address for address in ADDRESSES if address.language in ("en", "ar")],
    ids=lambda address: address.name,
)
def test_pages_stand_under_a_strict_policy(open_page: OpenPage, address: Any) -> None:
    """A browser logs what a policy forbids as an error, and an error fails."""
    page = open_page(address.path, prepare=strictly)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert page.locator("link[rel=stylesheet]").count()
