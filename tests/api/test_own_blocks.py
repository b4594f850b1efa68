"""A site's own blocks work in every answer, without a word from their author."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail import VERSION, blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageBlock

from anodyne_blocks.blocks import ArticleBody, ElementBlock, ParagraphBlock, ProductCardBlock
from anodyne_blocks.elements import Standfirst
from tests import factories
from tests.testapp.models import ArticlePage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls_conditional"),
    pytest.mark.usefixtures("conditional_site"),
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

FORECASTS = {"Breda": "Rain"}


class Weather(ElementBlock):
    """A block that depends on what nobody else knows."""

    city = blocks.CharBlock()

    def resolve(self, value: Any, article: Any) -> Standfirst:
        return Standfirst(language="nl", direction="ltr", text=FORECASTS[value["city"]])


class Relabelled(ParagraphBlock):
    """A block that is only called otherwise, with one child more."""

    note = blocks.CharBlock(required=False)

    class Meta:
        label = "Prose"


@pytest.fixture
def use_body(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`use_body(class)` makes it the body of the test site's articles."""

    def use(body: type[ArticleBody]) -> None:
        monkeypatch.setitem(ArticlePage._meta.get_field("body").__dict__, "stream_block", body())

    return use


@pytest.fixture(params=[Weather, Relabelled, blocks.PageChooserBlock])
def kind(request: pytest.FixtureRequest, use_body: Any) -> Any:
    """The class of a block `own` in the body of the test site's articles."""

    class Body(ArticleBody):
        own = request.param()

    use_body(Body)
    return request.param


def test_an_etag_changes_with_whatever_a_block_says(
    client: Client, kind: Any, monkeypatch: Any
) -> None:
    chosen = factories.page(language="nl")
    value = {
        Relabelled: {"text": "<p>Dry.</p>", "note": ""},
        blocks.PageChooserBlock: chosen.pk,
    }.get(kind, {"city": "Breda"})
    path = f"/api/v2/pages/{factories.page(('own', value), language='nl').pk}/"
    before = client.get(path)
    assert before.json()["body"][0]["type"] == "own"
    etag = {"If-None-Match": before["ETag"]}
    assert client.get(path, headers=etag).status_code == 304
    monkeypatch.setitem(FORECASTS, "Breda", "Sun")
    chosen.delete()
    changed = kind is not Relabelled
    after = client.get(path, headers=etag)
    assert after.status_code == (200 if changed else 304)
    if changed:
        assert after.json()["body"] != before.json()["body"]


def in_table(value: Any) -> dict[str, Any]:
    return {"columns": [{"type": "x", "heading": ""}], "rows": [{"values": [value]}], "caption": ""}


# API v3 came with Wagtail 8.0.
@pytest.mark.parametrize("version", ["v2", "v3"] if VERSION >= (8, 0) else ["v2"])
@pytest.mark.parametrize("case", ["table", "table of pages", "an image of old", "a default"])
def test_an_etag_knows_what_stands_inside_other_blocks(
    client: Client, use_body: Any, version: str, case: str
) -> None:
    product, image = factories.product("nl"), factories.image()
    other = factories.page(language="nl")
    own, value, change = {
        "table": (
            TypedTableBlock([("x", ProductCardBlock())]),
            in_table({"product": product.pk}),
            lambda: factories.change_offer(product, "nl", title="Another"),
        ),
        "table of pages": (
            TypedTableBlock([("x", blocks.PageChooserBlock(required=False))]),
            in_table(other.pk),
            other.delete,
        ),
        "an image of old": (ImageBlock(), image.pk, image.delete),
        "a default": (
            blocks.StructBlock(
                [
                    ("note", blocks.CharBlock()),
                    ("card", ProductCardBlock(default={"product": product})),
                ]
            ),
            {"note": "x"},
            lambda: factories.change_offer(product, "nl", title="Another"),
        ),
    }[case]
    use_body(type("Body", (ArticleBody,), {"own": own}))
    path = f"/api/{version}/pages/{factories.page(('own', value), language='nl').pk}/"
    client.get(path)
    before = client.get(path)
    etag = {"If-None-Match": before["ETag"]}
    assert client.get(path, headers=etag).status_code == 304
    change()
    after = client.get(path, headers=etag)
    assert after.status_code == 200
    assert after.json()["body"] != before.json()["body"]


def test_an_article_that_another_field_builds_is_its_own_fact(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as structured data in `api_fields`: the answer is built, and its ETag still exact."""

    def summary(page: Any) -> int:
        return len(list(page.body))

    monkeypatch.setattr(ArticlePage, "summary", property(summary), raising=False)
    monkeypatch.setattr(ArticlePage, "api_fields", [*ArticlePage.api_fields, "summary"])
    product = factories.product("nl")
    page = factories.page(("product_card", {"product": product.pk}), language="nl")
    path = f"/api/v2/pages/{page.pk}/"
    before = client.get(path)
    etag = {"If-None-Match": before["ETag"]}
    assert client.get(path, headers=etag).status_code == 304
    factories.change_offer(product, "nl", title="Another")
    after = client.get(path, headers=etag)
    assert after.status_code == 200
    assert after.json()["body"][0]["value"]["resolved"]["title"] == "Another"


class Shouting(ParagraphBlock):
    """A block that changes what the API shows of its element."""

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        shown = super().get_api_representation(value, context)
        shown["resolved"]["html"] = shown["resolved"]["html"].upper()
        return shown


class Box(blocks.StructBlock):
    """A block of the site around one of ours, which does the same."""

    inside = ParagraphBlock()

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        shown = super().get_api_representation(value, context)["inside"]
        return {"resolved": {"html": shown["resolved"]["html"].upper()}}


class Loud(ArticleBody):
    """A body that does the same with all its blocks."""

    own = ParagraphBlock()

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        shown = super().get_api_representation(value, context)
        for block in shown:
            block["value"]["resolved"]["html"] = block["value"]["resolved"]["html"].upper()
        return shown


class WithShouting(ArticleBody):
    own = Shouting()


class WithBox(ArticleBody):
    own = Box()


@pytest.mark.parametrize("body", [WithShouting, WithBox, Loud])
def test_a_site_may_change_what_the_api_shows(
    client: Client, body: type[ArticleBody], use_body: Any
) -> None:
    use_body(body)
    text = {"text": "<p>Dry.</p>"}
    value = {"inside": text} if body is WithBox else text
    pk = factories.page(("own", value), language="nl").pk
    shown = client.get(f"/api/v2/pages/{pk}/").json()["body"][0]["value"]["resolved"]
    assert shown["html"] == "<P>DRY.</P>"
