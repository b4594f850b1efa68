"""Merchant feeds as XML: malice is refused, and memory stays flat."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import ShopError
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

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_a_document_type_far_down_is_refused(self, encoding: str) -> None:
        name = encoding.removesuffix("-sig")
        text = f'<?xml version="1.0" encoding="{name}"?>' + "<!-- long -->\n" * 20_000
        file = io.BytesIO((text + "<!DOCTYPE rss>" + RSS + item() + END).encode(encoding))
        with pytest.raises(ShopError, match="document type"):
            list(read_items(file))

    @pytest.mark.parametrize("end", ["", "</g:b><g:c/></item>"])
    def test_deep_nesting_in_an_item_is_refused(self, end: str) -> None:
        deep = "<item><g:b>" + "<a>" * 60 + ("</a>" * 60 if end else "") + end
        with pytest.raises(ShopError, match="more than 50 deep"):
            list(read_items(Endless(RSS, deep, times=0)))

    @pytest.mark.parametrize(
        "parts",
        [
            ("<item>", "<a b=''/>" * 100),
            ("<item><g:id>", "x" * 1000),
            ("<item/>", " " * 1000),
            ("<item><g:b>", "<a/>" * 100),
        ],
    )
    def test_an_endless_item_is_refused(self, parts: tuple[str, str]) -> None:
        with pytest.raises(ShopError, match="more than four mebibytes"):
            list(read_items(Endless(RSS, *parts, times=20_000)))

    @pytest.mark.parametrize("encoding", ["Shift_JIS", "EUC-JP", "no-such-encoding"])
    def test_an_encoding_that_cannot_be_read_is_named(self, encoding: str) -> None:
        with pytest.raises(ShopError, match="Export it as UTF-8"):
            list(
                read_items(
                    io.BytesIO(f'<?xml version="1.0" encoding="{encoding}"?><rss/>'.encode())
                )
            )

    def test_an_endless_tag_is_refused(self) -> None:
        with pytest.raises(ShopError, match="more than a mebibyte"):
            list(read_items(Endless(RSS, '<item a="', "x" * 1000)))

    def test_a_text_is_kept_only_to_a_length(self, feed, market: Market) -> None:
        (offer,) = feed(item(description="word " * 500_000)).catalogue(market)
        assert len(offer.description) <= 5000
        assert offer.description.endswith("word…")


class TestItems:
    @pytest.mark.parametrize(
        ("inside", "fields"),
        [
            ("<g:id>a<!-- b -->c<![CDATA[<d>]]></g:id>", {"id": "ac<d>"}),
            ("<g:id>a<b>c</b>d<b/>e</g:id>", {"id": "ade"}),
            ("<g:id>1</g:id><g:id>2</g:id>", {"id": "1"}),
            ("<g:id> </g:id><g:id>2</g:id>", {"id": "2"}),
            ("<id>1</id><g:id>2</g:id>", {"id": "2"}),
            ("<g:id>1</g:id><item><g:id>2</g:id></item><g:b>3</g:b>", {"id": "1", "b": "3"}),
            ('<link rel="edit" href="/a"/><link href="/b"/>', {"link": "/b"}),
            ("", {}),
        ],
    )
    def test_fields(self, inside: str, fields: dict[str, str]) -> None:
        text = f"{RSS}<item>{inside}</item>{END}"
        for size in (1, 7, len(text)):
            pieces = [text[n : n + size] for n in range(0, len(text), size)]
            assert list(read_items(Endless(*pieces, times=0))) == [fields], size

    def test_items_anywhere(self) -> None:
        assert list(read_items(io.BytesIO(b"<item><id>1</id></item>"))) == [{"id": "1"}]
        wrapped = "".join(f"<a><b><item><id>{n}</id></item></b></a>" for n in range(9))
        assert [found["id"] for found in read_items(Endless(RSS + wrapped + END, times=0))] == [
            str(n) for n in range(9)
        ]

    @pytest.mark.parametrize("rest", ["<item><g:id>b", "</wrong>", "", "</channel></rss>junk"])
    def test_what_was_finished_before_a_broken_place_is_read(self, rest: str) -> None:
        found = read_items(Endless(RSS + item(id="a") + rest, times=0))
        assert next(found)["id"] == "a"
        with pytest.raises(ShopError, match="well-formed"):
            next(found)

    def test_fields_are_limited(self) -> None:
        many = "".join(f"<g:f{n}>{n}</g:f{n}>" for n in range(600))
        (found,) = read_items(Endless(f"{RSS}<item>{many}</item>{END}", times=0))
        assert list(found) == [f"f{n}" for n in range(500)]
        (found,) = read_items(Endless(RSS + item(id="x" * 50_000) + END, times=0))
        assert len(found["id"]) == 20_000


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
