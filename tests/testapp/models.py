"""Pages with the package's own field, and with Wagtail's."""

from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail import VERSION
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page

from anodyne_blocks.article.workflow import AbstractReviewTask
from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.fields import ArticleField

# API v3 writes; it came with Wagtail 8.0.
WRITABLE = {"writable": True} if VERSION >= (8, 0) else {}


class ArticlePage(Page):
    """A page as the package recommends it."""

    body = ArticleField(ArticleBody(), blank=True)
    content_panels = [*Page.content_panels, FieldPanel("body")]
    api_fields = [APIField("body", **WRITABLE)]


class PlainPage(Page):
    """A page with a plain StreamField of the same blocks."""

    body = StreamField(ArticleBody(), blank=True)
    content_panels = [*Page.content_panels, FieldPanel("body")]
    api_fields = [APIField("body", **WRITABLE)]


class PageTag(TaggedItemBase):
    content_object = ParentalKey("TaggedPage", related_name="tagged_items")


class TaggedPage(Page):
    """A page with tags, as Wagtail's own documentation makes them."""

    body = ArticleField(ArticleBody(), blank=True)
    tags = ClusterTaggableManager(through=PageTag, blank=True)
    content_panels = [*Page.content_panels, FieldPanel("tags"), FieldPanel("body")]


class ReviewTask(AbstractReviewTask):
    """A step of a workflow, as a site has one."""
