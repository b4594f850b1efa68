"""`GET …/products/?ids=1,2&market=nl`: fresh prices for pages that were built a while ago."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from pydantic import BaseModel
from wagtail.coreutils import get_content_languages

from anodyne_blocks import CONTRACT_VERSION, conf
from anodyne_blocks.api.cache_tags import LISTING, note
from anodyne_blocks.api.conditional import conditional
from anodyne_blocks.article import Article
from anodyne_blocks.article.fetching import Scope
from anodyne_blocks.article.markets import market_of
from anodyne_blocks.blocks.choosers import ProductChooserBlock
from anodyne_blocks.blocks.sale import button_text, reduction_badge, sale_of
from anodyne_blocks.blocks.untranslated import marked
from anodyne_blocks.catalogue.passing_time import next_change
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
    """What the offer calls the product, and where it is sold: "" where there is nothing to buy.

    All is "" where the market sells no such product.
    """

    title: str
    text: str
    url: str


class FreshProduct(Part):
    """All that changes of a product's cards in a market, under the card's own names.

    `badge` announces the reduction. `offer` and `button_text` stand where a card's `own` words say
    nothing; a card that has no title then is not shown.
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
    button_text: str
    offer: OfferText
    other_language: OtherLanguage | None = None


class GoneProduct(Part):
    """A product whose cards are not shown in a market: deleted, hidden, or on no public page."""

    product: int
    market: str
    language: str


class FreshProducts(Part):
    """The endpoint's answer: each id stands once for each market, in one of the two lists.

    Both go by market and then by id, in the order of the request. `contract` is that of the types.
    """

    contract: str
    products: tuple[FreshProduct, ...]
    gone: tuple[GoneProduct, ...]


class Refusal(BaseModel):
    """Why a request is not answered, and what to ask instead."""

    message: str


class BadRequest(ValueError):
    """A request that cannot be answered; the message says what to do instead."""


# Nothing is written here: another method is told so in JSON, whoever asks.
@csrf_exempt
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """200 with `FreshProducts`, 304 for what the client has, or 400 with a `Refusal`."""
    try:
        ids = _ids(request)
        contexts = _contexts(request)
    except BadRequest as problem:
        refusal = Refusal(message=str(problem)).model_dump_json()
        return _shared(request, HttpResponse(refusal, "application/json", 400))
    note(request, products=ids, others=[LISTING])
    answer, seconds = fresh_products(ids, contexts)
    response = HttpResponse(
        answer.model_dump_json(),
        content_type="application/json",
        headers={
            "Cache-Control": f"public, max-age={seconds}",
            "Content-Language": ", ".join(dict.fromkeys(one.language for one in contexts)),
        },
    )
    return _shared(request, conditional(request, response))


