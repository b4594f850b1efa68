"""`ArticleContext`: what an element may depend on besides its stored value."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from anodyne_blocks import conf
from anodyne_blocks.texts import Texts
from anodyne_blocks.walk import page_streams

if TYPE_CHECKING:
    from anodyne_blocks.outline import Outline

# The key of the context in a template's variables and in an API serializer's context.
CONTEXT_KEY = "article_context"


@dataclass(frozen=True)
class ArticleContext:
    """Language, market, page, request and time of one rendering; made at the edge, passed down.

    `page` and `request` are None where there is none (a snippet, a task); `market` is None where
    no market of the site covers the language: no offer is shown then. `is_preview` is true in the
    block picker, where examples stand in for what only a page has.
    """

    language: str
    market: conf.Market | None
    page: Any = None
    request: HttpRequest | None = None
    now: datetime.datetime = field(default_factory=timezone.now)
    is_preview: bool = False

    @classmethod
    def for_page(cls, page: Any, request: HttpRequest | None = None) -> ArticleContext:
        """The context of a page: its own language, whatever language the request has."""
        language = page_language(page)
        return cls(language, conf.market_for_language(language), page, request)

    @classmethod
    def found_in(cls, variables: Mapping[str, Any] | None) -> ArticleContext:
        """The context given in a template's or serializer's variables, else made from them."""
        variables = variables or {}
        given = variables.get(CONTEXT_KEY)
        if given is not None:
            return given
        return cls.for_page(variables.get("page"), variables.get("request"))

    @cached_property
    def outline(self) -> Outline:
        """Headings, anchors and levels of the page, made once."""
        from anodyne_blocks.outline import Outline

        return Outline.of_page(self.page)

    @cached_property
    def texts(self) -> Texts:
        """The rich texts of the page, and of what else was fetched with it."""
        for _block, stream in page_streams(self.page):
            if getattr(stream, "texts", None) is not None:
                return stream.texts
        return Texts()

    @cached_property
    def templates(self) -> dict[str, Any]:
        """What `rendering` found out about the templates of this rendering."""
        return {}

    @cached_property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in settings.LANGUAGES_BIDI else "ltr"

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)


def page_language(page: Any) -> str:
    """A page's language code; the active language for what has no locale."""
    locale = getattr(page, "locale", None)
    if locale is not None:
        return locale.language_code
    return translation.get_language() or settings.LANGUAGE_CODE
