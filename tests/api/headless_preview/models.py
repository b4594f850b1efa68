"""A page whose preview is the front end's."""

from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail_headless_preview.models import HeadlessPreviewMixin

from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.fields import ArticleField


class PreviewedPage(HeadlessPreviewMixin, Page):
    """As in the how-to guide."""

    body = ArticleField(ArticleBody(), blank=True)
    content_panels = [*Page.content_panels, FieldPanel("body")]
    api_fields = [APIField("body")]
