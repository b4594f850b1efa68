"""The example site as a real server, and the browser that looks at it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

if TYPE_CHECKING:  # `make test` collects these tests without Playwright.
    from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).resolve().parents[2]
MANAGE = ROOT / "example_site" / "manage.py"
CONTENT = ROOT / "example_site" / "content"
TOOLS = ROOT / "build" / "tools" / "node_modules"
STARTING = 60  # seconds that the server may take to answer

LANGUAGES = ("nl", "da", "sv", "de", "en", "ar")
ARTICLES = ("desk", "sleep", "knee", "fidget")
PHONE, DESKTOP = 390, 1280

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Only this machine is reached, and nothing runs beside the page.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Address(NamedTuple):
    """A page of the example site."""

    language: str
    key: str  # "front", or the article's file in example_site/content
    path: str

    @property
    def name(self) -> str:
        return f"{self.language}-{self.key}"


def _addresses() -> Iterator[Address]:
    for language in LANGUAGES:
        yield Address(language, "front", f"/{language}/")
        for key in ARTICLES:
            path = CONTENT / language / f"{key}.yaml"
            if not path.exists():
                continue
            texts = yaml.safe_load(path.read_text(encoding="utf-8"))
            # A file may hold a reviewer's name only; an article has a body.
            if texts.get("body"):
                yield Address(language, key, f"/{language}/{texts['slug']}/")


ADDRESSES = tuple(_addresses())
ARTICLE_ADDRESSES = tuple(address for address in ADDRESSES if address.key != "front")


def address_of(language: str, key: str) -> Address:
    """The one page of a language and key; `LookupError` where there is none."""
    for address in ADDRESSES:
        if (address.language, address.key) == (language, key):
            return address
    raise LookupError(f"No page {language}-{key}.")


@contextmanager
def example_site(folder: Path, theme: str = "atlas") -> Iterator[str]:
    """Builds the example site into `folder` and serves it; gives its origin."""
    with served(folder, theme, is_built=False) as origin:
        yield origin


@contextmanager
def served(folder: Path, theme: str, is_built: bool = True) -> Iterator[str]:
    """Serves the example site of a folder as one of its brands; gives its origin."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")
    }
    environment |= {
        "EXAMPLE_VAR": str(folder),
        "EXAMPLE_BASE_URL": origin,
        "EXAMPLE_THEME": theme,
    }
    manage = [sys.executable, str(MANAGE)]
    if not is_built:
        built = subprocess.run(
            [*manage, "demo", "--no-serve"], env=environment, capture_output=True, text=True
        )
        if built.returncode:
            raise RuntimeError(f"The example site was not built.\n{built.stdout}{built.stderr}")
    log = folder / f"server-{theme}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*manage, "runserver", "--noreload", "--skip-checks", f"127.0.0.1:{port}"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"{origin}/en/", server, log)
            yield origin
        finally:
            server.terminate()
            server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTING
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=STARTING).close()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{url} answers {error.code}.\n{log.read_text()}") from error
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{url} does not answer.\n{log.read_text()}")


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, without a window."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))


# Scrolls through the page, so that all that loads late has loaded, and back.
_SETTLE = """async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
        scrollTo({ top, behavior: "instant" });
        await frame();
    }
    // What a screen does not show, such as pictures above a long comparison, may never load.
    const shown = [...document.images].filter((image) => image.checkVisibility());
    await Promise.all(shown.map((image) => image.decode()));
    await document.fonts.ready;
    scrollTo({ top: 0, behavior: "instant" });
    await frame();
}"""


def settle(page: Page) -> None:
    """Waits until every image and font is there; an image that cannot be shown is an error."""
    page.evaluate(_SETTLE)


def log_in(page: Page, origin: str) -> None:
    """Signs in as the demonstration's editor."""
    page.goto(f"{origin}/admin/login/")
    page.fill("input[name=username]", "editor")
    page.fill("input[name=password]", "editor")
    page.click("button[type=submit]")
    page.wait_for_url(f"{origin}/admin/")


# A second without a change that Wagtail (8.0) saves by itself, which it does after half of one.
_SAVED = """() => new Promise((done) => {
    let quiet = setTimeout(done, 1000);
    const wait = () => clearTimeout(quiet);
    document.addEventListener("w-autosave:save", wait);
    for (const end of ["success", "error"])
        document.addEventListener(`w-autosave:${end}`, () => {
            wait();
            quiet = setTimeout(done, 1000);
        });
})"""


def saved_by_itself(page: Page) -> None:
    """Waits until the editor's changes are a draft: of two savings at once Wagtail refuses one."""
    page.evaluate(_SAVED)


def open_all(page: Page) -> None:
    """Opens every disclosure of the page, those that close each other included."""
    page.evaluate(
        """() => document.querySelectorAll("details").forEach((item) => {
            item.removeAttribute("name");
            item.open = true;
        })"""
    )


def edit_path(origin: str, address: Address) -> str:
    """Where Wagtail's editor has a page of the example site."""
    slug = address.path.strip("/").split("/")[-1]
    query = f"type=magazine.ArticlePage&slug={slug}&locale={address.language}"
    with urllib.request.urlopen(f"{origin}/api/v2/pages/?{query}") as response:
        (page,) = json.load(response)["items"]
    return f"/admin/pages/{page['id']}/edit/"
