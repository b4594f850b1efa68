"""Amounts of money: exact, with a currency, and written the way a language writes them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Any

from babel import Locale, UnknownLocaleError
from babel import numbers as babel_numbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_serializer

__all__ = ["Money", "format_money", "money"]

# In no language: digits and signs.
_FALLBACK = Locale("root")
_CURRENCIES = babel_numbers.list_currencies()
# Where a code such as DKK touches the digits, CLDR asks for a space, which Babel leaves out.
_TOUCHING = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
# Django's "pt" is of Portugal, CLDR's of Brazil.
_OF_DJANGO = {"pt": "pt_PT"}
_MAX_DIGITS = 20  # far beyond any price; more would overflow the decimal context


@lru_cache(maxsize=256)
def babel_locale(language: str) -> Locale:
    """The Babel locale of a Django language code ("pt-br", "zh-hans", "nb", "en-gb").

    A code that Babel does not know falls back to its base language, then to none. Never fails.
    """
    parts = language.replace("_", "-").split("-")
    while parts:
        try:
            code = "_".join(parts)
            return Locale.parse(_OF_DJANGO.get(code, code))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return _FALLBACK


def _exact(amount: Any) -> Decimal:
    """`amount` as a Decimal, without ever passing through binary floating point."""
    if isinstance(amount, (bool, float)) or not isinstance(amount, (Decimal, int, str)):
        raise TypeError(
            f"An amount must be a Decimal, an int or a numeric string, not {amount!r}. "
            "Read JSON with json.loads(…, parse_float=Decimal)."
        )
    try:
        exact = Decimal(amount)
    except InvalidOperation:
        raise ValueError(f"{amount!r} is not an amount.") from None
    if not exact.is_finite() or abs(exact.adjusted()) > _MAX_DIGITS:
        raise ValueError(f"{amount!r} is not an amount.")
    # More digits than the decimal context holds: whatever is done with them would round.
    if exact.normalize() != exact:
        raise ValueError(f"{amount!r} has more digits than any amount of money.")
    return exact


def is_currency(code: str) -> bool:
    """Whether it is an ISO 4217 code such as "EUR"."""
    return code in _CURRENCIES


def _known_currency(currency: str) -> str:
    if not is_currency(currency):
        raise ValueError(f"{currency!r} is not an ISO 4217 currency code such as 'EUR'.")
    return currency


def _round(number: Decimal, places: int) -> Decimal:
    """Rounds half away from zero, as shops and laws do, where Babel would round half to even."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def currency_decimals(currency: str) -> int:
    """How many decimals a currency usually has. Raises ValueError for one that is none."""
    return babel_numbers.get_currency_precision(_known_currency(currency))


def decimals_of(amount: Decimal, currency: str) -> int:
    """How many decimals an amount is written with: the currency's usual ones, more if it has more.

    Raises ValueError for a currency that is none.
    """
    usual = currency_decimals(currency)
    return max(usual, -int(amount.normalize().as_tuple().exponent))


def format_money(amount: Decimal | int | str, currency: str, language: str) -> str:
    """`amount` written in `language`: "53,10 kr." for ("53.10", "DKK", "da").

    Never rounded, and with the decimals of `decimals_of`: 53 EUR has its ",00", and 0.0049 EUR all
    four. Digits are Latin in every language. The text may hold no-break spaces and direction
    marks; print it inside `<bdi>`.

    Raises TypeError for a float, ValueError for something that is no amount or no currency.
    """
    written = babel_numbers.format_currency(
        _exact(amount),
        _known_currency(currency),
        locale=babel_locale(language),
        # The currency's decimals become the fewest, in place of all.
        decimal_quantization=False,
    )
    return _TOUCHING.sub("\N{NO-BREAK SPACE}", written)


@lru_cache(maxsize=1024, typed=True)
def format_percent(percent: int, language: str) -> str:
    """A whole percentage: 25 is "25 %" in Danish (with a no-break space) and "25%" in Dutch.

    Raises TypeError for anything but an int: percentages are rounded down before they get here.
    """
    if isinstance(percent, bool) or not isinstance(percent, int):
        raise TypeError(f"A percentage must be an int, not {type(percent).__name__}.")
    return babel_numbers.format_percent(Decimal(percent) / 100, locale=babel_locale(language))


@lru_cache(maxsize=1024, typed=True)
def format_number(
    number: Decimal | int | str, language: str, *, decimals: int | None = None
) -> str:
    """A number with the separators of `language`: 3300 is "3.300" in Danish.

    `decimals` fixes the digits after the separator (a rating of 4 is "4,0" with one), rounded
    half up; without it up to three are written, and no trailing zeros. Errors as `format_money`.
    """
    locale = babel_locale(language)
    if decimals is None:
        return babel_numbers.format_decimal(_round(_exact(number), 3), locale=locale)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return babel_numbers.format_decimal(_round(_exact(number), decimals), pattern, locale=locale)


class Money(BaseModel):
    """An amount in a currency, raw and as a reader of one language reads it.

    In JSON: `{"amount": "53.10", "currency": "EUR", "formatted": "€ 53,10"}`. `money()` makes one.
    """

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    amount: Annotated[
        Decimal,
        BeforeValidator(_exact),
        Field(json_schema_extra={"pattern": r"^-?\d+(\.\d+)?$"}),
    ]
    """The exact amount in major units, as a string with at least the currency's usual decimals."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$"), AfterValidator(_known_currency)]
    """ISO 4217 code."""
    formatted: str
    """The amount as written in the language of the page, all its decimals; may hold direction
    marks. "Free" in that language for a card's price of 0."""

    @property
    def written(self) -> str:
        """The amount as JSON has it, for attributes of HTML."""
        return f"{self.amount:f}"

    @field_serializer("amount", when_used="json")
    def _amount_to_json(self, amount: Decimal) -> str:
        # Decimal's own text is "1E-7" for a small one.
        return f"{amount:f}"


@lru_cache(maxsize=2048, typed=True)
def money(amount: Decimal | int | str, currency: str, language: str) -> Money:
    """The `Money` for an amount, written in `language`. Errors as `format_money`."""
    formatted = format_money(amount, currency, language)
    exact = _exact(amount)
    # All decimals of the currency, and no more zeros: so its text is what JSON has.
    exact = Decimal(f"{exact:.{decimals_of(exact, currency)}f}")
    return Money(amount=exact, currency=currency, formatted=formatted)
