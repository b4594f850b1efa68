"""Fixtures of the browser tests: the served example site and pages that look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.e2e.site import DESKTOP, address_of, edit_path, example_site, launch, log_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response

OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the example site keeps its database and files."""
    return tmp_path_factory.mktemp("example_site")


@pytest.fixture(scope="session")
def origin(site_folder: Path) -> Iterator[str]:
    """Where the example site is served, such as "http://127.0.0.1:43210"."""
    with example_site(site_folder) as address:
        yield address


class Chromium:
    """The browser of a module, started anew where it has crashed."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright, self._browser = playwright, launch(playwright)

    @property
    def has_crashed(self) -> bool:
        return not self._browser.is_connected()

    @property
    def browser(self) -> Browser:
        if self.has_crashed:
            self._browser = launch(self._playwright)
        return self._browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A browser; of one module only, as Django refuses its database beside a running event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = Chromium(playwright)
        yield chromium
        chromium.browser.close()


@pytest.fixture(scope="module")
def browser(chromium: Chromium) -> Browser:
    return chromium.browser


@pytest.fixture
def open_page(chromium: Chromium, origin: str) -> Iterator[OpenPage]:
    """Opens a path in a context of its own, with Playwright's context options, after `prepare`.

    A browser that crashes while it opens a page is started anew, once: on a machine without room
    Chromium's processes may be killed, and a page that kills it does so again.

    Fails at the end where a page logged an error, threw one, asked for anything from elsewhere, or
    was refused an answer (but for the status `refusal`, which a test may expect).
    """
    from playwright.sync_api import Error

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

    def open_(path: str, **options: Any) -> Page:
        try:
            return open_once(path, **options)
        except Error:
            if not chromium.has_crashed:
                raise
            contexts.clear()
            faults.clear()
            return open_once(path, **options)

    def open_once(
        path: str,
        *,
        width: int = DESKTOP,
        height: int = 900,
        prepare: Callable[[Page], Any] = lambda page: None,
        refusal: int | None = None,
        wait_until: Literal["load", "domcontentloaded"] = "load",
        **options: Any,
    ) -> Page:
        context = chromium.browser.new_context(
            viewport={"width": width, "height": height}, **options
        )
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


@pytest.fixture(scope="module")
def session(browser: Browser, origin: str) -> Iterator[dict[str, object]]:
    """The cookies of a signed-in editor."""
    page = browser.new_page()
    log_in(page, origin)
    yield page.context.storage_state()
    page.context.close()


@pytest.fixture
def edit(open_page: OpenPage, session: dict[str, object], origin: str) -> Callable[..., Page]:
    """Opens the editor of an article in English."""

    def edit_(key: str, refusal: int | None = None) -> Page:
        path = edit_path(origin, address_of("en", key))
        page = open_page(path, storage_state=session, refusal=refusal)
        page.locator("[data-streamfield-child]").first.wait_for()
        return page

    return edit_
