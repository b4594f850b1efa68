"""A page with everything that structured data tells of, and ways to look at its graph."""

from __future__ import annotations

import datetime
from typing import Any

from anodyne_blocks.json_ld import page_json_ld
from tests import factories
from tests.json_ld import house_rules

ANSWER = '<p>Yes, <a href="/nl/veelgestelde-vragen/">gently</a>.</p>'


def question(text: str, answer: str = ANSWER) -> dict[str, str]:
    return {"question": text, "answer": answer, "anchor": ""}


def reviewer(language: str = "nl", **fields: Any) -> Any:
    """A reviewer of whom everything is known."""
    values = {
        "name": "Dr. Ada Holm",
        "credentials": "MD, PhD",
        "job_title": "reumatoloog",
        "organisation": "Instituut Voorbeeld",
        "bio": "<p>Werkt met <b>ruggen</b>.</p><p>Al lang.</p>",
        "licence_number": "19-4711",
        "links": [("link", {"text": "Register", "url": "https://register.example/4711"})],
    }
    return factories.person(language=language, **{**values, **fields})


def reduced(market: str = "nl", **fields: Any) -> Any:
    """A product whose reduction is proven, and that is rated."""
    product = factories.product(image=factories.image(width=60, height=45))
    rated = {"rating": "4.6", "rating_count": 212, **factories.reduction(market), **fields}
    factories.offer(product, market, **rated)
    return product


def comparison(*products: Any, **fields: Any) -> dict[str, Any]:
    """A comparison by weight of products, the first of which is chosen."""
    compared = [
        {
            "product": product.pk,
            "is_choice": number == 0,
            "reason": "Licht." if number == 0 else "",
            "values": [{"criterion": "gewicht", "value": f"{number}.5"}],
        }
        for number, product in enumerate(products)
    ]
    weight = {"name": "Gewicht", "kind": "number", "unit": "kg", "better": "less", "key": "gewicht"}
    return {"heading": "Naast elkaar", "criteria": [weight], "products": compared, **fields}


def verdict(product: Any, tester: Any = None, **fields: Any) -> dict[str, Any]:
    """A verdict of 8.5 with two good points and a bad one."""
    return {
        "product": product.pk,
        "verdict": "Zit stevig.",
        "score": "8.5",
        "good": ["Licht", "Wasbaar"],
        "bad": ["Vrij hard"],
        "audience": "Voor wie lang zit.",
        "method": "Twee weken gedragen.",
        "tested": "2025-10-25",
        "tester": tester.pk if tester is not None else None,
        **fields,
    }


def full_page(language: str = "nl", **fields: Any) -> Any:
    """A published article with an element of every kind."""
    person = reviewer(language, photo=factories.image(width=60, height=60))
    product = reduced(language)
    picture = factories.image(width=60, height=45)
    sources = [
        {
            "kind": "article",
            "authors": "Foster NE, Anema JR, et al.",
            "title": "Prevention and treatment of low back pain",
            "container": "The Lancet",
            "year": 2018,
            "doi": "10.1016/S0140-6736(18)30489-6",
            "pubmed_id": "29573872",
        },
        {"kind": "website", "title": "Rug", "url": "https://health.example/back", "year": 2024},
    ]
    authors = [{"person": person.pk}, {"person": None, "organisation": "Acme & Zonen"}]
    return factories.page(
        ("standfirst", {"text": "Wat helpt."}),
        ("byline", {"authors": authors, "show_reading_time": True}),
        ("heading", {"text": "Zitten"}),
        ("paragraph", {"text": "<p>Sta op.</p>"}),
        ("image", {"image": picture.pk, "alt_text": "Een stoel", "caption": "Stoel"}),
        ("product_card", {"product": product.pk}),
        ("product_grid", {"heading": "Meer", "cards": [{"product": factories.product("nl").pk}]}),
        ("product_comparison", comparison(product, factories.product("nl"))),
        ("product_verdict", verdict(product, person)),
        ("picks", {}),
        ("shop_rating", {"rating": factories.rating(language=language).pk}),
        ("faq", {"questions": [question("Mag ik zitten?")], "is_faq_page": True}),
        ("faq", {"questions": [question("Hoe lang?")], "is_faq_page": True}),
        ("quote", {"text": "<p>Zit niet stil.</p>", "attribution": "<p>Een gezegde</p>"}),
        ("sources", {"sources": sources}),
        ("reviewer", {"person": person.pk, "reviewed": "2025-10-25"}),
        language=language,
        **{
            "first_published_at": datetime.datetime(
                2025, 10, 1, 7, 30, tzinfo=datetime.timezone.utc
            ),
            "last_published_at": datetime.datetime(2025, 11, 2, 9, 0, tzinfo=datetime.timezone.utc),
            **fields,
        },
    )


def nodes(page: Any, kind: str) -> list[dict[str, Any]]:
    """The nodes of a type in a page's graph, at every depth."""
    return [node for node in house_rules.nodes(page_json_ld(page)) if node["@type"] == kind]


def node(page: Any, kind: str) -> dict[str, Any]:
    (found,) = nodes(page, kind)
    return found


def whole(page: Any) -> dict[str, Any]:
    """The node of the page itself; web pages that it cites are others."""
    return page_json_ld(page)["@graph"][0]
