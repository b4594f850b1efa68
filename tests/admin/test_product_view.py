"""The view of a product: reasons, prices, pages, the shop's last answer, and "Refresh now"."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from anodyne_blocks import tasks
from anodyne_blocks.catalogue.judging import judge_again
from anodyne_blocks.models import PriceChange, Product, ShopState
from tests import factories

NOW = timezone.now()


def inspect(product: Product) -> str:
    return reverse("wagtailsnippets_anodyne_blocks_product:inspect", args=[product.pk])


def refresh(product: Product) -> str:
    return reverse("wagtailsnippets_anodyne_blocks_product:refresh", args=[product.pk])


def words(part: Any) -> str:
    """Its text, without the marks that keep amounts together."""
    return factories.plain(part.get_text(" "))


def euros(*amounts: str) -> list[str]:
    """Amounts as the Dutch market writes them, with plain spaces."""
    return [factories.plain(factories.written(amount, "nl")) for amount in amounts]


def percent(place: str) -> float:
    """A place in the chart: in percent, so that text keeps its size in a chart of any width."""
    assert place.endswith("%")
    return float(place[:-1])


def history(product: Product, market: str, *prices: tuple[int, str]) -> None:
    """Prices as (days ago, price), the last in force."""
    offer = product.offers.get_live_queryset().get(market=market)
    for days, price in prices:
        PriceChange.objects.create(
            offer=offer,
            price=Decimal(price),
            currency=offer.currency,
            effective_from=NOW - datetime.timedelta(days=days),
            origin=PriceChange.Origin.REFRESH,
        )
        product.offers.get_live_queryset().filter(market=market).update(price=Decimal(price))


@pytest.fixture
def shop(settings) -> None:
    """A shop with a secret."""
    settings.ANODYNE_BLOCKS = {
        **settings.ANODYNE_BLOCKS,
        "SHOPS": {
            "webshop": {
                "BACKEND": "anodyne_blocks.shops.dummy.Dummy",
                "OPTIONS": {"webhook_secret": "whsec_very_secret"},
            }
        },
    }


@pytest.fixture
def product(shop, db) -> Product:
    return factories.from_shop("nl", "da", name="Brace")


def test_all_markets_stand_side_by_side_with_their_reasons(soup, product):
    history(product, "nl", (90, "53"), (5, "60"), (2, "53"))
    section = soup(inspect(product)).select_one("[role=region][aria-labelledby=anodyne-offers]")
    rows = {
        row.select_one("td").get_text(strip=True): words(row) for row in section.select("tbody tr")
    }
    assert list(rows) == ["nl", "da", "sv", "de", "en", "ar"]
    (price,) = euros("53")
    assert "Lendenkussen" in rows["nl"] and price in rows["nl"]
    assert f"No badge: the price was {price} on" in rows["nl"]
    assert "No badge: no earlier price is known." in rows["da"]
    assert "not offered" in rows["sv"] and "badge" not in rows["sv"]


def test_the_price_history_is_a_chart_with_words_and_a_table(soup, product):
    history(product, "nl", (90, "53"), (20, "45"), (10, "60"), (2, "50"))
    first, low, high, last = euros("53", "45", "60", "50")
    page = soup(inspect(product))
    (chart,) = page.select("svg.anodyne-chart")
    assert chart["role"] == "img"
    named = [page.find(id=key) for key in chart["aria-labelledby"].split()]
    assert named[0].name == "title" and "market nl" in words(named[0])
    assert f"between {low} and {high}; now {last}." in words(named[1])
    assert "Lowest of the 30 days before" in words(named[1]) and words(named[1]).endswith(low)
    # Steps: along, then up or down, never aslant; the dearest stands highest.
    path = chart.select_one("path")["d"]
    assert path.startswith("M") and path.count("H") == 4 and path.count("V") == 3
    assert "L" not in path
    line = chart.select_one(".anodyne-chart__low")
    heights = {words(label): percent(label["y"]) for label in chart.select("g text")[:2]}
    assert heights[high] < heights[low] == percent(line["y1"]) == percent(line["y2"])
    assert 0 < percent(line["x1"]) < percent(line["x2"]) < 100
    table = page.select_one(".anodyne-history table")
    prices = [words(row.select_one("td")) for row in table.select("tbody tr")]
    assert prices == [last, high, low, first]


def test_amounts_keep_their_order_in_words_from_right_to_left(soup, product):
    history(product, "nl", (90, "53"), (20, "45"), (10, "60"), (2, "50"))
    described = soup(inspect(product)).select_one("svg desc").get_text()
    for amount in ("45", "60", "50"):
        assert f"\u2068{factories.written(amount, 'nl')}\u2069" in described


def test_moments_are_written_as_the_editors_language_does(admin, product, settings):
    seen = datetime.datetime(2026, 3, 28, 13, 5, tzinfo=datetime.timezone.utc)
    product.offers.get_live_queryset().filter(market="da").update(checked_at=seen)
    settings.LANGUAGE_CODE, settings.TIME_ZONE = "ar", "UTC"
    page = BeautifulSoup(admin.get(inspect(product)).content, "html.parser")
    offers = page.select_one("[role=region][aria-labelledby=anodyne-offers]")
    text = words(offers).replace("\u200f", "")
    # The day before the month, and the hour.
    assert re.search(r"\b28\W+0?3\W+(20)?26\b.*\b(0?1|13)\W05\b", text)


def test_one_price_alone_is_a_level_line(soup, product):
    history(product, "nl", (0, "39.75"))
    assert soup(inspect(product)).select_one("svg path")["d"].count("H") == 1


def test_a_long_history_is_shown_from_its_newest(soup, product):
    history(product, "nl", *((250 - n, str(40 + n % 7)) for n in range(205)))
    page = soup(inspect(product))
    assert len(page.select(".anodyne-history tbody tr")) == 200
    assert "5 older prices are not shown." in words(page.select_one(".anodyne-history"))


def test_a_history_is_folded_after_its_newest_prices_unless_only_few_are_left(soup, product):
    history(product, "nl", *((40 - n, str(40 + n)) for n in range(10)))
    assert not soup(inspect(product)).select(".anodyne-history details")
    history(product, "nl", (30, "70"))
    shown = soup(inspect(product)).select_one(".anodyne-history__records")
    fold = shown.select_one("details")
    assert words(fold.summary) == "3 older prices" and not fold.has_attr("open")
    folded = fold.select("tbody tr")
    assert [words(row.td) for row in folded] == euros("42", "41", "40")
    assert len(shown.select("tbody tr")) == 11


def test_equal_prices_are_written_once_beside_all_their_records(soup, product):
    offer = product.offers.get_live_queryset().get(market="nl")
    records = (
        # Days ago, price, list price, whether nobody watched before.
        (90, "50", None, False),
        (80, "40", None, False),
        (70, "40", None, False),
        (60, "40", "45", False),
        (50, "40", "45", True),
    )
    for days, price, list_price, gap in records:
        PriceChange.objects.create(
            offer=offer,
            price=Decimal(price),
            list_price=list_price and Decimal(list_price),
            currency=offer.currency,
            effective_from=NOW - datetime.timedelta(days=days),
            origin=PriceChange.Origin.REFRESH,
            gap="silence" if gap else "",
        )
    rows = soup(inspect(product)).select(".anodyne-history tbody tr")
    assert [len(row.select("td")) for row in rows] == [4, 4, 4, 3, 4]
    prices = [words(row.td) for row in rows]
    forty, forty_five, fifty = euros("40", "45", "50")
    listed = f"{forty} List price: {forty_five}"
    assert (prices[0], prices[1], prices[2], prices[4]) == (listed, listed, forty, fifty)
    assert [row.td.get("rowspan") for row in rows] == [None, None, "2", None, None]
    unknown = "the shop was not heard for too long."
    assert [unknown in words(row) for row in rows] == [True, False, False, False, False]


def test_the_keyboard_reaches_whatever_scrolls(soup, product):
    history(product, "nl", (90, "53"))
    factories.page(("product_card", {"product": product.pk}), language="nl")
    page = soup(inspect(product))
    names = []
    for area in page.select(".anodyne-scroll"):
        assert (area["role"], area["tabindex"]) == ("region", "0")
        names.append(words(page.find(id=area["aria-labelledby"])))
    assert names == ["Offers", "Pages", "Prices in market nl"]


def test_pages_are_listed_with_language_market_and_state(soup, product):
    card = ("product_card", {"product": product.pk})
    live = factories.page(card, language="nl", title="Knie")
    factories.page(card, language="da", title="Knæ", live=False)
    section = soup(inspect(product)).select_one("[role=region][aria-labelledby=anodyne-pages]")
    rows = {words(row.select_one("td")): words(row) for row in section.select("tbody tr")}
    assert rows == {"Knie": "Knie nl nl live", "Knæ": "Knæ da da draft"}
    assert section.select_one("a")["href"] == reverse("wagtailadmin_pages:edit", args=[live.pk])


def test_pages_that_one_may_not_edit_are_counted(editor, product):
    factories.page(("product_card", {"product": product.pk}), title="Secret knees")
    html = editor.get(inspect(product)).content.decode()
    assert "1 page that you may not edit" in html and "Secret knees" not in html


def test_the_shops_last_answer(soup, product):
    text = words(soup(inspect(product)).select_one(".anodyne-answer"))
    assert "The shop answered." in text and "due now" in text
    until = NOW + datetime.timedelta(hours=1)
    ShopState.objects.create(
        shop="webshop", failures=3, last_error="It answered 503.", paused_until=until
    )
    Product.objects.filter(pk=product.pk).update(
        refresh_error="No data in time.",
        refresh_failures=4,
        next_refresh_at=until,
        image_error="There is no image at this address.",
    )
    html = soup(inspect(product))
    text = words(html.select_one(".anodyne-answer"))
    for part in (
        "No data in time.",
        "4",
        "It answered 503.",
        "There is no image",
        "Not asked before",
    ):
        assert part in text
    # Shops speak English, in an admin of any language.
    assert words(html.select_one(".anodyne-answer bdi[lang=en]")) == "No data in time."
    assert "whsec" not in str(html)


def test_a_product_that_the_shop_denied_is_said_to_be_gone(soup, product):
    gone = "The shop no longer sells it."
    offers = product.offers.get_live_queryset()
    offers.filter(market="da").update(times_gone=1)
    text = words(soup(inspect(product)).select_one(".anodyne-answer"))
    assert f"da: {gone}" in text and "The shop answered." not in text
    offers.update(withdrawn_at=NOW)
    text = words(soup(inspect(product)).select_one(".anodyne-answer"))
    assert f"Last answer {gone}" in text


def test_who_may_not_change_products_sees_neither_button_nor_answer(editor, product):
    Product.objects.update(refresh_error="No data in time.", refresh_failures=1)
    assert "No data in time." in editor.get(inspect(product)).content.decode()
    group = Group.objects.get(name="Editors of elements")
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_product"]))
    page = editor.get(inspect(product))
    assert page.status_code == 200
    html = page.content.decode()
    assert "No data in time." not in html and "Refresh now" not in html
    due = Product.objects.get().next_refresh_at
    assert editor.post(refresh(product)).status_code in (302, 403)
    assert Product.objects.get().next_refresh_at == due


def test_a_product_by_hand_has_no_shop_to_ask(soup, admin, shop):
    own = factories.product("nl")
    page = soup(inspect(own))
    assert not page.select(".anodyne-answer") and "Refresh now" not in str(page)
    assert admin.post(refresh(own)).status_code == 404


def test_refreshing_without_a_background_leaves_it_to_the_next_run(admin, product):
    later = NOW + datetime.timedelta(hours=5)
    Product.objects.update(next_refresh_at=later)
    page = admin.post(refresh(product), follow=True).content.decode()
    assert "The next run of refresh_products asks the shop." in page
    product.refresh_from_db()
    assert product.next_refresh_at < later
    # The shop, which has no such product, was not asked.
    assert product.offers.get_live_queryset().filter(times_gone__gt=0).count() == 0


def test_refreshing_in_the_background_asks_about_this_product_only(admin, product, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    page = admin.post(refresh(product), follow=True).content.decode()
    assert "The shop is being asked in the background." in page
    (result,) = tasks.refresh_products.get_backend().results
    assert (result.task.name, result.args) == ("refresh_products", ["webshop", [product.pk]])


def test_a_paused_shop_is_not_asked_and_one_that_is_gone_neither(admin, product, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    until = NOW + datetime.timedelta(hours=1)
    ShopState.objects.create(shop="webshop", paused_until=until)
    assert "is in trouble" in admin.post(refresh(product), follow=True).content.decode()
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "SHOPS": {}}
    page = admin.post(refresh(product), follow=True).content.decode()
    assert "name no such shop" in page
    assert tasks.refresh_products.get_backend().results == []


def test_a_get_refreshes_nothing(admin, product):
    assert admin.get(refresh(product)).status_code == 405


def test_the_view_costs_the_same_for_one_page_and_for_ten(cost, product):
    history(product, "nl", (90, "53"))
    history(product, "da", (90, "399"))
    card = ("product_card", {"product": product.pk})
    factories.page(card, language="nl")
    one = cost(inspect(product))
    for _ in range(9):
        factories.page(card, language="nl")
    assert cost(inspect(product)) == one


class TestMistakes:
    """A price that was entered or imported wrongly is taken back openly."""

    @pytest.fixture
    def wrong(self, product) -> PriceChange:
        history(product, "nl", (90, "53"), (40, "5300"), (35, "53"), (2, "39.75"))
        return PriceChange.objects.get(price=5300)

    def mark(self, client, product, change, why: str = "A point was missing."):
        url = reverse(product.snippet_viewset.get_url_name("mistake"), args=[change.pk])
        return client.post(url, {"why": why})

    def test_it_stays_and_says_who_when_and_why(self, admin, soup, product, wrong):
        links = soup(inspect(product)).find_all("a", string="Mark as a mistake")
        link = next(link for link in links if f"/{wrong.pk}/" in link["href"])
        assert "5.300,00" in admin.get(link["href"]).content.decode()
        assert self.mark(admin, product, wrong).url == inspect(product)
        wrong.refresh_from_db()
        assert wrong.price == 5300 and wrong.mistaken_by and wrong.mistaken_at
        page = soup(inspect(product))
        row = next(row for row in page.select(".anodyne-history tr") if "5.300,00" in words(row))
        assert row.find("s") and "A point was missing." in words(row)

    def test_it_leaves_a_gap_and_no_better_prior_price(self, admin, product, wrong):
        offer = product.offers.get_live_queryset().get(market="nl")
        judge_again([offer], NOW)
        self.mark(admin, product, wrong)
        offer.refresh_from_db()
        assert offer.prior_status == "ok", "the days before the cut were seen since"
        recent = PriceChange.objects.get(effective_from=NOW - datetime.timedelta(days=35))
        self.mark(admin, product, recent)
        offer.refresh_from_db()
        assert offer.prior_status == "no_history"

    def test_a_reason_is_asked_for(self, admin, product, wrong):
        assert self.mark(admin, product, wrong, why=" ").status_code == 200
        wrong.refresh_from_db()
        assert wrong.mistaken_at is None

    def test_it_needs_a_permission_of_its_own(self, editor, soup, product, wrong):
        needed = Permission.objects.get(codename="mark_mistaken")
        offered = soup(reverse("wagtailusers_groups:add"))
        assert offered.select_one(f"input[name=permissions][value='{needed.pk}']")
        group = Group.objects.get(name="Editors of elements")
        group.permissions.remove(needed)
        assert self.mark(editor, product, wrong).status_code == 302
        wrong.refresh_from_db()
        assert wrong.mistaken_at is None
        assert b"Mark as a mistake" not in editor.get(inspect(product)).content
        group.permissions.add(needed)
        assert b"Mark as a mistake" in editor.get(inspect(product)).content
        self.mark(editor, product, wrong)
        wrong.refresh_from_db()
        assert wrong.mistaken_by == "editor"
