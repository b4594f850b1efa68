"""The elements that help a reader decide: comparison, verdict, and the picks on top."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from anodyne_blocks.elements.article import Credit
from anodyne_blocks.elements.base import Date, Element, Level, OtherLanguage, Part, Rating
from anodyne_blocks.elements.products import ProductCard

RowKind = Literal[
    "price",
    "unit_price",
    "availability",
    "condition",
    "rating",
    "text",
    "yes_no",
    "number",
    "stars",
]


class ComparedValue(Part):
    """What a criterion says of a `product` (its title), `text` as a reader reads it.

    `text` is "" where nobody knows it: `is_known` is false then.
    `number`, `answer` and `rating` are the value for programs, in rows of that kind. `is_best` is
    true of the best values of a row that says which way is better.
    """

    product: str
    text: str
    is_known: bool
    is_best: bool
    answer: bool | None
    number: Decimal | None
    rating: Rating | None


class ComparisonRow(Part):
    """A criterion: one value for each product, in their order.

    Rows of the first five kinds are what the offers say, live; `is_equal` where all products say
    the same.
    """

    kind: RowKind
    label: str
    values: tuple[ComparedValue, ...]
    is_equal: bool


class Choice(Part):
    """The product that the magazine would take: its `position` from 1, and why."""

    position: int
    label: str
    text: str
    reason: str


class ProductComparison(Element):
    """Two to six products side by side; each is a card, whose facts are the first rows.

    `caption` is the table's: the editor's `heading`, or the names of the products. `best_label`
    marks best values, `unknown_label` stands for what is not known, and `fold_label` is of the box
    that hides the rows in which all are equal; each is "" where there is none.
    """

    type: Literal["product_comparison"] = "product_comparison"
    anchor: str
    heading: str
    heading_level: Level
    caption: str
    products: tuple[ProductCard, ...]
    rows: tuple[ComparisonRow, ...]
    choice: Choice | None
    best_label: str
    unknown_label: str
    fold_label: str


class ProductVerdict(Element):
    """What the magazine says of a product that it tested.

    `product` is its card: name, price and button. `is_old` where the test is older than the site
    allows: `old_text` then says so. `tested_text` says when and by whom, as far as it is known.
    """

    type: Literal["product_verdict"] = "product_verdict"
    anchor: str
    label: str
    heading_level: Level
    product: ProductCard
    verdict: str
    score: Rating | None
    good_label: str
    good: tuple[str, ...]
    bad_label: str
    bad: tuple[str, ...]
    audience_label: str
    audience: str
    method_label: str
    method: str
    tested: Date | None
    tester: Credit | None
    tested_text: str
    is_old: bool
    old_text: str


class PickedProduct(Part):
    """A product of a pick with its price at the moment, or what is to be said in its place.

    `other_language` may name "title".
    """

    title: str
    price_text: str
    availability_text: str
    is_choice: bool
    other_language: OtherLanguage | None = None


class PickEntry(Part):
    """A link to a verdict or a comparison on the page: `text` is the link's.

    `other_language` may name "text", where it is a product's title.
    """

    kind: Literal["verdict", "comparison"]
    anchor: str
    text: str
    note: str
    score: Rating | None
    products: tuple[PickedProduct, ...]
    other_language: OtherLanguage | None = None


class Picks(Element):
    """Links to the verdicts and comparisons below, with the prices that they show."""

    type: Literal["picks"] = "picks"
    label: str
    choice_label: str
    picks: tuple[PickEntry, ...]
