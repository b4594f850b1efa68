"""Product feeds (RSS 2.0 or Atom) read as a stream: only what is unfinished stays in memory.

Expat is used directly: a document type is refused, so no entity can be declared, and nothing is
ever fetched. It hands what it reads to a tree builder, both in C: a call of Python for each tag
took three times as long. After each chunk what is finished is taken out of the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
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
# Nor is an item, which the tree holds with whatever is in it.
_MAX_ITEM = 4 * 1024 * 1024


class _Tree:
    """What of the feed is not finished yet; `take` hands over the items that are."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        # Around the feed's own root, so that there is a tree from the first byte to the last.
        self.root = self.builder.start("", {})
        # Bytes read since anything was taken out.
        self.held = 0

    def end(self) -> None:
        """Nothing follows: an element where it would have followed shows what was finished."""
        self.builder.start("", {})

    def take(self, length: int) -> Iterator[dict[str, str]]:
        """The items that the last `length` bytes finished; what is finished leaves the tree."""
        self.held += length
        parent, depth, is_item = self.root, 0, False
        # Only the last child of an open element may be open, too.
        while len(parent):
            _check(depth)
            is_item = is_item or _field(parent.tag)[1] in _ITEMS
            if not is_item:
                finished = parent[:-1]
                del parent[:-1]
                parent.text = None
                parent.attrib.clear()
                if finished:
                    self.held = length
                yield from _items(finished, depth + 1)
            parent, depth = parent[-1], depth + 1


def read_items(file: BinaryIO) -> Iterator[dict[str, str]]:
    """Each item of the feed as {field name without prefix: text}; the first of equal fields counts.

    `ShopError` for XML that is refused, broken or cut off, after the items before that place.
    """
    tree = _Tree()
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = tree.builder.start
    parser.CharacterDataHandler = tree.builder.data
    parser.EndElementHandler = tree.builder.end
    fed = 0
    while True:
        chunk = file.read(_CHUNK)
        fed += len(chunk)
        problem = _parse(parser, chunk)
        if problem or not chunk:
            tree.end()
        yield from tree.take(len(chunk))
        if problem:
            raise problem
        if fed - parser.CurrentByteIndex > _MAX_TOKEN:
            raise ShopError("The feed holds a tag or comment of more than a mebibyte.")
        if tree.held > _MAX_ITEM:
            raise ShopError("The feed holds an item or a text of more than four mebibytes.")
        if not chunk:
            return


def _refuse_doctype(*args: object) -> None:
    raise ShopError("The feed declares a document type (DTD). Feeds with one are refused.")


def _parse(parser: object, chunk: bytes) -> ShopError | None:
    # The error is kept back until the items before it were handed over.
    try:
        parser.Parse(chunk, not chunk)
    except ExpatError as error:
        return ShopError(f"The feed is no well-formed XML, or was cut off: {error}.")
    except (ValueError, LookupError):
        return ShopError("The feed's encoding is not known here. Export it as UTF-8.")
    except ShopError as error:
        return error
    return None


def _check(depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ShopError(f"The feed nests its elements more than {_MAX_DEPTH} deep.")


def _items(elements: Iterable[Element], depth: int) -> Iterator[dict[str, str]]:
    """The items among elements of this depth, and in them."""
    for element in elements:
        _check(depth)
        if _field(element.tag)[1] in _ITEMS:
            yield _fields(element, depth)
        else:
            yield from _items(element, depth + 1)


def _fields(item: Element, depth: int) -> dict[str, str]:
    # Google's fields, and others.
    google: dict[str, str] = {}
    plain: dict[str, str] = {}
    # Only an item's own children: g:shipping holds a g:price that is not the product's.
    for child in item:
        is_google, name = _field(child.tag)
        text = child.text
        if len(child) or (name == "link" and child.keys()):
            text = _text(child, name, depth + 1)
        if text and len(google) + len(plain) < _MAX_FIELDS:
            if text := text[:_MAX_TEXT].strip():
                (google if is_google else plain).setdefault(name, text)
    return plain | google if plain else google


def _text(field: Element, name: str, depth: int) -> str:
    """A field's own text, without that of elements in it; the address of a link of Atom."""
    _check_within(field, depth)
    text = (field.text or "") + "".join(element.tail or "" for element in field)
    if name == "link" and field.get("rel", "alternate") == "alternate":
        return field.get("href", "") + text
    return text


def _check_within(element: Element, depth: int) -> None:
    for child in element:
        _check(depth + 1)
        _check_within(child, depth + 1)


# Bounded, for a feed may name its elements as it likes.
@lru_cache(maxsize=256)
def _field(tag: str) -> tuple[bool, str]:
    """Whether an element is Google's, and its field: its name without namespace."""
    namespace, _, name = tag.rpartition(" ")
    if namespace == GOOGLE:
        return True, name
    return False, _ATOM_NAMES.get(name, name)
