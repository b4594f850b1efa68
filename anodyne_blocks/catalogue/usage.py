"""Which pages show which products, by Wagtail's reference index."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef
from wagtail.models import Page, PageViewRestriction, ReferenceIndex

from anodyne_blocks.models import Product


def pages_showing(products: Iterable[int], *, public: bool = False) -> dict[int, set[int]]:
    """{product id: ids of live pages that show it}, in two queries.

    With `public` only pages that everybody may see: no view restriction on them or above them.
    """
    wanted = {str(pk): pk for pk in products}
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Product),
        to_object_id__in=wanted,
        base_content_type=ContentType.objects.get_for_model(Page),
    ).values_list("to_object_id", "object_id")
    pairs = {(wanted[product], int(page)) for product, page in references}
    pages = Page.objects.filter(pk__in={page for _, page in pairs}, live=True)
    if public:
        restrictions = PageViewRestriction.objects.annotate(path=OuterRef("path"))
        pages = pages.exclude(Exists(restrictions.filter(path__startswith=F("page__path"))))
    live = set(pages.values_list("pk", flat=True))
    showing: dict[int, set[int]] = {}
    for product, page in pairs:
        if page in live:
            showing.setdefault(product, set()).add(page)
    return showing


def shown_products(products: Iterable[int]) -> set[int]:
    """Those of the products that a live page shows."""
    return set(pages_showing(products))
