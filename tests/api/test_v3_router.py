"""API v3 for programs that write: ids are found, one block is changed without the rest."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import APIToken, Revision

from anodyne_blocks.api.v3_urls import conditional
from tests import factories
from tests.api.test_v3_writes import errors_of

pytestmark = pytest.mark.django_db

ELEMENTS = "/api/v3/elements"


def found(client: Client, kind: str, **query: Any) -> list[int]:
    response = client.get(f"{ELEMENTS}/{kind}/", query)
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["items"]]


def test_products_are_found_by_what_a_file_says_of_them(editor: Client) -> None:
    first = factories.product("nl", "en", name="Cushion", shop="webshop", external_id="A-1")
    first.offers.filter(market="nl").update(sku="SKU-7", gtin="4006381333931")
    second = factories.product("en", name="Chair", shop="other", external_id="A-1")
    factories.change_offer(second, "en", url="https://shop.example/chair", title="A wide chair")
    by_hand = factories.product(name="Wide belt")
    assert found(editor, "products") == [first.pk, second.pk, by_hand.pk]
    assert found(editor, "products", number="A-1") == [first.pk, second.pk]
    assert found(editor, "products", number="A-1", shop="webshop") == [first.pk]
    assert found(editor, "products", number="SKU-7") == [first.pk]
    assert found(editor, "products", number="4006381333931") == [first.pk]
    assert found(editor, "products", number="A") == []
    assert found(editor, "products", name="wide") == [second.pk, by_hand.pk]
    assert found(editor, "products", url="https://shop.example/chair") == [second.pk]
    assert found(editor, "products", shop="") == [by_hand.pk]
    answer = editor.get(f"{ELEMENTS}/products/", {"limit": 1, "offset": 1}).json()
    assert answer == {
        "items": [
            {"id": second.pk, "name": "Chair", "shop": "other", "number": "A-1", "status": "active"}
        ],
        "more": True,
    }
    for wrong in ({"limit": 1000}, {"name": "a\0"}, {"number": "\0"}):
        assert editor.get(f"{ELEMENTS}/products/", wrong).status_code == 422


def test_people_and_ratings_are_found_by_name(editor: Client) -> None:
    ada, danish = factories.person("Ada Holm"), factories.person("Ada Lind", "da")
    rating = factories.rating("The shop")
    assert found(editor, "people", name="ada") == [ada.pk, danish.pk]
    assert found(editor, "people", name="ada", locale="da") == [danish.pk]
    assert found(editor, "ratings", name="shop") == [rating.pk]
    assert found(editor, "ratings", name="nothing") == []


def test_only_who_may_write_pages_finds_anything(client: Client) -> None:
    """Nobody, and a user without permission."""
    page = factories.page(("heading", {"text": "A"}))
    block = f"{ELEMENTS}/pages/{page.pk}/blocks/{page.body[0].id}/"
    user = get_user_model().objects.create_user("reader", "r@example.org", "s")
    token = APIToken.create_token(user=user, name="tests")[1]
    for headers, status in (({}, 401), ({"authorization": f"Bearer {token}"}, 403)):
        for kind in ("products", "people", "ratings"):
            assert client.get(f"{ELEMENTS}/{kind}/", headers=headers).status_code == status
        change = json.dumps({"value": {"text": "B"}})
        answer = client.patch(block, change, content_type="application/json", headers=headers)
        assert answer.status_code == status
    assert not Revision.objects.exists()


@pytest.fixture
def page() -> Any:
    return factories.page(
        ("heading", {"text": "A", "level": "3", "anchor": "a"}),
        ("faq", {"questions": [{"question": "Why?", "answer": "<p>So.</p>"}], "heading": "Q"}),
        ("product_card", {"product": factories.product("en").pk}),
    )


def change(client: Client, page: Any, block: Any, **data: Any) -> Any:
    address = f"{ELEMENTS}/pages/{page.pk}/blocks/{block}/"
    return client.patch(address, json.dumps(data), content_type="application/json")


def test_one_block_is_changed_and_the_others_stay(editor: Client, page: Any) -> None:
    before = page.body.get_prep_value()
    answer = change(editor, page, before[0]["id"], value={"text": "B"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["value"] == {"text": "B", "level": "3", "anchor": "a"}
    draft = factories.again(page).get_latest_revision_as_object().body.get_prep_value()
    assert draft[0]["value"]["text"] == "B"
    assert [item["id"] for item in draft] == [item["id"] for item in before]
    assert draft[1]["value"]["questions"][0]["value"]["question"] == "Why?"
    assert draft[2]["value"]["product"] == before[2]["value"]["product"]
    assert factories.again(page).body[0].value["text"] == "A"
    published = change(editor, page, before[1]["id"], value={"heading": "R"}, action="publish")
    assert published.status_code == 200
    body = factories.again(page).body
    assert (body[0].value["text"], body[1].value["heading"]) == ("B", "R")


def test_a_wrong_change_is_refused_at_its_place(editor: Client, page: Any) -> None:
    places = {
        ("body", 0, "value", "text"): {"text": 5},
        ("body", 0, "value", "level"): {"level": "9"},
        ("body", 0, "value", "colour"): {"colour": "red"},
    }
    for place, value in places.items():
        assert errors_of(change(editor, page, page.body[0].id, value=value)) == [place]
    unknown = change(editor, page, page.body[2].id, value={"product": 4711})
    assert errors_of(unknown) == [("body", 2, "value", "product")]
    assert change(editor, page, "no-such-block", value={}).status_code == 404
    assert change(editor, factories.home(), page.body[0].id, value={}).status_code == 404
    assert not Revision.objects.exists()


def test_openapi_types_all_of_it(client: Client) -> None:
    document = client.get("/api/v3/openapi.json").json()
    paths = document["paths"]
    for kind in ("products", "people", "ratings"):
        answer = paths[f"{ELEMENTS}/{kind}/"]["get"]["responses"]["200"]
        assert "$ref" in answer["content"]["application/json"]["schema"]
    assert {"id", "name", "shop", "number", "status"} == set(
        document["components"]["schemas"]["FoundProduct"]["properties"]
    )


def test_openapi_says_what_is_answered_to_whom_it_refuses(editor: Client, client: Client) -> None:
    paths = client.get("/api/v3/openapi.json").json()["paths"]
    for who, address, path in (
        (client, f"{ELEMENTS}/products/", f"{ELEMENTS}/products/"),
        (editor, f"{ELEMENTS}/products/?limit=0", f"{ELEMENTS}/products/"),
        (client, f"{ELEMENTS}/articles/0/", f"{ELEMENTS}/articles/{{page_id}}/"),
        (client, f"{ELEMENTS}/articles/?show=x", f"{ELEMENTS}/articles/"),
    ):
        answer = who.get(address)
        content = paths[path]["get"]["responses"][str(answer.status_code)]["content"]
        said = content[answer.headers["Content-Type"]]["schema"]["properties"]
        assert answer.status_code >= 400 and answer.json().keys() <= said.keys()


def test_fresh_prices_are_those_of_the_products_endpoint(client: Client) -> None:
    """To anybody, and with the same refusals."""
    product = factories.product("nl")
    factories.page(("product_card", {"product": product.pk}), language="nl")
    for query in (f"ids={product.pk}&market=nl", f"ids={product.pk}&market=xx"):
        plain = client.get(f"/anodyne/products/?{query}")
        answer = client.get(f"{ELEMENTS}/fresh/?{query}")
        assert answer.status_code == plain.status_code
        assert answer.json() == plain.json()


def test_a_site_that_mounted_api_v3_as_it_once_had_to_is_told() -> None:
    api = SimpleNamespace(urls=([], "ninja", "wagtailapi_v3"))
    with pytest.warns(DeprecationWarning, match=r"Mount api\.urls as it is"):
        assert conditional(api) is api.urls


@pytest.mark.usefixtures("middleware")
def test_api_v3_answers_head_as_get(client: Client) -> None:
    page = factories.page(("standfirst", {"text": "Sit, stand, move."}))
    for address, status in ((page.pk, 200), (999_999, 404)):
        head = client.head(f"/api/v3/pages/{address}/", headers={"accept": "application/json"})
        assert head.status_code == status
        assert head.content == b""
    assert (
        client.post(f"/api/v3/pages/{page.pk}/", headers={"accept": "application/json"}).status_code
        == 405
    )
