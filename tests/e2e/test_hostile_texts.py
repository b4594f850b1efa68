"""Hostile texts in a browser, which runs what is markup."""

from __future__ import annotations

from mimetypes import guess_type
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests import factories
from tests.api.values import Stored
from tests.blocks.test_stored_bodies import store
from tests.e2e.site import launch
from tests.faults.hostile import STRINGS
from tests.faults.test_hostile import hostile_body

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = pytest.mark.browser

STATIC = "/static/"
SITE = "http://site.example"
# `tests/faults/test_hostile.py` has each text in every block. Here a page has so many, one a block.
PER_PAGE = 20


@pytest.mark.django_db
def test_no_hostile_text_runs(client: Client) -> None:
    stored = Stored.make("en", "en", "GBP")
    full, article = stored.full(), factories.page()
    pages = {}
    for number in range(0, len(STRINGS), PER_PAGE):
        texts = STRINGS[number : number + PER_PAGE]
        for turn in range(0, PER_PAGE, 7):
            bodies = [hostile_body(full, text) for text in texts]
            body = [bodies[(place + turn) % len(bodies)][place] for place in range(len(bodies[0]))]
            store(article, body)
            answer = client.get(article.url)
            assert answer.status_code == 200
            pages[f"{SITE}/{number}/{turn}/"] = answer.content
    control = f"{SITE}/control/"
    ran = _those_that_run({**pages, control: b"<p>Sit</p><img src=x onerror=evil()>"})
    assert ran == [control]
    print(f"{len(STRINGS)} hostile texts on {len(pages)} pages in Chromium: scripts run 0")


def _those_that_run(pages: dict[str, bytes]) -> list[str]:
    """The addresses of pages on which a text ran, or that it leads away from."""
    from playwright.sync_api import sync_playwright

    def answer(route: Route) -> None:
        url = route.request.url
        path = urlsplit(url).path
        if url in pages:
            route.fulfill(body=pages[url], content_type="text/html; charset=utf-8")
        elif path.startswith(STATIC) and (file := finders.find(path.removeprefix(STATIC))):
            route.fulfill(path=str(file), content_type=guess_type(path)[0] or "")
        else:
            route.fulfill(status=404, body="")

    found = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.add_init_script("window.evil = () => { window.hasRun = true }")
        page.route("**/*", answer)
        for url in pages:
            page.goto(url)
            page.evaluate(
                "document.querySelectorAll('a, button, input, summary').forEach((one) => {"
                " one.dispatchEvent(new MouseEvent('mouseover')); one.focus(); })"
            )
            if page.url != url or page.evaluate(
                "!!window.hasRun || !!document.querySelector('x-evil, base')"
            ):
                found.append(url)
        browser.close()
    return found
