"""What no vocabulary says: strict parsing, Google's minimums, and what this package promises."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import Any

from anodyne_blocks.pricing.money import is_currency

STRIKETHROUGH = "https://schema.org/StrikethroughPrice"
# All that a page can be; each has one.
PAGES = ("WebPage", "MedicalWebPage")


class _Scripts(HTMLParser):
    """The texts of a page's JSON-LD script elements, as a browser delimits them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"
        if self._inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data


def script_texts(html: str) -> list[str]:
    """The texts of a page's JSON-LD script elements."""
    parser = _Scripts()
    parser.feed(html)
    parser.close()
    return parser.texts


def strictly(text: str) -> Any:
    """JSON by the letter: `ValueError` for a name that comes twice, and for NaN and the like."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        twice = [name for name, count in Counter(name for name, _ in items).items() if count > 1]
        if twice:
            raise ValueError(f"{twice[0]!r} comes twice.")
        return dict(items)

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is no JSON.")

    return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)


def graph_of(html: str) -> dict[str, Any]:
    """The one graph of a page, parsed strictly; `ValueError` where there is none or another."""
    texts = script_texts(html)
    if len(texts) != 1:
        raise ValueError(f"There are {len(texts)} JSON-LD scripts.")
    return strictly(texts[0])


def nodes(thing: Any) -> Iterator[dict[str, Any]]:
    """All nodes of a graph, at every depth."""
    if isinstance(thing, dict):
        if "@type" in thing:
            yield thing
        for value in thing.values():
            yield from nodes(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from nodes(value)


def problems(graph: dict[str, Any]) -> list[str]:
    """What is wrong with a graph; empty for nothing."""
    found = []
    named = Counter(node["@id"] for node in nodes(graph) if "@id" in node)
    found += [f"{name} is two things." for name, count in named.items() if count > 1]
    kinds = Counter(node["@type"] for node in graph["@graph"])
    found += [f"There are {kinds[kind]} {kind} nodes." for kind in ("FAQPage",) if kinds[kind] > 1]
    if sum(kinds[kind] for kind in PAGES) != 1:
        found.append("There is not one page.")
    for node in nodes(graph):
        found += RULES.get(node["@type"], lambda node: ())(node)
    return found


def _article(node: dict[str, Any]) -> Iterator[str]:
    if not node.get("headline"):
        yield "An Article has no headline."
    if "reviewedBy" in node:
        yield "Pages are reviewed, not articles."
    for image in node.get("image", []):
        if not str(image.get("url", "")).startswith("http"):
            yield f"An image has no address: {image}."


def _faq(node: dict[str, Any]) -> Iterator[str]:
    if not node.get("mainEntity"):
        yield "A FAQPage has no questions."


def _question(node: dict[str, Any]) -> Iterator[str]:
    answer = node.get("acceptedAnswer") or {}
    if not node.get("name") or not answer.get("text"):
        yield f"A Question lacks its words or its answer: {node.get('name')!r}."


def _product(node: dict[str, Any]) -> Iterator[str]:
    if not node.get("name") or not node.get("offers"):
        yield "A Product needs a name and an offer."


def _amount(node: dict[str, Any]) -> Iterator[str]:
    price = node.get("price")
    try:
        is_amount = isinstance(price, str) and Decimal(price) >= 0 and price.isascii()
    except InvalidOperation:
        is_amount = False
    if not is_amount:
        yield f"{price!r} is no price."
    if not is_currency(str(node.get("priceCurrency"))):
        yield f"{node.get('priceCurrency')!r} is no currency."


def _offer(node: dict[str, Any]) -> Iterator[str]:
    amount_is_wrong = list(_amount(node))
    yield from amount_is_wrong
    if "priceValidUntil" in node:
        yield "Nobody knows how long a price is valid."
    if "priceType" in node:
        yield "A current price has no type."
    said = node.get("priceSpecification", [])
    for second in said if isinstance(said, list) else [said]:
        second_is_wrong = list(_amount(second))
        if "referenceQuantity" in second:
            yield from (*second_is_wrong, *_quantity(second["referenceQuantity"]))
        elif second.get("priceType") != STRIKETHROUGH:
            yield "A second price is a struck one, or of a unit."
        elif not amount_is_wrong and not second_is_wrong:
            if Decimal(second["price"]) <= Decimal(node["price"]):
                yield "A struck price is above the current one."
        if second.get("priceCurrency") != node.get("priceCurrency"):
            yield "A second price has the current one's currency."


def _quantity(node: dict[str, Any]) -> Iterator[str]:
    if not Decimal(node.get("value", 0)) or not re.fullmatch(
        "[A-Z0-9]{2,3}", node.get("unitCode", "")
    ):
        yield "A unit price is of a quantity with a code of UN/CEFACT."


def _rating(node: dict[str, Any]) -> Iterator[str]:
    if not node.get("ratingCount"):
        yield "A rating has no count."
    if not 0 <= float(node.get("ratingValue", -1)) <= float(node.get("bestRating", 5)):
        yield f"{node.get('ratingValue')} of {node.get('bestRating')} is no rating."


def _review(node: dict[str, Any]) -> Iterator[str]:
    if not node.get("author") or not node.get("reviewBody"):
        yield "A Review has an author and says something."
    notes = [
        step for name in ("positiveNotes", "negativeNotes") for step in _steps(node.get(name, {}))
    ]
    if len(notes) == 1:
        yield "Google takes two notes or more."


def _steps(node: dict[str, Any]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = node.get("itemListElement", [])
    return steps


def _list(node: dict[str, Any]) -> Iterator[str]:
    steps = _steps(node)
    if [step.get("position") for step in steps] != list(range(1, len(steps) + 1)) or not steps:
        yield "The items of a list are numbered from 1."
    if not all(step.get("name") for step in steps):
        yield "An item of a list has no name."


def _organisation(node: dict[str, Any]) -> Iterator[str]:
    if "aggregateRating" in node:
        yield "A shop does not rate itself."
    if not node.get("name"):
        yield "An Organization has no name."


def _person(node: dict[str, Any]) -> Iterator[str]:
    if not node.get("name"):
        yield "A Person has no name."


def _breadcrumbs(node: dict[str, Any]) -> Iterator[str]:
    steps = node.get("itemListElement", [])
    if [step.get("position") for step in steps] != list(range(1, len(steps) + 1)) or not steps[1:]:
        yield "Breadcrumbs are numbered from 1, and more than one."


RULES = {
    "Article": _article,
    "FAQPage": _faq,
    "Question": _question,
    "Product": _product,
    "Offer": _offer,
    "UnitPriceSpecification": _amount,
    "AggregateRating": _rating,
    "Review": _review,
    "ItemList": _list,
    "Organization": _organisation,
    "Person": _person,
    "BreadcrumbList": _breadcrumbs,
}
