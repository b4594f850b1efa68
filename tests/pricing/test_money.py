"""Money, numbers and percentages as a reader of each language expects them."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import product

import pytest
from babel import Locale
from babel.numbers import get_currency_precision, get_currency_symbol, list_currencies
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from anodyne_blocks.pricing.money import (
    Money,
    babel_locale,
    format_money,
    format_number,
    format_percent,
    money,
)
from tests.printed import AMOUNTS, printed_number

LANGUAGES = [code for code, _name in settings.LANGUAGES]
# Direction marks and spaces: which of them stand where is for CLDR to say.
UNSEEN = re.compile(r"[\s\u061c\u200e\u200f]")
NUMBER = re.compile(r"[0-9](?:.*[0-9])?")


def number_in(text: str, language: str) -> Decimal:
    """The number in a text with Latin digits, read by the separators of its language alone."""
    symbols = babel_locale(language).number_symbols["latn"]
    digits = NUMBER.search(text)[0].replace(symbols["group"], "")
    return Decimal(digits.replace(symbols["decimal"], "."))


def around_number(text: str) -> str:
    """What stands beside the number: the sign of a currency, of a percentage."""
    return UNSEEN.sub("", NUMBER.sub("", text))


@pytest.mark.parametrize(
    ("language", "currency", "amount"),
    [
        ("da", "DKK", "53.10"),
        ("da", "DKK", "1053.1"),
        ("sv", "SEK", "53.10"),
        ("nb", "NOK", "53.10"),
        ("nl", "EUR", "53.10"),
        ("nl", "DKK", "53.10"),
        ("de", "EUR", "1053.10"),
        ("de-at", "EUR", "53.10"),
        ("de-ch", "CHF", "1053.10"),
        ("en-gb", "GBP", "53.10"),
        ("en-gb", "DKK", "1053.10"),
        ("pt-br", "BRL", "53.10"),
        ("hu", "HUF", "1053"),
        ("ja", "JPY", "1053"),
        # Digits are Latin in Egypt too.
        ("ar", "EGP", "1053.10"),
        ("ar-eg", "EGP", "53.10"),
    ],
)
def test_a_price_can_be_read_in_its_language(language, currency, amount):
    """What must hold in any release of CLDR, which differ in the rest."""
    written = format_money(Decimal(amount), currency, language)
    assert number_in(written, language) == Decimal(amount)
    sign = get_currency_symbol(currency, babel_locale(language))
    assert around_number(written) in {UNSEEN.sub("", sign), currency}
    assert " " not in written, "a price is never broken between lines"
    assert not re.search(r"[^\W\d_]\d|\d[^\W\d_]", written), "no letter touches a digit"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_printed_is_the_amount_in_every_currency_and_language(language):
    for currency, amount in product(sorted(list_currencies()), AMOUNTS):
        price = money(amount, currency, language)
        printed = printed_number(price.formatted, language)
        assert Decimal(printed) == Decimal(amount), (currency, price)
        # The raw amount has the same digits, and no fewer decimals than the currency is used to.
        assert printed == price.model_dump(mode="json")["amount"], (currency, price)
        assert len(printed.partition(".")[2]) >= get_currency_precision(currency)


def test_decimals_beyond_the_usual_are_those_of_the_amount():
    written = [format_money(amount, "EUR", "en") for amount in ("53", "53.1000", "0.0049")]
    assert written == ["€53.00", "€53.10", "€0.0049"]


def test_money_is_raw_and_formatted_in_json():
    price = money(Decimal("53.1"), "EUR", "nl")
    assert json.loads(price.model_dump_json()) == {
        "amount": "53.10",
        "currency": "EUR",
        "formatted": format_money("53.10", "EUR", "nl"),
    }


@pytest.mark.parametrize(
    ("amount", "currency", "raw"),
    [
        ("53", "EUR", "53.00"),
        ("53.105", "EUR", "53.105"),
        ("53.1000", "EUR", "53.10"),
        ("1E+3", "EUR", "1000.00"),
        ("0", "EUR", "0.00"),
        ("1053", "JPY", "1053"),
        ("1053.50", "JPY", "1053.5"),
        ("1.5", "KWD", "1.500"),
        ("0.0000001", "EUR", "0.0000001"),
    ],
)
def test_the_raw_amount_is_never_rounded(amount, currency, raw):
    assert money(amount, currency, "da").model_dump(mode="json")["amount"] == raw


@given(
    amount=st.decimals(min_value=0, max_value=10**8, places=4, allow_nan=False),
    currency=st.sampled_from(["EUR", "DKK", "JPY", "KWD", "HUF", "CHF"]),
    language=st.sampled_from(["da", "nl", "ar", "ja", "de-ch", "hu"]),
)
def test_money_survives_json(amount, currency, language):
    price = money(amount, currency, language)
    again = Money.model_validate_json(price.model_dump_json())
    assert again == price
    assert again.amount == amount


@pytest.mark.parametrize("amount", [53.1, 1.0, True])
def test_floats_are_refused_even_after_an_equal_decimal(amount):
    money(Decimal(1), "EUR", "nl")
    money(1, "EUR", "nl")
    with pytest.raises(TypeError, match="parse_float=Decimal"):
        money(amount, "EUR", "nl")
    with pytest.raises(TypeError):
        format_money(amount, "EUR", "nl")
    with pytest.raises(TypeError):
        Money(amount=amount, currency="EUR", formatted="")


@pytest.mark.parametrize("amount", ["", "free", "NaN", "Infinity", "1e400", "1." + "3" * 40])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError, match="amount"):
        money(amount, "EUR", "nl")


@pytest.mark.parametrize("currency", ["eur", "EURO", "€", "", "QQQ"])
def test_unknown_currencies_are_refused(currency):
    with pytest.raises(ValueError, match="ISO 4217"):
        money(Decimal(1), currency, "nl")
    with pytest.raises(ValueError):
        Money(amount=Decimal(1), currency=currency, formatted="1")


def test_money_cannot_be_changed_and_equal_money_is_equal():
    price = money("53.10", "EUR", "nl")
    with pytest.raises(ValueError, match="frozen"):
        price.amount = Decimal(1)
    assert {price, money(Decimal("53.1"), "EUR", "nl")} == {price}


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("nb", "nb"),
        ("en-gb", "en_GB"),
        # Django names Portugal's "pt", CLDR Brazil's.
        ("pt", "pt_PT"),
        ("pt-ao", "pt_AO"),
        ("pt-br", "pt_BR"),
        ("pt_BR", "pt_BR"),
        ("zh-hans", "zh_Hans"),
        ("zh-hant", "zh_Hant"),
        ("sr-latn", "sr_Latn"),
        ("es-419", "es_419"),
        ("da-xx", "da"),
        ("nl-informal", "nl"),
        ("tlh", "root"),
        ("x-unknown", "root"),
        ("../etc", "root"),
        ("", "root"),
    ],
)
def test_every_language_code_finds_a_locale(language, locale):
    assert str(babel_locale(language)) == str(Locale.parse(locale))


@pytest.mark.parametrize("language", ["da", "sv", "nl", "en", "de-ch"])
def test_percent(language):
    written = format_percent(25, language)
    assert (number_in(written, language), around_number(written)) == (25, "%")
    assert " " not in written, "a percentage is never broken between lines"


@pytest.mark.parametrize("percent", [25.0, Decimal(25), "25", True])
def test_only_whole_percentages_are_written(percent):
    with pytest.raises(TypeError):
        format_percent(percent, "da")


@pytest.mark.parametrize(
    ("number", "language", "decimals", "written"),
    [
        (3300, "da", None, "3300"),
        (3300, "sv", None, "3300"),
        (Decimal("4.60"), "nl", None, "4.6"),
        (Decimal("4"), "nl", 1, "4.0"),
        (Decimal("4.65"), "en", 1, "4.7"),
        (Decimal("1234.5"), "en", 0, "1235"),
    ],
)
def test_numbers(number, language, decimals, written):
    text = format_number(number, language, decimals=decimals)
    assert (str(number_in(text, language)), around_number(text)) == (written, "")
