"""One amount in all outputs: what is printed, what is raw, and what search engines are told."""

from __future__ import annotations

from decimal import Decimal
from itertools import cycle
from typing import Any

import pytest
from babel.numbers import list_currencies
from bs4 import BeautifulSoup
from django.conf import settings
from django.utils import translation

from anodyne_blocks import conf
from anodyne_blocks.article import CONTEXT_KEY, Article
from anodyne_blocks.blocks import ProductCardBlock
from anodyne_blocks.json_ld import builders
from anodyne_blocks.json_ld.graph import Graph
from tests.printed import AMOUNTS, printed_number

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_json_and_structured_data_hold_one_number(language: str, settings: Any) -> None:
    settings.ANODYNE_BLOCKS = {}  # one market for every language and currency
    block = ProductCardBlock()
    with translation.override(language):
        value = block.get_preview_value()
    product = value["product"]
    offer = product.offer_in("default")
    # How each of them is written in each language is the test of money.
    currencies = sorted(list_currencies())[LANGUAGES.index(language) % 7 :: 7]
    for currency, amount in zip(currencies, cycle(AMOUNTS), strict=False):
        offer.currency, offer.price, offer.prior_price = currency, Decimal(amount), Decimal(amount)
        offer.prior_price *= 2
        offer.unit_price, offer.unit_measure = offer.price, "1 g"
        context = Article(language, conf.SINGLE_MARKET, is_preview=True)
        element = block.element(value, context)
        html = BeautifulSoup(block.render(value, {CONTEXT_KEY: context}), "html.parser")
        price, prior = (tag.get_text() for tag in html.select("[class$=price] bdi, s bdi"))
        assert (price, prior) == (element.price.formatted, element.reduction.prior.formatted)
        graph = Graph(context, "https://magazine.example/")
        builders.product_card(element, graph)
        told = graph.nodes[graph.own_id("product-0")]["offers"]
        raw = element.price.model_dump(mode="json")["amount"]
        assert printed_number(price, language) == raw == told["price"]
        assert Decimal(raw) == Decimal(amount)
        struck, unit = told["priceSpecification"]
        assert printed_number(prior, language) == struck["price"]
        assert Decimal(struck["price"]) == 2 * Decimal(amount)
        assert unit["price"] == raw
        assert unit["referenceQuantity"] == {
            "@type": "QuantitativeValue",
            "value": "1",
            "unitCode": "GRM",
        }
        notes = " ".join(tag.get_text() for tag in html.select("[class$=note]"))
        assert prior in notes and price in notes
