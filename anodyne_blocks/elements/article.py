"""The elements of an article's text: headings, byline, reviewer, questions, sources …"""

from __future__ import annotations

from typing import Literal

from anodyne_blocks.elements.base import (
    HTML,
    Address,
    Anchor,
    Count,
    Date,
    Duration,
    Element,
    Image,
    Level,
    Link,
    OtherLanguage,
    Part,
    Rating,
)


class Heading(Element):
    """A heading within the article. `anchor` is unique on the page."""

    type: Literal["heading"] = "heading"
    level: Level
    text: str
    anchor: Anchor


class Paragraph(Element):
    """Running text: `html` with its links resolved."""

    type: Literal["paragraph"] = "paragraph"
    html: HTML


class Figure(Element):
    """An image of the article with its caption and credit."""

    type: Literal["figure"] = "figure"
    image: Image
    caption: str
    credit: str


class Standfirst(Element):
    """The two or three sentences between headline and text."""

    type: Literal["standfirst"] = "standfirst"
    text: str


class Credit(Part):
    """A name that takes credit: an author or the reviewer. `url` is "" where there is no page.

    `kind` is "person" or "organisation"; `key` tells equal names apart ("person-7"). `same_as` are
    the addresses of other pages that are about the same person.
    """

    key: str
    kind: Literal["person", "organisation"]
    name: str
    url: Address
    same_as: tuple[Address, ...] = ()


class ReadingTime(Element):
    """How long the article takes: `text` as "Reading time: 6 minutes", `duration` as "PT6M"."""

    type: Literal["reading_time"] = "reading_time"
    minutes: Count
    text: str
    duration: Duration


class Teaser(Part):
    """What a listing shows of an article: "" and None for what it does not have."""

    standfirst: str
    reading_time: ReadingTime | None
    image: Image | None


class Byline(Element):
    """Who wrote it, when, and how long it takes. `text` is the authors' part ("By A and B").

    `disclosure` says what the article's placements are paid for, where the site wants it here.
    `reviewer` is the name of who checked the text that stands there, after `reviewer_label`
    ("Reviewed by"); the reviewer's box is at `reviewer_anchor`. "" where there is no such box.
    `portraits` are photos of the authors who have one, where the editor wants them: decorative.
    """

    type: Literal["byline"] = "byline"
    text: str
    before: str
    after: str
    authors: tuple[Credit, ...]
    separators: tuple[str, ...]
    published: Date | None
    published_label: str
    updated: Date | None
    updated_label: str
    reading_time: ReadingTime | None
    disclosure: str = ""
    reviewer: str = ""
    reviewer_label: str = ""
    reviewer_anchor: str = ""
    portraits: tuple[Image, ...] = ()

    @property
    def parts(self) -> tuple[tuple[Credit, str], ...]:
        """Each author with the words that follow the name ("A", ", "), ("B", " and ")."""
        return tuple(zip(self.authors, self.separators, strict=True))


class ReviewerBox(Element):
    """Who checked the article for accuracy, and when. It never recommends a product.

    Where the text has changed since, `is_outdated`: `scope` says so, in place of what was checked.
    `position` is what the person is and where, `role` the same with the experience. `anchor` is
    unique on the page.
    """

    type: Literal["reviewer"] = "reviewer"
    anchor: Anchor
    label: str
    person: Credit
    name_line: str
    credentials: str
    job_title: str
    organisation: str
    position: str = ""
    role: str
    experience: str
    licence: str
    bio: HTML
    photo: Image | None
    links: tuple[Link, ...]
    links_label: str
    scope: str
    is_outdated: bool
    reviewed: Date
    reviewed_text: str
    next_review: Date | None
    next_review_text: str
    other_language: OtherLanguage | None = None


class FAQItem(Part):
    """A question and its answer (`answer` is rich text). `anchor` is unique and lasting."""

    anchor: Anchor
    question: str
    answer: HTML


class FAQ(Element):
    """Questions and answers. `group` is set where only one may be open at a time.

    `is_faq_page` says whether the editor declares these to be the page's frequently asked
    questions in its structured data.
    """

    type: Literal["faq"] = "faq"
    anchor: Anchor
    heading: str
    heading_level: Level
    question_level: Level
    introduction: HTML
    items: tuple[FAQItem, ...]
    group: str
    is_faq_page: bool
    link_label: str


class Mention(Part):
    """A place in the text that cites a source: its anchor, and the link back to it.

    `label` tells the places of a source apart ("a", "b", …), `text` says it in words.
    """

    anchor: Anchor
    label: str
    text: str


class Source(Part):
    """One entry of the source list, in order: `before` **`printed`** `after`.

    `printed` is the `title` as the citation style prints it, which may quote it. `after` begins
    with its full stop, where it needs one.
    `url` is the title's link ("" for none); `links` are the identifiers (DOI, PubMed).
    `text` is the whole entry as plain text. `mentions` are the places in the text that cite it, and
    `key` is what these hold in place of the number ("" for a source that was never cited).
    """

    number: Count
    anchor: Anchor
    kind: str
    authors: str
    title: str
    container: str
    year: str
    url: Address
    before: str
    printed: str
    after: str
    accessed: str
    links: tuple[Link, ...]
    text: str
    key: str = ""
    mentions: tuple[Mention, ...] = ()


class SourceList(Element):
    """The numbered list of sources; `collapsed` with `summary` as its label when it is long.

    The entries are in the order in which the page cites them, those that it does not cite last.
    """

    type: Literal["sources"] = "sources"
    anchor: Anchor
    heading: str
    heading_level: Level
    entries: tuple[Source, ...]
    collapsed: bool
    summary: str


class ShopRating(Element):
    """What buyers say of the shop, with source and date."""

    type: Literal["shop_rating"] = "shop_rating"
    name: str
    rating: Rating
    text: str
    source: Link
    as_of: Date
    as_of_text: str
    verification: str
    other_language: OtherLanguage | None = None


class ShareLink(Part):
    """A plain link that shares the page: `name` is the network's, `text` the whole phrase."""

    network: str
    name: str
    text: str
    url: str


class Share(Element):
    """Ways to share the page: plain links, and the device's own share sheet where it has one."""

    type: Literal["share"] = "share"
    label: str
    url: str
    title: str
    native_label: str
    copy_label: str
    copied_label: str
    links: tuple[ShareLink, ...]


class ContentsEntry(Part):
    """One line of the table of contents; `level` is the heading's."""

    level: Level
    text: str
    anchor: Anchor


class Contents(Element):
    """The table of contents, from the page's headings.

    `name` is its label for screen readers: of several tables on a page each has its own.
    """

    type: Literal["contents"] = "contents"
    label: str
    entries: tuple[ContentsEntry, ...]
    name: str = ""
