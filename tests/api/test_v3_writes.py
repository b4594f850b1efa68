"""API v3: what is wrong is refused with its place, in one form, and nothing of it is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pydantic import TypeAdapter
from wagtail import blocks
from wagtail.models import Revision
from wagtail.utils.forms import FormValidationError

from anodyne_blocks.api.v3 import write_schema
from anodyne_blocks.api.written import must_be_given
from anodyne_blocks.fields import ArticleField
from tests import factories
from tests.api.test_v3 import body_of
from tests.api.values import BODY, Stored
from tests.blocks.test_odd_content import LINKS
from tests.odd_values import VALUES, changed, children, is_taken
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

BOTH = pytest.mark.parametrize("model", [ArticlePage, PlainPage])
# What nothing may be when a page is published.
NOTHING = ("null", "missing", "empty text", "a list")


def patch(client: Client, page: Any, body: Any, **meta: Any) -> Any:
    content = json.dumps({"body": body, **({"meta": meta} if meta else {})})
    return client.patch(f"/api/v3/pages/{page.pk}/", content, content_type="application/json")


def errors_of(response: Any) -> list[tuple[Any, ...]]:
    """The places of a refusal's errors, each of which has its reason and its kind."""
    assert response.status_code == 422, response.content
    assert response["Content-Type"] == "application/problem+json"
    errors = response.json()["errors"]
    for error in errors:
        assert set(error) == {"loc", "msg", "type"}
        assert error["msg"] and error["type"]
    return [tuple(error["loc"]) for error in errors]


@pytest.mark.parametrize("name", list(BODY.child_blocks))
def test_odd_values_are_refused_where_they_stand(editor: Client, name: str) -> None:
    """Each child × each odd value, as a draft; where it is required, nothing when published."""
    full = Stored.make("en", "en", "GBP").full()[name]
    page = factories.page(("heading", {"text": "A"}), (name, full))
    cases = refused = 0
    for path, child in children(BODY.child_blocks[name], full):
        for kind, odd in VALUES.items():
            as_published = kind in NOTHING and must_be_given(child)
            for publish in (False, True) if as_published else (False,):
                value = changed(full, path, odd)
                body = [{"type": "heading", "value": {"text": "A"}}, {"type": name, "value": value}]
                revisions = Revision.objects.count()
                response = patch(editor, page, body, **({"action": "publish"} if publish else {}))
                cases += 1
                said = (name, path, kind, publish, response.content)
                if response.status_code == 200:
                    assert is_taken(child, path, kind), said
                    assert Revision.objects.count() == revisions + 1
                    continue
                places = errors_of(response)
                assert all(
                    place[: 3 + len(path)] == ("body", 1, "value", *path) for place in places
                ), said
                assert publish or not is_taken(child, path, kind), said
                assert Revision.objects.count() == revisions
                refused += 1
    print(f"{name}: {cases} cases, {refused} refused with their place")


def heading(**fields: Any) -> dict[str, Any]:
    return {"type": "heading", "value": {"text": "A", **fields}}


AT = ("body", 0, "value")
SHAPES: list[tuple[Any, tuple[Any, ...]]] = [
    (None, ("body",)),
    ({}, ("body",)),
    ("text", ("body",)),
    ([None], ("body", 0)),
    (["x"], ("body", 0)),
    ([{}], ("body", 0)),
    ([{"type": "carousel", "value": {}}], ("body", 0)),
    ([{"type": "half\ud800", "value": {}}], ("body", 0)),
    ([{"type": "heading"}], AT),
    ([{"type": "heading", "value": None}], AT),
    ([{"type": "heading", "value": []}], AT),
    ([{"type": "heading", "value": "A"}], AT),
    ([{**heading(), "note": 1}], ("body", 0, "note")),
    ([heading(colour="red")], (*AT, "colour")),
    ([heading(**{"half\ud800": 1})], AT),
    ([heading(level="7")], (*AT, "level")),
    ([heading(), {**heading(), "id": 5}], ("body", 1, "id")),
    ([heading(), {**heading(), "id": ""}], ("body", 1, "id")),
    ([heading(), {**heading(), "id": "a b"}], ("body", 1, "id")),
    ([{**heading(), "id": "a"}, {**heading(), "id": "a"}], ("body", 1, "id")),
    (
        [{"type": "faq", "value": {"questions": [{"question": "Why?", "answer": "", "x": 1}]}}],
        (*AT, "questions", 0, "x"),
    ),
    (
        [{"type": "paragraph", "value": {"text": {"format": "word", "content": "A"}}}],
        (*AT, "text"),
    ),
    ([{"type": "paragraph", "value": {"text": {"content": 1}}}], (*AT, "text")),
    ([{"type": "contents", "value": {}}, {"type": "contents", "value": {}}], ("body",)),
    (
        [{"type": "product_card", "value": {"product": None, "badge": "-25 %"}}],
        (*AT, "badge"),
    ),
]


