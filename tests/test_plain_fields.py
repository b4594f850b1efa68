"""A block works alone: in a plain StreamField every element is as in an `ArticleField`.

All elements, all ways in which they are printed or asked for; the request speaks another language.
"""

from __future__ import annotations

import copy
import datetime
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.template.backends.jinja2 import Jinja2
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, isolate_apps
from django.utils import translation
from wagtail import VERSION
from wagtail.fields import Creator, StreamField

from anodyne_blocks.blocks import ArticleBody, ProductCardBlock
from anodyne_blocks.checks.fields import check_fields
from anodyne_blocks.fields import adopt
from tests import factories
from tests.api.values import Stored
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

DJANGO = {
    "variable": "{{ page.body }}",
    "include_block": "{% include_block page.body %}",
    "include_block only": "{% include_block page.body only %}",
    "loop": "{% for child in page.body %}{% include_block child %}{% endfor %}",
    "loop of variables": "{% for child in page.body %}{{ child }}{% endfor %}",
    "loop of values": "{% for child in page.body %}{% include_block child.value %}{% endfor %}",
    "by name": "{% for child in page.body.blocks_by_name.heading %}{{ child }}{% endfor %}",
    "under another name": "{% include_block self.body %}",
    "in a list": "{% for shown in pages %}{{ shown.body }}{% endfor %}",
}
JINJA2 = {
    "jinja2 variable": "{{ page.body }}",
    "jinja2 include_block": "{% include_block page.body %}",
    "jinja2 loop": "{% for child in page.body %}{% include_block child %}{% endfor %}",
    "jinja2 loop of variables": "{% for child in page.body %}{{ child }}{% endfor %}",
}
DAY = datetime.datetime(2025, 10, 1, 7, 30, tzinfo=datetime.timezone.utc)
LATER = datetime.datetime(2025, 11, 2, 9, 0, tzinfo=datetime.timezone.utc)


def in_django(template: str) -> Callable[[Any], str]:
    def printed(page: Any) -> str:
        request = RequestFactory().get("/", headers={"accept-language": "da"})
        name = "self" if "self" in template else "page"
        return factories.render(template, **{name: page, "pages": [page], "request": request})

    return printed


def in_jinja2(template: str) -> Callable[[Any], str]:
    options = {"extensions": ["wagtail.jinja2tags.core"]}

    def printed(page: Any) -> str:
        request = RequestFactory().get("/", headers={"accept-language": "da"})
        engine = Jinja2({"NAME": "jinja2", "DIRS": [], "APP_DIRS": False, "OPTIONS": {**options}})
        return engine.from_string(template).render({"page": page}, request)

    return printed


def from_api(address: str) -> Callable[[Any], str]:
    def asked(page: Any) -> str:
        response = Client().get(address % page.pk, headers={"accept-language": "da"})
        return json.dumps(response.json()["body"], indent=1)

    return asked


def structured_data(page: Any) -> str:
    return factories.render("{% article_json_ld page %}", page=page)


WAYS: dict[str, Callable[[Any], str]] = {
    **{name: in_django(template) for name, template in DJANGO.items()},
    **{name: in_jinja2(template) for name, template in JINJA2.items()},
    "API v2": from_api("/api/v2/pages/%s/"),
    # API v3 came with Wagtail 8.0.
    **({"API v3": from_api("/api/v3/pages/%s/")} if VERSION >= (8, 0) else {}),
    "JSON-LD": structured_data,
}


def pages_with(element: str) -> list[Any]:
    """A page of each kind with an element of a type, twice, between headings and texts."""
    stored = Stored.make("nl", "nl", "EUR").full()
    value = {**stored[element]}
    if element == "reading_time":
        value = {}
    blocks = [
        ("heading", {"text": "Zitten"}),
        ("paragraph", {"text": "<p>" + "woord " * 500 + "</p>"}),
        ("heading", {"text": "In bed", "level": "3"}),
        (element, value),
        (element, value),
        ("heading", {"text": "Zitten"}),
    ]
    dates = {"first_published_at": DAY, "last_published_at": LATER}
    return [
        factories.page(*blocks, language="nl", model=model, title="Een titel", **dates)
        for model in (ArticlePage, PlainPage)
    ]


@pytest.mark.parametrize("element", ArticleBody().child_blocks)
def test_is_the_same_in_both_fields(element: str) -> None:
    article, plain = pages_with(element)
    different = {}
    for way, shown in WAYS.items():
        with translation.override("da"):
            expected, found = (
                shown(factories.again(page)).replace(page.slug, "SLUG") for page in (article, plain)
            )
        assert "Een titel" in expected if way == "JSON-LD" else "Zitten" in expected, way
        if found != expected:
            different[way] = found
    assert different == {}


