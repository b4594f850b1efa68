"""Conditional answers: the `ETag` of an answer is the digest of its bytes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with its ETag; 304 or 412 in its place where the request's conditions say so.

    As Django's `ConditionalGetMiddleware`, and for HEAD too: the body is there at this point.
    """
    set_response_etag(response)
    return get_conditional_response(request, response["ETag"], response=response) or response
