"""`GET …/products/?ids=1,2&market=nl`: fresh prices for pages that were built a while ago."""

from __future__ import annotations

import re
from typing import Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe
from wagtail.coreutils import get_content_languages

from anodyne_blocks import conf
from anodyne_blocks.api.conditional import conditional
from anodyne_blocks.article import Article
from anodyne_blocks.article.fetching import Scope
from anodyne_blocks.article.markets import market_of
from anodyne_blocks.blocks.choosers import ProductChooserBlock
from anodyne_blocks.blocks.sale import reduction_badge, sale_of
from anodyne_blocks.blocks.untranslated import marked
from anodyne_blocks.catalogue.usage import pages_showing
from anodyne_blocks.elements import (
    Availability,
    Badge,
    Condition,
    Date,
    Money,
    OtherLanguage,
    Part,
    Rating,
    Reduction,
)
from anodyne_blocks.languages import variants
from anodyne_blocks.models import AbstractProduct

MAX_IDS = 100
MAX_AGE = 60  # seconds that a cache may answer for us
PARAMETERS = ("ids", "market", "language")
_ID = re.compile(r"[0-9]{1,18}")


class OfferText(Part):
    """What the offer calls the product, and where it is sold: "" where there is nothing to buy."""

    title: str
    text: str
    url: str


class FreshProduct(Part):
    """The fields of a product card that change, under the card's own names, and the offer's words.

    `badge` announces the reduction; a card's badges of the kind "editor" stay as they are.
    """

    product: int
    market: str
    language: str
    direction: Literal["ltr", "rtl"]
    price: Money | None
    price_from: bool
    price_text: str
    price_label: str
    reduction: Reduction | None
    badge: Badge | None
    unit_price: str
    tax_note: str
    condition: Condition | None
    availability: Availability | None
    rating: Rating | None
    buyable: bool
    stale: Date | None
    stale_text: str
    offer: OfferText
    other_language: OtherLanguage | None = None


class FreshProducts(Part):
    """The endpoint's answer; both lists are in the order of the request.

    `unknown` holds the ids of which nothing is to be shown: no such product, none that a public
    page shows, or nothing that the market sells.
    """

    products: tuple[FreshProduct, ...]
    unknown: tuple[int, ...]


class BadRequest(ValueError):
    """A request that cannot be answered; the message says what to do instead."""


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """200 with `FreshProducts`, 304 for what the client has, or 400 with {"message": …}."""
    try:
        ids = _ids(request)
        context = _context(request)
    except BadRequest as problem:
        return JsonResponse({"message": str(problem)}, status=400)
    response = HttpResponse(
        fresh_products(ids, context).model_dump_json(),
        content_type="application/json",
        headers={
            "Cache-Control": f"public, max-age={MAX_AGE}",
            "Content-Language": context.language,
        },
    )
    return conditional(request, response)


def fresh_products(ids: list[int], context: Article) -> FreshProducts:
    """What a public page may show of these products now: three queries, however many."""
    shown = pages_showing(ids, public=True)
    markets = [context.market.key] if context.market is not None else []
    scope = Scope(frozenset([context.language]), frozenset(markets))
    found = ProductChooserBlock.loader(set(shown), scope)
    with translation.override(context.language):
        known = {pk: _fresh(product, context) for pk, product in found.items()}
    fresh = {pk: product for pk, product in known.items() if product is not None}
    return FreshProducts(
        products=tuple(fresh[pk] for pk in ids if pk in fresh),
        unknown=tuple(pk for pk in ids if pk not in fresh),
    )


def _fresh(product: AbstractProduct, context: Article) -> FreshProduct | None:
    sale = sale_of(product, context)
    if sale.offer is None or sale.is_hidden:
        return None
    reduction = sale.fields["reduction"]
    return FreshProduct(
        **sale.fields,
        language=context.language,
        direction=context.direction,
        badge=reduction_badge(reduction, context.language) if reduction else None,
        offer=OfferText(title=sale.offer.title, text=sale.description, url=sale.url),
        other_language=marked(sale.facts.other, title=sale.offer.title, text=sale.description),
    )


def _ids(request: HttpRequest) -> list[int]:
    """The wanted ids, each once, in order."""
    for name in request.GET:
        if name not in PARAMETERS:
            raise BadRequest(f"There is no parameter “{name}”. Known: {', '.join(PARAMETERS)}.")
        if len(request.GET.getlist(name)) > 1:
            raise BadRequest(f"Give “{name}” once; separate ids with commas, as in ids=1,2.")
    parts = [part.strip() for part in request.GET.get("ids", "").split(",")]
    for part in parts:
        if not _ID.fullmatch(part):
            raise BadRequest("Give the products' ids separated by commas, as in ids=1,2.")
    ids = list(dict.fromkeys(map(int, parts)))
    if len(ids) > MAX_IDS:
        raise BadRequest(f"Ask for at most {MAX_IDS} products at once, not {len(ids)}.")
    return ids


def _context(request: HttpRequest) -> Article:
    """The market and language that the request names by one of them, or by both."""
    markets = conf.markets()
    key, language = request.GET.get("market"), request.GET.get("language")
    if not key and not language:
        raise BadRequest(f"Say market=… ({', '.join(markets)}) or language=….")
    if key and key not in markets:
        raise BadRequest(f"There is no market “{key}”. Known: {', '.join(markets)}.")
    content = get_content_languages()
    if language and language not in {*content, *map(conf.language_of, content)}:
        known = ", ".join(content)
        raise BadRequest(f"The site has no language “{language}”. Known: {known}.")
    market = markets[key] if key else market_of(None, language or "", request)
    if market is None:
        raise BadRequest(f"Nothing is sold in the language “{language}”: name a market instead.")
    language = language or market.language
    if market.locales and not set(variants(language)) & set(market.locales):
        languages = ", ".join(market.locales)
        raise BadRequest(f"The market “{key}” sells in {languages}, not in “{language}”.")
    return Article(language, market)
