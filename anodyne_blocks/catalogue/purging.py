"""A page is purged from front-end caches when what it shows of products and people has changed.

Those who receive change events are told at the same time: what one hears, the other hears.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Collection, Iterable
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import transaction

from anodyne_blocks.article.markets import markets_of_pages
from anodyne_blocks.catalogue.addresses import addresses
from anodyne_blocks.catalogue.events import record
from anodyne_blocks.catalogue.receivers import has_receivers
from anodyne_blocks.catalogue.tags import MANY, tags_of
from anodyne_blocks.catalogue.usage import pages_showing
from anodyne_blocks.models import Offer
from anodyne_blocks.models.offers import JUDGED, SHOWN
from anodyne_blocks.pricing.prior_price import Status

__all__ = ["purge_products"]

logger = logging.getLogger(__name__)

# Which offers changed: (product id, market key); None for a change that shows in every market.
Changes = set[tuple[int, str | None]]

# {page id: the products on it that changed}
Found = dict[int, frozenset[int]]

# {offer id: all that a card shows of it}
Looks = dict[int, tuple[Any, ...]]

# Where Wagtail's `frontend_cache` finds its caches.
_CACHES = ("WAGTAILFRONTENDCACHE", "WAGTAILFRONTENDCACHE_LOCATION")
# What a card shows in any case, and what it shows of a proven reduction.
_shown = attrgetter(*(name for name in SHOWN if name not in JUDGED))
_proof = attrgetter(*(name for name in SHOWN if name in JUDGED), "rule", "announce_until")


def displayed(offers: Iterable[Offer], now: datetime.datetime) -> Looks:
    """How offers look at a moment, for `purge_changed`; nothing where nothing is to be purged."""
    return {offer.pk: _look(offer, now) for offer in offers} if is_heard() else {}


def _look(offer: Offer, now: datetime.datetime) -> tuple[Any, ...]:
    """All that a card shows of an offer; equal for two states that look the same."""
    return (
        *_shown(offer),
        offer.withdrawn_at is None,
        # A confirmed price shows no date any more.
        offer.is_unconfirmed(now),
        _proof(offer) if offer.prior_status == Status.OK.value else None,
    )


def purge_changed(offers: Iterable[Offer], before: Looks, now: datetime.datetime) -> None:
    """Purge the pages of offers that look other than `before`."""
    if is_heard():
        purge_pages(
            {
                (offer.product_id, offer.market)
                for offer in offers
                if _look(offer, now) != before.get(offer.pk)
            }
        )


def purge_pages(changes: Changes) -> None:
    """Purge the live pages that show these changes, in one batch after the transaction.

    Receivers of change events are told in it. Does nothing where the site's settings name neither
    a front-end cache nor a receiver.
    """
    if changes and is_heard():
        _tell(lambda: _pages_of(changes))


def purge_products(products: Iterable[int]) -> None:
    """The same for products that changed in every market."""
    purge_pages({(product, None) for product in products})


def purge_found(pages: Collection[int]) -> None:
    """The same for those of these pages (ids) that are live."""
    if pages and is_heard():
        _tell(lambda: dict.fromkeys(pages, frozenset()))


def purge_tags(tags: list[str]) -> None:
    """Purge what has one of these tags from the front-end caches that can do so.

    Wagtail's own back ends cannot; one that can has a method `purge_tags(tags)`.
    """
    from wagtail.contrib.frontend_cache.utils import get_backends

    for name, back_end in get_backends().items():
        if hasattr(back_end, "purge_tags"):
            try:
                back_end.purge_tags([*tags_of((), (), MANY), *tags])
            # As Wagtail does for addresses: a cache that cannot be reached breaks no edit.
            except Exception:
                logger.exception("The tags of front-end cache %s were not purged.", name)


def is_heard() -> bool:
    """Whether anybody hears of a change: a front-end cache, or a receiver of change events."""
    return has_caches() or has_receivers()


def has_caches() -> bool:
    """Whether the site's settings name a front-end cache."""
    return any(getattr(settings, name, None) for name in _CACHES)


def _tell(find: Callable[[], Found]) -> None:
    if has_receivers():
        found = find()
        record(found)
        if has_caches():
            transaction.on_commit(lambda: _purge(found), robust=True)
    else:
        transaction.on_commit(lambda: _purge(find()), robust=True)


def _pages_of(changes: Changes) -> Found:
    showing = pages_showing({product for product, _ in changes})
    markets = markets_of_pages(set().union(*showing.values()))
    found: Found = {}
    for product, pages in showing.items():
        # A page may be deleted between the queries.
        for page in pages & markets.keys():
            if any((product, key) in changes for key in (None, *markets[page])):
                found[page] = found.get(page, frozenset()) | {product}
    return found


def _purge(found: Found) -> None:
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    kept = addresses(found, live=True)
    PurgeBatch(url for urls in kept.values() for url in urls).purge()
    if kept:
        purge_tags(tags_of(kept, set().union(*found.values())))
