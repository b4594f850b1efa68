"""Rich texts with their links: those of a page, or of a listing, are looked up together.

Wagtail asks the database for the pages of each text, and for the language of each link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.html import escape
from wagtail.rich_text import expand_db_html, features
from wagtail.rich_text.rewriters import LinkRewriter

from anodyne_blocks import conf
from anodyne_blocks.article.stored import UNREAD

# What the link to a cited source is, in stored texts; see `citations`.
LINK_TYPE = "anodyne-source"

# A control character that no editor types and no HTML may hold.
_BETWEEN = "\x1e"
_ID = re.compile("[0-9]{1,18}")
_TAG = re.compile(r"<(/?)(a|embed)\b[^>]*>", re.IGNORECASE)


class Texts:
    """Stored rich texts; the links of all are looked up when the first is shown."""

    def __init__(self) -> None:
        self._waiting: set[str] = set()
        self._expanded: dict[tuple[str | None, str], str] = {}
        # Whether one of them cites a source.
        self.cites = False

    def add(self, source: Any) -> None:
        """Note a text; one without a link or an embed needs nothing."""
        if isinstance(source, str) and _has_links(source):
            self._waiting.add(source)
            self.cites = self.cites or LINK_TYPE in source

    def html(self, source: str) -> str:
        """A stored text as HTML. Links lead to a page's translation in the active language."""
        if not _has_links(source):
            return source
        language = translation.get_language()
        if (language, source) not in self._expanded:
            self._expand(language, {*self._waiting, source})
        return self._expanded[language, source]

    def _expand(self, language: str | None, sources: Iterable[str]) -> None:
        # In one order, so that what is made does not depend on hashes.
        ordered = sorted(sources)
        try:
            parts = _expanded(_BETWEEN.join(ordered)).split(_BETWEEN)
        except UNREAD:
            parts = []
        if len(parts) != len(ordered):
            # A text that holds the separator itself, or names what no handler can look up.
            parts = [_expanded_or_bare(source) for source in ordered]
        for source, html in zip(ordered, parts, strict=True):
            self._expanded[language, source] = html


def _has_links(source: str) -> bool:
    return "<a" in source or "<embed" in source


def _expanded(html: str) -> str:
    # Not at the top: it needs the models.
    from wagtail.rich_text.pages import PageLinkHandler

    # A site's own handler of page links keeps its say.
    if features.get_link_types().get("page") is PageLinkHandler:
        html = _PageLinks()(html)
    return expand_db_html(html)


def _expanded_or_bare(html: str) -> str:
    """A text whose links cannot be looked up loses them, not its words."""
    try:
        return _expanded(html)
    except UNREAD:
        return _TAG.sub("", html)


class _PageLinks(LinkRewriter):
    """Links to pages, as Wagtail writes them; other links are left as they are.

    One query, and one for each type of page that makes its addresses itself.
    """

    def get_tag_replacements(self, tag_type: str, attrs_list: list[dict[str, str]]) -> list[str]:
        if tag_type != "page":
            return []
        ids = [attrs.get("id", "") for attrs in attrs_list]
        pages = _linked({pk for pk in ids if _ID.fullmatch(pk)})
        urls = [pages[pk].url if pk in pages else None for pk in ids]
        return [f'<a href="{escape(url)}">' if url else "<a>" for url in urls]


def _linked(ids: set[str]) -> dict[str, Any]:
    """{id: the live translation in the active language, else the page itself}."""
    model = features.get_link_types()["page"].get_model()
    wanted = Q(pk__in=ids)
    language = translation.get_language() if conf.is_multilingual() else None
    if language:
        keys = model.objects.filter(pk__in=ids).values("translation_key")
        wanted |= Q(translation_key__in=keys, locale__language_code=language, live=True)
    found = model.objects.filter(wanted).select_related("locale", "content_type")
    pages = {page.pk: page for page in found}
    _make_specific(pages, model)
    by_key = {
        page.translation_key: page
        for page in pages.values()
        if page.live and page.locale.language_code == language
    }
    return {
        str(pk): by_key.get(page.translation_key, page)
        for pk, page in pages.items()
        if str(pk) in ids
    }


def _make_specific(pages: dict[Any, Any], model: Any) -> None:
    """Put instances of their own class in the place of pages whose class makes addresses itself."""
    own: dict[Any, list[Any]] = {}
    for pk, page in pages.items():
        specific = page.content_type.model_class()
        if specific is not None and any(
            getattr(specific, name) is not getattr(model, name)
            for name in ("url", "get_url", "get_url_parts")
        ):
            own.setdefault(specific, []).append(pk)
    for specific, pks in own.items():
        pages.update(specific.objects.select_related("locale").in_bulk(pks))
