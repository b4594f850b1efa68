"""Walking through the blocks of a value, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wagtail.blocks import (
    BaseStreamBlock,
    BaseStructBlock,
    Block,
    ListBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
)
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock, TypedTable
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock


def walk(block: Block, value: Any) -> Iterator[tuple[Block, Any]]:
    """Each block below and including `block`, with its value, parents before children."""
    yield block, value
    for child_block, child_value in children(block, value):
        yield from walk(child_block, child_value)


def children(block: Block, value: Any) -> Iterator[tuple[Block, Any]]:
    """The direct children of a value; none for a value that is no collection (or is None)."""
    if isinstance(block, StructBlock):
        if isinstance(value, Mapping):
            for name, child in block.child_blocks.items():
                yield child, value.get(name)
    elif isinstance(block, StreamBlock):
        placed = getattr(value, "placed", None)
        for bound in placed() if placed else value or ():
            yield bound.block, bound.value
    elif isinstance(block, ListBlock):
        for item in value or ():
            yield block.child_block, item
    elif isinstance(block, BaseTypedTableBlock):
        for row in value.rows if isinstance(value, TypedTable) else ():
            for cell in row:
                yield cell.block, cell.value


def stored_blocks(value: StreamValue) -> list[Any]:
    """The blocks of a stream as they are stored: dicts with "type", "value" and "id"."""
    # Wagtail's own view of them takes its time for each; it makes those that lack.
    return [
        value.raw_data[index] if raw is None else raw for index, raw in enumerate(value._raw_data)
    ]


def raw_children(block: Block, raw: Any) -> Iterator[tuple[Block, Any]]:
    """`children` of a value as it is stored: JSON, before any object is fetched."""
    if isinstance(block, StructBlock):
        if isinstance(raw, Mapping):
            for name, child in block.child_blocks.items():
                yield child, raw[name] if name in raw else stored_default(child)
        elif isinstance(block, ImageBlock):
            # It was an ImageChooserBlock when this was stored.
            yield block.child_blocks["image"], raw
    elif isinstance(block, StreamBlock):
        for item in raw or ():
            child = block.child_blocks.get(item["type"])
            if child is not None:
                yield child, item["value"]
    elif isinstance(block, ListBlock):
        for item in raw or ():
            # Lists written before Wagtail 2.16 hold bare values.
            is_wrapped = isinstance(item, Mapping) and item.get("type") == "item"
            yield block.child_block, item["value"] if is_wrapped else item
    elif isinstance(block, BaseTypedTableBlock) and isinstance(raw, Mapping):
        columns = [block.child_blocks.get(column["type"]) for column in raw.get("columns", ())]
        for row in raw.get("rows", ()):
            for child, value in zip(columns, row["values"], strict=False):
                if child is not None:
                    yield child, value


def stored_default(block: Block) -> Any:
    """What stands for a child that was added to a block after a value was stored."""
    return block.get_prep_value(block.get_default())


def page_streams(page: Any) -> Iterator[tuple[StreamBlock, Any]]:
    """The StreamFields of a page with their values, in the order of the model's fields."""
    if page is None or not hasattr(page, "_meta"):
        return
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            yield field.stream_block, getattr(page, field.name)


def definitions(block: Block) -> Iterator[Block]:
    """A block's definition and all below it."""
    yield block
    if isinstance(block, (BaseStructBlock, BaseStreamBlock, BaseTypedTableBlock)):
        for child in block.child_blocks.values():
            yield from definitions(child)
    elif isinstance(block, ListBlock):
        yield from definitions(block.child_block)


def walk_page(page: Any) -> Iterator[tuple[Block, Any]]:
    """Each block of all of a page's StreamFields, with its value."""
    for block, value in page_streams(page):
        yield from walk(block, value)


def page_blocks(model: Any) -> Iterator[Block]:
    """The block definitions at the top level of a page model's StreamFields."""
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            yield from field.stream_block.child_blocks.values()
