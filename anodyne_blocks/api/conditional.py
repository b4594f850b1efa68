"""Conditional answers: an `ETag` for what anyone may read, and a 304 for who has it already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

# Kept by anyone, but asked for again each time: a 304 is cheap, a wrong price is not.
CACHE_CONTROL = "public, no-cache"
# Where a serializer finds the `Bodies` of its answer: in its context, or on the request.
BODIES_KEY = "article_bodies"


def etag_of(parts: Iterable[bytes]) -> str:
    """A strong entity tag, quoted, for all that an answer is made of."""
    digest = hashlib.sha256()
    for part in parts:
        # The length keeps two parts from passing for two others.
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return f'"{digest.hexdigest()[:32]}"'


def answered(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponse:
    """The response with its ETag; 304 or 412 in its place where the request's conditions say so.

    The body of the response is not looked at: it may be made later.
    """
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


def is_anonymous(request: HttpRequest) -> bool:
    """Whether a request reads without credentials of any kind: a token, a session, a sign-in.

    A session may have passed a page's password, so that it sees what others do not.
    """
    user = getattr(request, "user", None)
    return (
        request.method in ("GET", "HEAD")
        and "Authorization" not in request.headers
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not (user is not None and user.is_authenticated)
    )
