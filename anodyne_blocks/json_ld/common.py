"""What several builders need: own words, rich text as words, people and organisations."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.html import strip_tags

from anodyne_blocks.elements import Credit, Element

if TYPE_CHECKING:
    from anodyne_blocks.json_ld.graph import Graph, Node

_BREAK = re.compile(r"</(p|li|h\d)>|<br/?>")


def own_words(element: Element, name: str) -> Any:
    """A field's words, where they are in the element's language: a graph says no others."""
    other = getattr(element, "other_language", None)
    return "" if other is not None and name in other.fields else getattr(element, name)


def plain(html: str) -> str:
    """Rich text as the words that a reader reads."""
    return " ".join(unescape(strip_tags(_BREAK.sub(" ", html))).split())


def credit(given: Credit, graph: Graph) -> Node:
    """An author or reviewer as a node."""
    kind = "Person" if given.kind == "person" else "Organization"
    node = graph.node(graph.own_id(given.key), kind, name=given.name)
    graph.put(
        node,
        url=graph.absolute(given.url),
        sameAs=[address for address in given.same_as if address],
    )
    return node
