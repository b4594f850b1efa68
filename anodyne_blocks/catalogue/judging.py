"""What a market's price rule makes of an offer's price history, kept beside the offer."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction

from anodyne_blocks import conf
from anodyne_blocks.catalogue.purging import displayed, purge_changed
from anodyne_blocks.conf import Market
from anodyne_blocks.models import Offer, PriceChange
from anodyne_blocks.models.offers import JUDGED
from anodyne_blocks.models.prices import price_points
from anodyne_blocks.pricing.history import Gap, PricePoint


def must_be_judged(offer: Offer, rule: str, now: datetime.datetime) -> bool:
    """Whether the stored verdict is not of the rule with this fingerprint, or its time is over."""
    return offer.rule != rule or (offer.announce_until is not None and offer.announce_until <= now)


def judge_new(offers: Iterable[Offer], market: Market, now: datetime.datetime) -> None:
    """Set the fields of `JUDGED` where the present price is the first; nothing is saved."""
    rule = market.fingerprint
    for offer in offers:
        first = [PricePoint(offer.price, now, offer.list_price)] if offer.price else []
        _judge_one(offer, first, market, rule, now)


def judge(offers: Sequence[Offer], market: Market, now: datetime.datetime) -> None:
    """Set the fields of `JUDGED` from each offer's price history; nothing is saved."""
    if not offers:
        return
    histories: dict[int, list[PriceChange]] = defaultdict(list)
    for change in PriceChange.objects.filter(offer__in=offers).order_by():
        histories[change.offer_id].append(change)
    rule = market.fingerprint
    for offer in offers:
        history = price_points(histories[offer.pk], offer.currency)
        _judge_one(offer, history, market, rule, now)


def _judge_one(
    offer: Offer, history: list[PricePoint], market: Market, rule: str, now: datetime.datetime
) -> None:
    history = trusted(history, offer, now)
    verdict = market.rule.announce(
        history, now, list_price=offer.list_price, shop_prior_price=offer.shop_prior_price
    )
    offer.prior_price = verdict.prior
    offer.prior_status = verdict.status.value
    offer.prior_origin = verdict.origin.value
    offer.prior_days = verdict.days
    offer.reduced_since = verdict.started_at
    # What has ended ends no second time.
    offer.announce_until = verdict.announce_until if verdict.announced else None
    offer.rule = rule


def trusted(history: list[PricePoint], offer: Offer, now: datetime.datetime) -> list[PricePoint]:
    """The history, if it ends in the offer's price; else one that begins now and proves nothing."""
    if not offer.price:
        return []
    in_force = next((p for p in reversed(history) if p.effective_from <= now), None)
    if in_force is None or (in_force.amount == offer.price and not offer.gap):
        return history
    return [PricePoint(offer.price, now, offer.list_price, Gap(offer.gap or Gap.UNKNOWN))]


@transaction.atomic
def judge_again(offers: Iterable[Offer], now: datetime.datetime) -> None:
    by_market: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_market[offer.market].append(offer)
    markets = conf.markets()
    for key, group in by_market.items():
        if key in markets:
            before = displayed(group, now)
            judge(group, markets[key], now)
            Offer.objects.bulk_update(group, JUDGED)
            purge_changed(group, before, now)
