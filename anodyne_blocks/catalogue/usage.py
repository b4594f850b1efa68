"""Which pages show which products, people, ratings and images, by Wagtail's reference index."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from wagtail.coreutils import get_content_languages
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction, ReferenceIndex, Site

from anodyne_blocks import conf
from anodyne_blocks.article.markets import TEXT_LANGUAGE
from anodyne_blocks.conf import page_model
from anodyne_blocks.languages import variants
from anodyne_blocks.models import (
    AbstractPerson,
    AbstractShopRating,
    Notice,
    get_person_model,
    get_product_model,
)


def _references(model: Any) -> QuerySet[ReferenceIndex]:
    """Where pages hold things of a model; the index keeps all ids as text."""
    # The index goes by the model that holds the primary key.
    base = (model._meta.get_parent_list() or [model])[-1]
    return ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(base),
        base_content_type=ContentType.objects.get_for_model(page_model()),
    )


def _placements(model: Any, ids: Iterable[Any]) -> set[tuple[str, int]]:
    """(id of a thing as text, id of a page that holds it, live or not)."""
    references = _references(model).filter(to_object_id__in={str(pk) for pk in ids})
    return {
        (thing, int(page)) for thing, page in references.values_list("to_object_id", "object_id")
    }


def pages_showing(products: Iterable[int], *, public: bool = False) -> dict[int, set[int]]:
    """{product id: ids of live pages that show it}, in two queries.

    With `public` only pages that everybody may see: a site serves them, and no view restriction is
    on them or above them.
    """
    wanted = {str(pk): pk for pk in products}
    pairs = {(wanted[product], page) for product, page in _placements(get_product_model(), wanted)}
    pages = page_model().objects.filter(pk__in={page for _, page in pairs}, live=True)
    if public:
        path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        above = PageViewRestriction.objects.annotate(path=path)
        pages = pages.exclude(Exists(above.filter(path__startswith=F("page__path"))))
        served = (Q(url_path__startswith=root.root_path) for root in Site.get_site_root_paths())
        pages = pages.filter(reduce(or_, served, Q(pk__in=())))
    live = set(pages.values_list("pk", flat=True))
    showing: dict[int, set[int]] = {}
    for product, page in pairs:
        if page in live:
            showing.setdefault(product, set()).add(page)
    return showing


def pages_using(product: int) -> set[int]:
    """The ids of all pages that hold a product, live or not."""
    return {page for _, page in _placements(get_product_model(), [product])}


def references_outside_pages(product: int) -> QuerySet[ReferenceIndex]:
    """Where else than on pages a product is referred to."""
    pages = ContentType.objects.get_for_model(page_model())
    model = get_product_model()
    base = (model._meta.get_parent_list() or [model])[-1]
    return ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(base), to_object_id=str(product)
    ).exclude(base_content_type=pages)


def pages_with_products() -> set[int]:
    """The ids of all pages that hold a product, live or not."""
    return set(map(int, _references(get_product_model()).values_list("object_id", flat=True)))


def pages_showing_version(
    thing: AbstractPerson | AbstractShopRating | Notice, *, or_chosen: bool = False
) -> set[int]:
    """The ids of pages that show this translation of a person, rating or notice.

    Any translation may be chosen there: a page shows the one in its language. With `or_chosen` also
    pages where this one is chosen, and another shown.
    """
    versions = list(thing.get_translations(inclusive=True).select_related("locale"))
    by_language = {version.locale.language_code: version for version in versions}
    for version in versions:
        version.fetched_translations = by_language
    by_id = {str(version.pk): version for version in versions}
    placements = _placements(type(thing), by_id)
    languages = page_languages(page for _, page in placements)
    return {
        page
        for chosen, page in placements
        if page in languages
        and (
            by_id[chosen].in_language(languages[page]).pk == thing.pk
            or (or_chosen and chosen == str(thing.pk))
        )
    }


def references_to_version(thing: AbstractPerson | AbstractShopRating | Notice) -> Any:
    """What Wagtail's index knows of such a thing, with the pages that show this translation.

    Such a page may name another one: the reference is to that.
    """
    base = (type(thing)._meta.get_parent_list() or [type(thing)])[-1]
    versions = thing.get_translations().values_list("pk", flat=True)
    of_pages = Q(
        to_object_id__in={str(pk) for pk in versions},
        base_content_type=ContentType.objects.get_for_model(page_model()),
        object_id__in={str(pk) for pk in pages_showing_version(thing)},
    )
    return ReferenceIndex.objects.filter(
        Q(to_object_id=str(thing.pk)) | of_pages,
        to_content_type=ContentType.objects.get_for_model(base),
    )


def with_version_usage(rows: QuerySet[Any]) -> QuerySet[Any]:
    """People or ratings with the number of what `references_to_version` finds, as `usage_count`."""
    model = rows.model
    versions = model._base_manager.order_by().filter(
        translation_key=OuterRef(OuterRef("translation_key"))
    )
    pages = ContentType.objects.get_for_model(page_model())
    base = ContentType.objects.get_for_model((model._meta.get_parent_list() or [model])[-1])
    # Other things that refer to one may have ids that are no numbers.
    page = Case(When(base_content_type=pages, then=Cast("object_id", BigIntegerField())))
    code = ExpressionWrapper(OuterRef("locale__language_code"), output_field=CharField())
    named = ExpressionWrapper(Cast(OuterRef("pk"), CharField()), output_field=CharField())
    found = (
        ReferenceIndex.objects.order_by()
        .filter(
            to_content_type=base,
            to_object_id__in=versions.annotate(key=Cast("pk", CharField())).values("key"),
        )
        .annotate(page=page, code=code, named=named)
        .annotate(language=_language_of(OuterRef("page")))
        .filter(Q(to_object_id=F("named")) | _is_shown(versions))
        .values("to_content_type")
        .annotate(count=Count("object_id", distinct=True))
    )
    return rows.annotate(usage_count=Coalesce(Subquery(found.values("count")), 0))


def _language_of(page: Any) -> Any:
    """The language code of a page by its id, in SQL."""
    if not conf.is_multilingual():
        return Value(conf.language_of(""))
    found = page_model().objects.order_by().filter(pk=page)
    return Subquery(found.values_list(TEXT_LANGUAGE)[:1])


def _is_shown(versions: QuerySet[Any]) -> Q:
    """That pages in `language` show the version with `code`: `Translated.in_language` in SQL."""
    shown = Q(language=F("code"))
    codes = {conf.language_of(code) for code in get_content_languages()}
    for language in codes:
        chain = variants(language)
        for place, code in enumerate(chain[1:], start=1):
            nearer = versions.filter(locale__language_code__in=chain[:place])
            shown |= Q(~Exists(nearer), language=language, code=code)
    return shown


def pages_showing_image(image: Any) -> set[int]:
    """The ids of pages that show an image (its id): held there, or by a product or person."""
    pages = {page for _, page in _placements(get_image_model(), [image])}
    products = get_product_model().objects.order_by().filter(image=image)
    pages.update(*pages_showing(products.values_list("pk", flat=True)).values())
    for person in get_person_model().objects.order_by().filter(photo=image):
        pages |= pages_showing_version(person)
    return pages


def page_languages(pages: Iterable[int]) -> dict[int, str]:
    """{id of a page: its language code}; pages that are gone are left out."""
    found = page_model().objects.order_by().filter(pk__in=set(pages))
    rows = found.values_list("pk", TEXT_LANGUAGE)
    return {pk: conf.language_of(locale) for pk, locale in rows}


def placed_products(pages: QuerySet[Any] | None = None) -> QuerySet[ReferenceIndex]:
    """The ids of products on these pages, or on any, live or not: as a subquery."""
    references = _references(get_product_model())
    if pages is not None:
        keys = pages.order_by().annotate(key=Cast("pk", CharField())).values("key")
        references = references.filter(object_id__in=keys)
    return references.annotate(product=Cast("to_object_id", BigIntegerField())).values("product")
