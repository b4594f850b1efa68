"""The elements that sell: product card and product grid."""

from __future__ import annotations

import re
from typing import Literal

from anodyne_blocks.elements.base import (
    Anchor,
    Count,
    Date,
    Element,
    Image,
    Level,
    Link,
    Number,
    OtherLanguage,
    Part,
    Percent,
    Rating,
)
from anodyne_blocks.pricing.money import Money

Layout = Literal["card", "compact", "wide"]
State = Literal[
    "in_stock",
    "low_stock",
    "out_of_stock",
    "preorder",
    "backorder",
    "later",
    "withdrawn",
    "unknown",
]


# Characters of a text that a card shows at once: all of one that is hardly longer.
_SHOWN, _ALL = 160, 240
# The end of a sentence or of a word, after some words.
_SENTENCE = re.compile(r".{80,}[.!?…。؟।](?=\s)", re.DOTALL)
_WORD = re.compile(r".{80,}(?=\s)", re.DOTALL)


def shown_and_rest(text: str) -> tuple[str, str]:
    """What a card shows of a text at once, and what it shows when opened: "" for a short text."""
    if len(text) <= _ALL:
        return text, ""
    ending = _SENTENCE.match(text, 0, _ALL) or _WORD.match(text, 0, _SHOWN)
    end = ending.end() if ending else _SHOWN
    return text[:end], text[end:].lstrip()


class Badge(Part):
    """The tag on a card. `kind` is "reduction" (computed) or "editor" (typed, without a claim)."""

    kind: Literal["reduction", "editor"]
    text: str
    spoken: str


class Reduction(Part):
    """An announced price reduction, proven by the market's rule.

    `prior` is the price it is computed from; `percent` is rounded down. `prior_label` names the
    prior price for screen readers ("Previous price:"), `prior_text` is the sentence that the law
    wants readable ("Lowest price of the 30 days before the reduction: € 53,00").
    """

    prior: Money
    percent: Percent
    percent_text: str
    prior_label: str
    prior_text: str


class Availability(Part):
    """`state` for programs, `text` for readers; `since` is the day to come of a pre-order, or of
    what is sold later, and None where nobody says it."""

    state: State
    text: str
    since: Date | None


class Condition(Part):
    """The condition of goods that are not new: `state` for programs, `text` for readers."""

    state: Literal["used", "refurbished"]
    text: str


class OwnWords(Part):
    """What a placement says in its own words, whatever the shop says; "" where it says nothing.

    For who lays fresh facts over a card: they come beside `title`, `text`, `badge` and the text of
    the `button`, and `rel` belongs to every link.
    """

    title: str
    text: str
    badge: str
    button: str
    rel: str


class UnitPrice(Part):
    """The price of a quantity: `amount` for `quantity` (100) of a `unit` of UN/CEFACT ("MLT")."""

    amount: Money
    quantity: Number
    unit: str


class ProductCard(Element):
    """A product as its page's market offers it.

    `price` is None where no price may be shown: withdrawn, not offered in this market, or stale
    and hidden. `price_text` is the price as a reader reads it, "from € 10,00" where it is the
    lowest of several (`price_from`). `stale` is the date of a price that the shop has not confirmed
    lately; such a card never announces a reduction. `buyable` says whether `button` leads to
    something to buy. `other_language` may name "title", "text" and "image" (its `alt`).

    For programs: `address` is the product's in its shop, without a campaign's parameters, and
    `sku`, `gtin`, `brand` and `unit` are what the shop says of it ("" and None for nothing).
    `is_new`: it says that the goods are new, for which a card has no words.
    """

    type: Literal["product_card"] = "product_card"
    product: Count
    market: str
    layout: Layout
    heading_level: Level
    title: str
    text: str
    link: Link | None
    image: Image | None
    badges: tuple[Badge, ...]
    price: Money | None
    price_from: bool
    price_text: str
    price_label: str
    reduction: Reduction | None
    unit_price: str
    tax_note: str
    condition: Condition | None
    availability: Availability | None
    rating: Rating | None
    button: Link | None
    buyable: bool
    disclosure: str
    stale: Date | None
    stale_text: str
    own: OwnWords
    address: str = ""
    sku: str = ""
    gtin: str = ""
    brand: str = ""
    is_new: bool = False
    unit: UnitPrice | None = None
    other_language: OtherLanguage | None = None

    @property
    def folded_text(self) -> tuple[str, str] | None:
        """What the card shows of a long text at once, and the rest, which it unfolds."""
        return shown_and_rest(self.text) if len(self.text) > _ALL else None


class ProductGrid(Element):
    """Several cards side by side; rows of the same facts line up."""

    type: Literal["product_grid"] = "product_grid"
    heading: str
    heading_level: Level
    anchor: Anchor
    cards: tuple[ProductCard, ...]
