"""Asking a shop while an editor waits: for words, or for the product at an address."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext

from anodyne_blocks import conf
from anodyne_blocks.admin import shop_asking
from anodyne_blocks.admin.columns import THUMBNAIL, OfferLine, price_of, with_picture
from anodyne_blocks.admin.shop_asking import Asking, in_english
from anodyne_blocks.article.images import thumbnail
from anodyne_blocks.catalogue.gaps import known_in
from anodyne_blocks.catalogue.store import store_offers
from anodyne_blocks.conf import Market
from anodyne_blocks.models import AbstractProduct, Offer, get_product_model
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops import (
    Found,
    Shop,
    ShopError,
    ShopOffer,
    Unknown,
    shop_aliases,
    shop_class,
)
from anodyne_blocks.shops.base import Answer as ShopAnswer
from anodyne_blocks.shops.product_page import ProductPage

logger = logging.getLogger(__name__)

# A question to a shop about a market, whose answer is what it finds there.
Find = Callable[[Market], Callable[[Shop], list[ShopOffer]]]

# As many as an editor reads; each costs a part of a question in every market.
MOST = 10


@dataclass
class Result:
    """A product that a shop offers, by market; `known` is the catalogue's, or None."""

    shop: str
    external_id: str
    offers: dict[str, ShopOffer] = field(default_factory=dict)
    known: AbstractProduct | None = None

    @property
    def first(self) -> ShopOffer:
        return next(iter(self.offers.values()))

    @property
    def has_variants(self) -> bool:
        """Whether this kind of shop can list a product's variants."""
        return shop_class(self.shop).variants is not Shop.variants

    @property
    def title(self) -> str:
        return self.first.title or self.first.name

    @property
    def image_url(self) -> str:
        """The picture of our library, or the shop's."""
        if self.known is not None and self.known.image is not None:
            made = thumbnail(self.known.image, THUMBNAIL)
            if made:
                return str(made.url)
        return next((offer.image_url for offer in self.offers.values() if offer.image_url), "")

    @property
    def lines(self) -> list[OfferLine]:
        """Price and availability in each market."""
        words = dict(Offer.AVAILABILITY)
        return [
            OfferLine(
                key,
                market.language,
                price_of(offer, market.language),
                str(words[offer.availability.value]),
            )
            for key, market in conf.markets().items()
            if (offer := self.offers.get(key))
        ]


@dataclass
class Answer:
    """What was found, and what went wrong, in words for the editor; `note` is no fault."""

    results: list[Result] = field(default_factory=list)
    error: str = ""
    note: str = ""


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


def products_at(url: str) -> QuerySet[AbstractProduct]:
    """Products of the catalogue with an offer at this address, as a shop or an article links it."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return get_product_model().objects.none()
    ours = conf.get("UTM")
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in ours and not name.startswith("utm_")
    ]
    plain = urlunsplit(parts._replace(query=urlencode(query), fragment=""))
    bare = plain.rstrip("/")
    offers = Offer.objects.filter(url__in={url.strip(), plain, bare, f"{bare}/"})
    return get_product_model().objects.filter(pk__in=offers.values("product"))


def search_words(alias: str, text: str, market: Market, *, diagnostics: bool = False) -> Answer:
    """What a shop finds for words in a market, with its offers in the others.

    With `diagnostics` also why it did not answer.
    """
    return _asked(alias, partial(_search, text), [market], diagnostics)


def search_variants(alias: str, external_id: str, *, diagnostics: bool = False) -> Answer:
    """The variants of a shop's product, each of which can be chosen by itself."""
    first = editors_market()
    markets = [first, *(market for market in conf.markets().values() if market != first)]
    return _asked(alias, partial(_variants, external_id), markets, diagnostics)


def search_address(url: str, *, diagnostics: bool = False) -> Answer:
    """The product on the page at an address, from the first shop that reads it."""
    answer = Answer(error=gettext("No shop of this site reads product pages."))
    ends_at = time.monotonic() + shop_asking.SECONDS
    for alias in page_shops():
        markets = list(conf.markets().values())
        answer = _asked(alias, partial(_search, url), markets, diagnostics, ends_at)
        if answer.results:
            break
    return answer


