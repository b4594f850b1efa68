"""One article as a page: queries, Python calls and time, beside naive blocks and ready strings.

python -m tests.bench.pages             the table
python -m tests.bench.pages --profile   what one card calls, and who calls

Warm is a process's second request for a page. Cold is one with the site's cache empty (Wagtail
keeps renditions there), first the first of a new process. Renditions are made in all.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from tests.bench.frame import run
from tests.bench.site.pages import Library, bench_site, make

COUNTS = (1, 10, 50, 200)
FEW, MANY = 10, 50
COMPARED = 6  # products in a comparison, the most there may be
ROUNDS = 25
CACHE_WRITES = {"set", "add", "set_many", "touch", "incr", "delete"}


def measure() -> dict[str, float]:
    """All numbers of `bounds.BOUNDS["pages"]`."""
    with bench_site():
        pages = Pages()
        pages.compare()
        return {**pages.queries(), **pages.calls(), **pages.time()}


def normal(html: str) -> str:
    """HTML without the whitespace around its tags."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", html)


class Pages:
    """The pages by kind and number of cards, and how each is asked for."""

    def __init__(self) -> None:
        from django.test import Client

        from tests.bench.site.models import GraphPage, NaivePage, ReadyPage
        from tests.testapp.models import ArticlePage

        self.client = Client()
        library = Library(max(COUNTS))
        self.urls = {}
        kinds = {"ours": ArticlePage, "naive": NaivePage}
        for kind, model in kinds.items():
            for count in (0, *COUNTS):
                body = library.body(count) if count else []
                self._make(model, kind, count, body=body)
        empty = [make(ArticlePage, f"linked-{number}").pk for number in range(5)]
        self._make(ArticlePage, "linked", MANY, body=library.body(MANY, links=empty))
        for count in (0, MANY):
            self._make(ArticlePage, "compared", count, body=library.body(count, compared=COMPARED))
            self._make(GraphPage, "graph", count, body=library.body(count) if count else [])
        self._make(ReadyPage, "ready", 0)
        # As Wagtail wraps each block.
        wrapped = '<div class="w-block-{0} block-{0}">{1}</div>'
        article = ArticlePage.objects.get(slug=f"ours-{MANY}")
        strings = [wrapped.format(child.block_type, child.render()) for child in article.body]
        self._make(ReadyPage, "ready", MANY, strings=strings)

    def _make(self, model: Any, kind: str, count: int, **fields: Any) -> None:
        self.urls[kind, count] = make(model, f"{kind}-{count}", **fields).url

    def get(self, kind: str, count: int) -> str:
        """A request; the HTML of its answer."""
        response = self.client.get(self.urls[kind, count])
        assert response.status_code == 200, (kind, count, response.content)
        return response.content.decode()

    def warm(self, kind: str, count: int) -> Any:
        """A request that has been made before, as work to be measured."""
        self.get(kind, count)
        return lambda: self.get(kind, count)

    def cold(self, kind: str, count: int) -> Any:
        """A request with the site's cache empty."""
        from tests.bench.measuring import forget

        forget()
        return lambda: self.get(kind, count)

    def first(self, kind: str, count: int) -> Any:
        """A request in a process that knows nothing yet."""
        from tests.bench.measuring import forget_all

        forget_all()
        return lambda: self.get(kind, count)

    def compare(self) -> None:
        """Every kind of page shows the same HTML; there is nothing to measure otherwise."""
        for count in (0, *COUNTS):
            ours = normal(self.get("ours", count))
            assert ours.count('class="anodyne-product-card"') == count
            if ("compared", count) in self.urls:
                table = self.get("compared", count)
                assert table.count('data-anodyne-item="') == count + COMPARED
            _same(ours, normal(self.get("naive", count)))
        _same(normal(self.get("ours", MANY)), normal(self.get("ready", MANY)))

    def queries(self) -> dict[str, float]:
        """Queries more than an empty page of the same kind."""
        from tests.bench.measuring import queries_of

        found: dict[str, float] = {}
        for suffix, state in (("", self.warm), (".cold", self.cold)):
            empty = queries_of(state("ours", 0))
            for count in COUNTS:
                name = f"page.extra_queries.cards_{count}{suffix}"
                found[name] = queries_of(state("ours", count)) - empty
            naive = queries_of(state("naive", MANY)) - queries_of(state("naive", 0))
            found[f"naive.page.extra_queries.cards_{MANY}{suffix}"] = naive
            for count in (0, MANY):
                name = f"page.extra_queries.comparison.cards_{count}{suffix}"
                found[name] = queries_of(state("compared", count)) - empty
        plain = queries_of(self.warm("ours", MANY))
        return {
            **found,
            "page.empty.extra_queries": queries_of(self.warm("ours", 0))
            - queries_of(self.warm("ready", 0)),
            "page.rich_text_links.extra_queries": queries_of(self.warm("linked", MANY)) - plain,
            "jsonld.extra_queries": queries_of(self.warm("graph", MANY))
            - queries_of(self.warm("graph", 0))
            - (plain - queries_of(self.warm("ours", 0))),
        }

    def calls(self) -> dict[str, float]:
        """Python calls for each added card, and of whole pages."""
        from tests.bench.measuring import calls_of, of_python, per_added

        added = MANY - FEW
        few, many = (calls_of(self.warm("ours", count)) for count in (FEW, MANY))
        cold_few, cold_many = (calls_of(self.cold("ours", count)) for count in (FEW, MANY))
        first_few, first_many = (calls_of(self.first("ours", count)) for count in (FEW, MANY))
        naive_few, naive_many = (calls_of(self.warm("naive", count)) for count in (FEW, MANY))
        compared = calls_of(self.warm("compared", MANY))
        cold_empty = calls_of(self.cold("ours", 0))
        return {
            "page.cache_writes": _cache_writes(many),
            "page.cache_writes.cold": _cache_writes(cold_many) - _cache_writes(cold_empty),
            "page.calls_per_card": per_added(many, few, added),
            "page.calls_per_card.cold": per_added(cold_many, cold_few, added),
            "page.calls_per_card.first": per_added(first_many, first_few, added),
            "page.python_calls_per_card": per_added(of_python(many), of_python(few), added),
            "page.calls.naive_over_ours": naive_many.total() / many.total(),
            "naive.page.calls_per_card": per_added(naive_many, naive_few, added),
            "page.calls": many.total(),
            "page.calls.comparison": compared.total() - many.total(),
        }

    def time(self) -> dict[str, float]:
        """Times over the floor's."""
        from tests.bench.measuring import fastest

        works = [self.warm(kind, MANY) for kind in ("ready", "ours", "naive")]
        floor, ours, naive = fastest(works, ROUNDS)
        return {
            "page.time.floor_ms": floor * 1000,
            "page.time.ours_over_floor": ours / floor,
            "page.time.naive_over_floor": naive / floor,
        }


def _same(one: str, other: str) -> None:
    """`AssertionError` that shows where two texts begin to differ."""
    if one != other:
        pairs = zip(one, other, strict=False)
        at = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
        around = slice(max(0, at - 150), at + 150)
        raise AssertionError(f"The HTML differs:\n{one[around]}\n---\n{other[around]}")


def _cache_writes(calls: Any) -> int:
    return sum(
        count
        for (file, _, function), count in calls.items()
        if "/cache/backends/locmem" in file and function in CACHE_WRITES
    )


def profile() -> None:
    """Print the functions that are called most for one card, and those that call most."""
    from tests.bench.measuring import calls_of, per_added, top_added

    with bench_site():
        pages = Pages()
        for request, state in (("Second", pages.warm), ("First", pages.first)):
            for kind, by_caller in (("called", False), ("calling", True)):
                few, many = (calls_of(state("ours", count), by_caller) for count in (FEW, MANY))
                total = per_added(many, few, MANY - FEW)
                print(f"\n{request} request: {total:,.2f} calls a card, by function {kind}")
                print("\n".join(top_added(many, few, MANY - FEW)))


if __name__ == "__main__":
    if "--profile" in sys.argv:
        profile()
    else:
        run(measure)
