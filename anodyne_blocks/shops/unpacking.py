"""Answers that a server has compressed, unpacked piece by piece into a bounded size."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

# The most that is unpacked at a time, however small the piece was.
PIECE = 64 * 1024
_GZIP = zlib.MAX_WBITS | 16


class CutOff(Exception):
    """What came is not what was packed: it ends too early, or is something else."""


def unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The content of a body that came with this Content-Encoding, at most 64 KiB at a time.

    `CutOff` where it does not end as it should, or has an encoding that was not asked for.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise CutOff
    unpacker = None
    for piece in pieces:
        while piece:
            if unpacker is None:
                unpacker = zlib.decompressobj(_wbits(piece, encoding))
            elif unpacker.eof:
                # Another member, as servers add one for what they add; or padding.
                if not piece.startswith(b"\x1f\x8b"):
                    break
                unpacker = zlib.decompressobj(_GZIP)
            try:
                content = unpacker.decompress(piece, PIECE)
            except zlib.error:
                raise CutOff from None
            if content:
                yield content
            piece = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if unpacker is not None and not unpacker.eof:
        raise CutOff


def _wbits(start: bytes, encoding: str) -> int:
    if encoding != "deflate":
        return _GZIP
    # Some servers leave the header away, which begins so.
    return zlib.MAX_WBITS if start[0] & 0x8F == 8 else -zlib.MAX_WBITS
