"""The states of the elements: one list, which the style guide shows and the tests of themes render.

A state is a block's preview with changes; it needs no database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from anodyne_blocks import conf
from anodyne_blocks.article import CONTEXT_KEY, Article
from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.elements import Element
from example_site.styleguide import changes as to
from example_site.styleguide.changes import Change

BLOCKS = ArticleBody().child_blocks


class State(NamedTuple):
    """How a block's element can look: `ways` has the changes of each element that shows it."""

    block: str
    title: str
    note: str
    ways: tuple[tuple[Change, ...], ...] = ((),)

    @property
    def key(self) -> str:
        """Its anchor in the guide."""
        words = f"{self.block} {self.title}".lower().replace("_", " ").replace(",", "")
        return "-".join(words.split())

    def shown(self, article: Article) -> Iterator[Shown]:
        """Its elements in an article's language and market."""
        block = BLOCKS[self.block]
        with article.speaking():
            for changes in self.ways:
                value = block.get_preview_value()
                for change in changes:
                    change(value)
                yield Shown(block, value, article)


class Shown(NamedTuple):
    """A block with a value, for an article."""

    block: Any
    value: Any
    article: Article

    @property
    def element(self) -> Element | None:
        found: Element | None = self.block.element(self.value, self.article)
        return found

    @property
    def html(self) -> str:
        """The element by its template, which a theme may have overridden."""
        return str(self.block.render(self.value, {CONTEXT_KEY: self.article}))


def article_in(language: str, request: Any = None) -> Article:
    """An article of examples; all states of a guide are of one, so that no anchor comes twice."""
    market = conf.market_for_language(language)
    return Article(language, market, request=request, is_preview=True)


def _is(block: str, title: str, note: str, *changes: Change) -> State:
    return State(block, title, note, (changes,))


def _card(title: str, note: str, *changes: Change) -> State:
    layouts = ("wide", "card", "compact")
    ways = tuple((*changes, to.said(layout=layout)) for layout in layouts)
    return State("product_card", title, note, ways)


CARDS = (
    _card("Reduced", "The reduction is computed and proven; the law's sentence stands beside it."),
    _card("Full price", "No history that proves a reduction, so no badge.", to.FULL_PRICE),
    _card(
        "Own words",
        "A badge of the editor's, and what the placement is paid for.",
        to.FULL_PRICE,
        to.said(badge=to.own_badge, relationship="affiliate"),
    ),
    _card("Few left", "A half dot; no alarm.", to.LOW),
    _card("Sold out", "The price steps back, and the button is no invitation.", to.SOLD_OUT),
    _card("Pre-order", "When it will be sent.", to.coming("preorder")),
    _card("Back order", "Sold, and sent later; nobody knows when.", to.BACKORDER),
    _card("Not sold yet", "The day from which it is sold.", to.coming("later")),
    _card("Withdrawn", "No price and nothing to click.", to.WITHDRAWN),
    _card("Stale", "The price with its date, and never with a reduction.", to.stale),
    _card("Used", "Said beside the price.", to.USED),
    _card("Refurbished", "The same, with a reduction.", to.REFURBISHED),
    _card("Several prices", "The lowest, and the word “from”.", to.FROM),
    _card("Free", "No figure where there is nothing to pay.", to.FREE),
    _card("Unit price", "What the law asks for, and that tax comes on top.", to.UNIT),
    _card("No image", "No frame around nothing.", to.NO_IMAGE),
    _card("Title alone", "The shop says nothing else of it.", to.BARE, to.NO_IMAGE),
    _card("Title of 200 characters", "It wraps; nothing is cut.", to.LONG_TITLE),
    _card("Word of 60 letters", "It breaks; no box grows with it.", to.LONG_WORD),
)

_MIXED = ((), (to.SOLD_OUT,), (to.NO_IMAGE, to.FULL_PRICE), (to.WITHDRAWN,))

