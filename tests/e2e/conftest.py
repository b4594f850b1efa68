"""Fixtures of the browser tests: the served example site and pages that look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.e2e.site import DESKTOP, example_site, launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the example site is served, such as "http://127.0.0.1:43210"."""
    with example_site(tmp_path_factory.mktemp("example_site")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; of one module only, as Django refuses its database beside a running event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, origin: str) -> Iterator[OpenPage]:
    """Opens a path in a context of its own, with Playwright's context options, after `prepare`.

    Fails at the end where a page logged an error, threw one, asked for anything from elsewhere, or
    was refused an answer (but for the status `refusal`, which a test may expect).
    """
    contexts = []
    faults: list[str] = []

    def note_console(line: ConsoleMessage) -> None:
        # What fails to load is noted by its response.
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            faults.append(line.text)

    def note_request(request: Request) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:")):
            faults.append(f"{request.resource_type} from elsewhere: {request.url}")

    def note_response(response: Response, refusal: int | None) -> None:
        if response.status >= 400 and response.status != refusal:
            faults.append(f"{response.status} {response.url}")

    def open_(
        path: str,
        *,
        width: int = DESKTOP,
        height: int = 900,
        prepare: Callable[[Page], Any] = lambda page: None,
        refusal: int | None = None,
        wait_until: Literal["load", "domcontentloaded"] = "load",
        **options: Any,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", note_console)
        page.on("pageerror", lambda error: faults.append(str(error)))
        context.on("request", note_request)
        context.on("response", lambda response: note_response(response, refusal))
        prepare(page)
        page.goto(origin + path, wait_until=wait_until)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []
