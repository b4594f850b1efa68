"""What a web page says about itself in schema.org JSON-LD: its nodes, and the product it sells."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from anodyne_blocks.shops.offer import InvalidOffer
from anodyne_blocks.shops.text import plain_text

Node = dict[str, Any]

PRODUCT_TYPES = frozenset(
    {"Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts"}
)
# Where a page's main thing may be, below the page's own node.
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage")
_TRACKING = re.compile(
    r"utm_.*|gclid|gbraid|wbraid|fbclid|msclkid|dclid|mc_[ce]id|_ga|_gl|srsltid|yclid|ttclid"
).fullmatch
# Every search begins where the last one ended, so that no page takes long.
_NEXT = re.compile(r"<!--|<script\b|<link\b|<html\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_MAX_TAG = 4096
_CHARSET = re.compile(rb"""charset=["']?([\w-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True)
class PageData:
    """The JSON-LD of one page. `scripts` counts the elements that hold any, readable or not.

    `language` is what the page says of itself ("nl", "de-at"), or empty. `alternates` are the
    addresses of the same page by language. A node that refers to another by its `@id` holds that
    very node, so nodes may go in circles.
    """

    nodes: tuple[Node, ...]
    canonical: str
    language: str
    alternates: dict[str, str]
    scripts: int


def read_page(body: bytes, url: str, content_type: str = "") -> PageData:
    """The JSON-LD of the HTML page `body` that came from `url`, and its other addresses."""
    text = _decoded(body, content_type)
    data: list[Any] = []
    links: dict[str, str] = {}
    spoken = ""
    at = 0
    while found := _NEXT.search(text, at):
        end = text.find("-->" if found[0] == "<!--" else ">", found.end())
        if end == -1:
            break
        at = end + 1
        if found[0] == "<!--":
            continue
        attributes = _attributes(text[found.end() : min(end, found.end() + _MAX_TAG)])
        if found[0].lower() == "<html":
            spoken = spoken or attributes.get("lang", "").strip().lower()
            continue
        if found[0].lower() == "<link":
            kind, language = attributes.get("rel", "").lower(), attributes.get("hreflang", "")
            if kind == "canonical" or (kind == "alternate" and language):
                link = clean_url(attributes.get("href", ""), url)
                links.setdefault("" if kind == "canonical" else language.lower(), link)
            continue
        close = _SCRIPT_END.search(text, at)
        if close is None:
            break
        if attributes.get("type", "").lower().partition(";")[0].strip() == "application/ld+json":
            data.append(_json(text[at : close.start()]))
        at = close.end()
    return PageData(tuple(_nodes(data)), links.pop("", ""), spoken, links, len(data))


def clean_url(url: str, base: str = "") -> str:
    """`url` without fragment, host in small letters, and without what only counts visitors."""
    try:
        parts = urlsplit(urldefrag(urljoin(base, url.strip())).url)
    except ValueError:
        return ""
    query = parts.query
    kept = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not _TRACKING(k)]
    if len(kept) < len(parse_qsl(query, keep_blank_values=True)):
        query = urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", query, ""))


def find_product(page: PageData, *urls: str) -> Node:
    """The node of the one product that the page at any of `urls` sells.

    `InvalidOffer` when there is none, or when it is not clear which one: a wrong product's price
    is worse than none.
    """
    main = [inner for node in page.nodes for inner in many(node.get("mainEntity"))]
    products = _products(main) or _products(page.nodes)
    if not products:
        raise InvalidOffer(_no_product(page))
    # A page may also name products that it only recommends: their addresses are elsewhere.
    said = [n for n in products if is_at(n, *urls)] or [n for n in products if _on_path(n, *urls)]
    left = said or [node for node in products if not node.get("url")] or products
    # Variants that stand beside their group are found again as its own.
    parents = [p for node in left for p in many(node.get("isVariantOf")) if isinstance(p, dict)]
    if len(left) > 1 and len(parents) == len(left) and len({id(p) for p in parents}) == 1:
        left = parents[:1]
    groups = [node for node in left if "ProductGroup" in types(node) and has_offers(page, node)]
    left = groups or [node for node in left if node.get("offers")] or left
    names = {plain_text(text(node.get("name"))).casefold() for node in left}
    if len(names) > 1:
        raise InvalidOffer(f"the page names {len(left)} products, and not which one it sells")
    # Two plug-ins may describe the same product.
    return left[0]


