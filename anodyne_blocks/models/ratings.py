"""What buyers say of a shop, kept in one place and never typed into an article.

A site may have a model of its own.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from anodyne_blocks import clock, conf
from anodyne_blocks.models.translated import Translated

if TYPE_CHECKING:
    from typing_extensions import Self


class AbstractShopRating(Translated, models.Model):
    """A shop's rating on a review site: figures, source, date, and how reviews are verified.

    Directive 2005/29/EC art. 7(6) makes the verification statement material information.
    """

    name = models.CharField(_("shop"), max_length=100)
    source = models.CharField(
        _("source"), max_length=100, help_text=_("The site that collects the reviews.")
    )
    url = models.URLField(_("address of the reviews"))
    rating = models.DecimalField(
        _("rating"), max_digits=4, decimal_places=2, validators=[MinValueValidator(0)]
    )
    scale = models.PositiveSmallIntegerField(
        _("best possible rating"), default=5, validators=[MinValueValidator(1)]
    )
    count = models.PositiveIntegerField(
        _("number of reviews"), help_text=_("The exact number."), validators=[MinValueValidator(1)]
    )
    as_of = models.DateField(_("figures of"), default=clock.today)
    verification = models.TextField(
        _("how reviews are verified"),
        help_text=_("One sentence: how the source makes sure that reviewers are real buyers."),
    )

    untranslated_fields = ("name", "source")
    running_text = "verification"

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    panels = [
        FieldPanel("name"),
        MultiFieldPanel(["source", "url"], _("Source")),
        MultiFieldPanel(
            [FieldRowPanel(["rating", "scale"]), FieldRowPanel(["count", "as_of"])], _("Figures")
        ),
        FieldPanel("verification"),
    ]

    class Meta(Translated.Meta):
        abstract = True
        verbose_name = _("shop rating")
        verbose_name_plural = _("shop ratings")
        ordering = ["name"]

    def __str__(self) -> str:
        text = f"{self.name} · {self.source}: {self.rating}/{self.scale}"
        if not self.is_old():
            return text
        # The editor reads this beside every block that shows the rating.
        as_of = date_format(self.as_of, "SHORT_DATE_FORMAT")
        return gettext("%(rating)s (old figures, of %(date)s)") % {"rating": text, "date": as_of}

    def clean(self) -> None:
        super().clean()
        if self.rating is not None and self.scale and self.rating > self.scale:
            raise ValidationError({"rating": _("The rating is above the best possible rating.")})
        if self.as_of and self.as_of > clock.today():
            raise ValidationError({"as_of": _("Figures cannot be of a day to come.")})

    def is_old(self, today: datetime.date | None = None) -> bool:
        """Whether the figures are older than `RATING_MAX_AGE_DAYS`."""
        age = (today or clock.today()) - self.as_of
        longest: int = conf.get("RATING_MAX_AGE_DAYS")
        return age.days > longest


class ShopRating(AbstractShopRating):
    """The package's own shop rating."""

    class Meta(AbstractShopRating.Meta):
        swappable = conf.SHOP_RATING_MODEL


def get_shop_rating_model() -> type[AbstractShopRating]:
    """The model of shop ratings: `ShopRating`, or the one that the site has in its place."""
    model: type[AbstractShopRating] = conf.stored_model(conf.SHOP_RATING_MODEL)
    return model
