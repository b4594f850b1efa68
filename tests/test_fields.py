"""`ArticleField`: a page in its own language and market, wherever and however it is printed."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation
from wagtail import blocks

from anodyne_blocks.article import Article
from anodyne_blocks.blocks import ArticleBody, ProductCardBlock
from anodyne_blocks.fields import ArticleField
from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = pytest.mark.django_db

DUTCH, DANISH = factories.words("nl"), factories.words("da")
WAYS = {
    "as variable": "{{ page.body }}",
    "with include_block": "{% include_block page.body %}",
    "block by block": "{% for child in page.body %}{% include_block child %}{% endfor %}",
    "blocks as variables": "{% for child in page.body %}{{ child }}{% endfor %}",
    "the first block": "{{ page.body.0 }}",
}


def is_dutch(html: str) -> bool:
    assert all(word in html for word in DUTCH), html
    assert not any(word in html for word in DANISH), html
    return "€" in html and "kr" not in html


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
@pytest.mark.parametrize("way", WAYS)
def test_is_that_of_the_page_whatever_the_request_has(way: str, model: Any) -> None:
    page = factories.dutch_page(model)
    request = RequestFactory().get("/", headers={"accept-language": "da"})
    with translation.override("da"):
        assert is_dutch(factories.render(WAYS[way], page=page, request=request))
        assert translation.get_language() == "da"


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
def test_is_that_of_the_page_when_it_is_served(model: Any) -> None:
    page = factories.dutch_page(model)
    with translation.override("da"):
        response = page.serve(RequestFactory().get("/")).render()
    assert response.status_code == 200
    assert is_dutch(response.content.decode())


@pytest.mark.parametrize(
    "body",
    [
        "{% include_block article.body %}",
        "{{ article.body }}",
        "{% for child in article.body %}{% include_block child %}{% endfor %}",
        "{% for child in article.body %}{{ child }}{% endfor %}",
        "{% include_block article.body.first_block_by_name.product_card %}",
    ],
)
def test_is_its_own_for_each_article_of_a_list(body: str) -> None:
    product = factories.product("nl", "da").pk
    card = ("product_card", {"product": product})
    articles = [factories.page(card, language=language) for language in ("nl", "da", "nl")]
    front = factories.home("en")
    listing = "{% for article in articles %}" + body + "|{% endfor %}"
    first, second, third, _end = factories.render(listing, page=front, articles=articles).split("|")
    assert is_dutch(first)
    assert all(word in second for word in DANISH)
    assert not any(word in second for word in DUTCH)
    assert is_dutch(third)


def test_of_a_blocks_page_are_its_dates_and_contents_in_a_list() -> None:
    article = factories.page(("contents", {}), ("heading", {"text": "What helps"}))
    front = factories.page(("heading", {"text": "The front page"}), title="Front")
    html = factories.render("{% include_block article.body.0 %}", page=front, article=article)
    assert "What helps" in html
    assert "The front page" not in html


def test_reaches_a_sites_own_blocks() -> None:
    class Shout(blocks.StaticBlock):
        def render_basic(self, value: Any, context: Any = None) -> str:
            return translation.get_language()

    class Row(blocks.StructBlock):
        card = ProductCardBlock()

        def render_basic(self, value: Any, context: Any = None) -> str:
            return value["card"].__html__()

    field = ArticleField([("shout", Shout()), ("row", Row())], name="body")
    product = factories.product("nl", "da")
    raw = [
        {"type": "shout", "value": None},
        {"type": "row", "value": {"card": {"product": product.pk}}},
    ]
    value = field.to_python(raw)
    value.page = factories.page(language="nl")
    with translation.override("da"):
        for html in (str(value), value.render_as_block({}), "".join(map(str, value))):
            assert "nl" in html
            assert "Lendenkussen" in html
            assert "Lændepude" not in html


def test_reaches_a_sites_own_template_of_the_body() -> None:
    class Body(ArticleBody):
        def render_basic(self, value: Any, context: Any = None) -> str:
            return translation.get_language()

    value = ArticleField(Body(), name="body").to_python([])
    value.page = factories.page(language="nl")
    assert str(value) == "nl"


def test_sixteen_threads_render_each_their_own() -> None:
    product = factories.product(*factories.TITLES)
    card = ("product_card", {"product": product.pk})
    pages = [factories.page(card, language=language) for language in list(factories.TITLES) * 3][
        :16
    ]
    for page in pages:
        list(page.body)  # fetched here: the test database is this thread's
    start = threading.Barrier(len(pages))
    htmls: list[str] = [""] * len(pages)

    def work(number: int) -> None:
        start.wait()
        for _ in range(10):
            htmls[number] += factories.render("{% include_block page.body %}", page=pages[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(pages))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for page, html in zip(pages, htmls, strict=True):
        for language, title in factories.TITLES.items():
            expected = 10 if language == page.locale.language_code else 0
            assert html.count(f">{title}</a>") == expected


def test_a_given_context_is_kept_for_its_own_page() -> None:
    page = factories.page(("product_card", {"product": factories.product("en").pk}))
    given = Article.for_page(page)
    html = factories.render("{% include_block page.body %}", page=page, article_context=given)
    assert "outline" in vars(given)
    assert html == factories.render("{% include_block page.body %}", page=page)
