"""Products of Shopware's Store API as offers: which variant, the price of one piece, what stock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, TypeGuard
from urllib.parse import quote

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import reading
from anodyne_blocks.shops.offer import MAX_MEASURE, InvalidOffer, ShopOffer
from anodyne_blocks.shops.reading import LeftOut, moment_of, number_of, plain, shown, text_of
from anodyne_blocks.shops.variants import Known, Variant

Product = dict[str, Any]

_BOUGHT = (Stock.IN_STOCK, Stock.PREORDER, Stock.BACKORDER)
_STEP = Decimal("0.0001")
# A quotient may be told with four decimals as long as it stays true to a thousandth.
_TRUE = Decimal("0.001")


@dataclass(frozen=True)
class Context:
    """What makes the shop answer for one market, and what it then answers in.

    `inherits`: whether texts may come from another language that this one builds upon.
    """

    headers: dict[str, str]
    currency: str
    tax_included: bool
    inherits: bool = False


def read_offer(
    external_id: str,
    product: Product,
    variants: Sequence[Product],
    context: Context,
    *,
    address: Callable[[str], str],
    known: Known | None = None,
) -> ShopOffer:
    """A product as an offer, priced by one of `variants` if it only holds variants together.

    `address` makes one of a path.
    """
    out = LeftOut()
    own, is_from = product, False
    if variants:
        chosen, is_from = reading.chosen([_variant(one) for one in variants], known)
        own = chosen.data
    price, least = _price(own)
    if least > 1:
        out.say(f"At least {least} pieces must be bought.")
    stock, available_from = _stock(own, out)
    titles = [_text("name", product, context), *_options(product, out)]
    name = _joined([text_of(product["translated"]["name"]), *_options(product, out)])
    media = out.read("picture", lambda: (product.get("cover") or {}).get("media") or {}, {})
    alt = out.read("picture's text", lambda: (media.get("translated") or {}).get("alt"), "")
    rating = out.read("rating", lambda: number_of(product.get("ratingAverage") or 0), Decimal(0))
    unit_price, measure = out.read("unit price", lambda: _unit_price(price, own), (None, ""))

    def amount(name: str, field: str) -> Decimal | None:
        return out.read(name, lambda: _amount(price.get(field)), None)

    return ShopOffer(
        external_id=external_id,
        title=plain(_joined(titles)) if titles[0] else "",
        name=plain(name),
        description=out.read("text", lambda: _text("description", product, context), ""),
        url=address(_path(own, out)),
        price=number_of(price["unitPrice"]),
        list_price=amount("list price", "listPrice"),
        shop_prior_price=amount("prior price", "regulationPrice"),
        currency=context.currency,
        tax_included=context.tax_included,
        unit_price=unit_price,
        unit_measure=measure,
        variant=own["id"],
        sku=out.text("sku", own.get("productNumber")),
        gtin=out.read("gtin", lambda: reading.gtin(own.get("ean"))),
        is_from=is_from,
        brand=out.read("brand", lambda: _manufacturer(product)),
        availability=stock,
        available_from=available_from,
        rating=rating or None,
        image_url=out.url("picture", out.read("picture", lambda: media.get("url"), "")),
        image_alt=plain(out.text("picture's text", alt)),
        notes=out.notes,
    )


def is_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(re.fullmatch("[0-9a-f]{32}", value))


def is_holder(product: Product) -> bool:
    """Whether it only holds variants together, each of which is a product."""
    count = product.get("childCount")
    return type(count) is int and count > 0


def _variant(product: Product) -> Variant:
    """A variant with its price; `InvalidOffer` and the like where it cannot be read."""
    price = number_of(_price(product)[0]["unitPrice"])
    can_be_bought = _stock(product, LeftOut())[0] in _BOUGHT
    return Variant(product["id"], price, can_be_bought, product)


def _price(product: Product) -> tuple[dict[str, Any], int]:
    """The price of one piece, and how many one has to buy.

    Prices by quantity stand in for the product's price; each holds up to its own quantity.
    """
    least = _least(product)
    tiers = product.get("calculatedPrices")
    if tiers is None or tiers == []:
        return product["calculatedPrice"], least
    if not isinstance(tiers, list):
        raise InvalidOffer(f"{shown(tiers)} are no prices by quantity")
    tiers = sorted(tiers, key=lambda one: number_of(one["quantity"]))
    if tiers[0]["quantity"] < 1:
        raise InvalidOffer("a price for no piece is none")
    return next((one for one in tiers if one["quantity"] >= least), tiers[-1]), least


def _least(product: Product) -> int:
    """How many pieces one has to buy."""
    least = product.get("minPurchase")
    return least if type(least) is int and least > 1 else 1


def _amount(of: Any) -> Decimal | None:
    # A regulation price of 0 is one that nobody has filled in.
    return number_of(of["price"]) or None if of is not None else None


def _unit_price(price: Mapping[str, Any], product: Product) -> tuple[Decimal | None, str]:
    reference = price.get("referencePrice")
    if reference is None:
        return None, ""
    unit = ((product.get("unit") or {}).get("translated") or {}).get("shortCode")
    quantity = number_of(reference["referenceUnit"]).normalize()
    measure = f"{quantity:f} {text_of(unit or reference['unitName'])}"
    amount = number_of(reference["price"])
    rounded = amount.quantize(_STEP)
    if len(measure) > MAX_MEASURE or quantity <= 0:
        # A unit may have any name; one that does not fit is none that a reader knows.
        raise InvalidOffer(f"{shown(measure)} is no measure")
    return rounded if abs(rounded - amount) <= amount * _TRUE else amount, measure


def _stock(product: Product, out: LeftOut) -> tuple[Stock, datetime | None]:
    """Whether it can be bought, and from when it is delivered."""
    available = product.get("available")
    if available is False:
        return Stock.OUT_OF_STOCK, None
    if available is not True:
        return Stock.UNKNOWN, None
    release = out.read("release date", lambda: moment_of(product.get("releaseDate")), None)
    if release and release > datetime.now(timezone.utc):
        return Stock.PREORDER, release
    left = product.get("availableStock")
    if left is not None and type(left) is not int:
        return Stock.UNKNOWN, None
    # What stays for sale when none is left is ordered for the buyer.
    return (
        Stock.BACKORDER if left is not None and left < _least(product) else Stock.IN_STOCK
    ), None


def _text(field: str, product: Product, context: Context) -> str:
    """A text in the market's language, else empty.

    `translated` falls back to the shop's first language, and the field itself is then null; but so
    it is where a variant has the text of the product that it belongs to.
    """
    is_untold = field in product and product[field] is None
    if is_untold and not (product.get("parentId") or context.inherits):
        return ""
    return text_of(product["translated"].get(field))


def _options(product: Product, out: LeftOut) -> list[str]:
    def names() -> list[str]:
        options = product.get("options") or []
        return [text_of(option["translated"]["name"]) for option in options]

    return [", ".join(filter(None, out.read("option", names, [])))]


def _manufacturer(product: Product) -> str:
    found = product.get("manufacturer")
    return plain(found["translated"]["name"]) if found is not None else ""


def _path(product: Product, out: LeftOut) -> str:
    """Where the product is, in the channel's language; its canonical path before others."""

    def path() -> str:
        urls = [one for one in product.get("seoUrls") or [] if not one.get("isDeleted")]
        urls.sort(key=lambda one: one.get("isCanonical") is not True)
        return text_of(urls[0]["seoPathInfo"]) if urls else ""

    found = out.read("path", path, "") or f"detail/{product['id']}"
    return quote(found.lstrip("/"), safe="/%:;,+=&?@!$'()*~")


def _joined(parts: Sequence[str]) -> str:
    return " – ".join(filter(None, parts))
