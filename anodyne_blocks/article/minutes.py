"""The reading time of an article, from the texts of its blocks; nothing is rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anodyne_blocks import conf
from anodyne_blocks.article.reading_time import reading_minutes

if TYPE_CHECKING:
    from anodyne_blocks.article.article import Article


def minutes_of(article: Article) -> int:
    """Whole minutes that an article takes to read; at least 1, also without a page.

    Minutes that an editor set in a block of the page come before the count.
    """
    for block, value, _is_inside in article.placements:
        if minutes := block.set_minutes(value):
            return minutes
    texts, images = read_in(article)
    speeds = conf.get("READING_SPEEDS")
    return reading_minutes(texts, article.language, images=images, speeds=speeds)


def read_in(article: Article) -> tuple[list[str], int]:
    """What is read of an article: its texts (plain or HTML) and the number of its images."""
    texts: list[str] = []
    images = 0
    for owner, piece in article.pieces:
        if owner is not None:
            texts.extend(owner.reading_text(piece))
            images += owner.reading_images(piece)
        elif isinstance(piece, str):
            texts.append(piece)
        else:
            images += piece
    return texts, images
