"""Sources are dead, moved or retracted by an answer that says so; servers are asked politely."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.utils import timezone

from anodyne_blocks import tasks
from anodyne_blocks.catalogue import source_checks
from anodyne_blocks.catalogue.source_checks import Asker, check_due, due
from anodyne_blocks.models import SourceCheck, SourceHost, SourceUse
from anodyne_blocks.shops.http import HttpClient
from tests import factories
from tests.catalogue import loopback_web
from tests.catalogue.loopback_web import (
    COPY,
    DOI,
    NOTICE,
    QUOTED,
    archive_says,
    crossref_says,
    listing,
)
from tests.shops.conftest import Server, reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = loopback_web.made(monkeypatch)
    yield server
    server.close()


def checked(reference: str) -> SourceCheck:
    """A source after it was checked (again) now."""
    SourceCheck.objects.filter(reference=reference).update(due_at=timezone.now())
    check_due()
    return SourceCheck.objects.get(reference=reference)


def next_day(check: SourceCheck) -> None:
    """What failed today has failed yesterday."""
    check.failed_on -= datetime.timedelta(days=1)
    check.save()


def test_an_address_in_order(web: Server) -> None:
    web.says("/page")
    listing({"url": f"{web.url}/page#part-2"})
    found = checked(f"{web.url}/page")
    assert (found.status, found.title) == ("ok", "Source 0")
    assert found.due_at > timezone.now() + datetime.timedelta(days=29)
    assert [method for method, _path, _headers in web.requests] == ["HEAD"]


@pytest.mark.parametrize("answers", [405, 403, 404, 500])
def test_a_server_that_answers_head_wrongly_is_asked_by_get(web: Server, answers: int) -> None:
    web.says_in_turn(
        "/page", lambda handler: reply(handler, status=answers), lambda handler: reply(handler)
    )
    listing({"url": f"{web.url}/page"})
    assert checked(f"{web.url}/page").status == "ok"


@pytest.mark.parametrize("code", [404, 410])
def test_what_its_server_denies_is_dead_at_once_with_its_archived_copy(
    web: Server, code: int
) -> None:
    web.says("/page", status=code)
    archive_says(web, **COPY)
    listing({"url": f"{web.url}/page"})
    found = checked(f"{web.url}/page")
    assert (found.status, found.code) == ("dead", code)
    assert found.archived == "https://web.archive.org/web/2020/page"
    asked_for = web.requests[-1][1].removeprefix("/archive?url=")
    assert unquote(asked_for) == f"{web.url}/page"
    web.says("/page")
    found = checked(f"{web.url}/page")
    assert (found.status, found.code, found.archived) == ("ok", None, "")


def test_only_a_lasting_move_to_another_place_is_one(web: Server) -> None:
    web.says("/new")
    web.says("/old", status=301, Location="/newer")
    web.says("/newer", status=308, Location="/new")
    web.says("/slash", status=301, Location="/slash/")
    web.says("/slash/")
    web.says("/today", status=302, Location="/new")
    web.says("/mixed", status=301, Location="/today")
    listing(*({"url": f"{web.url}/{name}"} for name in ("old", "slash", "today", "mixed")))
    found = checked(f"{web.url}/old")
    assert (found.status, found.moved_to) == ("moved", f"{web.url}/new")
    for name, status in (("slash", "ok"), ("today", "ok"), ("mixed", "moved")):
        assert SourceCheck.objects.get(reference=f"{web.url}/{name}").status == status
    assert SourceCheck.objects.get(reference=f"{web.url}/mixed").moved_to == f"{web.url}/today"


def test_who_refuses_robots_is_not_dead(web: Server) -> None:
    web.says("/page", status=403)
    listing({"url": f"{web.url}/page"})
    for _time in range(3):
        found = checked(f"{web.url}/page")
        assert (found.status, found.failed_on) == ("unknown", None)
    assert "answered 403" in found.reason
    assert found.due_at > timezone.now() + datetime.timedelta(days=29)


def test_a_failing_server_is_dead_on_the_second_day(web: Server) -> None:
    web.says("/page", status=503)
    listing({"url": f"{web.url}/page"})
    for _time in range(2):
        found = checked(f"{web.url}/page")
        assert found.status == "unknown", "twice on one day"
        assert found.due_at < timezone.now() + datetime.timedelta(days=1, hours=1)
    next_day(found)
    found = checked(f"{web.url}/page")
    assert (found.status, found.code) == ("dead", 503)


def test_a_server_that_answered_in_between_begins_anew(web: Server) -> None:
    web.says("/page", status=503)
    listing({"url": f"{web.url}/page"})
    next_day(checked(f"{web.url}/page"))
    web.says("/page")
    assert checked(f"{web.url}/page").failed_on is None
    web.says("/page", status=503)
    assert checked(f"{web.url}/page").status == "unknown"


def test_silence_counts_only_while_others_answer(web: Server) -> None:
    """Without an answer of the archive it may be our own network that fails."""
    silent = f"http://127.0.0.1:{unused_port()}/page"
    listing({"url": silent})
    web.says("/archive", status=500)
    for _time in range(2):
        found = checked(silent)
        assert (found.status, found.failed_on) == ("unknown", None)
    archive_says(web)
    found = checked(silent)
    assert (found.status, found.reason) == (
        "unknown",
        f"{silent[:-5]} did not answer (connection failed).",
    )
    next_day(found)
    assert checked(silent).status == "dead"


def unused_port() -> int:
    server = Server()
    server.close()
    return server.httpd.server_port


def test_a_doi_in_order_is_not_asked_of_its_publisher(web: Server) -> None:
    crossref_says(web)
    listing({"doi": f"https://doi.org/{DOI.upper()}"}, {"url": f"https://doi.org/{DOI}"})
    assert checked(f"doi:{DOI}").status == "ok"
    assert SourceCheck.objects.count() == 1, "a row for each distinct source"
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    "work",
    [
        {"updated-by": [{"DOI": NOTICE.upper(), "type": "retraction"}]},
        {
            "updated-by": [
                {"DOI": "10.1/x", "type": "correction"},
                {"DOI": NOTICE, "type": "removal"},
            ]
        },
        {"updated-by": [{"DOI": NOTICE, "type": "withdrawal"}]},
    ],
)
def test_a_retracted_work_has_its_notice(web: Server, work: Any) -> None:
    crossref_says(web, **work)
    listing({"doi": DOI})
    found = checked(f"doi:{DOI}")
    assert (found.status, found.notice) == ("retracted", NOTICE)
    # The registry's silence takes no retraction back.
    crossref_says(web, status=500)
    assert checked(f"doi:{DOI}").status == "retracted"
    crossref_says(web)
    assert checked(f"doi:{DOI}").status == "ok"


@pytest.mark.parametrize(
    ("work", "status"),
    [
        ({"title": ["RETRACTED: Prevention"]}, "retracted"),
        ({"title": ["[Withdrawn] Prevention"]}, "retracted"),
        ({"title": ["Retracted papers and their readers"]}, "ok"),
        ({"updated-by": [{"DOI": NOTICE, "type": "erratum"}]}, "ok"),
        # The notice of another work's retraction, which is cited as such.
        ({"title": ["Retracted: X"], "update-to": [{"DOI": "10.1/x", "type": "retraction"}]}, "ok"),
        ({"update-to": [{"DOI": DOI, "type": "retraction"}]}, "retracted"),
        ({"title": None, "updated-by": "yes"}, "ok"),
    ],
)
def test_what_crossref_says_of_a_work(web: Server, work: Any, status: str) -> None:
    crossref_says(web, **work)
    listing({"doi": DOI})
    assert checked(f"doi:{DOI}").status == status


def test_a_doi_of_another_registry_and_one_that_nobody_knows(web: Server) -> None:
    crossref_says(web, status=404)
    listing({"doi": DOI})
    assert checked(f"doi:{DOI}").status == "ok"
    web.answers.clear()
    archive_says(web)
    for path in ("crossref", "handles"):
        web.says(f"/{path}/{QUOTED}", status=404)
    found = checked(f"doi:{DOI}")
    assert (found.status, found.code) == ("dead", 404)


def test_a_registry_that_fails_makes_nothing_dead(web: Server) -> None:
    crossref_says(web, status=500)
    listing({"doi": DOI})
    found = checked(f"doi:{DOI}")
    assert (found.status, found.failed_on) == ("unknown", None)
    assert found.due_at < timezone.now() + datetime.timedelta(days=1, hours=1)


def test_servers_know_who_asks_and_whom_to_write_to(web: Server, settings: Any) -> None:
    web.says("/page")
    listing({"url": f"{web.url}/page"})
    factories.setting(settings, SOURCES_CONTACT="web@shop.example")
    checked(f"{web.url}/page")
    agent = web.requests[-1][2]["User-Agent"]
    assert agent.startswith("anodyne_blocks/") and agent.endswith(" (+mailto:web@shop.example)")


def test_a_server_has_a_pause_between_two_questions(
    web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_checks, "PAUSE", datetime.timedelta(seconds=2))
    waited = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        SourceHost.objects.update(free_at=timezone.now())

    web.says("/page")
    with loopback_web.client() as http:
        asker = Asker(http, sleep)
        for _time in range(3):
            asker.find(f"{web.url}/page")
    assert len(waited) == 2 and all(1 < seconds <= 2 for seconds in waited)


def test_a_server_that_asks_for_patience_is_left_alone_and_others_are_not(web: Server) -> None:
    web.says("/page", status=429, Retry_After="3600")
    web.says("/other")
    here = web.url.replace("127.0.0.1", "localhost")
    listing({"url": f"{web.url}/page"}, {"url": f"{web.url}/page?2"})
    check_due()
    asked = len(web.requests)
    SourceCheck.objects.update(due_at=timezone.now())
    assert check_due().total() == 0, "put off"
    assert len(web.requests) == asked
    assert not due().exists()
    assert SourceHost.objects.get().free_at > timezone.now() + datetime.timedelta(minutes=59)
    listing({"url": f"{here}/other"})
    assert check_due().total() == 1


def test_two_workers_never_ask_the_same(web: Server) -> None:
    """While one asks, another finds neither the source due nor the server free."""
    listing({"url": f"{web.url}/page"})
    seen = []

    def answer(handler: Any) -> None:
        seen.append(True)
        reply(handler)

    web.answers["/page"] = answer
    mine = source_checks._claim()
    assert mine is not None and source_checks._claim() is None
    assert check_due().total() == 0 and seen == []


def test_an_interrupted_run_leaves_its_source_due(
    web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.says("/page")
    listing({"url": f"{web.url}/page"})

    def interrupted(client: HttpClient, url: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(HttpClient, "head", interrupted)
    with pytest.raises(KeyboardInterrupt):
        check_due()
    monkeypatch.undo()
    assert due().count() == 1
    assert SourceHost.objects.get().free_at < timezone.now() + datetime.timedelta(seconds=2)


def test_no_private_address_is_asked(web: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the client is the real one
    web.says("/secret")
    listing({"url": f"{web.url}/secret"})
    assert check_due()["unknown"] == 1
    assert web.requests == []


def test_what_pages_list_is_noted_when_they_are_published(web: Server) -> None:
    page = listing({"url": "https://a.example/1"}, {"title": ""}, {"url": "https://a.example/2"})
    assert due().count() == 2
    page.body[0].value["sources"].pop(0)
    page.save_revision()
    assert due().count() == 2, "a draft"
    page.save_revision().publish()
    assert [check.reference for check in due()] == ["https://a.example/2"]
    factories.again(page).unpublish()
    assert not due().exists()
    factories.again(page).save_revision().publish()
    factories.again(page).delete()
    assert not due().exists()


def test_the_command_knows_pages_from_before_and_says_what_it_found(
    web: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    web.says("/gone", status=404)
    web.says("/page")
    listing({"url": f"{web.url}/gone"}, {"url": f"{web.url}/page"})
    SourceUse.objects.all().delete()
    SourceCheck.objects.all().delete()
    call_command("check_sources", limit=1)
    assert "1 sources checked" in capsys.readouterr().out
    call_command("check_sources", "--all", "--seconds=60")
    expected = "2 sources checked: 1 ok, 0 moved, 1 dead, 0 retracted, 0 unknown\n"
    assert capsys.readouterr().out == expected
    call_command("check_sources")
    assert capsys.readouterr().out.startswith("0 sources checked")


def test_the_task_does_the_same(web: Server) -> None:
    web.says("/page")
    listing({"url": f"{web.url}/page"})
    assert tasks.check_sources.call() == 1
