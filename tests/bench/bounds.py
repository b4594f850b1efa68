"""Every number of the benchmark by name: which module measures it, its bound, what it means."""

from __future__ import annotations

import operator
from dataclasses import dataclass

_COMPARE = {"<=": operator.le, "<": operator.lt, ">=": operator.ge, "==": operator.eq}


@dataclass(frozen=True)
class Bound:
    """A number's bound, `relation` and `limit`, and its meaning in one line.

    Without a relation the number is told beside the others and binds nobody: a baseline.
    """

    relation: str
    limit: float
    meaning: str

    def holds(self, number: float) -> bool:
        """Whether a number keeps the bound."""
        return not self.relation or bool(_COMPARE[self.relation](number, self.limit))

    def __str__(self) -> str:
        return f"{self.relation} {self.limit:,g}" if self.relation else ""


def _told(meaning: str) -> Bound:
    return Bound("", 0, meaning)


def _page_queries() -> dict[str, Bound]:
    states = {"": "second request", ".cold": "site's cache empty"}
    return {
        f"page.extra_queries.cards_{count}{suffix}": Bound(
            "<=", 3, f"queries over an empty page, {count} cards, {state}"
        )
        for suffix, state in states.items()
        for count in (1, 10, 50, 200)
    } | {
        f"page.extra_queries.comparison.cards_{count}{suffix}": Bound(
            "<=", 3, f"the same with a comparison of six, {count} cards, {state}"
        )
        for suffix, state in states.items()
        for count in (0, 50)
    }


# {module of tests.bench: {name: bound}}, in the order of the table.
BOUNDS: dict[str, dict[str, Bound]] = {
    "pages": {
        **_page_queries(),
        "page.empty.extra_queries": _told("queries of an empty article over a bare page"),
        "page.rich_text_links.extra_queries": Bound(
            "<=", 2, "queries more when all rich texts link to pages"
        ),
        "jsonld.extra_queries": Bound(
            "==", 0, "queries more for JSON-LD than it takes on an empty page (one: breadcrumbs)"
        ),
        "page.cache_writes": Bound("==", 0, "writes to the site's cache, second request"),
        "page.cache_writes.cold": Bound("==", 0, "the same over an empty page, cache empty"),
        "page.calls_per_card": Bound("<=", 350, "calls per added card, second request"),
        "page.calls_per_card.cold": Bound("<=", 350, "the same, site's cache empty"),
        "page.calls_per_card.first": Bound(
            "<=", 2500, "the same, in a process that knows nothing yet"
        ),
        "page.python_calls_per_card": _told(
            "the same of functions in Python alone, second request"
        ),
        "page.calls": _told("calls of a page, 50 cards, second request"),
        "page.calls.comparison": _told("calls that a comparison of six adds to that page"),
        "page.calls.naive_over_ours": Bound(">=", 5, "calls of a page, 50 cards, second request"),
        "page.time.floor_ms": _told("milliseconds of a page of ready strings, 50 cards"),
        "page.time.ours_over_floor": Bound("<=", 2.6, "time over that of ready strings, 50 cards"),
        "page.time.naive_over_floor": _told("the same of naive blocks"),
        "naive.page.extra_queries.cards_50": _told("queries of naive blocks over an empty page"),
        "naive.page.extra_queries.cards_50.cold": _told("the same, site's cache empty"),
        "naive.page.calls_per_card": _told("calls of naive blocks per added card"),
    },
    "api": {
        "api2.detail.extra_queries.cards_200": Bound("<=", 3, "queries over an empty page, API v2"),
        "api2.list20.extra_queries.cards_50": Bound("<=", 3, "queries over 20 empty pages, API v2"),
        "api2.list20.time.naive_over_ours": Bound(">=", 7, "time of that listing"),
        "api2.list20.ms": _told("milliseconds of that listing"),
        "api2.calls_per_card": Bound("<=", 250, "calls per added card, API v2"),
        "api3.calls_per_card": Bound("<=", 250, "calls per added card, API v3"),
        "api3.detail.extra_queries.cards_200": Bound("<=", 3, "queries over an empty page, API v3"),
        "api3.list20.extra_queries.cards_50": Bound(
            "<=", 3, "the same of 20 pages (no bodies in Wagtail 8.0)"
        ),
        "graphql.list20.extra_queries.cards_50": Bound(
            "<=", 3, "queries over 20 empty pages, GraphQL"
        ),
        "graphql.list20.empty.extra_queries": Bound(
            "<=", 1, "queries of 20 empty pages over their titles (one finds all locales)"
        ),
        "naive.api2.list20.extra_queries.cards_50": _told("the same of naive blocks, API v2"),
        "naive.api2.calls_per_card": _told("calls of naive blocks per added card, API v2"),
    },
    "catalogue": {
        "import.rows_per_second": _told("offers imported a second, SQLite (guide: 3,000)"),
        "import.over_bulk_create": Bound(">=", 0.6, "speed over a bare bulk_create of the rows"),
        "import.peak_mib": Bound("<", 200, "memory of the import, MiB"),
        "import.unchanged_over_first": Bound(">=", 5, "speed of a second import over the first"),
        "import.confirmed_over_first": _told("the same a day later, when each is confirmed again"),
        "import.writes_unchanged": _told("statements that write in that second import"),
        "import.rows_per_cpu_second": _told("offers imported a second of processor time"),
        "import.bare_rows_per_cpu_second": _told("the same by a bare bulk_create"),
    },
    "refresh": {
        f"{name}.{number}": bound
        for name, back_end in (("refresh", "database"), ("refresh.rq", "RQ"))
        for number, bound in (
            ("two_workers_over_one", Bound(">=", 1.7, f"throughput, {back_end} back end")),
            ("four_workers_over_one", _told(f"throughput, {back_end} back end")),
            ("products_per_second", _told(f"of one worker, {back_end} back end")),
        )
    },
    "front_end": {
        "css.gzip_bytes": Bound("<=", 6000, "the stylesheet of every page, compressed"),
        "css.all_gzip_bytes": Bound("<=", 9000, "the same with all its parts"),
        "js.required_bytes": Bound("==", 0, "JavaScript that an element needs"),
        "card.html_bytes": Bound("<=", 1600, "HTML of a card without its content"),
        "lighthouse.accessibility": Bound("==", 100, "Lighthouse, mobile, the example article"),
        "lighthouse.best_practices": Bound("==", 100, "the same"),
        "lighthouse.seo": Bound("==", 100, "the same"),
        "lighthouse.performance": Bound(">=", 98, "the same"),
        "cls": Bound("==", 0, "cumulative layout shift"),
    },
}
