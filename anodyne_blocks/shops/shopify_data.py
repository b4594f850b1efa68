"""What Shopify's Storefront API is asked, and how its products become offers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from anodyne_blocks.pricing.goods import Condition, Stock
from anodyne_blocks.shops import reading
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer, check_url
from anodyne_blocks.shops.variants import Known, Variant

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

# The API refuses longer pages; a product's further variants are asked for by these.
MAX_PAGE = 250
# Variants that come with each product: as many as nearly all have.
VARIANTS = 100

PRODUCT = "gid://shopify/Product/"
VARIANT = "gid://shopify/ProductVariant/"

_CONTEXT = "@inContext(country: $country, language: $language)"
_DECLARED = "$country: CountryCode, $language: LanguageCode"
# What the answer is really in: Shopify falls back silently where it does not publish a language.
_SPOKEN = "localization { language { isoCode } }"
# Google's sales channel keeps the condition of used goods so, for products and for variants.
_CONDITION = 'condition: metafield(namespace: "mm-google-shopping", key: "condition") { value }'
_VARIANT_FIELDS = f"""
fragment Variant on ProductVariant {{
  id title sku barcode availableForSale currentlyNotInStock
  quantityRule {{ minimum }}
  price {{ amount currencyCode }}
  compareAtPrice {{ amount currencyCode }}
  unitPrice {{ amount }}
  unitPriceMeasurement {{ referenceValue referenceUnit }}
  {_CONDITION}
}}
"""
_PRODUCT_FIELDS = f"""
fragment Product on Product {{
  id handle title description(truncateAt: 5000) onlineStoreUrl createdAt requiresSellingPlan
  featuredImage {{ ...Image }}
  rating: metafield(namespace: "reviews", key: "rating") {{ value }}
  ratingCount: metafield(namespace: "reviews", key: "rating_count") {{ value }}
  {_CONDITION}
}}
fragment Image on Image {{ url(transform: {{ maxWidth: 1600 }}) altText }}
"""
_SOLD = f"""
fragment Sold on Product {{
  ...Product
  variants(first: {VARIANTS}) {{ nodes {{ ...Variant }} pageInfo {{ hasNextPage endCursor }} }}
}}
"""
_FRAGMENTS = _SOLD + _PRODUCT_FIELDS + _VARIANT_FIELDS
LIST = f"""
query Catalogue($first: Int!, $after: String, $query: String, {_DECLARED}) {_CONTEXT} {{
  products(first: $first, after: $after, query: $query, sortKey: CREATED_AT) {{
    nodes {{ ...Sold }}
    pageInfo {{ hasNextPage endCursor }}
  }}
  {_SPOKEN}
}}
{_FRAGMENTS}"""
SEARCH = f"""
query Search($first: Int!, $text: String!, {_DECLARED}) {_CONTEXT} {{
  search(query: $text, first: $first, types: [PRODUCT], prefix: LAST, unavailableProducts: LAST) {{
    nodes {{ ... on Product {{ ...Sold }} }}
  }}
  {_SPOKEN}
}}
{_FRAGMENTS}"""
MORE_VARIANTS = f"""
query Variants($id: ID!, $after: String, {_DECLARED}) {_CONTEXT} {{
  product(id: $id) {{
    variants(first: {MAX_PAGE}, after: $after) {{
      nodes {{ ...Variant }} pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}
{_VARIANT_FIELDS}"""

# Shopify's units under the codes of the merchant feed, where these differ in more than case.
UNITS = {"FLOZ": "floz", "ITEM": "ct", "M2": "sqm", "M3": "cbm", "FT2": "sqft", "UNKNOWN": ""}
# The only languages that Shopify tells apart by region.
_REGIONAL = {
    "pt-br": "PT_BR", "pt-pt": "PT_PT", "zh-cn": "ZH_CN", "zh-tw": "ZH_TW",
    "zh-hans": "ZH_CN", "zh-hant": "ZH_TW", "zh-sg": "ZH_CN", "zh-hk": "ZH_TW", "zh-mo": "ZH_TW",
}  # fmt: skip


def by_id(handles: int) -> str:
    """The query for global ids, and for as many handles besides.

    `sold` says whether the channel publishes anything.
    """
    declared = "".join(f"$h{n}: String!, " for n in range(handles))
    asked = "\n".join(f"  h{n}: product(handle: $h{n}) {{ ...Sold }}" for n in range(handles))
    return f"""
query Products($ids: [ID!]!, {declared}{_DECLARED}) {_CONTEXT} {{
  nodes(ids: $ids) {{
    ... on Product {{ ...Sold }}
    ... on ProductVariant {{ ...Variant image {{ ...Image }} product {{ ...Product }} }}
  }}
{asked}
  sold: products(first: 1) {{ nodes {{ id }} }}
  {_SPOKEN}
}}
{_FRAGMENTS}"""


def context(market: Market) -> dict[str, str]:
    """Country and language of `market` as variables of a query."""
    language = market.language.lower()
    # "zh-hant-hk" as "zh-hant".
    code = _REGIONAL.get(language) or _REGIONAL.get("-".join(language.split("-")[:2]))
    code = code or language.partition("-")[0].upper()
    return {"language": code} | ({"country": market.country.upper()} if market.country else {})


def speaks(data: Mapping[str, Any], market: Market) -> bool:
    """Whether the texts of an answer are in the market's language."""
    spoken = data["localization"]["language"]["isoCode"]
    asked = context(market)["language"]
    if asked.startswith("ZH_"):
        # Two scripts, and not everybody reads both.
        return spoken in (asked, "ZH")
    return asked.partition("_")[0] == spoken.partition("_")[0]


def number(node: Any, kind: str = VARIANT) -> str:
    """The number in the global id of a variant, or of another `kind`."""
    found = re.fullmatch(f"{kind}([0-9]{{1,19}})", str(node["id"]))
    if not found:
        raise InvalidOffer(f"{str(node['id'])[:80]!r} is no id of Shopify")
    return found[1]


def read_variant(node: dict[str, Any], own: str) -> Variant:
    """A variant with its price."""
    price = _amount(node["price"])
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
    notes: list[str] | None = None,
) -> ShopOffer:
    """A product of the Storefront API as an offer of the variant that its card prices.

    `only`: the offer is of the one variant that is given, which its title then names. `speaks`:
    whether its texts are in the market's language.
    """
    notes = [] if notes is None else notes
    if reading.flag(product["requiresSellingPlan"]):
        raise InvalidOffer("it is sold by subscription only, so its price is not all that one owes")
    variant, is_from = reading.chosen(variants, known)
    node = variant.data
    least = node["quantityRule"]["minimum"]
    if type(least) is not int or least > 1:
        raise InvalidOffer(
            f"it is sold by {str(least)[:20]} at least, and its price is that of one"
        )
    name = reading.plain(product["title"])
    # A product without a choice has one variant, with this very name in every language.
    if only and name and node["title"] != "Default Title":
        name = f"{name} – {reading.plain(node['title'])}"

    def read(datum: str, reader: Callable[[], Any], default: Any = "") -> Any:
        return reading.optional(notes, datum, reader, default)

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
        url=read("address", lambda: _address(url(variant.number))),
        price=variant.price,
        list_price=read("list price", lambda: _list_price(node), None),
        currency=node["price"]["currencyCode"],
        tax_included=tax_included,
        unit_price=unit_price,
        unit_measure=measure,
        variant=variant.number,
        sku=read("sku", lambda: reading.words(node["sku"])),
        gtin=read("gtin", lambda: reading.gtin(node["barcode"])),
        condition=read("condition", lambda: _condition(node) or _condition(product)),
        is_from=is_from,
        availability=read("availability", lambda: _availability(node), Stock.UNKNOWN),
        rating=rating,
        rating_count=count,
        image_url=image_url,
        image_alt=image_alt if speaks else "",
        notes=" ".join(notes),
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


def _amount(money: dict[str, Any]) -> Decimal:
    amount = money["amount"]
    if not isinstance(amount, str) or not re.fullmatch(r"\d{1,18}(\.\d{1,18})?", amount):
        raise InvalidOffer(f"price {str(amount)[:80]!r} is no amount")
    return Decimal(amount)


def _list_price(node: dict[str, Any]) -> Decimal | None:
    money = node["compareAtPrice"]
    if money is None:
        return None
    if money["currencyCode"] != node["price"]["currencyCode"]:
        raise InvalidOffer("it is in another currency than the price")
    return _amount(money)


def _availability(node: dict[str, Any]) -> Stock:
    if not reading.flag(node["availableForSale"]):
        return Stock.OUT_OF_STOCK
    missing = reading.flag(node["currentlyNotInStock"])
    return Stock.BACKORDER if missing else Stock.IN_STOCK


def _condition(node: dict[str, Any]) -> str:
    if node["condition"] is None:
        return ""
    said = reading.words(node["condition"]["value"]).strip().lower()
    if said not in [condition.value for condition in Condition]:
        raise InvalidOffer(f"{said[:80]!r} is none")
    return said


def _address(url: Any) -> str:
    url = reading.words(url)
    check_url("url", url)
    return url


def _image(image: Any) -> tuple[str, str]:
    if image is None:
        return "", ""
    return reading.words(image["url"]), reading.plain(image["altText"])


def _unit_price(node: dict[str, Any]) -> tuple[Decimal | None, str]:
    if node["unitPrice"] is None or node["unitPriceMeasurement"] is None:
        return None, ""
    measurement = node["unitPriceMeasurement"]
    unit = reading.words(measurement["referenceUnit"])
    unit = UNITS.get(unit, unit.lower())
    quantity = measurement["referenceValue"]
    if type(quantity) is not int or quantity < 1:
        raise InvalidOffer(f"{str(quantity)[:20]!r} is no quantity")
    return (_amount(node["unitPrice"]), f"{quantity} {unit}") if unit else (None, "")


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
