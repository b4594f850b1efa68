"""Values of JSON-LD: one or many, text or object, term or address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from anodyne_blocks.shops.languages import is_same
from anodyne_blocks.shops.text import plain_text

Node = dict[str, Any]

_TRACKING = re.compile(
    r"utm_.*|gclid|gbraid|wbraid|fbclid|msclkid|dclid|mc_[ce]id|_ga|_gl|srsltid|yclid|ttclid"
).fullmatch
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*").fullmatch
_ESCAPED_TWICE = re.compile(r"&(?:amp;)+(?=#?\w{1,31};)")
_LONGEST_TEXT = 20_000
# Lists in lists are flattened to this depth.
_MAX_DEPTH = 5
_MAX_TYPES = 20
_MAX_NAMED = 20
# Properties below an offer that are read themselves, see `weighed`.
_READ = frozenset(
    "offers priceSpecification priceComponent referenceQuantity valueReference eligibleQuantity"
    " eligibleTransactionVolume eligibleCustomerType includesObject seller offeredBy name"
    " eligibleRegion ineligibleRegion areaServed shippingDetails shippingDestination"
    " addressCountry address identifier @id url sameAs".split()
)
# Deeper than any of these is read in another.
_DEEPEST = 24


def many(value: Any, depth: int = _MAX_DEPTH) -> list[Any]:
    """A property's values: JSON-LD writes one value, a list of them, or lists of lists."""
    if value is None:
        return []
    if not isinstance(value, list):
        return [value]
    if depth == 0 or not any(isinstance(one, list) for one in value):
        return [one for one in value if one is not None and not isinstance(one, list)]
    return [inner for one in value for inner in many(one, depth - 1)]


def nodes_of(value: Any) -> list[Node]:
    """The objects among a property's values."""
    return [one for one in many(value) if isinstance(one, dict)]


def has_strays(value: Any) -> bool:
    """Whether a list that should hold objects holds anything else."""
    if not isinstance(value, list):
        return False
    return any(has_strays(one) if isinstance(one, list) and one else not one
               or not isinstance(one, dict) for one in value)  # fmt: skip


def scalar(value: Any) -> str:
    """A single text or number as text; empty for anything else."""
    value = value.get("@value") if isinstance(value, dict) else value
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
        return str(value).strip()
    return ""


def text(value: Any) -> str:
    """The first text of a property; empty when it has none."""
    return next((found for one in many(value) if (found := scalar(one))), "")


def term(value: Any) -> str:
    """ "instock" for "https://schema.org/InStock", "schema:InStock", "In stock" and {"name": …}."""
    for one in many(value):
        if isinstance(one, dict):
            one = one.get("@id") or one.get("name") or one.get("@value")
        if isinstance(one, str) and len(one) < 200:
            last = re.split("[/:#]", one.strip().rstrip("/#"))[-1]
            return re.sub(r"[\s_-]", "", last).lower()
    return ""


def types(node: Mapping[str, Any]) -> set[str]:
    """The names of a node's types in small letters, without schema.org's address."""
    said = node.get("@type")
    said = said[:_MAX_TYPES] if isinstance(said, list) else said
    return {term(value) for value in many(said)}


def truth(value: Any) -> bool | None:
    """Yes or no, as JSON or in a word or schema.org's address; None for anything else."""
    said = value if isinstance(value, bool) else {"true": True, "false": False}.get(term(value))
    return said


def weighed(value: Any, left: int, depth: int = _DEEPEST) -> int:
    """`left` less what it takes to read `value` as an offer; counting ends below 0.

    Each value counts, and long texts as several. What nodes refer to is counted again with each of
    them, as it is read: a few nodes that refer to each other may be more than memory holds.
    """
    left -= 1
    if left < 0 or depth == 0:
        return left
    if isinstance(value, str):
        return left - len(value) // 100
    if isinstance(value, list):
        for one in value:
            if (left := weighed(one, left, depth - 1)) < 0:
                break
    elif isinstance(value, dict):
        left -= len(value)
        for key, one in value.items():
            if key in _READ:
                left = weighed(one, left, depth - 1)
            elif isinstance(one, (list, str)):
                left -= len(one) // (100 if isinstance(one, str) else 1)
            if left < 0:
                break
    return left


def unescaped(text: str) -> str:
    """A text whose character references were escaped once too often, without that."""
    return _ESCAPED_TWICE.sub("&", text)


def plain(value: Any, limit: int = 255) -> str:
    """The first text of a property as plain text."""
    return plain_text(unescaped(text(value)[:_LONGEST_TEXT]), limit)


def named(*values: Any) -> str:
    """The name of the first of some properties' things that has one: a text or an object."""
    for one in many(list(values))[:_MAX_NAMED]:
        said = one.get("name") if isinstance(one, dict) else one
        if isinstance(said, (str, dict)) and (found := plain(said, 100)):
            return found
    return ""


def in_language(value: Any, language: str, speaks: bool) -> tuple[str, bool]:
    """The text that is in `language`, or any other, and whether it is; `speaks`: the page does."""
    said: list[tuple[str, bool]] = []
    for one in many(value):
        if isinstance(one, dict) and "@value" not in one:
            tagged = [(k, v) for k, v in one.items() if isinstance(k, str) and _LANGUAGE(k)]
        elif isinstance(one, dict) and scalar(one.get("@language")):
            tagged = [(scalar(one["@language"]), one)]
        else:
            tagged = []
            if found := scalar(one):
                said.append((found, speaks))
        said += [(scalar(v), is_same(k, language)) for k, v in tagged if scalar(v)]
    found, is_in = next((pair for pair in said if pair[1]), said[0] if said else ("", speaks))
    return unescaped(found[:_LONGEST_TEXT]), is_in


def clean_url(url: str, base: str = "") -> str:
    """`url` without fragment, host in small letters, and without what only counts visitors."""
    try:
        parts = urlsplit(urldefrag(urljoin(base, url.strip())).url)
    except ValueError:
        return ""
    query = parts.query
    kept = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not _TRACKING(k)]
    if len(kept) < len(parse_qsl(query, keep_blank_values=True)):
        query = urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", query, ""))


def place(url: str) -> str:
    """An address as far as it tells pages apart."""
    rest = clean_url(url).partition("://")[2].removeprefix("www.")
    path, mark, query = rest.partition("?")
    return unquote(path.rstrip("/")) + mark + query


def path_of(url: str) -> str:
    """The path of an address, without a slash at its end; empty for the home page."""
    try:
        return unquote(urlsplit(url).path.rstrip("/"))
    except ValueError:
        return ""


def address(value: Any, *bases: str) -> list[str]:
    """What an address may mean: relative ones are read against each of `bases`."""
    said = next((one for one in many(value) if isinstance(one, str)), "").strip()
    if not said or re.search(r"\s", said) or len(said) > 2000:
        return []
    return [found for base in bases if (found := clean_url(said, base))]
