"""API v3: OpenAPI describes every block, and what is read can be written back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.text import slugify
from pydantic import TypeAdapter, ValidationError
from wagtail import blocks

from anodyne_blocks.api.block_types import BlockTypes
from anodyne_blocks.blocks import ElementBlock, FAQBlock, HeadingBlock
from anodyne_blocks.elements import ELEMENTS
from tests import factories
from tests.api.test_queries import FOR_ELEMENTS, article, queries_of
from tests.api.values import BODY, Stored

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]


def page_of_everything(language: str = "nl") -> Any:
    stored = Stored.make(language, language, "EUR")
    return factories.page(*stored.full().items(), language=language)


def body_of(client: Client, page: Any) -> list[dict[str, Any]]:
    """The body of a page's latest draft."""
    response = client.get(f"/api/v3/pages/{page.pk}/?version=draft")
    assert response.status_code == 200, response.content
    return response.json()["body"]


def write(client: Client, page: Any, body: Any) -> None:
    response = client.patch(
        f"/api/v3/pages/{page.pk}/", {"body": body}, content_type="application/json"
    )
    assert response.status_code == 200, response.content


def untyped(schema: Any, document: Any, at: str = "", seen: frozenset[str] = frozenset()) -> Any:
    """The paths at which a schema says nothing of the value."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            target = document["components"]["schemas"][name]
            yield from untyped(target, document, f"{at}:{name}", seen | {name})
        return
    parts = [part for word in ("anyOf", "oneOf", "allOf") for part in schema.get(word, ())]
    if not parts and "type" not in schema and "const" not in schema and "enum" not in schema:
        yield at
    for part in parts:
        yield from untyped(part, document, at, seen)
    if schema.get("type") == "array":
        yield from untyped(schema.get("items", {}), document, f"{at}[]", seen)
    if schema.get("type") == "object":
        if not schema.get("properties") or schema.get("additionalProperties") is True:
            yield at
        for name, part in schema.get("properties", {}).items():
            yield from untyped(part, document, f"{at}.{name}", seen)


@pytest.mark.parametrize(
    "name", ["ArticlePageSchema", "ArticlePageCreateSchema", "ArticlePagePatchSchema"]
)
def test_openapi_describes_every_block(client: Client, name: str) -> None:
    """Reading and writing: a union that `type` tells apart, with nothing untyped below it."""
    document = client.get("/api/v3/openapi.json").json()
    body = document["components"]["schemas"][name]["properties"]["body"]
    assert set(body["items"]["discriminator"]["mapping"]) == set(BODY.child_blocks)
    assert list(untyped(body, document)) == []


def test_openapi_describes_every_element(client: Client) -> None:
    schemas = client.get("/api/v3/openapi.json").json()["components"]["schemas"]
    for element in ELEMENTS:
        assert schemas[element.__name__]["properties"].keys() == element.model_fields.keys()
        assert schemas[element.__name__]["additionalProperties"] is False


def test_answers_are_as_described(client: Client) -> None:
    """Every block, with and without its optional children, fits the type that OpenAPI gives it."""
    stored = Stored.make("nl", "nl", "EUR")
    described = TypeAdapter(BlockTypes().of(BODY))
    for name in BODY.child_blocks:
        page = factories.page(*((name, value) for _, value in stored.variants(name)), language="nl")
        body = client.get(f"/api/v3/pages/{page.pk}/").json()["body"]
        assert len(body) == len(page.body)
        described.validate_python(body)
        body[0]["value"]["unheard_of"] = 1
        with pytest.raises(ValidationError, match="unheard_of"):
            described.validate_python(body)


def stored_preview(block: blocks.Block, stored: Stored) -> Any:
    """A block's preview value as it is stored, with things of the database in it."""
    value = block.get_preview_value()

    def fill(block: blocks.Block, value: Any) -> Any:
        if isinstance(block, blocks.ChooserBlock):
            models = {type(thing): thing for thing in vars(stored).values()}
            return value and models[block.target_model].pk
        if isinstance(block, blocks.StructBlock):
            return {name: fill(child, value[name]) for name, child in block.child_blocks.items()}
        if isinstance(block, blocks.ListBlock):
            return [fill(block.child_block, item) for item in value]
        return block.get_prep_value(value)

    return fill(block, value)


def test_writing_what_was_read_changes_nothing(editor: Client) -> None:
    """Every block as full as can be: values, elements, anchors and the stream's ids."""
    page = page_of_everything()
    before = body_of(editor, page)
    for _ in range(2):
        write(editor, page, body_of(editor, page))
        assert without_keys(body_of(editor, page)) == before


def test_writing_previews_changes_nothing_that_is_shown(editor: Client) -> None:
    """What no form has saved yet: nothing is then "", False or an empty paragraph."""
    stored = Stored.make("nl", "nl", "EUR")
    values = [(name, stored_preview(block, stored)) for name, block in BODY.child_blocks.items()]
    page = factories.page(*values, language="nl")
    before = body_of(editor, page)
    write(editor, page, before)
    after = without_keys(body_of(editor, page))
    for old, new in zip(before, after, strict=True):
        assert (new["id"], new["type"]) == (old["id"], old["type"])
        assert new["value"].pop("resolved") == old["value"].pop("resolved")
        assert settled(new["value"]) == settled(old["value"])


