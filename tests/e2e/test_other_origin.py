"""A script of another origin reads the APIs, with the settings that the documentation gives."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.signals import request_started
from pytest_django.live_server_helper import LiveServer

from tests import factories
from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

GUIDE = ROOT / "docs" / "how-to" / "headless.md"
FRONT = "https://front.example"
# [status, title or ids of products]; 0 where the browser refuses.
ASK = """async ([address, options]) => {
    try {
        const answer = await fetch(address, options);
        const { title, products } = await answer.json();
        return [answer.status, title ?? products?.map(({ product }) => product) ?? null];
    } catch {
        return [0, null];
    }
}"""


@pytest.fixture(scope="module", autouse=True)
def beside_a_loop(django_db_setup: None) -> Iterator[None]:
    """Playwright's event loop runs in this thread; the database is used between its steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where a front end is served, which holds no more than an empty page."""
    (tmp_path / "index.html").write_text("<!DOCTYPE html><title>Front end</title>")
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked() -> Iterator[list[tuple[str, str, bool]]]:
    """(method, path, whether a cookie came along) of each request to the site."""
    seen: list[tuple[str, str, bool]] = []

    def note(sender: Any, environ: dict[str, Any], **_: Any) -> None:
        seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], "HTTP_COOKIE" in environ))

    request_started.connect(note)
    yield seen
    request_started.disconnect(note)


def allow(settings: Any, origin: str) -> None:
    """The settings of the guide, for this front end."""
    (snippet,) = re.findall(
        r"```python\n(INSTALLED_APPS = \[\"corsh.*?)```", GUIDE.read_text(), re.DOTALL
    )
    said: dict[str, Any] = {}
    exec(snippet.replace(FRONT, origin), said)
    settings.MIDDLEWARE = [*said["MIDDLEWARE"][:-1], *settings.MIDDLEWARE]
    settings.CORS_ALLOWED_ORIGINS = said["CORS_ALLOWED_ORIGINS"]
    settings.CORS_URLS_REGEX = said["CORS_URLS_REGEX"]
    factories.setting(settings, **said["ANODYNE_BLOCKS"])


@pytest.fixture
def site(transactional_db: None, settings: Any, port: int) -> Iterator[str]:
    """A server that began with these settings, for pages on 127.0.0.1 and not on localhost."""
    allow(settings, f"http://127.0.0.1:{port}")
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


def test_a_browser_of_an_allowed_origin_reads_the_apis(
    browser: Browser, site: str, port: int, asked: list[Any]
) -> None:
    """GET of API v2 and of products, a preflight, and no cookie; another origin: nothing."""
    product = factories.from_shop("nl")
    factories.home("nl").save_revision().publish()
    page = factories.page(("product_card", {"product": product.pk}), language="nl", title="Stoel")
    allowed, other = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
    article = f"/api/v2/pages/{page.pk}/"
    fresh = f"/anodyne/products/?ids={product.pk}&market=nl"

    def ask(origin: str, path: str, **options: Any) -> tuple[Any, list[Any]]:
        """What a script got, and what the site was asked for it."""
        context = browser.new_context()
        # Same for all ports of a host: it would go along if the front end sent credentials.
        context.add_cookies([{"name": "sessionid", "value": "x", "url": site}])
        front_end = context.new_page()
        front_end.goto(f"{origin}/index.html")
        asked.clear()
        got = front_end.evaluate(ASK, [site + path, options])
        context.close()
        return tuple(got), list(asked)

    assert ask(allowed, article) == ((200, "Stoel"), [("GET", article, False)])
    assert ask(allowed, fresh) == ((200, [product.pk]), [("GET", "/anodyne/products/", False)])

    # A header of an API's client makes the browser ask first.
    got, requests = ask(allowed, article, headers={"X-Requested-With": "a script"})
    assert (got, requests) == (
        (200, "Stoel"),
        [("OPTIONS", article, False), ("GET", article, False)],
    )

    # The cookie is there and would go; then nobody may read the answer.
    got, requests = ask(allowed, article, credentials="include")
    assert (got, requests) == ((0, None), [("GET", article, True)])

    for path in (article, fresh):
        assert ask(other, path)[0] == (0, None)
    headers = {"X-Requested-With": "a script"}
    assert ask(other, article, headers=headers) == ((0, None), [("OPTIONS", article, False)])


def test_the_answers_vary_by_origin(client: Any, settings: Any, transactional_db: None) -> None:
    """A cache must not give one origin's answer to another.

    It commits as the other test does, so that files which do not have been before this one.
    """
    allow(settings, FRONT)
    answer = client.get("/api/v2/pages/", headers={"Origin": FRONT})
    assert answer["Access-Control-Allow-Origin"] == FRONT
    assert "origin" in answer["Vary"].lower()
    assert "Access-Control-Allow-Credentials" not in answer
