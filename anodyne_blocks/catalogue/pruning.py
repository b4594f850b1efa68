"""Deleting price changes that no price rule can need any more.

What a verdict rests on, now or at any later moment: every price from the start of the window before
the running reduction on (of a series of cuts, before its first), and every price from the start of
the window before `cutoff` on. In both cases also the one in force when the window starts: it proves
that the history is complete. What lies before both is not needed.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Count

from anodyne_blocks import conf
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.models.prices import price_points
from anodyne_blocks.pricing.history import PricePoint, points_in_force
from anodyne_blocks.pricing.rules import ListPrice, NoReductions, PriceRule

# A market without a law today may have the directive's 30 days tomorrow.
LEAST_DAYS = 30
# Offers whose histories are in memory at a time.
BATCH = 500


def needed_from(
    history: Sequence[PricePoint], cutoff: datetime.datetime, now: datetime.datetime, days: int
) -> int:
    """The place in `history` of the first price that a rule with a window of `days` may need.

    `history` is of one offer in one currency, ascending; `cutoff` is not after `now`.
    """
    anchor = cutoff
    if points := points_in_force(history, now):
        top = len(points) - 1
        while top and points[top - 1].amount > points[top].amount:
            top -= 1
        first_cut = points[min(top + 1, len(points) - 1)]
        anchor = min(cutoff, first_cut.effective_from)
    anchor -= datetime.timedelta(days=days)
    before = [place for place, point in enumerate(history) if point.effective_from <= anchor]
    return before[-1] if before else 0


def prune_price_changes(
    cutoff: datetime.datetime, now: datetime.datetime, *, dry_run: bool = False
) -> int:
    """Delete the price changes that nothing after `cutoff` can need; gives their number.

    Offers of markets that are not configured, or whose rule does not tell how far back it looks
    (`days`), keep all.
    """
    count = 0
    for key, market in conf.markets().items():
        days = _days(market.rule)
        if days is None:
            continue
        oldest = cutoff - datetime.timedelta(days=days)
        for offers in _offers_with_old_prices(key, oldest):
            spare = _spare(offers, cutoff, now, days)
            count += len(spare)
            if not dry_run:
                PriceChange.objects.filter(pk__in=spare).delete()
    return count


def _days(rule: PriceRule) -> int | None:
    if isinstance(rule, (ListPrice, NoReductions)):
        return LEAST_DAYS
    days = getattr(rule, "days", None)
    return None if days is None else max(days, LEAST_DAYS)


def _offers_with_old_prices(market: str, moment: datetime.datetime) -> Iterator[list[int]]:
    """The offers with two prices or more up to a moment: one of them is the one in force then."""
    old = (
        PriceChange.objects.filter(offer__market=market, effective_from__lte=moment)
        .order_by("offer")
        .values("offer")
        .annotate(prices=Count("pk"))
        .filter(prices__gt=1)
    )
    last = 0
    while batch := list(old.filter(offer__gt=last).values_list("offer", flat=True)[:BATCH]):
        yield batch
        last = batch[-1]


def _spare(
    offers: Sequence[int], cutoff: datetime.datetime, now: datetime.datetime, days: int
) -> list[int]:
    """The price changes of offers that may go: in whatever currency, mistaken or not."""
    histories: dict[int, list[PriceChange]] = defaultdict(list)
    for change in PriceChange.objects.filter(offer__in=offers).order_by("effective_from"):
        histories[change.offer_id].append(change)
    currencies = dict(Offer.objects.filter(pk__in=offers).values_list("pk", "currency"))
    spare = []
    for offer, changes in histories.items():
        points = price_points(changes, currencies[offer])
        if not points:
            continue
        keep = points[needed_from(points, cutoff, now, days)].effective_from
        spare += [change.pk for change in changes if change.effective_from < keep]
    return spare
