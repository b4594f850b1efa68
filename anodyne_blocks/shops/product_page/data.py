"""What a web page says about itself in schema.org JSON-LD: its nodes, and its other addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anodyne_blocks.shops.product_page.markup import read_html
from anodyne_blocks.shops.product_page.scripts import linked_nodes, read_script
from anodyne_blocks.shops.product_page.values import Node, nodes_of


@dataclass(frozen=True)
class PageData:
    """The JSON-LD of one page. `scripts` counts the elements that hold any, readable or not.

    `language` is what the page says of itself ("nl", "de-at"), or empty. `alternates` are the
    addresses of the same page by language, `base` is what relative addresses are read against. A
    node that refers to another by its `@id` holds that very node, so nodes may go in circles.
    `members` are the nodes that name a group in `isVariantOf`, by the `id()` of that group.
    """

    nodes: tuple[Node, ...]
    canonical: str
    language: str
    alternates: dict[str, str]
    scripts: int
    base: str
    members: dict[int, list[Node]]


def read_page(body: bytes, url: str, content_type: str = "") -> PageData:
    """The JSON-LD of the HTML page `body` that came from `url`, and its other addresses."""
    html = read_html(body, url, content_type)
    data: list[Any] = [value for script in html.scripts for value in read_script(script)]
    nodes = linked_nodes(data, html.base)
    members: dict[int, list[Node]] = {}
    for node in nodes:
        for group in {id(parent): parent for parent in nodes_of(node.get("isVariantOf"))}:
            members.setdefault(group, []).append(node)
    return PageData(
        nodes=tuple(nodes),
        canonical=html.canonical,
        language=html.language,
        alternates=html.alternates,
        scripts=len(html.scripts),
        base=html.base,
        members=members,
    )
