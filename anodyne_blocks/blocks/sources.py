"""The list of sources, in one consistent citation style."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from anodyne_blocks import clock, conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.blocks.base import CompleteBlock, ElementBlock, common
from anodyne_blocks.elements import Link, Source, SourceList
from anodyne_blocks.words import npgettext, pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

# The DOI handbook, 2.2: directory indicator 10, registrant, its parts, slash, a printable suffix.
_DOI = re.compile(r"10\.\d{2,9}(\.\d+)*/\S+")
_DOI_ADDRESS = re.compile(r"(https?://)?((dx|www)\.)?doi\.org/", re.IGNORECASE)
# What a DOI is pasted with, also twice: addresses, "doi:", "urn:doi:", "info:doi/".
_BEFORE_DOI = re.compile(rf"({_DOI_ADDRESS.pattern}|((info|urn):)?doi\s*[:/]\s*)+", re.IGNORECASE)
# What ends a sentence, in the scripts of titles; Greek asks with a semicolon.
_STOPS = ".?!…;\u037e؟۔।։。？！"
# The anchor of a list without a heading.
_STEM = "sources"
# The fields of a source that a reader sees.
_FIELDS = "kind authors title container year url doi pubmed_id accessed".split()


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
    authors = blocks.CharBlock(
        label=_("Authors or publisher"),
        required=False,
        max_length=300,
        help_text=_("As printed, for example: Foster NE, Anema JR, Cherkin D, et al."),
    )
    title = blocks.CharBlock(label=_("Title"), max_length=400)
    container = blocks.CharBlock(
        label=_("Published in"),
        required=False,
        max_length=200,
        help_text=_("The journal, book or website."),
    )
    year = blocks.IntegerBlock(label=_("Year"), required=False, min_value=1500)
    url = blocks.URLBlock(label=_("Address"), required=False)
    doi = blocks.CharBlock(label=_("DOI"), required=False, max_length=200)
    pubmed_id = blocks.RegexBlock(
        regex=r"^\d{1,9}$",
        label=_("PubMed ID"),
        required=False,
        error_messages={"invalid": _("A PubMed ID is a number, for example 29573872.")},
    )
    accessed = blocks.DateBlock(
        label=_("Accessed on"), required=False, help_text=_("For web pages, which change.")
    )

    class Meta:
        label = _("Source")
        icon = "link"
        label_format = "{title} {year}"

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors = {}
        doi = bare_doi(value.get("doi"))
        if doi and not _DOI.fullmatch(doi):
            message = _("A DOI begins with “10.”, for example 10.1016/S0140-6736(18)30489-6.")
            errors["doi"] = ValidationError(message)
        if "doi" in value:
            value["doi"] = doi
        if value.get("year") and value["year"] > clock.today().year + 1:
            errors["year"] = ValidationError(_("This year is yet to come."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value


def bare_doi(text: str | None) -> str:
    """A DOI without what it is pasted with: its address, "doi:", the sentence's full stop."""
    text = (text or "").strip().rstrip(".,;")
    before = _BEFORE_DOI.match(text)
    if not before:
        return text
    doi = text[before.end() :]
    # In an address some signs are written as %28 and the like.
    return unquote(doi) if "doi.org/" in before.group().lower() else doi


def identities(source: Any) -> list[str]:
    """What makes two entries one source: DOI, PubMed ID or address; else all that is printed."""
    found = []
    url = source.get("url") or ""
    doi = source.get("doi") or (bare_doi(url) if _DOI_ADDRESS.match(url) else "")
    if doi:
        found.append("doi:" + doi.lower())
    if source.get("pubmed_id"):
        found.append(f"pubmed:{source['pubmed_id']}")
    if url:
        parts = urlsplit(url)
        host = parts.netloc.lower().removeprefix("www.")
        found.append(f"url:{host}{parts.path.rstrip('/')}?{parts.query}#{parts.fragment}")
    printed = [str(source.get(name) or "") for name in ("title", "year", "authors", "container")]
    return found or ["printed:" + "\n".join(" ".join(t.split()).casefold() for t in printed)]


