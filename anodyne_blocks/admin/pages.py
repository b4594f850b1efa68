"""Pages in the admin's lists: title, language and state, with a link for who may edit them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from anodyne_blocks import conf
from anodyne_blocks.article.article import page_language


@dataclass(frozen=True)
class PageLink:
    """A page that a user may edit, in the language and for the market with these keys."""

    title: str
    url: str
    language: str
    market: str
    is_live: bool

    @property
    def state(self) -> str:
        return gettext("live") if self.is_live else gettext("draft")


@dataclass(frozen=True)
class PageLinks:
    """Those of some pages that a user may edit, and how many others there are."""

    links: list[PageLink]
    private: int

    @property
    def others(self) -> str:
        if not self.private:
            return ""
        text = ngettext(
            "%(count)d page that you may not edit",
            "%(count)d pages that you may not edit",
            self.private,
        )
        return text % {"count": self.private}

    def __str__(self) -> str:
        titles = [f"{link.title} ({link.language})" for link in self.links]
        return "; ".join([*titles, *filter(None, [self.others])])


class PageLinker:
    """Makes links of page ids for a user: all pages of a list in one query."""

    def __init__(self, user: Any, ids: Iterable[int]) -> None:
        mine = PagePermissionPolicy().instances_user_has_any_permission_for(user, {"change"})
        pages = mine.filter(pk__in=set(ids)).select_related("locale").order_by("path")
        self.links = {page.pk: _link(page) for page in pages}

    def __call__(self, ids: Iterable[int]) -> PageLinks:
        ids = set(ids)
        links = [link for pk, link in self.links.items() if pk in ids]
        return PageLinks(links, len(ids) - len(links))


def _link(page: Page) -> PageLink:
    language = page_language(page)
    market = conf.market_for_language(language)
    return PageLink(
        title=page.get_admin_display_title(),
        url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        language=language,
        market=market.key if market else "–",
        is_live=page.live,
    )
