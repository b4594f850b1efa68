"""HTML of any origin as lines: headings, paragraphs, items of lists, pictures.

The parser hands over one tag after the other and no tree is built, so that no depth is too much.
Whatever is not known here leaves its words; what is no text of the article leaves a note.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count

from django.utils.translation import gettext

from anodyne_blocks.texts.draft import Note
from anodyne_blocks.texts.runs import Run, address, joined, plain, tidy

MOST_TAGS = 100_000
DEEPEST = 400
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset"
    " figcaption figure footer form header hgroup html legend li main menu nav ol p pre section"
    " summary table tbody td tfoot th thead tr ul".split()
) | _HEADINGS.keys()  # fmt: skip
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
# {tag: (what it ends that was left open, what keeps these open)}
_ENDS = {
    "li": ({"li"}, _LISTS),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "tr": ({"tr"}, {"table"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
}
# Their words are none of the article's, and nobody misses them.
_SILENT = frozenset(
    "script style noscript template head title math svg canvas button select textarea input label"
    " option datalist dialog".split()
)
_ABOUT = frozenset({"meta", "base", "link"})
_BESIDE = frozenset({"nav", "aside", "footer"})
_EMBEDDED = frozenset({"iframe", "video", "audio", "object", "embed", "map"})
_LEAD = re.compile(r"(?:^|[\s_-])(?:lead|lede|summary|standfirst|subtitle|dek|intro)(?:$|[\s_-])")
_DECLARATION = re.compile(r"<![^<>]{0,500}>")
_BOLD = re.compile(r"(?:bold|bolder|[6-9]00)\b")
_TOOLS = re.compile(r"[\^↑↩⤴︎\ufe0e\s]+")


@dataclass
class Line:
    """What stands by itself. `kind`: heading, text, item, quote, row, caption, question, picture.

    `group` is the list, quote, table or figure that it is part of, 0 for none; `item` that of a
    list, `depth` how deep its list lies in others.
    """

    kind: str
    runs: list[Run] = field(default_factory=list)
    level: int = 0
    is_lead: bool = False
    is_title: bool = False
    region: str = ""
    group: int = 0
    item: int = 0
    depth: int = 0
    ordered: bool = False
    src: str = ""
    alt: str = ""

    @property
    def words(self) -> str:
        return plain(self.runs)


@dataclass
class _Open:
    """An element that is open, with all that it inherits."""

    tag: str = ""
    look: Run = Run("")
    line: Line = field(default_factory=lambda: Line("text"))
    skipped: str = ""


class Lines(HTMLParser):
    """Feed it HTML; then it has `lines`, `notes` (by region) and the document's own `title`."""

    def __init__(self, base: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.title = ""
        self.lines: list[Line] = []
        self.notes: list[tuple[str, Note]] = []
        self._open = [_Open()]
        self._names: Counter[str] = Counter()
        self._runs: list[Run] = []
        self._skipped: list[str] = []
        self._looks: dict[str, dict[str, str]] = {}
        self._numbers = count(1)
        self._tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags += 1
        if self._tags > MOST_TAGS or len(self._open) > DEEPEST:
            raise TooMuch
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag in _BLOCKS:
            self._end_what_was_left(tag)
            self._flush()
        top = self._open[-1]
        if top.skipped:
            if tag not in _VOID:
                self._push(_Open(tag, top.look, top.line, top.skipped))
            if tag in _ABOUT:
                self._note_meta(tag, given)
            return
        if tag == "br":
            self._runs.append(top.look._replace(text="\n"))
        elif tag == "hr":
            self._flush()
        elif tag == "img":
            self._picture(given)
        elif tag in _ABOUT:
            self._note_meta(tag, given)
        elif tag in ("embed", "input"):
            self._leave_out(tag, given)
        elif tag not in _VOID:
            style = self._style_of(given)
            opened = _Open(tag, self._look(tag, given, style, top.look), self._line(tag, given))
            opened.skipped = self._reason(tag, given, style)
            self._push(opened)
            if tag in _EMBEDDED:
                self._leave_out(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._names[tag]:
            return
        while True:
            opened = self._pop()
            if opened.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        top = self._open[-1]
        if top.tag == "title":
            self.title = self.title or " ".join(data.split())
        elif top.tag == "style":
            self._read_style(data)
        elif top.skipped:
            if top.skipped == "beside" and len(self._skipped) < 40:
                self._skipped.append(data)
        else:
            text = data if self._names["pre"] else data.replace("\n", " ")
            self._runs.append(top.look._replace(text=text))

    def close(self) -> None:
        super().close()
        while len(self._open) > 1:
            self._pop()
        self._flush()

    def _push(self, opened: _Open) -> None:
        self._open.append(opened)
        self._names[opened.tag] += 1

    def _pop(self) -> _Open:
        top, below = self._open[-1], self._open[-2]
        if top.tag in _BLOCKS:
            self._flush(ends_row=top.tag == "tr")
        if top.tag in ("td", "th"):
            self._runs.append(Run(" \N{MIDDLE DOT} "))
        self._open.pop()
        self._names[top.tag] -= 1
        if top.skipped == "beside" and not below.skipped and self._skipped:
            words = " ".join("".join(self._skipped).split())
            self._skipped.clear()
            if words:
                self._note(gettext("This stands outside of the text: it is left out."), words)
        return top

    def _end_what_was_left(self, tag: str) -> None:
        ended, kept = _ENDS.get(tag, ({"p"}, _BLOCKS - {"p"}))
        if not any(self._names[name] for name in ended):
            return
        for index in range(len(self._open) - 1, 0, -1):
            name = self._open[index].tag
            if name in ended:
                while len(self._open) > index:
                    self._pop()
                return
            if name in kept:
                return

    def _line(self, tag: str, given: dict[str, str]) -> Line:
        """What becomes of the words in an element."""
        above = self._open[-1].line
        line = Line(**{**vars(above), "runs": []})
        marks = f"{given.get('class', '')} {given.get('itemprop', '')}".lower()
        if tag in ("p", "div", "h2", "h3", "span"):
            line.is_lead = above.is_lead or bool(_LEAD.search(marks))
        if tag in ("article", "main"):
            line.region = above.region or tag
        if level := _HEADINGS.get(tag):
            line.kind, line.level = "heading", level
        elif tag == "p" and "title" in marks.split():
            # Google Docs.
            line.kind, line.level = "heading", 1
        elif tag in _LISTS:
            line.group = above.group if above.kind == "item" else next(self._numbers)
            line.depth = above.depth + 1 if above.kind == "item" else 1
            line.kind, line.ordered = "item", tag == "ol"
            line.item = next(self._numbers)
        elif tag == "li":
            line.kind, line.item = "item", next(self._numbers)
            line.group, line.depth = line.group or next(self._numbers), line.depth or 1
        elif tag == "blockquote" and above.kind == "text":
            line.kind, line.group = "quote", next(self._numbers)
        elif tag == "table" and above.kind == "text":
            line.group = next(self._numbers)
        elif tag == "tr" and above.kind == "text":
            line.kind, line.item = "row", next(self._numbers)
        elif tag == "figure":
            line.group = next(self._numbers) if above.kind == "text" else above.group
        elif tag == "figcaption":
            line.kind = "caption"
        elif tag in ("summary", "dt"):
            line.kind = "question"
        line.is_title = line.kind == "heading" and "title" in marks.split()
        return line

    def _look(self, tag: str, given: dict[str, str], style: dict[str, str], above: Run) -> Run:
        look = above
        if tag == "a":
            look = look._replace(href=address(given.get("href", ""), self.base))
            if given.get("href", "").startswith("#cmnt"):
                # A comment of Google Docs.
                look = look._replace(href="#")
        weight = style.get("font-weight", "")
        bold = look.bold or tag in ("b", "strong")
        if weight and tag not in _HEADINGS:
            bold = bool(_BOLD.match(weight))
        slant = style.get("font-style", "")
        italic = look.italic or tag in ("i", "em", "cite", "dfn")
        if slant:
            italic = slant in ("italic", "oblique")
        raised = look.raised or tag == "sup" or style.get("vertical-align") == "super"
        return look._replace(bold=bold, italic=italic, raised=raised)

    def _style_of(self, given: dict[str, str]) -> dict[str, str]:
        style: dict[str, str] = {}
        for name in given.get("class", "").split():
            style.update(self._looks.get(name, {}))
        style.update(_declarations(given.get("style", "")))
        return style

    def _read_style(self, css: str) -> None:
        """The looks of single classes, as Google Docs writes them."""
        for rule in css.split("}")[:5000]:
            selector, _, declared = rule.partition("{")
            if re.fullmatch(r"\s*\.[\w-]+\s*", selector):
                self._looks.setdefault(selector.strip()[1:], {}).update(_declarations(declared))

    def _reason(self, tag: str, given: dict[str, str], style: dict[str, str]) -> str:
        """Why the words in an element are left out; "" for those that are not."""
        if tag in _SILENT or tag in _EMBEDDED:
            return "silent"
        is_hidden = "hidden" in given or given.get("aria-hidden") == "true"
        if is_hidden or style.get("display") == "none":
            return "silent"
        return "beside" if tag in _BESIDE or given.get("role") == "navigation" else ""

    def _leave_out(self, tag: str, given: dict[str, str]) -> None:
        if tag != "input":
            where = given.get("src") or given.get("data") or tag
            self._note(gettext("Embedded content is left out."), where)

    def _note(self, reason: str, words: str) -> None:
        self.notes.append((self._open[-1].line.region, Note(reason, words[:200])))

    def _note_meta(self, tag: str, given: dict[str, str]) -> None:
        if tag == "base" or (not self.base and given.get("rel") == "canonical"):
            self.base = address(given.get("href", ""), self.base) or self.base
        elif given.get("property") == "og:title" and given.get("content"):
            self.title = " ".join(given["content"].split())

    def _picture(self, given: dict[str, str]) -> None:
        src = given.get("src", "").strip()
        if "emoji" in given.get("class", ""):
            self._runs.append(self._open[-1].look._replace(text=given.get("alt", "")))
            return
        if not src or src.startswith("data:image/svg"):
            # A page that loads its pictures later.
            src = given.get("data-src") or given.get("data-lazy-src") or src
        if not src or given.get("width") in ("0", "1") or given.get("height") in ("0", "1"):
            return
        if not src.startswith("data:"):
            src = joined(self.base, src)
        if not src:
            return
        self._flush()
        line = self._open[-1].line
        self.lines.append(
            Line(
                "picture",
                region=line.region,
                group=line.group,
                src=src,
                alt=" ".join(given.get("alt", "").split()),
            )
        )

    def _flush(self, ends_row: bool = False) -> None:
        """End the line that is being read; a row of a table is one line."""
        line = self._open[-1].line
        if line.kind == "row" and not ends_row:
            self._runs.append(Run(" "))
            return
        runs = [run for run in self._runs if run.href != "#"]
        self._runs = []
        if line.kind == "row":
            while runs and runs[-1].text.strip() in ("", "\N{MIDDLE DOT}"):
                runs.pop()
        # A link back to where a note was cited.
        runs = [run for run in runs if not _TOOLS.fullmatch(run.text) or not run.text.strip()]
        runs = tidy(runs)
        if runs:
            self.lines.append(Line(**{**vars(line), "runs": runs}))


class TooMuch(Exception):
    """More tags than an article has, or nested deeper."""


def _declarations(style: str) -> dict[str, str]:
    pairs = (declared.partition(":") for declared in style.lower().split(";")[:60])
    return {name.strip(): value.strip() for name, _, value in pairs}


def _closed(html: str) -> str:
    """The same without comments, and with nothing that begins like a tag and never ends.

    The parser would look for each end through all of the rest. `TooMuch`.
    """
    if html.count("<") > 3 * MOST_TAGS:
        raise TooMuch
    first, *parts = html.split("<!--")
    html = first + "".join(part.partition("-->")[2] for part in parts)
    html = _DECLARATION.sub("", html).replace("<!", "&lt;!")
    tags, end, words = html.rpartition(">")
    return tags + end + words.replace("<", "&lt;")


def lines_of(html: str, base: str = "") -> tuple[list[Line], list[Note], str]:
    """The lines of the article in `html`, what was left out of it, and the document's title.

    What is in `article` counts, else what is in `main`, else all. `TooMuch`.
    """
    reader = Lines(base)
    reader.feed(_closed(html))
    reader.close()
    regions = {line.region for line in reader.lines if line.kind != "picture"}
    region = next((name for name in ("article", "main") if name in regions), "")
    if not region:
        return reader.lines, [note for _region, note in reader.notes], reader.title
    lines = [line for line in reader.lines if line.region == region]
    notes = [note for where, note in reader.notes if where == region]
    if not any(line.kind == "heading" and line.level == 1 for line in lines):
        # A page's title may stand above its article.
        above = [line for line in reader.lines if line.kind == "heading" and line.level == 1]
        lines = above[:1] + lines
    return lines, notes, reader.title
