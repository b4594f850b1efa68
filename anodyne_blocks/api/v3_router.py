"""For programs that write articles in API v3: ids are found, and one block is changed by its id.

A site adds `router` to Wagtail's API before it mounts that; the OpenAPI document describes it.
"""

# No annotations from the future: ninja looks for the names of these in a decorator's module.

from http import HTTPStatus
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field, JsonValue
from wagtail import blocks
from wagtail.api import APIField
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.api.v3.permissions import require_any_permission

from anodyne_blocks import conf
from anodyne_blocks.api.products import FreshProducts, Refusal
from anodyne_blocks.api.products import products as fresh_answer
from anodyne_blocks.api.v3_articles import Words, articles
from anodyne_blocks.api.v3_problems import problems
from anodyne_blocks.article.walking import stream_fields
from anodyne_blocks.models import get_person_model, get_product_model, get_shop_rating_model

__all__ = ["router"]

router = Router(tags=["article elements"], auth=BearerTokenAuth())

router.add_router("/articles/", articles)

MOST = 100
WRITERS_ONLY = HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY


def _pages(*_args: Any, **_kwargs: Any) -> Any:
    return conf.page_model()


# Whoever may write a page may know what it can show.
may_write = require_any_permission(_pages, ("add", "change"))


class Limits(Schema):
    """How many are given, and from where on."""

    limit: int = Field(20, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=1_000_000)


class ProductQuery(Limits):
    """What is known of products; all that is said holds of those that are found."""

    shop: Words | None = Field(None, description="The alias of the shop; empty for those by hand.")
    number: Words | None = Field(
        None, description="The shop's number, the article number (SKU) or the barcode; exactly."
    )
    name: Words | None = Field(None, description="A part of the name, or of an offer's title.")
    url: Words | None = Field(None, description="The address of an offer; exactly.")


class NameQuery(Limits):
    """A part of a name, and a language."""

    name: Words | None = None
    locale: Words | None = Field(None, description="A language code.")


class FreshQuery(Schema):
    """Which products, and for whom: markets, or one market's language, or both of one."""

    ids: str = Field("", description="At most 100 ids, separated by commas.")
    market: str = Field("", description="Keys of markets, separated by commas.")
    language: str = Field("", description="A language code.")


class FoundProduct(Schema):
    """A product to choose: `number` is the shop's, null for one by hand."""

    id: int
    name: str
    shop: str
    number: str | None = Field(alias="external_id")
    status: str


class FoundName(Schema):
    """A person or a shop rating to choose."""

    id: int
    name: str
    locale: str = Field(alias="locale.language_code")


class FoundProducts(Schema):
    """In the order of their ids; `more` says that there are others behind."""

    items: list[FoundProduct]
    more: bool


class FoundNames(Schema):
    """In the order of their ids; `more` says that there are others behind."""

    items: list[FoundName]
    more: bool


class BlockChange(Schema):
    """The children that change; the others stay as they are in the draft."""

    value: dict[str, JsonValue]
    action: Literal["publish"] | None = None


class ChangedBlock(Schema):
    """The block as it is stored now."""

    id: str
    type: str
    value: dict[str, JsonValue]


@router.get(
    "/products/",
    response=FoundProducts,
    operation_id="elements_products",
    openapi_extra=problems(*WRITERS_ONLY),
)
@may_write
def products(request: HttpRequest, query: Query[ProductQuery]) -> Any:
    """Find products by their shop, number, name or address."""
    found = get_product_model().objects.order_by("pk")
    if query.shop is not None:
        found = found.filter(shop=query.shop)
    if query.number:
        offers = Q(offers__sku=query.number) | Q(offers__gtin=query.number)
        found = found.filter(Q(external_id=query.number) | offers)
    if query.name:
        found = found.filter(Q(name__icontains=query.name) | Q(offers__title__icontains=query.name))
    if query.url:
        found = found.filter(offers__url=query.url)
    return _some(found.distinct(), query)


