"""Notices that many pages show: a disclaimer is changed in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as in_admin_language
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import RevisionMixin
from wagtail.search import index

from anodyne_blocks.models.translated import Translated

if TYPE_CHECKING:
    from typing_extensions import Self


class Notice(Translated, RevisionMixin, index.Indexed, models.Model):
    """A notice with its versions, in each language of the site; pages show the newest at once."""

    class Kind(models.TextChoices):
        INFORMATION = "information", in_admin_language("reader", "Good to know")
        CAUTION = "caution", in_admin_language("reader", "Caution")
        DOCTOR = "doctor", in_admin_language("reader", "See a doctor")
        DISCLOSURE = "disclosure", in_admin_language("reader", "Disclosure")

    name = models.CharField(
        _("name"), max_length=100, help_text=_("For editors; readers do not see it.")
    )
    kind = models.CharField(
        _("Kind"), max_length=12, choices=Kind.choices, default=Kind.INFORMATION
    )
    heading = models.CharField(_("Heading"), max_length=150, blank=True)
    text = RichTextField(_("text"), features=["bold", "italic", "ol", "ul", "link"])
    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="anodyne_notice",
        for_concrete_model=False,
    )

    untranslated_fields = ("name",)
    running_text = "text"

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    panels = [FieldPanel("name"), FieldPanel("kind"), FieldPanel("heading"), FieldPanel("text")]

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("heading"),
        index.FilterField("locale"),
    ]

    class Meta(Translated.Meta):
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def fetched_texts(self) -> list[str]:
        """Rich texts as they are stored, of this notice and the fetched translations."""
        versions: Any = (self.fetched_translations or {}).values()
        return [version.text for version in (*versions, self)]
