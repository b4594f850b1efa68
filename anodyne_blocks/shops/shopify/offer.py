"""Products of Shopify's Storefront API as offers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from anodyne_blocks.pricing.goods import ItemCondition, Stock
from anodyne_blocks.shops import reading
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.reading import LeftOut
from anodyne_blocks.shops.variants import Known, Variant

PRODUCT = "gid://shopify/Product/"
VARIANT = "gid://shopify/ProductVariant/"
# Shopify's units under the codes of the merchant feed, where these differ in more than case.
UNITS = {"FLOZ": "floz", "ITEM": "ct", "M2": "sqm", "M3": "cbm", "FT2": "sqft", "UNKNOWN": ""}


def number(node: Any, kind: str = VARIANT) -> str:
    """The number in the global id of a variant, or of another `kind`."""
    found = re.fullmatch(f"{kind}([0-9]{{1,19}})", str(node["id"]))
    if not found:
        raise InvalidOffer(f"{str(node['id'])[:80]!r} is no id of Shopify")
    return found[1]


def read_variant(node: dict[str, Any], own: str) -> Variant:
    price = reading.amount_of(node["price"]["amount"])
    # A shop that says nothing readable of its stock does not sell it for sure.
    can_be_bought = node.get("availableForSale") is True
    return Variant(own, price, can_be_bought, node)


def read_offer(
    external_id: str,
    product: dict[str, Any],
    variants: list[Variant],
    known: Known | None = None,
    *,
    only: bool = False,
    url: Callable[[str], str] = lambda variant: "",
    tax_included: bool | None = None,
    speaks: bool = True,
    out: LeftOut,
) -> ShopOffer:
    """A product of the Storefront API as an offer of the variant that its card prices.

    `only`: the offer is of the one variant that is given, which its title then names. `speaks`:
    whether its texts are in the market's language.
    """
    if reading.flag(product["requiresSellingPlan"]):
        raise InvalidOffer("it is sold by subscription only, so its price is not all that one owes")
    variant, is_from = reading.chosen(variants, known)
    node, read = variant.data, out.read
    least = node["quantityRule"]["minimum"]
    if type(least) is not int or least > 1:
        raise InvalidOffer(
            f"it is sold by {str(least)[:20]} at least, and its price is that of one"
        )
    name = reading.plain(product["title"])
    # A product without a choice has one variant, with this very name in every language.
    if only and name and node["title"] != "Default Title":
        name = f"{name} – {reading.plain(node['title'])}"

    image_url, image_alt = read(
        "picture",
        lambda: _image((only and node.get("image")) or product["featuredImage"]),
        ("", ""),
    )
    description = read("description", lambda: reading.plain(product["description"]))
    unit_price, measure = read("unit price", lambda: _unit_price(node), (None, ""))
    rating, count = read("rating", lambda: _rating(product), (None, None))
    return ShopOffer(
        external_id=external_id,
        title=name if speaks else "",
        name=name,
        description=description if speaks else "",
        url=read("address", lambda: reading.url_of("url", url(variant.number))),
        price=variant.price,
        list_price=read("list price", lambda: _list_price(node), None),
        currency=node["price"]["currencyCode"],
        tax_included=tax_included,
        unit_price=unit_price,
        unit_measure=measure,
        variant=variant.number,
        sku=out.text("sku", node.get("sku")),
        gtin=read("gtin", lambda: reading.gtin(node["barcode"])),
        condition=read("condition", lambda: _condition(node) or _condition(product)),
        is_from=is_from,
        brand=read("brand", lambda: reading.plain(product["vendor"])),
        availability=read("availability", lambda: _availability(node), Stock.UNKNOWN),
        rating=rating,
        rating_count=count,
        image_url=image_url,
        image_alt=image_alt if speaks else "",
        notes=out.notes,
    )


def ids_in(body: dict[str, Any]) -> tuple[str, ...]:
    """Every id under which the product of a webhook may be known; none for another object."""
    gid = str(body.get("admin_graphql_api_id", ""))
    # A deleted product is only a number.
    if not gid.startswith(PRODUCT) and set(body) != {"id"}:
        return ()
    own = str(body["id"])
    variants = [str(variant["admin_graphql_api_id"]) for variant in body.get("variants") or []]
    single = [reading.variant_id(own, gid.removeprefix(VARIANT)) for gid in variants]
    ids = [own, f"{PRODUCT}{own}", str(body.get("handle") or ""), *variants, *single]
    return tuple(filter(None, ids))


def _list_price(node: dict[str, Any]) -> Decimal | None:
    money = node["compareAtPrice"]
    if money is None:
        return None
    if money["currencyCode"] != node["price"]["currencyCode"]:
        raise InvalidOffer("it is in another currency than the price")
    return reading.amount_of(money["amount"])


def _availability(node: dict[str, Any]) -> Stock:
    if not reading.flag(node["availableForSale"]):
        return Stock.OUT_OF_STOCK
    missing = reading.flag(node["currentlyNotInStock"])
    return Stock.BACKORDER if missing else Stock.IN_STOCK


def _condition(node: dict[str, Any]) -> str:
    if node["condition"] is None:
        return ""
    said = reading.text_of(node["condition"]["value"]).strip().lower()
    if said not in [condition.value for condition in ItemCondition]:
        raise InvalidOffer(f"{said[:80]!r} is none")
    return said


def _image(image: Any) -> tuple[str, str]:
    if image is None:
        return "", ""
    return reading.text_of(image["url"]), reading.plain(image["altText"])


def _unit_price(node: dict[str, Any]) -> tuple[Decimal | None, str]:
    if node["unitPrice"] is None or node["unitPriceMeasurement"] is None:
        return None, ""
    measurement = node["unitPriceMeasurement"]
    unit = reading.text_of(measurement["referenceUnit"])
    unit = UNITS.get(unit, unit.lower())
    quantity = measurement["referenceValue"]
    if type(quantity) is not int or quantity < 1:
        raise InvalidOffer(f"{str(quantity)[:20]!r} is no quantity")
    return (
        (reading.amount_of(node["unitPrice"]["amount"]), f"{quantity} {unit}")
        if unit
        else (None, "")
    )


def _rating(product: dict[str, Any]) -> tuple[Decimal | None, int | None]:
    """Rating of 5 and count, from metafields that review apps fill; None for what they leave."""
    if product["rating"] is None:
        return None, None
    value = json.loads(product["rating"]["value"])
    rating = Decimal(value["value"]) * 5 / Decimal(value["scale_max"])
    count = int(product["ratingCount"]["value"]) if product["ratingCount"] else None
    if count == 0 or not rating:
        return None, None
    if not 0 < rating <= 5:
        raise InvalidOffer(f"{value['value']!r} of {value['scale_max']!r} is none")
    return rating, count
