"""How a product of Vendure's Shop API becomes an offer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import languages, reading
from anodyne_blocks.shops.amounts import decimals
from anodyne_blocks.shops.back_end import Priced
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer

_STOCK = {
    "IN_STOCK": Stock.IN_STOCK,
    "LOW_STOCK": Stock.LOW_STOCK,
    "OUT_OF_STOCK": Stock.OUT_OF_STOCK,
}


def read_offer(
    priced: Priced,
    *,
    language: str,
    tax_included: bool,
    fields: tuple[str, str, str],
    precision: int | None,
) -> ShopOffer:
    """A product as an offer.

    `language` is Vendure's code of the market's. `fields` are the custom fields of a variant's list
    price, a product's rating and the number of ratings.
    """
    product, variant, out = priced.product, priced.variant, priced.out
    node, read = variant.data, out.read
    name = reading.plain(product["name"])
    options = reading.entries(node["options"]) if priced.only else []
    if priced.only and name:
        chosen = " / ".join(reading.plain(option["name"]) for option in options)
        name += " – " + (chosen or reading.plain(node["sku"]))
    is_translated = read("text", lambda: _is_in(language, product), False)
    speaks = is_translated and read(
        "title", lambda: all(_is_in(language, option) for option in options), False
    )
    list_price_field, rating_field, count_field = fields
    rating, count = read("rating", lambda: _rating(product, rating_field, count_field), (None,) * 2)
    return ShopOffer(
        external_id=priced.external_id,
        title=name if speaks else "",
        name=name,
        description=out.text("description", product.get("description")) if is_translated else "",
        url=priced.url,
        price=variant.price,
        list_price=read("list price", lambda: _struck(node, list_price_field, precision), None),
        currency=node["currencyCode"],
        tax_included=tax_included,
        variant=variant.number,
        sku=out.text("sku", node.get("sku")),
        is_from=priced.is_from,
        availability=read("availability", lambda: stock(node), Stock.UNKNOWN),
        rating=rating,
        rating_count=count,
        image_url=read("picture", lambda: _picture(product)),
        notes=out.notes,
    )


def stock(node: dict[str, Any]) -> Stock:
    """A variant's stock as the shop displays it: by words, or by the exact number."""
    level = node["stockLevel"]
    if not isinstance(level, str):
        raise InvalidOffer(f"{str(level)[:80]!r} is none")
    if level.isdecimal():
        return Stock.IN_STOCK if level.strip("0") else Stock.OUT_OF_STOCK
    return _STOCK.get(level, Stock.UNKNOWN)


def amount(minor: Any, currency: str, precision: int | None) -> Decimal:
    """A price of `precision` decimals, or of as many as the currency has."""
    if precision is None:
        precision = decimals(currency)
        if precision != 2:
            raise InvalidOffer(f"prices in {currency} need the option precision")
    return reading.minor_amount_of(minor, precision)


def _is_in(language: str, text: dict[str, Any]) -> bool:
    """Whether a translatable object is in that language; else Vendure answers in another."""
    return languages.is_same(reading.text_of(text["languageCode"]), language)


def _struck(node: dict[str, Any], field: str, precision: int | None) -> Decimal | None:
    if not field or node["customFields"][field] is None:
        return None
    return amount(node["customFields"][field], node["currencyCode"], precision)


def _rating(
    product: dict[str, Any], rating_field: str, count_field: str
) -> tuple[Decimal | None, int | None]:
    if not rating_field or product["customFields"][rating_field] is None:
        return None, None
    rating = product["customFields"][rating_field]
    count = product["customFields"][count_field] if count_field else None
    return (reading.number_of(rating), count) if rating else (None, None)


def _picture(product: dict[str, Any]) -> str:
    asset = product["featuredAsset"]
    return "" if asset is None else reading.text_of(asset["preview"])
