"""Headings in a rich text that a client of API v3 writes back: they keep their key and anchor.

Wagtail takes a written text through its editor's format, in which a heading is new each time. Then
a heading that a client rewords is no longer the one that was published.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate_models import Block
from wagtail.admin.rich_text.converters.editor_html import WhitelistRule
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    BLOCK_KEY_NAME,
    BlockElementHandler,
)

from anodyne_blocks.article.headings import STORED

# What a written anchor is called on its way. A stored one must not get into the editor, in which
# it would be pasted along.
_WRITTEN = "data-anodyne-written"
_KEY = re.compile("[A-Za-z0-9]{1,32}")


def register(features: Any) -> None:
    """Teach it the features h1 to h6, where nobody else has changed Wagtail's own."""
    cleaning = features.converter_rules_by_converter.get("editorhtml", {})
    converting = features.converter_rules_by_converter.get("contentstate", {})
    for name in ("h1", "h2", "h3", "h4", "h5", "h6"):
        rule = converting.get(name, {})
        handler = rule.get("from_database_format", {}).get(name)
        blocks = rule.get("to_database_format", {}).get("block_map", {})
        if name not in cleaning or type(handler) is not BlockElementHandler:
            continue
        kind = handler.block_type
        if blocks != {kind: name}:
            continue
        features.register_converter_rule("editorhtml", name, [WhitelistRule(name, _clean)])
        features.register_converter_rule(
            "contentstate",
            name,
            {
                "from_database_format": {name: _HeadingHandler(kind)},
                "to_database_format": {"block_map": {kind: partial(_printed, name)}},
            },
        )


def _clean(tag: Any) -> None:
    """Leave a written heading nothing but its key and anchor."""
    key, anchor = tag.attrs.get(BLOCK_KEY_NAME, ""), tag.attrs.get(STORED, "")
    kept = {BLOCK_KEY_NAME: key if _KEY.fullmatch(key) else "", _WRITTEN: anchor}
    tag.attrs = {name: value for name, value in kept.items() if value}


class _HeadingHandler(BlockElementHandler):
    def create_block(self, name: str, attrs: Any, state: Any, contentstate: Any) -> Block:
        block = _Heading(self.block_type, state.list_depth, attrs.get(BLOCK_KEY_NAME))
        block.anchor = attrs.get(_WRITTEN, "")
        # The editor loses one of two blocks that have the same key.
        keys = vars(contentstate).setdefault("anodyne_keys", set())
        if block.key in keys:
            block.key = Block(self.block_type).key
        keys.add(block.key)
        return block


class _Heading(Block):
    anchor = ""

    def as_dict(self) -> dict[str, Any]:
        said: dict[str, Any] = super().as_dict()
        return {**said, "data": {"anchor": self.anchor}} if self.anchor else said


def _printed(name: str, props: Any) -> Any:
    anchor = (props["block"].get("data") or {}).get("anchor")
    return DOM.create_element(name, {STORED: anchor} if anchor else {}, props["children"])
