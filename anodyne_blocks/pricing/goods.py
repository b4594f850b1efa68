"""What exactly a price is of: the goods behind a shop's id, and when they have become others."""

from __future__ import annotations

from enum import Enum
from operator import attrgetter
from typing import Any, NamedTuple

from anodyne_blocks.pricing.history import Gap

__all__ = ["Goods", "ItemCondition", "Stock"]


class Stock(str, Enum):
    """schema.org's ItemAvailability as far as a reader can act on it."""

    IN_STOCK = "in_stock"
    LOW_STOCK = "low_stock"
    OUT_OF_STOCK = "out_of_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    LATER = "later"
    """Not sold yet: announced for a day to come."""
    UNKNOWN = "unknown"


class ItemCondition(str, Enum):
    """schema.org's OfferItemCondition; what a shop calls damaged is used."""

    NEW = "new"
    USED = "used"
    REFURBISHED = "refurbished"


class Goods(NamedTuple):
    """What an offer prices, as far as its shop tells; "" for what it does not.

    `variant` is the shop's number of the variant, `sku` the shop's or maker's article number,
    `gtin` the barcode's, `condition` an `ItemCondition`, `pack` how many pieces, `seller` who sells
    on a marketplace, `source` the address that finally answered. `is_from`: the lowest of several
    prices. `tax_included`: None where the shop does not say.
    """

    variant: str = ""
    sku: str = ""
    gtin: str = ""
    condition: str = ""
    pack: str = ""
    seller: str = ""
    source: str = ""
    is_from: bool = False
    tax_included: bool | None = None

    @classmethod
    def of(cls, offer: Any) -> Goods:
        """The goods of a `ShopOffer` or an `Offer`, which have these very attributes."""
        return cls._make(_read(offer))

    def gap_after(self, earlier: Goods, *, same_price: bool) -> Gap | None:
        """Why a price of `earlier` is none of these goods; None where it is.

        What both name must be equal. What only one names is doubtful, and a doubt counts only where
        the price changed too: at one price there is no reduction that it could make.
        """
        if _differ(self.variant, earlier.variant):
            return Gap.VARIANT
        if _differ(self.sku, earlier.sku) or _differ(self.gtin, earlier.gtin):
            return Gap.GOODS
        if _differ(self.condition, earlier.condition):
            return Gap.CONDITION
        if _differ(self.pack, earlier.pack):
            return Gap.PACK
        if _differ(self.seller, earlier.seller):
            return Gap.SELLER
        if self.tax_included != earlier.tax_included:
            return Gap.TAX
        if same_price:
            return None
        return self._doubt(earlier)

    def _doubt(self, earlier: Goods) -> Gap | None:
        if (self.is_from or earlier.is_from) and not (self.variant and earlier.variant):
            # Nobody knows which of several variants has the lowest price.
            return Gap.VARIANT
        is_named = any(self[:3]) or any(earlier[:3])
        if is_named and not self.is_identified_with(earlier):
            return Gap.GOODS
        if not is_named and _differ(self.source, earlier.source):
            return Gap.GOODS
        if self.condition != earlier.condition:
            return Gap.CONDITION
        if self.pack != earlier.pack:
            return Gap.PACK
        return Gap.SELLER if self.seller != earlier.seller else None

    def is_identified_with(self, earlier: Goods) -> bool:
        """Whether both name the same variant, article number or barcode."""
        return any(
            mine and mine == theirs for mine, theirs in zip(self[:3], earlier[:3], strict=True)
        )

    def as_record(self) -> dict[str, str | bool]:
        """What is known, as it is kept beside each price of the history."""
        return {name: value for name, value in self._asdict().items() if value not in ("", None)}


_read = attrgetter(*Goods._fields)


def _differ(mine: str, theirs: str) -> bool:
    return bool(mine and theirs and mine != theirs)
