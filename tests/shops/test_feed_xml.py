"""Merchant feeds as XML: malice is refused, and memory stays flat."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import (
    ShopError,
)
from anodyne_blocks.shops.feed_xml import read_items
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from tests.shops.conftest import END, RSS, item


class TestMalice:
    @pytest.mark.parametrize(
        "doctype",
        [
            '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
            '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd">',
            '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>',
            "<!DOCTYPE rss>",
        ],
    )
    def test_document_types_are_refused(self, tmp_path: Path, market: Market, doctype: str) -> None:
        path = tmp_path / "feed.xml"
        path.write_text(doctype + RSS + item(title="TITLE").replace("TITLE", "&b;") + END)
        with pytest.raises(ShopError, match="document type"):
            list(MerchantFeed("feed", location=str(path)).catalogue(market))

    def test_deep_nesting_is_refused(self, feed, market: Market) -> None:
        with pytest.raises(ShopError, match="more than 50 deep"):
            list(feed("<a>" * 100_000).catalogue(market))

    def test_an_endless_tag_is_refused(self) -> None:
        with pytest.raises(ShopError, match="more than a mebibyte"):
            list(read_items(Endless(RSS, '<item a="', "x" * 1000)))

    def test_a_text_is_kept_only_to_a_length(self, feed, market: Market) -> None:
        (offer,) = feed(item(description="word " * 500_000)).catalogue(market)
        assert len(offer.description) <= 5000
        assert offer.description.endswith("word…")


class Endless(io.RawIOBase):
    """A file that begins with some texts, and then repeats the last for ever (or `times`)."""

    def __init__(self, *texts: str, times: int | None = None, end: str = "") -> None:
        self.parts = self.endlessly(texts, times, end)

    @staticmethod
    def endlessly(texts: tuple[str, ...], times: int | None, end: str) -> Iterator[bytes]:
        yield from (text.encode() for text in texts)
        number = 0
        while times is None or number < times:
            number += 1
            yield texts[-1].replace("NUMBER", str(number)).encode()
        yield end.encode()

    def read(self, size: int = -1) -> bytes:
        return next(self.parts, b"")


def test_memory_does_not_grow_with_the_feed() -> None:
    """The most memory in use at once is the same for 300 items as for 6,000."""

    def peak(items: int) -> int:
        one = item(id="NUMBER", description="x" * 500) + "<junk><a/></junk><!-- -->"
        file = Endless(RSS, one, times=items, end=END)
        tracemalloc.start()
        try:
            assert sum(1 for _ in read_items(file)) == items + 1
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(300)
    assert peak(6000) < peak(300) + 20_000
