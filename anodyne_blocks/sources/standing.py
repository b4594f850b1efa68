"""What a source is asked by to know whether it still stands, and what the answers mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from anodyne_blocks.sources.identifiers import bare_doi, doi_of, doi_url, is_doi, pubmed_url

DOI = "doi:"
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# What Crossref calls the ways in which a work is taken back.
_TAKEN_BACK = {"retraction", "withdrawal", "removal"}
# What PubMed calls such a work, and how it refers to the notice.
_PUBMED_TAKEN_BACK, _PUBMED_NOTICE = "retracted publication", "retraction in"
# Publishers write it into the title, too: "RETRACTED ARTICLE: …", "[Withdrawn] …".
_TITLE = re.compile(r"\[?(?:RETRACTED|WITHDRAWN)(?: (?:ARTICLE|PAPER))?[:\]]", re.IGNORECASE)


def references(source: Mapping[str, Any]) -> list[str]:
    """What leads a reader to a source: "doi:10.…" in small letters, and its addresses."""
    doi, url, pubmed_id = bare_doi(doi_of(source)), source.get("url") or "", source.get("pubmed_id")
    found = [DOI + doi.lower()] if is_doi(doi) else []
    if _ADDRESS.fullmatch(url) and not is_doi(bare_doi(url)):
        found.append(url.partition("#")[0])
    if pubmed_id:
        found.append(pubmed_url(pubmed_id))
    return found


def retracted_by(work: Any) -> str | None:
    """The DOI of the notice that took a work back, as Crossref describes the work.

    None where it stands; "" where the notice is not known.
    """
    if not isinstance(work, Mapping):
        return None
    own = str(work.get("DOI") or "").lower()
    updates = _updates(work.get("update-to"))
    # A notice of another work's retraction may bear its title.
    for kind, doi in [*_updates(work.get("updated-by")), *[u for u in updates if u[1] == own]]:
        if kind in _TAKEN_BACK:
            return doi
    titles = work.get("title")
    title = titles[0] if isinstance(titles, list) and titles else titles
    is_said = isinstance(title, str) and _TITLE.match(title.strip())
    return "" if is_said and not updates else None


def _updates(said: Any) -> list[tuple[str, str]]:
    """(kind, DOI in small letters) of a list of updates."""
    items = [item for item in said if isinstance(item, Mapping)] if isinstance(said, list) else []
    return [
        (str(item.get("type") or "").lower(), str(item.get("DOI") or "").lower()) for item in items
    ]


def pubmed_retracted_by(pubmed_id: str, answer: Any) -> str | None:
    """The address of the notice that took a work back, by PubMed's summary of the work.

    None where it stands; "" where the notice is not known. `LookupError` where PubMed has no such
    work, or says something else.
    """
    result = answer.get("result") if isinstance(answer, Mapping) else None
    work = result.get(pubmed_id) if isinstance(result, Mapping) else None
    kinds = work.get("pubtype") if isinstance(work, Mapping) else None
    if not isinstance(work, Mapping) or not isinstance(kinds, list):
        raise LookupError(pubmed_id)
    if _PUBMED_TAKEN_BACK not in (str(kind).lower() for kind in kinds):
        return None
    references = work.get("references")
    for said in references if isinstance(references, list) else ():
        if isinstance(said, Mapping) and str(said.get("reftype")).lower() == _PUBMED_NOTICE:
            notice = str(said.get("pmid") or "")
            return pubmed_url(notice) if notice.isdecimal() else ""
    return ""


def notice_url(notice: str) -> str:
    """The address of a notice, which is known by its DOI or by its address; "" for none."""
    return doi_url(notice) if notice and "://" not in notice else notice


def archived_copy(answer: Any) -> str:
    """The address of the copy that the Internet Archive says it has; "" for none."""
    for name in ("archived_snapshots", "closest"):
        answer = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(answer, Mapping) or not answer.get("available"):
        return ""
    url = re.sub(r"^http://", "https://", str(answer.get("url") or ""))
    return url if _ADDRESS.fullmatch(url) else ""


def is_elsewhere(old: str, new: str) -> bool:
    """Whether an address leads to another place than it did: not only to https, www or a slash."""
    return _place(old) != _place(new)


def _place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query
