"""Product pages with one datum changed: it costs itself or the answer, never another price."""

from __future__ import annotations

from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.shops.base import Answer, Found, ShopError, Unknown
from anodyne_blocks.shops.product_page import ProductPage
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import Server
from tests.shops.mutations import mutations
from tests.shops.test_product_page import ORG, page

GTIN = "4006381333931"
LIST = {
    "@type": "UnitPriceSpecification",
    "price": "53.00",
    "priceCurrency": "EUR",
    "valueAddedTaxIncluded": True,
    "validThrough": "2099-12-31",
    "priceType": f"{ORG}ListPrice",
}
PAID = LIST | {"price": "39.75"}
del PAID["priceType"]
PER_LITRE = {
    "@type": "UnitPriceSpecification",
    "price": "79.50",
    "priceCurrency": "EUR",
    "referenceQuantity": {"@type": "QuantitativeValue", "value": "1", "unitCode": "LTR"},
}
SHIPPING = {
    "@type": "OfferShippingDetails",
    "shippingDestination": {"@type": "DefinedRegion", "addressCountry": ["NL", "BE"]},
}
BOTTLE = {
    "@context": ORG,
    "@type": "Product",
    "@id": "/oil#product",
    "name": "Massage oil",
    "url": "/oil",
    "description": "Warms &amp;amp; soothes",
    "image": ["/oil.png", {"@type": "ImageObject", "url": "/oil-2.png"}],
    "sku": "OIL5",
    "gtin13": GTIN,
    "brand": {"@type": "Brand", "name": "Atlas"},
    "aggregateRating": {"@type": "AggregateRating", "ratingValue": 4.5, "reviewCount": "12"},
    "offers": {
        "@type": "Offer",
        "url": "/oil",
        "priceSpecification": [PAID, LIST, PER_LITRE],
        "priceValidUntil": "2099-12-31",
        "itemCondition": f"{ORG}NewCondition",
        "availability": f"{ORG}InStock",
        "seller": {"@type": "Organization", "name": "Atlas &amp;amp; Axis"},
        "shippingDetails": [SHIPPING],
    },
}
SLEEVE = {
    "@context": ORG,
    "@graph": [
        {"@type": "WebPage", "@id": "/sleeve", "mainEntity": {"@id": "/sleeve#group"}},
        {
            "@type": "ProductGroup",
            "@id": "/sleeve#group",
            "name": [
                {"@value": "Kniebrace", "@language": "nl"},
                {"@value": "Knee sleeve", "@language": "en"},
            ],
            "hasVariant": [
                {
                    "@type": "Product",
                    "name": name,
                    "sku": f"KS-{name}",
                    "gtin": gtin,
                    "url": f"/sleeve?size={name}",
                    "offers": {
                        "@type": "Offer",
                        "price": price,
                        "priceCurrency": "EUR",
                        "availability": "InStock",
                        "validFrom": "2020-01-01",
                        "eligibleRegion": "NL",
                        "eligibleQuantity": {"@type": "QuantitativeValue", "minValue": 1},
                    },
                }
                for name, gtin, price in (("S", GTIN, 53), ("M", "4003994155486", "60.00"))
            ],
        },
    ],
}
RANGE = {
    "@type": "Product",
    "name": "Desk",
    "offers": [
        {
            "@type": "AggregateOffer",
            "lowPrice": "100.00",
            "highPrice": "150.00",
            "offerCount": 3,
            "priceCurrency": "EUR",
            "availability": f"{ORG}InStock",
        }
    ],
}
PAGES = {"/oil": (BOTTLE, 450), "/sleeve": (SLEEVE, 450), "/sleeve?size=S": (SLEEVE, 450),
         "/desk": (RANGE, 90)}  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("path", PAGES)
def test_a_bad_datum_costs_no_more_than_the_offer(
    server: Server, market: Market, path: str
) -> None:
    healthy, at_least = PAGES[path]
    url = server.url + path

    def says(body: bytes) -> None:
        # In one piece: a body after its headers waits for the client's receipt.
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        server.answers[path.partition("?")[0]] = lambda h: h.wfile.write(head.encode() + body)

    with ProductPage("pages", allow_private=True, keep_seconds=0) as shop:

        def ask(data: Any, known: dict[str, Known]) -> Answer:
            says(page(data))
            return shop.fetch([url], market, known)[url]

        before = ask(healthy, {})
        assert isinstance(before, Found), before
        good = before.offer
        known = {url: Known(good.goods, good.name, good.price)}
        count = 0
        for count, (label, data) in enumerate(mutations(healthy), start=1):
            answer = ask(data, known)
            if isinstance(answer, Unknown):
                assert answer.reason.strip() and len(answer.reason) < 500, label
                continue
            assert isinstance(answer, Found), f"{label}: {answer}"
            offer = answer.offer
            for name in ("price", "list_price", "unit_price", "rating", "rating_count"):
                assert getattr(offer, name) in (getattr(good, name), None), f"{label}: {name}"
            for name in ("variant", "sku", "gtin", "condition"):
                assert getattr(offer, name) in (getattr(good, name), ""), f"{label}: {name}"
            assert offer.currency == good.currency, label
            if not count % 50:
                try:
                    shop.search(url, market)
                    shop.variants(url, market)
                except ShopError:
                    pass
    assert count > at_least
