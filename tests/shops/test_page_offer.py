"""The shapes of schema.org JSON-LD that make an offer, and those that are refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.base import Found
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.product_page import ProductPage
from anodyne_blocks.shops.product_page.data import read_page
from tests.shops.conftest import Server
from tests.shops.test_product_page import MAT, OFFER, ORG, mat, page


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


def offer(**fields: Any) -> dict[str, Any]:
    return mat(offers=OFFER | fields)


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

    def test_a_comment_before_and_a_line_break_inside(self, read: Read) -> None:
        assert read(MAT, head="<!-- shop -->").title == "Balance mat"
        broken = json.dumps(MAT).replace("Balance ", "Balance\n")
        script = f"<script type=application/ld+json>{broken}</script>"
        assert read(head=script).title == "Balance mat"

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
        assert (found.price, found.availability) == (30, Stock.IN_STOCK)

    def test_the_cheapest_that_can_be_bought_whatever_its_place(self, read: Read) -> None:
        sold_out = OFFER | {"price": 20, "availability": "OutOfStock"}
        inner = [sold_out, *(OFFER | {"price": p, "availability": "InStock"} for p in (45, 30))]
        for offers in (inner, inner[::-1], {"@type": "AggregateOffer", "offers": [inner]}):
            found = read(mat(offers=offers))
            assert (found.price, found.availability) == (30, Stock.IN_STOCK)
            assert found.is_from
        found = read(mat(offers=inner[:2]))
        assert (found.price, found.availability, found.is_from) == (45, Stock.IN_STOCK, False)
        found = read(mat(offers=[sold_out, sold_out | {"price": 25}]))
        assert (found.price, found.availability) == (20, Stock.OUT_OF_STOCK)

    def test_the_offer_in_the_market_s_currency(self, read: Read) -> None:
        assert read(mat(offers=[OFFER | {"price": 40, "priceCurrency": "DKK"}, OFFER])).price == 53
        assert "in DKK, but market 'nl'" in read(offer(priceCurrency="DKK"))
        assert "currency" in read(offer(priceCurrency=""))

    def test_one_unreadable_offer_among_good_ones(self, read: Read) -> None:
        for price in ("1,00", -5):
            assert read(mat(offers=[OFFER | {"price": price}, OFFER])).price == 53

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
        specs = [per | {"priceCurrency": "EUR"}, {"price": 53, "priceCurrency": "EUR"}]
        assert read(mat(offers={"@type": "Offer", "priceSpecification": specs})).price == 53


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
        assert (found.title, found.price, found.is_from) == ("Knee sleeve", 49, True)

    def test_the_one_whose_address_is_asked_for(self, read: Read) -> None:
        found = read(self.group, path="/sleeve?size=s")
        assert (found.title, found.price, found.is_from) == ("Knee sleeve – S", 53, False)
        assert found.variant == "?size=s"
        assert "is not on the page any more" in read(self.group, path="/sleeve?size=xl")

    def test_variants_by_reference(self, read: Read) -> None:
        variants = [v | {"@id": f"#{v['name']}"} for v in self.group["hasVariant"]]
        offers = [v["offers"] | {"@id": f"#{v['name']}-offer"} for v in variants]
        variants = [v | {"offers": {"@id": f"#{v['name']}-offer"}} for v in variants]
        group = self.group | {"hasVariant": [{"@id": "#S"}, {"@id": "#M"}], "url": "/sleeve"}
        assert read({"@graph": [group, *variants, *offers]}, path="/sleeve").title == "Knee sleeve"
        assert read({"@graph": [group, *variants, *offers]}, path="/sleeve").price == 49

    def test_the_one_whose_offer_has_the_address(self, read: Read) -> None:
        offers = [OFFER | {"url": f"/sleeve?size={s}", "price": p} for s, p in (("s", 9), ("m", 8))]
        assert read(mat(offers=offers), path="/sleeve?size=m").price == 8
        variants = [{"@type": "Product", "name": o["url"], "offers": o} for o in offers]
        assert read(self.group | {"hasVariant": variants}, path="/sleeve?size=m").price == 8
        assert read(self.group | {"hasVariant": variants}, path="/sleeve").price == 8
        assert read(self.group | {"hasVariant": variants}, path="/sleeve?size=s").price == 9

    def test_variants_that_only_name_their_group(self, read: Read) -> None:
        group = {"@type": "ProductGroup", "@id": "#sleeve", "name": "Knee sleeve"}
        variants = [v | {"isVariantOf": {"@id": "#sleeve"}} for v in self.group["hasVariant"]]
        found = read([group, *variants], path="/sleeve")
        assert (found.title, found.price) == ("Knee sleeve", 49)
        assert read([group, *variants], path="/sleeve?size=m").price == 49

    def test_a_group_s_lowest_price_is_not_that_of_a_variant(self, read: Read) -> None:
        lowest = {"@type": "AggregateOffer", "lowPrice": "1", "priceCurrency": "EUR"}
        assert read(self.group | {"offers": lowest}).price == 49


class TestPricesThatAreNotForAll:
    """Of several prices, the one that anybody pays who buys one today."""

    @pytest.mark.parametrize(
        "spec",
        [
            {"priceType": f"{ORG}SalePrice", "validThrough": "2020-01-01T00:00:00Z"},
            {"priceType": f"{ORG}SalePrice", "validFrom": "2099-01-01"},
            {"billingDuration": 24, "billingIncrement": 1, "unitCode": "MON"},
            {"eligibleQuantity": {"minValue": 10}},
            {"validForMemberTier": {"@id": "#gold"}},
        ],
    )
    def test_among_specifications(self, read: Read, spec: dict[str, Any]) -> None:
        specs = [{"price": "5.00", **spec}, {"price": "50.00"}]
        assert read(offer(price=None, priceSpecification=specs)).price == 50

    @pytest.mark.parametrize(
        "fields",
        [
            {"validThrough": "2020-01-01"},
            {"validFrom": "2099-01-01"},
            {"eligibleQuantity": {"minValue": 10}},
            {"businessFunction": "http://purl.org/goodrelations/v1#LeaseOut"},
            {"itemCondition": f"{ORG}UsedCondition"},
        ],
    )
    def test_among_offers(self, read: Read, fields: dict[str, Any]) -> None:
        sold = OFFER | {"businessFunction": "http://purl.org/goodrelations/v1#Sell"}
        offers = [OFFER | {"price": "5.00", **fields}, sold | {"price": "50.00"}]
        assert read(mat(offers=offers)).price == 50

    def test_a_sale_that_is_on(self, read: Read) -> None:
        dates = {"validFrom": "2020-01-01", "validThrough": "2099-01-01", "priceType": "SalePrice"}
        specs = [{"price": "50.00"}, {"price": "5.00"} | dates]
        assert read(offer(price=None, priceSpecification=specs)).price == 5

    def test_with_tax_and_without(self, read: Read) -> None:
        net = {"price": "100", "valueAddedTaxIncluded": False}
        gross = {"price": "121", "valueAddedTaxIncluded": True}
        assert read(offer(price="121", priceSpecification=[net, gross])).tax_included is True
        found = read(offer(price="100", priceSpecification=[gross, net]))
        assert (found.price, found.tax_included) == (121, True)
        struck = gross | {"priceType": "ListPrice"}
        found = read(offer(price="100", priceSpecification=[net, struck]))
        assert (found.price, found.list_price, found.tax_included) == (100, None, False)
        found = read(offer(price="100", priceSpecification=[struck]))
        assert (found.list_price, found.tax_included) == (121, True)

    def test_an_empty_price_is_none(self, read: Read) -> None:
        assert read(offer(price="", priceSpecification={"price": "9.00"})).price == 9

    def test_what_an_aggregate_says_for_all(self, read: Read) -> None:
        inner = {"@type": "Offer", "@id": "#one", "price": "9.00"}
        aggregate = {
            "@type": "AggregateOffer", "lowPrice": "8", "priceCurrency": "EUR",
            "availability": f"{ORG}InStock/", "offers": [{"@id": "#one"}],
        }  # fmt: skip
        found = read({"@graph": [mat(offers=aggregate), inner]})
        assert (found.price, found.availability) == (9, "in_stock")


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


@pytest.mark.parametrize(
    "body",
    [
        b"<script" * 200_000, b"<!--" * 200_000, b"<link " * 200_000,
        b'<script type="application/ld+json">' * 50_000,
        b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script>",
        b'<script type="application/ld+json">[' + b"[]," * 200_000 + b"[]]</script>",
        b'<script type="application/ld+json">' + b"[" * 700 + b"]" * 700 + b"</script>",
    ],
)  # fmt: skip
def test_hostile_pages_are_read_in_one_pass(body: bytes) -> None:
    assert read_page(body, "https://shop.example/").nodes == ()


def test_nodes_that_refer_to_each_other() -> None:
    nodes = [{"@id": f"#{n}", "of": [{"@id": f"#{m}"} for m in range(300)]} for n in range(300)]
    body = page({"@graph": nodes}, {"@type": "Product", "@id": "#p", "isRelatedTo": {"@id": "#7"}})
    found = {node["@id"]: node for node in read_page(body, "https://shop.example/").nodes[1:]}
    assert found["#p"]["isRelatedTo"]["of"][7]["of"][9]["@id"] == "#9"
