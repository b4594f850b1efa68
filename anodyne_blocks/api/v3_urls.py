"""API v3 is mounted as Wagtail says; `conditional` is for sites that wrapped it once."""

from __future__ import annotations

import warnings
from typing import Any


def conditional(api: Any) -> Any:
    """The `urls` of Wagtail's `api`, as they are."""
    message = "Mount api.urls as it is; ConditionalGetMiddleware gives its answers an ETag."
    warnings.warn(message, DeprecationWarning, stacklevel=2)
    return api.urls
