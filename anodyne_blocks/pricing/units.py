"""What a unit price is for, a quantity and a unit, as each language writes it."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.units import format_unit
from django.utils import translation

from anodyne_blocks.pricing.money import babel_locale
from anodyne_blocks.words import npgettext

# CLDR's unit: how merchant feeds, people and UN/CEFACT (Recommendation 20, which GS1 and
# schema.org's unitCode use) write it. Words of one language are not among them: what "st" stands
# for depends on who wrote it.
_CODES = {
    "mass-milligram": "mg MGM",
    "mass-gram": "g GRM",
    "mass-kilogram": "kg KGM",
    "mass-tonne": "t TNE",
    "mass-ounce": "oz ONZ",
    "mass-pound": "lb LBR",
    "volume-milliliter": "ml MLT",
    "volume-centiliter": "cl CLT",
    "volume-deciliter": "dl DLT",
    "volume-liter": "l LTR",
    "volume-hectoliter": "hl HLT",
    "volume-cubic-centimeter": "cm³ cm3 ccm CMQ",
    "volume-cubic-meter": "m³ m3 cbm MTQ",
    "volume-fluid-ounce": "floz OZA",
    "volume-pint": "pt PTL",
    "volume-quart": "qt QTL",
    "volume-gallon": "gal GLL",
    "length-millimeter": "mm MMT",
    "length-centimeter": "cm CMT",
    "length-meter": "m MTR",
    "length-kilometer": "km KMT",
    "length-inch": "in INH",
    "length-foot": "ft FOT",
    "length-yard": "yd YRD",
    "area-square-centimeter": "cm² cm2 sqcm CMK",
    "area-square-meter": "m² m2 sqm MTK",
    "area-square-inch": "in² in2 sqin INK",
    "area-square-foot": "ft² ft2 sqft FTK",
    "area-square-yard": "yd² yd2 sqyd YDK",
    "energy-kilowatt-hour": "kWh KWH",
    "piece": "ct item C62 H87 EA XPP",
    "sheet": "sheet",
}
UNITS = {code.lower(): unit for unit, codes in _CODES.items() for code in codes.split()}
"""{code in small letters: CLDR's unit, or "piece" or "sheet"}."""

_MEASURE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*([^\W\d_].*)")
# As many decimals as a measure may have: `format_unit` alone would round to three.
_QUANTITY = "#,##0.######"


def read_measure(measure: str) -> tuple[Decimal, str] | None:
    """ "100 ml" as (Decimal(100), "volume-milliliter"); None for what is no such measure."""
    match = _MEASURE.fullmatch(measure.strip())
    unit = UNITS.get("".join(match[2].lower().split())) if match else None
    if match is None or unit is None or not Decimal(match[1]):
        return None
    return Decimal(match[1]), unit


def unit_code(measure: str) -> tuple[Decimal, str] | None:
    """ "100 ml" as (Decimal(100), "MLT"): UN/CEFACT's code. None where there is none."""
    read = read_measure(measure)
    if read is None:
        return None
    quantity, unit = read
    code = "C62" if unit == "piece" else _CODES[unit].split()[-1]
    return (quantity, code) if code.isupper() or code == "C62" else None


def measure_text(measure: str, language: str) -> str:
    """A quantity and a unit code ("1.5 LTR") as `language` writes them; "" for an unknown unit."""
    read = read_measure(measure)
    if read is None:
        return ""
    quantity, unit = read
    if unit not in ("piece", "sheet"):
        return _written(quantity, unit, language, _QUANTITY)
    if quantity % 1:
        return ""
    count = int(quantity)
    with translation.override(language):
        if unit == "sheet":
            text = npgettext("reader", "%(count)d sheet", "%(count)d sheets", count)
        else:
            text = npgettext("reader", "%(count)d piece", "%(count)d pieces", count)
    return text % {"count": count}


def minutes_text(minutes: int, language: str) -> str:
    """ "6 min", in the letters of `language`: for where it has no words for a reading time."""
    return _written(minutes, "duration-minute", language)


def duration_text(minutes: int, seconds: int, language: str) -> str:
    """ "1 min 30 sec" as `language` writes it; "" for no time at all."""
    named = ((minutes, "duration-minute"), (seconds, "duration-second"))
    # Babel has no list of units in all languages.
    return " ".join(_written(number, unit, language) for number, unit in named if number)


def _written(quantity: Decimal | int, unit: str, language: str, pattern: str | None = None) -> str:
    """A quantity and its unit, between which no line breaks."""
    locale = babel_locale(language)
    written = format_unit(quantity, unit, "short", format=pattern, locale=locale)
    return written.replace(" ", "\N{NO-BREAK SPACE}")
