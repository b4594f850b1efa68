"""Product pages: which shapes of schema.org JSON-LD make an offer, and which are refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Availability, Found, Gone, ShopError, ShopOffer, Unknown
from anodyne_blocks.shops.page_data import clean_url, read_page
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


Read = Callable[..., ShopOffer | str]


@pytest.fixture
def read(server: Server, shop: ProductPage, market: Market) -> Read:
    """The offer of a page with this JSON-LD, or the reason why there is none."""

    def ask(*data: Any, head: str = "", path: str = "/mat") -> ShopOffer | str:
        html = page(*data, head=head)
        server.says(path.partition("?")[0], html, Content_Type="text/html; charset=utf-8")
        url = server.url + path
        shop.close()
        answer = shop.fetch([url], market)[url]
        return answer.offer if isinstance(answer, Found) else answer.reason

    return ask


def mat(**fields: Any) -> dict[str, Any]:
    return MAT | fields


def offer(**fields: Any) -> dict[str, Any]:
    return mat(offers=OFFER | fields)


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


class TestWhereTheProductIs:
    def test_an_object(self, read: Read) -> None:
        assert read(MAT).title == "Balance mat"

    def test_a_list(self, read: Read) -> None:
        assert read([{"@type": "Organization", "name": "Atlas & Axis"}, MAT]).title == "Balance mat"

    def test_a_graph(self, read: Read) -> None:
        crumbs = {"@type": "BreadcrumbList", "itemListElement": []}
        assert read({"@context": ORG, "@graph": [crumbs, MAT]}).title == "Balance mat"

    def test_several_scripts_one_of_them_broken(self, read: Read) -> None:
        broken = '<script type="application/ld+json">{"@type": "Product", </script>'
        assert read({"@type": "WebSite"}, MAT, head=broken).title == "Balance mat"

    @pytest.mark.parametrize(
        "kind", ["Product", f"{ORG}Product", "schema:Product", ["Thing", "Product"]]
    )
    def test_how_a_type_is_written(self, read: Read, kind: Any) -> None:
        assert read(mat(**{"@type": kind})).price == 53

    def test_the_main_thing_of_a_page(self, read: Read) -> None:
        other = mat(name="Footrest")
        body = {"@type": "ItemPage", "mainEntity": {"@id": "#mat"}}
        assert read({"@graph": [other, body, mat(**{"@id": "#mat"})]}).title == "Balance mat"

    def test_offers_by_reference(self, read: Read) -> None:
        graph = [mat(offers={"@id": "#offer"}), OFFER | {"@id": "#offer"}]
        assert read({"@graph": graph}).price == 53

    def test_recommended_products_are_left_aside(self, read: Read, server: Server) -> None:
        others = [mat(name=name, url=f"/{name}") for name in ("footrest", "pillow")]
        assert read([*others, MAT]).title == "Balance mat"
        assert read([*others, mat(url=f"{server.url}/mat/?utm_source=x#top")]).title == (
            "Balance mat"
        )

    def test_when_it_is_not_clear_which_one(self, read: Read) -> None:
        assert "names 2 products" in read(mat(name="Footrest"), MAT)

    def test_the_same_product_told_twice(self, read: Read) -> None:
        assert read({"@type": "Product", "name": "Balance mat"}, MAT).price == 53

    def test_script_in_a_comment_or_of_another_type(self, read: Read) -> None:
        hidden = f'<!-- <script type="application/ld+json">{json.dumps(MAT)}</script> -->'
        assert "holds no JSON-LD" in read(head=hidden)
        assert "holds no JSON-LD" in read(head=f"<script>{json.dumps(MAT)}</script>")

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            ([], "the page holds no JSON-LD"),
            ([{"@type": "Article"}], "names no Product"),
            (["text"], "cannot be read"),
            ([mat(offers=None)], "Product has no offers"),
            ([mat(offers={"@type": "Offer"})], "offer has no price"),
            ([mat(name="")], "title is empty"),
        ],
    )
    def test_the_reason_says_what_is_missing(self, read: Read, data, reason: str) -> None:
        assert reason in read(*data)


class TestPrices:
    @pytest.mark.parametrize(
        ("price", "expected"),
        [("53.10", "53.10"), ("53", "53"), (53, "53"), (53.1, "53.1"), (" 53.10 ", "53.10")],
    )
    def test_a_number_or_a_string(self, read: Read, price: Any, expected: str) -> None:
        assert str(read(offer(price=price)).price) == expected

    @pytest.mark.parametrize(
        "price", ["53,10", "1.234,56", "€ 53", "53 EUR", "-5", -5, "free", True, "", [], "1 299"]
    )
    def test_anything_else_is_refused(self, read: Read, price: Any) -> None:
        assert "price" in read(offer(price=price))

    def test_a_comma_is_explained(self, read: Read) -> None:
        assert "has a comma: schema.org wants a point" in read(offer(price="53,10"))

    @pytest.mark.parametrize("kind", ["ListPrice", "StrikethroughPrice"])
    def test_what_the_shop_strikes_through(self, read: Read, kind: str) -> None:
        specs = [
            {"price": "39.75", "priceCurrency": "EUR", "valueAddedTaxIncluded": True},
            {"price": "53.00", "priceCurrency": "EUR", "priceType": ORG + kind},
        ]
        found = read(offer(price="39.75", priceSpecification=specs))
        assert (found.price, found.list_price) == (Decimal("39.75"), Decimal("53.00"))
        assert found.tax_included is True

    @pytest.mark.parametrize(
        "spec",
        [
            {"price": "60.00", "priceType": f"{ORG}MSRP"},
            {"price": "60.00", "priceType": "ListPrice", "priceCurrency": "DKK"},
            {"price": "60.00", "priceType": "ListPrice", "validForMemberTier": {"name": "Gold"}},
        ],
    )
    def test_what_it_does_not(self, read: Read, spec: dict) -> None:
        assert read(offer(priceSpecification=spec)).list_price is None

    def test_a_price_in_the_specification_only(self, read: Read) -> None:
        specs = [
            {"@type": "DeliveryChargeSpecification", "price": 4.95, "priceCurrency": "EUR"},
            {"price": 10, "priceCurrency": "EUR", "validForMemberTier": {"name": "Gold"}},
            {"price": 20, "priceCurrency": "EUR", "eligibleQuantity": {"minValue": 10}},
            {"price": 53, "priceCurrency": "EUR"},
            {"price": 39.75, "priceCurrency": "EUR", "priceType": "SalePrice"},
        ]
        found = read(mat(offers={"@type": "Offer", "priceSpecification": specs}))
        assert (found.price, found.currency) == (Decimal("39.75"), "EUR")
        assert read(mat(offers={"@type": "Offer", "priceSpecification": specs[:4]})).price == 53

    def test_the_lowest_of_an_aggregate(self, read: Read) -> None:
        offers = {"@type": "AggregateOffer", "lowPrice": "30.00", "highPrice": 45, "offerCount": 2}
        found = read(mat(offers=[offers | {"priceCurrency": "EUR", "availability": "InStock"}]))
        assert (found.price, found.availability) == (30, Availability.IN_STOCK)

    def test_the_offers_inside_an_aggregate(self, read: Read) -> None:
        inner = [OFFER | {"price": 30, "availability": "OutOfStock"}, OFFER | {"price": 45}]
        found = read(mat(offers={"@type": "AggregateOffer", "lowPrice": 30, "offers": inner}))
        assert found.price == 45

    def test_the_offer_in_the_market_s_currency(self, read: Read) -> None:
        assert read(mat(offers=[OFFER | {"price": 40, "priceCurrency": "DKK"}, OFFER])).price == 53
        assert "in DKK, but market 'nl'" in read(offer(priceCurrency="DKK"))
        assert "currency" in read(offer(priceCurrency=""))

    def test_one_unreadable_offer_among_good_ones(self, read: Read) -> None:
        assert read(mat(offers=[OFFER | {"price": "1,00"}, OFFER])).price == 53

    def test_unit_prices(self, read: Read) -> None:
        content = {"value": "75", "unitCode": "MLT", "valueReference": {"value": 100}}
        content["valueReference"]["unitCode"] = "MLT"
        per = {"price": 53, "referenceQuantity": content}
        found = read(offer(priceSpecification=per))
        assert (found.unit_price, found.unit_measure) == (Decimal("70.67"), "100 ml")
        per = {"price": 70.67, "referenceQuantity": {"value": 100, "unitCode": "ml"}}
        found = read(offer(priceSpecification=per))
        assert (found.unit_price, found.unit_measure) == (Decimal("70.67"), "100 ml")
        assert found.price == 53


class TestVariants:
    group = {
        "@type": "ProductGroup",
        "name": "Knee sleeve",
        "hasVariant": [
            {"@type": "Product", "name": "S", "url": "/sleeve?size=s", "offers": OFFER},
            {"@type": "Product", "name": "M", "url": "/sleeve?size=m",
             "offers": OFFER | {"price": "49.00"}},
        ],
    }  # fmt: skip

    def test_the_cheapest(self, read: Read) -> None:
        found = read(self.group)
        assert (found.title, found.price) == ("Knee sleeve", 49)

    def test_the_one_whose_address_is_asked_for(self, read: Read) -> None:
        assert read(self.group, path="/sleeve?size=s").price == 53

    def test_variants_by_reference(self, read: Read) -> None:
        variants = [v | {"@id": f"#{v['name']}"} for v in self.group["hasVariant"]]
        group = self.group | {"hasVariant": [{"@id": "#S"}, {"@id": "#M"}], "url": "/sleeve"}
        assert read({"@graph": [group, *variants]}, path="/sleeve").title == "Knee sleeve"
        assert read({"@graph": [group, *variants]}, path="/sleeve").price == 49


class TestOtherFields:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (f"{ORG}InStock", "in_stock"), ("http://schema.org/OutOfStock", "out_of_stock"),
            ("InStock", "in_stock"), ("in stock", "in_stock"), ("LimitedAvailability", "low_stock"),
            ("PreOrder", "preorder"), ("BackOrder", "backorder"), ("Discontinued", "out_of_stock"),
            ({"@id": f"{ORG}InStock"}, "in_stock"), ([f"{ORG}SoldOut"], "out_of_stock"),
            ("Perhaps", "unknown"), (None, "unknown"), (3, "unknown"),
        ],
    )  # fmt: skip
    def test_availability(self, read: Read, said: Any, expected: str) -> None:
        assert read(offer(availability=said)).availability == expected

    @pytest.mark.parametrize(
        ("image", "expected"),
        [
            ("https://img.example/mat.png", "https://img.example/mat.png"),
            (["", "//img.example/mat.png"], "http://img.example/mat.png"),
            ({"@type": "ImageObject", "url": "https://img.example/1.png"}, "https://img.example/1.png"),
            ([{"contentUrl": "https://img.example/2.png"}], "https://img.example/2.png"),
            ({"url": {"@value": "https://img.example/a b.png"}}, "https://img.example/a%20b.png"),
            ("data:image/png;base64,AAAA", ""), (None, ""), ([7], ""),
        ],
    )  # fmt: skip
    def test_images(self, read: Read, image: Any, expected: str) -> None:
        assert read(mat(image=image)).image_url == expected

    def test_a_number_as_sku_and_texts_with_markup(self, read: Read) -> None:
        found = read(mat(sku=14, name="Mat &amp; cover", description=["<p>Soft</p>"]))
        assert (found.title, found.description) == ("Mat & cover", "Soft")

    @pytest.mark.parametrize(
        ("rating", "expected"),
        [
            ({"ratingValue": "4.00", "reviewCount": 1}, ("4.00", 1)),
            ({"ratingValue": 9, "bestRating": "10", "ratingCount": "12"}, ("4.50", 12)),
            ({"ratingValue": 6, "reviewCount": 1}, (None, None)),
            ({"ratingValue": "4,5", "reviewCount": 1}, (None, None)),
            ({"ratingValue": 4.5, "reviewCount": 0}, (None, None)),
            ("good", (None, None)),
        ],
    )
    def test_ratings(self, read: Read, rating: Any, expected: tuple) -> None:
        found = read(mat(aggregateRating=rating))
        value = None if expected[0] is None else Decimal(expected[0])
        assert (found.rating, found.rating_count) == (value, expected[1])


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
                assert "not on one of the hosts" in shop.fetch([url], market)[url].reason

    def test_a_host_that_fails_is_asked_once(self, shop, server: Server, market: Market) -> None:
        urls = [f"{server.url}/{n}" for n in range(4)]
        server.says("/0", page(MAT))
        server.says("/1", b"", 503, Retry_After="600")
        answers = shop.fetch(urls, market)
        assert [type(a) for a in answers.values()] == [Found, Unknown, Unknown, Unknown]
        assert answers[urls[3]].retry_after == 600
        assert len(server.requests) == 2


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


@pytest.mark.parametrize(
    "body",
    [
        b"<script" * 200_000, b"<!--" * 200_000, b"<link " * 200_000,
        b'<script type="application/ld+json">' * 50_000,
        b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script>",
        b'<script type="application/ld+json">[' + b"[]," * 200_000 + b"[]]</script>",
    ],
)  # fmt: skip
def test_hostile_pages_are_read_in_one_pass(body: bytes) -> None:
    assert read_page(body, "https://shop.example/").nodes == ()


def test_other_encodings() -> None:
    html = page(MAT).decode().replace("Balance mat", "Støttepude")
    body = html.replace("<head>", '<head><meta charset="iso-8859-1">').encode("latin-1", "replace")
    assert read_page(body, "https://shop.example/").nodes[0]["name"] == "Støttepude"


def test_addresses_are_cleaned() -> None:
    assert clean_url("https://Shop.example?utm_id=1&a=1&b=#x") == "https://shop.example/?a=1&b="
    assert clean_url("https://shop.example/a?q=%2F") == "https://shop.example/a?q=%2F"
    assert clean_url("http://[::1") == ""


def test_options_are_checked() -> None:
    assert ProductPage.check_options({"only_hosts": ["shop.example"]}) == []
    for hosts in ("shop.example", ["https://shop.example"]):
        assert "no list of host names" in ProductPage.check_options({"only_hosts": hosts})[0][0]
