"""Product pages: addresses, hosts, and asking no more than needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Found, Gone, ShopError, Unknown
from anodyne_blocks.shops.product_page import ProductPage
from anodyne_blocks.shops.testing import ShopContract
from tests.shops.conftest import Server, reply

ORG = "https://schema.org/"
OFFER = {"@type": "Offer", "price": "53.00", "priceCurrency": "EUR"}
MAT = {"@context": ORG, "@type": "Product", "name": "Balance mat", "offers": OFFER}


def page(*data: Any, head: str = "") -> bytes:
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in data
    )
    return f"<!doctype html><html><head>{head}{scripts}</head><body>…</body></html>".encode()


@pytest.fixture
def shop() -> Iterator[ProductPage]:
    with ProductPage("pages", allow_private=True) as shop:
        yield shop


def mat(**fields: Any) -> dict[str, Any]:
    return MAT | fields


class TestContract(ShopContract):
    can_list = False

    @pytest.fixture(autouse=True)
    def _pages(self, server: Server) -> None:
        self.known_id = self.words = f"{server.url}/mat"
        self.unknown_id = f"{server.url}/nothing"
        server.says("/mat", page(MAT), Content_Type="text/html")
        for path in ("/nothing", *(f"/nothing-{n}" for n in range(11))):
            server.says(path, b"", 404)

    @pytest.fixture
    def shop(self, shop: ProductPage) -> ProductPage:
        return shop

    @pytest.fixture
    def broken_shop(self, server: Server, shop: ProductPage) -> ProductPage:
        server.says("/mat", b"hush", 500, Retry_After="0")
        server.says("/nothing", b"hush", 500, Retry_After="0")
        return shop


class TestAddresses:
    def test_a_pasted_address_becomes_the_canonical_one(
        self, shop: ProductPage, server: Server, market: Market
    ) -> None:
        head = '<link href="/mat" rel="canonical">'
        for path in ("/mat", "/shop/mat"):
            server.says(path, page(MAT, head=head), Content_Type="text/html")
        (found,) = shop.search(f" {server.url}/shop/mat?gclid=1#reviews ", market)
        assert found.external_id == found.url == f"{server.url}/mat"

    def test_without_a_canonical_one_it_is_cleaned(self, shop, server: Server, market) -> None:
        server.says("/mat", page(MAT))
        (found,) = shop.search(f"{server.url}/mat?size=m&utm_source=mail#top", market)
        assert found.external_id == f"{server.url}/mat?size=m"

    @pytest.mark.parametrize("canonical", ["/", "https://elsewhere.example/mat", "/footrest"])
    def test_a_canonical_address_that_is_not_the_product_s(
        self, shop, server: Server, market, canonical: str
    ) -> None:
        server.says("/", b"<html></html>")
        server.says("/footrest", page(mat(name="Footrest")))
        server.says("/mat", page(MAT, head=f"<link rel='canonical' href='{canonical}'>"))
        (found,) = shop.search(f"{server.url}/mat", market)
        assert (found.external_id, found.title) == (f"{server.url}/mat", "Balance mat")

    def test_the_editor_is_told_why_not(self, shop, server: Server, market: Market) -> None:
        server.says("/about", page())
        with pytest.raises(ShopError, match="holds no JSON-LD"):
            shop.search(f"{server.url}/about", market)

    def test_a_moved_page_keeps_its_id(self, shop, server: Server, market: Market) -> None:
        server.says("/old", b"", 301, Location="/new")
        server.says("/new", page(MAT))
        answer = shop.fetch([f"{server.url}/old"], market)[f"{server.url}/old"]
        assert answer.offer.url == f"{server.url}/new"

    def test_a_product_that_redirects_to_the_home_page_is_not_gone(
        self, shop, server: Server, market: Market
    ) -> None:
        server.says("/old", b"", 302, Location="/")
        server.says("/", page({"@type": "WebSite"}))
        assert isinstance(shop.fetch([f"{server.url}/old"], market).popitem()[1], Unknown)

    @pytest.mark.parametrize("status", [404, 410])
    def test_a_page_that_is_not_there_any_more(self, shop, server, market, status: int) -> None:
        server.says("/mat", page(MAT), status)
        url = f"{server.url}/mat"
        assert shop.fetch([url], market) == {url: Gone(url)}

    def test_something_else_than_a_page(self, shop, server: Server, market: Market) -> None:
        server.says("/mat.pdf", b"%PDF", Content_Type="application/pdf")
        answer = shop.fetch([f"{server.url}/mat.pdf"], market).popitem()[1]
        assert answer.reason == "There is no HTML page at this address."

    def test_only_public_addresses(self, server: Server, market: Market) -> None:
        with ProductPage("pages") as shop:
            answers = shop.fetch([f"{server.url}/mat", "file:///etc/passwd"], market)
        assert {type(answer) for answer in answers.values()} == {Unknown}
        assert server.requests == []

    def test_only_these_hosts(self, server: Server, market: Market) -> None:
        server.says("/mat", b"", 302, Location=server.url.replace("127.0.0.1", "localhost"))
        server.says("/", page(MAT))
        with ProductPage("pages", only_hosts=["127.0.0.1"], allow_private=True) as shop:
            for url in (f"{server.url}/mat", "https://elsewhere.example/mat"):
                assert "is not one of the hosts" in shop.fetch([url], market)[url].reason

    def test_a_host_that_fails_is_asked_once(self, shop, server: Server, market: Market) -> None:
        urls = [f"{server.url}/{n}" for n in range(4)]
        server.says("/0", page(MAT))
        server.says("/1", b"", 503, Retry_After="600")
        answers = shop.fetch(urls, market)
        assert [type(a) for a in answers.values()] == [Found, Unknown, Unknown, Unknown]
        assert answers[urls[3]].retry_after == 600
        assert len(server.requests) == 2


class TestVariants:
    """A variant's canonical address is often that of all variants, with the first one's price."""

    def variants(self, server: Server, *prices: str, named: bool = True) -> None:
        offers = [
            OFFER | {"price": price} | ({"url": f"/mat?variant={n}"} if named else {})
            for n, price in enumerate(prices, start=1)
        ]
        head = '<link rel="canonical" href="/mat">'
        server.says("/mat", page(mat(offers=offers), head=head))

    def test_a_pasted_variant_stays_itself(self, shop, server: Server, market: Market) -> None:
        self.variants(server, "10.00", "99.00")
        (found,) = shop.search(f"{server.url}/mat?variant=2", market)
        assert (found.external_id, found.price) == (f"{server.url}/mat?variant=2", 99)
        with pytest.raises(ShopError, match="is not on the page any more"):
            shop.search(f"{server.url}/mat?variant=3", market)

    def test_another_price_is_another_product(self, shop, server: Server, market: Market) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            price = "99.00" if "variant=2" in handler.path else "10.00"
            head = '<link rel="canonical" href="/mat">'
            reply(handler, page(mat(offers=OFFER | {"price": price}), head=head))

        server.answers["/mat"] = answer
        (found,) = shop.search(f"{server.url}/mat?variant=2", market)
        assert (found.external_id, found.price) == (f"{server.url}/mat?variant=2", 99)

    def test_the_scheme_in_any_case(self, shop, server: Server, market: Market) -> None:
        server.says("/mat", page(MAT))
        (found,) = shop.search(server.url.replace("http", "Http") + "/mat", market)
        assert found.external_id == f"{server.url}/mat"


class TestLanguages:
    """One product, chosen once: each market has the page in its own language."""

    @pytest.fixture(autouse=True)
    def _pages(self, server: Server) -> None:
        links = "".join(
            f'<link rel="alternate" hreflang="{code}" href="/{code}/mat">' for code in ("nl", "DA")
        )
        for code, name, currency in [("nl", "Balansmat", "EUR"), ("DA", "Balancemåtte", "DKK")]:
            offer = OFFER | {"priceCurrency": currency}
            server.says(f"/{code}/mat", page(mat(name=name, offers=offer), head=links))
        server.says("/mat", page(MAT, head=links))

    def test_the_page_in_the_market_s_language(self, shop, server: Server, market: Market) -> None:
        url = f"{server.url}/mat"
        dutch = shop.fetch([url], market)[url].offer
        assert (dutch.title, dutch.url) == ("Balansmat", f"{server.url}/nl/mat")
        danish = shop.fetch([url], Market("da", ("da-dk",), "DK", "DKK"))[url].offer
        assert (danish.title, danish.currency) == ("Balancemåtte", "DKK")
        assert dutch.external_id == danish.external_id == url
        german = shop.fetch([url], Market("de", ("de",), "DE", "EUR"))[url].offer
        assert german.title == "Balance mat"

    def test_a_version_that_is_missing_is_no_product_that_is_gone(
        self, shop, server: Server, market: Market
    ) -> None:
        server.says("/nl/mat", b"", 404)
        url = f"{server.url}/mat"
        assert isinstance(shop.fetch([url], market)[url], Unknown)

    def test_a_page_in_another_language_gives_a_price_and_no_texts(
        self, server: Server, market: Market
    ) -> None:
        server.says("/cape", page(mat(description="Warm")).replace(b"<html", b'<html lang="en-GB"'))
        url = f"{server.url}/cape"
        with ProductPage("pages", allow_private=True) as shop:
            dutch = shop.fetch([url], market)[url].offer
            english = shop.fetch([url], Market("ie", ("en-ie",), "IE", "EUR"))[url].offer
        assert (dutch.title, dutch.description, dutch.name) == ("", "", "Balance mat")
        assert dutch.price == english.price == 53
        assert (english.title, english.description) == ("Balance mat", "Warm")
        with ProductPage("pages", allow_private=True, check_language=False) as shop:
            assert shop.fetch([url], market)[url].offer.title == "Balance mat"

    def test_pages_that_name_no_language(self, server: Server, market: Market) -> None:
        server.says("/cape", page(MAT))
        url = f"{server.url}/cape"
        with ProductPage("pages", allow_private=True, language="de-DE") as shop:
            german = shop.fetch([url], Market("at", ("de-at",), "AT", "EUR"))[url].offer
            dutch = shop.fetch([url], market)[url].offer
        assert (german.title, dutch.title, dutch.name) == ("Balance mat", "", "Balance mat")

    def test_another_country_s_page_in_the_same_language(
        self, shop: ProductPage, server: Server, market: Market
    ) -> None:
        head = '<link rel="alternate" hreflang="nl-BE" href="/be">'
        server.says("/mat", page(MAT, head=head))
        server.says("/be", page(mat(offers=OFFER | {"price": 60}), head=head))
        url = f"{server.url}/mat"
        belgian = Market("be", ("nl-be",), "BE", "EUR")
        assert shop.fetch([url], market)[url].offer.price == 53
        assert shop.fetch([url], belgian)[url].offer.price == 60

    def test_norwegian_has_two_codes(self, shop, server: Server) -> None:
        server.says("/matte", page(MAT).replace(b"<html", b'<html lang="no"'))
        url = f"{server.url}/matte"
        norwegian = Market("nb", ("nb",), "NO", "EUR")
        assert shop.fetch([url], norwegian)[url].offer.title == "Balance mat"

    def test_pasting_one_version(self, shop, server: Server, market: Market) -> None:
        (found,) = shop.search(f"{server.url}/nl/mat?utm_source=x", market)
        assert (found.external_id, found.title) == (f"{server.url}/nl/mat", "Balansmat")


class TestAskingLess:
    def test_several_markets_share_a_page(self, shop, server: Server, market: Market) -> None:
        server.says("/mat", page(MAT))
        for key in ("nl", "de"):
            other = Market(key, (key,), key.upper(), "EUR")
            assert isinstance(shop.fetch([f"{server.url}/mat"], other).popitem()[1], Found)
        assert len(server.requests) == 1

    def test_an_unchanged_page_is_not_sent_again(self, server: Server, market: Market) -> None:
        server.says_in_turn(
            "/mat",
            lambda h: reply(h, page(MAT), ETag='"one"'),
            lambda h: reply(h, status=304),
            lambda h: reply(h, page(mat(name="New")), ETag='"two"'),
        )
        with ProductPage("pages", allow_private=True, keep_seconds=0) as shop:
            url = f"{server.url}/mat"
            titles = [shop.fetch([url], market)[url].offer.title for _ in range(3)]
        assert titles == ["Balance mat", "Balance mat", "New"]
        assert [h.get("If-None-Match") for _, _, h in server.requests] == [None, '"one"', '"one"']


def test_options_are_checked() -> None:
    assert ProductPage.check_options({"only_hosts": ["shop.example"]}) == []
    for hosts, problem in [("shop.example", "a list"), (["https://shop.example"], "host names")]:
        ((message, _hint),) = ProductPage.check_options({"only_hosts": hosts})
        assert problem in message
