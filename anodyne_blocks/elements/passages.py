"""The elements that stand beside an article's running text: key points, notices, steps, quotes …"""

from __future__ import annotations

from typing import Literal

from anodyne_blocks.elements.article import ReadingTime
from anodyne_blocks.elements.base import (
    HTML,
    Element,
    Image,
    Level,
    OtherLanguage,
    Part,
)

NoticeKind = Literal["information", "caution", "doctor", "disclosure"]
Relationship = Literal["ad", "affiliate"]


class KeyPoint(Part):
    """One line of the key points: `html` with its links resolved."""

    html: HTML


class KeyPoints(Element):
    """What to remember, in a few lines under a heading."""

    type: Literal["key_points"] = "key_points"
    anchor: str
    heading: str
    heading_level: Level
    points: tuple[KeyPoint, ...]


class Notice(Element):
    """A box beside the text. `label` says of which kind it is ("Caution"), `html` what it says.

    `other_language` may name "heading" and "html".
    """

    type: Literal["notice"] = "notice"
    anchor: str
    kind: NoticeKind
    label: str
    heading: str
    heading_level: Level
    html: HTML
    other_language: OtherLanguage | None = None


class Step(Part):
    """One step: `duration` as ISO 8601 ("PT1M30S"), `duration_text` for readers; "" for none."""

    title: str
    html: HTML
    image: Image | None
    duration: str
    duration_text: str


class Steps(Element):
    """Numbered steps, such as those of an exercise or a repair; numbers are their places.

    Titles of steps are headings of `title_level`.
    """

    type: Literal["steps"] = "steps"
    anchor: str
    heading: str
    heading_level: Level
    title_level: Level
    introduction: str
    steps: tuple[Step, ...]


class Quote(Element):
    """What somebody else has said or written: `html`, and where it is from.

    `attribution` is rich text, which may cite the page's sources; their anchors are `sources`.
    """

    type: Literal["quote"] = "quote"
    html: HTML
    attribution: HTML
    sources: tuple[str, ...]


class RelatedArticle(Part):
    """Another article in the same language, and how long it takes to read."""

    title: str
    url: str
    text: str
    reading_time: ReadingTime | None


class RelatedArticles(Element):
    """Articles to read next."""

    type: Literal["related_articles"] = "related_articles"
    anchor: str
    heading: str
    heading_level: Level
    articles: tuple[RelatedArticle, ...]


class Disclosure(Element):
    """What the article's placements are paid for, said once; "both" is ad and affiliate."""

    type: Literal["disclosure"] = "disclosure"
    kind: Literal["ad", "affiliate", "both"]
    text: str
