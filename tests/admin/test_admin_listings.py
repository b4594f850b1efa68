"""Listings of products, people and shop ratings: columns, filters, search, usage, permissions."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from anodyne_blocks.admin.columns import moment
from anodyne_blocks.models import Person, PriceChange, Product, ShopRating
from anodyne_blocks.pricing.money import format_number
from tests import factories
from tests.testapp.models import ArticlePage

PRODUCTS = reverse("wagtailsnippets_anodyne_blocks_product:list")
PEOPLE = reverse("wagtailsnippets_anodyne_blocks_person:list")
RATINGS = reverse("wagtailsnippets_anodyne_blocks_shoprating:list")


def rows(page) -> dict[str, str]:
    """{title: text of its row} of a listing."""
    found = {}
    for row in page.select("table.listing tbody tr"):
        title = row.select_one("td.title a, td.title span").get_text(strip=True)
        found[title] = " ".join(row.get_text(" ").split())
    return found


def make_rating(name: str, days: int = 1, **fields) -> ShopRating:
    return ShopRating.objects.create(
        name=name,
        source="Reviews.example",
        url="https://reviews.example/shop",
        rating=Decimal("4.7"),
        count=3312,
        as_of=timezone.localdate() - datetime.timedelta(days=days),
        verification="Only buyers are invited.",
        **fields,
    )


def test_a_product_shows_its_picture_and_prices_as_each_market_writes_them(soup, make_product):
    make_product("Brace", {"nl": "39.75", "da": "1299.00", "en": "34.50"}, shop="webshop")
    page = soup(PRODUCTS)
    text = rows(page)["Brace"]
    for language, amount in (("nl", "39.75"), ("da", "1299"), ("en", "34.50")):
        assert factories.plain(factories.written(amount, language)) in text
    assert "webshop" in text and "in stock" in text and str(Product.Status.ACTIVE.label) in text
    image = page.select_one("table.listing tbody img")
    assert image["alt"] == "" and (image["width"], image["height"]) == ("48", "32")


def test_a_price_that_the_shop_no_longer_confirms_says_so(soup, make_product):
    product = make_product("Brace", {"nl": "39.75"}, shop="webshop")
    product.offers.get_live_queryset().update(
        checked_at=datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)
    )
    assert "in stock, last confirmed on 03/01/2026" in rows(soup(PRODUCTS))["Brace"]


def test_a_currency_that_nobody_knows_does_not_break_the_listing(soup, make_product):
    product = make_product("Brace", {"nl": "39.75"})
    product.offers.get_live_queryset().update(currency="XQQ")
    assert "39.75" in rows(soup(PRODUCTS))["Brace"]


def test_product_filters(soup, make_product, settings):
    settings.ANODYNE_BLOCKS = {
        **settings.ANODYNE_BLOCKS,
        "SHOPS": {"webshop": {"BACKEND": "anodyne_blocks.shops.dummy.Dummy"}},
    }
    make_product("Brace", {"nl": "39.75"}, shop="webshop", external_id="b-1")
    sold_out = make_product("Cushion", {"nl": "20", "da": "99"})
    sold_out.offers.get_live_queryset().filter(market="nl").update(availability="out_of_stock")
    make_product("Roll", {"da": "50"}, status=Product.Status.WITHDRAWN)
    assert set(rows(soup(PRODUCTS, shop="webshop"))) == {"Brace"}
    assert set(rows(soup(PRODUCTS, shop="-"))) == {"Cushion", "Roll"}
    assert set(rows(soup(PRODUCTS, status="withdrawn"))) == {"Roll"}
    assert set(rows(soup(PRODUCTS, market="nl"))) == {"Brace", "Cushion"}
    assert set(rows(soup(PRODUCTS, availability="out_of_stock"))) == {"Cushion"}
    # Cushion is sold out in the Netherlands, and in Denmark it is not.
    assert set(rows(soup(PRODUCTS, market="da", availability="out_of_stock"))) == set()


@pytest.mark.parametrize("text", ["brace", "LUMB brac", "b-17", "rugbrace"])
def test_products_are_found_by_name_number_and_offered_title(soup, make_product, text):
    product = make_product("Lumbar brace", {"nl": "39.75"}, external_id="B-17")
    product.offers.get_live_queryset().update(title="Rugbrace")
    make_product("Cushion", {"nl": "20"})
    assert set(rows(soup(PRODUCTS, q=text))) == {"Lumbar brace"}


def test_search_finds_what_an_import_wrote_past_any_index(soup):
    Product.objects.bulk_create([Product(name="Wedge"), Product(name="Balm")])
    assert set(rows(soup(PRODUCTS, q="wed"))) == {"Wedge"}


def test_a_product_in_two_offers_is_found_once(soup, make_product):
    make_product("Brace", {"nl": "39.75", "da": "299"})
    assert len(soup(PRODUCTS, q="brace").select("table.listing tbody tr")) == 1


def test_usage_is_counted_in_pages_and_leads_to_them(soup, make_product):
    product = make_product("Brace", {"en": "39.75"})
    make_product("Cushion", {"en": "20"})
    card = {"type": "product_card", "value": {"product": product.pk}}
    page = ArticlePage(title="Desk", body=[card, {**card}])
    Page.objects.get(depth=2).add_child(instance=page)
    listing = soup(PRODUCTS, ordering="-usage_count")
    assert "Used 1 time" in rows(listing)["Brace"]
    assert "Used 0 times" in rows(listing)["Cushion"]
    assert list(rows(listing)) == ["Brace", "Cushion"]
    link = next(a for a in listing.select("a") if "Used 1 time" in a.get_text())
    assert "Desk" in soup(link["href"]).get_text()


@pytest.mark.parametrize("query", [{}, {"q": "e"}, {"market": "nl"}])
def test_listing_products_costs_the_same_for_5_and_for_20(cost, soup, make_product, query):
    def add(numbers: range) -> None:
        for number in numbers:
            prices = {"nl": "1", "da": "2"}
            make_product(f"Piece {number}", prices, shop="w", external_id=str(number))

    add(range(5))
    five = cost(PRODUCTS, **query)
    add(range(5, 20))
    assert len(rows(soup(PRODUCTS, **query))) == 20
    assert cost(PRODUCTS, **query) == five


@pytest.mark.parametrize("url", [PEOPLE, RATINGS])
def test_listing_people_and_ratings_costs_the_same_for_5_and_for_20(cost, soup, make_image, url):
    def add(numbers: range) -> None:
        for number in numbers:
            Person.objects.create(name=f"Person {number}", photo=make_image(str(number)))
            make_rating(f"Shop {number}")

    add(range(5))
    five = cost(url)
    add(range(5, 20))
    assert len(rows(soup(url))) == 20
    assert cost(url) == five


def test_people_show_photo_and_role_and_are_found_by_them(soup, make_image, dutch):
    photo = make_image("ada")
    Person.objects.create(name="Ada Holm", job_title="Physiotherapist", photo=photo)
    Person.objects.create(name="Ada Holm (nl)", job_title="Fysiotherapeut", locale=dutch)
    page = soup(PEOPLE)
    assert "Physiotherapist" in rows(page)["Ada Holm"]
    assert len(page.select("table.listing tbody img")) == 1
    assert set(rows(soup(PEOPLE, q="fysio"))) == {"Ada Holm (nl)"}
    assert set(rows(soup(PEOPLE, locale="nl"))) == {"Ada Holm (nl)"}


def test_ratings_show_their_figures_and_flag_old_ones(soup):
    make_rating("Fresh", days=90)
    make_rating("Old", days=91)
    found = rows(soup(RATINGS))
    assert "4.7 / 5" in found["Fresh"]
    assert factories.plain(format_number(3312, "en")) in found["Fresh"]
    assert "Figures older than 90 days" not in found["Fresh"]
    assert "Figures older than 90 days" in found["Old"]
    assert set(rows(soup(RATINGS, figures="old"))) == {"Old"}
    assert set(rows(soup(RATINGS, figures="recent"))) == {"Fresh"}
    assert set(rows(soup(RATINGS, q="reviews.example fre"))) == {"Fresh"}


@pytest.mark.parametrize("key", ["name", "shop", "status", "usage_count"])
def test_products_sort_by_each_column(soup, make_product, key):
    make_product("Brace", {"nl": "39.75"})
    make_product("Cushion", {"nl": "20"}, shop="w", status=Product.Status.WITHDRAWN)
    assert len(rows(soup(PRODUCTS, ordering=f"-{key}"))) == 2


def test_the_inspect_view_shows_the_price_history(soup, make_product):
    product = make_product("Brace", {"da": "1299"}, shop="webshop", external_id="B-17")
    for day, price in ((1, "1499"), (5, "1299")):
        PriceChange.objects.create(
            offer=product.offers.get(),
            price=Decimal(price),
            currency="DKK",
            effective_from=datetime.datetime(2026, 3, day, tzinfo=datetime.timezone.utc),
            origin=PriceChange.Origin.REFRESH,
        )
    url = reverse("wagtailsnippets_anodyne_blocks_product:inspect", args=[product.pk])
    text = soup(url).get_text(" ")
    newer, older = (text.index(factories.written(amount, "da")) for amount in ("1299", "1499"))
    assert newer < older
    assert "webshop" in text and "B-17" in text and "refresh" in text
    assert moment(datetime.datetime(2026, 3, 5, tzinfo=datetime.timezone.utc)) in text


@pytest.mark.parametrize("url", [PRODUCTS, PEOPLE, RATINGS])
def test_who_may_not_see_snippets_sees_no_listing(db, url):
    group = Group.objects.create(name="Reporters")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = User.objects.create_user("reporter", "r@example.com", "pw")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    assert client.get(url).status_code == 302
    assert "Article elements" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_menu_has_all_three(soup):
    home = soup(reverse("wagtailadmin_home"))
    data = home.select_one("#wagtail-sidebar-props").get_text()
    for url in (PRODUCTS, PEOPLE, RATINGS):
        assert url in data
    assert "Article elements" in data
