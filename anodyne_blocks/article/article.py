"""`Article`: a page for a reader at a moment; what all its outputs read, worked out once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone, translation

from anodyne_blocks import clock, conf
from anodyne_blocks.article.citations import Citations
from anodyne_blocks.article.dates import Days, days_of
from anodyne_blocks.article.markets import market_of
from anodyne_blocks.article.minutes import minutes_of
from anodyne_blocks.article.outline import Outline
from anodyne_blocks.article.pieces import Piece, pieces_of
from anodyne_blocks.article.reviews import digest_of, original
from anodyne_blocks.article.texts import Texts
from anodyne_blocks.article.walking import ArticleBlock, loaded_streams, page_streams, placements
from anodyne_blocks.elements.base import Direction, Element
from anodyne_blocks.elements.passages import Relationship

#: The key of the article in a template's variables and in an API serializer's context.
CONTEXT_KEY = "article_context"
#: True in the context of a serializer whose renderer writes elements itself.
WRITES_ELEMENTS = "writes_elements"
#: True in the context of a serializer that is asked for elements without the stored values.
ONLY_ELEMENTS = "only_elements"


@dataclass(frozen=True, eq=False)
class Article:
    """All that an element may depend on besides its stored value, and the elements.

    The reader is `language`, `market` (None where no market covers language and site: no offer is
    shown then) and `request` (None in a task); `now` is the moment. `page` is a snippet where the
    field is on one, and None for an endpoint. `is_preview` is true in the block picker, where
    examples stand in for what only a page has.
    """

    language: str
    market: conf.Market | None
    page: Any = None
    request: HttpRequest | None = None
    now: datetime.datetime = field(default_factory=timezone.now)
    is_preview: bool = False
    # Those that its elements were rendered with, by name.
    templates: dict[str, Any] = field(default_factory=dict, init=False)
    # By the identity of the stored value, which is held beside its element.
    _elements: dict[int, tuple[Any, Element | None]] = field(default_factory=dict, init=False)

    @classmethod
    def for_page(cls, page: Any, request: HttpRequest | None = None) -> Article:
        """The article of a page in its own language: one for each request that shows it.

        A page instance that a request shows is that request's; without a request each caller gets
        an article of its own.
        """
        # API v2 has a request of its own around Django's.
        request = getattr(request, "_request", request)
        bodies = loaded_streams(page)
        # One of them has lost it where a block was added, replaced or removed.
        known = {getattr(body, "article", None) for body in bodies}
        shown = known.pop() if len(known) == 1 else None
        if shown is not None and shown.page is page and request in (None, shown.request):
            return shown
        language = page_language(page)
        market = _market_of(page, language, request)
        article = cls(language, market, page, request, _moment_of(request))
        if request is not None:
            # For what is said of the whole answer, such as its cache tags.
            vars(request).setdefault("anodyne_articles", []).append(article)
            for body in bodies:
                body.article = article
        return article

    @classmethod
    def found_in(cls, variables: Mapping[str, Any] | None) -> Article:
        """The article among a template's or serializer's variables, else that of their page."""
        variables = variables or {}
        given = variables.get(CONTEXT_KEY)
        return given or cls.for_page(variables.get("page"), variables.get("request"))

    def element(self, block: ArticleBlock, value: Any) -> Element | None:
        """What a block resolves to, or None where nothing is shown; asked `speaking`."""
        known = self._elements.get(id(value))
        if known is None:
            known = self._elements[id(value)] = value, block.resolve(value, self)
        return known[1]

    def elements(self) -> list[Element]:
        """All elements of the page, in reading order; those inside others are theirs."""
        with self.speaking():
            found = [
                self.element(block, value)
                for block, value, is_inside in self.placements
                if isinstance(block, ArticleBlock) and not is_inside
            ]
        return [element for element in found if element is not None]

    @cached_property
    def placements(self) -> list[Any]:
        """What stands in all of the page's StreamFields: see `walking.placements_in`."""
        return placements(self.page)

    @cached_property
    def outline(self) -> Outline:
        """Headings, anchors and levels of the page."""
        return Outline.of(self.placements)

    @cached_property
    def citations(self) -> Citations:
        """The sources that the page's texts cite, and where."""
        bodies = (body for _block, body in page_streams(self.page) if len(body))
        fetched = [getattr(body, "texts", None) for body in bodies]
        # Where all texts were seen when they were fetched, most pages need no look at each block.
        is_needed = any(texts is None or texts.cites for texts in fetched)
        return Citations.of(self) if is_needed else Citations()

    @cached_property
    def relationships(self) -> tuple[Relationship, ...]:
        """What the placements that the page shows are paid for; asked `speaking`."""
        found = {
            relationship
            for block, value, _is_inside in self.placements
            if isinstance(block, ArticleBlock)
            for relationship in block.relationships(value, self)
        }
        return tuple(sorted(found))

    @cached_property
    def places(self) -> dict[int, tuple[str, int]]:
        """{identity of a value that sells: (name of the element's block, its place from 1)}.

        Each place counts, in the order of the page, whether something is shown there or not.
        """
        found: dict[int, tuple[str, int]] = {}
        name = ""
        for block, value, is_inside in self.placements:
            if not is_inside:
                name = getattr(block, "name", "")
            if isinstance(block, ArticleBlock) and block.sells:
                found[id(value)] = name, len(found) + 1
        return found

    @cached_property
    def days(self) -> Days:
        """When it was first published and last updated, for its readers: see `dates.days_of`."""
        return days_of(self)

    @cached_property
    def minutes(self) -> int:
        """Whole minutes that the page takes to read."""
        return minutes_of(self)

    @cached_property
    def digest(self) -> str:
        """Stands for the words of the page's article; see `reviews.digest_of`."""
        return digest_of(self.page, self.pieces)

    @cached_property
    def pieces(self) -> list[Piece]:
        """What the page holds for its readers: see `pieces.pieces_of`."""
        return pieces_of(self.page)

    @cached_property
    def texts(self) -> Texts:
        """The rich texts of the page, and of what else was fetched with it."""
        fetched = (getattr(body, "texts", None) for _block, body in page_streams(self.page))
        return next((texts for texts in fetched if texts is not None), None) or Texts()

    def speaking(self) -> AbstractContextManager[Any]:
        """With it the article's language is active; it need not be the request's."""
        if translation.get_language() == self.language:
            return nullcontext()
        return translation.override(self.language)

    @cached_property
    def direction(self) -> Direction:
        """Which way the page's language is written: "ltr" or "rtl"."""
        return "rtl" if self.language.split("-")[0] in settings.LANGUAGES_BIDI else "ltr"

    @cached_property
    def address(self) -> str:
        """The page's full address, in the request's site if it is in several; "" without one.

        An alias has that of the page whose text it shows, and what is no page the address that is
        being read.
        """
        if isinstance(self.page, conf.page_model()):
            return original(self.page).get_full_url(self.request) or ""
        own = getattr(self.page, "full_url", None)
        return own or (self.request.build_absolute_uri() if self.request is not None else "")

    @property
    def today(self) -> datetime.date:
        """The day of `now` in the site's time zone."""
        return clock.day_of(self.now)


