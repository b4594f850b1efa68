"""The terms of one schema.org Offer: its price among those that are not for all or not now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import words
from anodyne_blocks.shops.offer import InvalidOffer
from anodyne_blocks.shops.product_page.amounts import amount, currency_of, stated_unit_price
from anodyne_blocks.shops.product_page.dates import moments
from anodyne_blocks.shops.product_page.limits import NotForBuyer, PriceEnded, end_of, not_for_all
from anodyne_blocks.shops.product_page.regions import is_sold_in
from anodyne_blocks.shops.product_page.values import (
    Node,
    has_strays,
    nodes_of,
    scalar,
    term,
    text,
    truth,
    types,
)
from anodyne_blocks.shops.reading import LeftOut

_NOT_SOLD = frozenset({Stock.OUT_OF_STOCK, Stock.LATER})
# What a shop strikes through. MSRP is the maker's word, not a price that the shop ever asked.
_STRUCK = ("strikethroughprice", "listprice")
# Which of several prices is the one to pay, if the offer itself names none.
_ASKED = ("saleprice", "", "regularprice")
_SPECIFICATIONS = frozenset(
    {"", "pricespecification", "unitpricespecification", "compoundpricespecification"}
)


@dataclass(frozen=True)
class Buyer:
    """For whom and when a page is read: a market's country, currency and language."""

    now: datetime
    country: str = ""
    currency: str = ""
    language: str = ""


@dataclass(frozen=True)
class Terms:
    """What one Offer node says. `is_range`: the price is the lowest of several.

    `is_local`: the offer names the buyer's country.
    """

    price: Decimal
    currency: str
    is_range: bool = False
    is_free: bool = False
    is_local: bool = False
    list_price: Decimal | None = None
    tax_included: bool | None = None
    unit_price: Decimal | None = None
    unit_measure: str = ""
    price_until: datetime | None = None
    availability: Stock = Stock.UNKNOWN
    available_from: datetime | None = None
    can_be_bought: bool = True
    notes: tuple[str, ...] = ()


def read_terms(offer: Node, buyer: Buyer) -> Terms:
    """What `offer` says to `buyer`. `InvalidOffer` says what it lacks."""
    if problem := not_for_all(offer, buyer.now, is_offer=True):
        raise NotForBuyer(f"the page's offer is {problem}")
    region = is_sold_in(offer, buyer.country)
    if region is False:
        raise NotForBuyer(f"the page's offer is not for {buyer.country}")
    out = LeftOut()
    until = end_of(offer, ("priceValidUntil", "validThrough"), buyer.now, out)
    whole, per_unit = _specifications(offer, buyer, out)
    main, price, is_range = _price(offer, whole, buyer, out)
    currency = currency_of(main.get("priceCurrency") or offer.get("priceCurrency"))
    if not currency:
        given = next((c for s in whole if (c := currency_of(s.get("priceCurrency")))), "")
        if text(main.get("priceCurrency")) or text(offer.get("priceCurrency")) or not given:
            said = text(main.get("priceCurrency")) or text(offer.get("priceCurrency"))
            raise InvalidOffer(f"currency {said[:40]!r} is no ISO 4217 code such as EUR")
        currency = given
    paid = amount(price, currency)
    main, price, paid, tax_included = _gross(main, price, paid, whole, offer, currency)
    for spec in whole:
        if _kind(spec) in _ASKED and text(spec["price"]) == text(price):
            until = _earliest(until, end_of(spec, ("validThrough",), buyer.now, out))
    list_price = _list_price(whole, currency, tax_included, out)
    unit_price, unit_measure = stated_unit_price(per_unit, paid, currency, out)
    stock, available_from, is_sold = _stock(offer, buyer.now, out)
    return Terms(
        price=paid,
        currency=currency,
        is_range=is_range,
        is_free=paid == 0 and truth(offer.get("isAccessibleForFree")) is True,
        is_local=region is True,
        list_price=list_price,
        tax_included=_tax_included(whole) if tax_included is None else tax_included,
        unit_price=unit_price,
        unit_measure=unit_measure,
        price_until=until,
        availability=stock,
        available_from=available_from,
        can_be_bought=is_sold,
        notes=out.sentences,
    )


def _specifications(offer: Node, buyer: Buyer, out: LeftOut) -> tuple[list[Node], list[Node]]:
    """The specifications that hold for the buyer: of the whole, and of a quantity or with one."""
    whole: list[Node] = []
    per_unit: list[Node] = []
    own = text(offer.get("price"))
    ended = ""
    for spec in nodes_of(offer.get("priceSpecification")):
        if not_for_all(spec, buyer.now) or is_sold_in(spec, buyer.country) is False:
            continue
        try:
            end_of(spec, ("validThrough",), buyer.now, out)
        except PriceEnded as error:
            if _kind(spec) in _ASKED and (not own or text(spec.get("price")) == own):
                ended = str(error)
            continue
        if isinstance(spec.get("referenceQuantity"), dict):
            per_unit.append(spec)
        if text(spec.get("price")) and not _is_per_unit(spec):
            whole.append(spec)
    said = {text(spec.get("price")) for spec in whole if _kind(spec) in _ASKED}
    if ended and (own not in said if own else not said):
        raise PriceEnded(ended)
    return whole, per_unit


