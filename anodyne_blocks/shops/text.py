"""Shop texts made plain: HTML and character references out, white space and length bounded."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from unicodedata import normalize

from anodyne_blocks.sources.characters import UNSTORABLE

# Tags that end a word when a browser shows them; `a<b>b</b>` stays one word.
_BREAKING = re.compile(
    "address|article|blockquote|br|d[dlt]|div|fig.*|footer|h[1-6r]|header|li|[ou]l|p|pre|section"
    "|table|t[dhr]"
).fullmatch
_HIDDEN = frozenset({"script", "style", "template"})
# Not the marks of Japanese, Hebrew or Arabic, which make other letters.
_ACCENTS = re.compile("[\u0300-\u036f]")
# No character has such a number, and Python refuses to read far longer ones.
_NO_CHARACTER = re.compile("&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
# Markup beyond this is not read: the parser takes time with the square of what is never closed.
_MAX_MARKUP = 20_000


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _HIDDEN and not self.hidden:
            self.hidden = tag
        if _BREAKING(tag):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.hidden:
            self.hidden = ""
        if _BREAKING(tag):
            self.parts.append(" ")

    def parse_html_declaration(self, i: int) -> int:
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            # "<![" and what is no keyword, which Python before 3.13 does not take for a comment.
            return self.parse_bogus_comment(i)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def printable(text: str) -> str:
    """One line of `text` that a log, a terminal and every database take: all else is "\ufffd"."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else "\ufffd" for one in " ".join(text.split()))


def unescape(text: str) -> str:
    """`text` with its character references resolved, whatever they are."""
    return html.unescape(_NO_CHARACTER.sub("\ufffd", text))


def _shown(markup: str) -> str:
    """The text that a browser would show of `markup`."""
    if len(markup) > _MAX_MARKUP:
        # Not half a tag, nor half a reference.
        markup = re.sub("[<&][^<>&;]*$", "", markup[:_MAX_MARKUP])
    # What follows the last ">" holds no tag that ends.
    tags, end, rest = markup.rpartition(">")
    parser = _Text()
    parser.feed(_NO_CHARACTER.sub("\ufffd", tags + end))
    parser.close()
    return "".join(parser.parts) + ("" if parser.hidden else unescape(rest))


def folded(text: str) -> str:
    """A text to search in: small letters, without accents, for capitals may leave these out.

    The capitals of "ışık" and "ιδέα" are IŞIK and ΙΔΕΑ: Turkish has i with and without a dot, and
    Greek writes no accents on capitals.
    """
    text = text.casefold()
    if text.isascii():
        return text
    return _ACCENTS.sub("", normalize("NFKD", text.replace("ı", "i")))


def plain_text(markup: str, limit: int = 0) -> str:
    """`markup` (HTML or plain text) as one line of plain text.

    Character references are resolved once, runs of white space become one space, and a text
    longer than `limit` characters is cut at a word and ends in "…" (0: no limit). What cannot be
    stored everywhere is left out, such as half of an emoji and control characters. Of markup, the
    first 20,000 characters count.
    """
    if not markup:
        return ""
    if "<" in markup or "&" in markup:
        markup = _shown(markup)
    if markup.isprintable() and "  " not in markup:
        # Nearly all are: its only white space are single blanks.
        text = markup.strip()
    else:
        markup = UNSTORABLE.sub("", markup)
        text = " ".join(markup.split())
    if not limit or len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at_word = cut.rpartition(" ")[0]
    # A language without spaces has no word to cut at.
    return (at_word if len(at_word) > limit // 2 else cut).rstrip(" ,;:") + "…"
