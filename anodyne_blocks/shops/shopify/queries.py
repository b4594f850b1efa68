"""What Shopify's Storefront API is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.languages import is_language_of

# The API refuses longer pages; a product's further variants are asked for by these.
MAX_PAGE = 250
# Variants that come with each product: as many as nearly all have.
VARIANTS = 100

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
  id handle title description(truncateAt: 5000) vendor onlineStoreUrl createdAt requiresSellingPlan
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
    return is_language_of(data["localization"]["language"]["isoCode"], market)
