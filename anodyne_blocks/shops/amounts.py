"""Amounts that a shop writes as text, and how many decimals a currency has."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from anodyne_blocks.shops.offer import InvalidOffer

__all__ = [
    "JSON_NUMBERS",
    "decimals",
    "read_amount",
]

MAX_DIGITS = 18
# Of a number in JSON, and of what its exponent adds to it.
_MOST_DIGITS = 100

_AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]+))?").fullmatch


# Decimals of the currencies that have not two, by ISO 4217 (list one, 2026). Babel's own figures
# are those of everyday use, which differ.
_DECIMALS = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)


def decimals(currency: str) -> int:
    """How many decimals `currency` has by ISO 4217: 0 for JPY, 2 for EUR, 3 for KWD."""
    return _DECIMALS.get(currency, 2)


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits[:_MOST_DIGITS]


def _fraction(digits: str) -> Decimal | str:
    try:
        number = Decimal(digits[: _MOST_DIGITS + 1])
        is_short = len(digits) <= _MOST_DIGITS and abs(number.adjusted()) <= _MOST_DIGITS
    except ArithmeticError:
        is_short = False
    return number if is_short else digits[:_MOST_DIGITS]


#: How all JSON of shops is read: exactly, and in time. A number of more than 100 digits, written or
#: meant (1E+999999999 fills the memory once it is written out), is a text, which no reader takes
#: for one. Keyword arguments of `json.loads`.
#:
#: :meta hide-value:
JSON_NUMBERS: dict[str, Any] = {"parse_int": _integer, "parse_float": _fraction}


def read_amount(text: str, currency: str, *, may_be_small: bool = False) -> Decimal:
    """The amount of `currency` that `text` means, in major units; `InvalidOffer` for a doubt.

    No sign, exponent, comma or blank, and at most 18 digits. "1.299" EUR may be 1299: three
    decimals of a currency that has not three are refused, but where no thousand can be meant
    ("0.990", "1299.000"). More decimals than the currency has are refused, but for zeros
    ("12.9900") and where an amount `may_be_small` (a unit price of 0.0045).
    """
    match = _AMOUNT(text) if len(text) <= MAX_DIGITS + 1 else None
    if not match or len(match[1] + (match[2] or "")) > MAX_DIGITS:
        raise InvalidOffer(
            f'{text[:40]!r} is no amount: write it with digits and one point, like "53.10"'
        )
    whole, part = match[1], match[2] or ""
    most = decimals(currency)
    if len(part) == 3 != most and len(whole) <= 3 and whole[0] != "0":
        raise InvalidOffer(
            f"{text!r} {currency} may mean {whole}{part} or {whole}.{part}: a point is for"
            f" decimals, and {currency} has {most}"
        )
    spare = part[most:].rstrip("0")
    if spare and not may_be_small:
        raise InvalidOffer(f"{text!r} has more decimals than {currency}, which has {most}")
    part = part[:most] + spare
    return Decimal(f"{whole}.{part}" if part else whole)
