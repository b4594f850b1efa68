"""Structured data: all elements of a page as one schema.org graph, said once and escaped.

It says only what the page shows: nodes are made from the same elements as the HTML. A site replaces
or adds a builder by a dotted path in `ANODYNE_BLOCKS["JSON_LD_BUILDERS"]`.
"""

from anodyne_blocks.json_ld.graph import Graph, JsonLdMixin, page_json_ld, script

__all__ = ["Graph", "JsonLdMixin", "page_json_ld", "script"]
