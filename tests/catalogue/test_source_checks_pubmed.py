"""Sources that are known by their PubMed ID: PubMed says which were retracted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from anodyne_blocks.admin.source_report import links
from anodyne_blocks.catalogue.source_checks import Asker
from tests.catalogue import loopback_web
from tests.catalogue.loopback_web import listing, pubmed_says
from tests.catalogue.test_source_checks import checked
from tests.shops.conftest import Server

pytestmark = pytest.mark.django_db

ID = "9500320"
ADDRESS = f"https://pubmed.ncbi.nlm.nih.gov/{ID}/"
RETRACTED = {"pubtype": ["Journal Article", "Retracted Publication"]}
NOTICE = {"refsource": "Lancet. 2010;375(9713):445", "reftype": "Retraction in", "pmid": 20137807}


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = loopback_web.made(monkeypatch)
    yield server
    server.close()


def test_a_retracted_work_has_its_notice(web: Server) -> None:
    pubmed_says(web, ID, **RETRACTED, references=[{"reftype": "Erratum in"}, NOTICE])
    listing({"pubmed_id": ID})
    found = checked(ADDRESS)
    assert found.status == "retracted"
    assert "https://pubmed.ncbi.nlm.nih.gov/20137807/" in [url for _label, url in links(found)]
    assert [path for _method, path, _headers in web.requests] == [f"/pubmed?db=pubmed&id={ID}"]
    # PubMed's silence takes no retraction back.
    pubmed_says(web, ID, status=500)
    assert checked(ADDRESS).status == "retracted"
    pubmed_says(web, ID, pubtype=["Journal Article"])
    found = checked(ADDRESS)
    assert (found.status, found.notice) == ("ok", "")


@pytest.mark.parametrize(
    ("work", "status"),
    [
        ({"pubtype": ["Journal Article"]}, "ok"),
        ({"pubtype": []}, "ok"),
        # The notice of another work's retraction, which is cited as such.
        ({"pubtype": ["Retraction of Publication"], "references": [NOTICE]}, "ok"),
        ({"pubtype": ["Expression of Concern"]}, "ok"),
        (RETRACTED, "retracted"),
        ({**RETRACTED, "references": "none"}, "retracted"),
        ({**RETRACTED, "references": [None, {**NOTICE, "pmid": "<b>"}]}, "retracted"),
    ],
)
def test_what_pubmed_says_of_a_work(web: Server, work: Any, status: str) -> None:
    pubmed_says(web, ID, **work)
    listing({"pubmed_id": ID})
    found = checked(ADDRESS)
    assert (found.status, found.notice) == (status, "")


@pytest.mark.parametrize(
    "answer",
    [
        {"result": {"uids": [ID], ID: {"uid": ID, "error": "cannot get document summary"}}},
        {"result": {"uids": []}},
        {"error": "API rate limit exceeded"},
        [],
        None,
    ],
)
def test_a_work_that_pubmed_does_not_know_is_an_address_like_others(
    web: Server, answer: Any
) -> None:
    web.says("/pubmed", json.dumps(answer).encode())
    web.says("/here")
    web.says("/gone", status=404)
    with loopback_web.client() as http:
        asker = Asker(http)
        found = [asker._pubmed(ID, f"{web.url}/{name}").status for name in ("here", "gone")]
    assert found == ["ok", "dead"]


def test_a_service_that_fails_makes_nothing_dead(web: Server) -> None:
    listing({"pubmed_id": ID})
    for body, status in ((b"", 500), (b"<html>", 200), (b"", 404)):
        web.says("/pubmed", body, status)
        found = checked(ADDRESS)
        assert (found.status, found.failed_on) == ("unknown", None)
