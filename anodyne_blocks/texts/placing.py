"""A draft's pieces as the blocks that a page's body has for them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

from django.utils.text import Truncator
from wagtail.admin.rich_text.converters.editor_html import EditorHTMLConverter
from wagtail.blocks import Block, ListBlock, RichTextBlock, StreamBlock, StructBlock

from anodyne_blocks.article.texts import LINK_TYPE
from anodyne_blocks.article.walking import stream_fields
from anodyne_blocks.blocks import (
    FAQBlock,
    HeadingBlock,
    ImageBlock,
    ParagraphBlock,
    QuoteBlock,
    SourceListBlock,
    StandfirstBlock,
)
from anodyne_blocks.texts.draft import (
    Draft,
    Heading,
    Picture,
    Piece,
    Questions,
    Quote,
    Sources,
    Text,
)
from anodyne_blocks.texts.marks import cited_in, without_marks

_BLOCKS: dict[type, type[Block]] = {
    Heading: HeadingBlock,
    Text: ParagraphBlock,
    Quote: QuoteBlock,
    Picture: ImageBlock,
    Questions: FAQBlock,
    Sources: SourceListBlock,
}


class Placed(NamedTuple):
    """A block of a body: the name of its type, its value as it is stored, and what it shows."""

    name: str
    value: Any
    words: str
    src: str = ""


def body_field(model: Any) -> Any:
    """The first field of a page's model that can hold an article's headings and texts, or None."""
    fields = stream_fields(model)
    return next((field for field in fields if _name(field.stream_block, Text)), None)


def placed(draft: Draft, stream: StreamBlock, stored: Iterable[Any] = ()) -> list[Placed]:
    """The blocks that a draft becomes below those that a body has `stored`; images are empty.

    What a body has no block for, or only one that is there already, becomes running text.
    """
    placing = _Placing(stream, [item["type"] for item in stored])
    placing.keys = placing.keys_for(cited_in(draft.pieces))
    if draft.standfirst:
        placing.standfirst(draft.standfirst)
    for piece in draft.pieces:
        placing.piece(piece)
    return placing.blocks


def bring_in(
    page: Any, field: Any, draft: Draft, images: Mapping[str, Any], *, replace: bool = False
) -> None:
    """Put a draft's blocks into a field of a page in memory, below what is there or in its place.

    `images` are those of the library by `Picture.src`; a picture without one is left out.
    """
    body = [] if replace else getattr(page, field.name).get_prep_value()
    for name, value, _words, src in placed(draft, field.stream_block, body):
        if src:
            if src not in images:
                continue
            value = {**value, "image": images[src].pk}
        body.append({"type": name, "value": value, "id": str(uuid.uuid4())})
    setattr(page, field.name, json.dumps(body))


def _name(stream: StreamBlock, kind: type, full: Iterable[str] = ()) -> str:
    """The type of block that a stream has for a kind of piece, "" for none that is free."""
    wanted: Any = _BLOCKS.get(kind, kind)
    free = {name: block for name, block in stream.child_blocks.items() if name not in full}
    found = (name for name, block in free.items() if isinstance(block, wanted))
    plain = (name for name, block in free.items() if isinstance(block, RichTextBlock))
    return next(found, "") or (next(plain, "") if kind is Text else "")


class _Placing:
    def __init__(self, stream: StreamBlock, there: list[str]) -> None:
        self.stream = stream
        self.there = there
        self.blocks: list[Placed] = []
        # {place: key} of the sources that texts cite.
        self.keys: dict[int, str] = {}

    def keys_for(self, places: Iterable[int]) -> dict[int, str]:
        """A key for each of these sources, if the body takes a list whose sources have keys."""
        name = self.free(Sources)
        listed = self.stream.child_blocks[name].child_blocks.get("sources") if name else None
        if "key" not in getattr(getattr(listed, "child_block", None), "child_blocks", ()):
            return {}
        return {place: uuid.uuid4().hex[:12] for place in places}

    def standfirst(self, text: str) -> None:
        name = self.free(StandfirstBlock)
        if name:
            self.add(name, {"text": text}, text)
        else:
            self.piece(Text(f"<p>{escape(text)}</p>"))

    def piece(self, piece: Piece) -> None:
        name = self.free(type(piece))
        if name:
            self.add(name, _given(piece, self.keys), *_shown(piece))
        else:
            for part in _simpler(piece):
                self.piece(part)

    def free(self, kind: type) -> str:
        counts = self.stream.meta.block_counts or {}
        full = {
            name
            for name, limits in counts.items()
            if self.there.count(name) >= (limits.get("max_num") or float("inf"))
        }
        return _name(self.stream, kind, full)

    def add(self, name: str, given: Any, words: str, src: str = "") -> None:
        block = self.stream.child_blocks[name]
        if isinstance(block, RichTextBlock):
            given = given["text"]
        self.blocks.append(Placed(name, stored(block, given, self.keys), words, src))
        self.there.append(name)


def _given(piece: Piece, keys: Mapping[int, str]) -> dict[str, Any]:
    """The fields of a block of the package."""
    if isinstance(piece, Heading):
        return {"level": str(piece.level), "text": piece.text}
    if isinstance(piece, (Text, Quote)):
        return {"text": piece.html}
    if isinstance(piece, Picture):
        return {"image": None, "alt_text": piece.alt, "caption": piece.caption}
    if isinstance(piece, Questions):
        level = "" if piece.level == 2 else str(piece.level)
        return {
            "heading": piece.heading,
            "heading_level": level,
            "introduction": piece.introduction,
            "questions": [question_given(item) for item in piece.items],
            "is_faq_page": True,
        }
    sources = [
        {**fields, "key": keys.get(place, "")} for place, fields in enumerate(piece.items, start=1)
    ]
    return {"heading": piece.heading, "sources": sources}


def question_given(item: tuple[str, str]) -> dict[str, str]:
    """A question and its answer as HTML as the fields of a block."""
    return {"question": item[0], "answer": item[1]}


def _shown(piece: Piece) -> tuple[str, str]:
    """The words by which a piece is known in a list, and the address of its picture."""
    if isinstance(piece, Heading):
        return piece.text, ""
    if isinstance(piece, (Text, Quote)):
        return piece.html, ""
    if isinstance(piece, Picture):
        return piece.alt or piece.caption, piece.src
    items = [question for question, _html in piece.items] if isinstance(piece, Questions) else []
    items = items or [fields["title"] for fields in getattr(piece, "items", ())]
    return "\n".join([piece.heading, *items]), ""


def _simpler(piece: Piece) -> Iterator[Piece]:
    """The same in pieces that are simpler; nothing of a picture, or of a text without a place."""
    if isinstance(piece, Heading):
        yield Text(f"<p><b>{escape(piece.text)}</b></p>")
    elif isinstance(piece, Quote):
        yield Text(piece.html)
    elif isinstance(piece, Questions):
        yield Heading(piece.level, piece.heading)
        yield from [Text(piece.introduction)] if piece.introduction else ()
        for question, answer in piece.items:
            yield Heading(min(piece.level + 1, 4), question)
            yield Text(answer)
    elif isinstance(piece, Sources):
        yield Heading(2, piece.heading)
        lines = "".join(f"<li>{escape(_line(fields))}</li>" for fields in piece.items)
        yield Text(f"<ol>{lines}</ol>")


def _line(fields: Mapping[str, str]) -> str:
    names = ("authors", "title", "container", "year", "doi", "url")
    return ". ".join(fields[name] for name in names if fields.get(name))


def _link(keys: Mapping[int, str], place: int) -> str:
    """A citation as Wagtail's converter of rich text reads it."""
    key = keys.get(place)
    return f'<a data-linktype="{LINK_TYPE}" data-id="{key}"></a>' if key else ""


def stored(block: Block, given: Any, keys: Mapping[int, str]) -> Any:
    """A value as a block stores it: only fields that it has, no text longer than it takes."""
    if isinstance(block, StructBlock):
        return {
            name: stored(child, given[name], keys)
            for name, child in block.child_blocks.items()
            if name in given
        }
    if isinstance(block, ListBlock):
        return [
            {
                "type": "item",
                "value": stored(block.child_block, item, keys),
                "id": str(uuid.uuid4()),
            }
            for item in given
        ]
    if isinstance(block, RichTextBlock):
        features = block.features or ()
        html = without_marks(given, lambda place: _link(keys, place) if "cite" in features else "")
        return EditorHTMLConverter(block.features).to_database_format(html)
    longest = getattr(getattr(block, "field", None), "max_length", None)
    if isinstance(given, str) and longest and len(given) > longest:
        return Truncator(given).chars(longest)
    return given
