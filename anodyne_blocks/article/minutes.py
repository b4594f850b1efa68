"""The reading time of an article, from the texts of its blocks; nothing is rendered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wagtail.blocks import Block, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from anodyne_blocks import conf
from anodyne_blocks.article.own_blocks import said_of
from anodyne_blocks.article.reading_time import reading_minutes
from anodyne_blocks.article.walking import ArticleBlock, children, page_streams

if TYPE_CHECKING:
    from anodyne_blocks.article.article import Article


def minutes_of(article: Article) -> int:
    """Whole minutes that an article takes to read; at least 1, also without a page.

    Minutes that an editor set in a block of the page come before the count.
    """
    for block, value, _is_inside in article.placements:
        if minutes := block.set_minutes(value):
            return minutes
    texts: list[str] = []
    images = 0
    for block, value in page_streams(article.page):
        for piece in _pieces(block, value):
            if isinstance(piece, str):
                texts.append(piece)
            else:
                images += piece
    speeds = conf.get("READING_SPEEDS")
    return reading_minutes(texts, article.language, images=images, speeds=speeds)


def _pieces(block: Block, value: Any, in_stream: bool = False) -> Iterator[str | int]:
    """The texts a reader reads, and 1 for each image.

    The blocks of elements say themselves what counts; of others all searchable text does, unless
    it is said which.
    """
    if value is None:
        return
    if isinstance(block, ArticleBlock):
        yield from block.reading_text(value)
        yield block.reading_images(value)
    elif (read := said_of(block, in_stream).get("read")) is not None:
        for child, child_value in children(block, value):
            if child.name in read:
                yield from _pieces(child, child_value)
    elif isinstance(block, RichTextBlock):
        yield value.source
    elif isinstance(block, (ImageBlock, ImageChooserBlock)):
        yield 1
    elif isinstance(block, (StreamBlock, StructBlock, ListBlock)):
        for child, child_value in children(block, value):
            yield from _pieces(child, child_value, isinstance(block, StreamBlock))
    else:
        yield from block.get_searchable_content(value)
