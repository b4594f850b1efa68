"""What a product says by itself in a market: price, reduction, availability, rating."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel.units import format_unit
from django.utils.translation import npgettext, pgettext

from anodyne_blocks import conf
from anodyne_blocks.blocks.ratings import rating_of
from anodyne_blocks.context import ArticleContext
from anodyne_blocks.dates import date_of
from anodyne_blocks.elements import Availability, Badge, Reduction
from anodyne_blocks.pricing.money import babel_locale, format_percent, money
from anodyne_blocks.pricing.prior_price import Origin, percent_off

if TYPE_CHECKING:
    from anodyne_blocks.models import Offer, Product

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


@dataclass(frozen=True)
class Sale:
    """A product in its market, before a placement adds words of its own.

    `facts` are the fields of `ProductCard` that hold wherever the product stands; `url` is "" where
    there is nothing to buy.
    """

    offer: Offer | None
    withdrawn: bool
    url: str
    facts: dict[str, Any]

    @property
    def is_hidden(self) -> bool:
        """Whether the site shows nothing of a product that is withdrawn."""
        return self.withdrawn and conf.get("WITHDRAWN_PRODUCT") == "hide"


def sale_of(product: Product, context: ArticleContext) -> Sale:
    """What a product says in the context's market and language, which is to be active."""
    offer = product.offer_in(context.market.key) if context.market else None
    withdrawn = product.is_withdrawn or (offer is not None and offer.withdrawn_at is not None)
    sold = None if withdrawn else offer
    url = with_utm(sold.url) if sold is not None and sold.url else ""
    stale = sold is not None and sold.is_stale(context.now)
    priced = sold if sold is not None and _shows_price(sold, stale, context) else None
    availability = _availability(sold, withdrawn)
    checked = date_of(sold.checked_at, context.language) if stale else None
    plus_tax = priced is not None and priced.tax_included is False
    facts = {
        "product": product.pk or 0,
        "market": context.market.key if context.market else "",
        "price": money(priced.price, priced.currency, context.language) if priced else None,
        "price_label": pgettext("reader", "Price:"),
        "reduction": _reduction(priced, context) if priced and not stale else None,
        "unit_price": _unit_price(priced, context) if priced else "",
        "tax_note": pgettext("reader", "plus tax") if plus_tax else "",
        "availability": availability,
        "rating": (
            rating_of(sold.rating, 5, sold.rating_count, context.language)
            if sold is not None and sold.rating
            else None
        ),
        "buyable": bool(url)
        and availability is not None
        and availability.state not in ("out_of_stock", "withdrawn"),
        "stale": checked,
        "stale_text": (
            pgettext("reader", "Price on %(date)s") % {"date": checked.formatted}
            if checked and priced
            else ""
        ),
    }
    return Sale(offer, withdrawn, url, facts)


def _shows_price(offer: Offer, stale: bool, context: ArticleContext) -> bool:
    return (
        offer.price is not None
        and offer.currency == (context.market.currency or offer.currency)
        and not (stale and conf.get("STALE_PRICE") == "hide")
    )


def _reduction(offer: Offer, context: ArticleContext) -> Reduction | None:
    if not offer.announces_reduction(context.now):
        return None
    percent = percent_off(offer.prior_price, offer.price)
    if percent < 1:
        return None
    prior = money(offer.prior_price, offer.currency, context.language)
    if offer.prior_origin == Origin.LIST_PRICE.value:
        prior_text = pgettext("reader", "List price: %(price)s") % {"price": prior.formatted}
    else:
        days = getattr(context.market.rule, "days", 30)
        prior_text = npgettext(
            "reader",
            "Lowest price of the last day: %(price)s",
            "Lowest price of the last %(days)d days: %(price)s",
            days,
        ) % {"days": days, "price": prior.formatted}
    return Reduction(
        prior=prior,
        percent=percent,
        percent_text="−" + format_percent(percent, context.language),
        prior_label=pgettext("reader", "Previous price:"),
        prior_text=prior_text,
    )


def reduction_badge(reduction: Reduction, context: ArticleContext) -> Badge:
    """The badge that announces a reduction."""
    percent = format_percent(reduction.percent, context.language)
    spoken = pgettext("reader", "Reduced by %(percent)s") % {"percent": percent}
    return Badge(kind="reduction", text=reduction.percent_text, spoken=spoken)


def _availability(offer: Offer | None, withdrawn: bool) -> Availability | None:
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
    if not utm:
        return url
    parts = urlsplit(url)
    present = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode({name: value for name, value in utm.items() if name not in present})
    query = "&".join(part for part in (parts.query, added) if part)
    return urlunsplit(parts._replace(query=query))


def _unit_price(offer: Offer, context: ArticleContext) -> str:
    if offer.unit_price is None or not offer.unit_measure:
        return ""
    price = money(offer.unit_price, offer.currency, context.language).formatted
    return pgettext("reader", "%(price)s per %(measure)s") % {
        "price": price,
        "measure": measure_text(offer.unit_measure, context.language),
    }


def measure_text(measure: str, language: str) -> str:
    """A quantity and unit code ("100 ml") as a language writes it; unknown units stay."""
    match = _MEASURE.fullmatch(measure.strip())
    unit = _UNITS.get(match[2].lower()) if match else None
    if match is None or unit is None:
        return measure
    return format_unit(Decimal(match[1]), unit, "short", locale=babel_locale(language))
