"""What a unit price is for, in the words of each language."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import format_decimal
from babel.units import format_unit
from django.conf import settings

from anodyne_blocks.pricing.units import UNITS, measure_text, read_measure

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "editors.md"
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_has_words_in_every_language(language):
    for code in UNITS:
        text = measure_text(f"2 {code}", language)
        assert "2" in text or language == "ar", code
        # Babel writes the unit's key where it finds no words.
        assert text and "-" not in text and "%(" not in text, code


@pytest.mark.parametrize(
    ("measures", "unit"),
    [
        (("100 ml", "100ml", "100 MLT"), "volume-milliliter"),
        (("100 g", "100 GRM"), "mass-gram"),
        (("100 m²", "100 m2", "100 sqm", "100 MTK"), "area-square-meter"),
        (("100 cbm", "100 MTQ"), "volume-cubic-meter"),
        (("100 fl oz", "100 floz", "100 OZA"), "volume-fluid-ounce"),
        (("100 ct", "100 item", "100 C62", "100 H87"), "piece"),
    ],
)
def test_one_unit_has_one_word_however_a_shop_writes_it(measures, unit):
    assert {read_measure(measure) for measure in measures} == {(Decimal(100), unit)}
    assert len({measure_text(measure, "nl") for measure in measures}) == 1


@pytest.mark.parametrize("quantity", ["1", "1.5", "750", "0.0005", "1200.125", "123456789.123456"])
@pytest.mark.parametrize("language", ["nl", "en", "sv", "ar"])
def test_a_quantity_is_never_rounded(quantity, language):
    pattern = "#,##0.######"
    number = format_decimal(Decimal(quantity), pattern, locale=language)
    assert Decimal(quantity) == Decimal(re.sub(r"[^\d.]", "", _plain(number, language)))
    written = format_unit(Decimal(quantity), "mass-gram", "short", pattern, locale=language)
    assert measure_text(f"{quantity} GRM", language) == written.replace(" ", "\N{NO-BREAK SPACE}")


def _plain(number: str, language: str) -> str:
    """A number with a point and no groups."""
    group = re.sub(r"\d", "", format_decimal(1000, locale=language))
    decimal = re.sub(r"\d", "", format_decimal(Decimal("0.5"), locale=language))
    return number.replace(group, "").replace(decimal, ".")


def test_pieces_are_counted_in_the_grammar_of_the_language():
    assert measure_text("1 C62", "en") == "1 piece"
    assert measure_text("10 C62", "en") == "10 pieces"
    assert measure_text("100 sheet", "en") == "100 sheets"


@pytest.mark.parametrize(
    "measure",
    ["", "tube", "1 tube", "100 pieces", "ml", "0 ml", "-1 ml", "1,5 l", "1.2.3 ml", ". ml", "1 st"]
    + ["0.5 C62", "1e3 g", "100 ml\n100 ml", "100 {0}", "9999999999 g"],
)
def test_what_no_language_has_words_for_is_left_out(measure):
    assert measure_text(measure, "de") == ""


def test_the_guide_names_a_code_of_every_unit():
    words = set(re.findall(r"[\w²³]+", GUIDE.read_text().lower()))
    assert {unit for code, unit in UNITS.items() if code in words} == set(UNITS.values())
