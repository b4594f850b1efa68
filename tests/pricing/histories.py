"""Price histories, written briefly."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from anodyne_blocks.pricing.history import Gap, PricePoint

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)


def ago(days) -> datetime:
    return NOW - timedelta(days=days)


def history(*changes) -> list[PricePoint]:
    """Points from (amount, days before now), oldest first; a third item true: after a gap."""
    return [
        PricePoint(Decimal(str(amount)), ago(days), gap=Gap.SILENCE if gap else None)
        for amount, days, *gap in changes
    ]
