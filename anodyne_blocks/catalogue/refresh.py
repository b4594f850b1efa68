"""Keeping products fresh: due products are claimed in batches, and the shop is asked about them.

A claim is a lease in the database (one UPDATE that only one worker can win), so that any number of
workers on any number of machines share the work, each product is fetched once, no transaction is
open while a shop answers, and what a killed worker held is free again when its lease runs out.
"""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue.store import store_offers, withdraw
from anodyne_blocks.catalogue.usage import shown_products
from anodyne_blocks.models import Offer, PriceChange, Product, ShopState
from anodyne_blocks.shops import Found, Gone, Shop, Unknown, get_shop, shop_aliases
from anodyne_blocks.shops.base import Answer

LEASE = datetime.timedelta(minutes=2)
# A shop may lose sight of a product for a moment; twice in a row it is gone.
TIMES_GONE = 2
FIRST_PAUSE = datetime.timedelta(minutes=1)
LONGEST_PAUSE = datetime.timedelta(hours=6)


@dataclass
class RefreshResult:
    """How many products were refreshed, could not be asked about, and were withdrawn."""

    refreshed: int = 0
    failed: int = 0
    withdrawn: int = 0

    def __add__(self, other: RefreshResult) -> RefreshResult:
        return RefreshResult(
            self.refreshed + other.refreshed,
            self.failed + other.failed,
            self.withdrawn + other.withdrawn,
        )


def refresh_due(
    shop: str | None = None,
    ids: Sequence[int] | None = None,
    *,
    limit: int | None = None,
    budget_seconds: float | None = None,
) -> RefreshResult:
    """Refresh products that are due, of one shop or all, until none is left.

    `ids` (primary keys) narrows it down. `limit` products or `budget_seconds` end it earlier. A
    failing shop is paused and costs no more than one batch.
    """
    result = RefreshResult()
    end = timezone.now() + datetime.timedelta(seconds=budget_seconds or 10**6)
    for alias in [shop] if shop else shop_aliases():
        if _state(alias).is_paused(timezone.now()):
            continue
        with get_shop(alias) as back_end:
            while timezone.now() < end:
                left = None if limit is None else limit - result.refreshed - result.failed
                if left is not None and left <= 0:
                    return result
                size = back_end.batch_size if left is None else min(back_end.batch_size, left)
                token, products = _claim(alias, size, ids)
                if not products:
                    break
                batch = _refresh(back_end, token, products)
                result += batch
                if batch.failed == len(products):
                    break
    return result


def mark_due(shop: str, external_ids: Sequence[str] | None = None) -> int:
    """Make products due now, all of a shop's where `external_ids` is None; gives their number."""
    products = Product.objects.filter(shop=shop)
    if external_ids is not None:
        products = products.filter(external_id__in=external_ids)
    return products.update(next_refresh_at=timezone.now())


def _state(alias: str) -> ShopState:
    return ShopState.objects.get_or_create(shop=alias)[0]


def _claim(alias: str, size: int, ids: Sequence[int] | None) -> tuple[uuid.UUID, list[Product]]:
    """Lease at most `size` due products of a shop to a new token."""
    now = timezone.now()
    free = Q(next_refresh_at__lte=now) & (Q(lease_until=None) | Q(lease_until__lt=now))
    due = Product.objects.filter(free, shop=alias)
    if ids is not None:
        due = due.filter(pk__in=ids)
    first = due.order_by("next_refresh_at").values_list("pk", flat=True)
    token = uuid.uuid4()
    while wanted := list(first[:size]):
        # The condition again: between the two statements another worker may have taken some.
        mine = Product.objects.filter(free, pk__in=wanted)
        if mine.update(lease_token=token, lease_until=now + LEASE):
            return token, list(Product.objects.filter(lease_token=token))
        # It took them all: what it left is next.
    return token, []


