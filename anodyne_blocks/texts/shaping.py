"""Lines become the parts of an article: title, standfirst, sections, questions, sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count, groupby

from django.utils.translation import gettext

from anodyne_blocks.sources.fields import LENGTHS
from anodyne_blocks.sources.lines import number_of
from anodyne_blocks.sources.reading import LONGEST, MOST, Row, read
from anodyne_blocks.texts.draft import (
    Draft,
    Heading,
    Note,
    Picture,
    Piece,
    Questions,
    Quote,
    Sources,
    Text,
)
from anodyne_blocks.texts.marks import with_citations
from anodyne_blocks.texts.markup import Line
from anodyne_blocks.texts.runs import Run, html_of, is_all, with_addresses
from anodyne_blocks.texts.words import is_question, opens_questions, opens_sources

MOST_PIECES = 1000
# More is a paragraph.
LONGEST_STANDFIRST = 600
_SHOWN = 120


def shaped(
    lines: list[Line], notes: Sequence[Note], title: str = "", standfirst: str = ""
) -> Draft:
    """The draft of lines; the title and standfirst given are for a text that has none itself."""
    found, lines = _title(lines)
    lead, lines = _standfirst(lines)
    making = _Making(_levelled(lines))
    pieces = list(making.pieces())
    every = [*notes, *making.notes]
    if len(pieces) > MOST_PIECES:
        every.append(Note(gettext("The text is too long: its end is left out.")))
    pieces = pieces[:MOST_PIECES]
    if any(isinstance(piece, Sources) for piece in pieces):
        pieces = with_citations(pieces, making.places)
    return Draft(
        title=found or title,
        standfirst=lead or standfirst,
        pieces=tuple(pieces),
        notes=tuple(dict.fromkeys(every)),
    )


def _title(lines: list[Line]) -> tuple[str, list[Line]]:
    """The title, and the lines without it.

    It is what is marked as one, or else a heading of the first level that is the only one or opens
    the text.
    """
    marked = next((line for line in lines if line.is_title), None)
    if marked is None:
        first = [line for line in lines if line.kind == "heading" and line.level == 1]
        opens = first and next(line for line in lines if line.runs) is first[0]
        marked = first[0] if first and (len(first) == 1 or opens) else None
    if marked is None:
        return "", lines
    return marked.words, [line for line in lines if line is not marked]


def _standfirst(lines: list[Line]) -> tuple[str, list[Line]]:
    """The first paragraph, if it leads into the text: by its name, or bold or italic as a whole."""
    first = next((line for line in lines if line.kind not in ("picture", "caption")), None)
    if first is None or len(first.words) > LONGEST_STANDFIRST:
        return "", lines
    is_named = first.is_lead and first.kind in ("text", "heading")
    is_looked = first.kind == "text" and (
        is_all(first.runs, "bold") or is_all(first.runs, "italic")
    )
    if not (is_named or is_looked) or is_question(first.words):
        return "", lines
    return first.words, [line for line in lines if line is not first]


def _levelled(lines: list[Line]) -> list[Line]:
    """With headings from level 2 to 4: those of the highest level open sections."""
    levels = sorted({line.level for line in lines if line.kind == "heading"})
    for line in lines:
        if line.kind == "heading":
            line.level = min(2 + levels.index(line.level), 4)
    return lines


class _Making:
    """Goes through the lines once; `notes` tell what could not be kept as it was.

    `places` are {the number of a source in the text: its place among those that are kept}.
    """

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.notes: list[Note] = []
        self.places: dict[int, int] = {}
        self._lists = 0

    def pieces(self) -> Iterator[Piece]:
        start = index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if line.kind == "heading":
                end = self._end(index)
                made = self._section(line, self.lines[index + 1 : end])
                if made:
                    yield from self._running(self.lines[start:index])
                    yield from made
                    start = index = end
                    continue
            index += 1
        yield from self._running(self.lines[start:])

    def _end(self, index: int) -> int:
        """Where the section that a heading opens ends: questions of its own level belong to it."""
        opening = self.lines[index]
        asks = opens_questions(opening.words)
        for end in range(index + 1, len(self.lines)):
            line = self.lines[end]
            if line.kind == "heading" and line.level <= opening.level:
                if not (asks and line.level == opening.level and is_question(line.words)):
                    return end
        return len(self.lines)

    def _section(self, heading: Line, below: list[Line]) -> list[Piece]:
        """Questions or sources, with the pictures among them; [] for any other section."""
        words = [line for line in below if line.kind not in ("picture", "caption")]
        pictures = list(self._running([line for line in below if line not in words]))
        if opens_questions(heading.words):
            made: Piece | None = self._questions(heading, words)
        elif opens_sources(heading.words) and not any(line.kind == "heading" for line in words):
            made = self._sources(heading, words)
        else:
            made = None
        if made is None:
            return []
        if pictures:
            self._note(gettext("A picture among questions or sources now stands after them."))
        return [made, *pictures]

    def _questions(self, heading: Line, lines: list[Line]) -> Questions | None:
        has_headings = any(map(_is_above, lines))
        introduction, items = asked(lines, _is_above if has_headings else _is_bold_question)
        if not items:
            return None
        for question, answer in items:
            if not answer:
                self._note(gettext("This question has no answer yet."), question)
        return Questions(heading.words, heading.level, introduction, tuple(items))

    def _sources(self, heading: Line, lines: list[Line]) -> Sources | None:
        listed = [line for line in lines if line.kind == "item"] or lines
        for line in lines:
            if line not in listed:
                self._note(gettext("This stands outside of the text: it is left out."), line.words)
        items = []
        for _item, same in groupby(listed, lambda line: line.item or id(line)):
            items.append(" ".join(with_addresses(line.runs) for line in same))
        try:
            rows = read("\n".join(items)[:LONGEST])
        except ValueError:
            # It looked like JSON, and is none.
            return None
        kept = []
        for row in rows:
            if row.same_as is not None:
                again = gettext("This source is already number %(number)d of the list.")
                self._note(again % {"number": row.same_as}, row.pasted)
                continue
            if not row.fields.get("title"):
                self._note(gettext("This source has no title yet."), row.pasted)
            kept.append({"title": row.pasted[: LENGTHS["title"]], **row.fields})
        if len(items) > MOST:
            self._note(gettext("The text is too long: its end is left out."), items[MOST])
        if not kept:
            return None
        self._lists += 1
        is_counted = len(rows) == len(items) and all(line.ordered for line in listed)
        # Of two lists nobody knows which one is meant.
        self.places = _places(rows, is_counted) if self._lists == 1 else {}
        return Sources(heading.words, tuple(kept))

    def _running(self, lines: Sequence[Line]) -> Iterator[Piece]:
        """Headings, pictures, quotes, and the running text between them."""
        for kind, same in groupby(lines, _kind):
            group = list(same)
            if kind == "heading":
                yield from (Heading(line.level, line.words) for line in group)
            elif kind == "picture":
                yield from self._pictures(group)
            elif kind.startswith("quote"):
                yield Quote("".join(f"<p>{html_of(line.runs)}</p>" for line in group))
            else:
                if any(line.kind == "row" for line in group):
                    self._note(gettext("A table became a list."), group[0].words)
                yield Text(_html(group))

    def _pictures(self, lines: list[Line]) -> Iterator[Picture]:
        captions = {line.group: line.words for line in lines if line.kind == "caption"}
        for line in lines:
            if line.kind == "picture":
                yield Picture(line.src, line.alt, captions.pop(line.group, ""))
        for words in captions.values():
            self._note(gettext("This stands outside of the text: it is left out."), words)

    def _note(self, reason: str, words: str = "") -> None:
        self.notes.append(Note(reason, words[:_SHOWN]))


def _is_above(line: Line) -> bool:
    """Whether it stands above others."""
    return line.kind in ("heading", "question")


def _is_bold_question(line: Line) -> bool:
    return is_all(line.runs, "bold") and is_question(line.words)


def asked_in(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """(question, answer as HTML) of a list of nothing else, by what sets its questions apart."""
    for is_asked in (_is_above, _is_bold_question, lambda line: is_question(line.words)):
        introduction, items = asked(lines, is_asked)
        if items and not introduction:
            return items
    return []


def asked(
    lines: Sequence[Line], is_asked: Callable[[Line], bool]
) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first question, and (question, answer) of each; HTML."""
    introduction: list[Line] = []
    found: list[tuple[str, list[Line]]] = []
    for line in lines:
        if is_asked(line):
            found.append((line.words, []))
        else:
            (found[-1][1] if found else introduction).append(line)
    return _html(introduction), [(question, _html(answer)) for question, answer in found]


