"""What listings show of an article, without its body."""

from __future__ import annotations

from typing import Any

from anodyne_blocks.article import Article
from anodyne_blocks.blocks.people import reading_time_element
from anodyne_blocks.blocks.text import StandfirstBlock
from anodyne_blocks.elements import Standfirst, Teaser


class TeaserMixin:
    """For page models: `page.teaser`, and `APIField("teaser", serializer=ElementField(Teaser))`.

    The image is the page's `json_ld_image`, if it has one.
    """

    @property
    def teaser(self) -> Teaser:
        """Standfirst, reading time and lead image of the page's article."""
        article = Article.for_page(self)
        image: Any = getattr(self, "json_ld_image", None)
        return Teaser(
            standfirst=_standfirst(article),
            reading_time=reading_time_element(article),
            image=image,
        )


def _standfirst(article: Article) -> str:
    with article.speaking():
        for block, value, _is_inside in article.placements:
            element = (
                article.element(block, value) if isinstance(block, StandfirstBlock) else None
            )
            if isinstance(element, Standfirst):
                return element.text
    return ""
