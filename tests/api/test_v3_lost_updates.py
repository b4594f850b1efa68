"""API v3: a change of what somebody else has changed meanwhile is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Revision

from tests import factories
from tests.testapp.models import ArticlePage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("careful_site")]


@pytest.fixture
def careful_site(settings: Any) -> None:
    """As the how-to says."""
    settings.MIDDLEWARE = [
        "django.middleware.http.ConditionalGetMiddleware",
        "anodyne_blocks.api.lost_updates.LostUpdates",
        *settings.MIDDLEWARE,
    ]


@pytest.fixture
def page() -> ArticlePage:
    product = factories.product("en")
    return factories.page(("heading", {"text": "A"}), ("product_card", {"product": product.pk}))


def read(client: Client, page: Any) -> Any:
    response = client.get(f"/api/v3/pages/{page.pk}/?version=draft")
    assert response.status_code == 200
    return response


def write(client: Client, page: Any, text: str, **headers: str) -> Any:
    body = [{"type": "heading", "value": {"text": text}}]
    address = f"/api/v3/pages/{page.pk}/"
    content = json.dumps({"body": body})
    return client.patch(address, content, content_type="application/json", headers=headers)


def test_what_was_read_may_be_changed_once(editor: Client, page: Any) -> None:
    etag = read(editor, page)["ETag"]
    assert write(editor, page, "Mine", **{"If-Match": etag}).status_code == 200
    refused = write(editor, page, "Lost", **{"If-Match": etag})
    assert refused.status_code == 412
    assert refused["Content-Type"] == "application/problem+json"
    assert "read it again" in refused.json()["detail"]
    assert Revision.objects.count() == 1
    assert read(editor, page).json()["body"][0]["value"]["text"] == "Mine"
    again = read(editor, page)["ETag"]
    assert write(editor, page, "Next", **{"If-Match": f'"other", W/{again}'}).status_code == 200


def test_a_change_of_an_editor_counts(editor: Client, page: Any) -> None:
    etag = read(editor, page)["ETag"]
    page.title = "Changed in the admin"
    page.save_revision()
    assert write(editor, page, "Lost", **{"If-Match": etag}).status_code == 412


@pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}])
def test_who_says_nothing_changes_whatever_there_is(
    editor: Client, page: Any, headers: dict[str, str]
) -> None:
    assert write(editor, page, "Mine", **headers).status_code == 200


def test_other_answers_stay_as_they_are(editor: Client, client: Client, page: Any) -> None:
    """No page, no token, a wrong body: what Wagtail and the blocks say comes first or last."""
    etag = read(editor, page)["ETag"]
    assert write(client, page, "Mine", **{"If-Match": etag}).status_code == 401
    assert write(editor, page, "A" * 300, **{"If-Match": etag}).status_code == 422
    page.delete()
    assert write(editor, page, "Mine", **{"If-Match": etag}).status_code == 404
