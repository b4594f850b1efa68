"""A shop whose answers a test can change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
