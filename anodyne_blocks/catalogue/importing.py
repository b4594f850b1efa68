"""Importing a shop's whole catalogue in one market, streamed in batches."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from anodyne_blocks.catalogue.store import Tally, store_offers, withdraw
from anodyne_blocks.conf import Market
from anodyne_blocks.models import Offer
from anodyne_blocks.shops import Shop, ShopError, ShopOffer, Skipped

BATCH = 1000
# A catalogue that suddenly lacks more than this share of its products is rather broken than true.
LARGEST_LOSS = 0.5
# What is kept of a broken catalogue's reasons; the count goes on.
MOST_REASONS = 1000


@dataclass
class ImportResult:
    """What one import did. `error` says why it stopped, or why nothing was withdrawn; or is ""."""

    tally: Tally = field(default_factory=Tally)
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    withdrawn: int = 0
    error: str = ""


def import_catalogue(
    shop: Shop,
    market: Market,
    now: datetime.datetime,
    *,
    dry_run: bool = False,
    withdraw_many: bool = False,
    progress: Callable[[int], None] = lambda count: None,
) -> ImportResult:
    """Store every offer of a shop's catalogue in `market`, and withdraw what it no longer names.

    `progress` is called with the number of rows read so far. An error in the middle keeps what was
    stored, and withdraws nothing.
    """
    result = ImportResult()
    seen: set[str] = set()
    batch: dict[str, ShopOffer] = {}
    rows = 0

    def flush() -> None:
        if batch and not dry_run:
            result.tally += store_offers(shop.alias, market, list(batch.values()), now)
        batch.clear()
        progress(rows)

    try:
        for entry in shop.catalogue(market):
            rows += 1
            if isinstance(entry, Skipped):
                result.skipped_count += 1
                if len(result.skipped) < MOST_REASONS:
                    result.skipped.append(entry)
                # A row that cannot be read is still a product that the shop has.
                if entry.external_id:
                    seen.add(entry.external_id)
                continue
            seen.add(entry.external_id)
            batch[entry.external_id] = entry
            if len(batch) >= BATCH:
                flush()
        flush()
    except ShopError as error:
        flush()
        result.error = error.reason
        return result
    if shop.complete_catalogue and not dry_run:
        _withdraw_missing(shop, market, seen, now, withdraw_many, result)
    return result


def _withdraw_missing(
    shop: Shop,
    market: Market,
    seen: set[str],
    now: datetime.datetime,
    withdraw_many: bool,
    result: ImportResult,
) -> None:
    sold = Offer.objects.filter(product__shop=shop.alias, market=market.key, withdrawn_at=None)
    rows = sold.values_list("pk", "product__external_id").order_by("pk").iterator()
    missing = [pk for pk, external_id in rows if external_id not in seen]
    total = sold.count()
    if missing and len(missing) > total * LARGEST_LOSS and not withdraw_many:
        result.error = (
            f"The catalogue lacks {len(missing)} of {total} products. Nothing was withdrawn: if"
            " that is right, run the import again with --withdraw-many."
        )
        return
    for start in range(0, len(missing), BATCH):
        withdraw(list(Offer.objects.filter(pk__in=missing[start : start + BATCH])), now)
    result.withdrawn = len(missing)