def _refresh(shop: Shop, token: uuid.UUID, products: list[Product]) -> RefreshResult:
    """Ask the shop about leased products in every market, store the answers, end the leases."""
    by_id = {product.external_id: product for product in products}
    unknown: dict[str, Unknown] = {}
    withdrawn = 0
    for market in conf.markets().values():
        answers = shop.fetch(list(by_id), market)
        now = timezone.now()
        # A lease that ran out while the shop was slow is another worker's by now.
        kept = set(Product.objects.filter(lease_token=token).values_list("external_id", flat=True))
        answers = {key: answer for key, answer in answers.items() if key in kept}
        offers = [answer.offer for answer in answers.values() if isinstance(answer, Found)]
        if offers:
            store_offers(shop.alias, market, offers, now, PriceChange.Origin.REFRESH)
        withdrawn += _note_gone(market.key, answers, by_id, now)
        unknown |= {key: answer for key, answer in answers.items() if isinstance(answer, Unknown)}
    _end_leases(token, products, unknown)
    _note_answer(shop.alias, len(by_id), list(unknown.values()))
    return RefreshResult(len(by_id) - len(unknown), len(unknown), withdrawn)


def _note_gone(
    market: str,
    answers: dict[str, Answer],
    by_id: dict[str, Product],
    now: datetime.datetime,
) -> int:
    """Withdraw offers that the shop has denied often enough; gives their number."""
    gone = [by_id[key].pk for key, answer in answers.items() if isinstance(answer, Gone)]
    found = [by_id[key].pk for key, answer in answers.items() if isinstance(answer, Found)]
    sold = Offer.objects.filter(market=market, withdrawn_at=None)
    sold.filter(product__in=found, times_gone__gt=0).update(times_gone=0)
    if not gone:
        return 0
    sold.filter(product__in=gone).update(times_gone=F("times_gone") + 1)
    over = list(sold.filter(product__in=gone, times_gone__gte=TIMES_GONE))
    withdraw(over, now)
    return len(over)


def _end_leases(token: uuid.UUID, products: list[Product], unknown: dict[str, Unknown]) -> None:
    """Say when each product is due next, and let it go."""
    now = timezone.now()
    shown = shown_products([product.pk for product in products])
    denied = set(
        Offer.objects.filter(product__in=products, withdrawn_at=None, times_gone__gt=0).values_list(
            "product", flat=True
        )
    )
    for product in products:
        answer = unknown.get(product.external_id)
        product.refresh_failures = product.refresh_failures + 1 if answer else 0
        product.refresh_error = answer.reason[:300] if answer else ""
        if answer:
            wait = _back_off(product.refresh_failures, answer.retry_after)
        elif product.pk in denied:
            wait = FIRST_PAUSE
        else:
            name = "REFRESH_MINUTES" if product.pk in shown else "REFRESH_MINUTES_UNUSED"
            wait = datetime.timedelta(minutes=conf.get(name))
        product.next_refresh_at = now + wait * random.uniform(1, 1.1)  # noqa: S311 (jitter)
    mine = set(Product.objects.filter(lease_token=token).values_list("pk", flat=True))
    Product.objects.bulk_update(
        [product for product in products if product.pk in mine],
        ["refresh_failures", "refresh_error", "next_refresh_at"],
    )
    Product.objects.filter(lease_token=token).update(lease_token=None, lease_until=None)


def _note_answer(alias: str, asked: int, unknown: list[Unknown]) -> None:
    """Pause a shop that answered nothing of a batch; any answer ends its failures."""
    now = timezone.now()
    states = ShopState.objects.filter(shop=alias)
    if len(unknown) < asked:
        states.update(answered_at=now, failures=0, last_error="", paused_until=None)
        return
    failures = _state(alias).failures + 1
    wait = _back_off(failures, max((a.retry_after or 0 for a in unknown), default=0))
    states.update(failures=failures, last_error=unknown[0].reason[:300], paused_until=now + wait)


def _back_off(failures: int, retry_after: float | None) -> datetime.timedelta:
    """1, 2, 4 … minutes, or as long as the shop asks, up to six hours."""
    doubled = FIRST_PAUSE * 2 ** min(failures - 1, 10)
    asked = datetime.timedelta(seconds=retry_after or 0)
    return min(max(doubled, asked), LONGEST_PAUSE)
