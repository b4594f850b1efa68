"""What listings show of an article, without its body."""

from __future__ import annotations

from typing import Any

from anodyne_blocks.article import Article
from anodyne_blocks.blocks.byline import reading_time_element
from anodyne_blocks.blocks.text import StandfirstBlock
from anodyne_blocks.elements import Standfirst, Teaser


class TeaserMixin:
    """For page models: `page.teaser`, and `APIField("teaser", serializer=ElementField(Teaser))`.

    The image is the page's `json_ld_image`, if it has one.
    """

    @property
    def teaser(self) -> Teaser:
        """Standfirst, reading time and lead image of the page's article."""
        return teaser_of(self)


def teaser_of(page: Any) -> Teaser:
    """What a listing shows of a page."""
    article = Article.for_page(page)
    return Teaser(
        standfirst=_standfirst(article),
        reading_time=reading_time_element(article),
        image=getattr(page, "json_ld_image", None),
    )


def _standfirst(article: Article) -> str:
    with article.speaking():
        for block, value, _is_inside in article.placements:
            element = article.element(block, value) if isinstance(block, StandfirstBlock) else None
            if isinstance(element, Standfirst):
                return element.text
    return ""
