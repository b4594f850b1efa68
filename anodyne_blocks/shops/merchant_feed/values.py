"""The values of a merchant feed's fields: amounts, moments, measures, and Google's words."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urljoin

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import words
from anodyne_blocks.shops.amounts import read_amount
from anodyne_blocks.shops.moments import moment
from anodyne_blocks.shops.offer import InvalidOffer

_SCHEMA_ORG = re.compile("https?://(?:www\\.)?schema\\.org/")

_PRICE = re.compile(r"([0-9.]+)\s*([A-Za-z]{3})").fullmatch
# What is no relative link.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|www\.").match


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


# Bounded, for a feed may write what it likes.
@lru_cache(maxsize=256)
def availability(text: str) -> Stock:
    """ "in stock", "in_stock" and "InStock" alike; an unknown word is `Stock.UNKNOWN`."""
    return words.availability(_word(text))


@lru_cache(maxsize=256)
def condition(text: str) -> str:
    """New, used or refurbished; `InvalidOffer` for what may not be sold as new."""
    known = words.condition(_word(text))
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
