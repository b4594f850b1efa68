"""Front-end caches: a page is purged when what it shows of products and people has changed."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from wagtail.models import Site

from anodyne_blocks.article.markets import markets_of_pages
from anodyne_blocks.catalogue.usage import pages_showing
from anodyne_blocks.conf import page_model
from anodyne_blocks.models import Offer
from anodyne_blocks.models.offers import JUDGED, SHOWN
from anodyne_blocks.pricing.prior_price import Status

__all__ = ["purge_products"]

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
        transaction.on_commit(lambda: _purge(_pages_of(changes)), robust=True)


def purge_products(products: Iterable[int]) -> None:
    """The same for products that changed in every market."""
    purge_pages({(product, None) for product in products})


def purge_found(pages: Collection[int]) -> None:
    """The same for those of these pages (ids) that are live."""
    if pages and has_caches():
        transaction.on_commit(lambda: _purge(pages), robust=True)


def has_caches() -> bool:
    """Whether the site's settings name a front-end cache."""
    return any(getattr(settings, name, None) for name in _CACHES)


def _pages_of(changes: Changes) -> set[int]:
    showing = pages_showing({product for product, _ in changes})
    markets = markets_of_pages(set().union(*showing.values()))
    return {
        page
        for product, pages in showing.items()
        # A page may be deleted between the queries.
        for page in pages & markets.keys()
        if any((product, key) in changes for key in (None, *markets[page]))
    }


def _purge(found: Collection[int]) -> None:
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    pages = page_model().objects.filter(pk__in=found, live=True)
    PurgeBatch(_addresses(pages.specific().defer_streamfields())).purge()


def _addresses(pages: Iterable[Any]) -> set[str]:
    """The full addresses of specific pages, in each of the sites that a page belongs to."""
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    batch = PurgeBatch()
    roots = Site.get_site_root_paths()
    in_sites: dict[int, PurgeBatch] = {}
    for page in pages:
        sites = {root.site_id for root in roots if page.url_path.startswith(root.root_path)}
        if len(sites) < 2:
            batch.add_page(page)
            continue
        # Where a site lies within another one, Wagtail gives the address for the site of a request.
        for site in sites:
            if site not in in_sites:
                in_sites[site] = PurgeBatch(cache_object=_request_to(Site.objects.get(pk=site)))
            in_sites[site].add_page(page)
    return batch.urls.union(*(one.urls for one in in_sites.values()))


def _request_to(site: Site) -> HttpRequest:
    request = HttpRequest()
    request.META.update(SERVER_NAME=site.hostname, SERVER_PORT=str(site.port))
    return request
