"""Whether an Offer, or one of its prices, is for anybody who buys one piece today."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from anodyne_blocks.shops.offer import InvalidOffer, NoPrice
from anodyne_blocks.shops.product_page.dates import moments, until
from anodyne_blocks.shops.product_page.values import Node, many, scalar, term, text, types
from anodyne_blocks.shops.reading import LeftOut

_SURCHARGES = frozenset({"deliverychargespecification", "paymentchargespecification"})
# Components after which the buyer owes more: schema.org's PriceComponentTypeEnumeration.
_PARTS = frozenset({"activationfee", "downpayment", "installment", "subscription"})
# UN/CEFACT's codes of times: a price of one of them is paid again and again.
_TIMES = frozenset({"ANN", "MON", "WEE", "DAY", "HUR", "QAN", "SAN"})
_TIME = (
    r"(?:(?:per|pro|par|al|im|pr\.?)\s+|/\s*)(?:month|mo\b|maand|mnd\b|monat|mois|mes\b|mese\b|m[åa]na?d"
    r"|week|woche|semaine|year|jaar\b|jahr\b|an\b|yr\b)"
)
_PER_TIME = re.compile(
    rf"[0-9](?:[.,-][0-9-]*)?\s*(?:€|\$|£|eur|usd|gbp|kr\.?|zł)?\s*{_TIME}", re.IGNORECASE
)
_NAMED_PARTS = re.compile(
    rf"\b{_TIME}|subscription|abonnement|instal?lments?\b|aanbetaling|anzahlung|down ?payment",
    re.IGNORECASE,
)


class NotForBuyer(InvalidOffer):
    """An offer that is well written, and not for anybody who buys one piece today."""


class PriceEnded(NoPrice):
    """The page itself says that its price has ended."""


def not_for_all(terms: Node, now: datetime, is_offer: bool = False) -> str:
    """Why an offer or a price is not for anybody who buys one today; empty when it is."""
    kinds = types(terms)
    if terms.get("validForMemberTier"):
        return "for members only"
    if _SURCHARGES & kinds:
        return "a surcharge"
    if is_offer and term(terms.get("businessFunction")) not in ("", "sell"):
        return "no sale"
    if "offerforlease" in kinds or terms.get("leaseLength"):
        return "no sale"
    if _is_in_parts(terms) or (is_offer and _is_told_in_parts(terms)):
        return "an instalment or a subscription: the buyer owes more than its price"
    customers = {term(one) for one in many(terms.get("eligibleCustomerType"))} - {""}
    if customers and "enduser" not in customers:
        return "for businesses only"
    if any(_is_larger(quantity) for quantity in many(terms.get("eligibleQuantity"))):
        return "for larger quantities only"
    if any(_is_volume(volume, terms) for volume in many(terms.get("eligibleTransactionVolume"))):
        return "for larger orders only"
    starts = moments(terms.get("validFrom"))
    return "not valid yet" if starts and min(starts) > now else ""


def end_of(terms: Node, names: tuple[str, ...], now: datetime, out: LeftOut) -> datetime | None:
    """The earliest of the days when a price ends; `PriceEnded` where it has."""
    found: list[datetime] = []
    for name in names:
        said = text(terms.get(name))
        is_past, end = until(terms.get(name), now)
        if is_past:
            raise PriceEnded(f"the page's price ended at {said[:40]} ({name})")
        if end is not None:
            found.append(end)
        elif said:
            out.note(name, f"{said[:40]!r} is no clear date")
    return min(found, default=None)


def _is_in_parts(terms: Node) -> bool:
    if terms.get("billingDuration") or terms.get("billingIncrement") or terms.get("billingStart"):
        return True
    if term(terms.get("priceComponentType")) in _PARTS:
        return True
    return not terms.get("referenceQuantity") and text(terms.get("unitCode")).upper() in _TIMES


def _is_told_in_parts(offer: Node) -> bool:
    """Whether the offer has no field for it, but says so in words, or owes parts of its price."""
    if _PER_TIME.search(scalar(offer.get("description"))[:300]):
        return True
    if any(_NAMED_PARTS.search(scalar(offer.get(key))[:300]) for key in ("name", "category")):
        return True
    specs = [one for one in many(offer.get("priceSpecification")) if isinstance(one, dict)]
    specs += [inner for spec in specs for inner in many(spec.get("priceComponent"))]
    return any(isinstance(s, dict) and term(s.get("priceComponentType")) in _PARTS for s in specs)


def _is_larger(quantity: object) -> bool:
    """Whether a quantity begins above one piece."""
    if isinstance(quantity, dict):
        least = text(quantity.get("minValue")) or text(quantity.get("value"))
    else:
        least = scalar(quantity)
    return least != "" and not _is_at_most(least, Decimal(1))


def _is_volume(volume: object, terms: Node) -> bool:
    """Whether the order must be worth more than one piece costs."""
    if not isinstance(volume, dict):
        return False
    least = text(volume.get("minPrice")) or text(volume.get("price"))
    price = text(terms.get("price"))
    try:
        return least != "" and not _is_at_most(least, Decimal(price or 0))
    except InvalidOperation:
        return True


def _is_at_most(text: str, most: Decimal) -> bool:
    try:
        return Decimal(text) <= most
    except InvalidOperation:
        return False
