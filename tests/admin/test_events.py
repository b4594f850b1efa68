"""The report "Change events": what was told to whom, and what was answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from anodyne_blocks.catalogue.events import record
from anodyne_blocks.models import ChangeEvent
from tests import factories

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/events/"


@pytest.fixture
def events(settings: Any) -> list[ChangeEvent]:
    """One that waits after a failure, one that was sent, one that was given up; a page each."""
    receiver = {"URL": "https://front.example/", "SECRET": "x" * 24}
    factories.setting(settings, CHANGE_EVENTS={"front": receiver})
    for _ in range(3):
        record({factories.page(language="en").pk: ()})
    waiting, sent, lost = made = list(ChangeEvent.objects.order_by("pk"))
    waiting.answer = "https://front.example answered 503."
    sent.answer, sent.sent_at, sent.due_at = "204", timezone.now(), None
    lost.due_at = None
    ChangeEvent.objects.bulk_update(made, ["answer", "sent_at", "due_at"])
    return made


def test_lists_each_event_with_pages_state_and_answer(
    admin_client: Client, events: list[ChangeEvent]
) -> None:
    html = admin_client.get(REPORT).content.decode()
    for word in ("waiting", "sent", "given up", "answered 503.", "204", "front"):
        assert word in html
    for event in events:
        assert f"/admin/pages/{event.data['pages'][0]}/edit/" in html
    assert "Change events" in admin_client.get("/admin/reports/").content.decode() or REPORT in (
        admin_client.get("/admin/").content.decode()
    )


def test_is_for_those_who_may_see_it(
    client: Client, events: list[ChangeEvent], django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("editor", password="secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert client.get(REPORT).status_code == 302
    user.user_permissions.add(Permission.objects.get(codename="view_changeevent"))
    html = client.get(REPORT).content.decode()
    assert "answered 503." in html and "/edit/" not in html


def test_a_row_costs_no_query(admin_client: Client, events: list[ChangeEvent]) -> None:
    admin_client.get(REPORT)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(REPORT)
    for _ in range(6):
        record({factories.page(language="en").pk: ()})
    with CaptureQueriesContext(connection) as many:
        admin_client.get(REPORT)
    assert len(many) == len(few)


def test_is_in_no_menu_of_a_site_that_tells_nobody(admin_client: Client) -> None:
    assert REPORT not in admin_client.get("/admin/").content.decode()
