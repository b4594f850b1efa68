"""What the editor's form posts for a page with blocks."""

from __future__ import annotations

from typing import Any

from wagtail import blocks

Data = dict[str, Any]


def posted(block: blocks.Block, value: Any, prefix: str) -> Data:
    """What a block's inputs say."""
    if isinstance(block, blocks.StructBlock):
        return _all(
            posted(child, value[name], f"{prefix}-{name}")
            for name, child in block.child_blocks.items()
        )
    if isinstance(block, (blocks.ListBlock, blocks.StreamBlock)):
        children = value.bound_blocks if isinstance(block, blocks.ListBlock) else list(value)
        return {f"{prefix}-count": len(children)} | _all(
            _item(child, f"{prefix}-{index}", index) for index, child in enumerate(children)
        )
    if isinstance(block, blocks.ChooserBlock):
        return {prefix: "" if value is None else value.pk}
    if isinstance(block, blocks.BooleanBlock):
        return {prefix: "on"} if value else {}
    shown = block.field.prepare_value(block.value_for_form(value))
    return {prefix: block.field.widget.format_value(shown) or ""}


def _item(child: Any, prefix: str, index: int) -> Data:
    own = {"deleted": "", "order": index, "type": child.block.name or "item", "id": child.id or ""}
    data = {f"{prefix}-{name}": part for name, part in own.items()}
    return data | posted(child.block, child.value, f"{prefix}-value")


def _all(parts: Any) -> Data:
    return {key: value for part in parts for key, value in part.items()}


def form_of(page: Any, **changes: Any) -> Data:
    """What the form of a page posts."""
    return {
        "title": page.title,
        "slug": page.slug,
        "seo_title": "",
        "search_description": "",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": "",
        **posted(page.body.stream_block, page.body, "body"),
        **changes,
    }