STATES: tuple[State, ...] = (
    _is("standfirst", "Two sentences", "Between headline and text."),
    _is("byline", "One author", "With the day and the reading time."),
    _is("byline", "Two authors", "A person with a profile, and an organisation.", to.two_authors),
    _is("reading_time", "Alone", "Where there is no byline."),
    _is("contents", "Open", "On a phone it folds."),
    *(
        _is("heading", f"Level {level}", "With its anchor.", to.said(level=level))
        for level in ("2", "3", "4")
    ),
    _is("paragraph", "Plain", "Running text."),
    _is("paragraph", "Rich", "Headings, a list and a link.", to.rich_text),
    _is("image", "Caption and credit", "Both below the picture.", to.said(credit="Nora Lind")),
    _is("image", "Picture alone", "Decorative.", to.said(caption="", decorative=True)),
    _is("quote", "Attributed", "What somebody said, and who."),
    _is("quote", "Alone", "The text says who.", to.said(attribution=None)),
    _is("key_points", "Three points", "What to remember."),
    *(
        _is("notice", title, "A sign of its own; no kind by colour alone.", to.said(kind=kind))
        for kind, title in (
            ("information", "Good to know"),
            ("caution", "Caution"),
            ("doctor", "See a doctor"),
            ("disclosure", "Disclosure"),
        )
    ),
    _is("notice", "No heading", "The kind and the text.", to.said(heading="", kind="caution")),
    _is("steps", "Plain", "Numbered, one with its duration."),
    _is("steps", "Full", "Titles, durations, a picture, an introduction.", to.full_steps),
    *CARDS,
    _is("product_grid", "Two cards", "Side by side where there is room."),
    _is(
        "product_grid",
        "Mixed states",
        "Rows of the same facts line up, whatever a card lacks.",
        to.several("cards", *_MIXED),
    ),
    _is(
        "product_grid",
        "Long titles, no heading",
        "The cards' titles take the heading's level.",
        to.said(heading=""),
        to.several("cards", (to.LONG_TITLE,), (to.LONG_WORD,), ()),
    ),
    _is("product_comparison", "Two products", "The best value of each row, and our choice."),
    _is(
        "product_comparison",
        "Unknown and equal",
        "What nobody knows has a dash; rows in which all are the same can be hidden.",
        to.several("products", (), ()),
        to.unknown_and_equal,
    ),
    _is(
        "product_comparison",
        "Mixed states",
        "Sold out, used, no image, withdrawn: each keeps its column.",
        to.several("products", (), (to.SOLD_OUT,), (to.NO_IMAGE, to.USED), (to.WITHDRAWN,)),
    ),
    _is(
        "product_comparison",
        "Six products, no heading",
        "The caption names them.",
        to.said(heading=""),
        to.several("products", (), (to.FULL_PRICE,), (to.LOW,), (to.stale,), (to.UNIT,), ()),
    ),
    _is(
        "product_comparison",
        "Long titles",
        "A title of 200 characters beside a word of 60 letters.",
        to.several("products", (to.LONG_TITLE,), (to.LONG_WORD,)),
    ),
    _is("product_verdict", "Full", "Score, points, audience, method, test and offer."),
    _is("product_verdict", "Verdict alone", "The least that an editor can say.", to.least_verdict),
    _is("product_verdict", "Sold out", "The verdict stays.", to.SOLD_OUT),
    _is("product_verdict", "Withdrawn", "Without price and button.", to.WITHDRAWN),
    _is("product_verdict", "Stale", "The price with its date.", to.stale),
    _is("product_verdict", "Old test", "It says so itself.", to.old_test),
    _is("product_verdict", "No image", "The name begins the line.", to.NO_IMAGE, to.USED),
    _is("product_verdict", "Title of 200 characters", "It wraps.", to.LONG_TITLE),
    _is("picks", "Verdict and comparison", "Links to both, with the prices at the moment."),
    _is("shop_rating", "Very good", "Figures with source and day."),
    _is("shop_rating", "Middling", "No word of praise below four fifths.", to.low_rating),
    _is("faq", "Two questions", "They open without JavaScript."),
    _is(
        "faq",
        "Introduction, one open at a time",
        "A subsection.",
        to.said(introduction=to.introduction, one_at_a_time=True, heading_level="3"),
    ),
    _is("faq", "No heading", "Its questions take the level.", to.said(heading="")),
    _is("sources", "One source", "Linked to DOI and PubMed."),
    _is("sources", "Folded", "Eleven, one of them a page of the web.", to.sources),
    _is("reviewer", "Checked", "Who, when, and what was checked."),
    _is("reviewer", "All known", "Licence, profile, links, next review.", to.full_reviewer),
    _is("reviewer", "No photo", "The name begins the line.", to.no_photo),
    _is("reviewer", "Long name", "A name of 60 letters, a title of 200.", to.long_name),
    _is("share", "All networks", "Plain links; no script of others."),
    _is("disclosure", "Affiliate links", "Said once in an article."),
    _is("related_articles", "Two articles", "With their reading time."),
)
