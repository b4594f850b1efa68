"""A source is filled in from its DOI, PubMed ID or address; without an answer nothing is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from anodyne_blocks.admin import source_lookup
from anodyne_blocks.shops.http import HttpClient
from tests.shops.conftest import Server

pytestmark = pytest.mark.django_db

DOI = "10.1016/S0140-6736(18)30489-6"
CSL = {
    "type": "article-journal",
    "title": "Prevention of low back pain",
    "author": [{"family": "Foster", "given": "Nadine E"}],
    "container-title": "Lancet",
    "issued": {"date-parts": [[2018]]},
    "DOI": DOI,
}
FIELDS = {
    "kind": "article",
    "authors": "Foster NE",
    "title": "Prevention of low back pain",
    "container": "Lancet",
    "year": "2018",
    "doi": DOI,
}
PAGE = b"""<!doctype html><html><head><meta charset="utf-8">
<title>Sciatica &amp; you | Site</title><meta property='og:site_name' content="Th\xc3\xbcsarts">
<meta content="2021-05-01" property="article:published_time"></head><body><meta name=x></body>"""


@pytest.fixture
def registries(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server that is asked in place of the registries, and may be asked for pages."""
    addresses = tuple(f"{server.url}/{name}/{{}}" for name in ("first", "second"))
    monkeypatch.setattr(source_lookup, "DOI_REGISTRIES", addresses)
    monkeypatch.setattr(source_lookup, "PUBMED", f"{server.url}/pubmed?id={{}}")
    here = {"allow_hosts": ["127.0.0.1"], "retries": 0, "total": 5}
    monkeypatch.setattr(source_lookup, "client", lambda: HttpClient(**here))
    return server


def ask(client: Any, **named: str) -> tuple[int, Any]:
    answer = client.post(reverse("anodyne_blocks_fill_in_source"), named)
    return answer.status_code, answer.json()


def test_a_doi_is_asked_of_one_registry_after_the_other(admin: Any, registries: Server) -> None:
    path = "10.1016/S0140-6736%2818%2930489-6"
    registries.says(f"/first/{path}", b"Not found", status=404)
    registries.says(f"/second/{path}", json.dumps(CSL).encode())
    assert ask(admin, doi=f"https://doi.org/{DOI}") == (200, {"fields": FIELDS})
    assert len(registries.requests) == 2


def test_a_pubmed_id(admin: Any, registries: Server) -> None:
    registries.says("/pubmed", json.dumps(CSL | {"PMID": "29573872"}).encode())
    expected = {"fields": FIELDS | {"pubmed_id": "29573872"}}
    assert ask(admin, pubmed_id="29573872") == (200, expected)


def test_an_address_says_what_it_is(admin: Any, registries: Server) -> None:
    registries.says("/sciatica", PAGE)
    assert ask(admin, url=f"{registries.url}/sciatica") == (
        200,
        {
            "fields": {
                "kind": "website",
                "title": "Sciatica & you | Site",
                "container": "Thüsarts",
                "year": "2021",
            }
        },
    )


def test_what_nobody_knows_is_said(admin: Any, registries: Server) -> None:
    for name in ("first", "second"):
        registries.says(f"/{name}/10.1234/x", b"", status=404)
    assert ask(admin, doi="10.1234/x") == (404, {"error": "Nothing is known of this source."})
    assert ask(admin) == (404, {"error": "Nothing is known of this source."})


def test_no_network_is_said_plainly(admin: Any, registries: Server) -> None:
    registries.httpd.shutdown()
    registries.httpd.server_close()
    message = "There is no answer. Try it again later, or fill it in yourself."
    assert ask(admin, doi=DOI) == (502, {"error": message})


def test_no_private_address_is_asked(admin: Any, server: Server) -> None:
    """The client is the real one."""
    server.says("/secret", PAGE)
    status, answer = ask(admin, url=f"{server.url}/secret")
    assert status == 502
    assert list(answer) == ["error"]
    assert server.requests == []


def test_only_editors_may_ask(client: Any) -> None:
    answer = client.post(reverse("anodyne_blocks_fill_in_source"), {"doi": DOI})
    assert answer.status_code == 302
