"""The magazine's two kinds of page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language_info, override
from grapple.models import GraphQLStreamfield, GraphQLString
from wagtail import VERSION
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail_headless_preview.models import HeadlessPreviewMixin

from anodyne_blocks.api.fields import ElementField, JsonLdField
from anodyne_blocks.api.graphql_fields import GraphQLElement, GraphQLJsonLd
from anodyne_blocks.article import Article, date_of, image_element
from anodyne_blocks.blocks import ArticleBody, TeaserMixin, reading_time_element
from anodyne_blocks.elements import Image, Teaser
from anodyne_blocks.fields import ArticleField
from anodyne_blocks.json_ld import JsonLdMixin
from anodyne_blocks.panels import ArticlePanel
from example_site.magazine.content import labels

SHOP_URL = "https://shop.atlas-axis.example/"


class MagazinePage(Page):
    """What every page of the magazine needs around its content."""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # Of an alias, those of the page whose text it shows.
        article = Article.for_page(self, request)
        language = self.locale.language_code
        return {
            **super().get_context(request, *args, **kwargs),
            "language": article.language,
            "labels": labels(article.language),
            "languages": self.languages(request),
            "home_url": f"/{language}/",
            "direction": article.direction,
            "shop_url": f"{SHOP_URL}{language}",
            "canonical_url": article.address,
        }

    def languages(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Each language in its own name, with this page's translation or else its front page."""
        translations = {
            page.locale.language_code: page
            for page in self.get_translations(inclusive=True).live().select_related("locale")
        }
        return [
            {
                "code": code,
                "name": name,
                "url": (
                    translations[code].get_url(request) if code in translations else f"/{code}/"
                ),
                "direction": "rtl" if get_language_info(code)["bidi"] else "ltr",
                "current": code == self.locale.language_code,
                "is_home": code not in translations or bool(translations[code].alias_of_id),
            }
            for code, name in settings.LANGUAGES
        ]

    class Meta:
        abstract = True


class FrontPage(MagazinePage):
    """The front page of one language."""

    tagline = models.CharField(max_length=200, blank=True)
    intro = models.TextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("tagline"), FieldPanel("intro")]
    subpage_types = ["magazine.ArticlePage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        articles = ArticlePage.objects.child_of(self).live().order_by("-first_published_at")
        return {
            **super().get_context(request, *args, **kwargs),
            "articles": [article.summary(request) for article in articles],
        }


class ArticlePage(HeadlessPreviewMixin, TeaserMixin, JsonLdMixin, MagazinePage):
    """An article."""

    kicker = models.CharField(max_length=40, blank=True)
    lead_image = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lead_image_alt = models.CharField(max_length=300, blank=True)
    body = ArticleField(ArticleBody(), blank=True)

    content_panels = [
        FieldPanel("kicker"),
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("lead_image"), FieldPanel("lead_image_alt")], "Lead image"),
        ArticlePanel(),
        FieldPanel("body"),
    ]
    api_fields = [
        APIField("kicker"),
        APIField("lead", serializer=ElementField(Image)),
        APIField("teaser", serializer=ElementField(Teaser)),
        # API v3 writes; it came with Wagtail 8.0.
        APIField("body", **({"writable": True} if VERSION >= (8, 0) else {})),
        APIField("json_ld", serializer=JsonLdField()),
    ]
    graphql_fields = [
        GraphQLString("kicker"),
        GraphQLElement("lead", Image),
        GraphQLElement("teaser", Teaser),
        GraphQLStreamfield("body"),
        GraphQLJsonLd(),
    ]
    preview_modes = [("", "This site"), ("headless", "The headless front end")]
    parent_page_types = ["magazine.FrontPage"]

    @property
    def json_ld_image(self) -> Any:
        """The image that search engines show."""
        return self.lead

    @property
    def json_ld_ratios(self) -> Any:
        """The same image in the ratios that they ask for."""
        return image_element(self.lead_image, "search", self.lead_image_alt)

    @property
    def lead(self) -> Any:
        """The lead image as an element, or None."""
        return image_element(self.lead_image, "figure", self.lead_image_alt)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """The site's own preview, or else that of the front end."""
        if mode_name == "headless":
            return super().serve_preview(request, mode_name)
        return Page.serve_preview(self, request, mode_name)

    def summary(self, request: HttpRequest) -> dict[str, Any]:
        """What the front page and the end of other articles show of this article."""
        context = Article.for_page(self, request)
        date = date_of(self.first_published_at, context.language)
        with override(context.language):
            time = reading_time_element(context)
        standfirst = self.body.first_block_by_name("standfirst")
        return {
            "url": self.get_url(request),
            "title": self.title,
            "kicker": self.kicker,
            "standfirst": standfirst.value["text"] if standfirst else "",
            "image": self.lead,
            "date": date.formatted,
            "date_iso": date.iso,
            "reading_time": time.text,
        }

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        others = ArticlePage.objects.sibling_of(self, inclusive=False).live()
        return {
            **super().get_context(request, *args, **kwargs),
            "lead_image": self.lead,
            "more": [
                article.summary(request) for article in others.order_by("-first_published_at")[:3]
            ],
        }
