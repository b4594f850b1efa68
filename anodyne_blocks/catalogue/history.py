"""Price histories that a shop hands over, and prices that are taken back as mistakes."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from django.db import transaction
from django.db.models import QuerySet

from anodyne_blocks import clock
from anodyne_blocks.catalogue.judging import judge_again
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.pricing.history import SAME_GOODS, Gap
from anodyne_blocks.shops import Skipped

__all__ = ["HistoricPrice", "import_history", "mark_mistaken"]

# Offers that are judged at a time.
BATCH = 500
# Gaps of which a shop can tell what it asked meanwhile.
_CLOSED_BY_HISTORY = frozenset(gap.value for gap in SAME_GOODS - {Gap.NO_PRICE})


@dataclass(frozen=True)
class HistoricPrice:
    """A price that a product had from `effective_from` (aware) on, in a market's currency.

    `line` is where it stands in the shop's file.
    """

    external_id: str
    market: str
    price: Decimal
    list_price: Decimal | None
    effective_from: datetime.datetime
    line: int | None = None


@transaction.atomic
def import_history(
    shop: str,
    prices: Iterable[HistoricPrice],
    now: datetime.datetime,
    *,
    only_unseen: bool = True,
) -> tuple[int, list[Skipped]]:
    """Append past prices to the offers of a shop and judge these again.

    Only for times that this site did not see itself (`only_unseen`): before its own first price of
    an offer, and in gaps in which the same goods were sold. A gap is closed where the history says
    what the price was when it began. Of two prices of one moment the lower one counts, and the
    other is skipped. Gives the number of prices appended and those that were skipped, with reasons.
    """
    offers = {
        (offer.product.external_id, offer.market): offer
        for offer in Offer.objects.filter(product__shop=shop).select_related("product")
    }
    stored: dict[int, list[PriceChange]] = defaultdict(list)
    for change in PriceChange.objects.filter(offer__product__shop=shop).order_by("effective_from"):
        stored[change.offer_id].append(change)
    told: dict[int, dict[datetime.datetime, HistoricPrice]] = defaultdict(dict)
    skipped: list[Skipped] = []
    touched: dict[int, Offer] = {}
    for past in prices:
        offer = offers.get((past.external_id, past.market))
        reason = _refused(offer, past, now)
        if offer is not None and not reason:
            touched[offer.pk] = offer
            same_moment = told[offer.pk].setdefault(past.effective_from, past)
            lower, higher = sorted((same_moment, past), key=attrgetter("price"))
            told[offer.pk][past.effective_from] = lower
            if lower.price != higher.price:
                past, reason = higher, "The file names a lower price of this moment, which counts."
        if reason:
            skipped.append(Skipped(past.external_id, reason, past.line))
    changes: list[PriceChange] = []
    for pk, offer in touched.items():
        appended, refused = _merged(offer, told[pk], stored[pk], now, only_unseen)
        changes += appended
        skipped += refused
    PriceChange.objects.bulk_create(changes, batch_size=500)
    judge_again(touched.values(), now)
    return len(changes), skipped


def _refused(offer: Offer | None, past: HistoricPrice, now: datetime.datetime) -> str:
    if offer is None:
        return f"There is no offer of this product in market {past.market!r}."
    if past.effective_from > now:
        return "The date is in the future."
    return "" if past.price else "0 is no price."


def _merged(
    offer: Offer,
    told: dict[datetime.datetime, HistoricPrice],
    stored: list[PriceChange],
    now: datetime.datetime,
    only_unseen: bool,
) -> tuple[list[PriceChange], list[Skipped]]:
    """What is new in a shop's history of an offer, and what is not taken; closes gaps."""
    moments = {change.effective_from: change for change in stored}
    own = [change for change in stored if change.origin != PriceChange.Origin.HISTORY]
    gaps = [
        (change, change.gap_from)
        for change in own
        if change.gap in _CLOSED_BY_HISTORY and change.gap_from
    ]
    appended: list[PriceChange] = []
    skipped: list[Skipped] = []

    def take(past: HistoricPrice, moment: datetime.datetime) -> None:
        appended.append(
            PriceChange(
                offer=offer,
                price=past.price,
                list_price=past.list_price,
                currency=offer.currency,
                effective_from=moment,
                observed_at=now,
                origin=PriceChange.Origin.HISTORY,
            )
        )

    for moment, past in sorted(told.items()):
        same = moments.get(moment)
        if same is not None:
            if (same.price, same.currency) != (past.price, offer.currency):
                reason = f"Another price is known of this moment: {same.price} {same.currency}."
                skipped.append(Skipped(past.external_id, reason, past.line))
        elif (
            only_unseen
            and own
            and moment >= own[0].effective_from
            and not any(began <= moment < gap.effective_from for gap, began in gaps)
        ):
            since = clock.written(own[0].effective_from)
            reason = f"This site has seen the price itself since {since}."
            skipped.append(Skipped(past.external_id, reason, past.line))
        else:
            take(past, moment)
    for gap, began in gaps:
        # The price that the shop says it asked when it was last heard, and the one that was heard.
        then = max((moment for moment in told if moment <= began), default=None)
        if gap.gap_closed_at is not None or then is None:
            continue
        past = told[then]
        heard = [c for c in own if c.effective_from <= began and c.mistaken_at is None]
        if heard and (heard[-1].price, heard[-1].currency) != (past.price, offer.currency):
            since = clock.written(began)
            reason = f"At {since} this site saw another price: {heard[-1].price}."
            skipped.append(Skipped(past.external_id, reason, past.line))
            continue
        if began not in moments and began not in told:
            take(past, began)
        PriceChange.objects.filter(pk=gap.pk).update(gap_closed_at=now)
    return appended, skipped


@transaction.atomic
def mark_mistaken(changes: QuerySet[PriceChange], by: str, why: str, now: datetime.datetime) -> int:
    """Take prices back openly: they stay, and prove nothing; gives their number.

    The history has a gap there, so that no price before or after profits. `by` names who says it.
    """
    marked = changes.filter(mistaken_at=None)
    offers = sorted(set(marked.values_list("offer", flat=True)))
    count = marked.update(mistaken_at=now, mistaken_by=by, mistaken_why=why)
    for start in range(0, len(offers), BATCH):
        batch = Offer.objects.filter(pk__in=offers[start : start + BATCH])
        judge_again(list(batch.order_by("product_id").select_for_update()), now)
    return count
