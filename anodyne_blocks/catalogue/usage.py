"""Which pages show which products, by Wagtail's reference index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
)
from django.db.models.functions import Cast
from wagtail.models import PageViewRestriction, ReferenceIndex

from anodyne_blocks.models import Product
from anodyne_blocks.pages import page_model


def pages_showing(products: Iterable[int], *, public: bool = False) -> dict[int, set[int]]:
    """{product id: ids of live pages that show it}, in two queries.

    With `public` only pages that everybody may see: no view restriction on them or above them.
    """
    wanted = {str(pk): pk for pk in products}
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Product),
        to_object_id__in=wanted,
        base_content_type=ContentType.objects.get_for_model(page_model()),
    ).values_list("to_object_id", "object_id")
    pairs = {(wanted[product], int(page)) for product, page in references}
    pages = page_model().objects.filter(pk__in={page for _, page in pairs}, live=True)
    if public:
        path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        above = PageViewRestriction.objects.annotate(path=path)
        pages = pages.exclude(Exists(above.filter(path__startswith=F("page__path"))))
    live = set(pages.values_list("pk", flat=True))
    showing: dict[int, set[int]] = {}
    for product, page in pairs:
        if page in live:
            showing.setdefault(product, set()).add(page)
    return showing


def shown_products(products: Iterable[int]) -> set[int]:
    """Those of the products that a live page shows."""
    return set(pages_showing(products))


def pages_using(product: int) -> set[int]:
    """The ids of all pages that hold a product, live or not."""
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Product),
        to_object_id=str(product),
        base_content_type=ContentType.objects.get_for_model(page_model()),
    )
    return {int(page) for page in references.values_list("object_id", flat=True)}


def placed_products(pages: QuerySet[Any] | None = None) -> QuerySet[ReferenceIndex]:
    """The ids of products on these pages, or on any, live or not: as a subquery."""
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Product),
        base_content_type=ContentType.objects.get_for_model(page_model()),
    )
    if pages is not None:
        # The index keeps all ids as text.
        keys = pages.order_by().annotate(key=Cast("pk", CharField())).values("key")
        references = references.filter(object_id__in=keys)
    return references.annotate(product=Cast("to_object_id", BigIntegerField())).values("product")
