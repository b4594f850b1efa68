"""Cache tags on pages and on answers of APIs: a CDN purges by what an answer was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from anodyne_blocks.article.walking import loaded_streams, walk
from anodyne_blocks.catalogue.tags import LISTING, header_value, options, tags_of
from anodyne_blocks.fields import ArticleStreamValue
from anodyne_blocks.models import AbstractProduct

__all__ = ["LISTING", "CacheTagsMiddleware", "note"]

# What may be kept, and what confirms that it may be kept on.
_TAGGED = (200, 304)


def note(
    request: Any,
    *,
    pages: Iterable[int] = (),
    products: Iterable[int] = (),
    others: Iterable[str] = (),
) -> None:
    """Say that the answer to a request shows pages or products (ids); `others` are names of tags.

    What is shown by elements is known without. An answer that shows which pages there are is a
    `LISTING`.
    """
    request = getattr(request, "_request", request)
    noted = vars(request).setdefault("anodyne_tags", (set(), set(), set()))
    for known, more in zip(noted, (pages, products, others), strict=True):
        known.update(more)


@sync_and_async_middleware
def CacheTagsMiddleware(get_response: Callable[..., Any]) -> Callable[..., Any]:
    """Sets the headers of the setting `CACHE_TAGS`."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponse:
            return _tagged(request, await get_response(request))

        return answer_later

    def answer(request: HttpRequest) -> HttpResponse:
        return _tagged(request, get_response(request))

    return answer


def _tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    headers = options()["HEADERS"]
    if not headers or response.status_code not in _TAGGED:
        return response
    articles = vars(request).get("anodyne_articles", ())
    pages, products, others = vars(request).get("anodyne_tags", (set(), set(), set()))
    pages = {*pages, *(article.page.pk for article in articles if _is_page(article.page))}
    products = {*products, *(pk for article in articles for pk in _products(article.page))}
    if articles and "json" in response.get("Content-Type", ""):
        # Whichever API it is of: it may list pages, and the next one may belong to them.
        others = {*others, LISTING}
    if tags := tags_of(pages, products, *sorted(others)):
        for header in headers:
            response[header] = header_value(header, tags)
    return response


def _is_page(page: Any) -> bool:
    return getattr(page, "pk", None) is not None


def _products(page: Any) -> Iterator[int]:
    """The ids of products in the bodies of a page that were shown; nothing is fetched for it."""
    for body in loaded_streams(page):
        if isinstance(body, ArticleStreamValue) and not body.waiting():
            for _block, value in walk(body.stream_block, body):
                if isinstance(value, AbstractProduct):
                    yield value.pk
