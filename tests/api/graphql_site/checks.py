"""What GraphQL says, in the process that `tests/api/test_graphql.py` starts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from graphql import (
    GraphQLEnumType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
)
from graphql.type import GraphQLField
from grapple.registry import registry
from grapple.schema import schema

from anodyne_blocks.api.graphql import element_blocks
from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.elements import ELEMENTS
from tests import factories
from tests.blocks.test_odd_content import odd_blocks
from tests.blocks.test_stored_bodies import store
from tests.json_ld.pages import full_page
from tests.odd_values import VALUES
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

GRAPH = schema.graphql_schema
INTERFACE = {"id", "blockType", "field", "rawValue"}
UNTYPED = {"GenericScalar", "JSONString"}


def ask(client: Client, query: str) -> Any:
    response = client.post("/api/graphql/", {"query": query}, content_type="application/json")
    answer = response.json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def selection(type_: Any) -> str:
    """A selection of all fields of a type, at every depth."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLUnionType):
        return "{" + " ".join(f"... on {one.name}{selection(one)}" for one in named.types) + "}"
    if not isinstance(named, GraphQLObjectType):
        return ""
    fields = (name + selection(field.type) for name, field in named.fields.items())
    return "{" + " ".join(fields) + "}"


def fragments() -> str:
    """A fragment for each block; fields of one name have many types, so each gets an alias."""
    parts = []
    for number, block in enumerate(ArticleBody().child_blocks.values()):
        type_ = GRAPH.type_map[f"Anodyne{type(block).__name__}"]
        fields = (
            f"b{number}_{name}: {name}{selection(field.type)}"
            for name, field in type_.fields.items()
            if name not in INTERFACE
        )
        parts.append(f"... on {type_.name} {{ {' '.join(fields)} }}")
    return " ".join(parts)


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def as_graphql(value: Any) -> Any:
    """JSON of API v2 as GraphQL names it."""
    if isinstance(value, dict):
        return {camel(key): as_graphql(item) for key, item in value.items()}
    return [as_graphql(item) for item in value] if isinstance(value, list) else value


def block_type(block: Any) -> GraphQLObjectType:
    return GRAPH.type_map[registry.streamfield_blocks[type(block)]._meta.name]


@pytest.mark.parametrize("block", list(ArticleBody().child_blocks.values()), ids=lambda b: b.name)
def test_each_block_and_its_element_are_typed(block: Any) -> None:
    type_ = block_type(block)
    assert INTERFACE < set(type_.fields)
    assert {camel(name) for name in block.child_blocks} <= set(type_.fields)
    seen: set[str] = set()

    def look(field: GraphQLField) -> None:
        named = get_named_type(field.type)
        assert named.name not in UNTYPED
        for one in named.types if isinstance(named, GraphQLUnionType) else [named]:
            if one.name not in seen and isinstance(one, GraphQLObjectType):
                seen.add(one.name)
                for part in one.fields.values():
                    look(part)

    for field in type_.fields.values():
        look(field)
    resolved = get_named_type(type_.fields["resolved"].type)
    either = resolved.types if isinstance(resolved, GraphQLUnionType) else [resolved]
    names = {one.name.removeprefix("Anodyne") for one in either}
    assert names <= {element.__name__ for element in ELEMENTS}


def test_what_is_always_there_is_never_null_and_choices_are_enums() -> None:
    card = GRAPH.type_map["AnodyneProductCard"].fields
    assert isinstance(card["title"].type, GraphQLNonNull)
    assert not isinstance(card["price"].type, GraphQLNonNull)
    layout = get_named_type(card["layout"].type)
    assert isinstance(layout, GraphQLEnumType)
    assert set(layout.values) == {"card", "compact", "wide"}
    directions = [name for name in GRAPH.type_map if name.endswith("Direction")]
    assert [name for name in directions if name.startswith("Anodyne")] == [
        "AnodyneElementDirection",
        # That of the words that nobody has translated.
        "AnodyneOtherLanguageDirection",
    ]


@pytest.mark.parametrize(
    ("language", "model"), [("nl", ArticlePage), ("ar", ArticlePage), ("nl", PlainPage)]
)
def test_the_values_are_those_of_api_v2(client: Client, language: str, model: Any) -> None:
    page = full_page(language, model=model)
    body_ = f"body {{ blockType id {fragments()} }}"
    query = f"{{ page(id: {page.pk}) {{ ... on {model.__name__} {{ {body_} }} }} }}"
    body = ask(client, query)["page"]["body"]
    said = client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
    assert len(body) == len(said) > 10
    for block, expected in zip(body, said, strict=True):
        given = {key.partition("_")[2]: value for key, value in block.items() if "_" in key}
        assert given == as_graphql(expected["value"])
        assert block["id"] == expected["id"]


@pytest.mark.parametrize("kind", VALUES)
def test_odd_content_costs_nothing_beside_it(client: Client, kind: str) -> None:
    """What no form has checked is said as in API v2, and what stands beside it is there."""
    page = factories.page()
    odd = odd_blocks(VALUES[kind])
    beside = [{"type": "heading", "value": {"text": f"Beside {n}"}} for n in range(len(odd))]
    store(page, [block for pair in zip(odd, beside, strict=True) for block in pair])
    body_ = f"body {{ blockType {fragments()} }}"
    query = f"{{ page(id: {page.pk}) {{ ... on ArticlePage {{ {body_} }} }} }}"
    body = ask(client, query)["page"]["body"]
    said = client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
    assert len(body) == len(said) == 2 * len(odd)
    for block, expected in zip(body, said, strict=True):
        given = {key.partition("_")[2]: value for key, value in block.items() if "_" in key}
        assert given == as_graphql(expected["value"])


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
def test_the_language_is_the_pages(client: Client, model: Any) -> None:
    product = factories.product("nl", "da")
    card = ("product_card", {"product": product.pk})
    page = factories.page(card, language="nl", model=model)
    query = f"""{{ page(id: {page.pk}) {{ ... on {model.__name__} {{ body {{
        ... on AnodyneProductCardBlock {{ resolved {{ title price {{ formatted }} }} }}
    }} }} }} }}"""
    response = client.post(
        "/api/graphql/",
        {"query": query},
        content_type="application/json",
        headers={"accept-language": "da"},
    )
    (block,) = response.json()["data"]["page"]["body"]
    assert block["resolved"] == {
        "title": "Lendenkussen",
        "price": {"formatted": factories.written("39.75", "nl")},
    }


