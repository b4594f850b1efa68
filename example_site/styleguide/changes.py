"""What turns the value of a block's preview into that of a state; each changes the value it gets.

Words are those of the previews, said again or run together: they exist in every language, and so
the guide shows no other one.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext
from wagtail.rich_text import RichText

from anodyne_blocks.blocks import ImageBlock, ParagraphBlock, ReviewerBlock

Change = Callable[[Any], None]


def ahead(days: int) -> datetime.datetime:
    """So many days from now; negative: ago."""
    return timezone.now() + datetime.timedelta(days=days)


def long_title(text: str) -> str:
    """Words of 200 characters in all."""
    return " ".join([text] * 40)[:200].strip()


def long_word(text: str) -> str:
    """A word of 60 letters."""
    return ("".join(text.split()) * 20)[:60]


def said(**children: Any) -> Change:
    """Other values of the block's children; a callable is asked when the guide is shown."""

    def change(value: Any) -> None:
        for name, part in children.items():
            value[name] = part() if callable(part) else part

    return change


def offer(**fields: Any) -> Change:
    """Other facts of the product's offers; a callable is given what the offer said."""

    def change(value: Any) -> None:
        for one in value["product"].fetched_offers.values():
            for name, fact in fields.items():
                setattr(one, name, fact(getattr(one, name)) if callable(fact) else fact)

    return change


def product(**fields: Any) -> Change:
    """Other facts of the product itself."""

    def change(value: Any) -> None:
        for name, fact in fields.items():
            setattr(value["product"], name, fact)

    return change


def several(name: str, *groups: tuple[Change, ...]) -> Change:
    """A list of one product for each group of changes; products differ from each other."""

    def change(value: Any) -> None:
        items = []
        for number, changes in enumerate(groups):
            # A preview's value is made anew each time: no two items share a product.
            samples = value.block.get_preview_value()[name]
            item = samples[min(number, len(samples) - 1)]
            item["product"].id = number + 1
            for one in changes:
                one(item)
            items.append(item)
        value[name] = value[name].list_block.normalize(items)

    return change


# Facts of an offer

FULL_PRICE = offer(prior_status="")
LOW = offer(prior_status="", availability="low_stock")
SOLD_OUT = offer(prior_status="", availability="out_of_stock")
BACKORDER = offer(prior_status="", availability="backorder")
WITHDRAWN = offer(withdrawn_at=lambda old: ahead(-20))
USED = offer(prior_status="", condition="used")
REFURBISHED = offer(condition="refurbished")
FROM = offer(prior_status="", is_from=True)
FREE = offer(prior_status="", price=Decimal(0))
NO_IMAGE = product(sample_image=None)
BARE = offer(
    prior_status="", description="", url="", price=None, rating=None, availability="unknown"
)
UNIT = offer(
    prior_status="",
    tax_included=False,
    unit_price=Decimal("7.95"),
    unit_measure="100 ml",
)
LONG_TITLE = offer(title=long_title)
LONG_WORD = offer(title=long_word, description=long_word)


def coming(availability: str) -> Change:
    """Sold, or sent, in three weeks."""
    return offer(prior_status="", availability=availability, available_from=lambda old: ahead(21))


def stale(value: Any) -> None:
    """A price that the shop has not confirmed for ten days."""
    product(shop="styleguide")(value)
    offer(checked_at=lambda old: ahead(-10))(value)


# Facts of people


def full_reviewer(value: Any) -> None:
    """Somebody of whom all is known."""
    person = value["person"]
    person.licence_number, person.profile_url = "0714-33", "https://clinic.example/nora"
    person.organisation = "Clinic.example"
    person.links = [("link", {"text": "ORCID", "url": "https://orcid.org/0000-0002-1825-0097"})]
    value["next_review"] = ahead(300).date()


def no_photo(value: Any) -> None:
    value["person"].sample_photo = None


def long_name(value: Any) -> None:
    value["person"].name = long_word(value["person"].name)
    value["person"].job_title = long_title(value["person"].job_title)


def two_authors(value: Any) -> None:
    """A person and an organisation."""
    person = ReviewerBlock().get_preview_value()["person"]
    person.profile_url = "https://clinic.example/nora"
    block = value["authors"].list_block
    value["authors"] = block.normalize(
        [
            {"person": person, "organisation": ""},
            {"person": None, "organisation": "Clinic.example"},
        ]
    )


# Texts


def rich_text(value: Any) -> None:
    """Headings, a list and a link."""
    point = gettext("Standing up is an exercise, too.")
    title = gettext("There is no single right way to sit")
    value["text"] = RichText(
        f"<h3>{title}</h3>{value['text'].source}"
        f"<ul><li>{point}</li><li><a href='https://clinic.example/'>{title}</a></li></ul>"
        f"<h4>{point}</h4>{value['text'].source}"
    )


def introduction() -> RichText:
    return ParagraphBlock().get_preview_value()["text"]


def own_badge() -> str:
    return pgettext("reader", "Our choice")


def sources(value: Any) -> None:
    """More than stand open: the list is folded."""
    first = dict(value["sources"][0])
    items = [{**first, "title": f"{first['title']} ({number})"} for number in range(1, 12)]
    items[1] |= {"doi": "", "pubmed_id": "", "kind": "web", "url": "https://clinic.example/"}
    items[1] |= {"accessed": ahead(-30).date(), "title": long_word(first["title"])}
    value["sources"] = value["sources"].list_block.normalize(items)


def low_rating(value: Any) -> None:
    value["rating"].rating, value["rating"].count = Decimal("3.2"), 8


def full_steps(value: Any) -> None:
    """With titles, times, a picture and an introduction."""
    value["introduction"] = introduction()
    titles = gettext("What helps"), gettext("Standing up is an exercise, too.")
    for step, title in zip(value["steps"], titles, strict=True):
        step["title"] = title
        step["minutes"] = 1
    picture = ImageBlock().get_preview_value()
    value["steps"][1]["image"] = picture["image"]
    value["steps"][1]["alt_text"] = picture["alt_text"]


# Comparisons


def unknown_and_equal(value: Any) -> None:
    """The first criterion is known of none but one, the second the same of all."""
    for number, one in enumerate(value["products"]):
        one["values"][0]["value"] = "1.2" if number == 0 else ""
        one["values"][1]["value"] = "yes"


# Verdicts


def least_verdict(value: Any) -> None:
    """A sentence and nothing around it."""
    value["good"], value["bad"] = [], []
    value["audience"] = value["method"] = ""
    value["score"] = value["tester"] = None
    FULL_PRICE(value)


def old_test(value: Any) -> None:
    """A test of three years ago."""
    value["tested"] = ahead(-1100).date()
