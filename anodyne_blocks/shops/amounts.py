"""Amounts that shops write as text with a point for decimals, where that is unambiguous."""

from __future__ import annotations

import re
from decimal import Decimal

from anodyne_blocks.shops.api import decimals
from anodyne_blocks.shops.offer import InvalidOffer

_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,30}))?").fullmatch


def read_amount(text: str, currency: str, *, may_be_small: bool = False) -> Decimal:
    """ "53.10" as `Decimal`; `InvalidOffer` for what is no amount of `currency`, or may be another.

    Three decimals are the thousands of another notation ("1.299"), unless the currency has three.
    Zeros beyond the currency's decimals are none of its amounts' matter. `may_be_small`: a unit
    price, which may have more decimals.
    """
    found = _AMOUNT(text.strip()) if len(text) < 64 else None
    if not found:
        raise InvalidOffer(f"the price {text.strip()[:40]!r} is no amount")
    whole, part = found[1], found[2] or ""
    allowed = decimals(currency)
    is_grouped = len(part) == 3 and len(whole) <= 3 and whole.strip("0") != ""
    if allowed != 3 and is_grouped:
        raise InvalidOffer(f"the price {text.strip()!r} may be of thousands: {currency} has"
                           f" {allowed} decimals")  # fmt: skip
    if not may_be_small and len(part) > allowed:
        if part[allowed:].strip("0"):
            raise InvalidOffer(f"the price {text.strip()!r} has more decimals than {currency}")
        part = part[:allowed]
    return Decimal(f"{whole}.{part}" if part else whole)
