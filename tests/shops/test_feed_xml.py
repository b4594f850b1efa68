"""Merchant feeds as XML: malice is refused, and memory stays flat."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import ShopError
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.merchant_feed.xml import read_items
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

    @pytest.mark.parametrize("end", ["", "</g:b><g:c/></item>"])
    def test_deep_nesting_in_an_item_is_refused(self, end: str) -> None:
        deep = "<item><g:b>" + "<a>" * 60 + ("</a>" * 60 if end else "") + end
        with pytest.raises(ShopError, match="more than 50 deep"):
            list(read_items(endless(RSS, deep, times=0)))

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
            list(read_items(endless(RSS, *parts, times=20_000)))

    @pytest.mark.parametrize(
        "part", ["<item><nNUMBER/></item>", "<a nNUMBER=''/>", "<a xmlns:nNUMBER='NUMBER'/>"]
    )
    def test_endless_names_are_refused(self, part: str) -> None:
        with pytest.raises(ShopError, match="different names"):
            list(read_items(endless(RSS, part, times=20_000)))

    def test_an_endless_tag_is_refused(self) -> None:
        with pytest.raises(ShopError, match="more than a mebibyte"):
            list(read_items(endless(RSS, '<item a="', "x" * 1000)))

    def test_a_text_is_kept_only_to_a_length(self, feed, market: Market) -> None:
        (offer,) = feed(item(description="word " * 500_000)).catalogue(market)
        assert len(offer.description) <= 5000
        assert offer.description.endswith("word…")


class TestItems:
    @pytest.mark.parametrize(
        ("inside", "fields"),
        [
            ("<g:id>a<!-- b -->c<![CDATA[<d>]]></g:id>", {"id": "ac<d>"}),
            ("<g:id>a<b>c</b>d<b/>e</g:id>", {"id": "ade", "id.b": "c"}),
            ("<g:id>1</g:id><g:id>2</g:id>", {"id": "1"}),
            ("<g:id> </g:id><g:id>2</g:id>", {"id": "2"}),
            ("<id>1</id><g:id>2</g:id>", {"id": "2"}),
            ("<g:id>1</g:id><item><g:id>2</g:id></item><g:b>3</g:b>",
             {"id": "1", "item.id": "2", "b": "3"}),
            ('<link rel="edit" href="/a"/><link href="/b"/>', {"link": "/b"}),
            ("<g:a>1<g:b>2</g:b><g:b>3</g:b></g:a>", {"a": "1", "a.b": "2"}),
            ("<c:id xmlns:c='http://base.google.com/cns/1.0'>1</c:id>", {}),
            ("<s:price xmlns:s='urn:s'>1.00 EUR</s:price><price>2.00 EUR</price>",
             {"price": "2.00 EUR"}),
            ("<g:a>x&nbsp;&eacute;&unheard;&amp;</g:a>", {"a": "x\xa0é&unheard;&"}),
            ("", {}),
        ],
    )  # fmt: skip
    def test_fields(self, inside: str, fields: dict[str, str]) -> None:
        text = f"{RSS}<item>{inside}</item>{END}"
        for size in (1, 7, len(text)):
            pieces = [text[n : n + size] for n in range(0, len(text), size)]
            assert list(read_items(endless(*pieces, times=0))) == [fields], size

    @pytest.mark.parametrize(
        "namespace",
        ["http://base.google.com/ns/1.0/", "https://base.google.com/ns/1.0"],
    )
    def test_google_s_fields_come_first(self, namespace: str) -> None:
        fields = "<title>Plain</title><g:title>Google</g:title>"
        text = f"<rss xmlns:g='{namespace}'><item>{fields}</item></rss>"
        assert list(read_items([text.encode()])) == [{"title": "Google"}]
        own = f"<rss xmlns='{namespace}'><item><title>Google</title></item></rss>"
        assert list(read_items([own.encode()])) == [{"title": "Google"}]

    @pytest.mark.parametrize(
        ("site", "link", "expected"),
        [
            ("<link>https://s.example/nl/</link>", "a b?c=1", "https://s.example/nl/a%20b?c=1"),
            ("<link>https://s.example/nl/</link>", "/a", "https://s.example/a"),
            ("", "/a", "https://feeds.example/a"),
            ("<a:link xmlns:a='urn:a' rel='self' href='https://x.example/'/>", "/a",
             "https://feeds.example/a"),
            ("", "//cdn.example/a", "https://cdn.example/a"),
            ("", "www.s.example/a", "www.s.example/a"),
            ("", "javascript:alert(1)", "javascript:alert(1)"),
            ("", "//[", "https://[["[:-1]),
        ],
    )  # fmt: skip
    def test_links_are_made_whole(self, site: str, link: str, expected: str) -> None:
        text = f"<rss><channel>{site}<item><link>{link}</link></item></channel></rss>"
        for pieces in ([text.encode()], [text[n : n + 9].encode() for n in range(0, len(text), 9)]):
            (found,) = read_items(pieces, "https://feeds.example/feed.xml")
            assert found == {"link": expected}

    def test_items_anywhere(self) -> None:
        assert list(read_items(io.BytesIO(b"<item><id>1</id></item>"))) == [{"id": "1"}]
        wrapped = "".join(f"<a><b><item><id>{n}</id></item></b></a>" for n in range(9))
        assert [found["id"] for found in read_items(endless(RSS + wrapped + END, times=0))] == [
            str(n) for n in range(9)
        ]

    @pytest.mark.parametrize("rest", ["<item><g:id>b", "</wrong>", "", "</channel></rss>junk"])
    def test_what_was_finished_before_a_broken_place_is_read(self, rest: str) -> None:
        found = read_items(endless(RSS + item(id="a") + rest, times=0))
        assert next(found)["id"] == "a"
        with pytest.raises(ShopError, match="well-formed"):
            next(found)

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            (b"Black & Decker", 'line 3, column 31. There it has a bare "&": write it as "&amp;".'),
            (b"Caf\xe9", "line 3, column 27. There it is no UTF-8 (byte E9)"),
        ],
    )
    def test_a_broken_place_is_named(self, text: bytes, advice: str) -> None:
        feed = f"\n<?xml version='1.0'?>\n{RSS[:4]}><item><id>1</id><a>TEXT</a></item></rss>"
        with pytest.raises(ShopError) as refused:
            list(read_items([feed.encode().replace(b"TEXT", text)]))
        assert advice in str(refused.value)

    def test_fields_are_limited(self) -> None:
        many = "".join(f"<g:f{n}>{n}</g:f{n}>" for n in range(600))
        (found,) = read_items(endless(f"{RSS}<item>{many}</item>{END}", times=0))
        assert list(found) == [f"f{n}" for n in range(500)]
        (found,) = read_items(endless(RSS + item(id="x" * 50_000) + END, times=0))
        assert len(found["id"]) == 20_000


def endless(*texts: str, times: int | None = None, end: str = "") -> Iterator[bytes]:
    """Pieces of a feed: some texts, and then the last of them for ever (or `times`)."""
    yield from (text.encode() for text in texts)
    number = 0
    while times is None or number < times:
        number += 1
        yield texts[-1].replace("NUMBER", str(number)).encode()
    yield end.encode()


def test_memory_does_not_grow_with_the_feed() -> None:
    """The most memory in use at once is the same for 300 items as for 6,000."""

    def peak(items: int) -> int:
        one = item(id="NUMBER", description="x" * 500) + "<junk><a/></junk><!-- -->"
        file = endless(RSS, one, times=items, end=END)
        tracemalloc.start()
        try:
            assert sum(1 for _ in read_items(file)) == items + 1
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(300)
    assert peak(6000) < peak(300) + 20_000
