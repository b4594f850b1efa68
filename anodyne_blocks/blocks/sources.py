"""The list of sources, in one consistent citation style."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks import clock, conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.article.headings import Anchored
from anodyne_blocks.blocks.anchors import anchor_block, anchored
from anodyne_blocks.blocks.base import CompleteBlock, ElementBlock, common
from anodyne_blocks.blocks.untranslated import (
    Untranslated,
    UntranslatedBlock,
    UntranslatedURLBlock,
)
from anodyne_blocks.elements import Link, Source, SourceList
from anodyne_blocks.sources.csl import Styled, styled
from anodyne_blocks.sources.identifiers import bare_doi, doi_url, is_doi, pubmed_url, repeated
from anodyne_blocks.words import npgettext, pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

logger = logging.getLogger(__name__)

# What ends a sentence, in the scripts of titles; Greek asks with a semicolon.
_STOPS = ".?!…;\u037e؟۔।։。？！"
# The anchor of a list without a heading.
_STEM = "sources"
# The fields of which an entry is made.
_FIELDS = "kind authors title container year url doi pubmed_id accessed key".split()


class HiddenKey(forms.HiddenInput):
    """The key's place in the form, where the editor's script finds it."""

    show_add_comment_button = False


class KeyBlock(Untranslated, blocks.CharBlock):
    """What citations hold of a source in place of its number: no word, and lasting.

    A source has one when it is cited first. Editors do not see it, translators are not sent it.
    """

    # Values are what is stored.
    is_plain = True
    mark = "data-anodyne-key"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field.widget = HiddenKey(attrs={self.mark: ""})

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As Wagtail's own: a site's migrations need Wagtail alone."""
        _path, arguments, options = super().deconstruct()
        return "wagtail.blocks.CharBlock", arguments, options

    def get_searchable_content(self, value: Any) -> list[str]:
        return []


class KeptAnchorBlock(KeyBlock):
    """The anchor that a source was published with; like its key, for no eyes."""

    mark = "data-anodyne-anchor"


