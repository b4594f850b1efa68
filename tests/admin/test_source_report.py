"""Dead, moved and retracted sources: the report, its export, and the editor of a page."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import GroupPagePermission

from anodyne_blocks.catalogue.source_checks import check_due
from anodyne_blocks.models import SourceCheck
from tests import factories
from tests.admin.conftest import Soup
from tests.catalogue import loopback_web
from tests.catalogue.loopback_web import DOI, NOTICE, archive_says, crossref_says, listing
from tests.shops.conftest import Server

REPORT = reverse("anodyne_blocks_sources")


@pytest.fixture
def faults(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A web in which each fault is once, and something in order; all were checked today."""
    web = loopback_web.made(monkeypatch)
    web.says("/fine")
    web.says("/gone", status=410)
    web.says("/old", status=301, Location="/new")
    web.says("/new")
    web.says("/private", status=403)
    archive_says(web, **loopback_web.COPY)
    crossref_says(web, **{"updated-by": [{"DOI": NOTICE, "type": "retraction"}]})
    names = ("fine", "gone", "old", "private")
    addresses = [{"title": name, "url": f"{web.url}/{name}"} for name in names]
    listing(*addresses, {"title": "taken back", "doi": DOI}, title="All of it")
    listing({"title": "gone", "url": f"{web.url}/gone"}, title="Also gone")
    listing({"title": "gone", "url": f"{web.url}/gone"}, title="A draft", live=False)
    check_due()
    yield web
    web.close()


def rows(page: BeautifulSoup) -> dict[str, Any]:
    """{source: its row}."""
    found = page.select("table.listing tbody tr")
    return {row.select_one("td.title").get_text(strip=True): row for row in found}


def words(node: Any) -> str:
    return " ".join(node.get_text(" ").split())


def test_each_fault_is_reported_with_its_pages_and_what_helps(faults: Server, soup: Soup) -> None:
    found = rows(soup(REPORT))
    assert set(found) == {"gone", "old", "taken back"}
    assert "It is gone: its server answers 410." in words(found["gone"])
    assert "All of it" in words(found["gone"]) and "Also gone" in words(found["gone"])
    assert "A draft" not in words(found["gone"])
    assert "It has moved for good." in words(found["old"])
    assert "It was retracted." in words(found["taken back"])
    helps = {
        link.get_text(): link["href"] for row in found.values() for link in row.select("[rel]")
    }
    assert helps == {
        "Archived copy": "https://web.archive.org/web/2020/page",
        "New address": f"{faults.url}/new",
        "Notice": f"https://doi.org/{NOTICE}",
    }


def test_each_fault_is_found_by_its_filter(faults: Server, soup: Soup) -> None:
    for kind, name in (
        ("dead", "gone"),
        ("moved", "old"),
        ("retracted", "taken back"),
        ("unknown", "private"),
    ):
        assert list(rows(soup(REPORT, kind=kind))) == [name]
    assert "answered 403" in words(soup(REPORT, kind="unknown").select_one("table.listing"))
    assert rows(soup(REPORT, kind="nonsense")) == {}


def test_the_report_can_be_exported(faults: Server, admin: Any) -> None:
    content = b"".join(admin.get(REPORT, {"export": "csv"}).streaming_content)
    lines = {
        line["Source"]: line for line in csv.DictReader(content.decode("utf-8-sig").split("\r\n"))
    }
    assert set(lines) == {"gone", "old", "taken back"}
    assert lines["old"]["New address"] == f"{faults.url}/new"
    assert lines["gone"]["Kind"] == "dead" and lines["gone"]["Archived copy"].startswith("https")
    assert "All of it (en)" in lines["gone"]["Shown on"]
    assert lines["taken back"]["Address"] == "https://doi.org/10.1016/s0140-6736(18)30489-6"
    sheet = load_workbook(BytesIO(admin.get(REPORT, {"export": "xlsx"}).getvalue())).active
    assert sheet.max_row == 4


def test_the_editor_of_a_page_is_told(faults: Server, soup: Soup) -> None:
    page = factories.ArticlePage.objects.get(title="All of it")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    told = soup(edit).select_one(".messages")
    assert "3 sources on this page need attention." in words(told)
    items = [words(item) for item in told.select("li li")]
    assert items == [
        "gone : It is gone: its server answers 410. Archived copy",
        "old : It has moved for good. New address",
        "taken back : It was retracted. Notice",
    ]
    assert told.select(f"a[href='{REPORT}']")
    # What is mended in the draft is no longer told of; the report is of what is live.
    while len(page.body[0].value["sources"]) > 1:
        page.body[0].value["sources"].pop()
    page.save_revision()
    assert "need attention" not in words(soup(edit))
    assert set(rows(soup(REPORT))) == {"gone", "old", "taken back"}
    page.save_revision().publish()
    assert set(rows(soup(REPORT))) == {"gone"}


def test_what_fails_on_several_days_or_is_no_doi_has_words(soup: Soup) -> None:
    listing({"url": "https://a.example/"}, {"doi": "10.1234/typo"})
    SourceCheck.objects.update(status="dead", checked_at=timezone.now())
    SourceCheck.objects.filter(title="Source 0").update(reason="https://a.example answered 503.")
    found = rows(soup(REPORT))
    expected = "Its server fails on several days: https://a.example answered 503."
    assert expected in words(found["Source 0"])
    assert "Nobody knows this DOI." in words(found["Source 1"])


def test_users_see_the_sources_of_their_pages(
    faults: Server, client: Any, django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("eve", "e@example.com", "pw")
    group = Group.objects.create(name="Some")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    client.force_login(user)
    assert client.get(REPORT).status_code == 302
    mine = factories.ArticlePage.objects.get(title="Also gone")
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=mine, permission=change)
    found = rows(BeautifulSoup(client.get(REPORT).content, "html.parser"))
    assert list(found) == ["gone"]
    assert "1 page that you may not edit" in words(found["gone"])


def test_a_row_costs_no_query(faults: Server, admin: Any) -> None:
    def cost() -> int:
        admin.get(REPORT)
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(REPORT).status_code == 200
        return len(queries)

    before = cost()
    listing(*({"url": f"https://a.example/{number}"} for number in range(20)))
    SourceCheck.objects.update(status="dead")
    assert cost() == before
