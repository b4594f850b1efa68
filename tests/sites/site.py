"""A site in a variation: its database, its pages, and how one asks it for something."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import AsyncClient, Client
from django.test.utils import (
    override_settings,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)
from django.utils import timezone
from wagtail.models import Page
from wagtail.models import Site as HostedSite

from anodyne_blocks import conf
from tests import factories
from tests.api.values import Stored
from tests.testapp.models import ArticlePage, PlainPage

# The reader's; no page has it.
READER = "da"


class Web:
    """A browser: asks by address, whatever the site's prefix, by WSGI or by ASGI."""

    def __init__(self, host: str, asgi: bool, user: Any = None) -> None:
        # Django's client for ASGI has a host of its own, which is the default site's.
        self.client = AsyncClient() if asgi else Client(SERVER_NAME=host)
        self.headers = {"accept-language": READER}
        if user is not None:
            self.client.force_login(user)

    def _ask(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        parts = urlsplit(url)
        path = parts.path.removeprefix(settings.FORCE_SCRIPT_NAME or "")
        path += f"?{parts.query}" if parts.query else ""
        headers = {**self.headers, **more.pop("headers", {})}
        ask = getattr(self.client, method)
        if isinstance(self.client, AsyncClient):
            ask = async_to_sync(ask)
        return ask(path, *args, headers=headers, **more)

    def get(self, url: str, **query: Any) -> Any:
        """The answer, which must be 200."""
        response = self._ask("get", url, query)
        assert response.status_code == 200, f"{url}: {response.status_code}"
        return response

    def html(self, url: str, **query: Any) -> str:
        """An answer's text."""
        return self.get(url, **query).content.decode()

    def post(self, url: str, data: Any, **more: Any) -> Any:
        """The answer, whatever it is."""
        return self._ask("post", url, data, **more)

    def patch(self, url: str, data: Any, **more: Any) -> Any:
        return self._ask("patch", url, data, **more)


@dataclass
class Site:
    """What is probed. `pages` are one with the package's field and one with Wagtail's."""

    stored: Stored
    article: ArticlePage
    plain: PlainPage
    probe: dict[str, Any]

    @property
    def pages(self) -> tuple[Any, Any]:
        return self.article, self.plain

    @cached_property
    def user(self) -> Any:
        return get_user_model().objects.create_superuser("probe", "p@example.com", "secret")

    @cached_property
    def web(self) -> Web:
        return Web(self.probe["host"], self.probe["asgi"])

    @cached_property
    def admin(self) -> Web:
        return Web(self.probe["host"], self.probe["asgi"], self.user)

    @property
    def currency(self) -> str:
        return conf.markets()[self.probe["market"]].currency


@contextmanager
def database() -> Iterator[None]:
    """A database of the site's own, made by its migrations."""
    setup_test_environment(debug=False)
    first = settings.PROBE["first_language"] or settings.LANGUAGE_CODE
    with override_settings(LANGUAGE_CODE=first):
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    with tempfile.TemporaryDirectory() as media, override_settings(MEDIA_ROOT=media):
        # A moment without a time zone where one is needed is a mistake of ours.
        warnings.filterwarnings("error", category=RuntimeWarning)
        try:
            yield
        finally:
            teardown_databases(made, verbosity=0)


def filled() -> Site:
    """The site with a page of either kind that has every element."""
    probe = settings.PROBE
    locale, market = probe["locale"], probe["market"]
    stored = Stored.make(locale, market, conf.markets()[market].currency)
    blocks = [
        *stored.full().items(),
        ("heading", {"text": "Sleep"}),
        ("product_card", {"product": stored.withdrawn_product.pk}),
    ]
    pages = [
        factories.page(
            *blocks, language=locale, model=model, slug=model.__name__.lower(), title="Rug"
        )
        for model in (ArticlePage, PlainPage)
    ]
    if probe["host"] != "localhost":
        _move_to(probe["host"], locale, pages)
    for page in pages:
        page.save_revision().publish()
    # At the same moment, so that the two say the same.
    now = timezone.now()
    numbers = [page.pk for page in pages]
    Page.objects.filter(pk__in=numbers).update(first_published_at=now, last_published_at=now)
    article, plain = (type(page).objects.get(pk=page.pk) for page in pages)
    return Site(stored, article, plain, probe)


def _move_to(host: str, locale: str, pages: list[Any]) -> None:
    """A second site, and the pages on it."""
    root = Page.get_first_root_node()
    home = root.add_child(title="Second", slug="second", locale=factories.locale(locale))
    HostedSite.objects.create(hostname=host, root_page=home)
    for page in pages:
        page.move(home, "last-child")
        page.refresh_from_db()
