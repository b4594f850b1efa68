"""Price histories that a shop hands over, so that a reduction can be proven from the first day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from anodyne_blocks.catalogue.judging import judge_again
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.shops import Skipped


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

    Only for the time before this site's own first price of an offer (`only_unseen`): nobody tells
    it afterwards what it could see for itself. A moment that already has a price keeps it: history
    is append only. Gives the number of prices appended and those that were skipped, with reasons.
    """
    offers = {
        (offer.product.external_id, offer.market): offer
        for offer in Offer.objects.filter(product__shop=shop).select_related("product")
    }
    first_seen: dict[int, datetime.datetime] = {}
    if only_unseen:
        own = PriceChange.objects.filter(offer__product__shop=shop)
        own = own.exclude(origin=PriceChange.Origin.HISTORY).order_by()
        first_seen = dict(own.values_list("offer").annotate(Min("effective_from")))
    changes: list[PriceChange] = []
    skipped: list[Skipped] = []
    touched: dict[int, Offer] = {}
    for past in prices:
        offer = offers.get((past.external_id, past.market))
        if offer is None:
            reason = f"There is no offer of this product in market {past.market!r}."
            skipped.append(Skipped(past.external_id, reason, past.line))
        elif past.effective_from > now:
            skipped.append(Skipped(past.external_id, "The date is in the future.", past.line))
        elif (seen := first_seen.get(offer.pk)) is not None and past.effective_from >= seen:
            since = timezone.localtime(seen).isoformat(" ", "seconds")
            reason = f"This site has seen the price itself since {since}."
            skipped.append(Skipped(past.external_id, reason, past.line))
        else:
            touched[offer.pk] = offer
            changes.append(
                PriceChange(
                    offer=offer,
                    price=past.price,
                    list_price=past.list_price,
                    currency=offer.currency,
                    effective_from=past.effective_from,
                    observed_at=now,
                    origin=PriceChange.Origin.HISTORY,
                )
            )
    before = PriceChange.objects.filter(offer__in=touched.values()).count()
    PriceChange.objects.bulk_create(changes, ignore_conflicts=True, batch_size=500)
    after = PriceChange.objects.filter(offer__in=touched.values()).count()
    judge_again(touched.values(), now)
    return after - before, skipped
