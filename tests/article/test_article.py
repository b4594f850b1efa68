"""One article for a page, a reader and a moment: every output reads it, and it is resolved once."""

from __future__ import annotations

import copy
import importlib
import pickle
from collections import Counter
from typing import Any

import pytest
from django.test import Client, RequestFactory

from anodyne_blocks.article import Article
from anodyne_blocks.article.outline import Outline
from anodyne_blocks.json_ld import JsonLdMixin
from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = pytest.mark.django_db

GRAPH = "{% article_json_ld page %}"
BODY = "{% include_block page.body %}"
LOOP = "{% for child in page.body %}{% include_block child %}{% endfor %}"
TIME = "{% reading_time page as time %}{{ time.text }}"
VARIABLES = "{% for child in page.body %}{{ child }}{% endfor %}"


class Resolved:
    """What was resolved: how often each value was, at which moments, and how many outlines."""

    def __init__(self) -> None:
        self.values: Counter[int] = Counter()
        self.moments: set[Any] = set()
        self.outlines = 0


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> Resolved:
    """Counts; everything is done as without it."""
    found = Resolved()

    def watched(resolve: Any) -> Any:
        def counted(block: Any, value: Any, article: Article) -> Any:
            found.values[id(value)] += 1
            found.moments.add(article.now)
            return resolve(block, value, article)

        return counted

    for block in ArticlePage._meta.get_field("body").stream_block.child_blocks.values():
        monkeypatch.setattr(type(block), "resolve", watched(type(block).resolve))
    of = Outline.of

    def outlined(placements: Any) -> Outline:
        found.outlines += 1
        return of(placements)

    monkeypatch.setattr(Outline, "of", outlined)
    return found


def written(model: Any = ArticlePage) -> Any:
    product = factories.product("en")
    return factories.page(
        ("byline", {"authors": [{"organisation": "The desk"}], "show_reading_time": True}),
        ("contents", {}),
        ("heading", {"text": "What helps"}),
        ("paragraph", {"text": "<p>Change.</p>"}),
        ("product_card", {"product": product.pk}),
        ("faq", {"questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}),
        model=model,
    )


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
@pytest.mark.parametrize(
    "template",
    [BODY + GRAPH + TIME, TIME + GRAPH + BODY, GRAPH + LOOP, LOOP + GRAPH, BODY + BODY],
)
def test_each_block_of_a_request_is_resolved_once(resolved, model, template) -> None:
    page = written(model)
    html = factories.render(template, page=page, request=RequestFactory().get("/"))
    assert "What helps" in html
    assert set(resolved.values.values()) == {1}
    assert len(resolved.values) == len(page.body)
    assert len(resolved.moments) == resolved.outlines == 1


@pytest.mark.parametrize("template", [GRAPH + "{{ page.body }}", GRAPH + VARIABLES])
def test_what_is_printed_as_a_variable_is_of_the_request_too(resolved, template) -> None:
    factories.render(template, page=written(), request=RequestFactory().get("/"))
    assert set(resolved.values.values()) == {1}
    assert len(resolved.moments) == 1


@pytest.mark.parametrize("template", [BODY, LOOP, VARIABLES, "{{ page.body }}"])
def test_without_a_request_a_body_or_a_loop_is_one_article(resolved, template) -> None:
    page = written()
    for count in (1, 2):
        factories.render(template, page=page)
        assert set(resolved.values.values()) == {count}
        assert len(resolved.moments) == resolved.outlines == count


def test_an_answer_of_the_api_is_one_article(client: Client, resolved, monkeypatch) -> None:
    monkeypatch.setattr(ArticlePage, "json_ld", JsonLdMixin.json_ld, raising=False)
    monkeypatch.setattr(ArticlePage, "api_fields", [*ArticlePage.api_fields, "json_ld"])
    pages = [written(), written()]
    for path, count in ((f"{pages[0].pk}/", 1), ("?type=testapp.ArticlePage&fields=*", 2)):
        resolved.__init__()
        answer = client.get(f"/api/v2/pages/{path}").json()
        assert "timeRequired" in str(answer) and "Lumbar cushion" in str(answer)
        assert set(resolved.values.values()) == {1}
        assert (len(resolved.moments), resolved.outlines) == (1, count)


def test_the_next_request_has_an_article_of_its_own() -> None:
    page, requests = written(), [RequestFactory().get("/") for _ in range(2)]
    first, again, second = (Article.for_page(page, requests[n]) for n in (0, 0, 1))
    assert first is again is not second
    assert second.now > first.now
    assert Article.for_page(page) is second


def test_all_articles_of_a_request_are_of_one_moment() -> None:
    request = RequestFactory().get("/")
    one, other = (Article.for_page(written(), request) for _ in range(2))
    assert one is not other
    assert one.now == other.now


def test_a_page_that_was_shown_can_be_copied_and_kept() -> None:
    """As a site's cache keeps it; the article stays behind with its request."""
    page = written()
    shown = Article.for_page(page, RequestFactory().get("/"))
    html = factories.render(BODY, page=page)
    for other in (pickle.loads(pickle.dumps(page)), copy.copy(page), copy.deepcopy(page)):
        assert Article.for_page(other) is not shown
        assert factories.render(BODY, page=other) == html


@pytest.mark.parametrize(
    ("change", "headings"),
    [
        (lambda body: body.append(("heading", {"text": "At night"})), ["At noon", "At night"]),
        (lambda body: body.__setitem__(1, ("heading", {"text": "At night"})), ["At night"]),
        (lambda body: body.__delitem__(1), []),
    ],
    ids=["added", "replaced", "removed"],
)
def test_a_shown_page_that_is_changed_is_shown_anew(change: Any, headings: list[str]) -> None:
    page = factories.page(("contents", {}), ("heading", {"text": "At noon"}))
    request = RequestFactory().get("/")
    factories.render(GRAPH + BODY, page=page, request=request)
    change(page.body)
    html = factories.render(GRAPH + BODY, page=page, request=request)
    for heading in ("At noon", "At night"):
        # As a heading and in the contents.
        assert html.count(f">{heading}<") == 2 * (heading in headings)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("context", "ArticleContext"),
        ("context", "CONTEXT_KEY"),
        ("dates", "date_of"),
        ("fetching", "FetchedChooser"),
        ("images", "image_element"),
    ],
)
def test_names_that_moved_are_found_with_a_warning(module: str, name: str) -> None:
    old = importlib.import_module(f"anodyne_blocks.{module}")
    with pytest.warns(DeprecationWarning, match=r"is now anodyne_blocks\.article"):
        assert getattr(old, name)
    with pytest.raises(AttributeError):
        old.__getattr__("nothing")
