"""Products of Saleor's API as offers: which variant, gross or net, for whom it can be bought."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import reading
from anodyne_blocks.shops.offer import InvalidOffer, NoPrice, ShopOffer
from anodyne_blocks.shops.reading import (
    LeftOut,
    minor_amount_of,
    moment_of,
    number_of,
    plain,
    shown,
    text_of,
)
from anodyne_blocks.shops.variants import Known, Variant

Node = dict[str, Any]


def read_offer(
    external_id: str,
    product: Node,
    variants: list[Node],
    *,
    address: Callable[[str], str],
    speaks: bool = True,
    known: Known | None = None,
    names_variant: bool = False,
) -> ShopOffer:
    """A product of Saleor's API as an offer in the language that its `translation` was asked for.

    `variants` are those to choose from, `address` gives that of one. `speaks`: whether the shop's
    own texts are in that language, and then stand in for it. `names_variant`: whether the offer is
    of the variant alone.
    """
    out = LeftOut()
    priced = [found for one in variants if (found := _variant(one, product))]
    if not any(variant.price for variant in priced):
        raise NoPrice("the product has no price in this channel")
    chosen, is_from = reading.chosen(priced, known)
    variant, price = chosen.data, chosen.data["pricing"]["price"]
    displays = _displays_gross(product)
    stock, available_from = _stock(variant, product, out)
    image = out.read("picture", lambda: dict(product.get("thumbnail") or {}), {})
    rating = out.read("rating", lambda: number_of(product.get("rating") or 0), Decimal(0))
    title = _translated("name", product, speaks)
    name = title or text_of(product["name"])
    if names_variant:
        option = _translated("name", variant, speaks)
        title = " – ".join([title, option]) if title and option else ""
        name = " – ".join(filter(None, [name, option or text_of(variant.get("name"))]))

    def amount(name: str, field: str) -> Decimal | None:
        taxed = variant["pricing"].get(field)
        return out.read(name, lambda: _amount(taxed) if taxed is not None else None, None)

    return ShopOffer(
        external_id=external_id,
        title=plain(title),
        name=plain(name),
        description=out.read(
            "text", lambda: _words(_translated("description", product, speaks)), ""
        ),
        url=address(chosen.number),
        price=chosen.price,
        list_price=amount("list price", "priceUndiscounted"),
        shop_prior_price=amount("prior price", "pricePrior"),
        currency=price["currency"],
        tax_included=True if price["gross"] != price["net"] else displays,
        variant=chosen.number,
        sku=out.text("sku", variant.get("sku")),
        is_from=is_from,
        availability=stock,
        available_from=available_from,
        # Saleor takes any number for a rating.
        rating=rating if 0 < rating <= 5 else None,
        image_url=out.url("picture", image.get("url")),
        image_alt=plain(out.text("picture's text", image.get("alt"))) if speaks else "",
        notes=out.notes,
    )


def _variant(variant: Node, product: Node) -> Variant | None:
    """A variant that has a price in the channel; `InvalidOffer` where it cannot be read."""
    if kind_of(variant["id"]) != "ProductVariant":
        raise InvalidOffer(f"{shown(variant['id'])} is no variant's id")
    pricing = variant["pricing"]
    if pricing is None or pricing["price"] is None:
        return None
    stock, _ = _stock(variant, product, LeftOut())
    can_be_bought = stock in (Stock.IN_STOCK, Stock.PREORDER)
    return Variant(variant["id"], _amount(pricing["price"]), can_be_bought, variant)


def _displays_gross(product: Node) -> bool | None:
    pricing = product.get("pricing")
    displays = pricing.get("displayGrossPrices") if isinstance(pricing, dict) else None
    return displays if isinstance(displays, bool) else None


def _amount(taxed: Node) -> Decimal:
    """The gross amount, which is what consumers pay. Without a known tax it is the net one."""
    gross, net = (
        minor_amount_of(taxed[name]["fractionalAmount"], taxed[name]["fractionDigits"])
        for name in ("gross", "net")
    )
    if gross < net or taxed["gross"]["fractionDigits"] != taxed["net"]["fractionDigits"]:
        raise InvalidOffer(f"{gross} and {net} is no gross and net amount")
    return gross


def _stock(variant: Node, product: Node, out: LeftOut) -> tuple[Stock, datetime | None]:
    """Whether a buyer in the market gets this variant, and from when."""
    is_sold = product.get("isAvailableForPurchase")
    if is_sold is False:
        value = product.get("availableForPurchaseAt")
        moment = out.read("date of sale", lambda: moment_of(value), None)
        if moment and moment > datetime.now(timezone.utc):
            return Stock.LATER, moment
        return Stock.OUT_OF_STOCK, None
    quantity = variant.get("quantityAvailable", False)
    if is_sold is not True or isinstance(quantity, bool) or not isinstance(quantity, int | None):
        return Stock.UNKNOWN, None
    if preorder := variant.get("preorder"):
        end = out.read("date of sale", lambda: moment_of(preorder["endDate"]), None)
        return (Stock.OUT_OF_STOCK, None) if quantity == 0 else (Stock.PREORDER, end)
    # Null, and what is not counted, is never sold out.
    if quantity == 0 and variant.get("trackInventory") is not False:
        return Stock.OUT_OF_STOCK, None
    return Stock.IN_STOCK, None


def _translated(field: str, node: Node, speaks: bool) -> str:
    translation = node.get("translation")
    translated = translation.get(field) if isinstance(translation, dict) else None
    own = node.get(field) if speaks else None
    return text_of(translated) or text_of(own)


def _words(document: str) -> str:
    """The words of a text of Editor.js, which is JSON in a string with HTML in it."""
    if not document:
        return ""
    return " ".join(_texts([block["data"] for block in json.loads(document)["blocks"]]))


def _texts(data: Any) -> Iterator[str]:
    """The texts of blocks, and of lists within lists, in their order."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)
    elif isinstance(data, dict):
        for name in ("text", "content", "items"):
            yield from _texts(data.get(name))


def kind_of(global_id: object) -> str:
    """ "Product" or "ProductVariant" for such a global id: base64 of "Product:" and a number.

    Empty for any other, and for a number that Saleor's database cannot hold: to these it answers
    with an error.
    """
    try:
        name = base64.b64decode(str(global_id), validate=True).decode()
    except ValueError:
        return ""
    found = re.fullmatch("(Product|ProductVariant):[0-9]{1,9}", name)
    return found[1] if found else ""
