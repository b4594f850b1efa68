"""The values of a merchant feed's fields: amounts, moments, measures, and Google's words."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from urllib.parse import urljoin

from anodyne_blocks.pricing.goods import Condition, Stock
from anodyne_blocks.shops.amounts import read_amount
from anodyne_blocks.shops.api import decimals
from anodyne_blocks.shops.offer import InvalidOffer

# Google's words of today and before (answer 6324448), and schema.org's, without blanks.
_AVAILABILITY = {
    "instock": Stock.IN_STOCK,
    "availablefororder": Stock.IN_STOCK,
    "onlineonly": Stock.IN_STOCK,
    "limitedavailability": Stock.LOW_STOCK,
    "lowstock": Stock.LOW_STOCK,
    "outofstock": Stock.OUT_OF_STOCK,
    "soldout": Stock.OUT_OF_STOCK,
    "discontinued": Stock.OUT_OF_STOCK,
    "preorder": Stock.PREORDER,
    "presale": Stock.PREORDER,
    "backorder": Stock.BACKORDER,
}
_CONDITION = {
    "new": Condition.NEW,
    "brandnew": Condition.NEW,
    "used": Condition.USED,
    "usedlikenew": Condition.USED,
    "likenew": Condition.USED,
    "preowned": Condition.USED,
    "secondhand": Condition.USED,
    "damaged": Condition.USED,
    "refurbished": Condition.REFURBISHED,
    "reconditioned": Condition.REFURBISHED,
    "remanufactured": Condition.REFURBISHED,
    "renewed": Condition.REFURBISHED,
}
_SCHEMA_ORG = re.compile("https?://(?:www\\.)?schema\\.org/")

# Unit code: (dimension, size in the dimension's base unit). Imperial ones are American.
_UNITS = {
    "mg": ("mass", "0.001"),
    "g": ("mass", "1"),
    "kg": ("mass", "1000"),
    "oz": ("mass", "28.349523125"),
    "lb": ("mass", "453.59237"),
    "ml": ("volume", "1"),
    "cl": ("volume", "10"),
    "l": ("volume", "1000"),
    "cbm": ("volume", "1000000"),
    "floz": ("volume", "29.5735295625"),
    "pt": ("volume", "473.176473"),
    "qt": ("volume", "946.352946"),
    "gal": ("volume", "3785.411784"),
    "cm": ("length", "1"),
    "m": ("length", "100"),
    "in": ("length", "2.54"),
    "ft": ("length", "30.48"),
    "yd": ("length", "91.44"),
    "sqm": ("area", "1"),
    "sqft": ("area", "0.09290304"),
    "ct": ("count", "1"),
}
_OTHER_NAMES = {"item": "ct", "fl oz": "floz"}

# The units of Directive 98/6/EC, article 2(b), for a feed that names no base measure.
_LEGAL_BASE = {"mass": "1kg", "volume": "1l", "length": "1m", "area": "1sqm", "count": "1ct"}
# A unit price that is rounded by more than this part of itself is not told.
_LARGEST_ERROR = Decimal("0.005")
_MOST_DECIMALS = 4

_PRICE = re.compile(r"([0-9.]+)\s*([A-Za-z]{3})").fullmatch
_MEASURE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*([a-z]+(?: [a-z]+)?)").fullmatch
# What is no relative link.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|www\.").match
_DATE_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:(?:T|\s+)(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)


def amount(name: str, text: str) -> tuple[Decimal, str]:
    """ "53.00 EUR" as (Decimal("53.00"), "EUR"). `InvalidOffer` says what to correct in `name`."""
    # No honest amount is longer.
    match = _PRICE(text) if len(text) < 64 else None
    if match:
        currency = match[2].upper()
        try:
            return _amount(match[1], currency), currency
        except InvalidOffer as error:
            raise InvalidOffer(f"{name} {error}") from None
    good = 'write it like "53.10 EUR"'
    if not text:
        raise InvalidOffer(f"{name} is missing: {good}")
    if text.startswith("-"):
        raise InvalidOffer(f"{name} {text[:40]!r} is negative: {good}")
    if "," in text:
        raise InvalidOffer(f"{name} {text[:40]!r} has a comma: use a point for decimals, {good}")
    if re.fullmatch(r"[0-9.]+", text):
        raise InvalidOffer(f"{name} {text[:40]!r} has no currency: {good}")
    raise InvalidOffer(f"{name} {text[:40]!r} is no amount: {good}")


# A catalogue has far fewer prices than products.
_amount = lru_cache(maxsize=1024)(read_amount)


def sale_period(text: str, now: datetime) -> tuple[bool, datetime | None]:
    """Whether the sale of g:sale_price_effective_date, "start/end", is on, and until when that is.

    Without a period it always is. A time without a zone is UTC; an end that is a date alone
    includes that day. The end itself is outside. A start or end that is left out sets no bound.
    `InvalidOffer` for anything else. Source: support.google.com/merchants, 6324460.
    """
    if not text:
        return True, None
    begin, slash, end = text.partition("/")
    name = "sale_price_effective_date"
    if not slash:
        raise InvalidOffer(f"{name} {text[:80]!r} needs a start/end")
    starts = moment(name, begin) if begin.strip() else None
    ends = moment(name, end, is_end=True) if end.strip() else None
    if ends and ends <= now:
        return False, None
    if starts and starts > now:
        return False, starts if ends is None or starts < ends else None
    return True, ends


def moment(name: str, text: str, is_end: bool = False) -> datetime:
    """An ISO 8601 date or time, UTC where it has no zone; the end of a date is the next midnight.

    `InvalidOffer` says what is wrong with `name`.
    """
    match = _DATE_TIME.fullmatch(text.strip()) if len(text) < 64 else None
    if not match:
        raise InvalidOffer(f"{name}: {text[:40]!r} is no ISO 8601 date")
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        given = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            tzinfo=_zone(zone),
        )  # fmt: skip
        # What cannot be said in UTC cannot be compared.
        return (given + timedelta(days=is_end and hour is None)).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise InvalidOffer(f"{name}: {text[:40]!r} is no possible date") from None


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return timezone.utc
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


# Bounded, for a feed may write what it likes.
@lru_cache(maxsize=256)
def availability(text: str) -> Stock:
    """ "in stock", "in_stock" and "InStock" alike; an unknown word is `Stock.UNKNOWN`."""
    return _AVAILABILITY.get(_word(text), Stock.UNKNOWN)


@lru_cache(maxsize=256)
def condition(text: str) -> str:
    """New, used or refurbished; `InvalidOffer` for what may not be sold as new."""
    known = _CONDITION.get(_word(text).removesuffix("condition"))
    if text and known is None:
        raise InvalidOffer(f"condition {text[:40]!r} is unknown: write new, refurbished or used")
    return known.value if known else ""


def _word(text: str) -> str:
    return re.sub(r"[\s_-]+", "", _SCHEMA_ORG.sub("", text.strip().lower()))


def complete_links(item: MutableMapping[str, str], address: str) -> None:
    """Links that leave out the scheme or the host get those of `address`, which may be ""."""
    for name in ("link", "image_link"):
        link = item.get(name, "https://")
        if not link.startswith(("https://", "http://")) or " " in link:
            item[name] = _whole(address, link).replace(" ", "%20")


def _whole(address: str, link: str) -> str:
    if link.startswith("//"):
        return f"https:{link}"
    if not address or _SCHEME(link):
        return link
    try:
        return urljoin(address, link)
    except ValueError:
        return link


def unit_price(
    price: Decimal, measure: str, base: str, currency: str = "EUR"
) -> tuple[Decimal | None, str]:
    """The price of one base measure, and that measure ("100 ml"); or (None, "").

    "75ml" of which the base is "100ml". Without a base it is the law's (1 kg, 1 l, 1 m, 1 sqm).
    It has the decimals of its currency, more (up to four) where those are too few to be true, and
    is left out where four are. Measures that do not fit each other make no unit price.
    """
    content = _measure(measure) if measure else None
    if content is None:
        return None, ""
    quantity, unit = content
    dimension, size = _UNITS[unit]
    per = _measure(base or _LEGAL_BASE[dimension])
    if per is None or _UNITS[per[1]][0] != dimension:
        return None, ""
    exact = price * per[0] * Decimal(_UNITS[per[1]][1]) / (quantity * Decimal(size))
    for places in range(decimals(currency), _MOST_DECIMALS + 1):
        rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if abs(rounded - exact) <= exact * _LARGEST_ERROR:
            return rounded, f"{per[0]:f} {per[1]}"
    return None, ""


def _measure(text: str) -> tuple[Decimal, str] | None:
    match = _MEASURE(text.strip().lower())
    if not match:
        return None
    unit = _OTHER_NAMES.get(match[2], match[2])
    return (Decimal(match[1]), unit) if unit in _UNITS and Decimal(match[1]) else None
