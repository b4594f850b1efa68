"""Merchant feeds: what is read, and what is answered about an id."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.base import Found, Gone, ShopError, Unknown
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.offer import ShopOffer
from tests.shops.conftest import END, RSS, Server, item, reply


class TestReading:
    def test_every_field_of_an_offer(self, entry) -> None:
        assert entry(
            id="balm",
            title="Balm &amp; <b>more</b>",
            description="<p>Warms.</p><p>Smells of camphor.</p>",
            link="https://shop.example/balm?a=1&b=2",
            image_link="https://shop.example/balm.webp",
            price="12.95 EUR",
            availability="in stock",
            unit_pricing_measure="75ml",
            unit_pricing_base_measure="100ml",
            brand="Atlas",
        ) == ShopOffer(
            external_id="balm",
            brand="Atlas",
            variant="balm",
            title="Balm & more",
            description="Warms. Smells of camphor.",
            url="https://shop.example/balm?a=1&b=2",
            image_url="https://shop.example/balm.webp",
            price=Decimal("12.95"),
            currency="EUR",
            tax_included=True,
            availability=Stock.IN_STOCK,
            unit_price=Decimal("17.27"),
            unit_measure="100 ml",
        )

    @pytest.mark.parametrize(
        ("word", "expected"),
        [
            ("in_stock", "in_stock"), ("in stock", "in_stock"), ("In Stock", "in_stock"),
            ("out_of_stock", "out_of_stock"), ("out of stock", "out_of_stock"),
            ("preorder", "preorder"), ("backorder", "backorder"), ("", "unknown"),
            ("perhaps", "unknown"),
        ],
    )  # fmt: skip
    def test_both_spellings_of_availability(self, entry, word: str, expected: str) -> None:
        assert entry(availability=word).availability == expected

    @pytest.mark.parametrize(
        ("measure", "base", "expected"),
        [
            ("75ml", "100ml", ("66.67", "100 ml")),
            ("5m", "1m", ("10.00", "1 m")),
            ("5 m", "", ("10.00", "1 m")),
            ("250g", "", ("200.00", "1 kg")),
            ("0.5 l", "100 ml", ("10.00", "100 ml")),
            ("75ml", "100g", (None, "")),
            ("0ml", "100ml", (None, "")),
            ("75ml", "0ml", (None, "")),
            ("some", "100ml", (None, "")),
            ("", "", (None, "")),
        ],
    )
    def test_unit_prices(self, entry, measure: str, base: str, expected) -> None:
        offer = entry(
            price="50.00 EUR", unit_pricing_measure=measure, unit_pricing_base_measure=base
        )
        amount = None if expected[0] is None else Decimal(expected[0])
        assert (offer.unit_price, offer.unit_measure) == (amount, expected[1])

    @pytest.mark.parametrize(
        ("sale", "period", "price"),
        [
            ("8.00 EUR", "2026-03-01/", 8),
            ("8.00 EUR", "/2026-03-31", 8),
            ("8.00 EUR", "2026-04-01/", 12),
            ("8.00 EUR", "/", 8),
            ("0.00 EUR", "", 12),
        ],
    )
    def test_sales_as_exports_write_them(self, entry, sale: str, period: str, price: int) -> None:
        found = entry(price="12.00 EUR", sale_price=sale, sale_price_effective_date=period)
        assert (found.price, found.list_price) == (price, 12 if price == 8 else None)

    def test_a_unit_price_is_that_of_the_sale(self, entry) -> None:
        offer = entry(sale_price="40.00 EUR", unit_pricing_measure="500g")
        assert offer.unit_price == Decimal("80.00")

    def test_prices_in_america_are_without_tax(self, feed) -> None:
        for country, expected in [("US", False), ("GB", True), ("", None)]:
            market = Market("m", ("en",), country, "EUR")
            (offer,) = feed(item()).catalogue(market)
            assert offer.tax_included is expected

    def test_a_shipping_price_is_not_the_product_s(self, feed, market: Market) -> None:
        shipping = "<g:shipping><g:price>4.95 EUR</g:price></g:shipping>"
        (offer,) = feed(item().replace("<item>", f"<item>{shipping}")).catalogue(market)
        assert offer.price == Decimal("53.00")

    def test_plain_rss_elements_stand_in(self, feed, market: Market) -> None:
        rss = (
            "<item><title>Plain</title><link>https://shop.example/1</link><g:id>1</g:id>"
            "<description>Text</description><g:price>1.00 EUR</g:price></item>"
        )
        (offer,) = feed(rss).catalogue(market)
        assert (offer.title, offer.url) == ("Plain", "https://shop.example/1")
        (offer,) = feed(rss.replace("</item>", "<g:title>Google</g:title></item>")).catalogue(
            market
        )
        assert offer.title == "Google"

    def test_atom(self, tmp_path: Path, market: Market) -> None:
        path = tmp_path / "feed.xml"
        path.write_text(
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">'
            "<title>Shop</title><entry><g:id>mat</g:id><title>Mat</title><summary>Soft</summary>"
            '<link rel="edit" href="https://shop.example/edit"/>'
            '<link href="https://shop.example/mat"/><g:price>53.00 EUR</g:price></entry></feed>'
        )
        (offer,) = MerchantFeed("feed", location=str(path)).catalogue(market)
        assert (offer.external_id, offer.title, offer.description, offer.url) == (
            "mat", "Mat", "Soft", "https://shop.example/mat",
        )  # fmt: skip

    def test_the_market_is_part_of_the_place(self, tmp_path: Path) -> None:
        for key in ("nl", "en"):
            (tmp_path / f"{key}-EUR.xml").write_text(RSS + item(title=f"Mat {key}") + END)
        feed = MerchantFeed("feed", location=str(tmp_path / "{market}-{currency}.xml"))
        for key in ("nl", "en"):
            (offer,) = feed.catalogue(Market(key, (key,), "", "EUR"))
            assert offer.title == f"Mat {key}"


class TestAnswers:
    def test_found_gone_and_unreadable(self, feed, market: Market) -> None:
        shop = feed(item(id="a"), item(id="b", price="?"))
        answers = shop.fetch(["b", "a", "c"], market)
        assert [type(answer) for answer in answers.values()] == [Unknown, Found, Gone]

    def test_a_cut_off_feed_makes_nothing_gone(self, feed, tmp_path: Path, market: Market) -> None:
        shop = feed(item(id="a"), item(id="b"))
        path = tmp_path / "feed.xml"
        path.write_text(path.read_text()[:-60])
        entries = shop.catalogue(market)
        assert next(entries).external_id == "a"
        with pytest.raises(ShopError, match="cut off"):
            list(entries)
        answers = shop.fetch(["a", "b", "c"], market)
        assert [type(answer) for answer in answers.values()] == [Found, Unknown, Unknown]

    @pytest.mark.parametrize("content", ["", RSS + END, "<html><p>Maintenance</p></html>", "{}"])
    def test_a_feed_without_products_makes_nothing_gone(
        self, tmp_path: Path, market: Market, content: str
    ) -> None:
        (tmp_path / "feed.xml").write_text(content)
        shop = MerchantFeed("feed", location=str(tmp_path / "feed.xml"))
        assert isinstance(shop.fetch(["a"], market)["a"], Unknown)

    def test_search_puts_titles_first(self, feed, market: Market) -> None:
        shop = feed(
            item(id="a", title="Stool", description="For a standing desk"),
            item(id="b", title="Desk MAT"),
            item(id="c", title="Lamp"),
            item(id="desk-4", title="Table"),
        )
        assert [o.external_id for o in shop.search("desk", market)] == ["b", "a", "desk-4"]
        assert [o.external_id for o in shop.search("mat desk", market)] == ["b"]
        assert shop.search("  ", market) == []

    @pytest.mark.parametrize(
        ("title", "typed"),
        [
            ("IŞIKLI İPEK", "ışıklı ipek"),
            ("Işıklı ipek", "IŞIKLI İPEK"),
            ("ΜΑΞΙΛΑΡΙ ΜΕΣΗΣ", "μαξιλάρι μέσης"),
            ("Coussin à mémoire", "COUSSIN A MEMOIRE"),
            ("ガードル", "ガードル"),
        ],
    )
    def test_search_knows_capitals_of_every_language(
        self, feed, market: Market, title: str, typed: str
    ) -> None:
        shop = feed(item(id="a", title=title))
        assert [o.title for o in shop.search(typed, market)] == [title]
        assert shop.search("カートル", market) == []


class TestOverHttp:
    @pytest.fixture
    def shop(self, server: Server) -> Iterator[MerchantFeed]:
        location = f"{server.url}/{{market}}.xml"
        with MerchantFeed("f", location=location, allow_private=True, keep_seconds=0) as shop:
            yield shop

    def test_an_unchanged_feed_is_not_sent_again(
        self, shop: MerchantFeed, server: Server, market: Market
    ) -> None:
        stamp = "Tue, 10 Mar 2026 10:00:00 GMT"
        feed = (RSS + item() + END).encode()
        new = (RSS + item(title="New") + END).encode()
        server.says_in_turn(
            "/nl.xml",
            lambda h: reply(h, feed, ETag='"one"', Last_Modified=stamp),
            lambda h: reply(h, status=304),
            lambda h: reply(h, new, ETag='"two"'),
        )
        titles = [next(iter(shop.catalogue(market))).title for _ in range(3)]
        assert titles == ["Mat", "Mat", "New"]
        asked = [headers for _, _, headers in server.requests]
        assert "If-None-Match" not in asked[0]
        for headers in asked[1:]:
            assert headers["If-None-Match"] == '"one"'
            assert headers["If-Modified-Since"] == stamp

    def test_a_feed_is_kept_for_a_while(self, server: Server, market: Market) -> None:
        server.says("/feed.xml", (RSS + item() + END).encode())
        with MerchantFeed("f", location=f"{server.url}/feed.xml", allow_private=True) as shop:
            shop.fetch(["mat"], market)
            assert len(shop.search("mat", market)) == 1
        assert len(server.requests) == 1

    def test_nothing_is_gone_when_the_server_fails(
        self, shop: MerchantFeed, server: Server, market: Market
    ) -> None:
        server.says("/nl.xml", b"", 503, Retry_After="600")
        answer = shop.fetch(["mat"], market)["mat"]
        assert answer == Unknown("mat", f"{server.url} answered 503.", 600.0)

    def test_a_market_s_name_cannot_change_the_address(
        self, shop: MerchantFeed, server: Server
    ) -> None:
        server.says("/a%2F..%2Fb%3F.xml", (RSS + item() + END).encode())
        assert list(shop.catalogue(Market("a/../b?", ("nl",), "", "EUR")))

    def test_private_addresses_must_be_allowed(self, server: Server, market: Market) -> None:
        with MerchantFeed("f", location=f"{server.url}/nl.xml") as shop:
            answer = shop.fetch(["mat"], market)["mat"]
        assert "not public" in answer.reason and server.requests == []


def test_options_are_checked() -> None:
    assert MerchantFeed.check_options({"location": "feeds/{market}.xml"}) == []
    messages = [
        MerchantFeed.check_options(options)[0][0]
        for options in (
            {},
            {"locaton": "x", "location": "x"},
            {"location": "{lang}.xml"},
            {"location": "https://user:pass@shop.example/feed.xml"},
        )
    ]
    assert messages == [
        "Option 'location' is missing.",
        "Option 'locaton' is unknown.",
        "location has an unknown placeholder.",
        "location must not hold a user name or password.",
    ]
