"""Keeping products fresh: due products are claimed in batches, and the shop is asked about them."""

from __future__ import annotations

import datetime
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue import leases
from anodyne_blocks.catalogue.gaps import known_in, leave_unconfirmed
from anodyne_blocks.catalogue.importing import LARGEST_LOSS
from anodyne_blocks.catalogue.passing_time import judge_outdated, purge_stale
from anodyne_blocks.catalogue.store import store_offers, withdraw
from anodyne_blocks.catalogue.usage import pages_showing
from anodyne_blocks.models import AbstractProduct, Offer, PriceChange, ShopState, get_product_model
from anodyne_blocks.shops import Found, Gone, Shop, Unknown, get_shop, shop_aliases
from anodyne_blocks.shops.base import Answer

__all__ = ["RefreshResult", "mark_due", "refresh_due"]

# A shop may lose sight of a product for a moment; twice in a row it is gone.
TIMES_GONE = 2
FIRST_PAUSE = datetime.timedelta(minutes=1)
LONGEST_PAUSE = datetime.timedelta(hours=6)
# Of a batch with so many products that were sold until now, a shop rather loses its catalogue than
# this share of them.
SMALLEST_SAMPLE = 20
# A shop that limits its rate asks for no more; workers wait for it.
SHORT_PAUSE = datetime.timedelta(seconds=10)
# What a batch that is under way may take beyond the budget. With that of a task it is far below the
# time that queues allow one.
GRACE_SECONDS = 120.0


@dataclass
class RefreshResult:
    """How many products were refreshed, could not be asked about, and how many offers withdrawn.

    `troubles` counts the offers of which no price was confirmed, by (shop, market, reason); the
    product may be refreshed in other markets.
    """

    refreshed: int = 0
    failed: int = 0
    withdrawn: int = 0
    troubles: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def __add__(self, other: RefreshResult) -> RefreshResult:
        return RefreshResult(
            self.refreshed + other.refreshed,
            self.failed + other.failed,
            self.withdrawn + other.withdrawn,
            self.troubles + other.troubles,
        )


def refresh_due(
    shop: str | None = None,
    ids: Sequence[int] | None = None,
    *,
    limit: int | None = None,
    budget_seconds: float | None = None,
    hand_on: Callable[[], object] | None = None,
) -> RefreshResult:
    """Refresh products that are due, of one shop or all, until none is left.

    A run for no particular `ids` also sees to what time alone changes on pages.

    `ids` (primary keys) narrows it down. `limit` products or `budget_seconds` end it earlier: then
    no batch is begun, and two minutes later what is being asked is broken off, and stays due. A
    shop that fails, here or in another worker, is paused and not asked on. `hand_on` is called
    once, before a shop is asked, if more is due than the first batch: to wake another worker.
    """
    aliases = [shop] if shop else shop_aliases()
    result = RefreshResult()
    end, last = None, float("inf")
    if budget_seconds is not None:
        end = timezone.now() + datetime.timedelta(seconds=budget_seconds)
        last = time.monotonic() + budget_seconds + GRACE_SECONDS
    left = float("inf") if limit is None else limit
    for alias in aliases:
        if left <= 0:
            break
        with get_shop(alias) as back_end:
            back_end.end_by(last)
            while left > 0 and (end is None or timezone.now() < end) and _sit_out_pause(alias):
                lease = leases.claim(alias, int(min(back_end.batch_size, left)), ids)
                if not lease.products:
                    break
                if hand_on and leases.due(alias, ids).exists():
                    hand_on()
                hand_on = None
                try:
                    done = _refresh(back_end, lease, last)
                except (KeyboardInterrupt, SystemExit):
                    # Somebody ends the run: others need not wait for the lease to run out.
                    leases.release(lease.token)
                    raise
                result += done
                left -= done.refreshed + done.failed
    if ids is None:
        judge_outdated(timezone.now())
        for alias in aliases:
            purge_stale(alias, timezone.now())
    return result


def mark_due(shop: str, external_ids: Sequence[str] | None = None) -> int:
    """Make products due now, all of a shop's where `external_ids` is None; gives their number.

    An id may also be that of the variant which a product prices.
    """
    products = get_product_model().objects.filter(shop=shop)
    if external_ids is not None:
        # Found first: an update that looks for them would wait for those that it only looks at.
        numbers = list(called(shop, external_ids).values_list("pk", flat=True))
        products = products.filter(pk__in=numbers)
    return leases.update(products, next_refresh_at=timezone.now())


