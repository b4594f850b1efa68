"""Citations: which sources an article's texts mention, numbered in the order of first mention.

Stored rich text holds the key of a source and no number: `<a linktype="anodyne-source" id="key">`
with nothing in it. Printed alone it shows nothing; an article makes a number of it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeData, mark_safe
from wagtail.blocks import Block
from wagtail.rich_text import LinkHandler, RichText

from anodyne_blocks.article.texts import LINK_TYPE
from anodyne_blocks.article.walking import (
    ArticleBlock,
    Placed,
    children,
    page_streams,
    placements,
)
from anodyne_blocks.elements.article import Mention
from anodyne_blocks.words import pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.article import Article

# No pattern reads past the next tag or link, so that each letter is read a few times at most.
_STORED = re.compile(rf'<a(?=[^<>]*\slinktype="{LINK_TYPE}")[^<>]*\sid="([^"<>]*)"')
# What Wagtail makes of a stored citation, with whatever stands in it: other editors may put words.
MARK = "data-anodyne-source"
_MARKED = re.compile(rf'<a {MARK}="([^"]*)">(?:(?!<a\b).)*?</a>', re.DOTALL)
_PRINTED = re.compile(r'<sup class="anodyne-citation">.*?</sup>', re.DOTALL)


class CitationHandler(LinkHandler):
    """What Wagtail makes of a stored citation: a mark, in which an article puts the number."""

    identifier = LINK_TYPE

    @staticmethod
    def expand_db_attributes(attrs: dict[str, Any]) -> str:
        return f'<a {MARK}="{escape(attrs.get("id", ""))}">'


def keys_in(source: str) -> list[str]:
    """The keys that a stored rich text cites, in order."""
    return [unescape(key) for key in _STORED.findall(source)] if LINK_TYPE in source else []


def without_citations(html: str) -> str:
    """HTML of an article's text, without the numbers of its sources."""
    return _PRINTED.sub("", html) if "anodyne-citation" in html else html


def shown_texts(block: Block, value: Any) -> Iterator[RichText]:
    """The rich texts that a block shows, in reading order, those of elements in it included."""
    if isinstance(value, RichText):
        yield value
    elif isinstance(block, ArticleBlock):
        yield from block.shown_texts(value)
        for name in block.children_with_elements:
            yield from shown_texts(block.child_blocks[name], value.get(name))
    else:
        for child, child_value in children(block, value):
            # Most blocks of many pages are cards, which have no text of this kind.
            if not isinstance(child, ArticleBlock) or child.holds_texts:
                yield from shown_texts(child, child_value)


def own_texts(block: Block, value: Any) -> Iterator[RichText]:
    """The rich texts of a site's own block, without those of elements in it."""
    if isinstance(value, RichText):
        yield value
    elif not isinstance(block, ArticleBlock):
        for child, child_value in children(block, value):
            yield from own_texts(child, child_value)


def with_own_citations(html: str, block: Block, value: Any, article: Article) -> str:
    """The HTML of a site's own block with the numbers of the sources that its texts cite."""
    texts = [text for text in own_texts(block, value) if keys_in(text.source)]
    if not texts or not isinstance(html, SafeData):
        return html
    return mark_safe(article.citations.printed(html, texts))  # noqa: S308  safe before, and so is what was added