class SourceListBlock(ElementBlock):
    """The sources that an article rests on, numbered."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        max_length=200,
        help_text=_("Empty: “Sources” in the page's language."),
    )
    sources = blocks.ListBlock(SourceBlock(), label=_("Sources"), min_num=1)

    class Meta:
        label = _("Sources")
        icon = "anodyne-sources"
        group = _("Article")
        description = _("A numbered list of what the article rests on, linked to DOI and PubMed.")
        template = "anodyne_blocks/sources.html"
        settings = ("heading",)

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
        if self.is_deferred_validation:
            # A draft may hold a source twice.
            return value
        seen: dict[str, int] = {}
        errors = {}
        for index, source in enumerate(value["sources"]):
            if not source["title"]:
                continue
            first = min(seen.setdefault(identity, index) for identity in identities(source))
            if first != index:
                message = _("This source is already number %(number)d of the list.")
                error = ValidationError(message % {"number": first + 1})
                errors[index] = StructBlockValidationError(block_errors={"title": error})
        if errors:
            list_error = ListBlockValidationError(block_errors=errors)
            raise StructBlockValidationError(block_errors={"sources": list_error})
        return value

    def words(self, value: Any) -> Iterable[str]:
        for _number, source in _cited(value):
            yield from (str(source.get(name) or "") for name in ("title", "authors", "container"))
            yield str(source.get("year") or "")

    def outline(self, value: Any, outline: Outline) -> None:
        cited = _cited(value)
        if not cited:
            return
        heading = _heading(value)
        if heading:
            outline.section(value, heading, 2)
        for number, source in cited:
            outline.anchor(source, f"{outline.anchor(value, heading or _STEM)}-{number}")

    def resolve(self, value: Any, article: Article) -> SourceList | None:
        cited = _cited(value)
        if not cited:
            return None
        heading = _heading(value)
        anchor = article.outline.anchor(value, heading or _STEM)
        entries = tuple(
            _entry(
                tuple(map(source.get, _FIELDS)),
                number,
                article.outline.anchor(source, f"{anchor}-{number}"),
                article.language,
            )
            for number, source in cited
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
            entries=entries,
            collapsed=bool(summary) and count > conf.get("SOURCES_OPEN_UP_TO"),
            summary=summary,
        )


def _heading(value: Any) -> str:
    return value.get("heading") or pgettext("reader", "Sources")


def _cited(value: Any) -> list[tuple[int, Any]]:
    """The sources that have a title, with their numbers; a draft may hold others."""
    return list(enumerate((source for source in value["sources"] if source["title"]), start=1))


@conf.remembered(maxsize=2048)
def _entry(stored: tuple[Any, ...], number: int, anchor: str, language: str) -> Source:
    """Authors. Title. Container. Year. Accessed …: the order of the AMA style.

    `stored` holds the source's fields in the order of `_FIELDS`; the language is to be active.
    """
    source = dict(zip(_FIELDS, stored, strict=True))
    title = source["title"].strip()
    before = _sentence(source.get("authors"))
    after = " ".join(
        part for part in (_sentence(source.get("container")), _sentence(source.get("year"))) if part
    )
    accessed = (
        pgettext("reader", "Accessed %(date)s.")
        % {"date": date_of(source["accessed"], language).formatted}
        if source.get("accessed")
        else ""
    )
    doi = source.get("doi") or ""
    doi_url = f"https://doi.org/{quote(doi, safe='/()')}" if doi else ""
    pubmed = source.get("pubmed_id")
    pubmed_url = f"https://pubmed.ncbi.nlm.nih.gov/{pubmed}/" if pubmed else ""
    links = [
        *([Link(text=f"doi:{doi}", url=doi_url)] if doi_url else []),
        *([Link(text=f"PubMed {pubmed}", url=pubmed_url)] if pubmed_url else []),
    ]
    stop = _sentence(title)[len(title) :]
    parts = (before, title + stop, after, accessed, *(link.text for link in links))
    return Source(
        number=number,
        anchor=anchor,
        kind=source.get("kind") or "article",
        authors=source.get("authors") or "",
        title=title,
        container=source.get("container") or "",
        year=str(source.get("year") or ""),
        url=source.get("url") or doi_url or pubmed_url,
        before=before,
        after=f"{stop} {after}".rstrip(),
        accessed=accessed,
        links=tuple(links),
        text=" ".join(part for part in parts if part),
    )


def _sentence(text: Any) -> str:
    """`text` with one full stop at its end; "" for nothing."""
    text = str(text or "").strip()
    return text if not text or text[-1] in _STOPS else f"{text}."
