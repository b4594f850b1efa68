"""The headings in rich texts: what they say, and their anchors, in stored texts and printed.

A published heading has its anchor in the stored text, as an attribute that no browser follows.
Wagtail's editor gives each paragraph and heading a key (`data-block-key`) and drops what else it
finds, so a draft has no anchor; by the key the heading is known again when the page is published.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.html import escape

from anodyne_blocks.article.reading_time import strip_html

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import OutlineEntry

STORED = "data-anodyne-anchor"

_HEADING = re.compile(r"<h([1-6])((?:\s[^>]*)?)>(.*?)</h\1\s*>", re.DOTALL | re.IGNORECASE)
_ID = re.compile(r"""\sid\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_KEY = re.compile(r'\sdata-block-key="([^"]*)"')
_STORED = re.compile(rf'\s{STORED}="([^"]*)"')
_STORED_ON = re.compile(rf'(<h[1-6]\b[^<>]*?)\s{STORED}="[^"]*"', re.IGNORECASE)


class TextHeading(NamedTuple):
    """A heading in a rich text: its level, words, the editor's key and the stored anchor, or ""."""

    level: int
    text: str
    key: str = ""
    anchor: str = ""


class Part(NamedTuple):
    """A heading of a value that may have several, as an outline knows it: by its place in it."""

    owner: Any
    number: int


class Anchored(NamedTuple):
    """What keeps the anchor that it was published with.

    `owner` stands for it in the outline. It is known again by its `place`, an id or "" where it has
    none, and else by its `words`. `stored` is the anchor that is stored, or "". `later` is what an
    anchor is made of where it joins what is published, if that is not what the outline makes.
    """

    owner: Any
    place: str
    words: str
    stored: str = ""
    later: str = ""


def headings_in(rich_text: str) -> list[TextHeading]:
    """Each heading in a rich text that says something."""
    matches = _HEADING.finditer(rich_text) if "<h" in rich_text else ()
    return [
        TextHeading(
            int(match[1]),
            text,
            _first(_KEY, match[2]),
            _first(_STORED, match[2]) if match[2] else "",
        )
        for match in matches
        if (text := strip_html(match[3]))
    ]


def _first(pattern: re.Pattern[str], attributes: str) -> str:
    found = pattern.search(attributes)
    return found[1] if found else ""


def anchored_in(rich_text: str, owner: Any, place: str) -> Iterator[Anchored]:
    """The headings of a rich text as parts of its owner, whose place is given."""
    for index, heading in enumerate(headings_in(rich_text)):
        below = f"{place}/{heading.key}" if place and heading.key else ""
        yield Anchored(Part(owner, index), below, heading.text, heading.anchor)


def with_stored(rich_text: str, anchors: Iterable[str]) -> str:
    """A rich text with these anchors stored in its headings, in order; "" stores none."""
    waiting = iter(anchors)

    def store(match: re.Match[str]) -> str:
        number, attributes, inner = match.groups()
        if not strip_html(inner):
            return match[0]
        attributes, anchor = _STORED.sub("", attributes), next(waiting)
        stored = f' {STORED}="{escape(anchor)}"' if anchor else ""
        return f"<h{number}{attributes}{stored}>{inner}</h{number}>"

    return _HEADING.sub(store, rich_text)


def with_anchors(html: str, entries: Iterable[OutlineEntry]) -> str:
    """HTML whose headings are where the links to these entries, which are in its order, lead."""
    if STORED in html:
        html = _STORED_ON.sub(r"\1", html)
    there, placed = set(_ID.findall(html)), set[str]()
    waiting: dict[str, deque[str]] = {}
    for entry in entries:
        anchor = escape(entry.anchor)
        placed.add(anchor)
        if anchor not in there:
            waiting.setdefault(entry.text, deque()).append(anchor)

    def add(match: re.Match[str], to_those_with_id: bool) -> str:
        number, attributes, inner = match.groups()
        found, known = waiting.get(strip_html(inner)), _ID.search(attributes)
        if not found or bool(known) is not to_those_with_id:
            return match[0]
        if known is None:
            return f'<h{number} id="{found.popleft()}"{attributes}>{inner}</h{number}>'
        if known[1] in placed:
            return match[0]
        # The block needs its own id.
        return f"<h{number}{attributes}>{_place(found.popleft())}{inner}</h{number}>"

    for to_those_with_id in (False, True):
        if any(waiting.values()):
            html = _HEADING.sub(partial(add, to_those_with_id=to_those_with_id), html)
    # The block does not print these as headings.
    return "".join(_place(anchor) for left in waiting.values() for anchor in left) + html


def _place(anchor: str) -> str:
    return f'<span id="{anchor}"></span>'
