"""What a page holds for its readers: blocks of elements, texts and images. Nothing is rendered."""

from __future__ import annotations

from typing import Any

from wagtail.blocks import Block, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock, TypedTable
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from anodyne_blocks.article.own_blocks import said_of
from anodyne_blocks.article.walking import (
    ArticleBlock,
    children,
    page_streams,
    stream_children,
)

# The block of an element with its value, or None with a text (plain or HTML) or a number of images.
Piece = tuple[ArticleBlock | None, Any]


def pieces_of(page: Any) -> list[Piece]:
    """The pieces of a page in reading order.

    The blocks of elements say themselves what they hold; of others all searchable text counts,
    unless it is said which.
    """
    found: list[Piece] = []
    for block, value in page_streams(page):
        _take(block, value, found)
    return found


def _take(block: Block, value: Any, found: list[Piece], in_stream: bool = False) -> None:
    """Append the pieces of a value to those that were found."""
    if value is None:
        return
    if isinstance(block, ArticleBlock):
        found.append((block, value))
    elif (read := said_of(block, in_stream).get("read")) is not None:
        for child, child_value in children(block, value):
            if child.name in read:
                _take(child, child_value, found)
    elif isinstance(block, StreamBlock):
        for bound in stream_children(value):
            if isinstance(bound.block, ArticleBlock):
                # Most are: they are found without a further call.
                found.append((bound.block, bound.value))
            else:
                _take(bound.block, bound.value, found, in_stream=True)
    elif isinstance(block, RichTextBlock):
        found.append((None, value.source))
    elif isinstance(block, (ImageBlock, ImageChooserBlock)):
        found.append((None, 1))
    elif isinstance(block, (StructBlock, ListBlock, BaseTypedTableBlock)):
        if isinstance(value, TypedTable):
            headings = (column["heading"] for column in value.columns)
            found += ((None, text or "") for text in (value.caption, *headings))
        for child, child_value in children(block, value):
            _take(child, child_value, found)
    else:
        found += ((None, text) for text in block.get_searchable_content(value))