class SourceBlock(CompleteBlock):
    """One source. Of the fields only the title is always needed."""

    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[
            ("article", _("Scientific article")),
            ("review", _("Systematic review")),
            ("guideline", _("Guideline")),
            ("book", _("Book")),
            ("report", _("Report")),
            ("website", _("Web page")),
        ],
        default="article",
    )
    authors = UntranslatedBlock(
        label=_("Authors or publisher"),
        required=False,
        max_length=300,
        help_text=_("As printed, for example: Foster NE, Anema JR, Cherkin D, et al."),
    )
    title = blocks.CharBlock(label=_("Title"), max_length=400)
    container = UntranslatedBlock(
        label=_("Published in"),
        required=False,
        max_length=200,
        help_text=_("The journal, book or website."),
    )
    year = blocks.IntegerBlock(label=_("Year"), required=False, min_value=1500)
    url = UntranslatedURLBlock(label=_("Address"), required=False)
    doi = UntranslatedBlock(label=_("DOI"), required=False, max_length=200)
    pubmed_id = blocks.RegexBlock(
        regex=r"^\d{1,9}$",
        label=_("PubMed ID"),
        required=False,
        error_messages={"invalid": _("A PubMed ID is a number, for example 29573872.")},
    )
    accessed = blocks.DateBlock(
        label=_("Accessed on"), required=False, help_text=_("For web pages, which change.")
    )
    key = KeyBlock(required=False, max_length=80)
    anchor = KeptAnchorBlock(required=False, max_length=250)

    class Meta:
        label = _("Source")
        icon = "link"
        label_format = "{title} {year}"

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors = {}
        doi = bare_doi(value.get("doi"))
        if doi and not is_doi(doi):
            message = _("A DOI begins with “10.”, for example 10.1016/S0140-6736(18)30489-6.")
            errors["doi"] = ValidationError(message)
        if "doi" in value:
            value["doi"] = doi
        if value.get("year") and value["year"] > clock.today().year + 1:
            errors["year"] = ValidationError(_("This year is yet to come."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value


class SourceListBlock(ElementBlock):
    """The sources that an article rests on, numbered."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        max_length=200,
        help_text=_("Empty: “Sources” in the page's language."),
    )
    sources = blocks.ListBlock(SourceBlock(), label=_("Sources"), min_num=1)
    anchor = anchor_block()

    class Meta:
        label = _("Sources")
        icon = "anodyne-sources"
        group = _("Article")
        description = _("A numbered list of what the article rests on, linked to DOI and PubMed.")
        template = "anodyne_blocks/sources.html"
        settings = ("heading", "anchor")

    def sample(self) -> dict[str, Any]:
        empty = self.child_blocks["sources"].child_block.get_default()
        return {
            "sources": [
                {
                    **empty,
                    "authors": "Hartvigsen J, Hancock MJ, Kongsted A, et al.",
                    "title": "What low back pain is and why we need to pay attention",
                    "container": "The Lancet",
                    "year": 2018,
                    "doi": "10.1016/S0140-6736(18)30480-X",
                    "pubmed_id": "29573870",
                }
            ]
        }

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        keys = {""}
        for source in value["sources"]:
            # A copy of a source is another source: what was cited stays the first.
            if (source.get("key") or "") in keys and "key" in source:
                source["key"] = ""
            keys.add(source.get("key") or "")
        if self.is_deferred_validation:
            # A draft may hold a source twice.
            return value
        errors = {
            index: StructBlockValidationError(block_errors={"title": ValidationError(text)})
            for index, text in repeats_in(value["sources"]).items()
        }
        if errors:
            list_error = ListBlockValidationError(block_errors=errors)
            raise StructBlockValidationError(block_errors={"sources": list_error})
        return value

    def listed_sources(self, value: Any) -> Iterable[Any]:
        return _listed(value)

    def words(self, value: Any) -> Iterable[str]:
        for source in _listed(value):
            yield from (str(source.get(name) or "") for name in ("title", "authors", "container"))
            yield str(source.get("year") or "")

    def outline(self, value: Any, outline: Outline) -> None:
        listed = _listed(value)
        if not listed:
            return
        heading = _heading(value)
        if heading:
            outline.section(value, heading, 2, value.get("anchor") or "")
        anchor = outline.anchor(value, value.get("anchor") or heading or _STEM)
        for position, source in enumerate(listed, start=1):
            outline.numbered(source, anchor, position)

    def anchored(self, value: Any, place: str) -> Iterable[Anchored]:
        # A number may be that of a source which was deleted long ago.
        stem = _heading(value) or _STEM
        items = [
            Anchored(
                item.value,
                item.id or "",
                item.value["title"],
                item.value["anchor"] or "",
                later=f"{stem} {item.value['title']}",
            )
            for item in getattr(value["sources"], "bound_blocks", ())
            if item.value["title"] and "anchor" in item.value
        ]
        own = anchored(value, place, value.get("heading")) if _listed(value) else ()
        return [*own, *items]

    def resolve(self, value: Any, article: Article) -> SourceList | None:
        listed = _listed(value)
        if not listed:
            return None
        heading = _heading(value)
        anchor = article.outline.anchor(value, value.get("anchor") or heading or _STEM)
        entries = sorted(
            (
                _placed(source, position, anchor, article)
                for position, source in enumerate(listed, start=1)
            ),
            key=attrgetter("number"),
        )
        count = len(entries)
        summary = npgettext(
            "reader", "Show %(count)d source", "Show all %(count)d sources", count
        ) % {"count": count}
        return SourceList(
            **common(article),
            anchor=anchor,
            heading=heading,
            heading_level=2,
            entries=tuple(entries),
            collapsed=bool(summary) and count > conf.get("SOURCES_OPEN_UP_TO"),
            summary=summary,
        )


def repeats_in(sources: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """{index: the sentence about a source that stands further up in its list already}."""
    titled = [index for index, source in enumerate(sources) if source.get("title")]
    again = repeated(sources[index] for index in titled)
    text = gettext("This source is already number %(number)d of the list.")
    return {titled[one]: text % {"number": titled[first] + 1} for one, first in again.items()}


def _heading(value: Any) -> str:
    return value.get("heading") or pgettext("reader", "Sources")


def _listed(value: Any) -> list[Any]:
    """The sources that have a title; a draft may hold others."""
    return [source for source in value["sources"] if source["title"]]


def _placed(source: Any, position: int, list_anchor: str, article: Article) -> Source:
    """A source as the page cites it: with its number, or else its place in the list."""
    entry = _entry(
        tuple(map(source.get, _FIELDS)),
        article.citations.number_of(source) or position,
        article.outline.numbered(source, list_anchor, position),
        article.language,
    )
    mentions = article.citations.mentions_of(source)
    return entry.model_copy(update={"mentions": mentions}) if mentions else entry


@conf.remembered(maxsize=2048)
def _entry(stored: tuple[Any, ...], number: int, anchor: str, language: str) -> Source:
    """An entry of the fields in `stored`, in the order of `_FIELDS`; the language is active."""
    source = dict(zip(_FIELDS, stored, strict=True))
    style = conf.get("SOURCES_STYLE")
    written = _in_style(stored, str(style), language) if style else None
    written = written or _in_built_in_style(source)
    accessed = (
        pgettext("reader", "Accessed %(date)s.")
        % {"date": date_of(source["accessed"], language).formatted}
        if source.get("accessed")
        else ""
    )
    doi = source.get("doi") or ""
    pubmed = source.get("pubmed_id") or ""
    links = [
        *([Link(text=f"doi:{doi}", url=doi_url(doi))] if doi else []),
        *([Link(text=f"PubMed {pubmed}", url=pubmed_url(pubmed))] if pubmed else []),
    ]
    sentence = written.printed + written.after
    parts = (written.before, sentence, accessed, *(link.text for link in links))
    return Source(
        number=number,
        anchor=anchor,
        kind=source.get("kind") or "article",
        authors=source.get("authors") or "",
        title=source["title"].strip(),
        container=source.get("container") or "",
        year=str(source.get("year") or ""),
        url=source.get("url") or (links[0].url if links else ""),
        **written._asdict(),
        accessed=accessed,
        links=tuple(links),
        text=" ".join(part for part in parts if part),
        key=source.get("key") or "",
    )


def _in_built_in_style(source: Mapping[str, Any]) -> Styled:
    """Authors. Title. Container. Year.: the order of the AMA style."""
    title = source["title"].strip()
    stop = _sentence(title)[len(title) :]
    parts = (stop, _sentence(source.get("container")), _sentence(source.get("year")))
    after = " ".join([parts[0], *filter(None, parts[1:])]).rstrip()
    return Styled(_sentence(source.get("authors")), title, after)


@conf.remembered(maxsize=2048)
def _in_style(stored: tuple[Any, ...], style: str, language: str) -> Styled | None:
    """In a style of the Citation Style Language; None where it cannot be."""
    try:
        return styled(dict(zip(_FIELDS, stored, strict=True)), style, language)
    except Exception as error:  # a broken style or library: readers get the built-in one
        logger.warning("SOURCES_STYLE %r cannot be used: %s", style, error)
        return None


def _sentence(text: Any) -> str:
    """`text` with one full stop at its end; "" for nothing."""
    text = str(text or "").strip()
    return text if not text or text[-1] in _STOPS else f"{text}."
