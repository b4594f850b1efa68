"""Products of WooCommerce's Store API as offers: which variation, what price, what stock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.amounts import decimals
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.reading import LeftOut, minor_amount_of, shown, text_of
from anodyne_blocks.shops.variants import Known, Variant, choose, is_from

Product = dict[str, Any]

_BOUGHT = (Stock.IN_STOCK, Stock.LOW_STOCK, Stock.BACKORDER)
_FLAGS = ("is_purchasable", "is_in_stock", "is_on_backorder")
_PROTECTED = "It is protected by a password, so that readers cannot buy it."


def number(product: Any) -> str:
    """WooCommerce's number of a product or variation; empty where the entry states none."""
    return as_number(product.get("id")) if isinstance(product, dict) else ""


def as_number(value: Any) -> str:
    return str(value) if type(value) is int and 0 < value < 10**18 else ""


def is_grouped(product: Product) -> bool:
    return product.get("type") == "grouped" or bool(_listed(product, "grouped_products"))


def children(product: Product) -> list[str]:
    """The numbers of a product's variations, or of the products that it groups."""
    return _listed(product, "grouped_products" if is_grouped(product) else "variations")


def _listed(product: Product, field: str) -> list[str]:
    listed = product.get(field)
    if not isinstance(listed, list):
        return []
    found = [as_number(one) or number(one) for one in listed]
    return found if all(found) else []


def is_range(product: Product) -> bool:
    """Whether its own price is that of no thing that one can buy."""
    return (
        bool(children(product))
        or product.get("type") in ("variable", "grouped")
        or len({end.price for end in _ends(product)}) > 1
    )


def read_offer(
    product: Product,
    found: Mapping[str, Product],
    *,
    known: Known | None = None,
    parent: Product | None = None,
    tax_included: bool | None = None,
    speaks: bool = True,
) -> ShopOffer:
    """A product as an offer; `found` are its variations, or the products that it groups, by number.

    With "" in `found`, one came without a number, so that none is known to be missing.

    Of a variation, `parent` is the product that it belongs to. `speaks`: whether the shop's texts
    are in the market's language.
    """
    kind = str(product.get("type"))
    if "subscription" in kind:
        raise InvalidOffer("it is a subscription, and its price is only a part of what it costs")
    out = LeftOut()
    ranged = is_range(product)
    if ranged and "" in found and not all(i in found for i in children(product)):
        raise InvalidOffer("one of its variations came without a number")
    variants = _variants(product, found, known) if ranged else []
    chosen = choose(variants, known)
    priced = chosen.data if chosen else product
    variant = "" if ranged and not chosen else number(priced)
    price = _lowest(product) if ranged and not chosen else _price(priced)
    places = priced["prices"]["currency_minor_unit"]
    currency = priced["prices"]["currency_code"]
    whole = parent or product
    protected = product.get("is_password_protected") or whole.get("is_password_protected")
    rating = out.read("rating", lambda: Decimal(text_of(whole.get("average_rating"))), Decimal(0))
    image = _image(product, out) or (_image(parent, out) if parent else {})
    title = _title(product)
    return ShopOffer(
        external_id=number(product),
        title=title if speaks else "",
        name=title,
        description=(_description(product, out) or _description(whole, out)) if speaks else "",
        url=out.url("address", product.get("permalink")),
        price=_as_before(price, places, currency, variant, known),
        # Not on sale, the sale price repeats the price. That of a range is of any variation.
        list_price=out.read("list price", lambda: _price(priced, "regular_price"), None)
        if priced.get("on_sale") is True and variant
        else None,
        currency=currency,
        tax_included=tax_included,
        variant=variant,
        sku=out.text("sku", priced.get("sku")),
        brand=out.read("brand", lambda: _brand(whole)),
        is_from=is_from([*variants, *_ends(product)], chosen) if chosen else bool(ranged and price),
        availability=_stock(priced, protected is True, ranged and not chosen),
        rating=rating or None,
        rating_count=whole.get("review_count") if rating else None,
        image_url=out.url("picture", image.get("src")),
        image_alt=out.text("picture's text", image.get("alt") or "") if speaks else "",
        notes=f"{out.notes} {_PROTECTED}".strip() if protected is True else out.notes,
    )


