"""What Google and schema.org call availability and condition, in small letters without blanks."""

from __future__ import annotations

from anodyne_blocks.pricing.goods import ItemCondition, Stock

# Google's words of today and before (answer 6324448), and schema.org's ItemAvailability.
_AVAILABILITY = {
    Stock.IN_STOCK: "instock availablefororder onlineonly",
    Stock.LOW_STOCK: "limitedavailability lowstock",
    Stock.OUT_OF_STOCK: "outofstock soldout discontinued reserved",
    Stock.PREORDER: "preorder presale",
    Stock.BACKORDER: "backorder madetoorder",
}
_CONDITIONS = {
    ItemCondition.NEW: "new brandnew",
    ItemCondition.USED: "used usedlikenew likenew preowned secondhand damaged",
    ItemCondition.REFURBISHED: "refurbished reconditioned remanufactured renewed",
}
_STOCK_OF = {word: stock for stock, words in _AVAILABILITY.items() for word in words.split()}
_CONDITION_OF = {word: kind for kind, words in _CONDITIONS.items() for word in words.split()}


def availability(word: str) -> Stock:
    """`Stock.UNKNOWN` for a word that is none of these."""
    return _STOCK_OF.get(word, Stock.UNKNOWN)


def condition(word: str) -> ItemCondition | None:
    """Of "used" as of "usedcondition"; None for a word that is none of these."""
    return _CONDITION_OF.get(word.removesuffix("condition"))
