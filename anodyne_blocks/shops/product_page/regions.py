"""Where an offer is sold: the countries in schema.org's eligibleRegion and its like."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import get_global

from anodyne_blocks.shops.product_page.values import Node, many, nodes_of, term, text, truth

# Pages name countries in English or in their own language.
_LANGUAGES = ("en", "de", "fr", "nl", "es", "it", "pt", "da", "sv", "nb", "fi", "pl", "cs")
_GROUPS = frozenset({"EU", "EZ", "UN", "ZZ", "QO"})
# Within an object, what may name the country, best first.
_LONGEST = 2000
_INSIDE = ("addressCountry", "address", "identifier", "name", "@id", "url", "sameAs")


def is_sold_in(offer: Node, country: str) -> bool | None:
    """Whether an offer says to be for buyers in `country`; None where it does not say."""
    if not country:
        return None
    if country in (countries(offer.get("ineligibleRegion"), whole=True) or ()):
        return False
    answers = [_among(offer.get(key), country) for key in ("eligibleRegion", "areaServed")]
    answers.append(_is_shipped_to(offer, country))
    if False in answers:
        return False
    return True if True in answers else None


def _among(region: Any, country: str) -> bool | None:
    named = countries(region)
    return None if named is None else country in named


def _is_shipped_to(offer: Node, country: str) -> bool | None:
    reached: set[str] = set()
    details = nodes_of(offer.get("shippingDetails"))
    for detail in details:
        named = countries(detail.get("shippingDestination"))
        if truth(detail.get("doesNotShip")):
            if named and country in named:
                return False
            continue
        if named is None:
            return None
        reached |= named
    return country in reached if reached else None


def countries(region: Any, whole: bool = False) -> set[str] | None:
    """The countries that a region names; None where it names another area, or cannot be read.

    `whole`: only those of which no part is named.
    """
    found: set[str] = set()
    for one in many(region):
        codes = _codes(one, whole)
        if codes is None and not whole:
            return None
        found |= codes or set()
    return found or None


def _codes(one: Any, whole: bool, depth: int = 3) -> set[str] | None:
    if isinstance(one, dict) and "@value" not in one:
        is_part = any(one.get(key) for key in ("addressRegion", "postalCode", "postalCodePrefix"))
        if depth == 0 or (whole and is_part):
            return None
        for key in _INSIDE:
            inner = [_codes(value, whole, depth - 1) for value in many(one.get(key))]
            if inner and None not in inner:
                return {code for codes in inner for code in codes or ()}
        return None
    said = text(one)
    if len(said) > _LONGEST:
        return None
    if "/" in said:
        said = term(said)
    parts = [part for part in re.split(r"[\s,;]+", said) if part]
    if parts and all(len(part) <= 6 and _code(part) for part in parts):
        if whole and any("-" in part for part in parts):
            return None
        return {code for part in parts if (code := _code(part))}
    named = _names().get(said.casefold())
    return {named} if named else None


def _code(said: str) -> str:
    """ "NL" for "NL", "nl", "NLD" and "NL-NH"; empty for what is no country's code."""
    said = said.upper().partition("-")[0]
    if len(said) == 3 or said == "UK":
        said = next(iter(get_global("territory_aliases").get(said, ())), "")
    is_country = len(said) == 2 and said.isalpha() and said not in _GROUPS
    return said if is_country and said in Locale("en").territories else ""


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Countries' codes by their names."""
    found: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code not in _GROUPS:
                found.setdefault(name.casefold(), code)
    return found
