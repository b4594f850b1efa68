"""Asking a shop while an editor waits: for words, or for the product at an address."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext
from wagtail.images.shortcuts import get_rendition_or_not_found

from anodyne_blocks import conf
from anodyne_blocks.admin.columns import THUMBNAIL, OfferLine, with_picture, written
from anodyne_blocks.catalogue.store import store_offers
from anodyne_blocks.conf import Market
from anodyne_blocks.models import Offer, Product
from anodyne_blocks.shops import (
    Found,
    Shop,
    ShopError,
    ShopOffer,
    Unknown,
    get_shop,
    shop_aliases,
    shop_class,
)
from anodyne_blocks.shops.base import DATA_ERRORS, unreadable
from anodyne_blocks.shops.product_page import ProductPage

logger = logging.getLogger(__name__)

# As many as an editor reads; each costs a part of a question in every market.
MOST = 10


@dataclass
class Result:
    """A product that a shop offers, by market; `known` is the catalogue's, or None."""

    shop: str
    external_id: str
    offers: dict[str, ShopOffer] = field(default_factory=dict)
    known: Product | None = None

    @property
    def first(self) -> ShopOffer:
        return next(iter(self.offers.values()))

    @property
    def title(self) -> str:
        return self.first.title

    @property
    def image_url(self) -> str:
        """The picture of our library, or the shop's."""
        if self.known is not None and self.known.image is not None:
            return get_rendition_or_not_found(self.known.image, THUMBNAIL).url
        return next((offer.image_url for offer in self.offers.values() if offer.image_url), "")

    @property
    def lines(self) -> list[OfferLine]:
        """Price and availability in each market."""
        words = dict(Offer.AVAILABILITY)
        return [
            OfferLine(
                key,
                market.language,
                written(offer.price, offer.currency, market.language),
                str(words[offer.availability.value]),
            )
            for key, market in conf.markets().items()
            if (offer := self.offers.get(key))
        ]


@dataclass
class Answer:
    """What was found, and what went wrong, in words for the editor."""

    results: list[Result] = field(default_factory=list)
    error: str = ""


def searchable_shops() -> list[str]:
    """The aliases of shops that can be searched for words."""
    return [alias for alias in shop_aliases() if _can(alias, words=True)]


def page_shops() -> list[str]:
    """The aliases of shops that read product pages."""
    return [alias for alias in shop_aliases() if _can(alias, words=False)]


def _can(alias: str, *, words: bool) -> bool:
    try:
        kind = shop_class(alias)
    except ImproperlyConfigured:
        return False
    reads_pages = issubclass(kind, ProductPage)
    return kind.search is not Shop.search and not reads_pages if words else reads_pages


def products_at(url: str) -> QuerySet[Product]:
    """Products of the catalogue with an offer at this address, as a shop or an article links it."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return Product.objects.none()
    ours = conf.get("UTM")
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in ours and not name.startswith("utm_")
    ]
    plain = urlunsplit(parts._replace(query=urlencode(query), fragment=""))
    bare = plain.rstrip("/")
    offers = Offer.objects.filter(url__in={url.strip(), plain, bare, f"{bare}/"})
    return Product.objects.filter(pk__in=offers.values("product"))


def search_words(alias: str, text: str, market: Market) -> Answer:
    """What a shop finds for words in a market, with its offers in the others."""
    return _asked(alias, lambda shop: _found(shop, text, [market]))


def search_address(url: str) -> Answer:
    """The product on the page at an address, from the first shop that reads it."""
    answer = Answer(error=gettext("No shop of this site reads product pages."))
    for alias in page_shops():
        answer = _asked(alias, lambda shop: _found(shop, url, list(conf.markets().values())))
        if answer.results:
            break
    return answer


def _asked(alias: str, question: Callable[[Shop], list[Result]]) -> Answer:
    try:
        with get_shop(alias) as shop:
            results = question(shop)
    except ShopError as error:
        return Answer(error=error.reason)
    except DATA_ERRORS as error:
        return Answer(error=unreadable(error))
    except ImproperlyConfigured as error:
        logger.error("%s", error)
        return Answer(error=gettext("The settings of this shop are wrong; see the site's log."))
    ids = [result.external_id for result in results]
    known = with_picture(Product.objects.filter(shop=alias, external_id__in=ids), "image")
    by_id = {product.external_id: product for product in known}
    for result in results:
        result.known = by_id.get(result.external_id)
    return Answer(results, "" if results else gettext("The shop finds nothing."))


def _found(shop: Shop, text: str, markets: list[Market]) -> list[Result]:
    """Results from the first of `markets` that has any, each with its offers in all markets."""
    results: dict[str, Result] = {}
    refusal: ShopError | None = None
    asked = markets[0]
    for asked in markets:
        try:
            for offer in shop.search(text, asked, MOST)[:MOST]:
                results[offer.external_id] = Result(
                    shop.alias, offer.external_id, {asked.key: offer}
                )
        except ShopError as error:
            refusal = error
        if results:
            break
    if not results and refusal is not None:
        raise refusal
    for key, offers in _in_all_markets(shop, list(results), skip=asked.key).items():
        results[key].offers |= offers
    return list(results.values())


def _in_all_markets(shop: Shop, ids: list[str], skip: str = "") -> dict[str, dict[str, ShopOffer]]:
    """{id: {market key: offer}} of what is sold; a shop that stops answering is not waited for."""
    found: dict[str, dict[str, ShopOffer]] = {key: {} for key in ids}
    for market in conf.markets().values():
        if market.key == skip or not ids:
            continue
        answers = shop.fetch(ids, market).values()
        for answer in answers:
            if isinstance(answer, Found):
                found[answer.external_id][market.key] = answer.offer
        if all(isinstance(answer, Unknown) for answer in answers):
            break
    return found


def take(alias: str, external_id: str) -> Product:
    """The product with this number in a shop, stored as the shop offers it now.

    `ShopError` where the shop offers it in no market or does not answer.
    """
    answers = {}
    with get_shop(alias) as shop:
        for key, market in conf.markets().items():
            answers[key] = shop.fetch([external_id], market)[external_id]
    if not any(isinstance(answer, Found) for answer in answers.values()):
        reasons = [reason for a in answers.values() if (reason := getattr(a, "reason", ""))]
        raise ShopError(reasons[0] if reasons else gettext("The shop does not sell this product."))
    now = timezone.now()
    for key, answer in answers.items():
        if isinstance(answer, Found):
            store_offers(alias, conf.markets()[key], [answer.offer], now)
    return Product.objects.get(shop=alias, external_id=external_id)


def editors_market() -> Market:
    """The market in whose language an editor most likely searches."""
    markets = conf.markets()
    return conf.market_for_language(get_language() or "") or next(iter(markets.values()))
