"""The benchmark's article as it is stored: texts, cards, a reviewer, questions and sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.text import slugify

TEXTS, QUESTIONS, SOURCES = 20, 10, 15

PLACES = ("the desk", "the car", "the sofa", "the kitchen table", "the night train")
HABITS = ("sitting", "standing", "lifting", "sleeping")
PARAGRAPH = (
    "<p>Whoever thinks about {habit} at {place} thinks of furniture first. Yet a back asks for"
    " <b>change</b> more than for support: ten minutes here, ten there, and a walk between.</p>"
    "<ul><li>Put what you need within reach.</li><li>Let the feet touch the floor.</li></ul>"
    "<p>A cushion helps when it fills the hollow of the back and no more{more}.</p>"
)
JOURNALS = ("Spine and Work", "The Sitting Review", "Annals of Rest")

Body = list[tuple[str, Any]]


def body(products: Iterable[int], reviewer: int, links: Sequence[int] = ()) -> Body:
    """(type, stored value) of all blocks, for products and a person by primary key.

    With `links`, primary keys of pages, each rich text links to one of them.
    """
    return [
        *texts(links),
        *(("product_card", {"product": product, "layout": "wide"}) for product in products),
        ("faq", {"heading": "Questions from readers", "questions": questions()}),
        ("sources", {"heading": "Sources", "sources": sources()}),
        ("reviewer", {"person": reviewer, "reviewed": "2025-10-25", "scope": "All was checked."}),
    ]


def comparison(products: Iterable[int]) -> Body:
    """A comparison of products, in which the editor answers each kind of question."""
    criteria = [
        {"name": "Weight", "kind": "number", "unit": "kg", "better": "less", "key": "weight"},
        {"name": "Can be washed", "kind": "yes_no", "better": "more", "key": "washable"},
        {"name": "Comfort", "kind": "stars", "better": "more", "key": "comfort"},
        {"name": "How it moves you", "kind": "text", "key": "movement"},
    ]
    compared = []
    for number, product in enumerate(products):
        said = {
            "weight": f"{number + 1}.5",
            "washable": ("yes", "no")[number % 2],
            "comfort": str(5 - number % 3),
            "movement": f"Back and forth, {number + 2} times a minute",
        }
        values = [{"criterion": key, "value": value} for key, value in said.items()]
        compared.append({"product": product, "values": values, "is_choice": not number})
    value = {"heading": "Side by side", "criteria": criteria, "products": compared}
    return [("product_comparison", value)]


def texts(links: Sequence[int] = ()) -> Body:
    """Headings, each with its rich text."""
    found: Body = []
    for number in range(TEXTS):
        habit, place = HABITS[number % len(HABITS)], PLACES[number % len(PLACES)]
        more = ""
        if links:
            more = f', says <a linktype="page" id="{links[number % len(links)]}">our test</a>'
        text = PARAGRAPH.format(habit=habit, place=place, more=more)
        found.append(("heading", {"text": f"On {habit} at {place}", "level": "2"}))
        found.append(("paragraph", {"text": text}))
    return found


def questions() -> list[dict[str, str]]:
    """Questions, as they are stored after somebody saved them: with their anchors."""
    asked = [f"Does it help to stand up {number + 2} times a day?" for number in range(QUESTIONS)]
    answer = "<p>It does, if a minute is <i>long enough</i> for you to stretch.</p>"
    return [{"question": ask, "answer": answer, "anchor": slugify(ask)} for ask in asked]


def sources() -> list[dict[str, Any]]:
    """Articles with a DOI."""
    return [
        {
            "kind": "article",
            "authors": f"Holm A, Lind N, Berg {chr(65 + number)}",
            "title": f"Back pain among those who sit, part {number + 1}",
            "container": JOURNALS[number % len(JOURNALS)],
            "year": 2000 + number,
            "doi": f"10.1234/bench.{number + 1}",
        }
        for number in range(SOURCES)
    ]
