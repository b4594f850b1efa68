"""What a product says by itself in a market: price, reduction, availability, rating.

The stored product is read into plain facts; all the rest is a pure function of these, worked out
once for equal facts.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import translation
from django.utils.functional import cached_property

from anodyne_blocks import conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.blocks.attribution import Place, with_utm, without_utm
from anodyne_blocks.blocks.ratings import rating_of
from anodyne_blocks.blocks.untranslated import is_hidden
from anodyne_blocks.elements import (
    Availability,
    Badge,
    Condition,
    Date,
    Money,
    Reduction,
    UnitPrice,
)
from anodyne_blocks.elements.base import web_address
from anodyne_blocks.elements.products import State
from anodyne_blocks.languages import other_than
from anodyne_blocks.pricing.money import format_percent, money
from anodyne_blocks.pricing.prior_price import Origin, percent_off
from anodyne_blocks.pricing.units import measure_text, unit_code
from anodyne_blocks.words import npgettext, pgettext

if TYPE_CHECKING:
    from anodyne_blocks.models import AbstractProduct


# Availabilities that a reader must know of who sees a price.
_NOT_AT_ONCE = ("out_of_stock", "preorder", "backorder", "later")


class OfferFacts(NamedTuple):
    """What an offer says: `models.offers.SHOWN`, under the names of its model's fields."""

    title: str
    description: str
    url: str
    price: Decimal | None
    currency: str
    tax_included: bool | None
    unit_price: Decimal | None
    unit_measure: str
    availability: str
    available_from: datetime.datetime | None
    condition: str
    image_alt: str
    rating: Decimal | None
    rating_count: int | None
    is_from: bool
    prior_price: Decimal | None
    prior_origin: str
    prior_days: int | None
    sku: str
    gtin: str
    brand: str


class SaleFacts(NamedTuple):
    """All that a sale depends on.

    `currency` is the market's, `stale` the day of a price that nobody confirmed lately, `coming`
    the day on which a pre-order is sent, or sold what is not sold yet.
    """

    language: str
    # That of the offer's words, where it is another; else "".
    other: str
    market: str
    currency: str
    product: int
    withdrawn: bool
    stale: Date | None
    coming: Date | None
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
        """Whether the site shows nothing of it: by its settings for what is withdrawn or used.

        Neither is shown where the language has no words to say what it is.
        """
        if self.withdrawn:
            said = self.fields["availability"].text
            return not said or conf.get("WITHDRAWN_PRODUCT") == "hide"
        condition = self.fields["condition"]
        return condition is not None and (not condition.text or conf.get("USED_PRODUCTS") == "hide")

    @property
    def description(self) -> str:
        """The shop's text, where it may be shown on the page."""
        return self.offer.description if self.offer and not is_hidden(self.facts.other) else ""

    @property
    def image_alt(self) -> str:
        """What the picture shows, where it may be said on the page."""
        return self.offer.image_alt if self.offer and not is_hidden(self.facts.other) else ""

    @cached_property
    def url(self) -> str:
        """Where it is sold; "" where there is nothing to buy."""
        return self.url_at(())

    def url_at(self, place: Place) -> str:
        """The same, with what the `UTM` setting says of a place where it is sold."""
        if not self.offer or self.withdrawn:
            return ""
        own = {"product": str(self.facts.product), "market": self.facts.market}
        return with_utm(web_address(self.offer.url), {**own, **dict(place)})

    @cached_property
    def address(self) -> str:
        """The same without what counts the readers of a campaign."""
        if not self.offer or self.withdrawn:
            return ""
        return without_utm(web_address(self.offer.url))

    @cached_property
    def unit(self) -> UnitPrice | None:
        """The unit price as programs read it, where the card shows one."""
        offer = self.offer
        code = unit_code(offer.unit_measure) if offer and self.fields["unit_price"] else None
        if offer is None or offer.unit_price is None or code is None:
            return None
        amount = money(offer.unit_price, offer.currency, self.facts.language)
        return UnitPrice(amount=amount, quantity=code[0], unit=code[1])

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """The fields of `ProductCard` that hold wherever the product stands."""
        with translation.override(self.facts.language):
            return MappingProxyType(_fields(self.facts, self.url))


_read_offer = attrgetter(*OfferFacts._fields)


