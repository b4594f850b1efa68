"""An alias shows the text of another page: it is in its language, and names that page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from anodyne_blocks.article import Article
from anodyne_blocks.article.markets import markets_of_pages, pages_by_market
from anodyne_blocks.json_ld import page_json_ld
from tests import factories
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db

QUESTION = {"question": "May I sit?", "answer": "<p>Yes.</p>", "anchor": ""}


def alias_of(page: Any, language: str) -> Any:
    """What stands in a language's tree for a page that is not translated yet."""
    made = page.create_alias(update_slug="elsewhere", update_locale=factories.locale(language))
    return ArticlePage.objects.get(pk=made.pk)


def test_it_is_of_the_language_and_address_of_its_text() -> None:
    ada = factories.person(job_title="Physiotherapist")
    factories.translation(ada, "da", job_title="Fysioterapeut")
    text = f"<p>{'word ' * 230}</p>"
    page = factories.page(
        ("paragraph", {"text": text}),
        ("reading_time", {}),
        ("share", {}),
        ("reviewer", {"person": ada.pk, "reviewed": "2025-10-25"}),
    )
    alias = alias_of(page, "da")
    assert alias.locale.language_code == "da" and alias.full_url != page.full_url
    _text, reading, share, reviewer = factories.elements(alias)
    assert (reading.language, reading.text) == ("en", "Reading time: 1 minute")
    assert (reviewer.job_title, share.url) == ("Physiotherapist", page.full_url)
    assert Article.for_page(alias).address == page.full_url
    first, second = page_json_ld(alias)["@graph"][:2]
    assert first["url"] == page.full_url
    assert (first["inLanguage"], second["inLanguage"]) == ("en", "en")


def test_all_outputs_name_the_original() -> None:
    section = factories.page(title="Backs", slug="backs", model=ArticlePage)
    page = factories.page(("faq", {"heading": "You ask", "questions": [QUESTION]}), ("share", {}))
    page.move(section, pos="last-child")
    page = factories.again(page)
    danish = factories.page(title="Rygge", slug="rygge", language="da")
    alias = page.create_alias(
        parent=danish, update_slug="alias", update_locale=factories.locale("da")
    )
    alias = ArticlePage.objects.get(pk=alias.pk)
    html = BeautifulSoup(
        factories.render("{% include_block page.body %}", page=alias), "html.parser"
    )
    shared = [link["href"] for link in html.select(".anodyne-share a[href^=http]")]
    assert shared and all(quote(page.full_url, safe="") in link for link in shared)
    answer = Client().get(f"/api/v2/pages/{alias.pk}/?fields=body").json()
    resolved = [block["value"]["resolved"] for block in answer["body"]]
    assert {element["language"] for element in resolved} == {"en"}
    assert resolved[1]["url"] == page.full_url
    graph = page_json_ld(alias)
    assert str(graph) == str(page_json_ld(page)) and "Rygge" not in str(graph)
    assert page.full_url in str(graph) and alias.full_url not in f"{graph}{html}{resolved}"
    crumbs = next(node for node in graph["@graph"] if node["@type"] == "BreadcrumbList")
    assert [step["name"] for step in crumbs["itemListElement"]][-2:] == ["Backs", page.title]


def test_it_sells_in_the_market_of_its_text() -> None:
    """Its cached address is purged, and its offers looked after, as those of the original."""
    page = factories.page(("share", {}))
    alias = alias_of(page, "da")
    assert markets_of_pages([page.pk, alias.pk]) == {page.pk: ["en"], alias.pk: ["en"]}
    in_market = {
        key: set(ArticlePage.objects.filter(pages).values_list("pk", flat=True))
        for key, pages in pages_by_market().items()
    }
    assert {page.pk, alias.pk} <= in_market["en"]
    assert alias.pk not in in_market.get("da", set())


def test_a_copy_is_read_by_nobody_before_an_editor_publishes_it(client: Any) -> None:
    """With simple_translation, which keeps all that is chosen and stored."""
    person, rating = factories.person(), factories.rating()
    page = factories.page(
        ("heading", {"text": "Sitting", "level": "2", "anchor": "sitting"}),
        ("paragraph", {"text": '<p>Yes<a linktype="anodyne-source" id="back"></a>.</p>'}),
        ("product_card", {"product": factories.product("en", "da").pk}),
        ("shop_rating", {"rating": rating.pk}),
        ("sources", {"sources": [{"title": "Backs", "year": 2018, "key": "back"}]}),
        ("reviewer", {"person": person.pk, "reviewed": "2025-10-25"}),
    )
    factories.home("da")
    client.force_login(get_user_model().objects.create_superuser("editor"))
    danish = factories.locale("da")
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])
    assert client.post(address, {"locales": [danish.pk]}).status_code == 302
    copy = page.get_translation(danish).specific
    assert not copy.live and copy.alias_of is None
    assert list(copy.body.raw_data) == list(page.body.raw_data)
    before, after = factories.elements(page), factories.elements(copy)
    assert [element.type for element in before] == [element.type for element in after]
    assert before[0].anchor == after[0].anchor == "sitting"
    assert (before[2].market, after[2].market) == ("en", "da")


def test_the_words_are_read_at_the_speed_of_their_language() -> None:
    # A minute of English, and more than one of Danish.
    page = factories.page(("paragraph", {"text": f"<p>{'word ' * 230}</p>"}))
    assert Article.for_page(alias_of(page, "da")).minutes == Article.for_page(page).minutes == 1
    danish = factories.page(("paragraph", {"text": f"<p>{'word ' * 230}</p>"}), language="da")
    assert Article.for_page(danish).minutes == 2


def test_a_translated_alias_is_a_page_of_its_own() -> None:
    page = factories.page(("share", {}))
    alias = alias_of(page, "da")
    alias.alias_of = None
    alias.save()
    own = factories.again(alias)
    assert Article.for_page(own).language == "da"
    assert Article.for_page(own).address == own.full_url
