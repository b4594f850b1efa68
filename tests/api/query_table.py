"""Counts the queries of listings of the example site's articles, each with all documented fields.

Run with -m; EXAMPLE_VAR is the folder of a built example site, which gets more articles by this.
Prints a table, and last the counts as JSON: {API: {number of articles: queries}}.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "example_site.settings"
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail import VERSION  # noqa: E402

from example_site.magazine.models import ArticlePage  # noqa: E402

NUMBERS = (1, 5, 20)
TYPE = "type=magazine.ArticlePage"
# The first article has all elements, so that one needs what twenty need.
NEWEST = "-first_published_at"
ORDER = f"order={NEWEST}"
FIELDS = "fields=kicker,lead,teaser,body,json_ld"
CARD = "... on AnodyneProductCardBlock { card: resolved { title price { formatted } } }"
FAQ = "... on AnodyneFAQBlock { faq: resolved { heading items { question answer } } }"
GRAPHQL = f"""{{ pages(contentType: "magazine.ArticlePage", limit: %d, order: "{NEWEST}") {{
    id title url parent {{ title }} ancestors {{ title url }} ... on ArticlePage {{
        kicker lead {{ url srcset }} teaser {{ standfirst readingTime {{ text }} image {{ url }} }}
        jsonLd body {{ id blockType {CARD} {FAQ} }}
    }}
}} }}"""


def count(ask: Callable[[], Any]) -> int:
    """The queries of a warm request: renditions are made, and caches of sites are filled."""
    for _ in range(2):
        ask()
    with CaptureQueriesContext(connection) as captured:
        response = ask()
    assert response.status_code == 200, response.content[:500]
    assert b'"errors"' not in response.content, response.content[:500]
    if os.environ.get("SHOW"):
        print(*(query["sql"][:230] for query in captured.captured_queries), sep="\n")
    return len(captured)


def more_articles() -> None:
    """Copies, so that there are as many as are listed; the newest has the elements of all."""
    articles = list(ArticlePage.objects.live().order_by("pk"))
    for number in range(max(NUMBERS) - len(articles)):
        page = articles[number % len(articles)]
        page.copy(update_attrs={"slug": f"copy-{number}-{page.slug}", "title": page.title})
    first = next(page for page in articles if page.locale.language_code == "en")
    first.body = [
        dict(block)
        for page in articles
        if page.locale == first.locale
        for block in page.body.raw_data
    ]
    first.first_published_at = timezone.now()
    first.save()


def main() -> None:
    more_articles()
    client = Client(headers={"accept": "application/json"})

    def query(number: int) -> object:
        content = {"query": GRAPHQL % number}
        return client.post("/api/graphql/", content, content_type="application/json")

    ways = {
        "v2, all fields": lambda n: client.get(f"/api/v2/pages/?{TYPE}&{ORDER}&limit={n}&{FIELDS}"),
        "v2, teasers": lambda n: client.get(
            f"/api/v2/pages/?{TYPE}&{ORDER}&limit={n}&fields=teaser,lead"
        ),
        "v2, elements": lambda n: client.get(
            f"/api/v2/pages/?{TYPE}&{ORDER}&limit={n}&fields=_,body&show=elements"
        ),
        "v2, json_ld": lambda n: client.get(
            f"/api/v2/pages/?{TYPE}&{ORDER}&limit={n}&fields=_,json_ld"
        ),
        "GraphQL, all fields": query,
    }
    if VERSION >= (8, 0):
        elements = "/api/v3/elements/articles/"
        ways["v3, Wagtail's listing"] = lambda n: client.get(f"/api/v3/pages/?{TYPE}&limit={n}")
        ways["v3, articles"] = lambda n: client.get(f"{elements}?limit={n}&show=elements")
        ways["v3, teasers"] = lambda n: client.get(f"{elements}?limit={n}")
    counts = {name: {n: count(partial(way, n)) for n in NUMBERS} for name, way in ways.items()}
    print(f"{'':24}" + "".join(f"{n:6}" for n in NUMBERS))
    for name, found in counts.items():
        print(f"{name:24}" + "".join(f"{queries:6}" for queries in found.values()))
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
