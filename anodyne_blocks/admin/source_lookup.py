"""What is known of a source by its DOI, PubMed ID or address: asked over the safe HTTP client."""

from __future__ import annotations

from urllib.parse import quote

from anodyne_blocks.shops.http import HttpClient, HttpError
from anodyne_blocks.sources.csl_json import fields_of
from anodyne_blocks.sources.fields import Fields
from anodyne_blocks.sources.page_meta import page_fields

_CSL = "application/vnd.citationstyles.csl+json"
# Two registries have nearly all DOIs; each says 404 of the other's.
DOI_REGISTRIES = (
    f"https://api.crossref.org/works/{{}}/transform/{_CSL}",
    f"https://api.datacite.org/dois/{_CSL}/{{}}",
)
PUBMED = "https://pmc.ncbi.nlm.nih.gov/api/ctxp/v1/pubmed/?format=csl&id={}"
_UNKNOWN = frozenset({400, 404, 410, 422})


class NothingKnown(LookupError):
    """Nobody who was asked knows the source."""


def client() -> HttpClient:
    """For an editor who waits: one try, a few seconds, a web page's size."""
    return HttpClient(max_redirects=5, total=12, retries=0, max_bytes=3 * 1024 * 1024)


def look_up(fields: Fields) -> Fields:
    """The fields of what `fields` name, by the first of `doi`, `pubmed_id` and `url`.

    `NothingKnown` where none of them is known; `ShopError` where nobody answered.
    """
    with client() as http:
        if doi := fields.get("doi"):
            found = _registered(http, [url.format(quote(doi)) for url in DOI_REGISTRIES])
        elif pubmed_id := fields.get("pubmed_id"):
            found = _registered(http, [PUBMED.format(pubmed_id)])
        elif url := fields.get("url"):
            found = page_fields(http.get(url).body)
        else:
            found = {}
    if not found.get("title"):
        raise NothingKnown
    return found


def _registered(http: HttpClient, addresses: list[str]) -> Fields:
    """What the first of these that knows the source says of it."""
    for address in addresses:
        try:
            answer = http.get_json(address, headers={"Accept": _CSL})
        except HttpError as error:
            if error.status in _UNKNOWN:
                continue
            raise
        if isinstance(answer, list):
            answer = answer[0] if answer else {}
        if isinstance(answer, dict):
            return fields_of(answer)
    return {}
