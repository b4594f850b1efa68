"""The models, as in the how-to guide, and a page whose own block reads what they add."""

from typing import Any, Literal

from django.conf import settings
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page

from anodyne_blocks.blocks import ArticleBody, ElementBlock, ProductChooserBlock
from anodyne_blocks.elements import Element
from anodyne_blocks.fields import ArticleField
from anodyne_blocks.models import AbstractPerson, AbstractProduct, AbstractShopRating


class Product(AbstractProduct):
    """With a note, and a permission of its own."""

    sku_note = models.CharField("note on the article number", max_length=50, blank=True)

    panels = [*AbstractProduct.panels, FieldPanel("sku_note")]

    class Meta(AbstractProduct.Meta):
        permissions = [("audit_product", "Can audit products")]


class Author(AbstractPerson):
    """With an ORCID."""

    orcid = models.CharField("ORCID", max_length=19, blank=True)

    panels = [*AbstractPerson.panels, FieldPanel("orcid")]


class Rating(AbstractShopRating):
    """With the name of the shop's profile."""

    profile = models.CharField("profile", max_length=50, blank=True)

    panels = [*AbstractShopRating.panels, FieldPanel("profile")]


class Note(Element):
    """A product's note, for readers."""

    type: Literal["note"] = "note"
    text: str


class NoteBlock(ElementBlock):
    """A block of the site's that shows what its model adds."""

    product = ProductChooserBlock()

    def resolve(self, value: Any, article: Any) -> Note:
        text = value["product"].sku_note
        return Note(language=article.language, direction=article.direction, text=text)

    class Meta:
        template = "own_models/note.html"


class NotedBody(ArticleBody):
    """All elements, and notes."""

    note = NoteBlock()


class NotedPage(Page):
    """A page that refers to a person by the setting, too."""

    body = ArticleField(NotedBody(), blank=True)
    author = models.ForeignKey(
        settings.ANODYNE_BLOCKS_PERSON_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    content_panels = [*Page.content_panels, FieldPanel("body"), FieldPanel("author")]
    api_fields = [APIField("body")]
