"""A listing of articles and one article cost the same queries, however much there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

LISTING = "/api/v2/pages/?type=testapp.ArticlePage&limit=20"
# People, products, ratings, images of the text, renditions: one query each.
FOR_ELEMENTS = 5


def article(language: str, count: int = 2) -> Any:
    """An article with `count` of all that is fetched, each thing its own."""

    def picture() -> Any:
        return factories.image(width=24, height=18)

    people = [factories.person(language=language, photo=picture()).pk for _ in range(count)]
    cards = [
        {"product": factories.product(language, image=picture()).pk, "relationship": ""}
        for _ in range(count)
    ]
    asked = [{"question": f"Question {n}?", "answer": "<p>Yes.</p>"} for n in range(count)]
    return factories.page(
        ("byline", {"authors": [{"person": person} for person in people]}),
        *(("image", {"image": picture().pk, "alt_text": "A picture"}) for _ in range(count)),
        *(("product_card", card) for card in cards),
        ("product_grid", {"heading": "For the desk", "cards": cards}),
        ("shop_rating", {"rating": factories.rating(language=language).pk}),
        ("faq", {"heading": "Questions", "questions": asked}),
        ("reviewer", {"person": people[0], "reviewed": "2025-10-25"}),
        ("contents", {}),
        ("share", {}),
        language=language,
    )


def queries_of(client: Client, address: str) -> list[str]:
    """The queries of a warm request: renditions are made, and caches of sites are filled."""
    for _ in range(2):
        # Renditions that are made push other things out of a small cache.
        client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, response.content
    return [query["sql"] for query in captured.captured_queries]


def test_a_listing_takes_one_pass(client: Client) -> None:
    """Whether 1, 5 or 20 articles in three languages: 5 queries, and one for all locales."""
    cost = {}
    for number in range(1, 21):
        article(["en", "nl", "da"][number % 3])
        if number in (1, 5, 20):
            bare = queries_of(client, f"{LISTING}&fields=_,id")
            cost[number] = len(queries_of(client, f"{LISTING}&fields=_,id,body")) - len(bare)
    assert cost == {1: FOR_ELEMENTS + 1, 5: FOR_ELEMENTS + 1, 20: FOR_ELEMENTS + 1}
    assert len(queries_of(client, f"{LISTING}&fields=body")) <= 16


@pytest.mark.parametrize("count", [1, 12])
def test_a_detail_takes_one_pass(client: Client, count: int) -> None:
    """Whether there is one of all things or a dozen; the sixth query is for the page's locale."""
    address = f"/api/v2/pages/{article('nl', count).pk}/"
    bare = queries_of(client, f"{address}?fields=_,id")
    assert len(queries_of(client, f"{address}?fields=_,id,body")) - len(bare) == FOR_ELEMENTS + 1
