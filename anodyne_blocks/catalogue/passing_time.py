"""What time alone changes on pages: reductions run out, and prices grow stale, asked or not."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from anodyne_blocks import conf
from anodyne_blocks.catalogue.judging import judge_again
from anodyne_blocks.catalogue.purging import is_heard, purge_pages
from anodyne_blocks.catalogue.usage import placed_products
from anodyne_blocks.models import Offer, ShopState

BATCH = 500

# Primary keys, or pairs of one with a market.
_T = TypeVar("_T", int, tuple[int, str])


def judge_outdated(now: datetime.datetime) -> None:
    """Judge offers whose reduction has run out, or that were judged by a rule no longer in force.

    Those of products on pages, and all by hand: the others are judged when their shop answers.
    """
    outdated = Q()
    for market in conf.markets().values():
        old = ~Q(rule=market.fingerprint) | Q(announce_until__lte=now)
        outdated |= Q(market=market.key) & old
    found = Offer.objects.order_by().filter(outdated, withdrawn_at=None)
    # Two queries: one with OR would read all offers of a catalogue.
    placed = found.filter(product__in=placed_products()).values_list("pk", flat=True)
    by_hand = found.filter(product__shop="").values_list("pk", flat=True)
    for numbers in _batches({*placed, *by_hand}):
        with transaction.atomic():
            # In the order of all who write offers, so that nobody waits for each other.
            offers = Offer.objects.filter(pk__in=numbers).order_by("product_id")
            judge_again(list(offers.select_for_update()), now)


def purge_stale(shop: str, now: datetime.datetime) -> None:
    """Purge the pages on which prices of a shop have grown stale since the last call.

    Also those on which a price has ended, or a day has come on which something is sold or sent.
    Of workers that come at the same time one does it; where nobody hears of it, nobody.
    """
    if not is_heard():
        return
    state, _made = ShopState.objects.get_or_create(shop=shop)
    since = state.aged_at
    with transaction.atomic():
        mine = ShopState.objects.filter(pk=state.pk, aged_at=since).update(aged_at=now)
        if not mine or since is None:
            return
        # `Offer.is_stale` has become true between the two moments, or a day has come.
        came = (
            Q(
                checked_at__gte=since - conf.stale_after(),
                checked_at__lt=now - conf.stale_after(),
            )
            | Q(price_until__gte=since, price_until__lt=now)
            | Q(available_from__gte=since, available_from__lt=now)
        )
        stale = Offer.objects.order_by().filter(
            came, product__in=placed_products(), product__shop=shop, withdrawn_at=None
        )
        for changes in _batches(set(stale.values_list("product", "market"))):
            purge_pages(set(changes))


def next_change(offer: Offer, now: datetime.datetime) -> datetime.datetime | None:
    """When time alone changes next what an offer's cards say; None for never."""
    moments = [offer.announce_until, offer.price_until, offer.available_from]
    moments.append(offer.checked_at + conf.stale_after())
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def _batches(things: Iterable[_T]) -> Iterator[list[_T]]:
    ordered = sorted(things)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
