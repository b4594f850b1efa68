"""One page for all blocks: a peer's, naive ones, and strings that are ready."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.safestring import mark_safe
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from tests.bench.site.naive import NaiveBody


class NaiveProduct(models.Model):
    """What the naive card prints."""

    title = models.CharField(max_length=255)
    description = models.TextField()
    url = models.URLField()
    image = models.ForeignKey(get_image_model_string(), on_delete=models.CASCADE, related_name="+")
    image_alt = models.CharField(max_length=255)
    state = models.CharField(max_length=12, default="in_stock")
    availability = models.CharField(max_length=50, default="In stock")
    price = models.CharField(max_length=20, default="€39.75")
    prior_price = models.CharField(max_length=20, default="€53.00")
    percent = models.PositiveSmallIntegerField(default=25)

    def __str__(self) -> str:
        return self.title


class PlainCardBlock(blocks.StructBlock):
    """What a peer's card says, by Wagtail alone: no product, no price, one picture size."""

    image = ImageChooserBlock()
    title = blocks.CharBlock()
    text = blocks.RichTextBlock()
    url = blocks.URLBlock()

    class Meta:
        template = "bench_peers/plain_card.html"


OTHERS = {"plain_card": PlainCardBlock(), **settings.BENCH_PEER.blocks()}


class BlocksPage(Page):
    """Blocks of any kind."""

    body = StreamField(NaiveBody(list(OTHERS.items())), blank=True)
    template = "bench_peers/page.html"


class ReadyPage(Page):
    """The floor."""

    strings = models.JSONField()
    template = "bench_peers/page.html"

    @property
    def body(self) -> str:
        """What the template prints."""
        return mark_safe("".join(self.strings))
