"""The page editor's message about stored content that its blocks cannot read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from wagtail import blocks

from anodyne_blocks.admin.telling import warn
from anodyne_blocks.article.fetching import FetchedChooser
from anodyne_blocks.article.stored import UNREAD, Reading, classes_of
from anodyne_blocks.article.walking import holds_elements, page_streams

# Places that the message lists; a broken import may have thousands.
MOST = 20


def tell(request: HttpRequest, page: Any) -> None:
    """A warning for a page with such content, with its places."""
    places = [
        place
        for block, value in page_streams(page)
        if holds_elements(block)
        for place in unread(block, list(value.raw_data))
    ]
    if not places:
        return
    title = gettext("Some content of this page cannot be read and is left out; saving removes it.")
    lines = [" › ".join(place) for place in places[:MOST]] + ["…"] * (len(places) > MOST)
    warn(request, title, "{}", ((line,) for line in lines))


def unread(block: blocks.Block, raw: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places, in the form's words, of stored values that a block cannot read."""
    classes = classes_of(block)
    if isinstance(block, FetchedChooser):
        is_read = raw is None or block.is_key(raw)
    elif classes is None:
        is_read = True
    else:
        is_read = raw.__class__ in classes and _converts(block, raw)
    if not is_read:
        yield place
        return
    for name, child, part in _parts(block, raw):
        yield from unread(child, part, (*place, name))


def _parts(block: blocks.Block, raw: Any) -> Iterator[tuple[str, blocks.Block, Any]]:
    """(name, block, value) of what is stored one level down."""
    if isinstance(block, blocks.BaseStreamBlock):
        for number, item in enumerate(raw, start=1):
            child = block.child_blocks.get(item["type"])
            if child is not None:
                yield f"{number}. {child.label}", child, item.get("value")
    elif isinstance(block, blocks.ListBlock):
        for number, item in enumerate(raw, start=1):
            is_wrapped = isinstance(item, dict) and item.get("type") == "item"
            yield str(number), block.child_block, item.get("value") if is_wrapped else item
    elif isinstance(block, blocks.BaseStructBlock):
        faults = Reading(block.child_blocks).faults(raw)
        for name, child in block.child_blocks.items():
            if name in raw:
                yield str(child.label), child, _Odd() if name in faults else raw[name]


class _Odd:
    """Stands for a value that its struct refuses: no block reads it."""


def _converts(block: blocks.Block, raw: Any) -> bool:
    """Whether a value without others in it is what its block makes of it: a day, a choice."""
    if raw in (None, "") or isinstance(raw, (list, dict)):
        return True
    if isinstance(block, blocks.ChoiceBlock):
        return block.field.valid_value(raw)
    try:
        return block.to_python(raw) is not None
    except UNREAD:
        return False
