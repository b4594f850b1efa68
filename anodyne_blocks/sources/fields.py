"""The fields of a source as a form holds them, from values of any origin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from anodyne_blocks.sources.identifiers import bare_doi, is_doi

# {field: the most characters that the form takes}
LENGTHS = {
    "kind": 20,
    "authors": 300,
    "title": 400,
    "container": 200,
    "year": 4,
    "url": 2000,
    "doi": 200,
    "pubmed_id": 9,
}
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_PUBMED = re.compile(r"\d{1,9}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)

Fields = dict[str, str]


def source_fields(given: Mapping[str, Any]) -> Fields:
    """The fields that say something, each as text that the form takes; what it refuses is left out.

    Markup in titles is taken out. A `url` that is a DOI's address becomes its `doi`.
    """
    texts = {name: _text(given.get(name)) for name in LENGTHS}
    year = YEAR.search(texts["year"])
    texts["year"] = year[0] if year else ""
    texts["doi"] = bare_doi(texts["doi"])
    if not texts["doi"] and is_doi(bare_doi(texts["url"])):
        texts["doi"] = bare_doi(texts["url"])
    if not is_doi(texts["doi"]):
        texts["doi"] = ""
    if not _PUBMED.fullmatch(texts["pubmed_id"]):
        texts["pubmed_id"] = ""
    if not _is_address(texts["url"]) or (texts["doi"] and bare_doi(texts["url"]) == texts["doi"]):
        texts["url"] = ""
    for name in ("title", "container", "authors"):
        texts[name] = texts[name].strip(" .") if name != "title" else texts[name].rstrip(" .")
    cut = {name: _cut(text, LENGTHS[name]) for name, text in texts.items()}
    return {name: text for name, text in cut.items() if text}


def _is_address(text: str) -> bool:
    try:
        return bool(_ADDRESS.fullmatch(text) and urlsplit(text).hostname)
    except ValueError:
        # "http://[": it only begins as one.
        return False


def people(names: Iterable[tuple[str, str]], count: int = 6) -> str:
    """(family, given) names as medical journals print them: "Foster NE, Anema JR, et al."."""
    written = [_person(family, given) for family, given in names]
    written = [name for name in written if name]
    shown = written if len(written) <= count else [*written[:3], "et al."]
    return ", ".join(shown)


def _person(family: str, given: str) -> str:
    if not given:
        return family.strip()
    parts = re.split(r"[\s.\-]+", given)
    return f"{family.strip()} {''.join(part[0].upper() for part in parts if part)}"


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return ""
    return " ".join(unescape(_TAG.sub("", str(value)[:4000])).split())


def _cut(text: str, length: int) -> str:
    """At a word's end, where a text is too long."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,.;") + "…"
