"""Articles in API v3 as readers get them: elements alone, or teasers; found by their address too.

Wagtail's own listing knows no fields of a page's model, and its detail gives all of them.
"""

# No annotations from the future: ninja looks for the names of these in a decorator's module.

from functools import reduce
from http import HTTPStatus
from operator import or_
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field
from wagtail.api.v3.auth import AllowAnonymous, BearerTokenAuth
from wagtail.api.v3.querysets import get_pages_queryset
from wagtail.models import get_page_models

from anodyne_blocks import CONTRACT_VERSION
from anodyne_blocks.api.block_types import described, list_of
from anodyne_blocks.api.finding import page_at
from anodyne_blocks.api.v3_problems import problems
from anodyne_blocks.article import Article
from anodyne_blocks.article.listing import Listing
from anodyne_blocks.article.walking import holds_elements, stream_fields
from anodyne_blocks.blocks.teasers import teaser_of
from anodyne_blocks.elements import ELEMENTS, Teaser

articles = Router(tags=["articles"], auth=[BearerTokenAuth(), AllowAnonymous()])
REFUSED = problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)

# PostgreSQL fails where it is asked for NUL.
Words = Annotated[str, Field(pattern=r"^[^\x00]*$")]
# What a site's own elements are is its own; these are described.
_Element: Any = Annotated[reduce(or_, ELEMENTS), Field(discriminator="type")]
Elements: Any = described(list_of(_Element))


class ArticleQuery(Schema):
    """All that is said holds of the articles that are listed."""

    locale: Words | None = Field(None, description="A language code.")
    child_of: int | None = Field(None, description="The id of the page above.")
    translation_of: int | None = Field(None, description="The id of an article; not itself.")
    show: Literal["teaser", "elements"] = "teaser"
    limit: int = Field(20, ge=1, le=50)
    offset: int = Field(0, ge=0, le=1_000_000)


class ShownArticle(Schema):
    """An article; `elements` is null where teasers were asked for."""

    id: int
    type: str
    contract: str
    title: str
    slug: str
    locale: str
    html_url: str | None
    teaser: Teaser
    elements: Elements | None


class ShownArticles(Schema):
    """In the order in which they were published, the newest first; `total` counts all."""

    items: list[ShownArticle]
    total: int


@articles.get("/", response=ShownArticles, operation_id="elements_articles", openapi_extra=REFUSED)
def list_articles(request: HttpRequest, query: Query[ArticleQuery]) -> Any:
    """List articles: teasers, or with their elements."""
    found = get_pages_queryset(request).type(*_models()).order_by("-first_published_at", "pk")
    if query.locale:
        found = found.filter(locale__language_code=query.locale)
    if query.child_of is not None:
        found = found.child_of(get_object_or_404(get_pages_queryset(request), pk=query.child_of))
    if query.translation_of is not None:
        origin = get_object_or_404(get_pages_queryset(request), pk=query.translation_of)
        found = found.translation_of(origin)
    some = found.specific()[query.offset : query.offset + query.limit]
    listing = Listing(some)
    _ = listing.languages
    _ = listing.pictures
    items = [_shown(page, request, query.show == "elements") for page in listing.pages]
    return {"items": items, "total": found.count()}


@articles.get(
    "/find/", response=ShownArticle, operation_id="elements_find_article", openapi_extra=REFUSED
)
def find_article(request: HttpRequest, path: Words) -> Any:
    """The article at an address, as `/nl/an-article/`."""
    page = page_at(request, path)
    if page is None:
        raise Http404("No page has this address.")
    return one_article(request, page.pk)


@articles.get(
    "/{page_id}/", response=ShownArticle, operation_id="elements_article", openapi_extra=REFUSED
)
def one_article(request: HttpRequest, page_id: int) -> Any:
    """An article as its reader gets it: no stored values, and no structured data."""
    page = get_object_or_404(get_pages_queryset(request).type(*_models()), pk=page_id)
    return _shown(page.specific, request, True)


def _models() -> tuple[Any, ...]:
    """The page models that hold elements."""
    return tuple(
        model
        for model in get_page_models()
        if any(holds_elements(field.stream_block) for field in stream_fields(model))
    )


def _shown(page: Any, request: HttpRequest, with_elements: bool) -> dict[str, Any]:
    article = Article.for_page(page, request)
    elements = [element.as_json() for element in article.elements()] if with_elements else None
    return {
        "id": page.pk,
        "type": page._meta.label,
        "contract": CONTRACT_VERSION,
        "title": page.title,
        "slug": page.slug,
        "locale": article.language,
        "html_url": page.get_full_url(request),
        "teaser": teaser_of(page),
        "elements": elements,
    }
