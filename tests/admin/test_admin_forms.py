"""Forms: products by hand with their offers, products of a shop, people, ratings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from anodyne_blocks.admin.products import ShopProductForm
from anodyne_blocks.models import Person, PriceChange, Product, ShopRating
from tests import factories

ADD = reverse("wagtailsnippets_anodyne_blocks_product:add")


def edit_url(product: Product) -> str:
    return reverse("wagtailsnippets_anodyne_blocks_product:edit", args=[product.pk])


def form_data(*offers: dict, known: int = 0, **fields) -> dict[str, str]:
    """What the form of a product by hand posts; each offer completed to a good one."""
    data = {"name": "Brace", "status": "active", "image": "", **fields}
    data |= {
        "offers-TOTAL_FORMS": str(len(offers)),
        "offers-INITIAL_FORMS": str(known),
        "offers-MIN_NUM_FORMS": "0",
        "offers-MAX_NUM_FORMS": "1000",
    }
    for number, offer in enumerate(offers):
        complete = {
            "id": "",
            "market": "nl",
            "title": "Rugbrace",
            "price": "53.00",
            "currency": "EUR",
            "availability": "in_stock",
            "tax_included": "true",
            **offer,
        }
        data |= {f"offers-{number}-{name}": str(value) for name, value in complete.items()}
    return data


def errors_at(response) -> dict[str, str]:
    """{name of the field: its error} of a form that is shown again."""
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    found = {}
    for message in page.select(".error-message"):
        field = message.find_parent(attrs={"data-field": True}) or message.parent
        control = field.select_one("input[name], select[name], textarea[name]")
        found[control["name"] if control else "-"] = message.get_text(strip=True)
    return found


def test_a_product_by_hand_is_made_with_its_offers(admin):
    danish = {
        "market": "da",
        "title": "Rygbælte",
        "price": "395",
        "currency": "DKK",
        "image_alt": "Et sort bælte",
        "brand": "Atlas",
    }
    response = admin.post(ADD, form_data({}, danish))
    assert response.status_code == 302
    product = Product.objects.get()
    assert {offer.market: offer.price for offer in product.offers.all()} == {
        "nl": Decimal(53),
        "da": Decimal(395),
    }
    # Each language has its own words for the picture.
    words = {offer.market: (offer.image_alt, offer.brand) for offer in product.offers.all()}
    assert words == {"nl": ("", ""), "da": ("Et sort bælte", "Atlas")}
    changes = PriceChange.objects.filter(offer__product=product)
    assert {(c.price, c.currency, c.origin) for c in changes} == {
        (Decimal(53), "EUR", "hand"),
        (Decimal(395), "DKK", "hand"),
    }


def test_a_price_changed_by_hand_is_added_to_the_history(admin):
    admin.post(ADD, form_data({}))
    product = Product.objects.get()
    offer = product.offers.get()
    response = admin.post(edit_url(product), form_data({"id": offer.pk, "price": "39.75"}, known=1))
    assert response.status_code == 302
    prices = [change.price for change in offer.price_changes.order_by("pk")]
    assert prices == [Decimal("53"), Decimal("39.75")]
    offer.refresh_from_db()
    # One day of history proves nothing yet; but it was judged, by the market's rule.
    assert offer.rule and offer.prior_status not in ("", "ok")


def test_an_edit_that_keeps_the_price_adds_nothing(admin):
    admin.post(ADD, form_data({}))
    product = Product.objects.get()
    offer = {"id": product.offers.get().pk, "title": "Rugband"}
    assert admin.post(edit_url(product), form_data(offer, known=1)).status_code == 302
    assert product.offers.get().title == "Rugband"
    assert PriceChange.objects.count() == 1


def test_an_offer_of_a_market_that_is_gone_is_kept(admin, soup, settings):
    admin.post(ADD, form_data({}))
    product = Product.objects.get()
    own = settings.ANODYNE_BLOCKS["MARKETS"]
    markets = {key: market for key, market in own.items() if key != "nl"}
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "MARKETS": markets}
    chosen = soup(edit_url(product)).select_one("[name=offers-0-market] option[selected]")
    assert chosen["value"] == "nl"
    offer = {"id": product.offers.get().pk, "title": "Rugband"}
    assert admin.post(edit_url(product), form_data(offer, known=1)).status_code == 302
    assert product.offers.get().title == "Rugband"
    assert PriceChange.objects.count() == 1


def test_the_only_market_is_chosen_already(soup, settings):
    settings.ANODYNE_BLOCKS = {}
    empty_form = soup(ADD).select_one("#id_offers-EMPTY_FORM_TEMPLATE").decode_contents()
    form = BeautifulSoup(empty_form, "html.parser")
    assert form.select_one("[name$=-market] option[selected]")["value"] == "default"


def test_the_markets_are_offered_as_a_choice(soup):
    empty_form = soup(ADD).select_one("#id_offers-EMPTY_FORM_TEMPLATE").decode_contents()
    options = BeautifulSoup(empty_form, "html.parser").select("[name$=-market] option")
    assert [option["value"] for option in options] == ["", "nl", "da", "sv", "de", "en", "ar"]
    assert options[2].get_text() == "da (DKK)"


@pytest.mark.parametrize(
    ("offer", "field", "message"),
    [
        ({"currency": "DKK"}, "offers-0-currency", "Prices in this market are in EUR."),
        ({"market": "xx"}, "offers-0-market", "There is no such market."),
        ({"unit_price": "9"}, "offers-0-unit_measure", "Say for which amount"),
        ({"price": "-1"}, "offers-0-price", "greater than or equal to 0"),
        ({"price": "0"}, "offers-0-price", "0 is no price."),
        ({"url": "javascript:1"}, "offers-0-url", "Enter a valid URL."),
    ],
)
def test_a_mistake_in_an_offer_stands_at_its_field(admin, offer, field, message):
    errors = errors_at(admin.post(ADD, form_data(offer)))
    assert list(errors) == [field] and message in errors[field]
    assert not Product.objects.exists()


def test_two_offers_in_one_market_are_refused(admin):
    response = admin.post(ADD, form_data({}, {"title": "Another"}))
    assert response.status_code == 200
    assert "One offer for each market." in response.content.decode()
    assert not Product.objects.exists()


def test_what_a_shop_manages_can_be_read_only(admin, soup, make_product, make_image):
    product = make_product("Brace", {"nl": "39.75"}, shop="webshop", external_id="B-17")
    page = soup(edit_url(product))
    assert "The shop “webshop” keeps this product" in page.get_text()
    assert factories.written("39.75", "nl") in page.get_text()
    names = {field["name"] for field in page.select("#main input[name], #main select[name]")}
    assert "image" in names
    assert not {name for name in names if name in ("name", "status") or "offers" in name}

    picture = make_image("another")
    forged = form_data({"price": "1", "image_alt": "Mine"}, name="Mine", image=picture.pk)
    assert admin.post(edit_url(product), forged).status_code == 302
    product.refresh_from_db()
    assert (product.image, product.name) == (picture, "Brace")
    offer = product.offers.get()
    assert (offer.price, offer.image_alt) == (Decimal("39.75"), "")
    assert not PriceChange.objects.exists()


def test_a_refresh_between_reading_and_saving_the_form_is_kept(
    admin, make_product, make_image, monkeypatch
):
    product = make_product("Brace", {"nl": "39.75"}, shop="webshop", external_id="B-17")
    is_valid = ShopProductForm.is_valid

    def meanwhile(form: ShopProductForm) -> bool:
        Product.objects.filter(pk=product.pk).update(status="withdrawn")
        return is_valid(form)

    monkeypatch.setattr(ShopProductForm, "is_valid", meanwhile)
    picture = make_image("another")
    assert admin.post(edit_url(product), {"image": picture.pk}).status_code == 302
    product.refresh_from_db()
    assert (product.image, product.status) == (picture, "withdrawn")


def test_a_person_is_made_and_mistakes_stand_at_their_fields(admin):
    url = reverse("wagtailsnippets_anodyne_blocks_person:add")
    data = {
        "name": "Ada Holm",
        "job_title": "Physiotherapist",
        "bio": "null",
        "links-count": "0",
        "working_since": "2999",
    }
    assert list(errors_at(admin.post(url, data))) == ["working_since"]
    assert admin.post(url, {**data, "working_since": "2001"}).status_code == 302
    assert str(Person.objects.get()) == "Ada Holm"


def test_a_rating_is_made_and_mistakes_stand_at_their_fields(admin):
    url = reverse("wagtailsnippets_anodyne_blocks_shoprating:add")
    data = {
        "name": "Shop",
        "source": "Reviews",
        "url": "https://reviews.example/shop",
        "rating": "5.5",
        "scale": "5",
        "count": "3312",
        "as_of": "2026-01-01",
        "verification": "Only buyers.",
    }
    assert list(errors_at(admin.post(url, data))) == ["rating"]
    assert admin.post(url, {**data, "rating": "4,7"}).status_code == 302
    assert ShopRating.objects.get().rating == Decimal("4.7")
    assert ShopRating.objects.get().count == 3312


def test_a_product_by_hand_can_be_deleted_with_its_history(admin):
    admin.post(ADD, form_data({}))
    url = reverse("wagtailsnippets_anodyne_blocks_product:delete", args=[Product.objects.get().pk])
    assert admin.post(url).status_code == 302
    assert not Product.objects.exists()


def test_the_market_of_an_offer_stays_because_its_history_is_of_that_market(admin):
    admin.post(ADD, form_data({}))
    product = Product.objects.get()
    moved = {"id": product.offers.get().pk, "market": "de", "price": "40"}
    response = admin.post(edit_url(product), form_data(moved, known=1))
    errors = errors_at(response)
    assert "Add an offer for the other market instead." in errors["offers-0-market"]
    assert product.offers.get().market == "nl"


@pytest.mark.parametrize(
    ("field", "value"),
    [("list_price", "-1"), ("unit_price", "-1"), ("rating", "9.5"), ("rating", "-3")],
)
def test_an_impossible_amount_or_rating_is_refused(admin, field, value):
    offer = {field: value, "unit_measure": "1 kg"}
    errors = errors_at(admin.post(ADD, form_data(offer)))
    assert set(errors) == {f"offers-0-{field}"}


@pytest.mark.parametrize("field", ["market", "title"])
def test_an_empty_field_has_one_error(admin, field):
    errors = errors_at(admin.post(ADD, form_data({field: ""})))
    assert errors == {f"offers-0-{field}": "This field is required."}


def test_a_currency_may_be_typed_in_small_letters(admin):
    assert admin.post(ADD, form_data({"currency": "eur"})).status_code == 302
    assert Product.objects.get().offers.get().currency == "EUR"
