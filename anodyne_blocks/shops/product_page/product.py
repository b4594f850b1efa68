"""The product that a page sells, among all that its JSON-LD names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from anodyne_blocks.shops.offer import InvalidOffer, NoPrice
from anodyne_blocks.shops.product_page.data import PageData
from anodyne_blocks.shops.product_page.values import (
    Node,
    address,
    many,
    nodes_of,
    path_of,
    place,
    plain,
    text,
    types,
)

# Product and its subtypes by schema.org's vocabulary of 2026, in small letters.
PRODUCT_TYPES = frozenset(
    "product busorcoach car dietarysupplement drug individualproduct motorcycle motorizedbicycle"
    " productcollection productgroup productmodel someproducts vehicle".split()
)
# Goods that the vocabulary files under creative works. They count where they have offers.
_WORKS = frozenset("book audiobook movie musicalbum musicrelease game videogame map".split())


# So often may a page tell of one product, and so many may it name.
_MAX_TOLD = 20
_MAX_PRODUCTS = 1000


class VariantGone(NoPrice):
    """The page still sells the product, but not the variant that was asked for."""


def find_products(page: PageData, *urls: str) -> list[Node]:
    """The node of the one product that the page at any of `urls` sells; all that tell of it.

    `InvalidOffer` when there is none, or when it is not clear which one: a wrong product's price
    is worse than none. So it is for a page of more than 1,000 products.
    """
    main = [inner for node in page.nodes for inner in many(node.get("mainEntity"))]
    products = _products(main) or _products(page.nodes)
    if not products:
        raise InvalidOffer(_no_product(page))
    if len(products) > _MAX_PRODUCTS:
        raise InvalidOffer(f"the page names {len(products)} products, and not which one it sells")
    # A page may also name products that it only recommends: their addresses are elsewhere.
    at = {place(url) for url in urls}
    here = [node for node in products if not at.isdisjoint(map(place, addresses(page, node)))]
    # Or the same but for its query, host or language.
    paths = {path_of(url) for url in (*urls, *page.alternates.values())} - {""}
    here = here or [n for n in products if not paths.isdisjoint(map(path_of, addresses(page, n)))]
    left = here or [node for node in products if not _says_where(page, node)]
    if not left:
        raise InvalidOffer("the products that the page names are sold at other addresses")
    # Variants that stand beside their group are found again as its own.
    parents = [parent for node in left for parent in nodes_of(node.get("isVariantOf"))]
    if len(left) > 1 and len(parents) == len(left) and len({id(p) for p in parents}) == 1:
        left = parents[:1]
    groups = [node for node in left if "productgroup" in types(node) and has_offers(page, node)]
    left = groups or [node for node in left if node.get("offers")] or left
    names = {plain(node.get("name")).casefold() for node in left[:_MAX_TOLD]}
    if len(names) > 1 or len(left) > _MAX_TOLD:
        raise InvalidOffer(f"the page names {len(left)} products, and not which one it sells")
    # Two plug-ins may describe the same product.
    return left


def variants(page: PageData, group: Node) -> list[Node]:
    """The products that a ProductGroup holds, or that say that they belong to it."""
    return nodes_of(group.get("hasVariant")) or page.members.get(id(group), [])


def has_offers(page: PageData, group: Node) -> bool:
    """Whether a ProductGroup, or a product in it, is sold at all."""
    return any(node.get("offers") for node in [group, *variants(page, group)])


def addresses(page: PageData, node: Node) -> list[str]:
    """What the address that a node says to have may mean."""
    return address(node.get("url"), page.base)


def keys_of(url: str) -> set[str]:
    """The names in an address's query."""
    try:
        return {key for key, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    except ValueError:
        return set()


def _says_where(page: PageData, node: Node) -> bool:
    # The home page is what careless shops write as the address of all they sell.
    return any(path_of(url) for url in addresses(page, node))


def _products(nodes: Iterable[Any]) -> list[Node]:
    found: dict[int, Node] = {id(node): node for node in nodes if isinstance(node, dict)}
    products = [node for node in found.values() if PRODUCT_TYPES & types(node)]
    works = (node for node in found.values() if _WORKS & types(node) and node.get("offers"))
    return products or list(works)


def _no_product(page: PageData) -> str:
    if not page.scripts:
        return "the page holds no JSON-LD: the shop has to add schema.org data for its products"
    if not page.nodes:
        return "the page's JSON-LD cannot be read"
    named = sorted({text(node.get("@type"))[:40] for node in page.nodes} - {""})[:5]
    return "the page's JSON-LD names no Product" + (f", only {', '.join(named)}" if named else "")