@BOTH
@pytest.mark.parametrize(("body", "place"), SHAPES, ids=range(len(SHAPES)))
def test_a_wrong_shape_is_refused(editor: Client, model: Any, body: Any, place: Any) -> None:
    """When a page is changed and when it is made; an article is never emptied."""
    page = factories.page(("heading", {"text": "Kept"}), model=model)
    assert errors_of(patch(editor, page, body)) == [place]
    made = {
        "meta": {"type": model._meta.label, "parent_id": factories.home().pk},
        "title": "New",
        "body": body,
    }
    address = "/api/v3/pages/"
    response = editor.post(address, json.dumps(made), content_type="application/json")
    assert errors_of(response) == [place]
    assert not Revision.objects.exists()
    assert model.objects.count() == 1
    assert factories.again(page).body[0].value["text"] == "Kept"


def test_links_that_lead_nowhere_are_no_error_of_the_server(editor: Client) -> None:
    """Wagtail cleans rich text; what it cannot clean is refused at its place."""
    page = factories.page()
    for tag in [*LINKS, *(link.rstrip("/>") for link in LINKS), "</p></p>", "<p><li>", "<h3"]:
        response = patch(editor, page, [{"type": "paragraph", "value": {"text": f"<p>{tag}A"}}])
        if response.status_code != 200:
            assert errors_of(response) == [(*AT, "text")]


class Own(blocks.StructBlock):
    """A site's own block, with what the package's have not."""

    name = blocks.CharBlock(max_length=5)
    weight = blocks.DecimalBlock(required=False)
    share = blocks.FloatBlock(required=False, max_value=1)
    at = blocks.DateTimeBlock(required=False)
    more = blocks.StreamBlock([("text", blocks.CharBlock())], required=False)
    page = blocks.PageChooserBlock(required=False)
    grade = blocks.ChoiceBlock(choices=lambda: [("1", "One")], required=False)


OWN_SHAPES: list[tuple[dict[str, Any], tuple[Any, ...]]] = [
    ({}, ("name",)),
    ({"name": "Longer"}, ("name",)),
    ({"name": "A", "weight": "heavy"}, ("weight",)),
    ({"name": "A", "weight": []}, ("weight",)),
    ({"name": "A", "share": 2}, ("share",)),
    ({"name": "A", "share": True}, ("share",)),
    ({"name": "A", "at": "yesterday"}, ("at",)),
    ({"name": "A", "more": [{"type": "text", "value": 1}]}, ("more", 0, "value")),
    (
        {"name": "A", "more": [{"type": "text", "value": "B", "id": "a"}] * 2},
        ("more", 1, "id"),
    ),
    ({"name": "A", "page": 4711}, ("page",)),
    ({"name": "A", "page": "1"}, ("page",)),
    ({"name": "A", "grade": "2"}, ("grade",)),
    ({"name": "A", "colour": 1}, ("colour",)),
]


@pytest.mark.parametrize(("value", "place"), OWN_SHAPES, ids=range(len(OWN_SHAPES)))
def test_a_sites_own_block_is_checked_as_far_as_it_is_known(value: Any, place: Any) -> None:
    with pytest.raises(FormValidationError) as refused:
        written(value)
    assert [path for path, _ in refused.value.loc_errors] == [("body", 0, "value", *place)]


