"""The full addresses at which caches keep pages, in each of the sites that they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from wagtail.models import Site

from anodyne_blocks.conf import page_model


def addresses(pages: Iterable[int], **condition: Any) -> dict[int, list[str]]:
    """{page id: its addresses}, as its class gives them (`get_url_parts`, `get_cached_paths`).

    Pages that are gone, or do not fulfil the condition (such as `live=True`), are left out.
    """
    found = page_model().objects.filter(pk__in=pages, **condition)
    return addresses_of(found.specific().defer_streamfields())


def addresses_of(pages: Iterable[Any]) -> dict[int, list[str]]:
    """The same for specific pages."""
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    roots = Site.get_site_root_paths()
    # Wagtail keeps what it knows of sites on such an object.
    anywhere, requests = PurgeBatch(), dict[int, HttpRequest]()
    found: dict[int, list[str]] = {}
    for page in pages:
        sites = {root.site_id for root in roots if page.url_path.startswith(root.root_path)}
        kept: set[str] = set()
        # Where a site lies within another one, Wagtail gives the address for the site of a request.
        for site in sites if len(sites) > 1 else [None]:
            if site is not None and site not in requests:
                requests[site] = _request_to(Site.objects.get(pk=site))
            batch = PurgeBatch(cache_object=anywhere if site is None else requests[site])
            batch.add_page(page)
            kept |= batch.urls
        found[page.pk] = sorted(kept)
    return found


def _request_to(site: Site) -> HttpRequest:
    request = HttpRequest()
    request.META.update(SERVER_NAME=site.hostname, SERVER_PORT=str(site.port))
    return request
