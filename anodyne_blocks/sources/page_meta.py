"""What a web page says of itself: the tags that libraries and social networks read."""

from __future__ import annotations

import re
from html import unescape

from anodyne_blocks.sources.fields import Fields, people, source_fields

# What a page says of itself stands in its head.
_READ = 300_000
_META = re.compile(r"<meta\s([^<>]{1,3000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]{1,40})\s?=\s?(?:"([^"]{0,2000})"|'([^']{0,2000})')""")
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,1000})", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s?=\s?[\"']?([\w-]{2,30})", re.IGNORECASE)


def page_fields(body: bytes) -> Fields:
    """The fields of the page whose HTML this is."""
    charset = _CHARSET.search(body[:4096])
    try:
        text = body[:_READ].decode(charset[1].decode() if charset else "utf-8", errors="replace")
    except LookupError:
        text = body[:_READ].decode("utf-8", errors="replace")
    said: dict[str, list[str]] = {}
    for tag in _META.finditer(text):
        given = {
            name.lower(): unescape(double or single)
            for name, double, single in _ATTRIBUTE.findall(tag[1])
        }
        name = given.get("name") or given.get("property") or ""
        if given.get("content"):
            said.setdefault(name.lower(), []).append(given["content"])

    def first(*names: str) -> str:
        return next((said[name][0] for name in names if name in said), "")

    title = _TITLE.search(text)
    journal = first("citation_journal_title", "citation_inbook_title", "prism.publicationname")
    authors = [author.partition(",") for author in said.get("citation_author", ())]
    return source_fields(
        {
            "kind": "article" if journal else "website",
            "authors": people((family, given) for family, _comma, given in authors)
            or first("author", "citation_publisher"),
            "title": first("citation_title", "og:title", "dc.title")
            or (unescape(title[1]) if title else ""),
            "container": journal or first("og:site_name"),
            "year": first(
                "citation_publication_date",
                "citation_date",
                "article:published_time",
                "dc.date",
            ),
            "doi": first("citation_doi", "dc.identifier"),
            "pubmed_id": first("citation_pmid"),
        }
    )
