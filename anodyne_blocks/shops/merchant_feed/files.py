"""A feed as it is sent: packed or plain, in one of many encodings, XML or text."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from anodyne_blocks.shops.base import ShopError
from anodyne_blocks.shops.merchant_feed.tsv import read_rows
from anodyne_blocks.shops.merchant_feed.xml import read_items

_PIECE = 64 * 1024
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    # Without a mark, but it begins with a tag.
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]{1,40})["']""").match
# The encodings that are read, by Python's names: none in which a byte means several things.
_KNOWN = re.compile("utf-8|ascii|utf-16(-[lb]e)?|iso8859-[0-9]+|cp125[0-9]|koi8-[ru]").fullmatch
# XML knows none of them, and exports write them for line breaks.
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_BLANKED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))


def read_feed(
    file: BinaryIO, max_bytes: int, charset: str = "", address: str = ""
) -> Iterator[dict[str, str]]:
    """Each product of a feed as {field: text}, see `read_items` and `read_rows`.

    `file` can be sought, and may unpack to `max_bytes`. `charset` is what the server says of its
    encoding. `address` is where it came from. `ShopError` after the products before that place.
    """
    pieces = _utf8(file, max_bytes, charset)
    first = next(pieces, b"")
    whole = chain((first,), pieces)
    if not first.strip() or first.lstrip().startswith(b"<"):
        return read_items(whole, address)
    return read_rows(whole, address)


def _utf8(file: BinaryIO, max_bytes: int, charset: str) -> Iterator[bytes]:
    """The feed in UTF-8 without a mark at its beginning, and without control characters."""
    head = next(_unpacked(file, max_bytes), b"")
    mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
    encoding = _MARKS[mark] if mark else _encoding(file, head, max_bytes, charset)
    pieces = _unpacked(file, max_bytes)
    if mark and b"<" not in mark:
        pieces = chain((next(pieces)[len(mark) :],), pieces)
    if encoding != "utf-8":
        pieces = _decoded(pieces, encoding)
    # Whether it is UTF-8 is seen where it is read, with the line.
    return (piece.translate(_BLANKED) for piece in pieces)


def _unpacked(file: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    file.seek(0)
    magic = file.read(4)
    file.seek(0)
    if magic == b"PK\x03\x04":
        raise ShopError("The feed is a ZIP archive. Send it plain, or packed by gzip.")
    source = gzip.GzipFile(fileobj=file) if magic.startswith(b"\x1f\x8b") else file
    size = 0
    try:
        while piece := source.read(_PIECE):
            size += len(piece)
            if size > max_bytes:
                raise ShopError(f"The feed has more than {max_bytes} bytes.")
            yield piece
    except (OSError, EOFError, zlib.error):
        raise ShopError("The feed cannot be unpacked, or was cut off.") from None


def _encoding(file: BinaryIO, head: bytes, max_bytes: int, charset: str) -> str:
    """The encoding that the server or the feed names; UTF-8 where one does and the feed is."""
    match = _DECLARED(head)
    declared = _known(match[1].decode()) if match else "utf-8"
    if not declared:
        named = match[1].decode() if match else ""
        raise ShopError(f"The feed's encoding {named} is not known here. Export it as UTF-8.")
    # What could be read so far has one byte for each character.
    declared = "utf-8" if declared.startswith("utf-16") else declared
    sent = _known(charset) or declared
    if sent == declared:
        return declared
    if "utf-8" in (sent, declared) and _is_utf8(_unpacked(file, max_bytes)):
        return "utf-8"
    return declared if sent == "utf-8" else sent


def _known(name: str) -> str:
    """Python's name of an encoding that is read; "" for any other."""
    try:
        found = codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
    return found if _KNOWN(found) else ""


def _is_utf8(pieces: Iterator[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise ShopError(
            f"The feed holds bytes that are none of its encoding ({encoding}). Export it as UTF-8."
        ) from None