def _places(rows: Sequence[Row], is_counted: bool) -> dict[int, int]:
    """{number: place among the new ones}, as the list itself numbers its rows, or by their order.

    {} for a list in which two rows have the same number, or one has none.
    """
    numbers = [number_of(row.pasted) or 0 for row in rows]
    if is_counted and not any(numbers):
        numbers = list(range(1, len(rows) + 1))
    if not all(numbers) or len(set(numbers)) < len(numbers):
        return {}
    news = count(1)
    return {number: row.same_as or next(news) for number, row in zip(numbers, rows, strict=True)}


def _kind(line: Line) -> str:
    if line.kind in ("picture", "caption"):
        return "picture"
    if line.kind == "quote":
        return f"quote {line.group}"
    return "heading" if line.kind == "heading" else "text"


def _html(lines: Sequence[Line]) -> str:
    """Paragraphs and lists; questions and headings that are none here are bold."""
    parts = []
    for group, same in groupby(lines, lambda line: (line.kind, line.group)):
        members = list(same)
        if group[0] == "item":
            parts.append(_list(_items(members)))
        elif group[0] == "row":
            parts.append(_list([(1, False, line.runs) for line in members]))
        else:
            parts.extend(_paragraphs(line) for line in members)
    return "".join(parts)


def _paragraphs(line: Line) -> str:
    runs = line.runs
    if line.kind in ("question", "heading"):
        runs = [run._replace(bold=True) for run in runs]
    # Two line breaks are a paragraph to who wrote them.
    return "".join(f"<p>{part}</p>" for part in html_of(runs).split("<br/><br/>") if part)


_Item = tuple[int, bool, list[Run]]


def _items(lines: list[Line]) -> list[_Item]:
    """(depth, whether numbered, words) of each item of a list; its paragraphs are lines."""
    items: list[_Item] = []
    for _item, same in groupby(lines, lambda line: line.item):
        members = list(same)
        runs = [run for line in members for run in (Run("\n"), *line.runs)][1:]
        items.append((members[0].depth, members[0].ordered, runs))
    return items


def _list(items: Sequence[_Item]) -> str:
    """A list with lists in it, as deep as the editor knows them."""
    parts: list[str] = []
    opened: list[str] = []
    for depth, ordered, runs in items:
        depth = min(depth, len(opened) + 1, 5)
        while len(opened) > depth:
            parts.append(f"</li></{opened.pop()}>")
        if len(opened) == depth:
            parts.append("</li>")
        else:
            opened.append("ol" if ordered else "ul")
            parts.append(f"<{opened[-1]}>")
        parts.append(f"<li>{html_of(runs)}")
    parts.extend(f"</li></{tag}>" for tag in reversed(opened))
    return "".join(parts)
