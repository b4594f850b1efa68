"""The modals in which editors choose products, people and ratings."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from anodyne_blocks.blocks import ProductChooserBlock
from anodyne_blocks.models import Person, Product, ShopRating
from anodyne_blocks.pricing.money import format_number
from tests import factories
from tests.testapp.models import ArticlePage


def url(model: str, view: str = "choose", **kwargs) -> str:
    return reverse(f"wagtailsnippetchoosers_anodyne_blocks_{model}:{view}", **kwargs)


def row(page, title: str) -> str:
    link = next(a for a in page.select("td.title a") if a.get_text(strip=True).startswith(title))
    return " ".join(link.find_parent("tr").get_text(" ").split())


def titles(page) -> list[str]:
    return [a.get_text(strip=True) for a in page.select("td.title a")]


def test_a_product_is_chosen_by_picture_price_and_availability(soup, make_product):
    product = make_product("Brace", {"nl": "39.75", "da": "1299.00"}, shop="webshop")
    product.offers.get_live_queryset().filter(market="da").update(availability="out_of_stock")
    page = soup(url("product"))
    text = row(page, "Brace")
    assert factories.plain(f"{factories.written('39.75', 'nl')} · in stock") in text
    assert factories.plain(f"{factories.written('1299', 'da')} · sold out") in text
    assert "webshop" in text
    assert page.select_one("tbody img")["width"] == "80"


def test_markets_stand_in_the_order_of_the_setting(soup, make_product):
    make_product("Brace", {"ar": "1", "da": "2", "nl": "3"})
    lines = soup(url("product")).select("tbody li b")
    assert [line.get_text() for line in lines] == ["nl", "da", "ar"]


def test_a_withdrawn_product_is_marked(soup, make_product):
    make_product("Roll", {"nl": "20"}, status=Product.Status.WITHDRAWN)
    text = row(soup(url("product")), "Roll")
    assert text.endswith("· withdrawn by hand withdrawn") and "in stock" not in text


@pytest.mark.parametrize("view", ["choose", "choose_results"])
@pytest.mark.parametrize("text", ["lumb", "rugbr", "b-17"])
def test_products_are_found_in_the_chooser(soup, make_product, view, text):
    product = make_product("Lumbar brace", {"nl": "39.75", "da": "1"}, external_id="B-17")
    product.offers.get_live_queryset().update(title="Rugbrace")
    make_product("Cushion", {"nl": "20"})
    assert titles(soup(url("product", view), q=text)) == ["Lumbar brace"]


@pytest.mark.parametrize("several", [{}, {"multiple": 1}])
def test_the_keyboard_reaches_a_wide_table_of_products(soup, make_product, several):
    make_product("Brace", {"nl": "39.75"})
    page = soup(url("product"), **several)
    area = page.select_one("table").find_parent(class_="anodyne-scroll")
    assert (area["role"], area["tabindex"]) == ("region", "0")
    assert page.find(id=area["aria-labelledby"])["role"] == "tab"


def test_a_search_for_a_whole_article_finds_nothing_without_an_error(soup, make_product):
    make_product("Brace", {"nl": "20"})
    listing = reverse("wagtailsnippets_anodyne_blocks_product:list")
    for address in (listing, url("product"), url("person")):
        assert not titles(soup(address, q="x" * 60_000))


def test_a_search_without_result_says_so(soup):
    assert "no snippets match" in soup(url("product", "choose_results"), q="zzz").get_text()


def test_choosing_several_products_at_once(soup, make_product):
    make_product("Brace", {"nl": "39.75"})
    page = soup(url("product"), multiple=1)
    assert page.select_one("tbody input[type=checkbox]")
    assert "39,75" in page.get_text()


def test_the_chosen_product_shows_its_title(admin, make_product):
    product = make_product("Brace", {"nl": "39.75"})
    result = admin.get(url("product", "chosen", args=[product.pk])).json()["result"]
    assert result["string"] == "Brace" and result["id"] == str(product.pk)
    widget = ProductChooserBlock().widget
    assert widget.get_value_data(product.pk)["string"] == "Brace"
    assert widget.get_chooser_modal_url() == url("product")


def test_the_product_chooser_costs_the_same_for_2_and_for_10(cost, soup, make_product):
    def add(numbers: range) -> None:
        for number in numbers:
            prices = {"nl": "1", "da": "2"}
            make_product(f"Piece {number}", prices, shop="w", external_id=str(number))

    add(range(2))
    two = cost(url("product"))
    add(range(2, 10))
    assert len(titles(soup(url("product")))) == 10
    assert cost(url("product")) == two


def test_a_person_is_chosen_by_photo_and_role(soup, make_image, dutch):
    Person.objects.create(
        name="Ada Holm", job_title="Physiotherapist", organisation="Clinic", photo=make_image("a")
    )
    Person.objects.create(name="Ada Holm", job_title="Fysiotherapeut", locale=dutch)
    page = soup(url("person"))
    assert "Physiotherapist Clinic" in row(page, "Ada Holm")
    assert len(page.select("tbody img")) == 1
    found = soup(url("person", "choose_results"), q="physio")
    assert titles(found) == ["Ada Holm"]
    found = soup(url("person", "choose_results"), q="ada", locale="nl")
    assert "Fysiotherapeut" in found.get_text() and "Physiotherapist" not in found.get_text()


def test_a_rating_is_chosen_by_its_figures_and_their_age(soup):
    for name, days in (("Fresh", 3), ("Old", 400)):
        ShopRating.objects.create(
            name=name,
            source="Reviews.example",
            url="https://reviews.example/shop",
            rating=Decimal("4.7"),
            count=3312,
            as_of=timezone.localdate() - datetime.timedelta(days=days),
            verification="Only buyers are invited.",
        )
    page = soup(url("shoprating"))
    fresh, old = (row(page, f"{name} · Reviews.example: 4.70/5") for name in ("Fresh", "Old"))
    assert factories.plain(format_number(3312, "en")) in fresh and "older than" not in fresh
    assert "Figures older than 90 days" in old
    assert len(titles(soup(url("shoprating", "choose_results"), q="fresh"))) == 1


def test_a_comparison_of_revisions_names_the_products(admin, make_product):
    brace, cushion = make_product("Brace", {"en": "1"}), make_product("Cushion", {"en": "2"})
    card = {"type": "product_card", "id": "c", "value": {"product": brace.pk}}
    page = ArticlePage(title="Desk", body=[card])
    Page.objects.get(depth=2).add_child(instance=page)
    first = page.save_revision()
    page.body = [{**card, "value": {"product": cushion.pk}}]
    second = page.save_revision()
    address = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk])
    html = admin.get(address).content.decode()
    assert '<span class="deletion">Brace</span><span class="addition">Cushion</span>' in html
