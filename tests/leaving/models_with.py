"""The site's page, with the package."""

from wagtail.models import Page

from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.fields import ArticleField


class ArticlePage(Page):
    body = ArticleField(ArticleBody(), blank=True)