def test_a_sites_own_block_takes_what_it_gives() -> None:
    page = factories.home().pk
    value = {"name": "A", "weight": "1.5", "share": 1, "page": page, "grade": "1"}
    (item,) = written({**value, "at": "2025-10-25T14:30:00Z", "more": []})
    assert item["value"]["page"] == page
    (item,) = written({"name": "A"})
    assert item["value"]["more"] == []


def written(value: Any) -> Any:
    """What Wagtail's form gets for a value of the site's own block in a field of its own."""
    field = ArticleField([("own", Own())])
    field.set_attributes_from_name("body")
    annotation, _default = write_schema(None, field)
    return TypeAdapter(annotation).validate_python([{"type": "own", "value": value}])


@BOTH
@pytest.mark.parametrize("unknown", [0, 4711, -1, 10**30])
def test_an_unknown_id_never_becomes_nothing(editor: Client, model: Any, unknown: int) -> None:
    page = factories.page(("heading", {"text": "Kept"}), model=model)
    body = [
        {"type": "product_card", "value": {"product": unknown}},
        {"type": "product_grid", "value": {"cards": [{"product": unknown}]}},
        {"type": "image", "value": {"image": unknown, "alt_text": "A"}},
        {"type": "shop_rating", "value": {"rating": unknown}},
        {"type": "reviewer", "value": {"person": unknown, "reviewed": "2025-10-25"}},
        {"type": "byline", "value": {"authors": [{"person": unknown}]}},
    ]
    response = patch(editor, page, body)
    assert errors_of(response) == [
        ("body", 0, "value", "product"),
        ("body", 1, "value", "cards", 0, "product"),
        ("body", 2, "value", "image"),
        ("body", 3, "value", "rating"),
        ("body", 4, "value", "person"),
        ("body", 5, "value", "authors", 0, "person"),
    ]
    assert response.json()["errors"][0]["msg"] == f"No Product has the id {unknown}."
    assert not Revision.objects.exists()


@BOTH
def test_what_is_left_out_gets_its_default(editor: Client, model: Any) -> None:
    """The block's own, as an editor meets it; a list that is left out is empty."""
    page = factories.page(model=model)
    body = [
        heading(),
        {"type": "contents", "value": {}},
        {"type": "byline", "value": {}},
        {
            "type": "faq",
            "value": {"questions": [{"question": "Why?", "answer": "<p>So.</p>"}]},
        },
        {"type": "sources", "value": {"sources": [{"title": "A book"}]}},
    ]
    response = patch(editor, page, body, action="publish")
    assert response.status_code == 200, response.content
    values = [item["value"] for item in body_of(editor, page)]
    # What is published keeps its anchor.
    assert (values[0]["level"], values[0]["anchor"]) == ("2", "a")
    assert values[1]["depth"] == "2"
    assert (values[2]["authors"], values[2]["show_updated"]) == ([], True)
    assert (values[3]["is_faq_page"], values[3]["one_at_a_time"]) == (True, False)
    assert values[4]["sources"][0]["kind"] == "article"


@BOTH
@pytest.mark.parametrize("meta", [{}, {"action": "publish"}], ids=["draft", "published"])
def test_writing_takes_the_same_queries_for_any_number_of_cards(
    editor: Client,
    model: Any,
    meta: dict[str, str],
) -> None:
    made = [
        factories.product("en", image=factories.image(width=24, height=18)).pk for _ in range(20)
    ]

    def queries(count: int) -> int:
        page = factories.page(model=model)
        body = [
            {"type": "product_card", "value": {"product": made[number % 20]}}
            for number in range(count)
        ]
        for _ in range(2):
            # The first makes the renditions.
            with CaptureQueriesContext(connection) as captured:
                response = patch(editor, page, body, **meta)
            assert response.status_code == 200, response.content
        resolved = [item["value"]["resolved"] for item in response.json()["body"]]
        assert len(resolved) == count and all(resolved)
        return len(captured)

    found = {count: queries(count) for count in (20, 100)}
    assert found[100] == found[20], found
    print(found)
