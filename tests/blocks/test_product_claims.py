"""What a product card may claim: reductions that are proven, prices that are fresh, no figures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anodyne_blocks.blocks import ProductCardBlock
from tests import factories

pytestmark = pytest.mark.django_db


HOUR = datetime.timedelta(hours=1)


class TestReduction:
    def test_a_proven_reduction_is_announced(self) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", **factories.reduction("nl", "53.00"))
        element = factories.card(product)
        assert element.reduction.percent == 25
        assert element.reduction.prior.formatted == factories.written("53", "nl")
        assert factories.written("53", "nl") in element.reduction.prior_text
        assert "30" in element.reduction.prior_text
        (badge,) = element.badges
        assert (badge.kind, badge.text) == ("reduction", factories.off(25, "nl"))

    def test_the_percentage_is_rounded_down(self) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", **factories.reduction("nl", "53.80"))
        assert factories.card(product).reduction.percent == 26

    def test_badge_of_the_editor_stands_beside_that_of_the_reduction(self) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", **factories.reduction("nl"))
        assert [b.kind for b in factories.card(product, badge="Nieuw").badges] == [
            "reduction",
            "editor",
        ]

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
        factories.change_offer(product, "nl", **factories.reduction("nl", **doubt), list_price=99)
        element = factories.card(product)
        assert (element.reduction, element.badges) == (None, ())
        assert element.price.amount == Decimal("39.75")

    def test_another_rule_in_the_settings_ends_the_announcement(self, settings: Any) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", **factories.reduction("nl"))
        market = {**settings.ANODYNE_BLOCKS["MARKETS"]["nl"]}
        market["PRICE_RULE_OPTIONS"] = {"days": 60}
        factories.setting(settings, MARKETS={**settings.ANODYNE_BLOCKS["MARKETS"], "nl": market})
        assert factories.card(product).reduction is None

    def test_an_announcement_ends_to_the_moment(self) -> None:
        product = factories.product("nl")
        until = timezone.now()
        factories.change_offer(product, "nl", **factories.reduction("nl", announce_until=until))
        assert factories.card(product, now=until - HOUR).reduction is not None
        assert factories.card(product, now=until).reduction is None

    def test_where_the_law_allows_it_the_list_price_is_named_as_such(self) -> None:
        product = factories.product("en")
        factories.change_offer(
            product, "en", **factories.reduction("en", prior_origin="list_price")
        )
        reduction = factories.card(product, "en").reduction
        assert reduction.prior_text == f"List price: {factories.written('53', 'en')}"

    @pytest.mark.parametrize(
        ("proof", "said"),
        [
            ({"prior_origin": "recommended"}, "Recommended retail price:"),
            ({"prior_origin": "earlier"}, "Earlier price:"),
            (
                {"prior_origin": "shop"},
                "Lowest price before the reduction, as the shop states:",
            ),
            ({"prior_days": None}, "Lowest price before the reduction:"),
            ({"prior_days": 1}, "Lowest price of the day before the reduction:"),
        ],
        ids=["recommended", "earlier", "the shop's word", "all days", "one day"],
    )
    def test_readers_are_told_what_the_prior_price_is(
        self, proof: dict[str, Any], said: str
    ) -> None:
        product = factories.product("en")
        factories.change_offer(product, "en", **factories.reduction("en", **proof))
        reduction = factories.card(product, "en").reduction
        assert reduction.prior_text == f"{said} {factories.written('53', 'en')}"


class TestStale:
    def stale_product(self) -> Any:
        product = factories.from_shop("nl")
        checked = datetime.datetime(2025, 10, 25, 12, tzinfo=datetime.timezone.utc)
        factories.change_offer(product, "nl", **factories.reduction("nl"), checked_at=checked)
        return product

    def test_shows_its_price_with_its_date_and_claims_no_reduction(self) -> None:
        element = factories.card(self.stale_product())
        assert element.price.amount == Decimal("39.75")
        assert element.stale.iso.startswith("2025-10-25")
        assert factories.day("2025-10-25", "nl") in element.stale_text
        assert (element.reduction, element.badges) == (None, ())

    def test_may_be_hidden(self, settings: Any) -> None:
        factories.setting(settings, STALE_PRICE="hide")
        element = factories.card(self.stale_product())
        assert (element.price, element.reduction, element.stale_text) == (None, None, "")
        assert element.link is not None

    def test_begins_after_the_hours_of_the_setting(self, settings: Any) -> None:
        product = factories.from_shop("nl")
        now = timezone.now()
        factories.change_offer(product, "nl", checked_at=now - 48 * HOUR)
        assert factories.card(product, now=now).stale is None
        assert factories.card(product, now=now + HOUR).stale is not None
        factories.setting(settings, STALE_AFTER_HOURS=72)
        assert factories.card(product, now=now + HOUR).stale is None

    def test_a_product_by_hand_is_never_stale(self) -> None:
        product = factories.product("nl")
        factories.change_offer(product, "nl", checked_at=timezone.now() - 9999 * HOUR)
        assert factories.card(product).stale is None


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
        assert factories.card(factories.product("nl"), badge="-50 %").badges == ()
