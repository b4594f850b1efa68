"""People who write and review articles. A site may have a model of its own."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.search import index

from anodyne_blocks import clock, conf
from anodyne_blocks.models.images import PictureChooser
from anodyne_blocks.models.translated import Translated

if TYPE_CHECKING:
    from typing_extensions import Self

    from anodyne_blocks.models.reviews import Review


class AbstractPerson(Translated, index.Indexed, models.Model):
    """Someone with a name to answer for an article: an author or a reviewer.

    A translatable snippet: job title and biography are in the language of the page.
    """

    name = models.CharField(_("name"), max_length=150)
    credentials = models.CharField(
        _("credentials"),
        max_length=100,
        blank=True,
        help_text=_("Behind the name, for example “MSc” or “MD, PhD”."),
    )
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    organisation = models.CharField(_("organisation"), max_length=150, blank=True)
    working_since = models.PositiveSmallIntegerField(
        _("working in the field since"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1930)],
        help_text=_("A year. Pages show the years of experience, which then never go out of date."),
    )
    bio = RichTextField(_("biography"), blank=True, features=["bold", "italic", "link"])
    photo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    profile_page = models.ForeignKey(
        getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"),
        verbose_name=_("profile page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    profile_url = models.URLField(
        _("profile address"),
        blank=True,
        help_text=_("Where the profile is on another site."),
    )
    links = StreamField(
        [
            (
                "link",
                blocks.StructBlock(
                    [("text", blocks.CharBlock(max_length=80)), ("url", blocks.URLBlock())],
                    icon="link",
                ),
            )
        ],
        verbose_name=_("proof of identity"),
        blank=True,
        help_text=_("Pages elsewhere that prove who this is: a public register, a university."),
    )
    licence_number = models.CharField(_("licence number"), max_length=60, blank=True)

    # Laid here by fetching: {id of a page: what is recorded of its review by this person}.
    fetched_reviews: dict[Any, list[Review]] | None = None
    # A picture for previews, in place of an image of the library.
    sample_photo: Any = None

    untranslated_fields = ("name", "licence_number")
    running_text = "bio"

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    panels = [
        MultiFieldPanel(
            ["name", "credentials", FieldPanel("photo", widget=PictureChooser)], _("Name")
        ),
        MultiFieldPanel(["job_title", "organisation", "working_since", "bio"], _("Work")),
        MultiFieldPanel(["profile_page", "profile_url", "links", "licence_number"], _("Proof")),
    ]

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("job_title"),
        index.SearchField("organisation"),
        index.FilterField("locale"),
    ]

    class Meta(Translated.Meta):
        abstract = True
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.credentials) if part)

    def clean(self) -> None:
        super().clean()
        if self.profile_page_id and self.profile_url:
            raise ValidationError(
                {"profile_url": _("Choose a profile page or give an address, not both.")}
            )
        if self.working_since and self.working_since > clock.today().year:
            raise ValidationError({"working_since": _("This year has not begun yet.")})

    def years_of_experience(self, today: datetime.date) -> int:
        """Whole years since `working_since`; 0 where it is not known."""
        return max(0, today.year - self.working_since) if self.working_since else 0

    @property
    def picture(self) -> Any:
        """The photo, or the sample that stands in for it."""
        return self.sample_photo or self.photo

    def fetched_images(self) -> list[tuple[Any, str]]:
        """Images with their roles, of this person and the fetched translations."""
        versions = (self.fetched_translations or {}).values()
        return [(version.photo, "portrait") for version in (*versions, self)]

    def fetched_texts(self) -> list[str]:
        """Rich texts as they are stored, of this person and the fetched translations."""
        versions = (self.fetched_translations or {}).values()
        return [version.bio for version in (*versions, self)]


class Person(AbstractPerson):
    """The package's own person."""

    class Meta(AbstractPerson.Meta):
        swappable = conf.PERSON_MODEL


def get_person_model() -> type[AbstractPerson]:
    """The model of people: `Person`, or the one that the site has in its place."""
    model: type[AbstractPerson] = conf.stored_model(conf.PERSON_MODEL)
    return model
