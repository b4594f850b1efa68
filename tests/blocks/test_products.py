"""Product cards: what is sold where, at which price, and whether it can be bought."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone, translation
from django.utils.translation import pgettext

from anodyne_blocks.article import Article
from anodyne_blocks.blocks import ProductCardBlock
from anodyne_blocks.elements import ProductCard
from anodyne_blocks.pricing.money import format_number
from anodyne_blocks.pricing.units import measure_text
from tests import factories

pytestmark = pytest.mark.django_db


class TestOffer:
    def test_shows_the_offer_of_the_pages_market(self) -> None:
        product = factories.product("nl", "da")
        dutch, danish = factories.card(product, "nl"), factories.card(product, "da")
        assert (dutch.title, dutch.price.currency) == ("Lendenkussen", "EUR")
        assert dutch.price.formatted == factories.written("39.75", "nl")
        assert (danish.title, danish.price.currency) == ("Lændepude", "DKK")
        assert danish.price.formatted == factories.written("39.75", "da")
        assert danish.link.url == "https://shop.example/da/cushion"
        assert danish.button.url == danish.link.url
        assert danish.buyable
        assert danish.availability.state == "in_stock"
        assert (danish.badges, danish.reduction, danish.stale, danish.disclosure) == (
            (),
            None,
            None,
            "",
        )

    def test_speaks_the_language_of_the_page_whatever_is_active(self) -> None:
        with translation.override("da"):
            element = factories.card(factories.product("nl"), relationship="ad")
        assert (element.availability.text, element.disclosure) == ("Op voorraad", "Advertentie")

    def test_a_sites_own_card_is_asked_for_in_the_language_of_the_page(self) -> None:
        class NightCard(ProductCardBlock):
            def card(self, value: Any, context: Article, level: int) -> ProductCard | None:
                card = super().card(value, context, level)
                return card and card.model_copy(update={"text": translation.get_language()})

        block, context = NightCard(), factories.context_of("nl")
        value = block.normalize({"product": factories.product("nl")})
        with translation.override("da"):
            assert block.element(value, context).text == "nl"

    @pytest.mark.parametrize(
        ("text", "folds"),
        [
            ("Firm foam. " * 20, ""),
            ("Firm foam. " * 60, "Firm foam. " * 20 + "Firm foam."),
            ("firm foam " * 60, "firm foam " * 15 + "firm foam"),
            ("x" * 900, "x" * 160),
        ],
    )
    def test_a_long_text_unfolds_and_no_word_of_it_lacks(self, text: str, folds: str) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", description=text)
        page = factories.page(("product_card", {"product": product.pk}), language="nl")
        html = factories.render("{% include_block page.body %}", page=page)
        shown = BeautifulSoup(html, "html.parser").select_one(".anodyne-product-card__text")
        assert shown.get_text("").replace(" ", "") == text.replace(" ", "")
        summary = shown.select_one("details > summary")
        assert bool(summary) is bool(folds)
        assert summary is None or summary.get_text() == folds

    def test_without_an_offer_in_the_market_nothing_shows(self) -> None:
        assert factories.card(factories.product("nl"), "da") is None

    @pytest.mark.parametrize("language", ["da", "fr"])
    def test_without_an_offer_an_own_title_shows_and_no_price(self, language: str) -> None:
        product = factories.product("nl")
        element = factories.card(product, language, title="Pude")
        assert element.title == "Pude"
        assert (element.price, element.link, element.button, element.availability) == (
            None,
            None,
            None,
            None,
        )
        assert not element.buyable

    def test_a_page_in_a_language_without_a_market_shows_its_own_title_too(self) -> None:
        product = factories.product("nl")
        page = factories.page(
            ("product_card", {"product": product.pk, "title": "Coussin"}), language="fr"
        )
        (element,) = factories.elements(page)
        assert (element.title, element.price) == ("Coussin", None)

    def test_a_product_that_is_offered_nowhere_else_or_not_at_all_breaks_no_page(self) -> None:
        elsewhere, nowhere = factories.product("nl"), factories.product()
        page = factories.page(
            ("product_card", {"product": elsewhere.pk}),
            ("product_card", {"product": nowhere.pk}),
            ("product_card", {"product": nowhere.pk, "title": "Pude"}),
            language="da",
        )
        first, second, third = factories.elements(page)
        assert (first, second) == (None, None)
        assert (third.title, third.price) == ("Pude", None)
        assert factories.card(nowhere, "da") is None

    def test_a_price_in_another_currency_than_the_markets_is_not_shown(self) -> None:
        product = factories.product("da")
        factories.change_offer(product, "da", currency="EUR", **factories.reduction("da"))
        element = factories.card(product, "da")
        assert element.title == "Lændepude"
        assert (element.price, element.reduction, element.unit_price) == (None, None, "")

    def test_an_offer_without_a_price_shows_none(self) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", price=None)
        element = factories.card(product)
        assert (element.price, element.reduction) == (None, None)
        assert element.button is not None

    def test_a_placement_has_words_of_its_own(self) -> None:
        element = factories.card(
            factories.product("nl"),
            title="Kussen",
            text="Zacht.",
            badge="Bestseller",
            button_text="Bekijk",
        )
        assert (element.title, element.text, element.button.text) == ("Kussen", "Zacht.", "Bekijk")
        assert [(badge.kind, badge.text) for badge in element.badges] == [("editor", "Bestseller")]

    def test_a_deleted_product_shows_nothing(self) -> None:
        product = factories.product("nl")
        stored = {"product": product.pk}
        product.delete()
        block = ProductCardBlock()
        assert block.element(block.to_python(stored), factories.context_of("nl")) is None

    @pytest.mark.parametrize("layout", ["card", "compact", "wide"])
    def test_has_the_layout_of_its_placement(self, layout: str) -> None:
        assert factories.card(factories.product("nl"), layout=layout).layout == layout

    def test_unit_price_and_tax_are_told(self) -> None:
        product = factories.product("da")
        factories.change_offer(
            product, "da", unit_price=Decimal("7.95"), unit_measure="100 ml", tax_included=False
        )
        element = factories.card(product, "da")
        assert factories.written("7.95", "da") in element.unit_price
        assert measure_text("100 ml", "da") in element.unit_price
        assert element.tax_note
        factories.change_offer(product, "da", tax_included=True)
        assert factories.card(product, "da").tax_note == ""

    @pytest.mark.parametrize(("amount", "measure"), [("7.95", "1 tube"), ("0", "1 kg")])
    def test_a_unit_price_that_says_nothing_is_left_out(self, amount: str, measure: str) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", unit_price=Decimal(amount), unit_measure=measure)
        assert factories.card(product).unit_price == ""

    def test_a_small_unit_price_is_not_rounded_away(self) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", unit_price=Decimal("0.0049"), unit_measure="1 GRM")
        assert "0,0049" in factories.card(product).unit_price

    @pytest.mark.parametrize("language", ["nl", "da", "de", "sv", "en", "ar"])
    def test_a_price_of_nothing_is_free_in_the_page_s_language(self, language: str) -> None:
        product = factories.product(language)
        factories.change_offer(product, language, price=Decimal(0))
        price = factories.card(product, language).price
        with translation.override(language):
            assert price.formatted == pgettext("reader", "Free")
        assert price.amount == 0
        assert price.model_dump(mode="json")["amount"] == "0.00"

    def test_the_rating_is_that_of_the_offer(self) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", rating=Decimal("4.60"), rating_count=1212)
        rating = factories.card(product).rating
        assert (rating.short, rating.best, rating.count_text) == (
            "4,6",
            5,
            f"({format_number(1212, 'nl')})",
        )
        factories.change_offer(product, "nl", rating=None)
        assert factories.card(product).rating is None


class TestAvailability:
    @pytest.mark.parametrize(
        ("stored", "state", "buyable"),
        [
            ("in_stock", "in_stock", True),
            ("low_stock", "low_stock", True),
            ("preorder", "preorder", True),
            ("backorder", "backorder", True),
            ("out_of_stock", "out_of_stock", False),
            ("unknown", "unknown", True),
            ("nonsense", "unknown", True),
        ],
    )
    def test_is_told(self, stored: str, state: str, buyable: bool) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", availability=stored)
        element = factories.card(product)
        assert element.availability.state == state
        assert bool(element.availability.text) == (state != "unknown")
        assert element.buyable is buyable

    def test_what_is_sold_out_keeps_its_price_and_its_link(self) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", availability="out_of_stock")
        element = factories.card(product)
        assert element.price is not None
        assert element.link is not None

    def test_a_withdrawn_product_shows_neither_price_nor_button(self) -> None:
        product = factories.product("nl", status="withdrawn")
        factories.change_offer(
            product,
            "nl",
            **factories.reduction("nl"),
            unit_price=1,
            unit_measure="1 m",
            rating=4,
            rating_count=3,
        )
        element = factories.card(product, badge="Bestseller")
        assert element.title == "Lendenkussen"
        assert element.availability.state == "withdrawn"
        assert element.availability.text
        assert (element.price, element.reduction, element.badges) == (None, None, ())
        assert (element.button, element.link, element.unit_price) == (None, None, "")
        assert not element.buyable

    def test_a_withdrawn_product_may_be_hidden(self, settings: Any) -> None:
        factories.setting(settings, WITHDRAWN_PRODUCT="hide")
        assert factories.card(factories.product("nl", status="withdrawn"), title="Kussen") is None

    def test_an_offer_may_be_withdrawn_in_one_market_only(self, settings: Any) -> None:
        product = factories.product("nl", "da")
        factories.change_offer(product, "nl", withdrawn_at=timezone.now())
        assert factories.card(product, "nl").availability.state == "withdrawn"
        assert factories.card(product, "nl").price is None
        assert factories.card(product, "da").price is not None
        factories.setting(settings, WITHDRAWN_PRODUCT="hide")
        assert factories.card(product, "nl") is None
        assert factories.card(product, "da") is not None
