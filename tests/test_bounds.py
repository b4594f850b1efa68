"""What an article may cost, whatever it holds: queries and Python calls (times: `make bench`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail import VERSION

from anodyne_blocks import conf
from tests import factories
from tests.bench.bounds import BOUNDS
from tests.bench.measuring import calls_of, forget, forget_all, per_added, queries_of, top_added
from tests.bench.site import article, stock
from tests.bench.site.pages import make, stored
from tests.testapp.models import ArticlePage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

PAGES, API = BOUNDS["pages"], BOUNDS["api"]
API_URLS = pytest.mark.urls("tests.api.urls_conditional")
LISTING = "/api/v2/pages/?type=testapp.ArticlePage&fields=body&limit=20&child_of="

Get = Callable[[], Any]


@pytest.fixture
def reviewer() -> int:
    """The primary key of a person whose photo is made in all sizes."""
    photo = factories.image(width=400, height=400)
    photo.get_renditions(*conf.image_sizes("portrait").values())
    return factories.person(photo=photo).pk


@pytest.fixture
def written(reviewer: int) -> Callable[..., Any]:
    """`written(products)` is an article; without products an empty one."""

    def write(products: Any = (), links: Any = ()) -> Any:
        return factories.page(*article.body(products, reviewer, links) if products else ())

    return write


def getter(client: Client, address: str) -> Get:
    """A request that has been made before."""

    def get() -> Any:
        response = client.get(address)
        assert response.status_code == 200, response.content
        return response

    get()
    return get


def cold(get: Get) -> Get:
    """The same request with the site's cache empty."""
    forget()
    return get


def test_a_page_takes_the_same_queries_for_any_number_of_cards(client, written) -> None:
    products = stock.products(50)
    empty = getter(client, written().url)
    found = {}
    for count in (1, 10, 50):
        get = getter(client, written(products[:count]).url)
        assert get().content.count(b"anodyne-product-card__button") == count
        found[count] = queries_of(get) - queries_of(empty)
        found[count, "cold"] = queries_of(cold(get)) - queries_of(cold(empty))
    assert set(found.values()) == {PAGES["page.extra_queries.cards_50"].limit}, found


def test_all_links_in_rich_texts_take_two_queries(client, written) -> None:
    products = stock.products(1)
    linked = [written().pk for _ in range(5)]
    plain = getter(client, written(products).url)
    with_links = getter(client, written(products, linked).url)
    assert with_links().content.count(b'<a href="/article-') >= article.TEXTS
    more = queries_of(with_links) - queries_of(plain)
    assert more <= PAGES["page.rich_text_links.extra_queries"].limit


def test_structured_data_take_no_query_more_than_on_an_empty_page(written) -> None:
    body = "{% include_block page.body %}"
    more = set()
    for page in (written(), written(stock.products(10))):
        for template in (body, body + "{% article_json_ld page %}"):
            factories.render(template, page=factories.again(page))
        fresh = factories.again(page)
        plain = queries_of(lambda page=fresh: factories.render(body, page=page))
        fresh = factories.again(page)
        both = queries_of(
            lambda page=fresh: factories.render(body + "{% article_json_ld page %}", page=page)
        )
        more.add(both - plain)
    assert more == {1}  # the breadcrumbs'


def test_a_page_writes_nothing_to_the_cache(client, written, monkeypatch) -> None:
    """But what Wagtail writes for an empty page: the addresses of the sites."""
    empty = getter(client, written().url)
    get = getter(client, written(stock.products(10)).url)
    writes: list[Any] = []
    for name in ("set", "add", "set_many"):
        monkeypatch.setattr(cache, name, lambda *args, **kwargs: writes.append(args))

    def written_by(work: Get) -> int:
        writes.clear()
        work()
        return len(writes)

    assert written_by(get) == 0
    assert written_by(cold(get)) == written_by(cold(empty)), writes


@pytest.mark.parametrize(
    ("state", "bound"),
    [
        (lambda get: get, PAGES["page.calls_per_card"]),
        (cold, PAGES["page.calls_per_card.cold"]),
    ],
    ids=["warm", "cold"],
)
def test_a_card_takes_few_calls(client, written, state, bound) -> None:
    # Equal cards of an earlier test would be compared with these.
    forget_all()
    products = stock.products(50)
    few = getter(client, written(products[:10]).url)
    many = getter(client, written(products).url)
    more, less = calls_of(state(many)), calls_of(state(few))
    assert per_added(more, less, 40) <= bound.limit, "\n".join(top_added(more, less, 40))


def test_blocks_printed_one_by_one_take_few_calls(written) -> None:
    """The loop over `page.body` of every tutorial: no block looks at all the others."""
    products = stock.products(50)
    loop = "{% for block in page.body %}{% include_block block %}{% endfor %}"
    calls = {}
    for count in (10, 50):
        page = written(products[:count])
        factories.render(loop, page=factories.again(page))
        fresh = factories.again(page)
        calls[count] = calls_of(lambda page=fresh: factories.render(loop, page=page))
    assert per_added(calls[50], calls[10], 40) <= PAGES["page.calls_per_card"].limit


@API_URLS
def test_a_listing_takes_the_queries_of_an_article(client, reviewer) -> None:
    products = stock.products(60)
    lists = {}
    for count in (0, 3):
        parent = make(ArticlePage, f"with-{count}-each", body=[])
        for number in range(20):
            shown = products[number * count :][:count]
            body = stored(article.body(shown, reviewer)) if count else []
            make(ArticlePage, f"number-{number}", parent, body=body)
        lists[count] = getter(client, f"{LISTING}{parent.pk}")
        assert lists[count]().content.count(b'"product_card"') == 20 * count * 2
    extra = queries_of(lists[3]) - queries_of(lists[0])
    assert extra == API["api2.list20.extra_queries.cards_50"].limit


@API_URLS
@pytest.mark.parametrize("version", ["v2", "v3"] if VERSION >= (8, 0) else ["v2"])
def test_the_api_takes_the_queries_and_calls_of_one_pass(client, written, version) -> None:
    products = stock.products(50)
    empty, few, many = (
        getter(client, f"/api/{version}/pages/{written(products[:count]).pk}/")
        for count in (0, 10, 50)
    )
    extra = [queries_of(get) - queries_of(empty) for get in (few, many)]
    assert extra == [API["api2.detail.extra_queries.cards_200"].limit] * 2
    calls = per_added(calls_of(many), calls_of(few), 40)
    assert calls <= API["api2.calls_per_card"].limit, calls
