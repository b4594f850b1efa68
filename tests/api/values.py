"""Stored values of every block, with each optional child in turn left out."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from wagtail import blocks

from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.models import Offer, Person, Product, ShopRating
from tests import factories

BODY = ArticleBody()


@dataclass
class Stored:
    """What blocks choose, in one language and market."""

    product: Product
    bare_product: Product
    stale_product: Product
    withdrawn_product: Product
    person: Person
    bare_person: Person
    rating: ShopRating
    image: Any
    related: Any

    @classmethod
    def make(cls, language: str, market: str, currency: str) -> Stored:
        def offer(product: Product, **fields: Any) -> None:
            values = {"price": "39.75", "currency": currency, "availability": "in_stock"}
            Offer.objects.create(product=product, market=market, **{**values, **fields})

        def picture() -> Any:
            return factories.image(width=40, height=30)

        product = Product.objects.create(name="Brace", image=picture())
        offer(
            product,
            title=f"Brace {language}",
            description="Holds <your> back & more.",
            url="https://shop.example/brace?a=1&b=2",
            image_alt="A brace on a chair",
            unit_price="7.95",
            unit_measure="100 ml",
            tax_included=False,
            rating="4.6",
            rating_count=212,
            checked_at=timezone.now(),
            **factories.reduction(market),
        )
        bare_product = Product.objects.create(name="Bare")
        offer(bare_product, title=f"Bare {language}", availability="", url="")
        stale_product = factories.from_shop(name="Stale")
        long_ago = timezone.now() - datetime.timedelta(days=30)
        offer(stale_product, title=f"Stale {language}", checked_at=long_ago)
        withdrawn_product = Product.objects.create(name="Withdrawn")
        offer(withdrawn_product, title=f"Withdrawn {language}", withdrawn_at=long_ago)
        person = factories.person(
            "Ada Holm",
            language,
            photo=picture(),
            credentials="MSc",
            job_title="Physiotherapist",
            organisation="The Clinic",
            working_since=2012,
            licence_number="0714",
            profile_url="https://clinic.example/ada",
            bio="<p>Works with <b>backs</b>.</p>",
            links=[("link", {"text": "ORCID", "url": "https://orcid.org/0000-0001"})],
        )
        return cls(
            product,
            bare_product,
            stale_product,
            withdrawn_product,
            person,
            factories.person("Bo Lind", language),
            factories.rating(language=language),
            picture(),
            factories.page(
                ("paragraph", {"text": "<p>Sleep on your side.</p>"}),
                language=language,
                search_description="How to lie & rise.",
            ),
        )

    def full(self) -> dict[str, dict[str, Any]]:
        """{block name: a stored value with all that an editor can say}."""
        rich = '<p>Text with a <a href="https://example.org/?a=1&amp;b=2">link</a> &amp; more.</p>'
        placement = {
            "product": self.product.pk,
            "relationship": "affiliate",
            "title": "Own title",
            "text": "Own text",
            "badge": "Bestseller",
            "button_text": "Take a look",
        }
        return {
            "standfirst": {"text": "What helps & what does not."},
            "byline": {
                "authors": [
                    {"person": self.person.pk, "organisation": ""},
                    {"person": None, "organisation": "The Clinic"},
                ],
                "show_updated": True,
                "show_reading_time": True,
                "show_portraits": True,
                "published": "2019-05-03",
                "updated": "2024-02-29",
            },
            "reading_time": {"minutes": 7},
            "contents": {"label": "In this article", "depth": "3"},
            "heading": {"text": "Sit < stand", "level": "3", "anchor": "sit"},
            "paragraph": {"text": rich},
            "image": {
                "image": self.image.pk,
                "alt_text": "A figure gets up",
                "caption": "Standing up",
                "decorative": False,
                "credit": "Photo: Ada",
            },
            "product_card": {**placement, "layout": "wide"},
            "product_grid": {"heading": "For the desk", "cards": [placement], "anchor": "desk"},
            "product_comparison": {
                "heading": "Side by side",
                "start_from": None,
                "criteria": [
                    criterion("Weight", "number"),
                    criterion("Washable", "yes_no", better="more"),
                    criterion("Comfort", "stars", better="more"),
                    criterion("Made of", "text"),
                ],
                "products": [
                    compared(self.product.pk, "1.2", "yes", "4.5", "Beech & cork", is_choice=True),
                    compared(self.bare_product.pk, "0.9", "no", "3", "Beech & cork"),
                ],
                "anchor": "compared",
            },
            "product_verdict": {
                "product": self.product.pk,
                "relationship": "affiliate",
                "title": "Own title",
                "button_text": "Take a look",
                "verdict": "Holds & warms.",
                "score": "8.5",
                "good": ["Light & quiet", "Can be washed"],
                "bad": ["Too <firm>"],
                "audience": "For long days.",
                "method": "Worn for a week.",
                "tested": "2025-10-25",
                "tester": self.person.pk,
                "anchor": "tested",
            },
            "picks": {"label": "In short"},
            "shop_rating": {"rating": self.rating.pk},
            "faq": {
                "heading": "Questions",
                "introduction": rich,
                "questions": [{"question": "Should I rest?", "answer": rich, "anchor": "rest"}],
                "heading_level": "3",
                "one_at_a_time": True,
                "is_faq_page": True,
                "anchor": "asked",
            },
            "sources": {
                "heading": "What we read",
                "sources": [
                    {
                        "kind": "article",
                        "authors": "Hartvigsen J, et al.",
                        "title": "What low back pain is",
                        "container": "The Lancet",
                        "year": 2018,
                        "url": "https://example.org/lancet",
                        "doi": "10.1016/S0140-6736(18)30480-X",
                        "pubmed_id": "29573870",
                        "accessed": "2025-10-01",
                        "key": "lancet",
                        "anchor": "hartvigsen",
                    }
                ],
                "anchor": "read",
            },
            "reviewer": {
                "person": self.person.pk,
                "reviewed": "2025-10-25",
                "next_review": "2030-10-25",
                "scope": "The facts were checked.",
            },
            "share": {"label": "Pass it on"},
            "disclosure": {"text": "We are paid for some of these."},
            "key_points": {"heading": "To remember", "points": [rich, rich, rich]},
            "notice": {
                "notice": None,
                "kind": "caution",
                "heading": "Take < care",
                "text": rich,
            },
            "quote": {
                "text": "<p>The next <b>posture</b> is the best.</p>",
                "attribution": '<p>Bo &amp; Ada <a linktype="anodyne-source" id="lancet"></a></p>',
            },
            "steps": {
                "heading": "The exercise",
                "introduction": rich,
                "steps": [
                    {
                        "title": "Lie down",
                        "text": rich,
                        "image": self.image.pk,
                        "alt_text": "A figure lies down",
                        "minutes": 1,
                        "seconds": 30,
                    }
                ],
                "anchor": "exercise",
            },
            "related_articles": {
                "heading": "Go on",
                "pages": [self.related.pk],
                "tag": "",
                "most": 2,
            },
        }

    def variants(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """(what is missing, value) of a block: nothing, each optional child, all of them.

        A product and a person that say little stand in for the optional fields of a model.
        """
        full = self.full()[name]
        yield "nothing", full
        paths = list(_optional(BODY.child_blocks[name], full))
        for path in paths:
            yield ".".join(map(str, path)), _without(full, [path])
        bare = _without(full, paths)
        yield "all", bare
        yield (
            "fields",
            _replaced(
                bare,
                {"product": self.bare_product.pk, "person": self.bare_person.pk},
            ),
        )


def key_for(name: str) -> str:
    """What the values of a criterion name it by."""
    return name.lower().replace(" ", "-")


def criterion(name: str, kind: str, unit: str = "", better: str = "") -> dict[str, str]:
    return {"name": name, "kind": kind, "unit": unit, "better": better, "key": key_for(name)}


def compared(
    product: int, weight: str, washable: str, comfort: str, made_of: str, is_choice: bool = False
) -> dict[str, Any]:
    """A product of the comparison, with a value for each of its criteria."""
    values = {"weight": weight, "washable": washable, "comfort": comfort, "made-of": made_of}
    return {
        "product": product,
        "relationship": "affiliate",
        "title": "",
        "badge": "Bestseller",
        "button_text": "Take a look",
        "is_choice": is_choice,
        "reason": "It holds." if is_choice else "",
        "values": [{"criterion": key, "value": value} for key, value in values.items()],
    }


def _optional(block: blocks.Block, value: Any, path: tuple[Any, ...] = ()) -> Iterator[Any]:
    """The paths of the filled children that need not be filled."""
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _optional(child, value[name], (*path, name))
    elif isinstance(block, blocks.ListBlock):
        for index, item in enumerate(value):
            yield from _optional(block.child_block, item, (*path, index))
    elif value and not block.required and path[-1] not in ("person", "organisation"):
        yield path


def _without(value: Any, paths: list[Any]) -> Any:
    value = copy.deepcopy(value)
    for path in paths:
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        kind = type(holder[path[-1]])
        holder[path[-1]] = None if kind is int else kind()
    return value


def _replaced(value: Any, changes: dict[str, Any]) -> Any:
    """The value with these children changed wherever they are filled."""
    if isinstance(value, list):
        return [_replaced(item, changes) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: changes[key] if key in changes and child else _replaced(child, changes)
        for key, child in value.items()
    }
