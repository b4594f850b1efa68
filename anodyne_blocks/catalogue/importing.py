"""Importing a shop's whole catalogue in one market, streamed in batches.

Each batch is a transaction, and an offer that is as stored is not written. So an import that was
killed is resumed by running it again: it only writes what is still missing.
"""

from __future__ import annotations

import datetime
import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from anodyne_blocks.catalogue.gaps import known_in, leave_unconfirmed
from anodyne_blocks.catalogue.store import Tally, store_offers, withdraw
from anodyne_blocks.catalogue.writing import stored_products
from anodyne_blocks.conf import Market
from anodyne_blocks.models import Offer
from anodyne_blocks.shops import Shop, ShopError, ShopOffer, Skipped

__all__ = ["ImportResult", "import_catalogue"]

BATCH = 1000
# A catalogue that suddenly lacks more than this share of its products is rather broken than true.
LARGEST_LOSS = 0.5
# What is kept of a broken catalogue's reasons; the count goes on.
MOST_REASONS = 1000
# Rows from one report of progress to the next: shops that are asked page by page are slow.
STEP = 100
# Objects made, net of those freed, before Python looks for cycles; a batch makes fewer.
COLLECT_AFTER = 50_000

_TWICE = "id appears more than once: only the first counts."

# Called with the number of rows read, and how much of the catalogue that is (0 to 1, or None).
Progress = Callable[[int, float | None], None]


@dataclass
class ImportResult:
    """What one import did. `error` says why it stopped, or why nothing was withdrawn; or is ""."""

    tally: Tally = field(default_factory=Tally)
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    withdrawn: int = 0
    error: str = ""
    # What was left out of good rows: {reason: how often}.
    notes: Counter[str] = field(default_factory=Counter)


def import_catalogue(
    shop: Shop,
    market: Market,
    now: datetime.datetime,
    *,
    dry_run: bool = False,
    withdraw_many: bool = False,
    progress: Progress = lambda rows, share: None,
) -> ImportResult:
    """Store every offer of a shop's catalogue in `market`, and withdraw what it no longer names.

    `now` is when it begins; a batch is stored as of when its first row was read. An id that comes
    again is skipped: only the first counts. A dry run counts what an import would do; it rolls
    every batch back. An error in the middle keeps what was stored, and withdraws nothing.
    """
    result = ImportResult()
    seen: set[str] = set()
    batch: dict[str, ShopOffer] = {}
    refused: dict[str, Skipped] = {}
    rows = 0
    stored = _sold(shop, market).count()
    begun = time.monotonic()
    read_at = now

    def flush() -> None:
        if batch:
            with transaction.atomic():
                result.tally += store_offers(shop.alias, market, list(batch.values()), read_at)
                transaction.set_rollback(dry_run)
        if refused and not dry_run:
            products = stored_products(shop.alias, refused)
            rows_of = {product.pk: refused[key] for key, product in products.items()}
            leave_unconfirmed(market.key, rows_of, now)
        batch.clear()
        refused.clear()
        report()

    def report() -> None:
        share = shop.share_read()
        if share is None and stored:
            # Then the catalogue is likely as long as it was the last time.
            share = min(rows / stored, 1.0)
        progress(rows, share)

    with _rare_garbage_collection():
        try:
            for entry in shop.catalogue(market, known_in(shop.alias, market.key)):
                rows += 1
                if rows % STEP == 0:
                    report()
                external_id = entry.external_id
                is_first = external_id not in seen
                if not is_first and not isinstance(entry, Skipped):
                    entry = Skipped(external_id, _TWICE, rows)
                # A row that cannot be read is still a product that the shop has.
                if external_id:
                    seen.add(external_id)
                if isinstance(entry, Skipped):
                    result.skipped_count += 1
                    if len(result.skipped) < MOST_REASONS:
                        result.skipped.append(entry)
                    if external_id and is_first:
                        refused[external_id] = entry
                        if len(refused) >= BATCH:
                            flush()
                    continue
                if entry.notes and len(result.notes) < MOST_REASONS:
                    result.notes[entry.notes] += 1
                if not batch:
                    read_at = now + datetime.timedelta(seconds=time.monotonic() - begun)
                batch[external_id] = entry
                if len(batch) >= BATCH:
                    flush()
        except ShopError as error:
            result.error = error.reason
        flush()
    if result.skipped_count == rows and stored and not result.error:
        lacks = "has no row that can be used" if rows else "is empty"
        result.error = (
            f"The catalogue of market {market.key!r} {lacks}, and {stored} products of it are"
            " known. Nothing was withdrawn."
        )
    if result.error:
        return result
    if shop.complete_catalogue:
        are_stored = not (dry_run or result.skipped_count)
        missing = _missing(shop, market, seen, are_stored, now)
        # Beside what was stored before: new products make up for none that is lost.
        if len(missing) > stored * LARGEST_LOSS and not withdraw_many:
            result.error = (
                f"The catalogue of market {market.key!r} lacks {len(missing)} of {stored} products."
                " Nothing was withdrawn:"
                " if that is right, run the import again with --withdraw-many."
            )
            return result
        for start in range(0, 0 if dry_run else len(missing), BATCH):
            withdraw(list(Offer.objects.filter(pk__in=missing[start : start + BATCH])), now)
        result.withdrawn = len(missing)
    return result


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    """A sixth of the time went into looking for cycles among a batch's rows, which have none."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _sold(shop: Shop, market: Market) -> QuerySet[Offer]:
    return Offer.objects.filter(product__shop=shop.alias, market=market.key, withdrawn_at=None)


def _missing(
    shop: Shop, market: Market, seen: set[str], are_stored: bool, started: datetime.datetime
) -> list[int]:
    """The offers that the catalogue no longer names."""
    sold = _sold(shop, market)
    if are_stored and sold.count() == len(seen):
        # The offers sold are those that were just seen: none has to be looked for.
        return []
    # What another process has found since the catalogue was begun may be in none of its rows.
    rows = sold.filter(checked_at__lte=started).values_list("pk", "product__external_id")
    return [pk for pk, external_id in rows.order_by("pk").iterator() if external_id not in seen]
