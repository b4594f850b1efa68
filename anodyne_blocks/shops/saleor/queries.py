"""What Saleor is asked: GraphQL for its versions from 3.21 on."""

from __future__ import annotations

from collections.abc import Mapping

_VARIABLES = "$channel: String!, $language: LanguageCodeEnum!, $address: AddressInput"
# `variants` is deprecated, but gives all of them; `productVariants` gives pages of a hundred.
_FRAGMENTS = """
fragment Product on Product {
  ...Texts
  variants { ...Variant }
}
fragment Texts on Product {
  id name slug description rating isAvailableForPurchase availableForPurchaseAt
  translation(languageCode: $language) { name slug description }
  thumbnail(size: 1024) { url alt }
  pricing(address: $address) { displayGrossPrices }
}
fragment Variant on ProductVariant {
  id name sku trackInventory
  translation(languageCode: $language) { name }
  quantityAvailable(address: $address)
  preorder { endDate }
  pricing(address: $address) {
    price { ...Taxed } priceUndiscounted { ...Taxed } pricePrior { ...Taxed }
  }
}
fragment Taxed on TaxedMoney {
  currency
  gross { fractionalAmount fractionDigits }
  net { fractionalAmount fractionDigits }
}
"""
# Saleor answers about a channel that is misspelt or switched off as if it were empty.
_CHANNEL = """  open: channel(slug: $channel) { slug }
  sold: products(first: 1, channel: $channel) { edges { node { id } } }"""
LIST = f"""
query Catalogue($first: Int!, $after: String, $search: String, {_VARIABLES}) {{
  products(first: $first, after: $after, search: $search, channel: $channel) {{
    edges {{ node {{ ...Product }} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
{_CHANNEL}
}}
{_FRAGMENTS}"""
_ASKED = {
    "id": ("ID!", "product(id: {}, channel: $channel) {{ ...Product }}"),
    "slug": ("String!", "product(slug: {}, channel: $channel) {{ ...Product }}"),
    "variant": (
        "ID!",
        "productVariant(id: {}, channel: $channel) {{ ...Variant product {{ ...Texts }} }}",
    ),
}


def by_id(kinds: Mapping[str, str]) -> str:
    """The query for these aliases: each a product by its "id" or "slug", or a "variant" by its id.

    Not by a filter of the list, which leaves out what is hidden from listings.
    """
    declared = "".join(f"${alias}: {_ASKED[kind][0]}, " for alias, kind in kinds.items())
    asked = "\n".join(
        f"  {alias}: " + _ASKED[kind][1].format(f"${alias}") for alias, kind in kinds.items()
    )
    return f"\nquery Products({declared}{_VARIABLES}) {{\n{asked}\n{_CHANNEL}\n}}\n{_FRAGMENTS}"
