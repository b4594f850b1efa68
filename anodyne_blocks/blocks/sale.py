"""What a product says by itself in a market: price, reduction, availability, rating.

The stored product is read into plain facts; all the rest is a pure function of these, worked out
once for equal facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel.units import format_unit
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import npgettext, pgettext

from anodyne_blocks import conf
from anodyne_blocks.article import Article
from anodyne_blocks.blocks.ratings import rating_of
from anodyne_blocks.dates import date_of
from anodyne_blocks.elements import Availability, Badge, Date, Reduction
from anodyne_blocks.pricing.money import babel_locale, format_percent, money
from anodyne_blocks.pricing.prior_price import Origin, percent_off

if TYPE_CHECKING:
    from anodyne_blocks.models import Product

_MEASURE = re.compile(r"(\d+(?:\.\d+)?) ?(\w+)")
_UNITS = {
    "ml": "volume-milliliter",
    "cl": "volume-centiliter",
    "l": "volume-liter",
    "g": "mass-gram",
    "kg": "mass-kilogram",
    "cm": "length-centimeter",
    "m": "length-meter",
}


class OfferFacts(NamedTuple):
    """What an offer says, under the names of its model's fields."""

    title: str
    description: str
    url: str
    price: Decimal | None
    currency: str
    tax_included: bool | None
    unit_price: Decimal | None
    unit_measure: str
    availability: str
    image_alt: str
    rating: Decimal | None
    rating_count: int | None
    prior_price: Decimal | None
    prior_origin: str


class SaleFacts(NamedTuple):
    """All that a sale depends on.

    `currency` is the market's, `days` the window of its price rule, `stale` the day of a price that
    nobody confirmed lately.
    """

    language: str
    market: str
    currency: str
    days: int
    product: int
    withdrawn: bool
    stale: Date | None
    announced: bool
    offer: OfferFacts | None


class Sale:
    """A product in its market, before a placement adds words of its own.

    Equal facts give the same sale (see `sale_of`), so that what rests on one goes by its identity.
    """

    def __init__(self, facts: SaleFacts) -> None:
        self.facts, self.offer, self.withdrawn = facts, facts.offer, facts.withdrawn

    @property
    def is_hidden(self) -> bool:
        """Whether the site shows nothing of a product that is withdrawn."""
        return self.withdrawn and conf.get("WITHDRAWN_PRODUCT") == "hide"

    @cached_property
    def url(self) -> str:
        """Where it is sold; "" where there is nothing to buy."""
        return with_utm(self.offer.url) if self.offer and not self.withdrawn else ""

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """The fields of `ProductCard` that hold wherever the product stands."""
        with translation.override(self.facts.language):
            return MappingProxyType(_fields(self.facts, self.url))


_read_offer = attrgetter(*OfferFacts._fields)


def sale_of(product: Product, context: Article) -> Sale:
    """What a product says in the market and language of an article, at its moment."""
    return _sale(_facts_of(product, context))


@conf.remembered(maxsize=2048)
def _sale(facts: SaleFacts) -> Sale:
    return Sale(facts)


def _facts_of(product: Product, context: Article) -> SaleFacts:
    market = context.market
    offer = product.offer_in(market.key) if market is not None else None
    withdrawn = product.is_withdrawn or (offer is not None and offer.withdrawn_at is not None)
    stale, announced = None, False
    if offer is not None and not withdrawn:
        if offer.is_stale(context.now):
            stale = date_of(offer.checked_at, context.language)
        else:
            announced = offer.announces_reduction(context.now)
    return SaleFacts(
        context.language,
        market.key if market is not None else "",
        market.currency if market is not None else "",
        getattr(market.rule, "days", 30) if market is not None else 0,
        product.id or 0,
        withdrawn,
        stale,
        announced,
        OfferFacts._make(_read_offer(offer)) if offer is not None else None,
    )


