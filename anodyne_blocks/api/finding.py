"""Pages by the address that readers have, with its language and wherever Wagtail is mounted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import translation

from anodyne_blocks.conf import page_model


def page_at(request: HttpRequest, address: str) -> Any:
    """The page that `/nl/an-article/` shows in the request's site; None where none does."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    language = translation.get_language_from_path(path) or translation.get_language()
    with translation.override(language):
        try:
            match = resolve(path if path.startswith("/") else f"/{path}")
        except Resolver404:
            return None
        if match.url_name != "wagtail_serve":
            return None
        below = match.args[0] if match.args else next(iter(match.kwargs.values()), "")
        found = page_model().route_for_request(request, below)
    return found.page if found is not None else None
