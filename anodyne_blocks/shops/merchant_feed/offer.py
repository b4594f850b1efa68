"""One item of a merchant feed as an offer.

Fields and their rules: support.google.com/merchants, 7052112 (the product data specification).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import measures, reading
from anodyne_blocks.shops.merchant_feed import values
from anodyne_blocks.shops.moments import moment
from anodyne_blocks.shops.offer import InvalidOffer, NoPrice, ShopOffer
from anodyne_blocks.shops.reading import LeftOut

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

Item = Mapping[str, str]

# The field under which a reader says why it could not read an item.
PROBLEM = ""
# Google wants prices with tax everywhere but there (answer 6324371).
_UNTAXED_COUNTRIES = frozenset({"US", "CA", "IN"})
# Where the price of what is paid in instalments is always the whole price (answer 6324474).
_WHOLE_PRICE_COUNTRIES = frozenset({"AR", "BR", "CL", "CO", "MX", "PE"})
# What Google lets be sold in instalments elsewhere: their price may be the first payment alone.
_WIRELESS_IDS = frozenset({"201", "267", "328", "4745", "6030", "6544"})
_WIRELESS = re.compile("watches|mobile phone|smartphone|laptop|tablet comp|gps tracking", re.I)
# Fields by which an item says so, as a whole or in parts.
_SUBSCRIPTION = frozenset(
    f"subscription_cost{part}" for part in ("", ".period", ".period_length", ".amount")
)
_INSTALLMENT = frozenset(
    f"installment{part}" for part in ("", ".months", ".amount", ".downpayment")
)
_LATER = (Stock.PREORDER, Stock.BACKORDER)
_YES = frozenset({"yes", "true", "1"})
_NO = frozenset({"no", "false", "0"})
_OPTIONS = ("color", "size", "material", "pattern")


def read_offer(
    item: Item,
    market: Market,
    now: datetime,
    *,
    speaks: bool = True,
    tax_included: bool | None = None,
) -> ShopOffer:
    """One item of a feed as the offer of `market` at the time `now` (aware).

    `speaks`: whether the feed is in the market's language. `tax_included`: whether prices are with
    tax; None for Google's rule. `InvalidOffer` says what to correct in the feed, `NoPrice` that
    the item has expired.
    """
    if problem := item.get(PROBLEM):
        raise InvalidOffer(problem)
    external_id = item.get("id")
    if not external_id:
        raise InvalidOffer("id is missing: give every product a lasting one")
    if not item.keys().isdisjoint(_SUBSCRIPTION):
        raise InvalidOffer("price is only what is due at first: the item has a subscription_cost")
    out = LeftOut()
    until = _expiry(item, now, out)
    price, list_price, currency, ends = _price(item, now)
    if ends:
        until = min(until, ends) if until else ends
    _check_whole(item, price, currency, market)
    unit_price, unit_measure = _unit_price(item, price, currency, out)
    availability = _availability(item, out)
    has_numbers = item.get("identifier_exists", "").lower() not in _NO
    has_gtin = has_numbers and "gtin" in item
    title = item.get("title") or _structured(item, "structured_title")
    description = item.get("description") or _structured(item, "structured_description")
    if tax_included is None and market.country:
        tax_included = market.country not in _UNTAXED_COUNTRIES
    return ShopOffer(
        external_id=external_id,
        title=title if speaks else "",
        name=title,
        description=description if speaks else "",
        url=item.get("link", ""),
        price=price,
        list_price=list_price,
        currency=currency,
        tax_included=tax_included,
        unit_price=unit_price,
        unit_measure=unit_measure,
        price_until=until,
        # Every variant is an item of its own.
        variant=external_id,
        sku=item.get("mpn", "") if has_numbers else "",
        gtin=out.read("gtin", lambda: reading.gtin(item.get("gtin"))) if has_gtin else "",
        condition=values.condition(item.get("condition", "")),
        pack=_pack(item, out),
        seller=item.get("external_seller_id", ""),
        brand=item.get("brand", ""),
        availability=availability,
        available_from=_available_from(item, availability, now, out),
        image_url=item.get("image_link", ""),
        notes=out.notes,
    )


def _structured(item: Item, name: str) -> str:
    """A text that may have been made by a machine: of "source:content", the content."""
    return item.get(f"{name}.content") or item.get(name, "").partition(":")[2].strip(' "')


def option_of(item: Item) -> str:
    """What tells a variant from the others of its group and is not in its title: "M, blue"."""
    title = _words(item.get("title", ""))
    options = (item.get(name, "") for name in _OPTIONS)
    return ", ".join(option for option in options if not _words(option) <= title)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _price(item: Item, now: datetime) -> tuple[Decimal, Decimal | None, str, datetime | None]:
    """Price, list price, currency, and when the price ends."""
    price, currency = values.amount("price", item.get("price", ""))
    if not price:
        raise InvalidOffer("price is 0, which is none")
    sale = item.get("sale_price", "")
    if not sale:
        return price, None, currency, None
    is_on, ends = values.sale_period(item.get("sale_price_effective_date", ""), now)
    if not is_on and not ends:
        return price, None, currency, None
    try:
        sale_price, sale_currency = values.amount("sale_price", sale)
    except InvalidOffer:
        if is_on:
            raise
        return price, None, currency, ends
    # Exports write 0.00 for "no sale".
    if not sale_price:
        return price, None, currency, None
    if not is_on:
        return price, None, currency, ends
    if sale_currency != currency:
        raise InvalidOffer(f"sale_price is in {sale_currency}, price in {currency}")
    if sale_price > price:
        raise InvalidOffer(f"sale_price {sale_price} is above price {price}")
    return sale_price, price, currency, ends


def _expiry(item: Item, now: datetime, out: LeftOut) -> datetime | None:
    text = item.get("expiration_date", "")
    if not text:
        return None
    try:
        expires = moment("expiration_date", text, is_end=True)
    except InvalidOffer as error:
        out.note("end of the price", error)
        return None
    if expires <= now:
        raise NoPrice(f"expiration_date {text[:40]} has passed")
    return expires


def _check_whole(item: Item, price: Decimal, currency: str, market: Market) -> None:
    """`InvalidOffer` where the price is only a part of what the buyer owes."""
    if market.country in _WHOLE_PRICE_COUNTRIES or item.keys().isdisjoint(_INSTALLMENT):
        return
    if _is_wireless(item.get("google_product_category", "")):
        raise InvalidOffer("price may be only the first payment: the item has an installment")
    months = _part(item, "installment", "months", 0)
    monthly = _part(item, "installment", "amount", 1)
    first = _part(item, "installment", "downpayment", 2)
    try:
        owed = _count(months) * values.amount("installment", monthly)[0]
        owed += values.amount("downpayment", first)[0] if first else 0
    except InvalidOffer:
        raise InvalidOffer(
            "installment cannot be read, so that price may be only a part of what is owed"
        ) from None
    # Interest does not double a price.
    if price * 2 <= owed:
        raise InvalidOffer(
            f"price is only a part of what is owed: by installment it is {owed} {currency}"
        )


def _count(text: str) -> int:
    # Not what Decimal takes: 1E+999999999 would be an integer that no memory holds.
    match = re.fullmatch(r"([0-9]{1,4})(?:\.0{1,4})?", text)
    if not match:
        raise InvalidOffer(f"{text[:40]!r} is no number of months")
    return int(match[1])


def _part(item: Item, name: str, part: str, place: int) -> str:
    """A sub-attribute of an item: an element of its own in XML, "a:b:c" in text feeds."""
    if found := item.get(f"{name}.{part}", ""):
        return found
    parts = item.get(name, "").split(":")
    return parts[place].strip() if place < len(parts) else ""


def _is_wireless(category: str) -> bool:
    return category in _WIRELESS_IDS or bool(_WIRELESS.search(category))


def _unit_price(
    item: Item, price: Decimal, currency: str, out: LeftOut
) -> tuple[Decimal | None, str]:
    measure = item.get("unit_pricing_measure", "")
    if not measure:
        return None, ""
    base = item.get("unit_pricing_base_measure", "")
    found = measures.unit_price(price, measure, base, currency)
    if found[0] is None:
        out.note("unit price", f"{measure[:40]!r} per {base[:40]!r}")
    return found


def _availability(item: Item, out: LeftOut) -> Stock:
    word = item.get("availability", "")
    found = values.availability(word)
    if word and found is Stock.UNKNOWN:
        out.note("availability", f"{word[:40]!r} is no word of Google's")
    return found


def _available_from(
    item: Item, availability: Stock, now: datetime, out: LeftOut
) -> datetime | None:
    text = item.get("availability_date", "")
    if not text or availability not in _LATER:
        return None
    try:
        day = moment("availability_date", text)
    except InvalidOffer as error:
        out.note("day of availability", error)
        return None
    return day if day > now else None


def _pack(item: Item, out: LeftOut) -> str:
    """How many pieces; "bundle" for different goods that are sold together."""
    pieces = item.get("multipack", "")
    if not pieces and "is_bundle" not in item:
        return ""
    if pieces and not re.fullmatch("[0-9]{1,9}", pieces):
        out.note("pack", f"multipack {pieces[:40]!r} is no number")
        pieces = ""
    # Exports write 0 or 1 for what is no multipack.
    pieces = pieces.lstrip("0")
    pieces = "" if pieces == "1" else pieces
    bundle = "bundle" if item.get("is_bundle", "").lower() in _YES else ""
    return f"{pieces} {bundle}".strip()