def test_a_listing_of_the_api_takes_one_pass(client: Client) -> None:
    parent = factories.page(model=PlainPage)
    for _ in range(4):
        card = ("product_card", {"product": factories.product("en").pk})
        factories.page(card, model=PlainPage).move(parent, "last-child")
    address = f"/api/v2/pages/?type=testapp.PlainPage&fields=body&child_of={parent.pk}"
    with CaptureQueriesContext(connection) as queries:
        items = client.get(address).json()["items"]
    assert [item["body"][0]["value"]["resolved"]["market"] for item in items] == ["en"] * 4
    assert sum('FROM "anodyne_blocks_product"' in query["sql"] for query in queries) == 1


def test_a_page_that_was_kept_or_copied_knows_its_body() -> None:
    page = factories.dutch_page(PlainPage)
    html = factories.render("{{ page.body }}", page=page)
    for other in (pickle.loads(pickle.dumps(page)), copy.copy(page), copy.deepcopy(page)):
        assert other.body.page is other
        with translation.override("da"):
            assert factories.render("{{ page.body }}", page=other) == html


def test_a_draft_of_another_language_is_its_own_page() -> None:
    page = factories.dutch_page(PlainPage)
    page.save_revision()
    draft = page.get_latest_revision_as_object()
    draft.locale = factories.locale("da")
    danish = PlainPage(title="A copy", locale=factories.locale("da"), body=page.body)
    for other in (draft, danish):
        assert factories.words("da")[0] in str(other.body)
    assert factories.words("nl")[0] in str(page.body)


def test_migrations_see_wagtails_own_field() -> None:
    _name, path, _args, _kwargs = PlainPage._meta.get_field("body").deconstruct()
    assert path == "wagtail.fields.StreamField"


class OwnCreator(Creator):
    """Stands for a site's own way to make values."""


@pytest.fixture
def unknown_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain pages whose values know nothing of their page."""
    creator = OwnCreator(PlainPage._meta.get_field("body"))
    monkeypatch.setattr(PlainPage, "body", creator)
    adopt([PlainPage])
    assert vars(PlainPage)["body"] is creator


@pytest.mark.parametrize("way", ["variable", "loop of variables", "API v2"])
@pytest.mark.usefixtures("unknown_page")
def test_where_the_page_is_unknown_no_market_s_price_is_shown(way: str) -> None:
    page = factories.dutch_page(PlainPage)
    with translation.override("da"):
        found = WAYS[way](page)
    assert "Lændepude" not in found
    assert "DKK" not in found


@pytest.mark.parametrize("way", ["variable", "API v2"])
@pytest.mark.usefixtures("unknown_page")
def test_the_one_market_that_a_site_has_is_no_secret(way: str, settings: Any) -> None:
    settings.ANODYNE_BLOCKS = {}
    product = factories.product("nl", "da")
    product.offers.filter(market="da").update(market="default", url="https://cushion.example/")
    page = factories.page(("product_card", {"product": product.pk}), language="nl", model=PlainPage)
    assert "cushion.example" in WAYS[way](page)


@pytest.mark.usefixtures("unknown_page")
def test_a_field_that_makes_its_values_itself_is_told() -> None:
    (message,) = check_fields()
    assert message.id == "anodyne_blocks.W051"
    assert message.msg.startswith("testapp.PlainPage.body makes its values")
    assert "ArticleField" in message.hint


@isolate_apps("tests.testapp")
def test_a_field_of_what_has_no_language_is_told() -> None:
    class Promotion(models.Model):  # noqa: DJ008  nobody reads its name
        body = StreamField([("card", ProductCardBlock())])

        class Meta:
            app_label = "testapp"

    (message,) = check_fields([Promotion._meta.apps.get_app_config("testapp")])
    assert message.id == "anodyne_blocks.I001"
    assert "testapp.Promotion has no language" in message.msg
    adopt([Promotion])
    value = Promotion(body=[("card", {"product": factories.product("nl", "da")})]).body
    page = factories.page(language="nl")
    with translation.override("da"):
        html = factories.render("{% include_block body %}", body=value, page=page)
        assert factories.words("nl")[0] in html
        assert "Lændepude" not in factories.render("{{ body }}", body=value, page=page)
