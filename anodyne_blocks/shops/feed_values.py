"""The values of a merchant feed's fields: amounts, sale periods, unit measures, availability."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.offer import InvalidOffer

_AVAILABILITY = {
    "in_stock": Stock.IN_STOCK,
    "available_for_order": Stock.IN_STOCK,
    "limited_availability": Stock.LOW_STOCK,
    "low_stock": Stock.LOW_STOCK,
    "out_of_stock": Stock.OUT_OF_STOCK,
    "preorder": Stock.PREORDER,
    "backorder": Stock.BACKORDER,
}

# Unit code: (dimension, size in the dimension's base unit).
_UNITS = {
    "mg": ("mass", "0.001"),
    "g": ("mass", "1"),
    "kg": ("mass", "1000"),
    "ml": ("volume", "1"),
    "cl": ("volume", "10"),
    "l": ("volume", "1000"),
    "cbm": ("volume", "1000000"),
    "cm": ("length", "1"),
    "m": ("length", "100"),
    "sqm": ("area", "1"),
    "ct": ("count", "1"),
}

# The units of Directive 98/6/EC, article 2(b), for a feed that names no base measure.
_LEGAL_BASE = {"mass": "1kg", "volume": "1l", "length": "1m", "area": "1sqm", "count": "1ct"}

_AMOUNT = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*([A-Za-z]{3})").fullmatch
_MEASURE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*([a-z]+)").fullmatch
_DATE_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?)?"
    r"\s*(Z|[+-]\d\d(?::?\d\d)?)?"
)


def amount(name: str, text: str) -> tuple[Decimal, str]:
    """ "53.00 EUR" as (Decimal("53.00"), "EUR"). `InvalidOffer` says what to correct in `name`."""
    # No honest amount is longer.
    if len(text) < 64 and (found := _amount(text)):
        return found
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
@lru_cache(maxsize=1024)
def _amount(text: str) -> tuple[Decimal, str] | None:
    match = _AMOUNT(text)
    return (Decimal(match[1]), match[2].upper()) if match else None


def is_effective(period: str, now: datetime) -> bool:
    """Whether `now` is in g:sale_price_effective_date, "start/end"; without a period always.

    A time without a zone is UTC; an end that is a date alone includes that day. The end itself is
    outside. A start or end that is left out sets no bound. `InvalidOffer` for anything else.
    Source: support.google.com/merchants, 6324460.
    """
    if not period:
        return True
    start, slash, end = period.partition("/")
    name = "sale_price_effective_date"
    if not slash:
        raise InvalidOffer(f"{name} {period[:80]!r} needs a start/end")
    has_begun = not start.strip() or moment(name, start) <= now
    return has_begun and (not end.strip() or now < moment(name, end, is_end=True))


def moment(name: str, text: str, is_end: bool = False) -> datetime:
    """An ISO 8601 date or time, UTC where it has no zone; the end of a date is the next midnight.

    `InvalidOffer` says what is wrong with `name`.
    """
    match = _DATE_TIME.fullmatch(text.strip())
    if not match:
        raise InvalidOffer(f"{name}: {text[:40]!r} is no ISO 8601 date")
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        given = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            tzinfo=_zone(zone),
        )  # fmt: skip
        return given + timedelta(days=1) if is_end and hour is None else given
    except (ValueError, OverflowError):
        raise InvalidOffer(f"{name}: {text[:40]!r} is no possible date") from None


def _zone(text: str | None) -> timezone:
    if not text or text == "Z":
        return timezone.utc
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


# Bounded, for a feed may write what it likes.
@lru_cache(maxsize=256)
def availability(text: str) -> Stock:
    """ "in stock" and "in_stock" alike; an unknown word is `Stock.UNKNOWN`."""
    word = re.sub(r"[\s_-]+", "_", text.strip().lower())
    return _AVAILABILITY.get(word, Stock.UNKNOWN)


def unit_price(price: Decimal, measure: str, base: str) -> tuple[Decimal | None, str]:
    """The price of one base measure, to the cent, and that measure ("100 ml"); or (None, "").

    "75ml" of which the base is "100ml". Without a base it is the law's (1 kg, 1 l, 1 m, 1 sqm).
    Measures that do not fit each other make no unit price, but no bad offer either.
    """
    content = _measure(measure) if measure else None
    if content is None:
        return None, ""
    quantity, unit = content
    dimension, size = _UNITS[unit]
    per = _measure(base or _LEGAL_BASE[dimension])
    if per is None or _UNITS[per[1]][0] != dimension:
        return None, ""
    part = per[0] * Decimal(_UNITS[per[1]][1]) / (quantity * Decimal(size))
    cents = (price * part).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return cents, f"{per[0]:f} {per[1]}"


def _measure(text: str) -> tuple[Decimal, str] | None:
    match = _MEASURE(text.strip().lower())
    if not match or match[2] not in _UNITS or not Decimal(match[1]):
        return None
    return Decimal(match[1]), match[2]
