"""A server on loopback that is the whole web of sources: pages, registries and the archive."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from anodyne_blocks.catalogue import source_checks
from anodyne_blocks.shops.http import HttpClient
from tests import factories
from tests.shops.conftest import Server

DOI = "10.1016/s0140-6736(18)30489-6"
QUOTED = "10.1016%2Fs0140-6736%2818%2930489-6"
NOTICE = "10.1016/notice"
COPY = {"available": True, "url": "http://web.archive.org/web/2020/page"}


def client(**options: Any) -> HttpClient:
    return HttpClient(
        headers={"User-Agent": source_checks.user_agent()},
        allow_hosts=["127.0.0.1"],
        retries=0,
        max_redirects=5,
        **{"total": 5, **options},
    )


def made(monkeypatch: pytest.MonkeyPatch) -> Server:
    """It is asked in place of all others, without pauses; its archive holds nothing."""
    server = Server()
    instead = {
        "CROSSREF": f"{server.url}/crossref/{{}}",
        "HANDLES": f"{server.url}/handles/{{}}",
        "PUBMED": f"{server.url}/pubmed?db=pubmed&id={{}}",
        "ARCHIVE": f"{server.url}/archive?url={{}}",
        "PAUSE": datetime.timedelta(0),
        "AFTER_SILENCE": datetime.timedelta(0),
        "client": client,
    }
    for name, value in instead.items():
        monkeypatch.setattr(source_checks, name, value)
    archive_says(server)
    return server


def archive_says(server: Server, **copy: Any) -> None:
    answer = {"archived_snapshots": {"closest": copy} if copy else {}}
    server.says("/archive", json.dumps(answer).encode())


def crossref_says(server: Server, status: int = 200, **work: Any) -> None:
    """Crossref's answer about `DOI`, which is registered."""
    known = {"DOI": DOI, "title": ["Prevention of low back pain"], **work}
    server.says(f"/crossref/{QUOTED}", json.dumps({"message": known}).encode(), status)
    server.says(f"/handles/{QUOTED}", b'{"responseCode": 1}')


def pubmed_says(server: Server, pubmed_id: str, status: int = 200, **work: Any) -> None:
    """PubMed's summary of a work, in the form of its E-utilities."""
    known = {"uid": pubmed_id, "title": "Prevention of low back pain", **work}
    answer = {"header": {}, "result": {"uids": [pubmed_id], pubmed_id: known}}
    server.says("/pubmed", json.dumps(answer).encode(), status)


def listing(*sources: dict[str, Any], **fields: Any) -> Any:
    """A live page that lists these sources."""
    titled = [{"title": f"Source {number}"} | source for number, source in enumerate(sources)]
    return factories.page(("sources", {"sources": titled}), **fields)
