"""The history of an offer's prices: the proof behind every reduction."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anodyne_blocks.models.offers import Offer
from anodyne_blocks.pricing.history import Gap, PricePoint


class PriceChange(models.Model):
    """A price that came into force, never changed afterwards.

    `effective_from` is the shop's clock where it tells, `observed_at` ours (UTC); `origin` says
    who told: an import, a refresh, a person, or a history that the shop handed over. `goods` is
    what was priced, as far as it was known (`Goods.as_record`). With a `gap` (one of `Gap`) the
    price before is not known, from `gap_from` up to this moment; a gap ends to be one when the shop
    hands over what it asked meanwhile (`gap_closed_at`).

    Only a mistake is marked as one: who, when and why; it then proves nothing, and stays.
    """

    class Origin(models.TextChoices):
        IMPORT = "import", _("import of the catalogue")
        REFRESH = "refresh", _("refresh")
        HAND = "hand", _("by hand")
        HISTORY = "history", _("history handed over by the shop")

    offer = models.ForeignKey(
        Offer, verbose_name=_("offer"), related_name="price_changes", on_delete=models.CASCADE
    )
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=4)
    list_price = models.DecimalField(
        _("list price"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3)
    goods = models.JSONField(default=dict, editable=False)
    effective_from = models.DateTimeField(_("in force since"))
    observed_at = models.DateTimeField(_("seen at"), default=timezone.now)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    gap = models.CharField(max_length=10, blank=True, editable=False)
    gap_from = models.DateTimeField(null=True, editable=False)
    gap_closed_at = models.DateTimeField(null=True, editable=False)
    mistaken_at = models.DateTimeField(null=True, editable=False)
    mistaken_by = models.CharField(max_length=255, blank=True, editable=False)
    mistaken_why = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")
        ordering = ["offer", "effective_from"]
        permissions = [("mark_mistaken", _("Can mark prices as mistaken"))]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "effective_from"], name="anodyne_blocks_one_price_a_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.price} {self.currency} ({self.effective_from:%Y-%m-%d})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append only: a written change is proof, and is not rewritten."""
        if self.pk and not self._state.adding:
            raise ValidationError(_("A price change cannot be changed afterwards."))
        super().save(*args, **kwargs)


def price_points(changes: Iterable[PriceChange], currency: str) -> list[PricePoint]:
    """The history of an offer in its present currency, ascending, as the price rules take it.

    What cannot be compared (a mistake, another currency, no price) is left out, and leaves a gap.
    """
    points: list[PricePoint] = []
    broken: tuple[Gap, datetime.datetime] | None = None
    for change in sorted(changes, key=attrgetter("effective_from")):
        if change.mistaken_at is not None and change.mistaken_at < change.effective_from:
            # It was taken back before it came into force.
            continue
        reason = _no_price(change, currency)
        if reason is not None:
            broken = broken or (reason, change.effective_from)
            continue
        gap, known_until = broken or (None, None)
        if gap is None and change.gap and change.gap_closed_at is None:
            gap, known_until = Gap(change.gap), change.gap_from
        points.append(
            PricePoint(
                Decimal(change.price), change.effective_from, change.list_price, gap, known_until
            )
        )
        broken = None
    return points


def _no_price(change: PriceChange, currency: str) -> Gap | None:
    """Why a change is no price of this history; None where it is one."""
    if change.mistaken_at is not None:
        return Gap.MISTAKE
    if change.currency != currency:
        return Gap.CURRENCY
    return None if change.price else Gap.NO_PRICE
