"""`ArticlesAPIViewSet` says what Wagtail's viewset says, in fewer bytes and queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.renderers import BaseRenderer
from wagtail import VERSION

from anodyne_blocks.api.views import ArticlesAPIViewSet
from tests import factories
from tests.api.test_queries import FOR_ELEMENTS, article, queries_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls_conditional"),
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

TYPE = "type=testapp.ArticlePage"
# Wagtail 7.4 has but one format of rich text.
FORMAT = "&rich_text_format=db_html" if VERSION >= (8, 0) else ""
PATHS = [
    "",
    f"?{TYPE}",
    f"?{TYPE}&fields=*",
    f"?{TYPE}&fields=_,body&limit=2&offset=1&order=-title",
    f"?{TYPE}&fields=alias_of,locale,body&search=Article{FORMAT}",
    "{pk}/",
    "{pk}/?fields=_,body",
    "{pk}/?fields=-body,parent",
]


@pytest.fixture
def pages() -> list[Any]:
    made = [article(language, 1) for language in ("en", "nl", "da")]
    return [*made, made[1].create_alias(update_slug="alias")]


@pytest.mark.parametrize("path", PATHS)
def test_answers_are_wagtails(client: Client, pages: list[Any], path: str) -> None:
    """The same values in the same order, without a space between them."""
    path = path.format(pk=pages[1].pk)
    wagtails = client.get(f"/plain/pages/{path}")
    ours = client.get(f"/api/v2/pages/{path}")
    assert ours.status_code == wagtails.status_code == 200, ours.content
    expected = wagtails.content.decode().replace("/plain/pages/", "/api/v2/pages/")
    indented = client.get(f"/api/v2/pages/{path}", headers={"Accept": "application/json; indent=4"})
    assert indented.content.decode() == expected
    assert b"\n" not in ours.content
    assert ours.json() == indented.json()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("?slug=%00", 400),
        (f"?{TYPE}&title=%00", 400),
        ("?offset=99999999999999999999", 400),
        ("find/?html_path=/%00/", 400),
        ("find/?html_path=http://[/", 404),
    ],
)
def test_what_no_database_or_address_can_hold_is_refused(
    client: Client, path: str, status: int
) -> None:
    answer = client.get(f"/api/v2/pages/{path}")
    assert (answer.status_code, list(answer.json())) == (status, ["message"])


def test_a_sites_own_renderer_of_json_is_used_as_it_is(client: Client, pages, monkeypatch) -> None:
    class Own(BaseRenderer):
        media_type, format = "application/json", "json"

        def render(self, data: Any, *_: Any) -> bytes:
            return b'{"own": %d}' % data["id"]

    monkeypatch.setattr(ArticlesAPIViewSet, "renderer_classes", [Own])
    assert client.get(f"/api/v2/pages/{pages[0].pk}/").json() == {"own": pages[0].pk}


@pytest.mark.parametrize("separator", ["\u2028", "\u2029"])
def test_an_answer_may_stand_in_a_script(client: Client, separator: str) -> None:
    """Two signs of JSON end a line in older JavaScript; an editor pastes them unseen."""
    text = f"Sitting{separator}still"
    product = factories.product("nl")
    factories.change_offer(product, "nl", title=text)
    page = factories.page(
        ("heading", {"text": text}),
        ("product_card", {"product": product.pk}),
        language="nl",
        title=text,
    )
    for path in (f"{page.pk}/", f"?{TYPE}&fields=*"):
        answer = client.get(f"/api/v2/pages/{path}")
        assert separator not in answer.content.decode()
        (shown,) = answer.json().get("items", [answer.json()])
        heading, card = (block["value"]["resolved"] for block in shown["body"])
        assert shown["title"] == heading["text"] == card["title"] == text


def test_a_browser_gets_the_browsable_api(client: Client, pages: list[Any]) -> None:
    response = client.get(f"/api/v2/pages/{pages[1].pk}/", headers={"Accept": "text/html"})
    assert response["Content-Type"].startswith("text/html")
    assert "resolved" in response.content.decode()
    assert "ETag" not in response


@pytest.mark.parametrize("fields", ["", "&fields=*", "&fields=body", "&fields=alias_of,locale"])
def test_a_listing_takes_the_same_queries_for_any_number(client: Client, fields: str) -> None:
    """Pages, count, restrictions, site and the site's translations; locales, aliases; elements."""
    cost = []
    for _ in range(2):
        for language in ("en", "nl", "da"):
            article(language, 1).create_alias(update_slug=f"alias-{language}-{len(cost)}")
        cost.append(len(queries_of(client, f"/api/v2/pages/?{TYPE}{fields}")))
    assert cost[0] == cost[1] <= 7 + FOR_ELEMENTS * ("body" in fields or "*" in fields)


@pytest.mark.parametrize("path", ["{pk}/", f"?{TYPE}&limit=20"])
def test_a_body_that_is_not_asked_for_costs_nothing(
    client: Client, pages: list[Any], path: str
) -> None:
    path = "/api/v2/pages/" + path.format(pk=pages[1].pk) + ("&" if "?" in path else "?")
    bare = queries_of(client, f"{path}fields=_,id")
    without = queries_of(client, f"{path}fields=_,id,title")
    assert len(without) == len(bare)
    assert not any("anodyne_blocks_" in query for query in without)


@pytest.mark.parametrize("path", ["{pk}/?fields=_,body", f"?{TYPE}&fields=_,body&order=title"])
def test_elements_can_be_had_without_what_is_stored(client: Client, path: str) -> None:
    page = article("nl", 1)
    path = f"/api/v2/pages/{path.format(pk=page.pk)}"

    def bodies(address: str) -> list[Any]:
        answer = client.get(address).json()
        return [item["body"] for item in answer.get("items", [answer])]

    whole, alone = bodies(path), bodies(f"{path}&show=elements")
    for stored, shown in zip(whole[0], alone[0], strict=True):
        assert set(stored["value"]) > {"resolved"}
        assert shown == {**stored, "value": {"resolved": stored["value"]["resolved"]}}
    assert len(alone) == len(whole) == 1 and len(alone[0]) == 9


def test_only_elements_can_be_asked_for_so(client: Client, pages: list[Any]) -> None:
    answer = client.get(f"/api/v2/pages/?{TYPE}&show=element")
    assert answer.status_code == 400
    assert "show" in answer.json()["message"]
