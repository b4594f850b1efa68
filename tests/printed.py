"""Amounts of every kind, and how the one that a text prints is read back."""

from __future__ import annotations

import re

from babel.numbers import get_decimal_symbol, get_group_symbol

from anodyne_blocks.pricing.money import babel_locale

AMOUNTS = ["0.001", "0.05", "1.5", "1299", "1299.5", "0.0049", "1234567.8901", "9999999999.9999"]


def printed_number(text: str, language: str) -> str:
    """The one number in a text of a language, with a point and without groups."""
    locale = babel_locale(language)
    group, point = get_group_symbol(locale), get_decimal_symbol(locale)
    (number,) = re.findall(rf"[0-9](?:[0-9{re.escape(group + point)}]*[0-9])?", text)
    return number.replace(group, "").replace(point, ".")
