"""Feeds as they are sent: packed, and in the encodings that shops write."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Found, ShopError, Unknown
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.merchant_feed.files import read_feed
from tests.shops.conftest import END, RSS, Server, item

FEED = RSS + item(title="Łóżko é") + END
MAX = 10_000_000


def titles(data: bytes, charset: str = "") -> list[str]:
    return [found["title"] for found in read_feed(io.BytesIO(data), MAX, charset)]


def declared(name: str, title: str) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>{RSS}{item(title=title)}{END}'


class TestEncodings:
    @pytest.mark.parametrize(
        ("name", "encoding", "title"),
        [
            ("UTF-8", "utf-8", "Łóżko"), ("UTF-8", "utf-8-sig", "Łóżko"),
            ("utf-16", "utf-16", "Łóżko"), ("utf-16", "utf-16-le", "Łóżko"),
            ("utf-16", "utf-16-be", "Łóżko"), ("ISO-8859-1", "latin-1", "Café"),
            ("windows-1250", "cp1250", "Łóżko"), ("us-ascii", "ascii", "Bed"),
            # What can be read as ASCII is no UTF-16, whatever it says.
            ("utf-16", "utf-8", "Łóżko"),
        ],
    )  # fmt: skip
    def test_as_declared(self, name: str, encoding: str, title: str) -> None:
        assert titles(declared(name, title).encode(encoding)) == [title]
        if not encoding.endswith("e"):
            assert titles(("\n \n" + declared(name, title)).encode(encoding)) == [title]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_text_feeds(self, encoding: str) -> None:
        assert titles("id\ttitle\n1\tŁóżko\n".encode(encoding)) == ["Łóżko"]

    @pytest.mark.parametrize(
        ("name", "sent", "encoding"),
        [
            # The server is right, and the declaration a lie, or there is none.
            ("UTF-8", "iso-8859-1", "latin-1"), ("", "windows-1252", "cp1252"),
            ("ISO-8859-1", "utf-8", "utf-8"),
            # The declaration is right, and the server sends its default.
            ("UTF-8", "iso-8859-1", "utf-8"), ("ISO-8859-1", "utf-8", "latin-1"),
            ("UTF-8", "no-such", "utf-8"), ("UTF-8", "hex", "utf-8"),
        ],
    )  # fmt: skip
    def test_the_server_and_the_feed_disagree(self, name: str, sent: str, encoding: str) -> None:
        text = declared(name, "Café") if name else RSS + item(title="Café") + END
        assert titles(text.encode(encoding), sent) == ["Café"]

    @pytest.mark.parametrize("name", ["Shift_JIS", "EUC-JP", "no-such-encoding", "hex", "utf-7"])
    def test_an_encoding_that_cannot_be_read_is_named(self, name: str) -> None:
        with pytest.raises(ShopError, match=f"encoding {name} is not known.*Export it as UTF-8"):
            titles(declared(name, "Bed").encode())

    def test_a_lie_without_a_server_is_refused(self) -> None:
        found = read_feed(io.BytesIO(declared("UTF-8", "Café").encode("latin-1")), MAX)
        with pytest.raises(ShopError, match=r"no UTF-8 \(byte E9\)"):
            list(found)

    def test_half_a_character_is_refused(self) -> None:
        with pytest.raises(ShopError, match="none of its encoding"):
            titles(declared("utf-16", "Bed").encode("utf-16") + b"<")

    def test_control_characters_become_blanks(self) -> None:
        assert titles((RSS + item(title="Mat\x0bgrey\x00\x1f") + END).encode()) == ["Mat grey"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_a_document_type_far_down_is_refused(self, encoding: str) -> None:
        text = declared(encoding.removesuffix("-sig"), "Bed")
        text = text.replace("<rss", "<!-- long -->\n" * 20_000 + "<!DOCTYPE rss><rss", 1)
        with pytest.raises(ShopError, match="document type"):
            titles(text.encode(encoding))


class TestPacked:
    @pytest.mark.parametrize("text", [FEED, "id\ttitle\n1\tŁóżko é\n"])
    def test_gzip_is_known_by_what_it_is(self, text: str) -> None:
        assert titles(gzip.compress(text.encode())) == ["Łóżko é"]

    def test_a_packed_feed_that_is_cut_off_is_refused(self) -> None:
        whole = gzip.compress(FEED.encode())
        for broken in (whole[:-9], whole[:20] + b"\xff" + whole[21:]):
            with pytest.raises(ShopError, match="cannot be unpacked"):
                titles(broken)

    def test_a_zip_archive_is_named(self) -> None:
        with pytest.raises(ShopError, match="ZIP"):
            titles(b"PK\x03\x04rest")

    def test_what_unpacks_to_more_than_allowed_is_refused(self) -> None:
        packed = gzip.compress(FEED.encode())
        assert len(list(read_feed(io.BytesIO(packed), len(FEED.encode())))) == 1
        with pytest.raises(ShopError, match=f"more than {len(FEED)} bytes"):
            list(read_feed(io.BytesIO(packed), len(FEED)))

    @pytest.mark.parametrize("byte", [b" ", b"x", b"<", b"\0"])
    def test_a_bomb_is_refused(self, byte: bytes) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        bomb = b"".join(packer.compress(byte * 1_000_000) for _ in range(50)) + packer.flush()
        assert len(bomb) < 100_000
        with pytest.raises(ShopError):
            titles(bomb)


class TestOverHttp:
    @pytest.fixture
    def shop(self, server: Server) -> Iterator[MerchantFeed]:
        location = f"{server.url}/feeds/nl"
        with MerchantFeed("f", location=location, allow_private=True) as shop:
            yield shop

    def test_the_server_s_encoding_and_address_are_known(
        self, shop: MerchantFeed, server: Server, market: Market
    ) -> None:
        feed = declared("UTF-8", "Café").replace("</item>", "<g:link>mat</g:link></item>")
        server.says(
            "/feeds/nl", feed.encode("latin-1"), Content_Type='text/xml; charset="ISO-8859-1"'
        )
        answer = shop.fetch(["mat"], market)["mat"]
        assert isinstance(answer, Found), answer
        assert (answer.offer.title, answer.offer.url) == ("Café", f"{server.url}/feeds/mat")

    def test_a_packed_text_feed(self, shop: MerchantFeed, server: Server, market: Market) -> None:
        rows = b"id\ttitle\tprice\nmat\tMat\t53.00 EUR\n"
        server.says("/feeds/nl", gzip.compress(rows), Content_Type="application/gzip")
        assert [offer.external_id for offer in shop.catalogue(market)] == ["mat"]
        assert shop.share_read() is None

    def test_what_cannot_be_read_withdraws_nothing(
        self, shop: MerchantFeed, server: Server, market: Market
    ) -> None:
        server.says("/feeds/nl", gzip.compress(FEED.encode())[:-9])
        assert isinstance(shop.fetch(["lamp"], market)["lamp"], Unknown)
