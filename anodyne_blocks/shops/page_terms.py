"""The terms of one schema.org Offer: its price among those that are not for all or not now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import feed_values
from anodyne_blocks.shops.offer import InvalidOffer
from anodyne_blocks.shops.page_data import Node, many, name, text, types

_AVAILABILITY = {
    "instock": Stock.IN_STOCK,
    "onlineonly": Stock.IN_STOCK,
    "limitedavailability": Stock.LOW_STOCK,
    "outofstock": Stock.OUT_OF_STOCK,
    "soldout": Stock.OUT_OF_STOCK,
    "discontinued": Stock.OUT_OF_STOCK,
    "reserved": Stock.OUT_OF_STOCK,
    "preorder": Stock.PREORDER,
    "presale": Stock.PREORDER,
    "backorder": Stock.BACKORDER,
    "madetoorder": Stock.BACKORDER,
}
# What a shop strikes through. MSRP is the maker's word, not a price that the shop ever asked.
_STRUCK = ("StrikethroughPrice", "ListPrice")
# Which of several prices is the one to pay, if the offer itself names none.
_ASKED = ("SalePrice", "", "RegularPrice")
_SURCHARGES = frozenset({"DeliveryChargeSpecification", "PaymentChargeSpecification"})
# UN/CEFACT's codes of the units that merchant feeds write in words.
_UNITS = {
    "MGM": "mg", "GRM": "g", "KGM": "kg", "MLT": "ml", "CLT": "cl", "LTR": "l", "MTQ": "cbm",
    "CMT": "cm", "MTR": "m", "MTK": "sqm", "C62": "ct", "H87": "ct",
}  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What one Offer node says."""

    price: Decimal
    currency: str
    list_price: Decimal | None
    tax_included: bool | None
    unit_price: Decimal | None
    unit_measure: str
    availability: Stock


def read_terms(offer: Node, now: datetime) -> Terms:
    """What `offer` says at the time `now` (aware). `InvalidOffer` says what it lacks."""
    if problem := _not_for_all(offer, now):
        raise InvalidOffer(f"the page's offer is {problem}")
    if name(offer.get("businessFunction")).lower() not in ("", "sell"):
        raise InvalidOffer("the page's offer is no sale")
    given = [spec for spec in many(offer.get("priceSpecification")) if isinstance(spec, dict)]
    specs = [spec for spec in given if not _not_for_all(spec, now)]
    whole = [s for s in specs if text(s.get("price")) and not _is_per_unit(s)]
    main: Node = offer
    price = offer.get("price")
    if not text(price) and "AggregateOffer" in types(offer):
        price = offer.get("lowPrice")
    if not text(price):
        asked = [s for kind in _ASKED for s in whole if name(s.get("priceType")) == kind]
        if not asked:
            raise InvalidOffer("the page's offer has no price")
        main, price = asked[0], asked[0]["price"]
    amount = _amount(price)
    currency = text(main.get("priceCurrency")) or text(offer.get("priceCurrency"))
    currency = (currency or next((text(s.get("priceCurrency")) for s in whole), "")).upper()
    same = [s for s in whole if s is main or text(s["price"]) == text(price)]
    tax_included = _tax_included([*same, offer])
    unit_price, unit_measure = _unit_price(specs, amount)
    return Terms(
        price=amount,
        currency=currency,
        list_price=_list_price(whole, currency, tax_included),
        tax_included=_tax_included(whole) if tax_included is None else tax_included,
        unit_price=unit_price,
        unit_measure=unit_measure,
        availability=_availability(offer.get("availability")),
    )


def _list_price(specs: list[Node], currency: str, tax_included: bool | None) -> Decimal | None:
    """What is struck through, unless it is in another currency, or with tax where the price is
    without.
    """
    for kind in _STRUCK:
        for spec in specs:
            taxed = _tax_included([spec])
            if (
                name(spec.get("priceType")) == kind
                and text(spec.get("priceCurrency")).upper() in ("", currency)
                and (None in (taxed, tax_included) or taxed == tax_included)
            ):
                return _amount(spec["price"])
    return None


def _not_for_all(terms: Node, now: datetime) -> str:
    """Why an offer or a price is not for anybody who buys one today; empty when it is."""
    if terms.get("validForMemberTier"):
        return "for members only"
    if _SURCHARGES & types(terms):
        return "a surcharge"
    if terms.get("billingDuration") or terms.get("billingIncrement"):
        return "an instalment"
    for quantity in many(terms.get("eligibleQuantity")):
        least = text(quantity.get("minValue")) if isinstance(quantity, dict) else ""
        if least not in ("", "0", "1"):
            return "for larger quantities only"
    return "" if _is_valid(terms, now) else "not valid now"


def _is_valid(terms: Node, now: datetime) -> bool:
    for bound, is_end in (("validFrom", False), ("validThrough", True)):
        try:
            moment = feed_values.moment(bound, text(terms.get(bound)), is_end)
        except InvalidOffer:
            continue
        if (moment <= now) == is_end:
            return False
    return True


def _is_per_unit(spec: Node) -> bool:
    """Whether the price is that of a quantity; with a `valueReference` it is the product's."""
    quantity = spec.get("referenceQuantity")
    return isinstance(quantity, dict) and not isinstance(quantity.get("valueReference"), dict)


def _unit_price(specs: list[Node], price: Decimal) -> tuple[Decimal | None, str]:
    for spec in specs:
        quantity = spec.get("referenceQuantity")
        if not isinstance(quantity, dict) or "price" not in spec:
            continue
        if _is_per_unit(spec):
            # The unit is checked, and the measure written, as that of a product of just this size.
            return feed_values.unit_price(
                _amount(spec["price"]), _measure(quantity), _measure(quantity)
            )
        reference = _measure(quantity["valueReference"])
        return feed_values.unit_price(price, _measure(quantity), reference)
    return None, ""


def _measure(quantity: Node) -> str:
    code = text(quantity.get("unitCode")) or text(quantity.get("unitText"))
    return f"{text(quantity.get('value')) or 1} {_UNITS.get(code.upper(), code.lower())}"


def _amount(value: Any) -> Decimal:
    """A price as schema.org wants it: a number, or digits with a point."""
    shown = text(value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value >= 0:
        return Decimal(value)
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,10})?", shown):
        return Decimal(shown)
    if "," in shown:
        raise InvalidOffer(f"the page's price {shown[:40]!r} has a comma: schema.org wants a point")
    raise InvalidOffer(f"the page's price {shown[:40]!r} is no amount")


def _availability(value: Any) -> Stock:
    word = re.sub(r"[\s_-]", "", next((name(v) for v in many(value)), "")).lower()
    return _AVAILABILITY.get(word, Stock.UNKNOWN)


def _tax_included(nodes: list[Node]) -> bool | None:
    for node in nodes:
        said = name(str(node.get("valueAddedTaxIncluded", ""))).lower()
        if said in ("true", "false"):
            return said == "true"
    return None
