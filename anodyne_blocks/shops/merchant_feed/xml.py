"""Product feeds (RSS 2.0 or Atom) read as a stream: only what is unfinished stays in memory.

Expat is used directly: a document type is refused, so no entity can be declared, and nothing is
ever fetched. It hands what it reads to a tree builder, both in C: a call of Python for each tag
took three times as long. After each piece what is finished is taken out of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.entities import html5
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate

from anodyne_blocks.shops.base import ShopError
from anodyne_blocks.shops.merchant_feed.values import complete_links

# As Google has it, and as feeds write it.
_GOOGLE = frozenset(
    f"{scheme}://base.google.com/ns/1.0{end}" for scheme in ("http", "https") for end in ("", "/")
)
# Fields whose plain RSS or Atom element stands in where the g: one is missing.
_ATOM_NAMES = {"summary": "description", "content": "description"}
_ITEMS = frozenset({"item", "entry"})
MAX_TEXT = 20_000
MAX_FIELDS = 500
_MAX_DEPTH = 50
# No honest start tag, comment or reference is this long, and Expat holds it in memory.
_MAX_TOKEN = 1024 * 1024
# Nor is an item, which the tree holds with whatever is in it.
MAX_ITEM = 4 * 1024 * 1024
# Expat keeps every name of an element, attribute or namespace that it ever met.
_MAX_NAMES = 10_000

# The pieces are UTF-8, whatever the declaration says.
_DECLARATION = re.compile(rb"\A(\s*)<\?xml\s.*?\?>", re.DOTALL)


class _Tree:
    """What of the feed is not finished yet; `take` hands over the items that are."""

    def __init__(self, address: str) -> None:
        self.builder = TreeBuilder()
        # Around the feed's own root, so that there is a tree from the first byte to the last.
        self.root = self.builder.start("", {})
        # Bytes read since anything was taken out.
        self.held = 0
        # What relative links are relative to.
        self.address = address
        self.is_site_known = False

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
            is_item = is_item or _split(parent.tag)[1] in _ITEMS
            if not is_item:
                finished = parent[:-1]
                del parent[:-1]
                parent.text = None
                parent.attrib.clear()
                if finished:
                    self.held = length
                yield from self._items(finished, depth + 1)
            parent, depth = parent[-1], depth + 1

    def _items(self, elements: Iterable[Element], depth: int) -> Iterator[dict[str, str]]:
        """The items among elements of this depth, and in them."""
        for element in elements:
            _check(depth)
            name = _split(element.tag)[1]
            if name in _ITEMS:
                fields = _fields(element, depth)
                complete_links(fields, self.address)
                yield fields
            elif name == "link" and depth <= 3 and not self.is_site_known:
                site = _text(element, name, depth).strip()
                self.is_site_known = site.startswith("http")
                self.address = site if self.is_site_known else self.address
            else:
                yield from self._items(element, depth + 1)


def read_items(pieces: Iterable[bytes], address: str = "") -> Iterator[dict[str, str]]:
    """Each item of the feed as {field name without prefix: text}; the first of equal fields counts.

    `pieces` are UTF-8. An element within a field is "field.element". Links are relative to the
    feed's own link, or else to `address`. HTML's entities are known. `ShopError` for XML that is
    refused, broken or cut off, after the items before that place.
    """
    tree = _Tree(address)
    parser = _parser(tree.builder)
    fed = names = 0
    for piece in _and_end(pieces):
        if not fed:
            piece = _DECLARATION.sub(_blank, piece)
        problem = _parse(parser, piece, fed)
        fed += len(piece)
        if problem or not piece:
            tree.end()
        yield from tree.take(len(piece))
        if problem:
            raise problem
        if fed - parser.CurrentByteIndex > _MAX_TOKEN:
            raise ShopError("The feed holds a tag or comment of more than a mebibyte.")
        if tree.held > MAX_ITEM:
            raise ShopError("The feed holds an item or a text of more than four mebibytes.")
        # Counted from time to time: all of them for each new one would take its square.
        if len(parser.intern) > names + 50:
            names = len(parser.intern)
            length = sum(len(name or "") for name in parser.intern)
            if names > _MAX_NAMES or length > _MAX_TOKEN:
                raise ShopError(
                    f"The feed uses more than {_MAX_NAMES} different names of elements."
                )


def _and_end(pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield from filter(None, pieces)
    yield b""


def _blank(declaration: re.Match[bytes]) -> bytes:
    # Its place is kept, so that lines are counted right.
    return re.sub(rb"[^\n]", b" ", declaration[0])


def _parser(builder: TreeBuilder) -> Any:
    parser = ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = builder.start
    parser.CharacterDataHandler = builder.data
    parser.EndElementHandler = builder.end
    # Has them counted among the names.
    parser.StartNamespaceDeclHandler = _ignore
    # As if there were a document type elsewhere, which is not read: it might declare entities.
    parser.UseForeignDTD(True)
    parser.SkippedEntityHandler = lambda name, _: builder.data(html5.get(f"{name};", f"&{name};"))
    return parser


def _ignore(*args: object) -> None:
    pass


def _refuse_doctype(*args: object) -> None:
    raise ShopError("The feed declares a document type (DTD). Feeds with one are refused.")


def _parse(parser: Any, piece: bytes, fed: int) -> ShopError | None:
    # The error is kept back until the items before it were handed over.
    try:
        parser.Parse(piece, not piece)
    except ExpatError as error:
        place = parser.ErrorByteIndex - fed
        return ShopError(
            f"The feed is no well-formed XML, or was cut off: {error}.{_advice(piece, place)}"
        )
    except ShopError as error:
        return error
    return None


def _advice(piece: bytes, place: int) -> str:
    """What to do about an error at this place of a piece; empty where nobody knows."""
    if not 0 <= place < len(piece):
        return ""
    byte = piece[place]
    if byte >= 0x80:
        return f" There it is no UTF-8 (byte {byte:02X}): correct the encoding that it declares."
    if b"&" in piece[max(place - 1, 0) : place + 1]:
        return ' There it has a bare "&": write it as "&amp;".'
    return ""


def _check(depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ShopError(f"The feed nests its elements more than {_MAX_DEPTH} deep.")


def _fields(item: Element, depth: int) -> dict[str, str]:
    # Google's fields, and others.
    google: dict[str, str] = {}
    plain: dict[str, str] = {}
    own = _split(item.tag)[0]
    # Only an item's own children: g:shipping holds a g:price that is not the product's.
    for child in item:
        namespace, name = _split(child.tag)
        if namespace in _GOOGLE:
            fields = google
        elif not namespace or namespace == own:
            fields, name = plain, _ATOM_NAMES.get(name, name)
        else:
            # Another format's, or c:, the shop's own.
            if len(child):
                _check_within(child, depth + 1)
            continue
        text = child.text
        if len(child) or (name == "link" and child.keys()):
            text = _text(child, name, depth + 1)
            _put_parts(fields, name, child)
        if text and (text := text[:MAX_TEXT].strip()) and name not in fields:
            fields[name] = text
            if len(google) + len(plain) >= MAX_FIELDS:
                break
    return plain | google if plain else google


def _put_parts(fields: dict[str, str], name: str, field: Element) -> None:
    for part in field:
        text = (part.text or "")[:MAX_TEXT].strip()
        if text and len(fields) < MAX_FIELDS:
            fields.setdefault(f"{name}.{_split(part.tag)[1]}", text)


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
def _split(tag: str) -> tuple[str, str]:
    """An element's namespace and its name."""
    namespace, _, name = tag.rpartition(" ")
    return namespace, name
