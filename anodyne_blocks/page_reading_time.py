"""The reading time of a page, from the texts of its blocks; nothing is rendered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail.blocks import Block, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from anodyne_blocks import conf
from anodyne_blocks.reading_time import reading_minutes
from anodyne_blocks.walk import children, page_streams, walk_page


def page_minutes(page: Any, language: str) -> int:
    """Whole minutes that the article of a page takes to read; at least 1, also for None.

    Minutes that an editor set in a reading time block of the page come before the count.
    """
    from anodyne_blocks.blocks.people import ReadingTimeBlock

    texts: list[str] = []
    images = 0
    for block, value in walk_page(page):
        if isinstance(block, ReadingTimeBlock) and value.get("minutes"):
            return int(value["minutes"])
    for block, value in page_streams(page):
        for piece in _pieces(block, value):
            if isinstance(piece, str):
                texts.append(piece)
            else:
                images += piece
    return reading_minutes(texts, language, images=images, speeds=conf.get("READING_SPEEDS"))


def _pieces(block: Block, value: Any) -> Iterator[str | int]:
    """The texts a reader reads, and 1 for each image.

    The package's elements say themselves what counts; of other blocks all searchable text does.
    """
    from anodyne_blocks.blocks.base import ElementBlock

    if value is None:
        return
    if isinstance(block, ElementBlock):
        yield from block.reading_text(value)
        yield block.reading_images(value)
    elif isinstance(block, RichTextBlock):
        yield value.source
    elif isinstance(block, (ImageBlock, ImageChooserBlock)):
        yield 1
    elif isinstance(block, (StreamBlock, StructBlock, ListBlock)):
        for child, child_value in children(block, value):
            yield from _pieces(child, child_value)
    else:
        yield from block.get_searchable_content(value)
