"""Reading a shop's answer datum by datum: what a card may do without costs only itself.

The readers raise `InvalidOffer` for data of another kind than the shop documents; what such data
cost is decided where they are read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from anodyne_blocks.shops.base import DATA_ERRORS
from anodyne_blocks.shops.moments import moment
from anodyne_blocks.shops.offer import InvalidOffer, NoPrice, check_url
from anodyne_blocks.shops.variants import Known, Variant, choose, is_from

__all__ = [
    "LeftOut",
    "amount_of",
    "chosen",
    "entries",
    "flag",
    "gtin",
    "minor_amount_of",
    "moment_of",
    "number_of",
    "plain",
    "priced",
    "sold_variants",
    "text_of",
    "url_of",
    "variant_id",
]

# The lengths that GS1 gives to trade item numbers.
_GTIN = re.compile("[0-9]{8}|[0-9]{12,14}").fullmatch
_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,30})?").fullmatch
_MAX_SHOWN = 80
# Longer than what any of these shops numbers its products by.
_MAX_NUMBER = 100


class LeftOut:
    """Reads the data that an offer may lack; `notes` names those left out, one sentence each."""

    def __init__(self, *sentences: str) -> None:
        self._notes = dict.fromkeys(sentences)

    @property
    def notes(self) -> str:
        """All sentences in one text, for `ShopOffer.notes`; "" where nothing was left out."""
        return " ".join(self._notes)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each sentence once, in the order in which it was said."""
        return tuple(self._notes)

    def read(self, name: str, make: Callable[[], Any], otherwise: Any = "") -> Any:
        """What `make` gives; `otherwise`, and a note on `name`, where the data are bad."""
        try:
            return make()
        except InvalidOffer as error:
            self.note(name, str(error))
        except DATA_ERRORS:
            self.note(name, "its data have an unexpected shape")
        return otherwise

    def text(self, name: str, value: Any) -> str:
        """A text that may be missing."""
        return self.read(name, lambda: text_of(value))

    def url(self, name: str, value: Any) -> str:
        """An address that may be missing, or be no text where the shop has none."""
        return "" if value is False else self.read(name, lambda: url_of(name, value))

    def note(self, name: str, reason: object) -> None:
        """Say that what an offer calls `name` is left out, and why."""
        self.say(f"The {name} is left out: {reason}.")

    def say(self, sentence: str) -> None:
        """Add a whole sentence of one's own to the notes."""
        self._notes[sentence] = None


def shown(value: Any) -> str:
    """A datum in a reason, cut."""
    return repr(value)[:_MAX_SHOWN]


def text_of(value: Any) -> str:
    """A text as the shop sends it, empty for null."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidOffer(f"{shown(value)} is no text")
    return value


def plain(value: Any) -> str:
    """A plain text for `ShopOffer`, which reads HTML; empty for null."""
    return html.escape(text_of(value), quote=False)


def url_of(name: str, value: Any) -> str:
    """An http(s) address, empty for null."""
    url = text_of(value)
    check_url(name, url)
    return url


def number_of(value: Any) -> Decimal:
    """A JSON number, which true and false are not."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        # Nor is what is too long to be one, see `amounts.JSON_NUMBERS`.
        raise InvalidOffer(f"{shown(value)} is no number")
    return Decimal(value)


def amount_of(value: Any) -> Decimal:
    """An amount in major units that an API sends as a text, exact and with a point."""
    if not isinstance(value, str) or not _AMOUNT(value):
        raise InvalidOffer(f"price {shown(value)} is no amount")
    return Decimal(value)


def minor_amount_of(value: Any, places: Any) -> Decimal:
    """An amount that an API sends as an integer, in a unit of so many decimals."""
    if type(value) is not int or value < 0 or type(places) is not int or places not in range(10):
        raise InvalidOffer(f"price {shown(value)} with {shown(places)} decimals is no amount")
    return Decimal(value).scaleb(-places)


def moment_of(value: Any) -> datetime | None:
    """An ISO 8601 moment, None for null."""
    text = text_of(value)
    return moment("date", text) if text else None


def flag(value: Any) -> bool:
    """Yes or no, and nothing that only looks like it."""
    if not isinstance(value, bool):
        raise InvalidOffer(f"{shown(value)} is neither true nor false")
    return value


def entries(value: Any) -> list[dict[str, Any]]:
    """A list of objects."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise InvalidOffer("a list of objects is none")
    return value


def gtin(*codes: Any) -> str:
    """The first of a product's barcodes, each a text or null, that is a GTIN; "" without any."""
    given = [code for code in map(text_of, codes) if code]
    for code in given:
        digits = re.sub(r"[\s-]", "", code)
        if _GTIN(digits) and digits.strip("0"):
            return digits
    if given:
        raise InvalidOffer(f"{shown(given[0])} is no GTIN")
    return ""


def identified(nodes: Any) -> tuple[dict[str, dict[str, Any]], int]:
    """The objects of a list by their `id`, a text, and how many have none that can be read."""
    if not isinstance(nodes, list):
        raise InvalidOffer("the list of products is none")
    good = [n for n in nodes if isinstance(n, dict) and isinstance(n.get("id"), str)]
    good = [n for n in good if 0 < len(n["id"]) <= _MAX_NUMBER]
    if nodes and not good:
        raise InvalidOffer("nothing in the list of products has an id")
    return {node["id"]: node for node in good}, len(nodes) - len(good)


def sold_variants(
    nodes: Iterable[Any],
    number: Callable[[Any], str],
    read: Callable[[Any, str], Variant | None],
    kept: str,
    out: LeftOut,
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
            out.say(f"Variant {own} is left out: {error}.")
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


def priced(
    own: str, known: Known | None, read: Callable[[str], Sequence[Variant]]
) -> tuple[Variant | None, bool]:
    """As `chosen` of a product's variants; of the variant numbered `own` alone, None without it.

    `read` gives the variants, and is told the number of the one that must be readable.
    """
    variants = read(own or (known.goods.variant if known else ""))
    if own:
        return next((variant for variant in variants if variant.number == own), None), False
    return chosen(variants, known)


def variant_id(product: str, variant: str) -> str:
    """The external id of one variant: a hint about the product is one about all that begin so."""
    return f"{product}:{variant}"
