"""How a product of Medusa's Store API becomes an offer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import reading
from anodyne_blocks.shops.amounts import decimals
from anodyne_blocks.shops.back_end import Priced
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Variant

# Medusa's descriptions are plain text, but many a shop keeps HTML there.
_IS_HTML = re.compile(r"</\w+>|<br\s*/?>").search


def read_variant(node: dict[str, Any], number: str, with_tax: bool | None) -> Variant | None:
    """A variant with its price, with tax if that is wished for; None without one in the region."""
    if node["calculated_price"] is None:
        return None
    price, _ = _amount(node["calculated_price"], "calculated", with_tax)
    stock = reading.LeftOut().read("availability", lambda: _stock(node), Stock.OUT_OF_STOCK)
    return Variant(number, price, stock is not Stock.OUT_OF_STOCK, node)


def read_offer(priced: Priced, *, speaks: bool, with_tax: bool | None) -> ShopOffer:
    """A product as an offer; `speaks`: whether the texts are in the market's language."""
    product, variant, out = priced.product, priced.variant, priced.out
    node, read = variant.data, out.read
    price = node["calculated_price"]
    least = (price.get("calculated_price") or {}).get("min_quantity")
    if least is not None and (type(least) is not int or least > 1):
        raise InvalidOffer(f"its price is for {str(least)[:20]} pieces or more")

    name = reading.plain(product["title"])
    if priced.only and name:
        name = f"{name} – {reading.plain(node['title'])}"
    _, tax_included = _amount(price, "calculated", with_tax)
    description = read("description", lambda: _description(product))
    return ShopOffer(
        external_id=priced.external_id,
        title=name if speaks else "",
        name=name,
        description=description if speaks else "",
        url=priced.url,
        price=variant.price,
        list_price=read("list price", lambda: _list_price(price, with_tax, tax_included), None),
        currency=reading.text_of(price["currency_code"]).upper(),
        tax_included=tax_included,
        variant=variant.number,
        sku=out.text("sku", node.get("sku")),
        gtin=read("gtin", lambda: reading.gtin(node["ean"], node["upc"], node["barcode"])),
        is_from=priced.is_from,
        availability=read("availability", lambda: _stock(node), Stock.UNKNOWN),
        image_url=read("picture", lambda: _picture(product)),
        notes=out.notes,
    )


def rank(node: dict[str, Any]) -> int:
    """A variant's place among those of its product; those without one come first."""
    place = node.get("variant_rank")
    return place if type(place) is int else 0


def _amount(price: Mapping[str, Any], which: str, with_tax: bool | None) -> tuple[Decimal, bool]:
    """(amount, whether tax is in it) of the "calculated" or the "original" price.

    Where nothing is wished for, tax is in it if the shop says how much that is.
    """
    included = reading.flag(price[f"is_{which}_price_tax_inclusive"])
    if with_tax is None:
        with_tax = included or price.get(f"{which}_amount_with_tax") is not None
    if with_tax != included:
        amount = price.get(f"{which}_amount_{'with' if with_tax else 'without'}_tax")
        if amount is None:
            raise InvalidOffer("the shop does not say the tax in this market's country")
        # Computed by the shop in floating point, so it comes with too many digits.
        step = Decimal(1).scaleb(-decimals(price["currency_code"].upper()))
        return reading.number_of(amount).quantize(step, ROUND_HALF_UP), with_tax
    # The number beside it has gone through floating point.
    return reading.amount_of(price[f"raw_{which}_amount"]["value"]), included


def _list_price(
    price: Mapping[str, Any], with_tax: bool | None, tax_included: bool
) -> Decimal | None:
    """The original price while a price list of type "sale" applies; never with another tax."""
    if price["calculated_price"]["price_list_type"] != "sale":
        return None
    original, same = _amount(price, "original", with_tax)
    return original if same == tax_included else None


def _stock(node: dict[str, Any]) -> Stock:
    """A variant's stock; `InvalidOffer` where the shop says nothing that can be read."""
    quantity: Any = node.get("inventory_quantity")
    is_counted, may_wait = node.get("manage_inventory"), node.get("allow_backorder")
    is_number = isinstance(quantity, (int, Decimal)) and not isinstance(quantity, bool)
    # What is not counted is sold.
    if is_counted is False or (is_counted is True and is_number and quantity > 0):
        return Stock.IN_STOCK
    if is_counted is True and may_wait is True:
        return Stock.BACKORDER
    if is_counted is True and is_number and may_wait is False:
        return Stock.OUT_OF_STOCK
    raise InvalidOffer("the shop does not tell the variant's stock")


def _description(product: dict[str, Any]) -> str:
    text = reading.text_of(product["description"])
    return text if _IS_HTML(text) else reading.plain(text)


def _picture(product: dict[str, Any]) -> str:
    if product["thumbnail"] is not None:
        return reading.text_of(product["thumbnail"])
    images = reading.entries(product["images"] or [])
    return reading.text_of(images[0]["url"]) if images else ""