def variants(page: PageData, group: Node) -> list[Node]:
    """The products that a ProductGroup holds, or that say that they belong to it."""
    held = [node for node in many(group.get("hasVariant")) if isinstance(node, dict)]
    return held or [
        node
        for node in page.nodes
        if any(parent is group for parent in many(node.get("isVariantOf")))
    ]


def has_offers(page: PageData, group: Node) -> bool:
    """Whether a ProductGroup, or a product in it, is sold at all."""
    return any(node.get("offers") for node in [group, *variants(page, group)])


def _products(nodes: Iterable[Any]) -> list[Node]:
    return [n for n in nodes if isinstance(n, dict) and PRODUCT_TYPES & types(n)]


def is_at(node: Node, *urls: str) -> bool:
    """Whether the node's own address is one of `urls`."""
    own = text(node.get("url"))
    return bool(own) and _place(urljoin(urls[0], own)) in {_place(url) for url in urls}


def _on_path(node: Node, *urls: str) -> bool:
    own = text(node.get("url")).partition("?")[0]
    return bool(own) and is_at({"url": own}, *(url.partition("?")[0] for url in urls))


def _no_product(page: PageData) -> str:
    if not page.scripts:
        return "the page holds no JSON-LD: the shop has to add schema.org data for its products"
    if not page.nodes:
        return "the page's JSON-LD cannot be read"
    return "the page's JSON-LD names no Product"


def types(node: Mapping[str, Any]) -> set[str]:
    """The names of a node's types, without schema.org's address."""
    return {name(value) for value in many(node.get("@type"))}


def name(value: Any) -> str:
    """ "InStock" for "https://schema.org/InStock", "schema:InStock" and "InStock"."""
    value = value.get("@id") if isinstance(value, dict) else value
    return re.split("[/:#]", value.strip().rstrip("/#"))[-1] if isinstance(value, str) else ""


def many(value: Any) -> list[Any]:
    """A property's values: JSON-LD writes one value, or a list of them."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """The first text of a property; empty when it has none."""
    for one in many(value):
        one = one.get("@value") if isinstance(one, dict) else one
        if isinstance(one, (str, int, Decimal)) and not isinstance(one, bool):
            return str(one).strip()
    return ""


def _place(url: str) -> str:
    """An address as far as it tells pages apart."""
    return clean_url(url).partition("://")[2].rstrip("/").removeprefix("www.")


def _decoded(body: bytes, content_type: str) -> str:
    found = _CHARSET.search(content_type.encode()) or _CHARSET.search(body[:2048])
    try:
        return body.decode(found[1].decode() if found else "utf-8", "replace")
    except (LookupError, ValueError):
        # No codec, or one that is none for text.
        return body.decode("utf-8", "replace")


_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


def _attributes(tag: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(tag)
    return {key.lower(): html.unescape(a or b or c) for key, a, b, c in found}


def _json(script: str) -> Any:
    script = script.strip().removeprefix("//<![CDATA[").removesuffix("//]]>")
    try:
        # Line breaks inside texts are a common mistake, and harmless.
        return json.loads(script, parse_float=Decimal, parse_constant=str, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(data: list[Any]) -> list[Node]:
    """The nodes that stand for themselves, in all of a page's scripts."""
    _link(data)
    found: list[Node] = []
    seen: set[int] = set()
    waiting = list(data)
    for node in waiting:  # which grows meanwhile
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict) and id(node) not in seen:
            seen.add(id(node))
            found.append(node)
            waiting += [inner for key in _INSIDE for inner in many(node.get(key))]
    return found


def _link(data: list[Any]) -> None:
    """Put the node itself wherever one is only referred to."""
    known: dict[str, Node] = {}
    holders: list[Any] = [data]
    for holder in holders:  # which grows meanwhile
        if isinstance(holder, dict) and (key := _key(holder)) and not _is_reference(holder):
            known.setdefault(key, holder)
        inner = holder.values() if isinstance(holder, dict) else holder
        holders += [value for value in inner if isinstance(value, (dict, list))]
    for holder in holders:
        for at, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(value, dict) and _is_reference(value):
                holder[at] = known.get(_key(value), value)


def _key(node: Node) -> str:
    key = node.get("@id")
    return key if isinstance(key, str) else ""


def _is_reference(node: Node) -> bool:
    return node.keys() <= {"@id", "@type"}
