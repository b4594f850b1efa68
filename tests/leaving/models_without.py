"""The site's page, without the package: texts stay, in blocks of Wagtail's own."""

from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page


class ArticlePage(Page):
    body = StreamField(
        [
            ("heading", blocks.StructBlock([("text", blocks.CharBlock())])),
            ("paragraph", blocks.StructBlock([("text", blocks.RichTextBlock())])),
        ],
        blank=True,
    )
