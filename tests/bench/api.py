"""Articles through API v2, v3 and GraphQL: queries, calls and time, beside naive representations.

python -m tests.bench.api
"""

from __future__ import annotations

from typing import Any

from tests.bench.frame import run
from tests.bench.site.pages import Library, bench_site, make

LISTED, CARDS = 20, 50
# Naive pages are served by Wagtail's own viewset.
PLACES = {("ours", "v2"): "api/v2", ("naive", "v2"): "plain", ("ours", "v3"): "api/v3"}
FEW, MANY, MOST = 10, 50, 200
ROUNDS = 8


def measure() -> dict[str, float]:
    """All numbers of `bounds.BOUNDS["api"]`."""
    with bench_site():
        site = Articles()
        site.compare()
        return {**site.queries(), **site.calls(), **site.time()}


class Articles:
    """Single articles, listings of articles, and how each is asked for.

    Each card of a listing has a product of its own.
    """

    def __init__(self) -> None:
        from django.test import Client

        from tests.bench.site.models import NaivePage
        from tests.testapp.models import ArticlePage

        self.client = Client()
        self.asked: set[str] = set()
        library = Library(LISTED * CARDS)
        self.models = {"ours": ArticlePage, "naive": NaivePage}
        self.detail: dict[tuple[str, int], int] = {}
        self.parents: dict[tuple[str, int], int] = {}
        for kind, model in self.models.items():
            for cards in (0, FEW, MANY, MOST):
                body = library.body(cards) if cards else []
                self.detail[kind, cards] = make(model, f"{kind}-{cards}", body=body).pk
            for cards in (0, CARDS):
                parent = make(model, f"{kind}-list-{cards}", body=[])
                self.parents[kind, cards] = parent.pk
                for number in range(LISTED):
                    body = library.body(cards, number * CARDS) if cards else []
                    make(model, f"{kind}-{number}", parent, body=body)

    def page(self, kind: str, cards: int, version: str = "v2") -> Any:
        """A request for an article, made once before, as work to be measured."""
        return self._warm(f"/{PLACES[kind, version]}/pages/{self.detail[kind, cards]}/")

    def listing(self, kind: str, cards: int, version: str = "v2") -> Any:
        """The same for a listing; that of v3 has no bodies in Wagtail 8.0."""
        query = f"type={self.models[kind]._meta.label}&child_of={self.parents[kind, cards]}"
        fields = "&fields=body" if version == "v2" else ""
        return self._warm(f"/{PLACES[kind, version]}/pages/?{query}&limit={LISTED}{fields}")

    def graphql(self, cards: int, with_body: bool = True) -> Any:
        """The same through GraphQL: all that is known of each block, or titles alone."""
        from tests.api.graphql_site.checks import ask, fragments

        body = f"... on ArticlePage {{ body {{ blockType {fragments()} }} }}" if with_body else ""
        parent = self.parents["ours", cards]
        query = f"{{ pages(parent: {parent}, limit: {LISTED}) {{ title {body} }} }}"
        return self._known(query, lambda: ask(self.client, query)["pages"])

    def _warm(self, address: str) -> Any:
        def get() -> Any:
            response = self.client.get(address)
            assert response.status_code == 200, response.content
            return response

        return self._known(address, get)

    def _known(self, request: str, work: Any) -> Any:
        if request not in self.asked:
            self.asked.add(request)
            work()
        return work

    def compare(self) -> None:
        """What naive blocks say is in what ours say; there is nothing to measure otherwise."""
        for work in (self.page, self.listing):
            ours, naive = (work(kind, MANY)().json() for kind in self.models)
            assert len(ours.get("items", [ours])) == len(naive.get("items", [naive]))
            pages = zip(ours.get("items", [ours]), naive.get("items", [naive]), strict=True)
            for one, other in pages:
                for said, expected in zip(one["body"], other["body"], strict=True):
                    assert said["type"] == expected["type"]
                    _carries(said["value"]["resolved"], expected["value"], said["type"])
        listed = self.graphql(CARDS)()
        assert len(listed) == LISTED
        assert f"no. {LISTED * CARDS}" in str(listed[-1])

    def queries(self) -> dict[str, float]:
        """Queries more than for the same of empty articles."""
        from tests.bench.measuring import queries_of

        def extra(work: Any, cards: int, *arguments: str) -> int:
            full, empty = (work(*arguments[:1], count, *arguments[1:]) for count in (cards, 0))
            return queries_of(full) - queries_of(empty)

        return {
            f"api2.detail.extra_queries.cards_{MOST}": extra(self.page, MOST, "ours"),
            f"api2.list20.extra_queries.cards_{CARDS}": extra(self.listing, CARDS, "ours"),
            f"api3.detail.extra_queries.cards_{MOST}": extra(self.page, MOST, "ours", "v3"),
            f"api3.list20.extra_queries.cards_{CARDS}": extra(self.listing, CARDS, "ours", "v3"),
            f"graphql.list20.extra_queries.cards_{CARDS}": extra(self.graphql, CARDS),
            "graphql.list20.empty.extra_queries": queries_of(self.graphql(0))
            - queries_of(self.graphql(0, with_body=False)),
            f"naive.api2.list20.extra_queries.cards_{CARDS}": extra(self.listing, CARDS, "naive"),
        }

    def calls(self) -> dict[str, float]:
        """Python calls for each added card of an article."""
        from tests.bench.measuring import calls_of, per_added

        def per_card(kind: str, version: str = "v2") -> float:
            few, many = (calls_of(self.page(kind, cards, version)) for cards in (FEW, MANY))
            return per_added(many, few, MANY - FEW)

        return {
            "api2.calls_per_card": per_card("ours"),
            "api3.calls_per_card": per_card("ours", "v3"),
            "naive.api2.calls_per_card": per_card("naive"),
        }

    def time(self) -> dict[str, float]:
        """Times of a listing."""
        from tests.bench.measuring import fastest

        ours, naive = fastest([self.listing(kind, CARDS) for kind in self.models], ROUNDS)
        return {
            "api2.list20.time.naive_over_ours": naive / ours,
            "api2.list20.ms": ours * 1000,
        }


def _carries(ours: Any, naive: Any, where: str) -> None:
    """`AssertionError` unless all that naive blocks say is said by ours in the same words."""
    if isinstance(naive, dict):
        for key, value in naive.items():
            _carries(ours[key], value, f"{where}.{key}")
    elif isinstance(naive, list):
        assert len(ours) == len(naive), where
        for number, (one, other) in enumerate(zip(ours, naive, strict=True)):
            _carries(one, other, f"{where}.{number}")
    else:
        assert ours == naive, (where, ours, naive)


if __name__ == "__main__":
    run(measure)
