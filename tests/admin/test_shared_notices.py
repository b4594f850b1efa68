"""Shared notices in the admin: listed and chosen at a bounded cost, versioned, by permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from anodyne_blocks.models import Notice
from tests import factories

LISTING = "wagtailsnippets_anodyne_blocks_notice"


def test_a_listing_says_kind_and_usage_and_costs_the_same_for_any_number(cost, soup) -> None:
    shown = factories.notice("Disclaimer", kind="doctor", heading="Not medical advice")
    factories.page(("notice", {"notice": shown.pk}))
    url = reverse(f"{LISTING}:list")
    row = soup(url).select_one("tbody tr").get_text(" ", strip=True)
    assert "See a doctor" in row and "Not medical advice" in row and "Used 1 time" in row
    few = cost(url)
    for number in range(10):
        factories.notice(f"Another {number}")
    assert cost(url) == few
    assert [
        row.a.get_text(strip=True) for row in soup(url, q="disclaim").select("tbody td.title")
    ] == ["Disclaimer"]


def test_the_chooser_finds_notices_in_the_pages_language(soup: Callable[..., Any]) -> None:
    factories.notice("Disclaimer")
    factories.notice("Voorbehoud", "nl")
    url = reverse("wagtailsnippetchoosers_anodyne_blocks_notice:choose")
    text = soup(url, locale="nl").get_text(" ", strip=True)
    assert "Voorbehoud" in text and "Disclaimer" not in text


def test_an_edit_makes_a_version_that_can_be_looked_up(admin: Client, soup: Any) -> None:
    notice = factories.notice()
    url = reverse(f"{LISTING}:edit", args=[notice.pk])
    form = {field["name"]: field.get("value", "") for field in soup(url).select("main input[name]")}
    text = '{"blocks": [{"key": "a", "text": "Ask.", "type": "unstyled"}], "entityMap": {}}'
    sent = {**form, "kind": "caution", "heading": "Mind", "text": text}
    assert admin.post(url, sent).status_code == 302
    notice.refresh_from_db()
    assert (notice.kind, notice.revisions.count()) == ("caution", 1)
    history = soup(reverse(f"{LISTING}:history", args=[notice.pk]))
    assert "admin" in history.get_text(" ", strip=True)


def test_only_who_may_change_notices_changes_them(editor: Client) -> None:
    notice = factories.notice()
    url = reverse(f"{LISTING}:edit", args=[notice.pk])
    assert editor.get(url).status_code == 200
    may = Permission.objects.filter(codename__endswith="_notice")
    assert {permission.codename.partition("_")[0] for permission in may} >= {"add", "change"}
    for group in editor.get(url).wsgi_request.user.groups.all():
        group.permissions.remove(*may)
    assert editor.get(url).status_code == 302
    assert Notice.objects.get().text == notice.text