def _shared(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with leave for the origins of `PRICES_FOR_ORIGINS` to read it."""
    allowed = conf.get("PRICES_FOR_ORIGINS")
    if "*" in allowed:
        response["Access-Control-Allow-Origin"] = "*"
    elif allowed:
        patch_vary_headers(response, ["Origin"])
        origin = request.headers.get("Origin", "")
        if origin in allowed:
            response["Access-Control-Allow-Origin"] = origin
    return response


def fresh_products(ids: list[int], contexts: list[Article]) -> tuple[FreshProducts, int]:
    """What public pages may show of these products now, and the seconds for which that holds.

    Three queries, however many products and markets.
    """
    shown = pages_showing(ids, public=True)
    markets = frozenset(one.market.key for one in contexts if one.market)
    scope = Scope(frozenset(one.language for one in contexts), markets)
    found = ProductChooserBlock.loader(set(shown), scope)
    fresh, gone = [], []
    for context in contexts:
        with translation.override(context.language):
            for pk in ids:
                one = _fresh(found[pk], context) if pk in found else None
                if one is not None:
                    fresh.append(one)
                else:
                    key = context.market.key if context.market else ""
                    gone.append(GoneProduct(product=pk, market=key, language=context.language))
    answer = FreshProducts(contract=CONTRACT_VERSION, products=tuple(fresh), gone=tuple(gone))
    return answer, _seconds(found.values(), contexts)


def _fresh(product: AbstractProduct, context: Article) -> FreshProduct | None:
    sale = sale_of(product, context)
    if sale.is_hidden:
        return None
    reduction, offer = sale.fields["reduction"], sale.offer
    return FreshProduct(
        **{name: said for name, said in sale.fields.items() if name in FreshProduct.model_fields},
        language=context.language,
        direction=context.direction,
        badge=reduction_badge(reduction, context.language) if reduction else None,
        button_text=button_text(),
        offer=OfferText(
            title=offer.title if offer else "",
            text=sale.description if offer else "",
            url=sale.url,
        ),
        other_language=(
            marked(sale.facts.other, title=offer.title, text=sale.description) if offer else None
        ),
    )


def _seconds(products: Iterable[AbstractProduct], contexts: list[Article]) -> int:
    """How long the answer holds: a minute, or until time changes what is said before that."""
    now = contexts[0].now
    offers = (
        product.offer_in(one.market.key) for product in products for one in contexts if one.market
    )
    moments = (next_change(offer, now) for offer in offers if offer is not None)
    soonest = min((moment for moment in moments if moment is not None), default=None)
    return MAX_AGE if soonest is None else min(MAX_AGE, int((soonest - now).total_seconds()))


def _ids(request: HttpRequest) -> list[int]:
    """The wanted ids, each once, in order."""
    for name in request.GET:
        if name not in PARAMETERS:
            raise BadRequest(f"There is no parameter “{name}”. Known: {', '.join(PARAMETERS)}.")
        if len(request.GET.getlist(name)) > 1:
            raise BadRequest(
                f"Give “{name}” once; separate several with commas, as in ids=1,2 or market=nl,da."
            )
    parts = [part.strip() for part in request.GET.get("ids", "").split(",")]
    for part in parts:
        if not _ID.fullmatch(part):
            raise BadRequest("Give the products' ids separated by commas, as in ids=1,2.")
    ids = list(dict.fromkeys(map(int, parts)))
    if len(ids) > MAX_IDS:
        raise BadRequest(f"Ask for at most {MAX_IDS} products at once, not {len(ids)}.")
    return ids


def _contexts(request: HttpRequest) -> list[Article]:
    """For whom is asked: one market by its key, its language or both, or several by their keys."""
    markets, language = conf.markets(), request.GET.get("language", "")
    keys = [key.strip() for key in request.GET.get("market", "").split(",") if key.strip()]
    if not keys and not language:
        raise BadRequest(f"Say market=… ({', '.join(markets)}) or language=….")
    for key in keys:
        if key not in markets:
            raise BadRequest(f"There is no market “{key}”. Known: {', '.join(markets)}.")
    content = get_content_languages()
    if language and language not in {*content, *map(conf.language_of, content)}:
        known = ", ".join(content)
        raise BadRequest(f"The site has no language “{language}”. Known: {known}.")
    if language and len(keys) > 1:
        raise BadRequest("Ask for one market where you say a language: several have one each.")
    now = timezone.now()
    if not keys:
        market = market_of(None, language, request)
        if market is None:
            raise BadRequest(
                f"Nothing is sold in the language “{language}”: name a market instead."
            )
        return [Article(language, market, now=now)]
    return [
        Article(_language_in(markets[key], language), markets[key], now=now)
        for key in dict.fromkeys(keys)
    ]


def _language_in(market: conf.Market, language: str) -> str:
    """The language that was asked for, or the market's own; it must be sold in."""
    language = language or market.language
    if market.locales and not set(variants(language)) & set(market.locales):
        languages = ", ".join(market.locales)
        raise BadRequest(f"The market “{market.key}” sells in {languages}, not in “{language}”.")
    return language
