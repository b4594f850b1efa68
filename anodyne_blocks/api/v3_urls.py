"""API v3 with conditional answers: mount `conditional(api)` in the place of `api.urls`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from wagtail.utils.urlpatterns import decorate_urlpatterns

from anodyne_blocks.api.bodies import Bodies
from anodyne_blocks.api.conditional import BODIES_KEY, CACHE_CONTROL, is_anonymous


def conditional(api: NinjaAPI) -> tuple[list[Any], str, str]:
    """The `urls` of Wagtail's `api`, with an ETag for what anyone may read.

    A 304 builds no body. Everything else is as in `api.urls`.
    """
    patterns, *names = api.urls

    def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_anonymous(request):
                return view(request, *args, **kwargs)
            bodies = Bodies(request)
            setattr(request, BODIES_KEY, bodies)
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or "json" not in response["Content-Type"]:
                return response
            return _with_bodies(api, request, response, bodies)

        return answer

    return decorate_urlpatterns(patterns, answering), *names


def _with_bodies(
    api: NinjaAPI, request: HttpRequest, response: HttpResponse, bodies: Bodies
) -> HttpResponse:
    """The answer with each body in the place of its marker, or a 304 without."""
    markers = [body.marker.encode() for body in bodies.bodies]
    rest = response.content
    for marker in markers:
        rest = rest.replace(marker, b"")
    response = bodies.answer(request, response, [rest], CACHE_CONTROL)
    if response.status_code == 200:
        for marker, body in zip(markers, bodies.bodies, strict=True):
            made = api.renderer.render(request, body.items, response_status=200)
            made = made.encode() if isinstance(made, str) else made
            response.content = response.content.replace(b'"%s"' % marker, made)
    return response
