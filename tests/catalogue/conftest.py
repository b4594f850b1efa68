"""A shop whose answers a test can change, and a front-end cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.catalogue import front_end_cache as cache

SECRET = "whsec_c2VjcmV0IG9mIHRoZSBkdW1teSBzaG9w"


@pytest.fixture
def shop(settings) -> Callable[..., None]:
    """`shop(products, …)` makes "webshop" a dummy shop that answers so from now on."""

    def answers(products: dict[str, dict[str, Any]], **options: Any) -> None:
        settings.ANODYNE_BLOCKS = {
            **settings.ANODYNE_BLOCKS,
            "SHOPS": {
                "webshop": {
                    "BACKEND": "anodyne_blocks.shops.dummy.Dummy",
                    "OPTIONS": {"products": products, "webhook_secret": SECRET, **options},
                }
            },
        }

    return answers


@pytest.fixture
def front_end_cache(settings) -> Iterator[None]:
    """The site has a front-end cache, so far untouched."""
    settings.WAGTAILFRONTENDCACHE = {"default": {"BACKEND": f"{cache.__name__}.Recorder"}}
    yield
    cache.purged.clear()