def settled(value: Any) -> Any:
    """A stored value with one word for nothing, and the anchors that an editor's save gives."""
    if isinstance(value, list):
        return [settled(item) for item in value]
    if not isinstance(value, dict):
        return None if value in ("", "<p></p>", False) else value
    value = {key: settled(child) for key, child in value.items()}
    if "question" in value:
        slug = slugify(value["question"], allow_unicode=True)[:60].rstrip("-")
        value["anchor"] = value["anchor"] or slug
    return value


def without_keys(value: Any) -> Any:
    """JSON without what Wagtail's editor changes in rich text: keys and line breaks."""
    if isinstance(value, str):
        if "</" not in value:
            return value
        bare = re.sub(r' data-block-key="[^"]+"', "", value)
        return re.sub(r"\s+(?=</?(?:p|[uo]l|li|h\d)\b)|\s+$", "", bare)
    if isinstance(value, list):
        return [without_keys(item) for item in value]
    if isinstance(value, dict):
        return {key: without_keys(item) for key, item in value.items()}
    return value


def test_a_change_is_written(editor: Client) -> None:
    page = page_of_everything()
    body = body_of(editor, page)
    faq = next(item for item in body if item["type"] == "faq")
    faq["value"]["questions"][0]["question"] = "Moet ik rusten?"
    write(editor, page, body)
    faq = next(item for item in body_of(editor, page) if item["type"] == "faq")
    element = faq["value"]["resolved"]
    assert element["items"][0]["question"] == "Moet ik rusten?"
    assert element["items"][0]["anchor"] == "rest"


def test_what_the_editor_refuses_is_not_written(editor: Client) -> None:
    page = page_of_everything()
    before = body_of(editor, page)
    card = next(item for item in before if item["type"] == "product_card")
    claim = {**card, "value": {**card["value"], "badge": "-25 %"}}
    response = editor.patch(
        f"/api/v3/pages/{page.pk}/", {"body": [claim]}, content_type="application/json"
    )
    assert response.status_code == 422
    assert body_of(editor, page) == before


@pytest.mark.parametrize("count", [1, 12])
def test_a_detail_takes_one_pass(client: Client, count: int) -> None:
    """Wagtail finds site, page, parent and locale with 7 queries; the elements take 5."""
    queries = queries_of(client, f"/api/v3/pages/{article('nl', count).pk}/")
    assert len(queries) == 7 + FOR_ELEMENTS


class Own(blocks.StructBlock):
    """A site's own block."""

    text = blocks.CharBlock()
    day = blocks.DateBlock(required=False)
    weight = blocks.DecimalBlock()
    page = blocks.PageChooserBlock(required=False)
    words = blocks.ListBlock(blocks.CharBlock())
    more = blocks.StreamBlock([("heading", HeadingBlock())])


class OwnRepresentation(blocks.CharBlock):
    """A block that the API shows in a way that only its site knows."""

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        return {"shouted": value.upper()}


class OwnFAQ(FAQBlock):
    """A block of the package, without a child and with one more."""

    introduction = None
    note = blocks.BooleanBlock(required=False)


class Untyped(ElementBlock):
    """An element block that does not say what it resolves to."""

    text = blocks.CharBlock()

    def resolve(self, value, context):
        return None


def schema_of(block: blocks.Block) -> dict[str, Any]:
    return TypeAdapter(BlockTypes().of(block)).json_schema(mode="serialization")


def test_a_sites_own_blocks_are_described() -> None:
    schema = schema_of(Own())
    assert {name: _short(part) for name, part in schema["properties"].items()} == {
        "text": "string | null",
        "day": "date | null",
        "weight": "string | null",
        "page": "integer | null",
        "words": "array",
        "more": "array",
    }
    assert schema["description"] == "A site's own block."
    assert schema["properties"]["more"]["items"] == {"$ref": "#/$defs/StreamBlockHeading"}


def _short(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_short(part) for part in schema["anyOf"])
    return schema.get("format", schema["type"])


def test_a_changed_block_of_the_package_is_described_as_changed() -> None:
    properties = schema_of(OwnFAQ())["properties"]
    assert "introduction" not in properties
    assert properties["note"]["anyOf"] == [{"type": "boolean"}, {"type": "null"}]
    assert properties["resolved"]["anyOf"][0] == {"$ref": "#/$defs/FAQ"}


def test_what_only_the_site_knows_is_any_json() -> None:
    assert schema_of(OwnRepresentation()) == {}
    assert schema_of(Untyped())["properties"]["resolved"] == {"$ref": "#/$defs/JsonValue"}


def test_blocks_of_one_name_and_two_shapes_are_two_types() -> None:
    one = blocks.StructBlock([("a", blocks.CharBlock())])
    two = blocks.StructBlock([("b", blocks.CharBlock())])
    schema = schema_of(blocks.StreamBlock([("one", one), ("two", two), ("three", one)]))
    assert {"StructBlockValue", "StructBlockValue2"} < set(schema["$defs"])
    assert "StructBlockValue3" not in schema["$defs"]
