"""Anchors that last: what a live page's anchors mean is kept, in the blocks themselves.

Before a page is published its anchors follow the words. When it is, each is stored in its block's
child `anchor`. A block is known again by its place: the id that Wagtail gave to it, or to what it
stands in. So a reworded, moved or duplicated block takes no other one's address.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail.blocks import Block, ListBlock, StreamBlock

from anodyne_blocks.article.outline import Outline, slug_of
from anodyne_blocks.article.walking import (
    ArticleBlock,
    children,
    definitions,
    page_streams,
    placements,
    stored_in,
    stream_children,
)


def has_anchors(block: Block) -> bool:
    """Whether a block or one inside it keeps anchors."""
    return any(
        isinstance(below, ArticleBlock) and type(below).anchored is not ArticleBlock.anchored
        for below in definitions(block)
    )


def keep_anchors(page: Any, before: Any = None) -> None:
    """Store the anchors of a page that is about to be live; `before` is it as it is live now."""
    if not stored_in(page, has_anchors):
        return
    published = _published(before) if before is not None else {}
    owners = _owners(page)
    lasting = []
    for place, owner in owners:
        anchor = published.get(place)
        # Another anchor was typed by an editor, who wants it.
        if anchor and owner.get("anchor") in ("", None, anchor):
            lasting.append((owner, anchor))
    taken = {anchor for _owner, anchor in lasting}
    kept = {id(owner) for owner, _anchor in lasting}
    for _place, owner in owners:
        if id(owner) not in kept and slug_of(owner.get("anchor") or "") in taken:
            # A copy of another block: it has the anchor of its own words.
            owner["anchor"] = ""
    outline = Outline.with_lasting(placements(page), lasting)
    for _place, owner in owners:
        owner["anchor"] = outline.anchor(owner, "")


def _published(page: Any) -> dict[str, str]:
    """{place: anchor} of a page as it is live."""
    outline = Outline.of(placements(page))
    return {place: outline.anchor(owner, "") for place, owner in _owners(page) if place}


def _owners(page: Any) -> list[tuple[str, Any]]:
    """(place, value) of what keeps its anchor; a place is "" where nothing has an id."""
    return [found for block, value in page_streams(page) for found in _owners_in(block, value, "")]


def _owners_in(block: Block, value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(block, ArticleBlock):
        for owner, item_id in block.anchored(value):
            if "anchor" in owner:
                yield item_id or place, owner
    if isinstance(block, StreamBlock):
        for bound in stream_children(value):
            yield from _owners_in(bound.block, bound.value, bound.id or "")
    elif isinstance(block, ListBlock):
        for bound in getattr(value, "bound_blocks", ()):
            yield from _owners_in(block.child_block, bound.value, bound.id or "")
    else:
        for child, child_value in children(block, value):
            yield from _owners_in(child, child_value, place and f"{place}/{child.name}")
