"""What receivers are told of changes: an outbox, written with the change and sent afterwards."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ChangeEvent(models.Model):
    """A message to one receiver: which pages changed, and which of their products did.

    `data` is what `catalogue.events.record` writes. `due_at` is when it is sent (again), and None
    when that is over: sent (`sent_at`), or given up. A worker that sends it holds a lease.
    """

    receiver = models.CharField(max_length=50)
    message = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    data = models.JSONField()
    created_at = models.DateTimeField(_("created at"), default=timezone.now, db_index=True)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    lease_token = models.UUIDField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(_("last answer"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change event")
        verbose_name_plural = _("change events")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["receiver", "due_at"], name="anodyne_event_due"),
            models.Index(fields=["receiver", "answered_at"], name="anodyne_event_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.receiver} {self.message}"
