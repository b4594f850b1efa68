"""Middleware: who asks for JSON gets JSON, also where there is nothing or a method is not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware import locale

__all__ = ["JSONErrors", "LocaleMiddleware"]

_MESSAGES = {404: "There is nothing at this address.", 405: "This method is not known here."}


class _HeadOfV3:
    """HEAD is GET without a body; API v3 knows GET only, and the server leaves the body out."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if request.method != "HEAD" or match is None or match.namespace != "wagtailapi_v3":
            return None
        request.method = "GET"
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        finally:
            request.method = "HEAD"
        return response


class JSONErrors(_HeadOfV3):
    """Answers 404 and 405 in JSON, as {"message": …}, to who accepts JSON and no HTML."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return in_json(request, self.get_response(request))


class LocaleMiddleware(_HeadOfV3, locale.LocaleMiddleware):
    """Django's, which sends who gets 404 to the same address below a language; with `JSONErrors`.

    Not where the 404 is an API's own answer, or the client asked for JSON.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        response = in_json(request, response)
        if response.status_code == 404 and is_json(response):
            return response
        return super().process_response(request, response)


def in_json(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response; 404 and 405 in JSON where the client asked for that."""
    message = _MESSAGES.get(response.status_code)
    if message is None or is_json(response) or not asks_json(request):
        return response
    answer = JsonResponse({"message": message}, status=response.status_code)
    if allowed := response.get("Allow"):
        answer["Allow"] = allowed
    return answer


def is_json(response: HttpResponse) -> bool:
    """Whether a response is JSON of any kind."""
    kind: str = response.get("Content-Type", "").partition(";")[0].strip()
    return kind == "application/json" or kind.endswith("+json")


def asks_json(request: HttpRequest) -> bool:
    """Whether a request accepts JSON, and does not name HTML."""
    accepted = [
        kind.partition(";")[0].strip() for kind in request.headers.get("Accept", "").split(",")
    ]
    return any(kind == "application/json" or kind.endswith("+json") for kind in accepted) and (
        "text/html" not in accepted
    )