@dataclass
class Citations:
    """The numbers of an article's sources, and the places that mention them.

    Made once for an article. Stored values are known by identity, as in the outline; one that is
    not on the page has no number and no mentions.
    """

    # {key: number}; those that are cited, in the order of first mention.
    numbers: dict[str, int] = field(default_factory=dict)
    _anchors: dict[str, str] = field(default_factory=dict)
    _mentions: dict[str, list[str]] = field(default_factory=dict)
    # {text: its mentions, as (key, anchor)}
    _in_text: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    _uncited: dict[int, int] = field(default_factory=dict)
    # Held, because Python gives the identity of a value that is gone to another one.
    _held: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, article: Article) -> Citations:
        """The citations of a page, after its outline has given the sources their anchors."""
        found = cls()
        texts = _citing(article.page)
        if not texts:
            return found
        listed = _listed(article.placements)
        for source in listed:
            key = source.get("key")
            if key and key not in found._anchors:
                found._anchors[key] = article.outline.anchor(source, "source")
        for text, keys in texts:
            found._note(text, [key for key in keys if key in found._anchors], article)
        if found.numbers:
            found._number_the_others(listed)
        return found

    def _note(self, text: RichText, keys: Iterable[str], article: Article) -> None:
        places = []
        for key in keys:
            self.numbers.setdefault(key, len(self.numbers) + 1)
            mentions = self._mentions.setdefault(key, [])
            place = object()
            stem = f"{self._anchors[key]}-{letters(len(mentions))}"
            mentions.append(article.outline.anchor(place, stem))
            places.append((key, mentions[-1]))
        if places:
            self._in_text[id(text)] = places
            self._held.append(text)

    def _number_the_others(self, listed: Iterable[Any]) -> None:
        number, seen = len(self.numbers), set[str]()
        for source in listed:
            key = source.get("key")
            if key in self.numbers and key not in seen:
                seen.add(key)
            else:
                number += 1
                self._uncited[id(source)] = number
                self._held.append(source)

    def number_of(self, source: Any) -> int | None:
        """The number of a listed source; None where the page cites none of its sources."""
        return self._uncited.get(id(source)) or self.numbers.get(source.get("key"))

    def anchors_of(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The anchors of the listed sources with these keys, each once."""
        known = (self._anchors[key] for key in keys if key in self.numbers)
        return tuple(dict.fromkeys(known))

    def mentions_of(self, source: Any) -> tuple[Mention, ...]:
        """The places that cite a listed source, in the active language."""
        if id(source) in self._uncited:
            return ()
        anchors = self._mentions.get(source.get("key"), ())
        return tuple(
            Mention(
                anchor=anchor,
                label=letters(index),
                text=pgettext("reader", "Back to the text: %(label)s") % {"label": letters(index)},
            )
            for index, anchor in enumerate(anchors)
        )

    def printed(self, html: str, texts: Iterable[Any]) -> str:
        """The HTML of these texts with the numbers of their sources; what is gone is left out.

        A template may print the texts in another order, or twice: each place is given once.
        """
        places: dict[str, deque[str]] = {}
        for text in texts:
            for key, anchor in self._in_text.get(id(text), ()):
                places.setdefault(key, deque()).append(anchor)

        def link(match: re.Match[str]) -> str:
            key = unescape(match[1])
            waiting = places.get(key)
            if waiting is None:
                return ""
            return self._link(key, waiting.popleft() if waiting else "")

        html = _MARKED.sub(link, html)
        # A text that the template does not print: the links back lead to where it would be.
        left = [anchor for waiting in places.values() for anchor in waiting]
        return "".join(f'<span id="{escape(anchor)}"></span>' for anchor in left) + html

    def _link(self, key: str, anchor: str) -> str:
        number = self.numbers[key]
        spoken = pgettext("reader", "Source %(number)d") % {"number": number}
        return format_html(
            '<sup class="anodyne-citation"><a{} href="#{}" role="doc-noteref"{}>[{}]</a></sup>',
            format_html(' id="{}"', anchor) if anchor else "",
            self._anchors[key],
            format_html(' aria-label="{}"', spoken) if spoken else "",
            number,
        )


def _citing(page: Any) -> list[tuple[RichText, list[str]]]:
    """The texts of a page that cite something, in reading order, with the keys that they hold."""
    shown = (text for block, value in page_streams(page) for text in shown_texts(block, value))
    return [(text, keys) for text in shown if (keys := keys_in(text.source))]


def _listed(placed: Iterable[Placed]) -> list[Any]:
    """The sources in all lists of a page."""
    return [
        source
        for block, value, _is_inside in placed
        if isinstance(block, ArticleBlock)
        for source in block.listed_sources(value)
    ]


def listed_on(page: Any) -> list[Any]:
    """The sources in all lists of a page, as it is in memory."""
    return _listed(placements(page))


def gone_from(page: Any) -> list[tuple[RichText, int]]:
    """The texts of a page that cite what no list of it holds, with the number of such citations."""
    citing = _citing(page)
    known = {source.get("key") for source in listed_on(page)}
    counted = [(text, sum(key not in known for key in keys)) for text, keys in citing]
    return [(text, count) for text, count in counted if count]


def letters(index: int) -> str:
    """a, b, … z, aa, ab, …: how the places that cite a source are told apart."""
    label = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        label = chr(ord("a") + letter) + label
    return label
