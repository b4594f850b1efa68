"""What Google and schema.org call availability and condition, in small letters without blanks."""

from __future__ import annotations

from anodyne_blocks.pricing.goods import ItemCondition, Stock

# Google's words of today and before (answer 6324448), and schema.org's ItemAvailability.
_AVAILABILITY = {
    "instock": Stock.IN_STOCK,
    "availablefororder": Stock.IN_STOCK,
    "onlineonly": Stock.IN_STOCK,
    "limitedavailability": Stock.LOW_STOCK,
    "lowstock": Stock.LOW_STOCK,
    "outofstock": Stock.OUT_OF_STOCK,
    "soldout": Stock.OUT_OF_STOCK,
    "discontinued": Stock.OUT_OF_STOCK,
    "reserved": Stock.OUT_OF_STOCK,
    "preorder": Stock.PREORDER,
    "presale": Stock.PREORDER,
    "backorder": Stock.BACKORDER,
    "madetoorder": Stock.BACKORDER,
}
_CONDITIONS = {
    "new": ItemCondition.NEW,
    "brandnew": ItemCondition.NEW,
    "used": ItemCondition.USED,
    "usedlikenew": ItemCondition.USED,
    "likenew": ItemCondition.USED,
    "preowned": ItemCondition.USED,
    "secondhand": ItemCondition.USED,
    "damaged": ItemCondition.USED,
    "refurbished": ItemCondition.REFURBISHED,
    "reconditioned": ItemCondition.REFURBISHED,
    "remanufactured": ItemCondition.REFURBISHED,
    "renewed": ItemCondition.REFURBISHED,
}


def availability(word: str) -> Stock:
    """`Stock.UNKNOWN` for a word that is none of these."""
    return _AVAILABILITY.get(word, Stock.UNKNOWN)


def condition(word: str) -> ItemCondition | None:
    """Of "used" as of "usedcondition"; None for a word that is none of these."""
    return _CONDITIONS.get(word.removesuffix("condition"))
