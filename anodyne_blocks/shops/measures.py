"""Prices of a measure, as merchant feeds and product pages tell what is in a pack."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from anodyne_blocks.shops.amounts import decimals

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

_MEASURE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*([a-z]+(?: [a-z]+)?)").fullmatch


def unit_price(
    price: Decimal, measure: str, base: str, currency: str
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