def _asked(
    alias: str,
    find: Find,
    markets: Sequence[Market],
    diagnostics: bool,
    ends_at: float | None = None,
) -> Answer:
    """What a shop finds in the first of `markets` in which it finds anything."""
    try:
        with Asking(alias, ends_at) as asking:
            answer = _found(asking, find, markets, diagnostics)
    except ImproperlyConfigured as error:
        logger.error("%s", error)
        return Answer(error=gettext("The settings of this shop are wrong; see the site's log."))
    ids = [result.external_id for result in answer.results]
    products = get_product_model().objects.filter(shop=alias, external_id__in=ids)
    known = with_picture(products, "image")
    by_id = {product.external_id: product for product in known}
    for result in answer.results:
        result.known = by_id.get(result.external_id)
    return answer


def _found(asking: Asking, find: Find, markets: Sequence[Market], diagnostics: bool) -> Answer:
    refusal = gettext("The shop finds nothing.")
    for market in markets:
        found, failed = asking.ask({market.key: find(market)})
        if failed:
            refusal = failed[market.key] if diagnostics else gettext("The shop did not answer.")
        if offers := found.get(market.key):
            break
    else:
        return Answer(error=refusal)
    results = {
        offer.external_id: Result(asking.alias, offer.external_id, {market.key: offer})
        for offer in offers
    }
    others = [other for other in conf.markets().values() if other != market]
    elsewhere: list[str] = []
    questions = {other.key: _fetch(asking.alias, list(results), other) for other in others}
    answers, failed = asking.ask(questions)
    for key, by_id in answers.items():
        for answer in by_id.values():
            if isinstance(answer, Found):
                results[answer.external_id].offers[key] = answer.offer
        unknown = [answer for answer in by_id.values() if isinstance(answer, Unknown)]
        if len(unknown) == len(by_id):
            reasons = [a.reason for a in unknown if a.gap is not Gap.CURRENCY]
            if reasons:
                failed[key] = in_english(reasons[0])
            else:
                elsewhere.append(key)
    note = gettext("No offer in %(markets)s: the shop's prices are in another currency there.")
    return Answer(
        list(results.values()),
        _without_answer(failed, diagnostics),
        note % {"markets": ", ".join(elsewhere)} if elsewhere else "",
    )


def _search(text: str, market: Market) -> Callable[[Shop], list[ShopOffer]]:
    return lambda shop: shop.search(text, market, MOST)[:MOST]


def _variants(external_id: str, market: Market) -> Callable[[Shop], list[ShopOffer]]:
    return lambda shop: shop.variants(external_id, market)


def _fetch(alias: str, ids: list[str], market: Market) -> Callable[[Shop], dict[str, ShopAnswer]]:
    known = known_in(alias, market.key)(ids)
    return lambda shop: shop.fetch(ids, market, known)


def _without_answer(failed: Mapping[str, str], diagnostics: bool) -> str:
    """For which markets the shop did not answer, and why, for the editor; empty if for none."""
    markets: dict[str, list[str]] = {}
    for key in filter(failed.__contains__, conf.markets()):
        text = gettext("The shop did not answer.")
        if diagnostics:
            text = gettext("The shop did not answer: %(reason)s").replace("%(reason)s", "{}")
            text = format_html(text, failed[key])
        markets.setdefault(text, []).append(key)
    return format_html_join(" ", "{}: {}", ((", ".join(keys), t) for t, keys in markets.items()))


def take(alias: str, external_id: str, *, diagnostics: bool = False) -> AbstractProduct:
    """The product with this number in a shop, stored as the shop offers it now.

    A market without an answer in time is left to the next refresh. `ShopError` where the shop
    offers it in no market or does not answer; why it does not, with `diagnostics`, as text or HTML.
    """
    markets = conf.markets()
    with Asking(alias) as asking:
        answers, failed = asking.ask(
            {k: _fetch(alias, [external_id], m) for k, m in markets.items()}
        )
    given = {key: by_id[external_id] for key, by_id in answers.items()}
    offers = {key: answer.offer for key, answer in given.items() if isinstance(answer, Found)}
    if not offers:
        unknown = (answer for answer in given.values() if isinstance(answer, Unknown))
        reasons = [*(in_english(answer.reason) for answer in unknown), *failed.values()]
        if not reasons:
            raise ShopError(gettext("The shop does not sell this product."))
        raise ShopError(reasons[0] if diagnostics else gettext("The shop did not answer."))
    now = timezone.now()
    for key, offer in offers.items():
        store_offers(alias, markets[key], [offer], now)
    return get_product_model().objects.get(shop=alias, external_id=external_id)


def editors_market() -> Market:
    """The market in whose language an editor most likely searches."""
    return conf.market_to_show(get_language() or "")
