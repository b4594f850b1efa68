"""Middleware for API v3: who changes a page says by `If-Match` what was read of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import set_response_etag
from django.utils.http import parse_etags

from anodyne_blocks import conf


class LostUpdates:
    """Refuses a PATCH of a page with 412 where its `If-Match` names no ETag of the page's draft.

    The ETag is that of GET at the same address with `version=draft`, as Django's
    `ConditionalGetMiddleware` gives it. The page is locked from there until it is written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        known = request.headers.get("If-Match", "")
        match = request.resolver_match
        if not known or request.method != "PATCH" or "page_id" not in kwargs:
            return None
        if match is None or match.namespace != "wagtailapi_v3" or known.strip() == "*":
            return None
        with transaction.atomic():
            pages = conf.page_model()._default_manager.select_for_update()
            pages.filter(pk=kwargs["page_id"]).order_by().first()
            reading = _reading(request)
            current = view(reading, *args, **kwargs)
            if current.status_code == 200 and reading.user.is_authenticated:
                set_response_etag(current)
                # What a proxy or Django compressed has the mark of a weak one.
                etags = {etag.removeprefix("W/") for etag in parse_etags(known)}
                if current["ETag"] not in etags:
                    return _refused()
            response: HttpResponse = view(request, *args, **kwargs)
            return response


def _reading(request: HttpRequest) -> Any:
    """The request that reads the draft which this one changes."""
    reading = copy.copy(request)
    query = request.GET.copy()
    query["version"] = "draft"
    reading.method, reading.GET = "GET", query  # type: ignore[assignment]
    return reading


def _refused() -> HttpResponse:
    # Not at the top: with it Wagtail makes the schemas of all pages.
    from wagtail.api.v3.errors import problem_response

    detail = "The page was changed since it was read; read it again."
    response: HttpResponse = problem_response(status=412, detail=detail)
    return response
