"""Saved criteria, from which an editor starts a comparison; the comparison then has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable

if TYPE_CHECKING:
    from typing_extensions import Self


class CriteriaSet(ClusterableModel):
    """A named list of criteria, in the words of one language."""

    name = models.CharField(_("name"), max_length=100)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    panels = [FieldPanel("name"), InlinePanel("criteria", heading=_("Criteria"), min_num=1)]

    class Meta:
        verbose_name = _("criteria set")
        verbose_name_plural = _("criteria sets")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SavedCriterion(Orderable):
    """One criterion of a set, as `CriterionBlock` has it."""

    criteria_set = ParentalKey(CriteriaSet, on_delete=models.CASCADE, related_name="criteria")
    name = models.CharField(_("Criterion"), max_length=80)
    kind = models.CharField(
        _("Kind of value"),
        max_length=10,
        default="text",
        choices=[
            ("text", _("Text")),
            ("yes_no", _("Yes or no")),
            ("number", _("Number")),
            ("stars", _("Stars, 0 to 5")),
        ],
    )
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    better = models.CharField(
        _("Which is better"),
        max_length=10,
        blank=True,
        choices=[("more", _("More, or yes")), ("less", _("Less, or no"))],
    )

    panels = [FieldPanel("name"), FieldRowPanel(["kind", "unit", "better"])]

    class Meta(Orderable.Meta):
        verbose_name = _("Criterion")
        verbose_name_plural = _("Criteria")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """As `CriterionBlock.clean`."""
        super().clean()
        if self.unit and self.kind != "number":
            raise ValidationError({"unit": _("Only a number has a unit.")})
        if self.better and self.kind == "text":
            message = _("Nobody can say which of two texts is better.")
            raise ValidationError({"better": message})