def test_nobody_is_offered_what_is_no_longer_live(client: Client) -> None:
    page = full_page()
    page.unpublish()
    assert ask(client, f"{{ page(id: {page.pk}) {{ title }} }}")["page"] is None


def test_every_element_block_of_the_site_has_a_type() -> None:
    blocks = list(element_blocks())
    assert len({type(block) for block in blocks}) >= len(ArticleBody().child_blocks)
    assert all(type(block) in registry.streamfield_blocks for block in blocks)


def article(number: int) -> Any:
    """An article of its own people, products, images and questions."""
    return full_page("nl", title=f"Number {number}")


def test_a_listing_takes_one_pass(client: Client) -> None:
    wanted = f"title ... on ArticlePage {{ body {{ {fragments()} }} }}"
    query = f'{{ pages(contentType: "testapp.ArticlePage", limit: 50) {{ {wanted} }} }}'
    counts = {}
    for number in range(1, 21):
        article(number)
        if number in (1, 5, 20):
            ask(client, query)
            with CaptureQueriesContext(connection) as captured:
                assert len(ask(client, query)["pages"]) == number
            counts[number] = len(captured)
    assert len(set(counts.values())) == 1, counts
    assert counts[20] <= 12, counts


@pytest.mark.parametrize("language", ["nl", "en", "da"])
def test_blocks_inside_others_have_the_page_s_language_and_market(
    client: Client, language: str
) -> None:
    shown = "... on AnodyneProductCardBlock { resolved { title price { formatted } } }"
    query = "{ page(id: %d) { ... on ArticlePage { body { ... on ListBlock { items { %s } } } } } }"
    queries = set()
    for count in (1, 5):
        products = [factories.product("nl", "da", "en") for _ in range(count)]
        cards = [{"type": "item", "value": {"product": p.pk}, "id": str(p.pk)} for p in products]
        page = factories.page(("cards", cards), language="nl")
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        with CaptureQueriesContext(connection) as captured:
            (body,) = ask(client, query % (page.pk, shown))["page"]["body"]
        dutch = {"title": "Lendenkussen", "price": {"formatted": factories.written("39.75", "nl")}}
        assert [item["resolved"] for item in body["items"]] == [dutch] * count
        queries.add(len(captured))
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("{ pages { title children { title } } }", None),
        ("{ pages " + "{ children " * 12 + "{ title }" + " }" * 12 + " }", "levels deep"),
        ("{ pages(limit: 99) { children(limit: 99) { children(limit: 99) { id } } } }", "fields"),
        ("query($n: PositiveInt) { pages(limit: $n) { ...a } } fragment a on PageInterface"
         " { children(limit: $n) { children(limit: $n) { id } } }", "fields"),
        ("{ pages { ...a } } fragment a on PageInterface { children { ...a } }", "itself"),
        ("{ pages { nothing } }", "nothing"),
    ],
)  # fmt: skip
def test_a_query_is_bounded(client: Client, query: str, problem: str | None) -> None:
    response = client.post("/api/bounded/", {"query": query}, content_type="application/json")
    errors = " ".join(error["message"] for error in response.json().get("errors", ()))
    assert (problem in errors and "data" not in response.json()) if problem else not errors


def test_the_schema_itself_is_free(client: Client) -> None:
    from graphql import get_introspection_query

    query = {"query": get_introspection_query()}
    response = client.post("/api/bounded/", query, content_type="application/json")
    assert "errors" not in response.json()


def test_of_pages_above_a_listing_says_what_each_page_says(client: Client) -> None:
    """Unpublished ones are among no ancestors; one query for all that are listed together."""
    shown = "id parent { id title } ancestors { title }"
    query = f'{{ pages(contentType: "testapp.ArticlePage", limit: 50) {{ {shown} }} }}'
    above, draft = factories.page(), factories.page(live=False)
    counts = set()
    for _ in range(2):
        for parent in (above, draft):
            for _ in range(2):
                child = factories.page()
                child.move(parent, "last-child")
        ask(client, query)
        with CaptureQueriesContext(connection) as captured:
            listed = ask(client, query)["pages"]
        counts.add(len(captured))
        alone = "{ page(id: %s) { " + shown + " } }"
        assert listed == [ask(client, alone % page["id"])["page"] for page in listed]
    assert len(listed) == 9
    ancestors = [page["ancestors"] for page in listed]
    assert above.title in str(ancestors)
    assert draft.title not in str(ancestors)
    assert len(counts) == 1, counts
    # The root has none above it.
    top = ask(client, "{ pages(limit: 1) { parent { id } ancestors { id } } }")["pages"]
    assert len(top) == 1


def test_what_is_stored_can_be_asked_for(client: Client) -> None:
    page = factories.page(("heading", {"text": "Moving helps"}))
    query = f"{{ page(id: {page.pk}) {{ ... on ArticlePage {{ body {{ rawValue }} }} }} }}"
    (block,) = ask(client, query)["page"]["body"]
    assert json.loads(block["rawValue"])["text"] == "Moving helps"