def sale_of(product: AbstractProduct, context: Article) -> Sale:
    """What a product says in the market and language of an article, at its moment."""
    return _sale(_facts_of(product, context))


@conf.remembered(maxsize=2048)
def _sale(facts: SaleFacts) -> Sale:
    return Sale(facts)


def _facts_of(product: AbstractProduct, context: Article) -> SaleFacts:
    market = context.market
    offer = product.offer_in(market.key) if market is not None else None
    withdrawn = product.is_withdrawn or (offer is not None and offer.withdrawn_at is not None)
    stale, coming, announced = None, None, False
    if offer is not None and not withdrawn:
        if offer.available_from is not None and offer.available_from > context.now:
            coming = date_of(offer.available_from, context.language)
        if offer.is_stale(context.now):
            stale = date_of(offer.checked_at, context.language)
        else:
            announced = offer.announces_reduction(context.now)
    return SaleFacts(
        context.language,
        other_than(context.language, market.language) if market is not None else "",
        market.key if market is not None else "",
        market.currency if market is not None else "",
        product.id or 0,
        withdrawn,
        stale,
        coming,
        announced,
        OfferFacts._make(_read_offer(offer)) if offer is not None else None,
    )


def _fields(facts: SaleFacts, url: str) -> dict[str, Any]:
    language, stale = facts.language, facts.stale
    sold = None if facts.withdrawn else facts.offer
    availability = _availability(sold, facts)
    priced = sold if sold is not None and _shows_price(sold, facts, availability) else None
    plus_tax = priced is not None and priced.tax_included is False
    price = _price(priced, language)
    return {
        "product": facts.product,
        "market": facts.market,
        "price": price,
        "price_from": bool(priced and priced.is_from),
        "price_text": _price_text(priced, price),
        "price_label": pgettext("reader", "Price:"),
        "reduction": _reduction(priced, facts) if priced and facts.announced else None,
        "unit_price": _unit_price(priced, language) if priced else "",
        "tax_note": pgettext("reader", "plus tax") if plus_tax else "",
        "condition": _condition(sold),
        "availability": availability,
        "rating": (
            rating_of(sold.rating, 5, sold.rating_count, language)
            if sold is not None and sold.rating
            else None
        ),
        "buyable": bool(url)
        and availability is not None
        and availability.state not in ("out_of_stock", "later", "withdrawn"),
        "stale": stale,
        "stale_text": (
            pgettext("reader", "Price on %(date)s") % {"date": stale.formatted}
            if stale and priced
            else ""
        ),
    }


def _shows_price(offer: OfferFacts, facts: SaleFacts, availability: Availability | None) -> bool:
    return (
        offer.price is not None
        and offer.currency == (facts.currency or offer.currency)
        and not (facts.stale and conf.get("STALE_PRICE") == "hide")
        and all(_caveats(offer, facts, availability))
    )


def _caveats(offer: OfferFacts, facts: SaleFacts, availability: Availability | None) -> list[str]:
    """What a price must not be shown without; "" for what the language has no words for."""
    said = []
    if facts.stale:
        said.append(pgettext("reader", "Price on %(date)s"))
    if offer.is_from and offer.price:
        said.append(pgettext("reader", "from %(price)s"))
    if offer.tax_included is False:
        said.append(pgettext("reader", "plus tax"))
    if availability is not None and availability.state in _NOT_AT_ONCE:
        said.append(availability.text)
    return said


def _price(offer: OfferFacts | None, language: str) -> Money | None:
    if offer is None or offer.price is None:
        return None
    price = money(offer.price, offer.currency, language)
    if price.amount:
        return price
    free = pgettext("reader", "Free")
    return price.model_copy(update={"formatted": free}) if free else price


def _reduction(offer: OfferFacts, facts: SaleFacts) -> Reduction | None:
    if offer.price is None or offer.prior_price is None:
        return None
    percent = percent_off(offer.prior_price, offer.price)
    sentence = _prior_text(offer)
    # The law wants the sentence beside it.
    if percent < 1 or not sentence:
        return None
    prior = money(offer.prior_price, offer.currency, facts.language)
    return Reduction(
        prior=prior,
        percent=percent,
        percent_text="−" + format_percent(percent, facts.language),
        prior_label=_prior_label(offer),
        prior_text=sentence % {"price": prior.formatted, "days": offer.prior_days},
    )


