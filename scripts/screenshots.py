"""Takes the documentation's screenshots of the example site; `make screenshots` runs it.

Needs Chromium (scripts/install-browser.sh). The site is served on a free port and stopped again.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
MANAGE = ROOT / "example_site" / "manage.py"
TARGET = ROOT / "docs" / "screenshots"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LANGUAGES = ("nl", "ar")
WIDTHS = (390, 1280)
HEIGHT = 2000  # pixels: the opening, the reviewer box and the first card
STARTING = 300  # seconds that the site may take for its first start

# Prints a session of an administrator and the page behind the last part of an address.
LOG_IN = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from wagtail.models import Page
user = get_user_model().objects.filter(is_superuser=True).earliest("pk")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
page = Page.objects.get(slug={slug!r}, locale__language_code={language!r})
print(json.dumps([settings.SESSION_COOKIE_NAME, session.session_key, page.pk]))
"""


@contextmanager
def example_site() -> Iterator[str]:
    """The base address of the running example site."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    # In a session of its own, so that the server goes together with its reloader.
    command = [sys.executable, str(MANAGE), "demo", "--port", str(port)]
    server = subprocess.Popen(command, start_new_session=True)
    try:
        _wait_for(f"{address}/nl/", server)
        yield address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit("The example site did not start.")
        try:
            urllib.request.urlopen(address, timeout=30).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{address} answers {error.code}.") from error
        except urllib.error.URLError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit(f"The example site did not answer within {STARTING} seconds.")


def open_article(page: Page, site: str, language: str) -> str:
    """Opens the first article that a front page leads to; gives its slug."""
    page.goto(f"{site}/{language}/")
    link = page.locator(f"main a[href*='/{language}/']").first.get_attribute("href")
    if not link:
        raise SystemExit(f"The front page /{language}/ leads to no article.")
    page.goto(link if link.startswith("http") else site + link)
    return link.rstrip("/").rsplit("/", 1)[-1]


def shoot_articles(browser: Browser, site: str) -> None:
    """The top of one article in each language, on a phone and on a desktop."""
    for language in LANGUAGES:
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": HEIGHT})
            open_article(page, site, language)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=TARGET / f"article-{language}-{width}.png")
            page.close()


def shoot_block_picker(browser: Browser, site: str) -> None:
    """The editor's list of blocks, with the preview of one of them."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    slug = open_article(page, site, "en")
    code = LOG_IN.format(slug=slug, language="en")
    # Django may say first what the shell imported; the answer is the last line.
    output = subprocess.check_output([sys.executable, str(MANAGE), "shell", "-c", code], text=True)
    cookie, session, pk = json.loads(output.splitlines()[-1])
    page.context.add_cookies([{"name": cookie, "value": session, "url": site}])
    page.goto(f"{site}/admin/pages/{pk}/edit/")
    page.locator(".c-sf-add-button").first.click()
    page.locator(".w-combobox__option").filter(has_text="FAQ").first.hover()
    page.frame_locator(".w-combobox-preview__iframe").locator(".anodyne-faq").wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / "block-picker.png")
    page.close()


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with example_site() as site, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        shoot_articles(browser, site)
        shoot_block_picker(browser, site)
        browser.close()
    for path in sorted(TARGET.glob("*.png")):
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
