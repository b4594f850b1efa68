"""Shop texts made plain: HTML and character references out, white space and length bounded."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Tags that end a word when a browser shows them; `a<b>b</b>` stays one word.
_BREAKING = re.compile(
    "address|article|blockquote|br|d[dlt]|div|fig.*|footer|h[1-6r]|header|li|[ou]l|p|pre|section"
    "|table|t[dhr]"
).fullmatch
_HIDDEN = frozenset({"script", "style", "template"})


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

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def plain_text(markup: str, limit: int = 0) -> str:
    """`markup` (HTML or plain text) as one line of plain text.

    Character references are resolved once, runs of white space become one space, and a text
    longer than `limit` characters is cut at a word and ends in "…" (0: no limit).
    """
    if not markup:
        return ""
    if "<" in markup or "&" in markup:
        parser = _Text()
        parser.feed(markup)
        parser.close()
        markup = "".join(parser.parts)
    if markup.isprintable() and "  " not in markup:
        # Nearly all are: its only white space are single blanks.
        text = markup.strip()
    else:
        text = " ".join(markup.replace("\x00", "").split())
    if not limit or len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at_word = cut.rpartition(" ")[0]
    # A language without spaces has no word to cut at.
    return (at_word if len(at_word) > limit // 2 else cut).rstrip(" ,;:") + "…"
