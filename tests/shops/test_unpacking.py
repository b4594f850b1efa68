"""Compressed answers as servers really send them."""

from __future__ import annotations

import gzip
import zlib

import pytest

from anodyne_blocks.shops.unpacking import CutOff, unpacked

ONE, TWO = gzip.compress(b"one,"), gzip.compress(b"two")


def content(body: bytes, encoding: str = "gzip", size: int = 3) -> bytes:
    """The content of a body that comes in small pieces."""
    return b"".join(unpacked([body[n : n + size] for n in range(0, len(body), size)], encoding))


@pytest.mark.parametrize("size", [11, len(ONE), 10_000])
def test_a_second_member_belongs_to_it(size: int) -> None:
    assert content(ONE + TWO, size=size) == b"one,two"


@pytest.mark.parametrize("size", [1, len(ONE), 10_000])
def test_padding_at_the_end_does_not(size: int) -> None:
    assert content(ONE + b"\0" * 9, size=size) == b"one,"


@pytest.mark.parametrize("bits", [zlib.MAX_WBITS, -zlib.MAX_WBITS], ids=["with a head", "bare"])
def test_deflate_is_both_that_servers_call_so(bits: int) -> None:
    packer = zlib.compressobj(wbits=bits)
    assert content(packer.compress(b"one") + packer.flush(), "deflate") == b"one"


def test_what_ends_too_early_or_is_something_else_is_told() -> None:
    for body, encoding in ((ONE[:-5], "gzip"), (b"plain", "gzip"), (ONE + TWO[:-5], "gzip")):
        with pytest.raises(CutOff):
            content(body, encoding)
    with pytest.raises(CutOff):
        content(ONE, "br")
