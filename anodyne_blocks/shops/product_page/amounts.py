"""Amounts of schema.org: prices, currencies, unit prices and ratings."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from anodyne_blocks.shops.amounts import decimals, read_amount
from anodyne_blocks.shops.measures import unit_price
from anodyne_blocks.shops.offer import MAX_COUNT, NOISE, InvalidOffer
from anodyne_blocks.shops.product_page.values import Node, many, nodes_of, scalar, text
from anodyne_blocks.shops.reading import LeftOut

# Signs that stand for one currency. "$", "kr" and "¥" are several countries'.
_SIGNS = {
    "€": "EUR", "EURO": "EUR", "£": "GBP", "US$": "USD", "A$": "AUD", "C$": "CAD", "CA$": "CAD",
    "ZŁ": "PLN", "KČ": "CZK", "₹": "INR", "₺": "TRY", "₴": "UAH", "₪": "ILS", "₩": "KRW",
    "₫": "VND", "฿": "THB", "R$": "BRL", "FT": "HUF", "₽": "RUB", "₱": "PHP",
}  # fmt: skip
# UN/CEFACT's codes of the units that merchant feeds write in words.
_UNITS = {
    "MGM": "mg", "GRM": "g", "KGM": "kg", "MLT": "ml", "CLT": "cl", "LTR": "l", "MTQ": "cbm",
    "CMT": "cm", "MTR": "m", "MTK": "sqm", "C62": "ct", "H87": "ct",
}  # fmt: skip
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,30})?").fullmatch
_COUNT = re.compile(
    r"[0-9]{1,10}|[1-9][0-9]{0,2}(?:([,. '’])[0-9]{3})(?:\1[0-9]{3}){0,2}"
).fullmatch


def currency_of(value: Any) -> str:
    """An ISO 4217 code: of a code in any letters, or of a sign that is one currency's; or ""."""
    said = text(value).upper()
    return said if re.fullmatch("[A-Z]{3}", said) else _SIGNS.get(said, "")


def amount(value: Any, currency: str, *, may_be_small: bool = False) -> Decimal:
    """A price as schema.org wants it: a number, or digits with a point. `InvalidOffer`."""
    said = many(value)
    shown = {_digits(one, currency) for one in said}
    if len(shown) != 1:
        raise InvalidOffer("the page's price is several amounts" if shown else "there is no price")
    digits = shown.pop()
    if "," in digits:
        problem = f"the page's price {digits[:40]!r} has a comma: schema.org wants a point"
        raise InvalidOffer(problem)
    if digits.startswith("-"):
        raise InvalidOffer(f"the page's price {digits[:40]!r} is below 0")
    try:
        return read_amount(digits, currency, may_be_small=may_be_small)
    except InvalidOffer as error:
        raise InvalidOffer(f"the page's price {error}") from None


def _digits(value: Any, currency: str) -> str:
    number = value.get("@value") if isinstance(value, dict) else value
    if not isinstance(number, Decimal):
        # What is no text is not printed either: it may refer to itself.
        return scalar(value) or type(value).__name__
    if not number.is_finite() or abs(number.adjusted()) > 12:
        return str(number)[:40]
    rounded = number.quantize(Decimal(1).scaleb(-decimals(currency)))
    return f"{rounded if 0 < abs(rounded - number) < NOISE else number:f}"


def stated_unit_price(
    specs: list[Node], price: Decimal, currency: str, out: LeftOut
) -> tuple[Decimal | None, str]:
    """The price of one measure, and that measure ("100 ml"); or (None, "")."""
    for spec in specs:
        quantity = spec["referenceQuantity"]
        reference = quantity.get("valueReference")
        stated = spec.get("price")
        try:
            if isinstance(reference, dict):
                found = _true_unit_price(price, _measure(quantity), _measure(reference), currency)
            elif text(stated):
                per = amount(stated, currency, may_be_small=True)
                found = _true_unit_price(per, _measure(quantity), _measure(quantity), currency)
            else:
                continue
        except InvalidOffer as error:
            out.note("unit price", error)
            continue
        if found[0] is not None:
            return found
        out.note("unit price", "its measures are none, or do not fit")
    return None, ""


def _true_unit_price(
    price: Decimal, content: str, measure: str, currency: str
) -> tuple[Decimal | None, str]:
    """For so much of `measure` that the cent is exact enough: a gram's price becomes a kilo's."""
    found = unit_price(price, content, measure, currency)
    if found[0] is not None and found[0] >= 1:
        return found
    larger = unit_price(price, content, "", currency)
    return larger if larger[0] is not None and larger[0] > (found[0] or 0) else found


def _measure(quantity: Node) -> str:
    code = text(quantity.get("unitCode")) or text(quantity.get("unitText"))
    value = text(quantity.get("value")) or "1"
    return f"{value[:20]} {_UNITS.get(code.upper(), code.lower())[:20]}"


def rating(value: Any, out: LeftOut) -> tuple[Decimal | None, int | None]:
    """(0 to 5, count); no rating at all rather than one that cannot be read or that nobody gave."""
    node = next(iter(nodes_of(value)), {})
    given = text(node.get("ratingValue"))
    best = text(node.get("bestRating"))
    if not best and node.get("bestRating") is None and not given.startswith(("0", ".")):
        # By schema.org a scale that is not named is 1 to 5.
        best = "5"
    count = text(node.get("reviewCount")) or text(node.get("ratingCount"))
    if not given or count in ("", "0"):
        return None, None
    counted = int(re.sub(r"\D", "", count)) if _COUNT(count) else 0
    if not (_NUMBER(given) and _NUMBER(best)):
        out.note("rating", f"{given[:40]!r} of {best[:40]!r} is none")
    elif not 0 < Decimal(given) <= Decimal(best):
        out.note("rating", f"{given[:40]} is not between 0 and {best[:40]}")
    elif not 0 < counted <= MAX_COUNT:
        out.note("rating", f"{count[:40]!r} is no number of ratings")
    else:
        return Decimal(given) * 5 / Decimal(best), counted
    return None, None
