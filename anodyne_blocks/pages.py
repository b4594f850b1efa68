"""The site's base page model."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings


def page_model() -> Any:
    """Wagtail's `Page`, or the model that the site has in its place (Wagtail 8.0 and later)."""
    return apps.get_model(getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"))
