"""The example site with more shops: its command line, its pages and its admin, over HTTP."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from bs4 import BeautifulSoup
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.shops.servers.running import HERE, free_port, run, running

ROOT = HERE.parents[2]
MANAGE = [sys.executable, str(ROOT / "example_site" / "manage.py")]

_PLACE = """
from anodyne_blocks.models import Product
from example_site.magazine.models import ArticlePage
page = ArticlePage.objects.get(slug={slug!r}, locale__language_code={language!r})
place = [block.block_type for block in page.body].index("product_card")
for product in Product.objects.filter(shop={shop!r}, external_id__in={ids!r}):
    page.body.insert(place, ("product_card", {{"product": product}}))
page.save_revision().publish()
"""


class ExampleSite:
    """A built example site, served at `origin`."""

    def __init__(self, origin: str, env: Mapping[str, str]) -> None:
        self.origin = origin
        self._env = env
        self._session = requests.Session()
        # It may not listen yet.
        patient = Retry(connect=10, backoff_factor=0.2)
        self._session.mount("http://", HTTPAdapter(max_retries=patient))

    def manage(self, *arguments: str) -> str:
        """What a management command prints, in a process of its own."""
        return run([*MANAGE, *arguments], ROOT, self._env)

    def place(self, shop: str, ids: list[str], language: str, slug: str) -> str:
        """Put cards of a shop's products before an article's first one, publish it; its path."""
        asked = {"shop": shop, "ids": ids, "language": language, "slug": slug}
        self.manage("shell", "-c", _PLACE.format(**asked))
        return f"/{language}/{slug}/"

    def get(self, path: str) -> BeautifulSoup:
        """A page that answers 200."""
        answer = self._session.get(self.origin + path, timeout=60)
        assert answer.status_code == 200, answer.text[:3000]
        return BeautifulSoup(answer.content, "html.parser")

    def log_in(self) -> None:
        """From now on the demonstration's editor asks."""
        form = self.get("/admin/login/").select_one("form")
        token = form.select_one("[name=csrfmiddlewaretoken]")["value"]
        data = {"csrfmiddlewaretoken": token, "username": "editor", "password": "editor"}
        self._session.post(f"{self.origin}/admin/login/", data, timeout=60).raise_for_status()


def text_of(tag: Any) -> str:
    """The text with plain spaces."""
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip()


@contextmanager
def example_with(shops: Mapping[str, Any], folder: Path) -> Iterator[ExampleSite]:
    """The example site as `make demo` builds it, with more shops from then on."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    env = {
        "EXAMPLE_VAR": str(folder),
        "EXAMPLE_BASE_URL": origin,
        "EXAMPLE_SHOPS": json.dumps(shops),
        "PYTHONUNBUFFERED": "1",
    }
    plain = env | {"DJANGO_SETTINGS_MODULE": "example_site.settings"}
    run([*MANAGE, "demo", "--no-serve", "--port", str(port)], ROOT, plain)
    env["DJANGO_SETTINGS_MODULE"] = "tests.shops.servers.example_settings"
    serve = [*MANAGE, "runserver", "--noreload", "--skip-checks", f"127.0.0.1:{port}"]
    with running(serve, folder, env, ready="Starting development server"):
        yield ExampleSite(origin, env)
