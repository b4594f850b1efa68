"""The offer of a product page: a schema.org Product node as a `ShopOffer`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from anodyne_blocks.shops import feed_values
from anodyne_blocks.shops.base import MAX_URL, Availability, InvalidOffer, ShopOffer
from anodyne_blocks.shops.page_data import (
    Node,
    PageData,
    find_product,
    is_at,
    many,
    name,
    text,
    types,
)

_LONGEST_TEXT = 20_000
_AVAILABILITY = {
    "instock": Availability.IN_STOCK,
    "onlineonly": Availability.IN_STOCK,
    "limitedavailability": Availability.LOW_STOCK,
    "outofstock": Availability.OUT_OF_STOCK,
    "soldout": Availability.OUT_OF_STOCK,
    "discontinued": Availability.OUT_OF_STOCK,
    "reserved": Availability.OUT_OF_STOCK,
    "preorder": Availability.PREORDER,
    "presale": Availability.PREORDER,
    "backorder": Availability.BACKORDER,
    "madetoorder": Availability.BACKORDER,
}
_BEST_FIRST = (
    Availability.IN_STOCK,
    Availability.LOW_STOCK,
    Availability.PREORDER,
    Availability.BACKORDER,
    Availability.UNKNOWN,
    Availability.OUT_OF_STOCK,
)
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
class _Terms:
    """What one Offer node says."""

    price: Decimal
    currency: str
    list_price: Decimal | None
    tax_included: bool | None
    unit_price: Decimal | None
    unit_measure: str
    availability: Availability


def read_offer(page: PageData, external_id: str, url: str, currency: str = "") -> ShopOffer:
    """The product that the page at `url` sells, with its first offer in `currency`, or its first.

    Not the cheapest that is in stock: a size that sells out must not look like a reduction.
    `InvalidOffer` says what the page lacks.
    """
    here = [url, external_id, page.canonical] if page.canonical else [url, external_id]
    node = find_product(page, *here)
    terms: list[_Terms] = []
    problem = "the page's Product has no offers"
    for offer in _offers(node, here):
        try:
            terms.append(_terms(offer))
        except InvalidOffer as error:
            problem = str(error)
    if not terms:
        raise InvalidOffer(problem)
    best = min(terms, key=lambda t: t.currency != currency)
    same = [t for t in terms if (t.price, t.currency) == (best.price, best.currency)]
    rating, count = _rating(node.get("aggregateRating"))
    return ShopOffer(
        external_id=external_id,
        title=text(node.get("name")),
        description=text(node.get("description"))[:_LONGEST_TEXT],
        url=url,
        price=best.price,
        list_price=best.list_price,
        currency=best.currency,
        tax_included=best.tax_included,
        unit_price=best.unit_price,
        unit_measure=best.unit_measure,
        availability=min((t.availability for t in same), key=_BEST_FIRST.index),
        rating=rating,
        rating_count=count,
        image_url=_image(node.get("image"), url),
    )


def _offers(node: Node, here: list[str]) -> Iterator[Node]:
    """The Offer nodes of a product or, for a group, of its variants.

    A variant, or an offer, with the address that was asked for is the only one that counts.
    """
    holders = [node, *(v for v in many(node.get("hasVariant")) if isinstance(v, dict))]
    if asked := [holder for holder in holders[1:] if is_at(holder, *here[:2])]:
        holders = asked
    offers: list[Node] = []
    for offer in (o for holder in holders for o in many(holder.get("offers"))):
        if isinstance(offer, dict):
            inner = [o for o in many(offer.get("offers")) if isinstance(o, dict)]
            offers += inner or [offer]
    yield from offers


def _terms(offer: Node) -> _Terms:
    if offer.get("validForMemberTier"):
        raise InvalidOffer("the price is for members only")
    specs = [spec for spec in many(offer.get("priceSpecification")) if _is_for_all(spec)]
    whole = [s for s in specs if "price" in s and not _is_per_unit(s)]
    main: Node = offer
    price = offer.get("price")
    if price is None and "AggregateOffer" in types(offer):
        price = offer.get("lowPrice")
    if price is None:
        asked = [s for kind in _ASKED for s in whole if name(s.get("priceType")) == kind]
        if not asked:
            raise InvalidOffer("the page's offer has no price")
        main, price = asked[0], asked[0]["price"]
    amount = _amount(price)
    currency = text(main.get("priceCurrency")) or text(offer.get("priceCurrency"))
    currency = (currency or next((text(s.get("priceCurrency")) for s in whole), "")).upper()
    struck = [s for kind in _STRUCK for s in whole if name(s.get("priceType")) == kind]
    struck = [s for s in struck if text(s.get("priceCurrency")).upper() in ("", currency)]
    unit_price, unit_measure = _unit_price(specs, amount)
    return _Terms(
        price=amount,
        currency=currency,
        list_price=_amount(struck[0]["price"]) if struck else None,
        tax_included=_tax_included([offer, *whole]),
        unit_price=unit_price,
        unit_measure=unit_measure,
        availability=_availability(offer.get("availability")),
    )


def _is_for_all(spec: Any) -> bool:
    """Whether a price is the product's own, for anybody who buys one."""
    if not isinstance(spec, dict) or spec.get("validForMemberTier") or _SURCHARGES & types(spec):
        return False
    for quantity in many(spec.get("eligibleQuantity")):
        least = text(quantity.get("minValue")) if isinstance(quantity, dict) else ""
        if least not in ("", "0", "1"):
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


def _availability(value: Any) -> Availability:
    word = re.sub(r"[\s_-]", "", next((name(v) for v in many(value)), "")).lower()
    return _AVAILABILITY.get(word, Availability.UNKNOWN)


def _tax_included(nodes: list[Node]) -> bool | None:
    for node in nodes:
        said = name(str(node.get("valueAddedTaxIncluded", ""))).lower()
        if said in ("true", "false"):
            return said == "true"
    return None


def _rating(value: Any) -> tuple[Decimal | None, int | None]:
    """(0 to 5, count); no rating at all rather than one that cannot be read or that nobody gave."""
    node = next((v for v in many(value) if isinstance(v, dict)), {})
    given = text(node.get("ratingValue"))
    best = text(node.get("bestRating")) or "5"
    count = text(node.get("reviewCount")) or text(node.get("ratingCount"))
    number = r"[0-9]{1,4}(\.[0-9]{1,10})?"
    if not (re.fullmatch(number, given) and re.fullmatch(number, best)):
        return None, None
    if not 0 < Decimal(given) <= Decimal(best) or not re.fullmatch("[1-9][0-9]{0,8}", count):
        return None, None
    return Decimal(given) * 5 / Decimal(best), int(count)


def _image(value: Any, base: str) -> str:
    """The first usable image: schema.org allows an address, an ImageObject and lists of both."""
    for one in many(value):
        if isinstance(one, dict):
            one = text(one.get("url")) or text(one.get("contentUrl")) or text(one.get("@id"))
        if not isinstance(one, str) or not one.strip():
            continue
        try:
            url = urljoin(base, one.strip()).replace(" ", "%20")
        except ValueError:
            continue
        if url.startswith(("http://", "https://")) and len(url) <= MAX_URL:
            return url
    return ""
