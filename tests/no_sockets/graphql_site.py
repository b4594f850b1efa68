"""GraphQL without sockets, in the process that `tests/test_no_sockets.py` starts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.no_sockets.guard import no_sockets
from tests.test_no_sockets import LANGUAGES, PRICES, body, sold_everywhere

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

ELEMENTS = """
    ... on AnodyneProductCardBlock { resolved { price { formatted } image { url } } }
    ... on AnodyneProductGridBlock { resolved { cards { price { formatted } } } }
    ... on AnodyneBylineBlock { resolved { text } }
    ... on AnodyneShopRatingBlock { resolved { source { text } } }
    ... on AnodyneReviewerBlock { resolved { reviewed { formatted } } }
    ... on AnodyneSourceListBlock { resolved { entries { title } } }
"""


def ask(client: Client, query: str) -> Any:
    answer = client.post("/api/graphql/", {"query": query}, content_type="application/json").json()
    assert "errors" not in answer, answer["errors"]
    return json.dumps(answer["data"], ensure_ascii=False)


def test_graphql_opens_no_socket(client: Client) -> None:
    product = sold_everywhere()
    pages = {code: factories.page(*body(product, code), language=code) for code in LANGUAGES}
    wanted = f"... on ArticlePage {{ body {{ blockType {ELEMENTS} }} }}"
    with no_sockets():
        for code, page in pages.items():
            said = ask(client, f"{{ page(id: {page.pk}) {{ {wanted} }} }}")
            assert said.count(PRICES[code]) == 2
        said = ask(client, f'{{ pages(contentType: "testapp.ArticlePage") {{ {wanted} }} }}')
    assert all(price in said for price in PRICES.values())
