"""What Google and schema.org call availability and condition, in small letters without blanks."""

from __future__ import annotations

from anodyne_blocks.pricing.goods import Condition, Stock

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
    "new": Condition.NEW,
    "brandnew": Condition.NEW,
    "used": Condition.USED,
    "usedlikenew": Condition.USED,
    "likenew": Condition.USED,
    "preowned": Condition.USED,
    "secondhand": Condition.USED,
    "damaged": Condition.USED,
    "refurbished": Condition.REFURBISHED,
    "reconditioned": Condition.REFURBISHED,
    "remanufactured": Condition.REFURBISHED,
    "renewed": Condition.REFURBISHED,
}


def availability(word: str) -> Stock:
    """`Stock.UNKNOWN` for a word that is none of these."""
    return _AVAILABILITY.get(word, Stock.UNKNOWN)


def condition(word: str) -> Condition | None:
    """Of "used" as of "usedcondition"; None for a word that is none of these."""
    return _CONDITIONS.get(word.removesuffix("condition"))
