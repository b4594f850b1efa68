"""How the sources that articles cite stand: what was last found out about each."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Bytes of addresses differ in databases; their digest does not.
_DIGEST = 64


class SourceHost(models.Model):
    """A server that is asked about sources: by one worker at a time, and not before `free_at`."""

    name = models.CharField(max_length=255, unique=True)
    free_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[SourceHost]] = models.Manager()

    def __str__(self) -> str:
        return self.name


class SourceCheck(models.Model):
    """What is known of one DOI ("doi:10.…") or address, whichever pages list it.

    `code` is the HTTP status by which it is dead; `reason` says why an answer is not known, in
    English. `failed_on` is the first day on which its server failed, of those in a row: dead is
    what failed on another day, too.
    """

    class Status(models.TextChoices):
        """What a check found."""

        NEW = "new", _("not checked yet")
        OK = "ok", _("in order")
        MOVED = "moved", _("moved")
        DEAD = "dead", _("dead")
        RETRACTED = "retracted", _("retracted")
        UNKNOWN = "unknown", _("could not be checked")

    # Those that an editor has to see to.
    FAULTS = (Status.RETRACTED, Status.DEAD, Status.MOVED)

    digest = models.CharField(max_length=_DIGEST, unique=True)
    reference = models.TextField()
    title = models.CharField(max_length=400)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    code = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    moved_to = models.TextField(blank=True)
    # The DOI or address of the notice by which it was retracted.
    notice = models.CharField(max_length=255, blank=True)
    # A copy in the Internet Archive.
    archived = models.TextField(blank=True)
    failed_on = models.DateField(null=True)
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects: ClassVar[models.Manager[SourceCheck]] = models.Manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title", "pk"]
        indexes = [models.Index(fields=["status"], name="anodyne_source_status")]

    def __str__(self) -> str:
        return self.reference


class SourceUse(models.Model):
    """A page as it is live lists a source."""

    source = models.ForeignKey(SourceCheck, on_delete=models.CASCADE, related_name="uses")
    page = models.ForeignKey(
        getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    # What the report needs is no use that keeps a page from being deleted.
    wagtail_reference_index_ignore = True

    objects: ClassVar[models.Manager[SourceUse]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "source"], name="anodyne_source_use"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.source_id}"


def digest_of(reference: str) -> str:
    """By what a reference is found."""
    return hashlib.sha256(reference.encode()).hexdigest()


def fetched(references: Any) -> list[SourceCheck]:
    """What is known of these references, in one query."""
    wanted = {digest_of(reference) for reference in references}
    return list(SourceCheck.objects.filter(digest__in=wanted)) if wanted else []
