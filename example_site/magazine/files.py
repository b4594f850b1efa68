"""How the demonstration hands out files, as it has no web server in front of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

DAY = 24 * 60 * 60
COMPRESSED = ("font/", "image/avif", "image/jpeg", "image/png", "image/webp")


def kept(serve: Callable[..., HttpResponseBase], days: int) -> Callable[..., HttpResponseBase]:
    """`serve`, with leave to keep its files for so many days, but for those who work on them."""

    def view(request: HttpRequest, **options: Any) -> HttpResponseBase:
        response = serve(request, **options)
        if not settings.DEBUG:
            patch_cache_control(response, public=True, max_age=days * DAY)
        return response

    return view


class TextGZipMiddleware(GZipMiddleware):
    """Compresses what is not compressed already: those files keep their length, too."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)
