"""The graph of one page, and how it is written into HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, urljoin

from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe

from anodyne_blocks import conf
from anodyne_blocks.article import Article
from anodyne_blocks.conf import page_model
from anodyne_blocks.elements import Element, Image
from anodyne_blocks.json_ld import builders

Node = dict[str, Any]
Builder = Callable[[Any, "Graph"], None]

# No content may end the script element or open a comment in it; JSON reads these as the same.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


class Graph:
    """The nodes of one page by `@id`, in the order in which they were first named.

    `page` is the WebPage and `article` the Article that it shows; builders fill them and add nodes
    of their own with `node`. `url` is "" for a page outside any site: ids are of the document then.
    """

    def __init__(self, context: Article, url: str) -> None:
        self.context = context
        self.url = url
        self.nodes: dict[str, Node] = {}
        self.page = self.node(url or self.own_id("page"), conf.get("JSON_LD_PAGE_TYPE"))
        self.article = self.node(self.own_id("article"), conf.get("JSON_LD_ARTICLE_TYPE"))

    def id(self, name: str) -> str:
        """The `@id` of what has this anchor in the page's HTML."""
        return f"{self.url}#{name}"

    def own_id(self, name: str) -> str:
        """The `@id` of a thing without an anchor: none of those holds a slash."""
        return f"{self.url}#/{quote(name, safe='')}"

    def node(self, node_id: str, node_type: str, **properties: Any) -> Node:
        """The node with this `@id`, made if need be; empty properties are left out."""
        node = self.nodes.setdefault(node_id, {"@type": node_type, "@id": node_id})
        self.put(node, **properties)
        return node

    def put(self, node: Node, **properties: Any) -> None:
        """Set properties that say something: None, "" and empty lists do not."""
        for name, value in properties.items():
            if value not in (None, "", [], ()):
                node[name] = value

    def add(self, node: Node, name: str, value: Any) -> None:
        """Append to a list property, unless it is there already."""
        values = node.setdefault(name, [])
        if value not in values:
            values.append(value)

    def ref(self, node: Node) -> Node:
        """A reference to a node."""
        return {"@id": node["@id"]}

    def absolute(self, url: str) -> str:
        """An address as seen from the page."""
        return urljoin(self.url, url) if url else ""

    def image(self, image: Image | None) -> Node | None:
        """An image in its largest size. schema.org's widths are distances: a number and a unit."""
        return self.sizes(image)[-1] if image is not None else None

    def sizes(self, image: Image) -> list[Node]:
        """An image in each of its sizes."""
        return [
            {
                "@type": "ImageObject",
                "url": self.absolute(size.url),
                "width": f"{size.width} px",
                "height": f"{size.height} px",
            }
            for size in image.sizes
        ]

    def take(self, page: Any, elements: Iterable[Element]) -> None:
        """Let the page's builder and each element's say what they have to say."""
        own = conf.get("JSON_LD_BUILDERS")
        known = {**builders.BUILDERS, **{name: import_string(own[name]) for name in own}}
        known["page"](page, self)
        for element in elements:
            if element.type in known:
                known[element.type](element, self)

    def as_dict(self) -> Node:
        """The whole graph, ready for JSON."""
        return {"@context": "https://schema.org", "@graph": list(self.nodes.values())}


def page_json_ld(page: Any, request: Any = None) -> Node:
    """The graph of a page: the page, the article, and what its elements tell."""
    if not isinstance(page, page_model()):
        raise TypeError(f"Structured data are of a page, and this is none: {page!r}.")
    article = Article.for_page(page, request)
    graph = Graph(article, article.address)
    graph.take(page, article.elements())
    return graph.as_dict()


class JsonLdMixin:
    """For page models: `page.json_ld()`, and `APIField("json_ld")` in Wagtail's API."""

    def json_ld(self, request: Any = None) -> dict[str, Any]:
        """The page's graph, as the template tag writes it."""
        return page_json_ld(self, request)

    def graphql_json_ld(self, info: Any) -> dict[str, Any]:
        """The same for grapple, which calls methods with the query; see `GraphQLJsonLd`."""
        return self.json_ld(info.context)


def script(graph: Node) -> SafeString:
    """A graph as a script element that no content can leave."""
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    # Escaped above: JSON in a script element knows no HTML entities.
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308