@router.get(
    "/people/",
    response=FoundNames,
    operation_id="elements_people",
    openapi_extra=problems(*WRITERS_ONLY),
)
@may_write
def people(request: HttpRequest, query: Query[NameQuery]) -> Any:
    """Find people by their name."""
    return _named(get_person_model(), query)


@router.get(
    "/ratings/",
    response=FoundNames,
    operation_id="elements_ratings",
    openapi_extra=problems(*WRITERS_ONLY),
)
@may_write
def ratings(request: HttpRequest, query: Query[NameQuery]) -> Any:
    """Find shop ratings by their name."""
    return _named(get_shop_rating_model(), query)


@router.get(
    "/fresh/",
    response={200: FreshProducts, 400: Refusal},
    operation_id="elements_fresh_products",
    auth=None,
)
def fresh(request: HttpRequest, query: Query[FreshQuery]) -> HttpResponse:
    """Fresh prices of products that public pages show: the products endpoint, described."""
    return fresh_answer(request)


def _named(model: Any, query: NameQuery) -> Any:
    found = model.objects.select_related("locale").order_by("pk")
    if query.name:
        found = found.filter(name__icontains=query.name)
    if query.locale:
        found = found.filter(locale__language_code=query.locale)
    return _some(found, query)


def _some(found: QuerySet[Any], limits: Limits) -> dict[str, Any]:
    rows = list(found[limits.offset : limits.offset + limits.limit + 1])
    return {"items": rows[: limits.limit], "more": len(rows) > limits.limit}


@router.patch(
    "/pages/{page_id}/blocks/{block_id}/",
    response=ChangedBlock,
    operation_id="elements_change_block",
    openapi_extra=problems(*WRITERS_ONLY, HTTPStatus.NOT_FOUND),
)
@may_write
def change_block(request: HttpRequest, page_id: int, block_id: str, data: BlockChange) -> Any:
    """Change one block of a page's draft, checked as when the page is written."""
    # Not at the top: with it Wagtail makes the schemas of all pages.
    from wagtail.api.v3.registry import registry
    from wagtail.api.v3.routers.pages import update_page

    page = get_object_or_404(conf.page_model(), pk=page_id).get_latest_revision_as_object()
    name, body, index = _find(page, block_id)
    body[index]["value"] = {**body[index]["value"], **data.value}
    schema = registry.get(page._meta.label).patch_schema
    meta = {"type": page._meta.label, "action": data.action}
    written = schema.model_validate({"meta": meta, name: body}, context={"request": request})
    changed = update_page(request, page_id, written)
    block = page._meta.get_field(name).stream_block
    return as_written(block, getattr(changed, name).get_prep_value())[index]


def _find(page: Any, block_id: str) -> tuple[str, list[dict[str, Any]], int]:
    """(field, body as it is written, index) of a block; 404 where no field to write has it."""
    writable = {field.name for field in APIField.get_writable_fields_for_model(type(page))}
    for field in stream_fields(page):
        if field.name in writable:
            stored = list(getattr(page, field.name).raw_data)
            for index, item in enumerate(stored):
                if item.get("id") == block_id:
                    return field.name, as_written(field.stream_block, stored), index
    raise Http404("No block of this page has this id.")


def as_written(block: blocks.Block, stored: Any) -> Any:
    """A stored value as the API gives and takes it: the items of lists are bare."""
    if isinstance(block, blocks.BaseStreamBlock):
        return [
            {**item, "value": as_written(block.child_blocks[item["type"]], item["value"])}
            for item in stored
        ]
    if isinstance(block, blocks.ListBlock):
        return [
            as_written(
                block.child_block,
                item["value"] if isinstance(item, dict) and item.get("type") == "item" else item,
            )
            for item in stored
        ]
    if isinstance(block, blocks.BaseStructBlock) and isinstance(stored, dict):
        return {
            name: as_written(child, stored[name])
            for name, child in block.child_blocks.items()
            if name in stored
        }
    return stored
