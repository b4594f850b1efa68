"""Product feeds (RSS 2.0 or Atom) read as a stream: one item in memory at a time, no tree.

Expat is used directly: a document type is refused, so no entity can be declared, and nothing is
ever fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO
from xml.parsers.expat import ExpatError, ParserCreate

from anodyne_blocks.shops.base import ShopError

GOOGLE = "http://base.google.com/ns/1.0"
# Fields whose plain RSS or Atom element stands in where the g: one is missing.
_ATOM_NAMES = {"summary": "description", "content": "description"}
_ITEMS = frozenset({"item", "entry"})
_CHUNK = 64 * 1024
_MAX_TEXT = 20_000
_MAX_FIELDS = 500
_MAX_DEPTH = 50
# No honest start tag, comment or reference is this long, and Expat holds it in memory.
_MAX_TOKEN = 1024 * 1024


class _Items:
    """Collects the items that the parser has finished; `take` hands them over."""

    def __init__(self) -> None:
        self.finished: list[dict[str, str]] = []
        self.depth = 0
        # Where the fields of the item that is being read are; 0 between items.
        self.field_depth = 0
        # Its g: fields, and others.
        self.google: dict[str, str] = {}
        self.plain: dict[str, str] = {}
        self.text: list[str] = []
        self.length = 0

    def take(self) -> list[dict[str, str]]:
        taken, self.finished = self.finished, []
        return taken

    def doctype(self, *args: object) -> None:
        raise ShopError("The feed declares a document type (DTD). Feeds with one are refused.")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        # Only an item's own children: g:shipping holds a g:price that is not the product's.
        if self.depth == self.field_depth:
            self.text, self.length = [], 0
            if attributes and _field(tag)[1] == "link":
                if attributes.get("rel", "alternate") == "alternate":
                    self.data(attributes.get("href", ""))
        elif self.depth > _MAX_DEPTH:
            raise ShopError(f"The feed nests its elements more than {_MAX_DEPTH} deep.")
        elif not self.field_depth and _field(tag)[1] in _ITEMS:
            self.google, self.plain = {}, {}
            self.field_depth = self.depth + 1

    def data(self, text: str) -> None:
        if self.depth == self.field_depth and self.length < _MAX_TEXT:
            self.text.append(text[:_MAX_TEXT])
            self.length += len(text)

    def end(self, tag: str) -> None:
        if self.depth == self.field_depth:
            is_google, name = _field(tag)
            fields = self.google if is_google else self.plain
            text = "".join(self.text).strip()
            if text and len(self.google) + len(self.plain) < _MAX_FIELDS:
                fields.setdefault(name if is_google else _ATOM_NAMES.get(name, name), text)
        elif self.depth == self.field_depth - 1:
            self.finished.append(self.plain | self.google)
            self.field_depth = 0
        self.depth -= 1


def read_items(file: BinaryIO) -> Iterator[dict[str, str]]:
    """Each item of the feed as {field name without prefix: text}; the first of equal fields counts.

    `ShopError` for XML that is refused, broken or cut off, after the items before that place.
    """
    items = _Items()
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = items.doctype
    parser.StartElementHandler = items.start
    parser.CharacterDataHandler = items.data
    parser.EndElementHandler = items.end
    fed = 0
    while True:
        chunk = file.read(_CHUNK)
        fed += len(chunk)
        problem = _parse(parser, chunk)
        yield from items.take()
        if problem:
            raise problem
        if fed - parser.CurrentByteIndex > _MAX_TOKEN:
            raise ShopError("The feed holds a tag or comment of more than a mebibyte.")
        if not chunk:
            return


def _parse(parser: object, chunk: bytes) -> ShopError | None:
    # The error is kept back until the items before it were handed over.
    try:
        parser.Parse(chunk, not chunk)
    except ExpatError as error:
        return ShopError(f"The feed is no well-formed XML, or was cut off: {error}.")
    except ShopError as error:
        return error
    return None


# Bounded, for a feed may name its elements as it likes.
@lru_cache(maxsize=256)
def _field(tag: str) -> tuple[bool, str]:
    """Whether an element is Google's, and its name without namespace."""
    namespace, _, name = tag.rpartition(" ")
    return namespace == GOOGLE, name
