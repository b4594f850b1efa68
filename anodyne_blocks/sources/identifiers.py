"""The names by which sources are known: DOI, PubMed ID, address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

# The DOI handbook, 2.2: directory indicator 10, registrant, its parts, slash, a printable suffix.
_DOI = re.compile(r"10\.\d{2,9}(\.\d+)*/\S+")
_DOI_ADDRESS = re.compile(r"(https?://)?((dx|www)\.)?doi\.org/", re.IGNORECASE)
_PUBMED_ADDRESS = re.compile(r"https?://pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})/?", re.IGNORECASE)
# What a DOI is pasted with, also twice: addresses, "doi:", "urn:doi:", "info:doi/".
_BEFORE_DOI = re.compile(rf"({_DOI_ADDRESS.pattern}|((info|urn):)?doi\s*[:/]\s*)+", re.IGNORECASE)


def is_doi(text: str) -> bool:
    """Whether `text` is a bare DOI, as `bare_doi` gives it."""
    return _DOI.fullmatch(text) is not None


def doi_url(doi: str) -> str:
    """The address of a bare DOI."""
    return f"https://doi.org/{quote(doi, safe='/()')}"


def pubmed_url(pubmed_id: str) -> str:
    """The address of a PubMed ID."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pubmed_id}/"


def pubmed_id_of(url: str) -> str:
    """The PubMed ID of which this is the address; "" for another address."""
    found = _PUBMED_ADDRESS.fullmatch(url)
    return found[1] if found else ""


def bare_doi(text: str | None) -> str:
    """A DOI without what it is pasted with: its address, "doi:", the sentence's full stop."""
    text = (text or "").strip().rstrip(".,;")
    before = _BEFORE_DOI.match(text)
    if not before:
        return text
    doi = text[before.end() :]
    # In an address some signs are written as %28 and the like.
    return unquote(doi) if "doi.org/" in before.group().lower() else doi


def doi_of(source: Mapping[str, Any]) -> str:
    """The DOI of a source, also one whose address is that of a DOI; "" for none."""
    url = source.get("url") or ""
    return source.get("doi") or (bare_doi(url) if _DOI_ADDRESS.match(url) else "")


def repeated(sources: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """{index of a source: index of the first one that is the same}."""
    seen: dict[str, int] = {}
    found = {}
    for index, source in enumerate(sources):
        first = min(seen.setdefault(identity, index) for identity in identities(source))
        if first != index:
            found[index] = first
    return found


def identities(source: Mapping[str, Any]) -> list[str]:
    """What makes two entries one source: DOI, PubMed ID or address; else all that is printed."""
    found = []
    url = source.get("url") or ""
    doi = doi_of(source)
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
