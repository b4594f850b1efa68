"""Product cards and grids where they stand: links, images, headings, neighbours."""

from __future__ import annotations

from typing import Any

import pytest

from anodyne_blocks.blocks import ProductGridBlock
from anodyne_blocks.blocks.attribution import with_utm
from tests import factories

pytestmark = pytest.mark.django_db


class TestLink:
    def test_without_a_relationship_it_is_a_plain_link(self) -> None:
        element = factories.card(factories.product("nl"))
        assert (element.link.rel, element.button.rel, element.disclosure) == ("", "", "")

    @pytest.mark.parametrize("relationship", ["ad", "affiliate"])
    def test_a_paid_link_is_disclosed_to_readers_and_machines(self, relationship: str) -> None:
        element = factories.card(factories.product("nl"), relationship=relationship)
        assert element.link.rel == element.button.rel == "sponsored nofollow"
        assert element.disclosure

    def test_an_offer_without_an_address_has_no_button(self) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", url="")
        element = factories.card(product)
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
        factories.setting(settings, UTM={"utm_source": "mag", "utm_medium": "card"})
        assert with_utm(url) == tagged
        product = factories.product("nl")
        factories.change_offer(product, "nl", url=url)
        assert factories.card(product).button.url == tagged

    def test_without_the_setting_an_address_stays_as_it_is(self) -> None:
        assert with_utm("https://s.example/a?b&c=%20") == "https://s.example/a?b&c=%20"


class TestImage:
    def test_comes_in_its_sizes(self) -> None:
        product = factories.product("nl", "da", image=factories.image())
        factories.change_offer(product, "nl", image_alt="Een kussen")
        image = factories.card(product).image
        assert [(size.name, size.width) for size in image.sizes] == [
            ("small", 240),
            ("medium", 480),
            ("large", 960),
        ]
        assert image.alt == "Een kussen"
        # No market shows the words of another.
        assert factories.card(product, "da").image.alt == ""

    def test_a_deleted_image_leaves_the_card(self) -> None:
        image = factories.image()
        product = factories.product("nl", image=image)
        image.delete()
        element = factories.card(product)
        assert element.image is None
        assert element.price is not None

    def test_a_file_that_is_gone_leaves_the_card(self) -> None:
        image = factories.image()
        image.file.storage.delete(image.file.name)
        element = factories.card(factories.product("nl", image=image))
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