def _prior_text(offer: OfferFacts) -> str:
    """What may be said of the prior price: of which days it is the lowest, or whose word it is."""
    if offer.prior_origin == Origin.LIST_PRICE.value:
        return pgettext("reader", "List price: %(price)s")
    if offer.prior_origin == Origin.RECOMMENDED.value:
        return pgettext("reader", "Recommended retail price: %(price)s")
    if offer.prior_origin == Origin.EARLIER.value:
        return pgettext("reader", "Earlier price: %(price)s")
    if offer.prior_origin == Origin.SHOP.value:
        return pgettext(
            "reader", "Lowest price before the reduction, as the shop states: %(price)s"
        )
    if offer.prior_days is None:
        return pgettext("reader", "Lowest price before the reduction: %(price)s")
    return npgettext(
        "reader",
        "Lowest price of the day before the reduction: %(price)s",
        "Lowest price of the %(days)d days before the reduction: %(price)s",
        offer.prior_days,
    )


def _prior_label(offer: OfferFacts) -> str:
    """What screen readers say before the struck price: no more than the sentence claims."""
    if offer.prior_origin in (Origin.LIST_PRICE.value, Origin.RECOMMENDED.value):
        return _prior_text(offer).partition("%(price)s")[0].strip()
    return pgettext("reader", "Previous price:")


def _price_text(offer: OfferFacts | None, price: Money | None) -> str:
    if offer is None or price is None:
        return ""
    if not offer.is_from or not price.amount:
        return price.formatted
    return pgettext("reader", "from %(price)s") % {"price": price.formatted}


def _condition(offer: OfferFacts | None) -> Condition | None:
    if offer is not None and offer.condition == "used":
        return Condition(state="used", text=pgettext("reader", "Used"))
    if offer is not None and offer.condition == "refurbished":
        return Condition(state="refurbished", text=pgettext("reader", "Refurbished"))
    return None


def reduction_badge(reduction: Reduction, language: str) -> Badge:
    """The badge that announces a reduction; the language is to be active."""
    percent = format_percent(reduction.percent, language)
    spoken = pgettext("reader", "Reduced by %(percent)s") % {"percent": percent}
    text = reduction.percent_text
    return Badge(kind="reduction", text=text, spoken=spoken or text)


def button_text() -> str:
    """What a button says that says nothing of its own, in the active language."""
    return pgettext("reader", "View in the shop")


# Each said only where it is shown: a word takes some twelve calls.
_STOCK: dict[State, Callable[[], str]] = {
    "in_stock": lambda: pgettext("reader", "In stock"),
    "low_stock": lambda: pgettext("reader", "Few left"),
    "out_of_stock": lambda: pgettext("reader", "Sold out"),
    "preorder": lambda: pgettext("reader", "Pre-order"),
    "backorder": lambda: pgettext("reader", "On back order"),
    "later": lambda: pgettext("reader", "Not sold yet"),
}
_DATED: dict[State, Callable[[], str]] = {
    "preorder": lambda: pgettext("reader", "Pre-order, available from %(date)s"),
    "later": lambda: pgettext("reader", "On sale from %(date)s"),
}


def _availability(offer: OfferFacts | None, facts: SaleFacts) -> Availability | None:
    if facts.withdrawn:
        gone = pgettext("reader", "No longer sold")
        return Availability(state="withdrawn", text=gone, since=None)
    if offer is None:
        return None
    state: State = next((known for known in _STOCK if known == offer.availability), "unknown")
    if facts.coming is not None and state in _DATED:
        text = _DATED[state]() % {"date": facts.coming.formatted}
        return Availability(state=state, text=text, since=facts.coming)
    text = _STOCK[state]() if state in _STOCK else ""
    return Availability(state=state, text=text, since=None)


def _unit_price(offer: OfferFacts, language: str) -> str:
    """ "" without one, where it is of nothing, and for a unit that the language has no word for."""
    measure = measure_text(offer.unit_measure, language)
    if not offer.unit_price or not measure:
        return ""
    price = money(offer.unit_price, offer.currency, language).formatted
    pattern = pgettext("reader", "%(price)s per %(measure)s") or "%(price)s / %(measure)s"
    return pattern % {"price": price, "measure": measure}
