"""Product pages as a stranger may write them: the work is that of what was read, and bounded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from anodyne_blocks.shops.offer import InvalidOffer
from anodyne_blocks.shops.product_page.data import read_page
from anodyne_blocks.shops.product_page.markup import read_html
from anodyne_blocks.shops.product_page.offer import read_offer, variant_addresses
from anodyne_blocks.shops.product_page.terms import Buyer
from anodyne_blocks.shops.text import plain_text
from tests.faults.counting import peak, steps

URL = "https://shop.example/mat"
BUYER = Buyer(datetime(2026, 3, 10, tzinfo=timezone.utc), "NL", "EUR", "nl")
OFFER = {"@type": "Offer", "price": "39.75", "priceCurrency": "EUR"}
# Whatever the page: what a second or two allows, and thirty times the largest that is read.
MOST_STEPS = 5_000_000
MOST_BYTES = 150 * 1024 * 1024

Shape = Callable[[int], Any]


def mat(offers: Any, **fields: Any) -> dict[str, Any]:
    return {"@type": "Product", "name": "Mat", "offers": offers} | fields


def sizes(count: int) -> list[dict[str, Any]]:
    return [mat(OFFER, name=f"Mat {n}", url=f"{URL}?size={n}") for n in range(count)]


def chain(count: int) -> list[dict[str, Any]]:
    """Nodes that name the next one ten times: written out they would be more than atoms."""
    return [{"@id": f"#{n}", "x": n, "y": [{"@id": f"#{n + 1}"}] * 10} for n in range(count)]


SHAPES: dict[str, Shape] = {
    "groups of nothing": lambda n: [{"@type": "ProductGroup"}] * n,
    "groups of one": lambda n: [{"@type": "ProductGroup", "hasVariant": [mat(OFFER)]}] * n,
    "products": sizes,
    "products of one name": lambda n: [mat(OFFER)] * n,
    "variants": lambda n: {"@type": "ProductGroup", "name": "Mat", "hasVariant": sizes(n)},
    "variants beside their group": lambda n: [
        {"@type": "ProductGroup", "@id": "#g", "name": "Mat"},
        *(size | {"isVariantOf": {"@id": "#g"}} for size in sizes(n)),
    ],
    "offers": lambda n: mat([OFFER | {"sku": str(k), "price": k + 1} for k in range(n)]),
    "offers in offers": lambda n: [
        mat([{"@id": "#o"}] * n),
        OFFER | {"@id": "#o", "offers": [{"@id": "#o"}] * 50},
    ],
    "prices": lambda n: mat(OFFER | {"priceSpecification": [{"price": k} for k in range(n)]}),
    "prices in each offer": lambda n: [
        mat([OFFER | {"priceSpecification": {"@id": "#s"}}] * n),
        {"@id": "#s", "price": "1", "priceComponent": [{"price": "1"}] * n},
    ],
    "countries in each offer": lambda n: [
        mat([OFFER | {"shippingDetails": {"@id": "#s"}}] * n),
        {"@id": "#s", "a": 1, "shippingDestination": [{"addressCountry": ["NL"] * n}]},
    ],
    "regions in regions": lambda n: [
        mat([OFFER | {"eligibleRegion": {"@id": "#r"}}] * n),
        {"@id": "#r", "a": 1, "address": [{"@id": "#r"}] * n},
    ],
    "types of each twin": lambda n: [
        {"@id": "#t", "@type": ["Product"] * n, "name": "Mat"},
        *({"@id": "#t", "@type": "Product", "sku": str(k)} for k in range(n)),
    ],
    "properties of each offer": lambda n: [
        mat({"@type": "AggregateOffer", "priceCurrency": "EUR", "offers": [{"@id": "#o"}] * n}),
        OFFER | {"@id": "#o"} | {f"p{k}": k for k in range(n)},
    ],
    "a long name in each offer": lambda n: [
        mat([OFFER | {"itemOffered": {"@id": "#i"}}] * n),
        {"@id": "#i", "a": 1, "name": "<a " * n},
    ],
    "a price that refers to all": lambda n: [mat(OFFER | {"price": {"@id": "#0"}}), *chain(n)],
    "a tax that refers to all": lambda n: [
        mat(OFFER | {"valueAddedTaxIncluded": {"@id": "#0"}, "isAccessibleForFree": {"@id": "#0"}}),
        *chain(n),
    ],
}
HTML: dict[str, Callable[[int], str]] = {
    "links": lambda n: f"<link rel=alternate hreflang=nl href={URL}>" * n,
    "bases": lambda n: "<base href=a>" * n,
    "open comments": lambda n: "<!--" * n,
    "open quotes": lambda n: "<link a='" * n,
    "long attributes": lambda n: ("<link " + "a" * 4000 + ">") * (n // 50),
    "references": lambda n: f'<link rel=canonical href="{"&" * n}">',
}


def body(data: Any) -> bytes:
    script = data if isinstance(data, str) else json.dumps(data)
    return f'<script type="application/ld+json">{script}</script>'.encode()


def read(page: bytes) -> None:
    data = read_page(page, URL, "text/html")
    for reading in (read_offer, variant_addresses):
        try:
            args = (URL,) if reading is read_offer else ()
            reading(data, *args, URL, BUYER)
        except InvalidOffer:
            continue


@pytest.mark.once
@pytest.mark.parametrize("shape", SHAPES)
def test_ten_times_the_page_is_ten_times_the_work(shape: str) -> None:
    small, large = (body(SHAPES[shape](count)) for count in (300, 3000))
    few = steps(lambda: read(small), MOST_STEPS)
    many = steps(lambda: read(large), MOST_STEPS)
    held = [peak(lambda page=page: read(page)) for page in (small, large)]
    print(f"{shape}: calls {few:,} and {many:,}, bytes held {held[0]:,} and {held[1]:,}")
    assert many <= 12 * max(few, 10_000)
    assert held[1] <= 20 * len(large) + 4 * 1024 * 1024


@pytest.mark.parametrize("count", [60_000, 120_000])
@pytest.mark.parametrize("shape", ["products", "variants", "offers"])
def test_a_page_as_large_as_is_fetched(shape: str, count: int) -> None:
    page = body(SHAPES[shape](count))
    assert steps(lambda: read(page), MOST_STEPS)
    assert peak(lambda: read(page)) <= MOST_BYTES


@pytest.mark.parametrize("shape", HTML)
def test_html_that_never_ends(shape: str) -> None:
    small, large = (HTML[shape](count).encode() for count in (10_000, 100_000))
    few = steps(lambda: read_html(small, URL), MOST_STEPS)
    many = steps(lambda: read_html(large, URL), MOST_STEPS)
    print(f"{shape}: calls {few:,} and {many:,}")
    assert many <= 12 * max(few, 10_000)
    # Ten thousand tags are read, and no more.
    assert many <= 1_000_000


@pytest.mark.parametrize("digits", ["9" * 5000, "x" + "f" * 5000])
def test_a_character_that_no_alphabet_has(digits: str) -> None:
    page = body('{"@type": "Product", "name": "&quot;&quot;&quot;&quot;' + f"&#{digits};")
    page += f'<link rel=canonical href="/&#{digits[:4000]};">'.encode()
    read(page)
    assert plain_text(f"Mat &#{digits};") == "Mat \ufffd"
    assert plain_text(f"<b>Mat &#{digits};</b>") == "Mat \ufffd"


@pytest.mark.parametrize("number", ["1E+999999999", "1e-999999999", "9" * 5000, "1.5e99999999999"])
@pytest.mark.parametrize("field", ["price", "sku", "gtin", "lowPrice", "highPrice", "name"])
def test_a_number_that_no_memory_holds(field: str, number: str) -> None:
    data = json.dumps(mat(OFFER | {"price": "1", field: "NUMBER"}))
    page = body(data.replace('"NUMBER"', number))
    assert steps(lambda: read(page), 20_000)
    assert peak(lambda: read(page)) < 2 * 1024 * 1024
