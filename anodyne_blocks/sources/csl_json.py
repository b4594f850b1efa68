"""CSL-JSON, which Zotero and doi.org give: a list of items, or one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from anodyne_blocks.sources.fields import Fields, people, source_fields

KINDS = {
    "article-journal": "article",
    "journal-article": "article",
    "book": "book",
    "chapter": "book",
    "report": "report",
    "webpage": "website",
    "post-weblog": "website",
}


def read_csl_json(text: str) -> Iterator[tuple[str, Fields]]:
    """(title, fields) of each item; `ValueError` for what is no JSON."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None
    if isinstance(found, Mapping) and isinstance(found.get("items"), list):
        found = found["items"]
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, Mapping):
            yield str(item.get("title") or item.get("id") or "")[:300], fields_of(item)


def fields_of(item: Mapping[str, Any]) -> Fields:
    """The fields of one item."""
    names = item.get("author")
    if not isinstance(names, list):
        names = []
    return source_fields(
        {
            "kind": KINDS.get(str(item.get("type")), ""),
            "authors": people(_name(name) for name in names if isinstance(name, Mapping)),
            "title": item.get("title"),
            "container": item.get("container-title") or item.get("publisher"),
            "year": _year(item),
            "url": item.get("URL"),
            "doi": item.get("DOI"),
            "pubmed_id": item.get("PMID"),
        }
    )


def _name(name: Mapping[str, Any]) -> tuple[str, str]:
    if name.get("literal") or name.get("name"):
        return str(name.get("literal") or name.get("name")), ""
    return str(name.get("family") or ""), str(name.get("given") or "")


def _year(item: Mapping[str, Any]) -> str:
    """The year of {"issued": {"date-parts": [[2018, 3, 21]]}}, or of a date in words."""
    issued = item.get("issued") or item.get("published")
    if not isinstance(issued, Mapping):
        return str(issued or "")
    parts: Any = issued.get("date-parts")
    while isinstance(parts, list) and parts:
        parts = parts[0]
    return str(parts or issued.get("raw") or issued.get("literal") or "")
