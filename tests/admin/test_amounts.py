"""Amounts that people type: what is meant, or a question; never another number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import get_decimal_symbol, get_group_symbol
from bs4 import BeautifulSoup
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail.users.models import UserProfile

from anodyne_blocks.admin.amounts import AmountField, MeasureField, amount_text, read_amount
from anodyne_blocks.models import PriceChange, Product
from anodyne_blocks.pricing.money import babel_locale
from tests.admin.test_admin_forms import ADD, edit_url, errors_at, form_data
from tests.printed import AMOUNTS

LANGUAGES = [code for code, _name in site.LANGUAGES]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("26,50", "26.50"),
        ("26.50", "26.50"),
        ("26", "26"),
        ("0,5", "0.5"),
        (",5", "0.5"),
        ("0.125", "0.125"),
        ("1.299,00", "1299"),
        ("1,299.00", "1299"),
        ("1 299,5", "1299.5"),
        ("1\u202f299", "1299"),
        ("1’299.50", "1299.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.891", "1234567.891"),
        ("1299,000", "1299"),
        ("1.2990", "1.299"),
        ("٢٦٫٥٠", "26.5"),
        ("\u200f١٬٢٩٩٫٥\u200f", "1299.5"),
        ("۲۶٫۵", "26.5"),
        (" 26,50 ", "26.5"),
        ("-1", "-1"),
    ],
)
def test_what_can_be_read_in_one_way_is_read_so_in_every_language(typed, meant):
    for language in LANGUAGES:
        with translation.override(language):
            assert read_amount(typed) == Decimal(meant), language


@pytest.mark.parametrize("typed", ["1.299", "1,299", "١,٢٩٩", "100.000", "-1.299"])
def test_what_can_be_read_in_two_ways_is_refused_with_both(typed):
    for language in LANGUAGES:
        with translation.override(language), pytest.raises(ValidationError) as refused:
            read_amount(typed)
        error = refused.value
        assert error.code == "ambiguous"
        # Each of the two readings is one that can be typed.
        with translation.override(language):
            large, small = (read_amount(error.params[name]) for name in ("large", "small"))
        assert large == 1000 * small, language


@pytest.mark.parametrize(
    "typed",
    ["€ 26,50", "26,50 kr.", "EUR 26", "26,-", "26.", "12.34,5", "1 29", "26 50", "1,23,456"]
    + ["1.299.50", "5²", "1e3", "NaN", "+5", "--1", ".", "26,5,0", "1_000", "9" * 60],
)
def test_what_is_no_number_is_refused(typed):
    with translation.override("nl"), pytest.raises(ValidationError) as refused:
        read_amount(typed)
    assert "1.299,50" in refused.value.messages[0]


def test_three_decimals_are_taken_at_their_word_where_the_currency_has_them():
    with translation.override("en"):
        assert read_amount("1.299", thousandths=True) == Decimal("1.299")
        with pytest.raises(ValidationError):
            read_amount("1,299", thousandths=True)
    with translation.override("nl"):
        assert read_amount("1,299", thousandths=True) == Decimal("1.299")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", ""])
def test_what_a_field_shows_it_takes_back(language, currency):
    with translation.override(language):
        for amount in map(Decimal, [*AMOUNTS, "1.299", "0", "53.0000", "100000"]):
            field = AmountField(max_digits=14, decimal_places=4)
            field.stored, field.currency = amount, currency
            shown = field.prepare_value(amount)
            assert get_decimal_symbol(babel_locale(language)) in shown or amount % 1 == 0
            assert get_group_symbol(babel_locale(language)) not in shown
            assert field.clean(shown) == amount
            assert not field.has_changed(amount, shown)


def test_a_field_shows_the_usual_decimals_and_no_more():
    with translation.override("da"):
        shown = [amount_text(Decimal("53.0000"), currency) for currency in ("DKK", "JPY", "KWD")]
        assert shown == ["53,00", "53", "53,000"]
        assert amount_text(Decimal("0.0049"), "DKK") == "0,0049"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("100 ml", "100 ml"), ("100ml", "100 ml"), ("1,5 l", "1.5 l"), ("1.5 l", "1.5 l"), ("", "")],
)
def test_a_measure_is_stored_with_a_point(typed, stored):
    field = MeasureField(required=False)
    with translation.override("nl"):
        assert field.clean(typed) == stored
        assert field.clean(field.prepare_value(stored)) == stored
        assert field.prepare_value("1.5 l") == "1,5 l"


@pytest.mark.parametrize("typed", ["tube", "1 tube", "ml", "0 ml", "1.000 ml", "-1 l", "0,5 ct"])
def test_a_measure_that_readers_would_not_see_is_refused(typed):
    with translation.override("nl"), pytest.raises(ValidationError):
        MeasureField().clean(typed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_takes_and_shows_the_writing_of_the_editors_language(admin, language):
    profile(admin, language)
    comma = get_decimal_symbol(babel_locale(language)) == ","
    typed = "1299,5" if comma else "1299.5"
    offer = {"price": typed, "rating": "4,6", "unit_price": "0,0049", "unit_measure": "1,5 l"}
    assert admin.post(ADD, form_data(offer)).status_code == 302
    stored = Product.objects.get().offers.get()
    assert (stored.price, stored.rating) == (Decimal("1299.5"), Decimal("4.6"))
    assert (stored.unit_price, stored.unit_measure) == (Decimal("0.0049"), "1.5 l")
    page = shown(admin.get(edit_url(stored.product)))
    field = page.select_one("[name=offers-0-price]")
    assert (field["type"], field["inputmode"]) == ("text", "decimal")
    assert field["value"] == typed + "0"
    assert page.select_one("[name=offers-0-rating]")["value"] == ("4,6" if comma else "4.6")


def test_two_readings_stand_at_the_field_and_nothing_is_stored(admin):
    errors = errors_at(admin.post(ADD, form_data({"price": "1,299"})))
    assert list(errors) == ["offers-0-price"]
    assert "1,299.00" in errors["offers-0-price"] and "1.2990" in errors["offers-0-price"]
    assert not Product.objects.exists()


@pytest.mark.parametrize(("price", "question"), [("2650", "€2,650.00"), ("5.29", "€5.29")])
def test_a_price_that_leaps_is_asked_about_once(admin, price, question):
    product, data = stored_at(admin, "26.50", price)
    response = admin.post(edit_url(product), data)
    errors = errors_at(response)
    assert list(errors) == ["offers-0-price"]
    said = errors["offers-0-price"]
    assert "€26.50" in said and question in said and "Save again" in said
    assert product.offers.get().price == Decimal("26.5")
    # The same form, as it came back, is the answer.
    again = sent_back(response)
    assert again["offers-0-price"] == price
    assert admin.post(edit_url(product), again).status_code == 302
    assert product.offers.get().price == Decimal(price)
    assert PriceChange.objects.filter(offer__product=product).count() == 2


def test_another_leap_is_another_question(admin):
    product, data = stored_at(admin, "26.50", "2650")
    again = sent_back(admin.post(edit_url(product), data))
    response = admin.post(edit_url(product), {**again, "offers-0-price": "26500"})
    assert "€26,500.00" in errors_at(response)["offers-0-price"]
    back = sent_back(response)
    # Who sees the slip mends it, and is asked no more.
    assert admin.post(edit_url(product), {**back, "offers-0-price": "26"}).status_code == 302
    assert product.offers.get().price == 26


@pytest.mark.parametrize("price", ["132.50", "5.30", "26.50", ""])
def test_a_price_within_a_factor_of_five_is_not_asked_about(admin, price):
    product, data = stored_at(admin, "26.50", price)
    assert admin.post(edit_url(product), data).status_code == 302


def test_the_currency_is_that_of_the_market_where_it_has_one(admin, settings):
    assert admin.post(ADD, form_data({"currency": "", "market": "da"})).status_code == 302
    assert Product.objects.get().offers.get().currency == "DKK"
    settings.ANODYNE_BLOCKS = {}
    errors = errors_at(admin.post(ADD, form_data({"currency": "", "market": "default"})))
    assert errors == {"offers-0-currency": "This field is required."}


@pytest.mark.parametrize("currency", ["KWD", ""])
def test_a_currency_of_three_decimals_takes_them_in_the_form(admin, settings, currency):
    kuwait = {"LOCALES": ["ar"], "COUNTRY": "KW", "CURRENCY": "KWD"}
    settings.ANODYNE_BLOCKS = {"MARKETS": {"kw": kuwait}}
    offer = {"market": "kw", "currency": currency, "price": "1.299"}
    assert admin.post(ADD, form_data(offer)).status_code == 302
    assert Product.objects.get().offers.get().price == Decimal("1.299")


def test_what_the_form_showed_is_no_question_when_it_comes_back(admin):
    product, data = stored_at(admin, "1.2990", "1.299")
    assert (
        shown(admin.get(edit_url(product))).select_one("[name=offers-0-price]")["value"]
        == (data["offers-0-price"])
    )
    assert admin.post(edit_url(product), {**data, "offers-0-title": "Rugband"}).status_code == 302
    assert product.offers.get().price == Decimal("1.299")


def profile(admin, language: str) -> None:
    """Make a language that of the signed-in editor."""
    user = get_user_model().objects.get(username="admin")
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})


def stored_at(admin, price: str, changed: str) -> tuple[Product, dict[str, str]]:
    """A product by hand at a price, and what its form sends with another."""
    admin.post(ADD, form_data({"price": price}))
    product = Product.objects.get()
    return product, form_data({"id": product.offers.get().pk, "price": changed}, known=1)


def shown(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def sent_back(response) -> dict[str, str]:
    """What a browser sends when the form that came back is sent as it is."""
    form = shown(response).select_one("form:has([name=offers-TOTAL_FORMS])")
    sent = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        if control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            sent[control["name"]] = chosen.get("value", "") if chosen else ""
        elif control.name == "textarea":
            sent[control["name"]] = control.get_text().strip()
        elif control.get("type") not in ("checkbox", "radio") or control.has_attr("checked"):
            sent[control["name"]] = control.get("value", "")
    return sent
