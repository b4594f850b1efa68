"""Fixtures of the API's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from wagtail import VERSION

# API v3 came with Wagtail 8.0.
collect_ignore_glob = [] if VERSION >= (8, 0) else ["test_v3*.py"]


@pytest.fixture(autouse=True)
def no_renditions_of_other_tests() -> None:
    """Wagtail keeps renditions in the cache, by ids that another test gave to other images."""
    cache.clear()


@pytest.fixture
def conditional_site(settings: Any) -> None:
    """Django's middleware gives API v3 its ETags; the viewset of v2 has its own."""
    middleware = "django.middleware.http.ConditionalGetMiddleware"
    settings.MIDDLEWARE = [middleware, *settings.MIDDLEWARE]


@pytest.fixture
def editor() -> Client:
    """A client with the token of somebody who may edit."""
    from wagtail.models import APIToken

    user = get_user_model().objects.create_superuser("editor", "editor@example.org", "secret")
    _, token = APIToken.create_token(user=user, name="tests")
    return Client(headers={"authorization": f"Bearer {token}"})


class Site(NamedTuple):
    """The served example site and the folder that it keeps its data in."""

    origin: str
    folder: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from tests.e2e.site import example_site

    folder = tmp_path_factory.mktemp("example_site")
    with example_site(folder) as origin:
        yield Site(origin, folder)


@pytest.fixture(params=["JSONErrors", "LocaleMiddleware"])
def middleware(request: Any, settings: Any) -> str:
    """Each of both, as the how-to has them."""
    ours = f"anodyne_blocks.api.middleware.{request.param}"
    others = [
        name for name in settings.MIDDLEWARE if name != "django.middleware.locale.LocaleMiddleware"
    ]
    settings.MIDDLEWARE = [*others[:1], ours, *others[1:]]
    return str(request.param)
