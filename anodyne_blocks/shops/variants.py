"""Which variant of a product a card prices: one rule for all shops.

Pure functions. A shop gives the variants that are sold in the market; a card keeps to the one that
it priced before, so that its price history is of one thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from anodyne_blocks.pricing.goods import Goods


class Known(NamedTuple):
    """What was priced before under an id: the goods, their name, and for how much."""

    goods: Goods = Goods()
    name: str = ""
    price: Decimal | None = None


@dataclass(frozen=True)
class Variant:
    """A variant with a price in the market. `number` is the shop's own; `data` is its answer."""

    number: str
    price: Decimal
    can_be_bought: bool
    data: Any = field(default=None, compare=False)


def choose(variants: Iterable[Variant], known: Known | None = None) -> Variant | None:
    """The variant whose price a card shows; None where there is none.

    The one that was priced before, also where it is sold out or no longer the cheapest. Where it is
    not known which that was, the one of the same price; where there is none, the cheapest that can
    be bought. Neither the shop's order nor its default counts: those change.
    """
    variants = list(variants)
    if known is not None and known.goods.variant:
        for variant in variants:
            if variant.number == known.goods.variant:
                return variant
    elif known is not None and known.price is not None:
        same = [variant for variant in variants if variant.price == known.price]
        variants = same or variants
    return min(variants, key=_rank, default=None)


def is_from(variants: Sequence[Variant], chosen: Variant) -> bool:
    """Whether the chosen price is the lowest of several for which the product can be bought."""
    others = [v.price for v in variants if v.can_be_bought and v.number != chosen.number]
    return (
        chosen.can_be_bought
        and any(price != chosen.price for price in others)
        and all(price >= chosen.price for price in others)
    )


def _rank(variant: Variant) -> tuple[bool, Decimal, int, str]:
    # "9" before "10", as shops count.
    return not variant.can_be_bought, variant.price, len(variant.number), variant.number
