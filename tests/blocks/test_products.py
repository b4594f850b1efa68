"""Product cards: what is sold where, at which price, and what may be claimed about it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from anodyne_blocks.blocks import ProductCardBlock, ProductGridBlock
from anodyne_blocks.blocks.sale import measure_text, with_utm
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


def card(product: Any, language: str = "nl", now: Any = None, **fields: Any) -> Any:
    """The card of a product in the market of a language."""
    block = ProductCardBlock()
    value = block.to_python({"product": product.pk, **fields})
    context = factories.context_of(language, now=now or timezone.now())
    return block.element(value, context)


def change_offer(product: Any, market: str, **fields: Any) -> None:
    product.offers.filter(market=market).update(**fields)


def setting(settings: Any, **changes: Any) -> None:
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, **changes}


class TestOffer:
    def test_shows_the_offer_of_the_pages_market(self) -> None:
        product = factories.product("nl", "da")
        dutch, danish = card(product, "nl"), card(product, "da")
        assert (dutch.title, dutch.price.currency) == ("Lendenkussen", "EUR")
        assert dutch.price.formatted == "€\xa039,75"
        assert (danish.title, danish.price.currency) == ("Lændepude", "DKK")
        assert danish.price.formatted == "39,75\xa0kr."
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
            element = card(factories.product("nl"), relationship="ad")
        assert (element.availability.text, element.disclosure) == ("Op voorraad", "Advertentie")

    def test_without_an_offer_in_the_market_nothing_shows(self) -> None:
        assert card(factories.product("nl"), "da") is None

    @pytest.mark.parametrize("language", ["da", "fr"])
    def test_without_an_offer_an_own_title_shows_and_no_price(self, language: str) -> None:
        product = factories.product("nl")
        element = card(product, language, title="Pude")
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
        assert card(nowhere, "da") is None

    def test_a_price_in_another_currency_than_the_markets_is_not_shown(self) -> None:
        product = factories.product("da")
        change_offer(product, "da", currency="EUR", **factories.reduction("da"))
        element = card(product, "da")
        assert element.title == "Lændepude"
        assert (element.price, element.reduction, element.unit_price) == (None, None, "")

    def test_an_offer_without_a_price_shows_none(self) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", price=None)
        element = card(product)
        assert (element.price, element.reduction) == (None, None)
        assert element.button is not None

    def test_a_placement_has_words_of_its_own(self) -> None:
        element = card(
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
        assert card(factories.product("nl"), layout=layout).layout == layout

    def test_unit_price_and_tax_are_told(self) -> None:
        product = factories.product("da")
        change_offer(
            product, "da", unit_price=Decimal("7.95"), unit_measure="100 ml", tax_included=False
        )
        element = card(product, "da")
        assert "7,95\xa0kr." in element.unit_price
        assert "100\xa0ml" in element.unit_price.replace(" ml", "\xa0ml")
        assert element.tax_note
        change_offer(product, "da", tax_included=True)
        assert card(product, "da").tax_note == ""

    def test_the_rating_is_that_of_the_offer(self) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", rating=Decimal("4.60"), rating_count=1212)
        rating = card(product).rating
        assert (rating.short, rating.best, rating.count_text) == ("4,6", 5, "(1.212)")
        change_offer(product, "nl", rating=None)
        assert card(product).rating is None


@pytest.mark.parametrize(
    ("measure", "language", "text"),
    [
        ("100 ml", "da", "100 ml"),
        ("100 ml", "de", "100 ml"),
        ("1.5 l", "de", "1,5 l"),
        ("1 kg", "en", "1 kg"),
        ("100 ml", "ar", "100 ملتر"),
        ("5 m", "ar", "5 أمتار"),
        ("100 g", "ar", "100 غرام"),
        ("tube", "de", "tube"),
        ("100 pieces", "de", "100 pieces"),
        ("1.2.3 ml", "de", "1.2.3 ml"),
        (". ml", "de", ". ml"),
    ],
)
def test_a_measure_keeps_its_number_in_each_language(
    measure: str, language: str, text: str
) -> None:
    assert measure_text(measure, language).replace("\xa0", " ") == text


class TestReduction:
    def test_a_proven_reduction_is_announced(self) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", **factories.reduction("nl", "53.00"))
        element = card(product)
        assert element.reduction.percent == 25
        assert element.reduction.prior.formatted == "€\xa053,00"
        assert "€\xa053,00" in element.reduction.prior_text
        assert "30" in element.reduction.prior_text
        (badge,) = element.badges
        assert (badge.kind, badge.text) == ("reduction", "−25%")

    def test_the_percentage_is_rounded_down(self) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", **factories.reduction("nl", "53.80"))
        assert card(product).reduction.percent == 26

    def test_badge_of_the_editor_stands_beside_that_of_the_reduction(self) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", **factories.reduction("nl"))
        assert [b.kind for b in card(product, badge="Nieuw").badges] == ["reduction", "editor"]

    @pytest.mark.parametrize(
        "doubt",
        [
            {"prior_status": "partial_history"},
            {"prior_status": "no_history"},
            {"prior_status": ""},
            {"prior_price": None},
            {"prior_price": Decimal("39.75")},
            {"prior_price": Decimal("30")},
            {"prior_price": Decimal("40.00")},
            {"rule": "anodyne_blocks.pricing.rules.EU/0:0000"},
            {"rule": ""},
        ],
    )
    def test_in_doubt_nothing_is_announced(self, doubt: dict[str, Any]) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", **factories.reduction("nl", **doubt), list_price=99)
        element = card(product)
        assert (element.reduction, element.badges) == (None, ())
        assert element.price.amount == Decimal("39.75")

    def test_another_rule_in_the_settings_ends_the_announcement(self, settings: Any) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", **factories.reduction("nl"))
        market = {**settings.ANODYNE_BLOCKS["MARKETS"]["nl"]}
        market["PRICE_RULE_OPTIONS"] = {"days": 60}
        setting(settings, MARKETS={**settings.ANODYNE_BLOCKS["MARKETS"], "nl": market})
        assert card(product).reduction is None

    def test_an_announcement_ends_to_the_moment(self) -> None:
        product = factories.product("nl")
        until = timezone.now()
        change_offer(product, "nl", **factories.reduction("nl", announce_until=until))
        assert card(product, now=until - HOUR).reduction is not None
        assert card(product, now=until).reduction is None

    def test_where_the_law_allows_it_the_list_price_is_named_as_such(self) -> None:
        product = factories.product("en")
        change_offer(product, "en", **factories.reduction("en", prior_origin="list_price"))
        reduction = card(product, "en").reduction
        assert reduction.prior_text == "List price: £53.00"


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
        change_offer(product, "nl", availability=stored)
        element = card(product)
        assert element.availability.state == state
        assert bool(element.availability.text) == (state != "unknown")
        assert element.buyable is buyable

    def test_what_is_sold_out_keeps_its_price_and_its_link(self) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", availability="out_of_stock")
        element = card(product)
        assert element.price is not None
        assert element.link is not None

    def test_a_withdrawn_product_shows_neither_price_nor_button(self) -> None:
        product = factories.product("nl", status="withdrawn")
        change_offer(
            product,
            "nl",
            **factories.reduction("nl"),
            unit_price=1,
            unit_measure="1 m",
            rating=4,
            rating_count=3,
        )
        element = card(product, badge="Bestseller")
        assert element.title == "Lendenkussen"
        assert element.availability.state == "withdrawn"
        assert element.availability.text
        assert (element.price, element.reduction, element.badges) == (None, None, ())
        assert (element.button, element.link, element.unit_price) == (None, None, "")
        assert not element.buyable

    def test_a_withdrawn_product_may_be_hidden(self, settings: Any) -> None:
        setting(settings, WITHDRAWN_PRODUCT="hide")
        assert card(factories.product("nl", status="withdrawn"), title="Kussen") is None

    def test_an_offer_may_be_withdrawn_in_one_market_only(self, settings: Any) -> None:
        product = factories.product("nl", "da")
        change_offer(product, "nl", withdrawn_at=timezone.now())
        assert card(product, "nl").availability.state == "withdrawn"
        assert card(product, "nl").price is None
        assert card(product, "da").price is not None
        setting(settings, WITHDRAWN_PRODUCT="hide")
        assert card(product, "nl") is None
        assert card(product, "da") is not None


class TestStale:
    def stale_product(self) -> Any:
        product = factories.from_shop("nl")
        checked = datetime.datetime(2025, 10, 25, 12, tzinfo=datetime.timezone.utc)
        change_offer(product, "nl", **factories.reduction("nl"), checked_at=checked)
        return product

    def test_shows_its_price_with_its_date_and_claims_no_reduction(self) -> None:
        element = card(self.stale_product())
        assert element.price.amount == Decimal("39.75")
        assert element.stale.iso.startswith("2025-10-25")
        assert "25 oktober 2025" in element.stale_text
        assert (element.reduction, element.badges) == (None, ())

    def test_may_be_hidden(self, settings: Any) -> None:
        setting(settings, STALE_PRICE="hide")
        element = card(self.stale_product())
        assert (element.price, element.reduction, element.stale_text) == (None, None, "")
        assert element.link is not None

    def test_begins_after_the_hours_of_the_setting(self, settings: Any) -> None:
        product = factories.from_shop("nl")
        now = timezone.now()
        change_offer(product, "nl", checked_at=now - 48 * HOUR)
        assert card(product, now=now).stale is None
        assert card(product, now=now + HOUR).stale is not None
        setting(settings, STALE_AFTER_HOURS=72)
        assert card(product, now=now + HOUR).stale is None

    def test_a_product_by_hand_is_never_stale(self) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", checked_at=timezone.now() - 9999 * HOUR)
        assert card(product).stale is None


class TestBadge:
    @pytest.mark.parametrize(
        "claim",
        [
            "-25 %",
            "25%",
            "SPAR OP TIL 25 %",
            "spar 100 kr",
            "２５％",
            "٢٥٪",
            "خصم ٢٥",
            "২৫",
            "half €",
            "₪",
            "﷼",
            "Now ½ price",
            "x²",
        ],
    )
    def test_a_claim_is_refused_with_a_reason(self, claim: str) -> None:
        block = ProductCardBlock()
        value = block.normalize({"product": factories.product("nl"), "badge": claim})
        with pytest.raises(ValidationError) as refused:
            block.clean(value)
        assert list(refused.value.block_errors) == ["badge"]
        assert "Bestseller" in str(refused.value.block_errors["badge"])

    @pytest.mark.parametrize(
        "words", ["Bestseller", "Favoriet van de redactie", "一番人気", "الأفضل"]
    )
    def test_words_are_welcome(self, words: str) -> None:
        block = ProductCardBlock()
        value = block.normalize({"product": factories.product("nl"), "badge": words})
        assert block.clean(value)["badge"] == words

    def test_a_claim_that_no_form_has_seen_is_not_shown(self) -> None:
        assert card(factories.product("nl"), badge="-50 %").badges == ()


class TestLink:
    def test_without_a_relationship_it_is_a_plain_link(self) -> None:
        element = card(factories.product("nl"))
        assert (element.link.rel, element.button.rel, element.disclosure) == ("", "", "")

    @pytest.mark.parametrize("relationship", ["ad", "affiliate"])
    def test_a_paid_link_is_disclosed_to_readers_and_machines(self, relationship: str) -> None:
        element = card(factories.product("nl"), relationship=relationship)
        assert element.link.rel == element.button.rel == "sponsored nofollow"
        assert element.disclosure

    def test_an_offer_without_an_address_has_no_button(self) -> None:
        product = factories.product("nl")
        change_offer(product, "nl", url="")
        element = card(product)
        assert (element.link, element.button, element.buyable) == (None, None, False)
        assert element.price is not None

    @pytest.mark.parametrize(
        ("url", "tagged"),
        [
            ("https://s.example/a", "https://s.example/a?utm_source=mag&utm_medium=card"),
            (
                "https://s.example/a?id=1#top",
                "https://s.example/a?id=1&utm_source=mag&utm_medium=card#top",
            ),
            (
                "https://s.example/a?size=1&size=2&q=a%20b",
                "https://s.example/a?size=1&size=2&q=a%20b&utm_source=mag&utm_medium=card",
            ),
            (
                "https://s.example/a?utm_source=own&empty=",
                "https://s.example/a?utm_source=own&empty=&utm_medium=card",
            ),
        ],
    )
    def test_utm_parameters_join_those_that_are_there(
        self, url: str, tagged: str, settings: Any
    ) -> None:
        setting(settings, UTM={"utm_source": "mag", "utm_medium": "card"})
        assert with_utm(url) == tagged
        product = factories.product("nl")
        change_offer(product, "nl", url=url)
        assert card(product).button.url == tagged

    def test_without_the_setting_an_address_stays_as_it_is(self) -> None:
        assert with_utm("https://s.example/a?b&c=%20") == "https://s.example/a?b&c=%20"


class TestImage:
    def test_comes_in_its_sizes(self) -> None:
        product = factories.product("nl", "da", image=factories.image())
        change_offer(product, "nl", image_alt="Een kussen")
        image = card(product).image
        assert [(size.name, size.width) for size in image.sizes] == [
            ("small", 240),
            ("medium", 480),
            ("large", 960),
        ]
        assert image.alt == "Een kussen"
        # No market shows the words of another.
        assert card(product, "da").image.alt == ""

    def test_a_deleted_image_leaves_the_card(self) -> None:
        image = factories.image()
        product = factories.product("nl", image=image)
        image.delete()
        element = card(product)
        assert element.image is None
        assert element.price is not None

    def test_a_file_that_is_gone_leaves_the_card(self) -> None:
        image = factories.image()
        image.file.storage.delete(image.file.name)
        element = card(factories.product("nl", image=image))
        assert element.image is None
        assert element.price is not None


class TestPlace:
    def test_a_title_is_a_heading_below_its_section(self) -> None:
        stored = ("product_card", {"product": factories.product("en").pk})
        heading = ("heading", {"text": "A", "level": "3"})
        page = factories.page(stored, heading, stored)
        first, _heading, second = factories.elements(page)
        assert (first.heading_level, second.heading_level) == (2, 4)

    def test_two_placements_of_one_product_keep_their_own_words(self) -> None:
        product = factories.product("en", image=factories.image())
        page = factories.page(
            ("product_card", {"product": product.pk, "title": "One", "badge": "Bestseller"}),
            ("product_card", {"product": product.pk, "title": "Two"}),
            ("product_grid", {"cards": [{"product": product.pk, "text": "Three"}]}),
        )
        first, second, grid = factories.elements(page)
        assert [(e.title, e.text, len(e.badges)) for e in (first, second, grid.cards[0])] == [
            ("One", "", 1),
            ("Two", "", 0),
            ("Lumbar cushion", "Three", 0),
        ]


class TestGrid:
    def grid(self, *products: Any, language: str = "nl", **fields: Any) -> Any:
        block = ProductGridBlock()
        cards = [{"product": product.pk} for product in products]
        value = block.to_python({"cards": cards, **fields})
        return block.element(value, factories.context_of(language))

    def test_shows_its_cards_one_level_below_its_heading(self) -> None:
        products = [factories.product("nl") for _ in range(3)]
        with_heading = self.grid(*products, heading="Kussens")
        assert [card.product for card in with_heading.cards] == [p.pk for p in products]
        assert with_heading.heading_level == 3
        assert {card.heading_level for card in with_heading.cards} == {4}
        assert {card.layout for card in with_heading.cards} == {"card"}
        without = self.grid(*products)
        assert {card.heading_level for card in without.cards} == {3}

    def test_leaves_out_what_the_market_does_not_offer(self) -> None:
        dutch, both = factories.product("nl"), factories.product("nl", "da")
        assert [c.product for c in self.grid(dutch, both, language="da").cards] == [both.pk]
        assert self.grid(dutch, language="da") is None

    def test_two_grids_of_a_page_have_anchors_of_their_own(self) -> None:
        stored = ("product_grid", {"cards": [{"product": factories.product("en").pk}]})
        page = factories.page(stored, stored)
        first, second = factories.elements(page)
        assert first.anchor != second.anchor
        context = factories.context_of("en", page)
        alone = page.body[1].block.element(page.body[1].value, context)
        assert alone.anchor == second.anchor