def _fields(facts: SaleFacts, url: str) -> dict[str, Any]:
    language, stale = facts.language, facts.stale
    sold = None if facts.withdrawn else facts.offer
    priced = sold if sold is not None and _shows_price(sold, facts) else None
    availability = _availability(sold, facts.withdrawn)
    plus_tax = priced is not None and priced.tax_included is False
    return {
        "product": facts.product,
        "market": facts.market,
        "price": money(priced.price, priced.currency, language) if priced else None,
        "price_label": pgettext("reader", "Price:"),
        "reduction": _reduction(priced, facts) if priced and facts.announced else None,
        "unit_price": _unit_price(priced, language) if priced else "",
        "tax_note": pgettext("reader", "plus tax") if plus_tax else "",
        "availability": availability,
        "rating": (
            rating_of(sold.rating, 5, sold.rating_count, language)
            if sold is not None and sold.rating
            else None
        ),
        "buyable": bool(url)
        and availability is not None
        and availability.state not in ("out_of_stock", "withdrawn"),
        "stale": stale,
        "stale_text": (
            pgettext("reader", "Price on %(date)s") % {"date": stale.formatted}
            if stale and priced
            else ""
        ),
    }


def _shows_price(offer: OfferFacts, facts: SaleFacts) -> bool:
    return (
        offer.price is not None
        and offer.currency == (facts.currency or offer.currency)
        and not (facts.stale and conf.get("STALE_PRICE") == "hide")
    )


def _reduction(offer: OfferFacts, facts: SaleFacts) -> Reduction | None:
    percent = percent_off(offer.prior_price, offer.price)
    if percent < 1:
        return None
    prior = money(offer.prior_price, offer.currency, facts.language)
    if offer.prior_origin == Origin.LIST_PRICE.value:
        prior_text = pgettext("reader", "List price: %(price)s") % {"price": prior.formatted}
    else:
        prior_text = npgettext(
            "reader",
            "Lowest price of the last day: %(price)s",
            "Lowest price of the last %(days)d days: %(price)s",
            facts.days,
        ) % {"days": facts.days, "price": prior.formatted}
    return Reduction(
        prior=prior,
        percent=percent,
        percent_text="−" + format_percent(percent, facts.language),
        prior_label=pgettext("reader", "Previous price:"),
        prior_text=prior_text,
    )


def reduction_badge(reduction: Reduction, language: str) -> Badge:
    """The badge that announces a reduction; the language is to be active."""
    percent = format_percent(reduction.percent, language)
    spoken = pgettext("reader", "Reduced by %(percent)s") % {"percent": percent}
    return Badge(kind="reduction", text=reduction.percent_text, spoken=spoken)


def _availability(offer: OfferFacts | None, withdrawn: bool) -> Availability | None:
    if withdrawn:
        return Availability(state="withdrawn", text=pgettext("reader", "No longer sold"))
    texts = {
        "in_stock": pgettext("reader", "In stock"),
        "low_stock": pgettext("reader", "Few left"),
        "out_of_stock": pgettext("reader", "Sold out"),
        "preorder": pgettext("reader", "Pre-order"),
        "backorder": pgettext("reader", "On back order"),
    }
    if offer is None:
        return None
    state = offer.availability if offer.availability in texts else "unknown"
    return Availability(state=state, text=texts.get(state, ""))


def with_utm(url: str) -> str:
    """`url` with the parameters of the `UTM` setting; those that it has already are kept."""
    utm = conf.get("UTM")
    if not utm or not url:
        return url
    parts = urlsplit(url)
    present = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode({name: value for name, value in utm.items() if name not in present})
    query = "&".join(part for part in (parts.query, added) if part)
    return urlunsplit(parts._replace(query=query))


def _unit_price(offer: OfferFacts, language: str) -> str:
    if offer.unit_price is None or not offer.unit_measure:
        return ""
    price = money(offer.unit_price, offer.currency, language).formatted
    return pgettext("reader", "%(price)s per %(measure)s") % {
        "price": price,
        "measure": measure_text(offer.unit_measure, language),
    }


def measure_text(measure: str, language: str) -> str:
    """A quantity and unit code ("100 ml") as a language writes it; unknown units stay."""
    match = _MEASURE.fullmatch(measure.strip())
    unit = _UNITS.get(match[2].lower()) if match else None
    if match is None or unit is None:
        return measure
    return format_unit(Decimal(match[1]), unit, "short", locale=babel_locale(language))
