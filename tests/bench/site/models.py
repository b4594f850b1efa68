"""The baselines: naive blocks that print the same HTML, and a page of ready strings.

A site's developer who knows Wagtail, and not this package, would write the naive ones so: texts
and prices lie ready in a snippet, nothing is computed.
"""

from __future__ import annotations

from django.db import models
from django.utils.safestring import SafeString, mark_safe
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page

from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.fields import ArticleField
from tests.bench.site.naive import NaiveBody
from tests.testapp.models import ArticlePage


def _image() -> models.ForeignKey:
    return models.ForeignKey(get_image_model_string(), on_delete=models.CASCADE, related_name="+")


class NaiveProduct(models.Model):
    """A product as one shop sells it, in one language."""

    title = models.CharField(max_length=255)
    description = models.TextField()
    url = models.URLField()
    image = _image()
    image_alt = models.CharField(max_length=255)
    state = models.CharField(max_length=12)
    availability = models.CharField(max_length=50)
    amount = models.DecimalField(max_digits=9, decimal_places=2)
    prior_amount = models.DecimalField(max_digits=9, decimal_places=2)
    currency = models.CharField(max_length=3)
    price = models.CharField(max_length=20)
    prior_price = models.CharField(max_length=20)
    percent = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.title


class NaivePerson(models.Model):
    """A reviewer."""

    name = models.CharField(max_length=150)
    credentials = models.CharField(max_length=100)
    job_title = models.CharField(max_length=150)
    organisation = models.CharField(max_length=150)
    bio = RichTextField()
    photo = _image()

    def __str__(self) -> str:
        return self.name


class NaivePage(Page):
    """An article of naive blocks."""

    body = StreamField(NaiveBody())
    template = ArticlePage.template
    api_fields = [APIField("body")]


class ReadyPage(Page):
    """The floor: strings that are ready, joined."""

    strings = models.JSONField(default=list, blank=True)
    template = ArticlePage.template

    @property
    def body(self) -> SafeString:
        """What the template prints as the body."""
        return mark_safe("".join(self.strings))


class GraphPage(Page):
    """An article whose template writes its structured data too."""

    body = ArticleField(ArticleBody(), blank=True)
    template = "bench_site/graph_page.html"
