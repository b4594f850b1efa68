"""Amounts and measures as people type them, in the writing of the editor's language."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal, get_decimal_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext

from anodyne_blocks.pricing.money import babel_locale, decimals_of, is_currency
from anodyne_blocks.pricing.units import measure_text

_ARABIC_POINT = "\N{ARABIC DECIMAL SEPARATOR}"
# What only ever separates thousands, and a comma that some keyboards have in place of ours.
_SAME = {"'": " ", "’": " ", "\N{ARABIC THOUSANDS SEPARATOR}": " ", "\N{ARABIC COMMA}": ","}
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([., ])[0-9]{3}(?:\1[0-9]{3})*")
_DIGITS = re.compile(r"[0-9]+")
_SIGN = re.compile("[-−]")
_LONGEST = 40
_NUMBER_AND_UNIT = re.compile(r"(.*?)\s*([^\W\d_].*)")
# Those that an editor is told of; shops may use more.
_COMMON_UNITS = "mg, g, kg, ml, cl, l, mm, cm, m, m², m³, ct"


def amount_text(amount: Decimal, currency: str = "") -> str:
    """An amount for a field: "26,50" in Dutch, with the decimals that it needs in its currency."""
    normal = amount.normalize()
    needed = decimals_of(normal, currency) if is_currency(currency) else _decimals(normal)
    return _written(normal, max(needed, 0))


def read_amount(text: str, *, example: str = "1299.50", thousandths: bool = False) -> Decimal:
    """What a person means who typed `text`, by the separators of any language.

    `ValidationError` with both readings for what may mean two numbers: "1.299" is 1299 to some and
    1 and a bit to others. Only where `thousandths` are usual is the decimal sign of the editor's
    own language taken at its word. `example` is a good number for the message of what is none.
    """
    plain = _plain(text)
    sign = "-" if _SIGN.match(plain) else ""
    found = _readings(plain[len(sign) :].lstrip() if sign else plain)
    if not found:
        number = Decimal(example)
        raise ValidationError(
            gettext("Write a number in digits alone, such as %(example)s."),
            code="invalid",
            params={"example": _written(number, _decimals(number), "#,##0")},
        )
    if len(found) == 1:
        return _signed(next(iter(found.values())), sign)
    # Two readings are of one separator: of thousands, or of decimals.
    whole = found.pop("")
    ((point, decimal),) = found.items()
    if thousandths and point == get_decimal_symbol(_locale()):
        return _signed(decimal, sign)
    raise ValidationError(
        gettext("“%(text)s” may mean %(large)s or %(small)s. Write it in one of these ways."),
        code="ambiguous",
        # A thousands separator has three digits after it, so that neither of these is one.
        params={
            "text": text.strip(),
            "large": sign + _written(whole, 2, "#,##0"),
            "small": sign + _written(decimal, 4),
        },
    )


def _plain(text: str) -> str:
    """`text` with Latin digits, one kind of space, and no marks of direction."""
    plain = []
    for sign in text[: _LONGEST + 1]:
        digit = unicodedata.decimal(sign, None)
        if digit is not None:
            plain.append(str(digit))
        elif unicodedata.category(sign) != "Cf":
            plain.append(" " if sign.isspace() else _SAME.get(sign, sign))
    return "".join(plain).strip()


def _readings(plain: str) -> dict[str, Decimal]:
    """{decimal separator, or "" for none: the number}: what digits and separators may mean."""
    if len(plain) > _LONGEST:
        return {}
    found = {}
    whole = _whole(plain)
    if whole:
        found[""] = Decimal(whole)
    for point in (".", ",", _ARABIC_POINT):
        before, separator, decimals = plain.rpartition(point)
        whole = _whole(before) if before else "0"
        if separator and point not in before and whole and _DIGITS.fullmatch(decimals):
            found[point] = Decimal(f"{whole}.{decimals}")
    return found


def _whole(plain: str) -> str:
    """The digits of a whole number, with or without thousands separators; "" for anything else."""
    if _DIGITS.fullmatch(plain):
        return plain
    return re.sub("[., ]", "", plain) if _GROUPED.fullmatch(plain) else ""


def _signed(number: Decimal, sign: str) -> Decimal:
    return -number if sign else number


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _written(number: Decimal, decimals: int, whole: str = "0") -> str:
    pattern = f"{whole}.{'0' * decimals}" if decimals else whole
    return format_decimal(number, pattern, locale=_locale())


def _locale() -> Any:
    return babel_locale(get_language() or "en")


class AmountInput(forms.TextInput):
    """Text, and not a number's input: browsers drop the separators that are not their own."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class AmountField(forms.DecimalField):
    """An amount in the writing of the editor's language; see `read_amount`.

    `stored` and `currency` are what the form showed: an amount that is sent back as it was shown
    is kept. `thousandths`: the currency has three decimals.
    """

    widget = AmountInput
    example = "1299.50"
    stored: Decimal | None = None
    currency = ""
    thousandths = False

    def prepare_value(self, value: Any) -> Any:
        return amount_text(value, self.currency) if isinstance(value, Decimal) else value

    # Django's DecimalField is an IntegerField by inheritance alone.
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = str(value or "").strip()
        if not text:
            return None
        if self.stored is not None and text == self.prepare_value(self.stored):
            return self.stored
        return read_amount(text, example=self.example, thousandths=self.thousandths)


class RatingField(AmountField):
    """A rating such as 4,6."""

    example = "4.6"


class MeasureField(forms.CharField):
    """A quantity and a unit, such as 1,5 l: stored with a point, for all languages."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # The unit stands after its number, also in a form that runs from right to left.
        return {**super().widget_attrs(widget), "dir": "auto"}

    def prepare_value(self, value: Any) -> Any:
        match = re.fullmatch(r"([0-9]+\.[0-9]+)( .+)", value or "")
        return amount_text(Decimal(match[1])) + match[2] if match else value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not text:
            return text
        match = _NUMBER_AND_UNIT.fullmatch(text)
        if match and match[1]:
            quantity = read_amount(match[1], example="1.5").normalize()
            measure = f"{quantity:f} {match[2]}"
            if measure_text(measure, "en"):
                return measure
        raise ValidationError(
            gettext("Write a quantity and a unit, such as %(example)s. Units: %(units)s."),
            code="invalid",
            params={"example": _written(Decimal("1.5"), 1) + " l", "units": _COMMON_UNITS},
        )