def _price(offer: Node, whole: list[Node], buyer: Buyer, out: LeftOut) -> tuple[Node, Any, bool]:
    """The node that names the price, the price, and whether it is the lowest of several."""
    own = offer.get("price")
    asked = [spec for spec in whole if _kind(spec) in _ASKED]
    if text(own):
        struck = {text(spec["price"]) for spec in whole if _kind(spec) in _STRUCK}
        sold = [spec for spec in asked if text(spec["price"]) not in struck]
        # Some write the price of before in the offer, and the one to pay beside it.
        if text(own) not in struck or not sold:
            return offer, own, _is_range(offer, own, out)
    elif text(low := offer.get("lowPrice")):
        return offer, low, _is_range(offer, low, out)
    local = [s for s in asked if currency_of(s.get("priceCurrency")) in ("", buyer.currency)]
    for kind in _ASKED:
        same = [spec for spec in local or asked if _kind(spec) == kind]
        if not same:
            continue
        taxes = {_taxed(spec) for spec in same}
        prices = {(text(spec["price"]), _taxed(spec)) for spec in same}
        if len({price for price, _ in prices}) > 1 and (None in taxes or len(prices) > len(taxes)):
            raise InvalidOffer("the page's offer has several prices, and not which one is to pay")
        return same[0], same[0]["price"], _is_range(offer, same[0]["price"], out)
    raise InvalidOffer("the page's offer has no price")


def _is_range(offer: Node, price: Any, out: LeftOut) -> bool:
    """Whether the price is the lowest of several."""
    high, count = text(offer.get("highPrice")), text(offer.get("offerCount"))
    if "aggregateoffer" not in types(offer) and not text(offer.get("lowPrice")):
        return False
    try:
        if Decimal(text(price)) == 0 and high and Decimal(high) > 0:
            out.note("price", "a range that begins at 0 names none")
        return Decimal(high) != Decimal(text(price)) if high else count != "1"
    except ArithmeticError:
        return True


def _gross(
    main: Node, price: Any, paid: Decimal, whole: list[Node], offer: Node, currency: str
) -> tuple[Node, Any, Decimal, bool | None]:
    """The price with tax, where the page names both: consumers pay that one."""
    same = [s for s in whole if s is main or text(s["price"]) == text(price)]
    tax_included = _tax_included([*same, offer])
    if tax_included is not False:
        return main, price, paid, tax_included
    for spec in whole:
        if _taxed(spec) and _kind(spec) in _ASKED:
            if currency_of(spec.get("priceCurrency")) not in ("", currency):
                continue
            gross = amount(spec["price"], currency)
            if gross < paid:
                raise InvalidOffer(f"the page's price with tax, {gross}, is below that without")
            return spec, spec["price"], gross, True
    given = offer.get("priceSpecification")
    bare = any(not text(s.get("price")) and not s.get("referenceQuantity") for s in nodes_of(given))
    if bare or has_strays(given) or any(_taxed(s) and _kind(s) == "?" for s in nodes_of(given)):
        raise InvalidOffer("the page's price with tax cannot be read beside the one without")
    return main, price, paid, tax_included


def _list_price(
    specs: list[Node], currency: str, tax_included: bool | None, out: LeftOut
) -> Decimal | None:
    """What is struck through, unless it is in another currency, or with tax where the price is
    without.
    """
    for kind in _STRUCK:
        for spec in specs:
            taxed = _taxed(spec)
            if (
                _kind(spec) == kind
                and currency_of(spec.get("priceCurrency") or currency) == currency
                and (None in (taxed, tax_included) or taxed == tax_included)
            ):
                try:
                    return amount(spec["price"], currency)
                except InvalidOffer as error:
                    out.note("list price", error)
    return None


def _kind(spec: Node) -> str:
    """The type of a price; "?" for one that is no price to pay, or that nobody can read."""
    if not types(spec) <= _SPECIFICATIONS:
        return "?"
    said = spec.get("priceType")
    return "" if said is None else term(said) or "?"


def _is_per_unit(spec: Node) -> bool:
    """Whether the price is that of a quantity; with a `valueReference` it is the product's."""
    quantity = spec.get("referenceQuantity")
    return isinstance(quantity, dict) and not isinstance(quantity.get("valueReference"), dict)


def _stock(offer: Node, now: datetime, out: LeftOut) -> tuple[Stock, datetime | None, bool]:
    """The state of the goods, from when they are sold where that lies ahead, whether they are."""
    word = term(offer.get("availability"))
    stock = words.availability(word)
    starts = moments(offer.get("availabilityStarts"))
    ends = moments(offer.get("availabilityEnds"), is_end=True)
    for name, found in (("availabilityStarts", starts), ("availabilityEnds", ends)):
        if scalar(offer.get(name)) and not found:
            out.note(name, f"{scalar(offer[name])[:40]!r} is no date")
    if ends and max(ends) <= now:
        return Stock.OUT_OF_STOCK, None, False
    available_from = max(starts) if starts and max(starts) > now else None
    if available_from and stock not in (Stock.PREORDER, Stock.BACKORDER):
        stock = Stock.LATER
    # What is sold in shops alone is no goods of the page that a card links to.
    return stock, available_from, stock not in _NOT_SOLD and word != "instoreonly"


def _taxed(spec: Node) -> bool | None:
    return _tax_included([spec])


def _tax_included(nodes: list[Node]) -> bool | None:
    for node in nodes:
        said = truth(node.get("valueAddedTaxIncluded"))
        if said is not None:
            return said
    return None


def _earliest(*dates: datetime | None) -> datetime | None:
    return min((date for date in dates if date is not None), default=None)
