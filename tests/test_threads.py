"""Rendering in many threads at once, and in async views: each article in its own language."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path
from django.utils import translation

from tests import factories
from tests.bench.measuring import forget
from tests.bench.site import article, stock
from tests.testapp.models import ArticlePage

THREADS, ROUNDS = 32, 2
LANGUAGES = ("nl", "da", "sv", "de", "en", "ar")
TEMPLATE = "{% include_block page.body %}"

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]


@pytest.fixture
def keys() -> list[int]:
    """The primary keys of articles, one in the language of each market."""
    # Many cards: whatever is shared between threads is written again and again.
    products = stock.products(6, LANGUAGES) * 4
    found = []
    for language in LANGUAGES:
        reviewer = factories.person(language=language).pk
        body = article.body(products, reviewer)
        found.append(factories.page(*body, language=language).pk)
    return found


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads take turns after a few steps, so that they meet inside everything."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def read(key: int) -> Any:
    """An article with all that it shows, as a request of its own has it."""
    page = ArticlePage.objects.select_related("locale").get(pk=key)
    list(page.body)
    return page


def render(page: Any) -> str:
    return factories.render(TEMPLATE, page=page)


def expected(keys: list[int]) -> dict[int, str]:
    """What one thread makes of each article, by key; then nothing is kept of it."""
    found = {key: render(read(key)) for key in keys}
    labels = [html.partition("anodyne-reviewer__label")[2][:40] for html in found.values()]
    assert len(set(labels)) == len(LANGUAGES), labels
    forget()
    return found


@pytest.mark.usefixtures("eager_threads")
def test_threads_render_different_languages_at_once(keys: list[int]) -> None:
    alone = expected(keys)
    pages = [read(keys[number % len(keys)]) for number in range(THREADS)]
    start = Barrier(THREADS)

    def work(page: Any) -> list[bool]:
        start.wait()
        # What a request of a reader with another language has active.
        with translation.override("fi"):
            return [
                render(page) == alone[page.pk] and translation.get_language() == "fi"
                for _ in range(ROUNDS)
            ]

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(work, pages))
    assert outcomes == [[True] * ROUNDS] * THREADS


async def in_the_event_loop(request: HttpRequest, key: int) -> HttpResponse:
    """Fetches in a thread and renders at once: a database query would be refused here."""
    page = await sync_to_async(read)(key)
    await asyncio.sleep(0)
    return HttpResponse(render(page))


async def in_a_thread(request: HttpRequest, key: int) -> HttpResponse:
    """Fetches while it renders."""
    page = await ArticlePage.objects.aget(pk=key)
    return HttpResponse(await sync_to_async(render)(page))


urlpatterns = [
    path("loop/<int:key>/", in_the_event_loop),
    path("thread/<int:key>/", in_a_thread),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("view", ["loop", "thread"])
def test_async_views_render_each_article_in_its_language(keys: list[int], view: str) -> None:
    alone = expected(keys)

    async def ask_all() -> list[str]:
        client = AsyncClient(headers={"accept-language": "fi"})
        answers = await asyncio.gather(*(client.get(f"/{view}/{key}/") for key in keys))
        return [answer.content.decode() for answer in answers]

    # Not asyncio.run: threads that wait for each other share the test's connection.
    answered: Callable[[], list[str]] = async_to_sync(ask_all)
    assert answered() == list(alone.values())
