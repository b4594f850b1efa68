"""Amounts as text: what can mean one number only is read."""

from __future__ import annotations

import pytest

from anodyne_blocks.shops.amounts import read_amount
from anodyne_blocks.shops.offer import InvalidOffer


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("53", "EUR", "53"), ("53.1", "EUR", "53.1"), ("53.10", "EUR", "53.10"),
        ("12.9900", "EUR", "12.99"), ("0053.00", "EUR", "53.00"),
        # Three decimals where no thousand can be meant, or where the currency has three.
        ("0.990", "EUR", "0.99"), ("1299.000", "EUR", "1299.00"), ("12.345", "KWD", "12.345"),
        ("1980", "JPY", "1980"), ("1980.00", "JPY", "1980"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_they_are(text: str, currency: str, amount: str) -> None:
    assert str(read_amount(text, currency)) == amount


@pytest.mark.parametrize(
    ("text", "currency", "reason"),
    [
        ("1.299", "EUR", "may mean 1299 or 1.299"),
        ("53.000", "EUR", "may mean 53000 or 53.000"),
        ("1.980", "JPY", "JPY has 0"),
        ("53.9999", "EUR", "more decimals than EUR, which has 2"),
        ("1980.5", "JPY", "more decimals than JPY"),
        ("12.3456", "KWD", "more decimals than KWD"),
        *(
            (text, "EUR", "is no amount")
            for text in (
                "", " 53", "53 ", "53\n", "-1", "+1", "1e3", "NaN", "1.2.3", "1,5", ".5", "5.",
                "٥٣", "1" * 19, "1." + "0" * 18,
            )
        ),
    ],
)  # fmt: skip
def test_what_can_mean_another_amount_is_refused(text: str, currency: str, reason: str) -> None:
    with pytest.raises(InvalidOffer, match=reason):
        read_amount(text, currency)


def test_a_unit_price_may_be_small() -> None:
    assert str(read_amount("0.0045", "EUR", may_be_small=True)) == "0.0045"
    with pytest.raises(InvalidOffer, match="may mean"):
        read_amount("1.299", "EUR", may_be_small=True)