def _variants(product: Product, found: Mapping[str, Product], known: Known | None) -> list[Variant]:
    """The children that have one price; `InvalidOffer` where that of one cannot be read."""
    own = children(product)
    before = known.goods.variant if known else ""
    variants = []
    for key in dict.fromkeys([*own, before]):
        child = found.get(key)
        if child is None or (key not in own and child.get("parent") != product["id"]):
            continue
        # A group may hold products that have variations of their own.
        price = None if children(child) or child.get("type") == "variable" else _price(child)
        if price:
            variants.append(Variant(key, price, _stock(child) in _BOUGHT, child))
    return variants


def _ends(product: Product) -> list[Variant]:
    """Both ends of its range of prices, of whatever variations have them."""
    try:
        spread = product["prices"]["price_range"]
        places = product["prices"]["currency_minor_unit"]
        amounts = [_amount(spread[name], places) for name in ("min_amount", "max_amount")]
    except (InvalidOffer, LookupError, TypeError):
        return []
    return [Variant("", amount, True) for amount in amounts]


def _lowest(product: Product) -> Decimal | None:
    ends = _ends(product)
    return ends[0].price or None if ends else _price(product)


def _price(product: Product, name: str = "price") -> Decimal | None:
    """An amount of a product. One without a price has the price "0"."""
    prices = product["prices"]
    return _amount(prices[name], prices["currency_minor_unit"]) or None


def _amount(digits: Any, places: Any) -> Decimal:
    """Digits in the shop's own minor unit, which is not the currency's."""
    if not isinstance(digits, str) or not re.fullmatch("[0-9]{1,18}", digits):
        raise InvalidOffer(f"price {shown(digits)} is no amount")
    return minor_amount_of(int(digits), places)


def _as_before(
    price: Decimal | None, places: int, currency: str, variant: str, known: Known | None
) -> Decimal | None:
    """`price`, or the one known before where this is the same, told with fewer decimals.

    A shop may set how many decimals it shows.
    """
    before = known.price if known and known.goods.variant in ("", variant) else None
    missing = decimals(currency) - places
    if not price or not before or missing <= 0:
        return price
    if price == before.scaleb(missing):
        raise InvalidOffer("its price has the digits of before, but other decimals")
    return before if abs(before - price) <= Decimal(5).scaleb(-places - 1) else price


def _stock(product: Product, is_protected: bool = False, is_unnamed: bool = False) -> Stock:
    """Whether a reader gets it; `is_unnamed` where it is not known which variation is priced."""
    told = product.get("stock_availability")
    word = told.get("class") if isinstance(told, dict) else ""
    flags = [product.get(name) for name in _FLAGS]
    can_be_bought, in_stock, on_backorder = flags
    # A group itself is never bought, and what another shop sells not here.
    elsewhere = product.get("type") == "external"
    refused = can_be_bought is False and not (elsewhere or is_grouped(product))
    if is_protected or refused or in_stock is False or word == "out-of-stock":
        return Stock.OUT_OF_STOCK
    if elsewhere or is_unnamed or not all(isinstance(flag, bool) for flag in flags):
        return Stock.UNKNOWN
    if on_backorder or word == "available-on-backorder":
        return Stock.BACKORDER
    return Stock.LOW_STOCK if product.get("low_stock_remaining") else Stock.IN_STOCK


def _title(product: Product) -> str:
    name, variation = text_of(product["name"]), product.get("variation")
    return f"{name} – {variation}" if variation and isinstance(variation, str) else name


def _description(product: Product, out: LeftOut) -> str:
    return out.text("text", product.get("short_description")) or out.text(
        "text", product.get("description")
    )


def _brand(product: Product) -> str:
    """The first of its brands; older versions of WooCommerce have none."""
    brands = product.get("brands") or [{}]
    return text_of(brands[0].get("name"))


def _image(product: Product, out: LeftOut) -> dict[str, Any]:
    def first() -> dict[str, Any]:
        image = (product.get("images") or [{}])[0]
        if not isinstance(image, dict):
            raise InvalidOffer(f"{shown(image)} is no picture")
        return image

    return out.read("picture", first, {})