def called(shop: str, ids: Sequence[str]) -> QuerySet[AbstractProduct]:
    """The products of a shop that an id names: itself, its variants, or the variant it prices."""
    of_variant = Offer.objects.filter(variant__in=ids).values("product")
    named = Q(external_id__in=ids) | Q(pk__in=of_variant)
    for external_id in ids:
        # A variant that was chosen by itself is "product:variant".
        named |= Q(external_id__startswith=f"{external_id}:")
    return get_product_model().objects.filter(named, shop=shop)


def _state(alias: str) -> ShopState:
    return ShopState.objects.get_or_create(shop=alias)[0]


def _sit_out_pause(alias: str) -> bool:
    """Wait with all other workers while a shop asks for a few seconds; False for a longer pause."""
    until, now = _state(alias).paused_until, timezone.now()
    if until is None or until <= now:
        return True
    if until - now > SHORT_PAUSE:
        return False
    # Not all of them at the same moment again.
    time.sleep((until - now).total_seconds() * random.uniform(1, 1.5))  # noqa: S311
    return True


def _refresh(shop: Shop, lease: leases.Lease, last: float) -> RefreshResult:
    """Ask the shop about leased products in every market, store the answers, end the leases.

    What is not answered by the time `last` is let go, and no failure of the shop.
    """
    token, products, until = lease
    # Whatever is of a shop has the shop's number.
    by_id = {product.external_id or "": product for product in products}
    unknown: dict[str, Unknown] = {}
    found: set[str] = set()
    has_answered = False
    withdrawn = 0
    troubles: Counter[tuple[str, str, str]] = Counter()
    for market in conf.markets().values():
        until = leases.renew(token, until)
        answers = shop.fetch(list(by_id), market, known_in(shop.alias, market.key)(list(by_id)))
        now = timezone.now()
        if is_over := time.monotonic() >= last:
            answers = {key: a for key, a in answers.items() if not isinstance(a, Unknown)}
        if shop.complete_catalogue:
            answers = _without_doubtful(market.key, answers, by_id)
        unknown |= {key: answer for key, answer in answers.items() if isinstance(answer, Unknown)}
        found |= {key for key, answer in answers.items() if isinstance(answer, Found)}
        has_answered |= any(not isinstance(answer, Unknown) for answer in answers.values())
        is_refused = all(isinstance(a, Unknown) and a.retry_after for a in answers.values())
        if is_refused and not is_over:
            # The shop wants no further question now, but all of these again.
            found, has_answered = set(), False
            break
        kept = set(leases.held(token).values_list("external_id", flat=True))
        answers = {key: answer for key, answer in answers.items() if key in kept}
        offers = [answer.offer for answer in answers.values() if isinstance(answer, Found)]
        if offers:
            store_offers(shop.alias, market, offers, now, PriceChange.Origin.REFRESH)
        withdrawn += _note_gone(market.key, answers, by_id, now)
        silent = {by_id[key].pk: a for key, a in answers.items() if isinstance(a, Unknown)}
        for offer in leave_unconfirmed(market.key, silent, now):
            troubles[shop.alias, market.key, silent[offer.product_id].reason] += 1
        if is_over:
            leases.release(token)
            return RefreshResult(withdrawn=withdrawn, troubles=troubles)
    # A market in which the shop does not sell makes no failure of one in which it does.
    failed = {key: answer for key, answer in unknown.items() if key not in found}
    with transaction.atomic():
        kept = set(leases.held(token).values_list("external_id", flat=True))
        products = [product for product in products if product.external_id in kept]
        if products:
            _end_leases(lease, products, failed)
        # How the shop answered is true whoever holds the products by now.
        _note_answer(shop.alias, has_answered, list(unknown.values()))
    failures = len(failed.keys() & kept)
    return RefreshResult(len(products) - failures, failures, withdrawn, troubles)


def _without_doubtful(
    market: str, answers: dict[str, Answer], by_id: dict[str, AbstractProduct]
) -> dict[str, Answer]:
    """The answers of a shop that reads them from its catalogue, which may be broken.

    A shop that suddenly denies most of a batch is not believed.
    """
    gone = {by_id[key].pk for key, answer in answers.items() if isinstance(answer, Gone)}
    if not gone:
        return answers
    # What was denied before is asked about again in a batch of its own.
    sold = set(
        Offer.objects.filter(
            market=market, product__in=by_id.values(), withdrawn_at=None, times_gone=0
        ).values_list("product", flat=True)
    )
    lost = len(gone & sold)
    if len(sold) < SMALLEST_SAMPLE or lost <= len(sold) * LARGEST_LOSS:
        return answers
    reason = (
        f"The shop's catalogue for market {market!r} suddenly lacks {lost} of {len(sold)} products"
        " that it was asked about; none was withdrawn. Look at what exports it. If that is right,"
        " run import_products --withdraw-many."
    )
    return {
        key: Unknown(key, reason) if isinstance(answer, Gone) else answer
        for key, answer in answers.items()
    }


