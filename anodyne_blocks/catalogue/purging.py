"""Front-end caches: a page is purged when what its cards show of an offer has changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import transaction

from anodyne_blocks import conf
from anodyne_blocks.catalogue.usage import pages_showing
from anodyne_blocks.models import Offer
from anodyne_blocks.models.offers import JUDGED, SHOWN
from anodyne_blocks.pages import page_model
from anodyne_blocks.pricing.prior_price import Status

# Which offers changed: (product id, market key); None for a change that shows in every market.
Changes = set[tuple[int, str | None]]

# {offer id: all that a card shows of it}
Looks = dict[int, tuple[Any, ...]]

# Where Wagtail's `frontend_cache` finds its caches.
_CACHES = ("WAGTAILFRONTENDCACHE", "WAGTAILFRONTENDCACHE_LOCATION")
# What a card shows in any case, and what it shows of a proven reduction.
_shown = attrgetter(*(name for name in SHOWN if name not in JUDGED))
_proof = attrgetter(*(name for name in SHOWN if name in JUDGED), "rule", "announce_until")


def displayed(offers: Iterable[Offer], now: datetime.datetime) -> Looks:
    """How offers look at a moment, for `purge_changed`; nothing where nothing is to be purged."""
    return {offer.pk: _look(offer, now) for offer in offers} if has_caches() else {}


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
    if has_caches():
        purge_pages(
            {
                (offer.product_id, offer.market)
                for offer in offers
                if _look(offer, now) != before.get(offer.pk)
            }
        )


def purge_pages(changes: Changes) -> None:
    """Purge the live pages that show these changes, in one batch after the transaction.

    Does nothing where the site's settings name no front-end cache.
    """
    if changes and has_caches():
        transaction.on_commit(lambda: _purge(changes), robust=True)


def has_caches() -> bool:
    """Whether the site's settings name a front-end cache."""
    return any(hasattr(settings, name) for name in _CACHES)


def purge_products(products: Iterable[int]) -> None:
    """The same for products that changed in every market."""
    purge_pages({(product, None) for product in products})


def _purge(changes: Changes) -> None:
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    showing = pages_showing({product for product, _ in changes})
    pages = page_model().objects.select_related("locale").in_bulk(set().union(*showing.values()))
    batch = PurgeBatch()
    for product, page_ids in showing.items():
        # A page may be deleted between the two queries.
        for page in (pages[pk] for pk in page_ids if pk in pages):
            market = conf.market_for_language(page.locale.language_code)
            if (product, None) in changes or (product, market and market.key) in changes:
                batch.add_page(page)
    batch.purge()
