"""Mistakes to plant in a clean page, each with the validators that catch it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.json_ld.house_rules import nodes

Graph = dict[str, Any]
Mistake = Callable[[Graph], None]


def first(graph: Graph, type_: str) -> dict[str, Any]:
    """The first node of a type."""
    return next(node for node in nodes(graph) if node["@type"] == type_)


def puts(type_: str, **properties: Any) -> Mistake:
    """A mistake that sets properties of the first node of a type."""
    return lambda graph: first(graph, type_).update(properties)


def drops(type_: str, *names: str) -> Mistake:
    """A mistake that takes properties away from the first node of a type."""

    def plant(graph: Graph) -> None:
        for name in names:
            del first(graph, type_)[name]

    return plant


def _second_faq(graph: Graph) -> None:
    again = {**first(graph, "FAQPage"), "@id": "https://a.example/#faq-2", "mainEntity": []}
    graph["@graph"].append(again)


def _same_key_twice(html: str) -> str:
    return html.replace('"headline":', '"headline":"Another","headline":', 1)


def _trailing_comma(html: str) -> str:
    return html.replace("}</script>", ",}</script>", 1)


def _open_script(html: str) -> str:
    return html.replace('"headline":"', '"headline":"</script><b>', 1)


EVERYONE = {"vocabulary", "types", "adobe"}

# In the graph: {name: (how it is planted, who catches it)}.
IN_THE_GRAPH: dict[str, tuple[Mistake, set[str]]] = {
    "an unknown type": (puts("Product", **{"@type": "Produkt"}), EVERYONE),
    "an unknown property": (puts("Article", datePublishd="2025-10-01"), EVERYONE),
    "a review of the article": (puts("Article", lastReviewed="2025-10-01"), EVERYONE),
    "an author without a node": (puts("Article", author=["Ada Holm"]), {"vocabulary"}),
    "an author that is a book": (
        puts("Article", author=[{"@type": "Book", "name": "A"}]),
        {"vocabulary", "types"},
    ),
    "a reference to nothing": (
        puts("WebPage", reviewedBy=[{"@id": "https://a.example/#nobody"}]),
        {"vocabulary"},
    ),
    "a date in words": (puts("Article", datePublished="1 oktober 2025"), {"vocabulary"}),
    "a time without a zone": (puts("Article", datePublished="2025-10-01T07:30:00"), {"vocabulary"}),
    "a month that is none": (puts("WebPage", lastReviewed="2025-13-01"), {"vocabulary"}),
    "a duration in words": (puts("Article", timeRequired="6 min"), {"vocabulary"}),
    "an address that leads nowhere": (
        puts("ImageObject", url="/media/a.webp"),
        {"vocabulary", "house"},
    ),
    "a misspelt availability": (
        puts("Offer", availability="https://schema.org/Instock"),
        {"vocabulary", "types"},
    ),
    "a misspelt type of price": (
        puts("UnitPriceSpecification", priceType="https://schema.org/StrikeThroughPrice"),
        {"vocabulary", "house"},
    ),
    "a type for the current price": (
        puts("Offer", priceType="https://schema.org/SalePrice"),
        EVERYONE | {"house"},
    ),
    "a price with a comma": (puts("Offer", price="53,10"), {"house"}),
    "a price below nothing": (puts("Offer", price="-1.00"), {"house"}),
    "a currency of the street": (puts("Offer", priceCurrency="kr"), {"house"}),
    "a struck price below the current one": (
        puts("UnitPriceSpecification", price="1.00"),
        {"house"},
    ),
    "an invented end of validity": (puts("Offer", priceValidUntil="2026-12-31"), {"house"}),
    "a product that nobody sells": (drops("Product", "offers"), {"house", "adobe"}),
    "a product without a picture": (drops("Product", "image"), {"adobe"}),
    "a rating above the best": (puts("AggregateRating", ratingValue=9.5), {"house", "adobe"}),
    "a rating that nobody gave": (drops("AggregateRating", "ratingCount"), {"house", "adobe"}),
    "a shop that rates itself": (
        puts(
            "Organization",
            aggregateRating={"@type": "AggregateRating", "ratingValue": 5, "ratingCount": 9},
        ),
        {"house"},
    ),
    "a question without an answer": (drops("Question", "acceptedAnswer"), {"house"}),
    "an article without a headline": (drops("Article", "headline"), {"house"}),
    "a second page of questions": (_second_faq, {"house"}),
    "breadcrumbs that begin at nought": (puts("ListItem", position=0), {"house"}),
}

# In the text of the page: {name: (how it is planted, who catches it)}.
IN_THE_TEXT: dict[str, tuple[Callable[[str], str], set[str]]] = {
    "a comma too many": (_trailing_comma, {"strict", "adobe"}),
    "a name that comes twice": (_same_key_twice, {"strict"}),
    "content that ends the script": (_open_script, {"strict", "adobe"}),
}
