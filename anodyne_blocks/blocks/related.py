"""Articles to read next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from anodyne_blocks.article import Article
from anodyne_blocks.article.fetching import Fetched, Scope
from anodyne_blocks.article.related import (
    MOST,
    TagName,
    chosen_pages,
    has_tag,
    minutes_to_read,
    pages_with_tags,
)
from anodyne_blocks.article.stored import is_writable
from anodyne_blocks.blocks.base import ElementBlock, common, level_below
from anodyne_blocks.blocks.byline import SAMPLE_MINUTES, reading_time_element
from anodyne_blocks.blocks.choosers import RelatedPageChooserBlock
from anodyne_blocks.blocks.passages import STYLESHEET
from anodyne_blocks.blocks.untranslated import UntranslatedBlock
from anodyne_blocks.elements import RelatedArticle, RelatedArticles
from anodyne_blocks.languages import variants
from anodyne_blocks.words import pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

_STEM = "related"


class TagBlock(Fetched, UntranslatedBlock):
    """A tag of pages, which comes with the newest of them."""

    @staticmethod
    def loader(ids: set[Any], scope: Scope) -> dict[Any, Any]:
        return pages_with_tags(ids, scope)

    def is_key(self, raw: Any) -> bool:
        return isinstance(raw, str) and bool(raw) and is_writable(raw)

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        return [value or "" for value in super().bulk_to_python(values)]

    def clean(self, value: Any) -> Any:
        """The tag as it is written; an error for one that no page of the site has."""
        value = super().clean(value)
        known = has_tag(value.strip()) if value else ""
        if value and not known:
            raise ValidationError(_("No page has this tag."))
        return known


class RelatedArticlesBlock(ElementBlock):
    """Other articles in the page's language: chosen ones first, then the newest with a tag."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        max_length=150,
        help_text=_("Empty: “Read on” in the page's language."),
    )
    pages = blocks.ListBlock(
        RelatedPageChooserBlock(label=_("Article")),
        label=_("Articles"),
        max_num=MOST,
        default=[],
        help_text=_("Each page shows them in its own language."),
    )
    tag = TagBlock(
        label=_("Tag"),
        required=False,
        max_length=100,
        help_text=_("The newest articles with this tag follow those that you choose."),
    )
    most = blocks.IntegerBlock(
        label=_("At most"), required=False, default=3, min_value=1, max_value=MOST
    )

    class Meta:
        label = _("Related articles")
        icon = "anodyne-related"
        group = _("Navigation")
        description = _("Articles to read next, chosen or by a tag, with their reading time.")
        label_format = "{heading}"
        template = "anodyne_blocks/related_articles.html"
        stylesheets = (STYLESHEET,)
        settings = ("heading", "most")

    def words(self, value: Any) -> Iterable[str]:
        return ()

    def outline(self, value: Any, outline: Outline) -> None:
        outline.anchor(value, value.get("heading") or _STEM)

    def resolve(self, value: Any, article: Article) -> RelatedArticles | None:
        found = _samples(article) if article.is_preview else _shown(value, article)
        if not found:
            return None
        return RelatedArticles(
            **common(article),
            anchor=article.outline.anchor(value, value.get("heading") or _STEM),
            heading=value.get("heading") or pgettext("reader", "Read on"),
            heading_level=level_below(value, article),
            articles=tuple(found),
        )


def _shown(value: Any, article: Article) -> list[RelatedArticle]:
    """What is shown: none without an address, none twice, and never the page itself."""
    most, seen = value.get("most") or 3, {getattr(article.page, "pk", None)}
    found: list[RelatedArticle] = []
    for page in _pages(value, article.language):
        url = page.get_url(article.request)
        if page.pk not in seen and url and len(found) < most:
            seen.add(page.pk)
            minutes = minutes_to_read(page, article.language)
            found.append(
                RelatedArticle(
                    title=page.title,
                    url=url,
                    text=page.search_description,
                    reading_time=reading_time_element(article, minutes),
                )
            )
    return found


def _pages(value: Any, language: str) -> Iterator[Any]:
    """The chosen pages and those with the tag, all in one language."""
    scope = Scope(frozenset(variants(language)))
    for page in value.get("pages") or ():
        if page is None:
            continue
        if not hasattr(page, "fetched_versions"):
            # It comes from a form.
            page = chosen_pages({page.pk}, scope)[page.pk]
        yield from _in_language(page.fetched_versions, language)
    tag = value.get("tag")
    if tag and not isinstance(tag, TagName):
        tag = pages_with_tags({tag}, scope)[tag]
    for pages in _in_language(tag.fetched_pages if tag else {}, language):
        yield from pages


def _in_language(versions: dict[str, Any], language: str) -> list[Any]:
    return [versions[code] for code in variants(language) if code in versions][:1]


def _samples(article: Article) -> list[RelatedArticle]:
    reading_time = reading_time_element(article, SAMPLE_MINUTES)
    titles = (
        gettext("There is no single right way to sit"),
        gettext("Standing up is an exercise, too."),
    )
    return [
        RelatedArticle(title=title, url="#", text="", reading_time=reading_time) for title in titles
    ]
