"""Which text a reviewer's claim is of: a record that is kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anodyne_blocks import conf


class Review(models.Model):
    """A text of a page that a person reviewed: what a reviewer box claims, or a confirmation.

    `reviewed` is the day that the box names. A box (page, person, day) has one record of the text
    with which it was first published, and one for each confirmation, whose day is `confirmed`.
    `digest` stands for the words (`article.reviews`); `revision` is where they can be read.
    """

    page = models.ForeignKey(
        getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    person = models.ForeignKey(
        conf.model_label(conf.PERSON_MODEL),
        null=True,
        on_delete=models.SET_NULL,
        related_name="anodyne_reviews",
    )
    # Of a person who was deleted, too.
    name = models.CharField(max_length=255)
    reviewed = models.DateField()
    confirmed = models.DateField(null=True)
    digest = models.CharField(max_length=80, db_index=True)
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # What the report asks: of the newest record of a box that stands on the page as it is live.
    is_shown = models.BooleanField(default=False)
    is_outdated = models.BooleanField(default=False)
    next_review = models.DateField(null=True)

    # A record is no use of a person or page.
    wagtail_reference_index_ignore = True

    objects: ClassVar[models.Manager[Review]] = models.Manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-recorded_at", "-pk"]
        permissions = [("confirm_review", _("Can confirm that a reviewed text is still right"))]
        indexes = [
            models.Index(fields=["is_shown", "next_review"], name="anodyne_review_due"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%Y-%m-%d}"

    @property
    def day(self) -> Any:
        """The day on which the person found the text right."""
        return self.confirmed or self.reviewed