def _moment_of(request: Any) -> datetime.datetime:
    """One moment for all articles that a request shows."""
    now = timezone.now()
    return now if request is None else vars(request).setdefault("article_moment", now)


def _market_of(page: Any, language: str, request: Any) -> conf.Market | None:
    """The market of a page, or else of the request.

    Where nobody says for whom, only the one market there is: no price is better than another's.
    """
    is_said = request is not None or getattr(page, "locale", None) is not None
    return market_of(page, language, request) if is_said or len(conf.markets()) == 1 else None


def find_languages(pages: list[Any]) -> None:
    """What `page_language` asks of translatable pages, in two queries at most."""
    if any(getattr(page, "alias_of_id", None) for page in pages):
        originals = Prefetch("alias_of", conf.page_model().objects.select_related("locale"))
        prefetch_related_objects(pages, originals)
    prefetch_related_objects(pages, "locale")


def page_language(page: Any) -> str:
    """A page's language code; the active language for what has no locale.

    An alias, which may stand in another language's tree, is in the language of its text.
    A site in one language is in `LANGUAGE_CODE`, whatever locale its pages were created under.
    """
    locale = getattr(original(page), "locale", None)
    if locale is not None:
        return conf.language_of(locale.language_code)
    return conf.language_of(translation.get_language() or settings.LANGUAGE_CODE)
