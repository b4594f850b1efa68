"""Reading a shop's answer datum by datum: what a card may do without costs only itself.

Pure functions for back ends whose products have variants. They raise `InvalidOffer` for data of
another kind than the shop documents; what such data cost is decided where they are read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import DATA_ERRORS, Answer, Found, Gone, Unknown, unreadable
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Known, Variant, choose, is_from

T = TypeVar("T")

# The lengths that GS1 gives to trade item numbers.
_GTIN = re.compile(r"\d{8}|\d{12,14}").fullmatch
_MAX_SHOWN = 80
# Longer than what any of these shops numbers its products by.
_MAX_NUMBER = 100


class NoPrice(InvalidOffer):
    """The shop itself says that what was priced has no price in the market (any more)."""


def answer(external_id: str, make: Callable[[], ShopOffer | None]) -> Answer:
    """As `Shop.read`, but what has no price any more is stale at once."""
    try:
        offer = make()
    except DATA_ERRORS as error:
        gap = Gap.NO_PRICE if isinstance(error, NoPrice) else None
        return Unknown(external_id, unreadable(error), gap=gap)
    return Gone(external_id) if offer is None else Found(offer)


def identified(nodes: Any) -> tuple[dict[str, dict[str, Any]], int]:
    """The objects of a list by their `id`, a text, and how many have none that can be read."""
    if not isinstance(nodes, list):
        raise InvalidOffer("the list of products is none")
    good = [n for n in nodes if isinstance(n, dict) and isinstance(n.get("id"), str)]
    good = [n for n in good if 0 < len(n["id"]) <= _MAX_NUMBER]
    if nodes and not good:
        raise InvalidOffer("nothing in the list of products has an id")
    return {node["id"]: node for node in good}, len(nodes) - len(good)


def optional(notes: list[str], name: str, read: Callable[[], T], default: T) -> T:
    """What `read()` gives; where its data are bad `default`, and `notes` says why."""
    try:
        return read()
    except DATA_ERRORS as error:
        reason = str(error) if isinstance(error, InvalidOffer) else "it has an unexpected shape"
        notes.append(f"The {name} is left out: {reason}.")
        return default


def words(value: Any) -> str:
    """A text as the shop sends it; "" for None."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidOffer(f"{str(value)[:_MAX_SHOWN]!r} is no text")
    return value


def plain(value: Any) -> str:
    """A plain text for `ShopOffer`, which reads HTML; "" for None."""
    return html.escape(words(value), quote=False)


def flag(value: Any) -> bool:
    """Yes or no, and nothing that only looks like it."""
    if not isinstance(value, bool):
        raise InvalidOffer(f"{str(value)[:_MAX_SHOWN]!r} is neither true nor false")
    return value


def entries(value: Any) -> list[dict[str, Any]]:
    """A list of objects."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise InvalidOffer("a list of objects is none")
    return value


def gtin(*codes: Any) -> str:
    """The first of a product's barcodes, each a text or None, that is a GTIN; "" without any."""
    given = [code for code in map(words, codes) if code]
    for code in given:
        if _GTIN(digits := re.sub(r"[\s-]", "", code)):
            return digits
    if given:
        raise InvalidOffer(f"{given[0][:_MAX_SHOWN]!r} is no GTIN")
    return ""


def sold_variants(
    nodes: Iterable[Any],
    number: Callable[[Any], str],
    read: Callable[[Any, str], Variant | None],
    kept: str,
    notes: list[str],
) -> list[Variant]:
    """The variants that `read(node, number)` finds sold in the market; None is one that is not.

    One that cannot be read is left out with a note, unless its number is `kept`: that one is
    priced, and no other may take its place. A node without a number could be any, so it raises.
    """
    found = []
    failure: Exception | None = None
    for node in nodes:
        own = number(node)
        try:
            variant = read(node, own)
        except DATA_ERRORS as error:
            if own == kept:
                raise
            failure = error
            notes.append(f"Variant {own} is left out: {error}.")
            continue
        if variant is not None:
            found.append(variant)
        elif own == kept:
            raise NoPrice(f"variant {own} has no price in this market")
    if failure and not found:
        raise failure
    return found


def chosen(variants: Sequence[Variant], known: Known | None) -> tuple[Variant, bool]:
    """The variant whose price is shown, and whether that is the lowest of several.

    A price of 0 is none: such a variant counts only if it was priced before, or if all are so.
    """
    before = known.goods.variant if known else ""
    sold = [v for v in variants if v.price or v.number == before] or variants
    variant = choose(sold, known)
    if variant is None:
        raise InvalidOffer("the product has no variant that is sold in this market")
    priced = [v for v in sold if v.price]
    return variant, bool(variant.price) and is_from(priced, variant)


def one(variants: Sequence[Variant], number: str) -> Variant | None:
    """The variant of this number, which stands for no other."""
    return next((variant for variant in variants if variant.number == number), None)


def variant_id(product: str, variant: str) -> str:
    """The external id of one variant: a hint about the product is one about all that begin so."""
    return f"{product}:{variant}"
