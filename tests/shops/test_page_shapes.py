"""Product pages as shops write them: who an offer is for, until when, and how JSON is written."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.product_page.data import read_page
from anodyne_blocks.shops.product_page.dates import until
from anodyne_blocks.shops.product_page.limits import PriceEnded
from anodyne_blocks.shops.product_page.offer import read_offer
from anodyne_blocks.shops.product_page.product import PRODUCT_TYPES
from anodyne_blocks.shops.product_page.regions import countries
from anodyne_blocks.shops.product_page.terms import Buyer
from anodyne_blocks.shops.product_page.values import clean_url
from tests.shops.test_product_page import MAT, OFFER, ORG, mat, page

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=timezone.utc)
DUTCH = Buyer(NOW, "NL", "EUR", "nl")
URL = "https://shop.example/mat"


def read(body: bytes, url: str = URL, kind: str = "", buyer: Buyer = DUTCH) -> ShopOffer:
    return read_offer(read_page(body, url, kind), url, url, buyer)


def sold(*offers: Any, **fields: Any) -> ShopOffer:
    return read(page(mat(offers=list(offers), **fields)))


def script(text: str) -> bytes:
    return f'<html><script type="application/ld+json">{text}</script></html>'.encode()


class TestHowTheJSONIsWritten:
    text = json.dumps(MAT)

    @pytest.mark.parametrize(
        "written",
        [
            "<!-- {} -->", "/*<![CDATA[*/ {} /*]]>*/", "//<![CDATA[\n{}\n//]]>", "<![CDATA[{}]]>",
            "{};", "[{},]", "// shop\n{}", "/* shop */ {}", '{{"@type": "WebSite"}}{}',
            '{{"@type": "WebSite"}};\n{};', "\ufeff{}", "{} trailing words", "[{}, /* end */ ]",
        ],
    )  # fmt: skip
    def test_is_read_as_search_engines_do(self, written: str) -> None:
        assert read(script(written.format(self.text))).price == 53

    @pytest.mark.parametrize(
        "text",
        [
            json.dumps(MAT).replace("}", ",}"),
            json.dumps(MAT).replace("Balance mat", "Editor\\'s mat"),
            json.dumps(MAT).replace('"', "&quot;"),
            json.dumps(mat(name="http://a.example /* no comment */, } //")),
        ],
    )
    def test_or_mended(self, text: str) -> None:
        assert read(script(text)).price == 53

    def test_what_is_in_a_text_stays(self) -> None:
        text = json.dumps(mat(name="A /* b */ // c, ]"))[:-1] + ",}"
        assert read(script(text)).name == "A /* b */ // c, ]"

    def test_two_scripts_tell_of_one_thing(self) -> None:
        bare = {"@type": "Product", "@id": "#mat", "name": "Balance mat"}
        apart = {"@type": "Product", "@id": f"{URL}#mat", "offers": OFFER}
        assert read(page(bare, apart)).price == 53

    @pytest.mark.parametrize("price", ["1e3", "NaN", "Infinity", "1.299", "-1", "1_000", "0x10"])
    def test_no_number_is_guessed(self, price: str) -> None:
        for written in (price, f'"{price}"'):
            text = json.dumps(MAT).replace('"53.00"', written)
            if written == "1e3":
                assert read(script(text)).price == 1000
            else:
                with pytest.raises(InvalidOffer):
                    read(script(text))

    def test_more_decimals_than_the_currency_has(self) -> None:
        for price, expected in (("53.0000", "53.00"), (53.10000000000001, "53.10")):
            assert str(sold(OFFER | {"price": price}).price) == expected
        kuwait = Buyer(NOW, "KW", "KWD", "en")
        offer = OFFER | {"price": "1.299", "priceCurrency": "KWD"}
        assert read(page(mat(offers=offer)), buyer=kuwait).price == Decimal("1.299")


class TestWhatIsSold:
    @pytest.mark.parametrize(
        "kind", [*sorted(PRODUCT_TYPES - {"productgroup"}), "Book", "VideoGame"]
    )
    def test_all_kinds_of_products(self, kind: str) -> None:
        for written in (kind, f"http://schema.org/{kind}", ["Thing", kind]):
            assert read(page(mat(**{"@type": written}))).price == 53

    def test_the_only_product_is_sold_elsewhere(self) -> None:
        for url in ("/lamp", "https://shop.example/lamp", "//shop.example/lamp?a=1"):
            with pytest.raises(InvalidOffer, match="sold at other addresses"):
                read(page(mat(url=url)))
        for url in (
            "/mat",
            "http://www.shop.example/mat/#top",
            "/mat?ref=1",
            "https://shop.example",
        ):
            assert read(page(mat(url=url))).price == 53
        links = '<link rel="alternate" hreflang="en" href="/en/mat">'
        assert read(page(mat(url="/en/mat"), head=links)).price == 53

    def test_told_twice_with_two_prices(self) -> None:
        with pytest.raises(InvalidOffer, match="more than once, with different prices"):
            read(page(MAT, mat(name="BALANCE MAT ", offers=OFFER | {"price": 19})))
        assert read(page(MAT, MAT)).price == 53
        with pytest.raises(InvalidOffer, match="names 30 products"):
            read(page([MAT] * 30))

    def test_condition_pack_seller_and_numbers(self) -> None:
        offer = OFFER | {
            "itemCondition": f"{ORG}RefurbishedCondition",
            "seller": {"name": "Atlas &amp;amp; Axis"},
            "includesObject": {"amountOfThisGood": 6},
        }  # fmt: skip
        found = sold(offer, sku=14, gtin13="4006381333931")
        assert (found.condition, found.seller, found.pack) == ("refurbished", "Atlas & Axis", "6")
        assert (found.sku, found.gtin, found.variant) == ("14", "4006381333931", "14")
        assert sold(OFFER | {"itemCondition": "damaged"}).condition == "used"

    @pytest.mark.parametrize(
        "brand",
        [
            "Atlas &amp; Axis",
            {"@type": "Brand", "name": "Atlas & Axis", "logo": "/logo.png"},
            [{"@type": "Organization", "url": "/"}, None, {"name": {"@value": "Atlas & Axis"}}],
        ],
    )
    def test_brands(self, brand: Any) -> None:
        assert sold(OFFER, brand=brand).brand == "Atlas & Axis"
        assert sold(OFFER, brand=[14, {"name": None}]).brand == ""

    def test_names_in_several_languages(self) -> None:
        names = [
            {"@value": "Mat", "@language": "en-GB"},
            {"@value": "Balansmat", "@language": "nl"},
        ]
        assert sold(OFFER, name=names).title == "Balansmat"
        found = sold(OFFER, name=names[:1], description="Zacht")
        assert (found.title, found.name, found.description) == ("", "Mat", "Zacht")

    def test_texts_that_were_escaped_twice(self) -> None:
        found = sold(OFFER, name="Mat &amp;amp; cover", description="5 &amp;lt; 6 &amp;#8211; soft")
        assert (found.title, found.description) == ("Mat & cover", "5 < 6 – soft")


class TestWhomAnOfferIsFor:
    @pytest.mark.parametrize(
        "fields",
        [
            {"eligibleRegion": "DE"},
            {"eligibleRegion": ["BE", "LU"]},
            {"eligibleRegion": {"@type": "Country", "name": "Germany"}},
            {"areaServed": {"@type": "Place", "address": {"addressCountry": "DEU"}}},
            {"areaServed": "Deutschland"},
            {"ineligibleRegion": "NL"},
            {"shippingDetails": {"shippingDestination": {"addressCountry": ["BE", "FR"]}}},
            {"shippingDetails": {"shippingDestination": {"addressCountry": "NL"},
                                 "doesNotShip": True}},
            {"eligibleCustomerType": "http://purl.org/goodrelations/v1#Business"},
            {"eligibleQuantity": {"value": 10}},
            {"eligibleTransactionVolume": {"minPrice": 100}},
            {"priceSpecification": {"priceComponentType": "Subscription", "price": 20}},
            {"name": "24 months subscription"},
            {"description": "5.00 EUR per month"},
            {"description": "€ 5,- p. stuk, 5,00 per maand"},
            {"@type": "OfferForLease"},
            {"availability": "OutOfStock"},
        ],
    )  # fmt: skip
    def test_not_for_a_buyer_of_one_piece_here(self, fields: dict[str, Any]) -> None:
        cheap = OFFER | {"price": "5.00"} | fields
        assert sold(cheap, OFFER).price == sold(OFFER, cheap).price == 53

    @pytest.mark.parametrize(
        "fields",
        [
            {"eligibleRegion": ["NL", "BE"]}, {"areaServed": "Netherlands"},
            {"areaServed": "Europe"}, {"eligibleRegion": "NL-NH"}, {"ineligibleRegion": "NL-BQ1"},
            {"eligibleCustomerType": ["Business", "Enduser"]},
            {"eligibleQuantity": {"minValue": "1.0"}},
            {"description": "Delivered 2 times per week, guarantee of 24 months"},
        ],
    )  # fmt: skip
    def test_for_one(self, fields: dict[str, Any]) -> None:
        assert sold(OFFER | {"price": "5.00"} | fields, OFFER).price == 5

    def test_the_one_that_names_the_country_comes_first(self) -> None:
        assert sold(OFFER | {"price": 40}, OFFER | {"eligibleRegion": "NL"}).price == 53

    @pytest.mark.parametrize("kind", ["MSRP", "SRP", "InvoicePrice", "ListPrice", "Promo", 7])
    def test_prices_that_nobody_pays(self, kind: Any) -> None:
        spec = {"price": "5.00", "priceCurrency": "EUR", "priceType": kind}
        with pytest.raises(InvalidOffer, match="has no price"):
            sold({"@type": "Offer", "priceSpecification": spec})

    def test_two_prices_of_one_kind(self) -> None:
        specs = [{"price": p, "priceCurrency": "EUR"} for p in (5, 6)]
        with pytest.raises(InvalidOffer, match="several prices"):
            sold({"@type": "Offer", "priceSpecification": specs})

    @pytest.mark.parametrize(("said", "code"), [("€", "EUR"), ("eur", "EUR"), ("£", "GBP")])
    def test_currencies(self, said: str, code: str) -> None:
        assert sold(OFFER | {"priceCurrency": said}).currency == code
        for unclear in ("$", "kr", "¥"):
            with pytest.raises(InvalidOffer, match="no ISO 4217 code"):
                sold(OFFER | {"priceCurrency": unclear})

    def test_a_price_that_is_none(self) -> None:
        assert sold(OFFER | {"price": 0}).price is None
        free = sold(OFFER | {"price": 0, "isAccessibleForFree": True})
        assert (free.price, free.is_free) == (0, True)
        found = sold(
            {"@type": "AggregateOffer", "lowPrice": 0, "highPrice": 9, "priceCurrency": "EUR"}
        )
        assert found.price is None and "begins at 0" in found.notes


class TestUntilWhen:
    @pytest.mark.parametrize(
        "date",
        ["2024-12-31", "2024-12-31T23:59:59+01:00", "20241231", "31-12-2024", "31.12.2024",
         "31/12/2024", "12/31/2024", "2024/12/31", "Dec 31, 2024", "31 December 2024",
         "Tue, 31 Dec 2024 00:00:00 GMT", "2024-12-31 23:59", "1735603200", 1735603200000,
         "3/4/2024", {"@type": "Date", "@value": "2024-12-31"}],
    )  # fmt: skip
    def test_a_price_that_has_ended(self, date: Any) -> None:
        for name in ("priceValidUntil", "validThrough"):
            with pytest.raises(PriceEnded, match="ended at"):
                sold(OFFER | {name: date})
        assert sold(OFFER | {"price": 5, "priceValidUntil": date}, OFFER).price == 53

    def test_one_that_will(self) -> None:
        expected = datetime(2027, 1, 1, tzinfo=timezone.utc)
        for date in ("2026-12-31", "31.12.2026", "December 31, 2026"):
            assert sold(OFFER | {"priceValidUntil": date}).price_until == expected
        spec = {"price": "53.00", "validThrough": "2026-12-31"}
        found = sold(OFFER | {"priceValidUntil": "2027-06-30", "priceSpecification": spec})
        assert found.price_until == expected

    @pytest.mark.parametrize("date", ["soon", "0000-00-00", "2026-02-31", "9999-12-31", "1/4/2026"])
    def test_one_that_nobody_can_read(self, date: str) -> None:
        found = sold(OFFER | {"priceValidUntil": date})
        assert found.price_until is None and "is no clear date" in found.notes

    def test_a_doubtful_date_counts_where_it_makes_no_difference(self) -> None:
        assert until("3/4/2027", NOW) == (False, datetime(2027, 3, 5, tzinfo=timezone.utc))

    @pytest.mark.parametrize(
        ("fields", "stock"),
        [
            ({"availability": "PreOrder"}, Stock.PREORDER),
            ({"availability": "InStock"}, Stock.LATER),
            ({}, Stock.LATER),
        ],
    )
    def test_what_is_sold_later(self, fields: dict[str, str], stock: Stock) -> None:
        found = sold(OFFER | fields | {"availabilityStarts": "2026-05-01"})
        assert found.availability is stock
        assert found.available_from == datetime(2026, 5, 1, tzinfo=timezone.utc)

    def test_what_is_no_longer_sold(self) -> None:
        offer = OFFER | {"availability": "InStock", "availabilityEnds": "2026-01-31"}
        assert sold(offer).availability is Stock.OUT_OF_STOCK
        assert sold(OFFER | {"availability": "InStoreOnly"}).availability is Stock.UNKNOWN


class TestBadData:
    """One that a card may do without costs itself."""

    @pytest.mark.parametrize(
        ("fields", "spec", "note"),
        [
            ({}, {"priceType": "ListPrice", "price": "1.299"}, "list price"),
            ({}, {"priceType": "ListPrice", "price": "99,00"}, "list price"),
            (
                {},
                {"price": "x", "referenceQuantity": {"value": 1, "unitCode": "KGM"}},
                "unit price",
            ),
            ({}, {"price": 5, "referenceQuantity": {"value": 1, "unitCode": "PAR"}}, "unit price"),
            ({"aggregateRating": {"ratingValue": "4,5", "reviewCount": 3}}, {}, "rating"),
            ({"aggregateRating": {"ratingValue": 4, "reviewCount": "many"}}, {}, "rating"),
            ({"itemCondition": "nice"}, {}, "condition"),
        ],
    )
    def test_and_the_note_says_so(self, fields: dict, spec: dict, note: str) -> None:
        found = sold(OFFER | {"priceSpecification": [spec]}, **fields)
        assert found.price == 53 and f"The {note} is left out" in found.notes

    @pytest.mark.parametrize(
        ("rating", "expected"),
        [
            ({"ratingValue": 4.666666666666667, "reviewCount": 12}, ("4.67", 12)),
            ({"ratingValue": "4.5", "reviewCount": "1,234"}, ("4.50", 1234)),
            ({"ratingValue": "0.8", "bestRating": "1", "reviewCount": 9}, ("4.00", 9)),
        ],
    )
    def test_ratings(self, rating: dict, expected: tuple[str, int]) -> None:
        found = sold(OFFER, aggregateRating=rating)
        assert (found.rating, found.rating_count) == (Decimal(expected[0]), expected[1])

    def test_a_gram_s_price_is_told_by_the_kilo(self) -> None:
        spec = {"price": "0.00499", "referenceQuantity": {"value": "1", "unitCode": "GRM"}}
        found = sold(OFFER | {"priceSpecification": spec})
        assert (found.unit_price, found.unit_measure) == (Decimal("4.99"), "1 kg")


class TestThePage:
    def test_relative_addresses(self) -> None:
        head = '<base href="https://cdn.shop.example/a/">'
        found = read(page(mat(image="img/b.png"), head=head))
        assert found.image_url == "https://cdn.shop.example/a/img/b.png"
        assert sold(OFFER, image="//img.example/b.png").image_url == "https://img.example/b.png"

    def test_a_sign_in_an_attribute(self) -> None:
        body = page(MAT).replace(b"<script type", b'<script data-x="a>b" type')
        assert read(body).price == 53
        assert read(page(MAT, head='<link rel="icon" title="5" screen">')).price == 53

    @pytest.mark.parametrize(
        ("encoding", "kind", "meta"),
        [
            ("cp1252", "text/html; charset=windows-1252", ""),
            ("cp1252", "text/html; charset=ISO-8859-1", ""),
            ("cp1252", "", ""),
            ("iso-8859-2", "", '<meta charset="iso-8859-2">'),
            ("utf-8", 'text/html; charset="utf-8"', '<meta charset="iso-8859-1">'),
            ("utf-8-sig", "text/html; charset=iso-8859-1", ""),
            ("utf-16", "", ""),
            ("utf-8", "", '<script>var charset="koi8-r"</script>'),
        ],
    )
    def test_encodings(self, encoding: str, kind: str, meta: str) -> None:
        text = page(MAT, head=meta).decode().replace("Balance", "Bücher").replace("…", "")
        assert read(text.encode(encoding), kind=kind).name == "Bücher mat"

    def test_hreflang_with_an_underscore_or_in_capitals(self) -> None:
        head = '<LINK rel="alternate" hreflang="NL_be" href="/be">'
        assert read_page(page(MAT, head=head), URL).alternates == {
            "nl-be": "https://shop.example/be"
        }


def test_countries() -> None:
    assert countries(["NL", {"name": "Belgium"}, "FR,LU"]) == {"NL", "BE", "FR", "LU"}
    assert countries("Österreich") == {"AT"} and countries("UK") == {"GB"}
    for unclear in ("EU", "Worldwide", ["NL", "EU"], {"geo": 1}, 7, None, []):
        assert countries(unclear) is None


def test_encodings_that_are_none() -> None:
    for name in ("undefined", "idna", "hex", "no-such"):
        body = read_page(page(MAT), "https://shop.example/", f"text/html; charset={name}")
        assert body.nodes[0]["name"] == "Balance mat"


def test_other_encodings() -> None:
    html = page(MAT).decode().replace("Balance mat", "Støttepude")
    body = html.replace("<head>", '<head><meta charset="iso-8859-1">').encode("latin-1", "replace")
    assert read_page(body, "https://shop.example/").nodes[0]["name"] == "Støttepude"


def test_addresses_are_cleaned() -> None:
    assert clean_url("https://Shop.example?utm_id=1&a=1&b=#x") == "https://shop.example/?a=1&b="
    assert clean_url("https://shop.example/a?q=%2F") == "https://shop.example/a?q=%2F"
    assert clean_url("http://[::1") == ""
