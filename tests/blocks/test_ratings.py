"""The shop's rating: its words, figures, source and date."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from anodyne_blocks.blocks import ShopRatingBlock
from anodyne_blocks.blocks.ratings import based_on, rating_of
from anodyne_blocks.pricing.money import format_number
from tests import factories


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "based on 1 review"),
        (42, "based on 42 reviews"),
        (99, "based on 99 reviews"),
        (3300, f"based on {format_number(3300, 'en')} reviews"),
        (3312, f"based on more than {format_number(3300, 'en')} reviews"),
        (3399, f"based on more than {format_number(3300, 'en')} reviews"),
        (12_999, f"based on more than {format_number(12_000, 'en')} reviews"),
    ],
)
def test_the_count_is_never_rounded_up(count: int, words: str) -> None:
    assert based_on(count, "en") == words


@pytest.mark.parametrize(
    ("value", "best", "percent", "short"),
    [("4.65", 5, 93, "4.7"), ("5", 5, 100, "5.0"), ("9.2", 10, 92, "9.2"), ("0", 5, 0, "0.0")],
)
def test_stars_are_filled_to_the_percent(value: str, best: int, percent: int, short: str) -> None:
    rating = rating_of(Decimal(value), best, 10, "en")
    assert (rating.percent, rating.short) == (percent, short)
    assert rating.text == f"{short} out of {best}"


def test_figures_are_written_as_the_language_does() -> None:
    rating = rating_of(Decimal("4.6"), 5, 1212, "da")
    assert (rating.short, rating.count_text) == ("4,6", f"({format_number(1212, 'da')})")


@pytest.mark.django_db
class TestOnAPage:
    def element(self, rating: Any, language: str = "en") -> Any:
        block = ShopRatingBlock()
        value = block.to_python({"rating": rating.pk})
        return block.element(value, factories.context_of(language))

    @pytest.mark.parametrize(
        ("value", "word"),
        [("4.6", "Excellent, "), ("4.1", "Very good, "), ("3.9", "3.9 out of 5, ")],
    )
    def test_says_no_more_than_the_figure(self, value: str, word: str) -> None:
        element = self.element(factories.rating(rating=Decimal(value)))
        assert element.text == word + based_on(3312, "en")

    def test_names_source_and_date(self) -> None:
        element = self.element(factories.rating(as_of=datetime.date(2025, 10, 1)), "da")
        assert (element.source.text, element.source.url, element.source.rel) == (
            "Reviews",
            "https://reviews.example/shop",
            "nofollow",
        )
        assert factories.day("2025-10-01", "da") in element.as_of_text

    def test_is_in_the_language_of_the_page(self, settings: Any) -> None:
        rating = factories.rating()
        factories.translation(rating, "da", verification="Kun købere.", count=40)
        danish = self.element(rating, "da")
        assert (danish.verification, danish.rating.count) == ("Kun købere.", 40)
        swedish = self.element(rating, "sv")
        assert (swedish.verification, swedish.other_language) == ("", None)
        factories.setting(settings, UNTRANSLATED_TEXTS="mark")
        marked = self.element(rating, "sv")
        assert marked.verification == rating.verification
        assert marked.other_language.model_dump() == {
            "code": "en",
            "direction": "ltr",
            "fields": ("verification",),
        }

    def test_a_deleted_rating_shows_nothing(self) -> None:
        rating = factories.rating()
        stored = {"rating": rating.pk}
        rating.delete()
        block = ShopRatingBlock()
        assert block.element(block.to_python(stored), factories.context_of("en")) is None
