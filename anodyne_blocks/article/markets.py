"""In which market a page sells: by its language, and by its site where a market belongs to sites.

A page belongs to each site whose root page is above it, as Wagtail has it: to several where two
sites have one root, or one lies within the other. The request's site then decides which market it
shows; without a request it is the first, as for Wagtail's addresses.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from wagtail.models import Locale, Site

from anodyne_blocks import conf
from anodyne_blocks.conf import page_model

# Of a page in SQL, as `article.page_language`: an alias is in the language of its original.
TEXT_LANGUAGE = Coalesce("alias_of__locale__language_code", "locale__language_code")
# Wagtail's (site id, URL path of its front page, address, language), the deepest first.
Roots = list[Any]


def market_of(page: Any, language: str, request: HttpRequest | None = None) -> conf.Market | None:
    """The market in which a page is shown in a language; of no page, that of the request's site."""
    if not conf.have_sites():
        return conf.market_for_language(language)
    if not _has_place(page):
        site = Site.find_for_request(request)
        return conf.market_for_language(language, site.root_url if site else "")
    # Kept by the request or the page, as for Wagtail's addresses.
    roots = [root for root in page._get_site_root_paths(request) if _is_below(page.url_path, root)]
    if len({root.site_id for root in roots}) > 1 and request is not None:
        site = Site.find_for_request(request)
        roots.sort(key=lambda root: site is None or root.site_id != site.pk)
    return conf.market_for_language(language, roots[0].root_url if roots else "")


def markets_of(page: Any, language: str, roots: Roots | None = None) -> list[str]:
    """The keys of all markets in which a page in a language sells, on whichever of its sites.

    Of what is no page, on any site. Give `site_roots()` for several pages.
    """
    roots = site_roots() if roots is None else roots
    if _has_place(page):
        return _keys(language, page.url_path, roots)
    return _found(language, [*(root.root_url for root in roots), ""])


def markets_of_pages(pages: Iterable[int]) -> dict[int, list[str]]:
    """{page id: keys of its markets} in one query; pages that are gone are left out."""
    found = page_model().objects.order_by().filter(pk__in=set(pages))
    roots = site_roots()
    return {
        pk: _keys(conf.language_of(locale), url_path, roots)
        for pk, locale, url_path in found.values_list("pk", TEXT_LANGUAGE, "url_path")
    }


def pages_by_market() -> dict[str, Q]:
    """{market key: the condition on pages that sell there}; without a page no key."""
    places: dict[tuple[str, str | None], set[int]] = {}
    roots = site_roots()
    for locale in Locale.objects.all():
        for site, root_path in (*((root.root_url, root.root_path) for root in roots), ("", None)):
            market = conf.market_for_language(conf.language_of(locale.language_code), site)
            if market is not None:
                places.setdefault((market.key, root_path), set()).add(locale.pk)
    anywhere = Q()
    for root_path in dict.fromkeys(root.root_path for root in roots):
        anywhere |= Q(url_path__startswith=root_path)
    found: dict[str, Q] = {}
    for (key, root_path), locales in places.items():
        there = Q(alias_of=None, locale__in=locales) | Q(alias_of__locale__in=locales)
        if root_path is not None:
            there &= Q(url_path__startswith=root_path)
        elif roots:
            there &= ~anywhere
        found[key] = found.get(key, Q()) | there
    return found


def site_roots() -> Roots:
    """Where the sites' pages begin, from Wagtail's cache; nothing where no market asks for it."""
    return Site.get_site_root_paths() if conf.have_sites() else []


def _has_place(page: Any) -> bool:
    """Whether it is a page with a place in the tree."""
    return isinstance(page, page_model()) and bool(page.url_path)


def _is_below(url_path: str, root: Any) -> bool:
    return url_path.startswith(root.root_path)


def _keys(language: str, url_path: str, roots: Roots) -> list[str]:
    return _found(language, [r.root_url for r in roots if _is_below(url_path, r)] or [""])


def _found(language: str, sites: Iterable[str]) -> list[str]:
    found = (conf.market_for_language(language, site) for site in sites)
    return list(dict.fromkeys(market.key for market in found if market))
