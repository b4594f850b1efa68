"""What is known about the shops themselves: how they answer, and what they sent."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ShopState(models.Model):
    """How a configured shop has answered lately; all workers on all machines share it."""

    shop = models.CharField(_("shop"), max_length=50, unique=True)
    answered_at = models.DateTimeField(_("last answer"), null=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True)
    # Up to when pages were purged on which a price had grown stale.
    aged_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("shop state")
        verbose_name_plural = _("shop states")
        ordering = ["shop"]

    def __str__(self) -> str:
        return self.shop

    def is_paused(self, now: datetime.datetime) -> bool:
        """Whether the shop is left in peace, because it failed or asked for it."""
        return self.paused_until is not None and now < self.paused_until


class WebhookDelivery(models.Model):
    """A webhook that was taken, so that the same delivery is not taken again."""

    shop = models.CharField(max_length=50)
    delivery_id = models.CharField(max_length=200)
    received_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "delivery_id"], name="anodyne_blocks_one_webhook_delivery"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.delivery_id}"
