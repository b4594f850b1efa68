"""Price histories that a shop hands over, so that a reduction can be proven from the first day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from anodyne_blocks.catalogue.judging import judge_again
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.shops import Skipped


@dataclass(frozen=True)
class HistoricPrice:
    """A price that a product had from `effective_from` (aware) on, in a market's currency."""

    external_id: str
    market: str
    price: Decimal
    list_price: Decimal | None
    effective_from: datetime.datetime


@transaction.atomic
def import_history(
    shop: str, prices: Iterable[HistoricPrice], now: datetime.datetime
) -> tuple[int, list[Skipped]]:
    """Append past prices to the offers of a shop and judge these again.

    A moment that already has a price keeps it: history is append only. Gives the number of prices
    appended and those that were skipped, with reasons.
    """
    offers = {
        (offer.product.external_id, offer.market): offer
        for offer in Offer.objects.filter(product__shop=shop).select_related("product")
    }
    changes: list[PriceChange] = []
    skipped: list[Skipped] = []
    touched: dict[int, Offer] = {}
    for position, past in enumerate(prices, start=1):
        offer = offers.get((past.external_id, past.market))
        if offer is None:
            reason = f"There is no offer of this product in market {past.market!r}."
            skipped.append(Skipped(past.external_id, reason, position))
        elif past.effective_from > now:
            skipped.append(Skipped(past.external_id, "The date is in the future.", position))
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