def _note_gone(
    market: str,
    answers: dict[str, Answer],
    by_id: dict[str, AbstractProduct],
    now: datetime.datetime,
) -> int:
    """Withdraw offers that the shop has denied often enough; gives their number."""
    gone = [by_id[key].pk for key, answer in answers.items() if isinstance(answer, Gone)]
    found = [by_id[key].pk for key, answer in answers.items() if isinstance(answer, Found)]
    sold = Offer.objects.filter(market=market, withdrawn_at=None)
    sold.filter(product__in=found, times_gone__gt=0).update(times_gone=0)
    if not gone:
        return 0
    # At once: what died between the two would be counted again.
    with transaction.atomic():
        # Workers that meet at the same offers take turns, and always in the same order.
        denied = list(sold.filter(product__in=gone).order_by("product_id").select_for_update())
        counted = Offer.objects.filter(pk__in=[offer.pk for offer in denied])
        counted.update(times_gone=F("times_gone") + 1)
        over = [offer for offer in denied if offer.times_gone + 1 >= TIMES_GONE]
        withdraw(over, now)
    return len(over)


def _end_leases(
    lease: leases.Lease, products: list[AbstractProduct], unknown: dict[str, Unknown]
) -> None:
    """Say when each product is due next, and let it go: one statement for each outcome."""
    shown = pages_showing([product.pk for product in products])
    denied = set(
        Offer.objects.filter(product__in=products, withdrawn_at=None, times_gone__gt=0).values_list(
            "product", flat=True
        )
    )
    outcomes: dict[tuple[int, str, datetime.timedelta], list[int]] = defaultdict(list)
    for product in products:
        failures, reason = 0, ""
        if answer := unknown.get(product.external_id or ""):
            failures, reason = product.refresh_failures + 1, answer.reason[:300]
            wait = back_off(failures, answer.retry_after)
        elif product.pk in denied:
            wait = FIRST_PAUSE
        else:
            name = "REFRESH_MINUTES" if product.pk in shown else "REFRESH_MINUTES_UNUSED"
            wait = datetime.timedelta(minutes=conf.get(name))
        outcomes[failures, reason, wait].append(product.pk)
    now = timezone.now()
    # What was called due again meanwhile stays due: the shop may have answered before its change.
    again = When(next_refresh_at__gt=lease.until - leases.DURATION, then="next_refresh_at")
    for (failures, reason, wait), ids in outcomes.items():
        later = now + wait * random.uniform(1, 1.1)  # noqa: S311 (jitter)
        leases.update(
            leases.held(lease.token).filter(pk__in=ids),
            refresh_failures=failures,
            refresh_error=reason,
            next_refresh_at=Case(again, default=Value(later)),
            lease_token=None,
            lease_until=None,
        )


def _note_answer(alias: str, has_answered: bool, unknown: list[Unknown]) -> None:
    """Pause a shop that answered nothing of a batch; any answer ends its failures."""
    now = timezone.now()
    # An answer that was on its way when another worker paused the shop changes nothing.
    states = ShopState.objects.filter(Q(paused_until=None) | Q(paused_until__lte=now), shop=alias)
    if has_answered:
        states.update(answered_at=now, failures=0, last_error="", paused_until=None)
        return
    failures = _state(alias).failures + 1
    wait = back_off(failures, max((a.retry_after or 0 for a in unknown), default=0))
    states.update(failures=failures, last_error=unknown[0].reason[:300], paused_until=now + wait)


def back_off(failures: int, retry_after: float | None) -> datetime.timedelta:
    """The first time as long as the shop asks; else 1, 2, 4 … minutes or longer, to six hours."""
    # A shop may name any number, also infinity.
    asked = datetime.timedelta(seconds=min(retry_after or 0, LONGEST_PAUSE.total_seconds()))
    if asked and failures == 1:
        return asked
    return min(max(FIRST_PAUSE * 2 ** min(failures - 1, 10), asked), LONGEST_PAUSE)
