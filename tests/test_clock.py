"""The site's time zone decides on days, wherever the editor or the server sits."""

from __future__ import annotations

import datetime
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from anodyne_blocks import clock
from anodyne_blocks.blocks import ReviewerBlock, SourceBlock
from anodyne_blocks.json_ld import page_json_ld
from anodyne_blocks.models import Person, PriceChange, ShopRating
from tests import factories

pytestmark = pytest.mark.django_db

# 26 hours apart: it is never the same day in both.
FIRST, LAST = "Pacific/Kiritimati", "Etc/GMT+12"
LATE = datetime.datetime(2025, 12, 31, 23, 30, tzinfo=datetime.timezone.utc)


def editor(zone: str) -> Client:
    """A client signed in as someone whose admin is in this time zone."""
    user = get_user_model().objects.create_superuser(zone, "a@example.com", "pw")
    UserProfile.objects.update_or_create(user=user, defaults={"current_time_zone": zone})
    client = Client()
    client.force_login(user)
    return client


def test_today_is_the_sites(settings: Any) -> None:
    days = {}
    for zone, other in ((FIRST, LAST), (LAST, FIRST)):
        settings.TIME_ZONE = zone
        with timezone.override(other):
            days[zone] = clock.today()
            assert clock.day_of(timezone.now()) == days[zone] != timezone.localdate()
    assert days[FIRST] > days[LAST]


class TestNotInTheFuture:
    """The site's today is no day to come for an editor who is behind, and its tomorrow is one."""

    @pytest.mark.parametrize(("site", "seat"), [(FIRST, LAST), (LAST, FIRST)])
    def test_blocks_and_models_go_by_the_site(self, settings: Any, site: str, seat: str) -> None:
        settings.TIME_ZONE = site
        today, tomorrow = clock.today(), clock.today() + datetime.timedelta(days=1)
        with timezone.override(seat):
            for day, is_refused in ((today, False), (tomorrow, True)):
                assert self.refused(self.review, day) is is_refused
                assert self.refused(self.rating, day) is is_refused
            assert self.refused(self.source, today.year + 1) is False
            assert self.refused(self.source, today.year + 2) is True
            assert self.refused(self.person, today.year) is False
            assert self.refused(self.person, today.year + 1) is True

    def refused(self, check: Any, given: Any) -> bool:
        from django.core.exceptions import ValidationError

        try:
            check(given)
        except ValidationError:
            return True
        return False

    def review(self, day: datetime.date) -> None:
        block = ReviewerBlock()
        block.clean(block.normalize({"person": factories.person(), "reviewed": day}))

    def rating(self, day: datetime.date) -> None:
        rating = factories.rating()
        rating.as_of = day
        rating.clean()

    def source(self, year: int) -> None:
        block = SourceBlock()
        block.clean(block.normalize({"title": "A book", "year": year}))

    def person(self, year: int) -> None:
        Person(name="Ada", working_since=year).clean()

    def test_a_new_rating_is_of_the_sites_today(self, settings: Any) -> None:
        settings.TIME_ZONE = FIRST
        page = BeautifulSoup(
            editor(LAST).get(reverse(ShopRating.snippet_viewset.get_url_name("add"))).content,
            "html.parser",
        )
        assert page.select_one("input[name=as_of]")["value"] == clock.today().isoformat()


def test_dates_of_a_page_do_not_move(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Copenhagen"
    shown, graphs = set(), []
    product = factories.from_shop("en")
    factories.change_offer(product, "en", checked_at=LATE)
    page = factories.page(
        ("byline", {"authors": [{"organisation": "The desk"}]}),
        ("product_card", {"product": product.pk}),
        first_published_at=LATE,
    )
    for zone in (FIRST, LAST, "UTC"):
        with timezone.override(zone):
            fresh = factories.again(page)
            fresh.first_published_at = fresh.last_published_at = LATE
            byline, card = factories.elements(fresh)
            shown.add((byline.published.iso, byline.published.formatted, card.stale.iso))
            graphs.append(page_json_ld(fresh))
    day = factories.day("2026-01-01", "en")
    assert shown == {("2026-01-01T00:30:00+01:00", day, "2026-01-01T00:30:00+01:00")}
    assert graphs[0] == graphs[1] == graphs[2]


def test_editors_everywhere_read_the_same_of_a_product(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Copenhagen"
    product = factories.from_shop("nl")
    factories.change_offer(product, "nl", checked_at=LATE)
    offer = product.offers.get()
    offer.price_changes.create(
        price=offer.price, currency="EUR", effective_from=LATE, observed_at=LATE, origin="refresh"
    )
    factories.page(("product_card", {"product": product.pk}), language="nl")
    inspect = reverse(product.snippet_viewset.get_url_name("inspect"), args=[product.pk])
    read = set()
    for zone in (FIRST, LAST):
        client = editor(zone)
        text = ""
        for address in (inspect, reverse("anodyne_blocks_attention")):
            soup = BeautifulSoup(client.get(address).content, "html.parser")
            text += " ".join(soup.select_one("main").get_text(" ").split())
        read.add(text)
    assert len(read) == 1
    assert "1/1/26, 12:30" in read.pop().replace("\u202f", " ")


def test_a_command_takes_times_without_a_zone_as_the_sites(settings: Any, tmp_path: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    factories.setting(
        settings, SHOPS={"webshop": {"BACKEND": "anodyne_blocks.shops.dummy.Dummy", "OPTIONS": {}}}
    )
    product = factories.from_shop("nl")
    table = tmp_path / "prices.csv"
    table.write_text(
        f"external_id,market,price,effective_from\n{product.external_id},nl,45,2026-01-01\n"
    )
    with timezone.override("Asia/Tokyo"):
        call_command("import_price_history", table, shop="webshop", stdout=StringIO())
    moment = PriceChange.objects.get(origin="history").effective_from
    assert moment == datetime.datetime(2026, 1, 1, 5, tzinfo=datetime.timezone.utc)
