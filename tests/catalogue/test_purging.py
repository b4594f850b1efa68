"""Front-end caches: what a reader would see changed is purged, once, and nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from anodyne_blocks import conf
from anodyne_blocks.catalogue import purging
from anodyne_blocks.catalogue.judging import judge_again
from anodyne_blocks.catalogue.refresh import refresh_due
from anodyne_blocks.catalogue.store import store_offers, withdraw
from anodyne_blocks.catalogue.usage import pages_showing
from anodyne_blocks.models import Offer, PriceChange, Product, ShopState
from anodyne_blocks.shops import ShopOffer, Stock
from tests import factories
from tests.catalogue.front_end_cache import purged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_end_cache")]

NOW = timezone.now()
EARLIER = NOW - datetime.timedelta(hours=1)


@pytest.fixture
def pages() -> dict[str, str]:
    """{language: full address} of two pages that show the brace, which is sold in both markets."""
    store("39.75", now=EARLIER)
    store("299", market="da", now=EARLIER)
    product = Product.objects.get()
    made = {
        language: factories.page(("product_card", {"product": product.pk}), language=language)
        for language in ("nl", "da")
    }
    purged.clear()
    return {language: page.full_url for language, page in made.items()}


def store(price: str, market: str = "nl", now: datetime.datetime = NOW, **fields: Any) -> None:
    given = {
        "title": "Rugband",
        "currency": conf.markets()[market].currency,
        "availability": Stock.IN_STOCK,
        "url": "https://shop.example/brace",
    }
    offer = ShopOffer(external_id="brace", price=Decimal(price), **{**given, **fields})
    store_offers("webshop", conf.markets()[market], [offer], now)


@pytest.mark.parametrize(
    "change",
    [
        {"price": "35"},
        {"title": "Rugsteun"},
        {"url": "https://shop.example/other"},
        {"availability": Stock.OUT_OF_STOCK},
        {"image_alt": "Een rugband"},
        {"brand": "Atlas"},
        {"rating": Decimal("4.5"), "rating_count": 3},
    ],
)
def test_a_change_purges_the_pages_of_its_market(pages, change, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        store(**{"price": "39.75", **change})
    assert purged == [[pages["nl"]]]


@pytest.mark.parametrize(("hours", "same"), [(0, {}), (30, {}), (0, {"list_price": Decimal(50)})])
def test_what_no_card_shows_purges_nothing(pages, hours, same, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        store("39.75", now=NOW + datetime.timedelta(hours=hours), **same)
    assert purged == []


def test_a_reduction_that_is_proven_is_purged(pages, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        store("39.75", shop_prior_price=Decimal(45))
    assert purged == [[pages["nl"]]]


def test_a_stale_price_that_is_confirmed_loses_its_date(pages, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        store("39.75", now=NOW + datetime.timedelta(hours=49))
    assert purged == [[pages["nl"]]]


def test_a_reduction_that_runs_out_is_purged(pages, django_capture_on_commit_callbacks):
    offer = Offer.objects.get(market="nl")
    Offer.objects.filter(pk=offer.pk).update(**factories.reduction("nl"))
    with django_capture_on_commit_callbacks(execute=True):
        judge_again([Offer.objects.get(pk=offer.pk)], NOW)
    assert purged == [[pages["nl"]]]


def refresh_nothing(capture: Callable[..., Any]) -> None:
    """A run in which nothing is due: only time has passed."""
    Product.objects.update(next_refresh_at=timezone.now() + datetime.timedelta(hours=1))
    with capture(execute=True):
        refresh_due()


def test_a_price_that_grows_stale_is_purged_once(pages, shop, django_capture_on_commit_callbacks):
    shop({})
    ShopState.objects.create(shop="webshop", aged_at=NOW - datetime.timedelta(hours=1))
    recently = NOW - conf.stale_after() - datetime.timedelta(minutes=30)
    long_ago = NOW - conf.stale_after() - datetime.timedelta(minutes=90)
    Offer.objects.filter(market="nl").update(checked_at=recently)
    Offer.objects.filter(market="da").update(checked_at=long_ago)
    refresh_nothing(django_capture_on_commit_callbacks)
    assert purged == [[pages["nl"]]]
    refresh_nothing(django_capture_on_commit_callbacks)
    assert purged == [[pages["nl"]]]


def test_a_reduction_that_runs_out_is_purged_while_the_shop_is_down(
    pages, shop, django_capture_on_commit_callbacks
):
    shop({})
    over = {"announce_until": NOW - datetime.timedelta(minutes=1)}
    Offer.objects.filter(market="nl").update(**factories.reduction("nl", **over))
    refresh_nothing(django_capture_on_commit_callbacks)
    assert purged == [[pages["nl"]]]
    refresh_nothing(django_capture_on_commit_callbacks)
    assert len(purged) == 1


def test_a_hand_offer_is_judged_by_the_rule_that_is_in_force(
    settings, django_capture_on_commit_callbacks
):
    product = factories.product("nl")
    page = factories.page(("product_card", {"product": product.pk}), language="nl")
    offer = product.offers.get()
    proven = factories.reduction("nl", rule="a.rule.of.yesterday")
    Offer.objects.filter(pk=offer.pk).update(**proven)
    days = datetime.timedelta(days=1)
    for price, age in ((Decimal("53.00"), 60), (offer.price, 3)):
        offer.price_changes.create(
            price=price,
            currency=offer.currency,
            effective_from=NOW - age * days,
            origin=PriceChange.Origin.HAND,
        )
    assert not Offer.objects.get(pk=offer.pk).announces_reduction(NOW)
    purged.clear()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("refresh_products", verbosity=0)
    assert Offer.objects.get(pk=offer.pk).announces_reduction(NOW)
    assert purged == [[page.full_url]]


def test_a_withdrawn_product_is_purged_everywhere(pages, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        withdraw(list(Offer.objects.all()), NOW)
    assert {url for batch in purged for url in batch} == set(pages.values())


def test_the_pages_of_many_products_are_one_batch(django_capture_on_commit_callbacks):
    products = [factories.from_shop("nl") for _ in range(5)]
    urls = [
        factories.page(("product_card", {"product": product.pk}), language="nl").full_url
        for product in products
    ]
    purged.clear()
    offers = [
        ShopOffer(
            external_id=product.external_id, title="Rugband", price=Decimal(30), currency="EUR"
        )
        for product in products
    ]
    with django_capture_on_commit_callbacks(execute=True):
        store_offers("webshop", conf.markets()["nl"], offers, timezone.now())
    assert purged == [sorted(urls)]


def test_drafts_and_products_on_no_page_purge_nothing(django_capture_on_commit_callbacks):
    store("39.75", now=EARLIER)
    factories.page(
        ("product_card", {"product": Product.objects.get().pk}), language="nl", live=False
    )
    purged.clear()
    with django_capture_on_commit_callbacks(execute=True):
        store("30")
    assert purged == []


def test_a_page_that_is_deleted_meanwhile_does_not_keep_the_others(
    pages, monkeypatch, django_capture_on_commit_callbacks
):
    def with_a_deleted_one(products):
        return {product: {*shown, 0} for product, shown in pages_showing(products).items()}

    monkeypatch.setattr(purging, "pages_showing", with_a_deleted_one)
    with django_capture_on_commit_callbacks(execute=True):
        store("35")
    assert purged == [[pages["nl"]]]


def test_nothing_is_asked_without_a_cache(
    pages, settings, django_capture_on_commit_callbacks: Callable[..., Any]
):
    del settings.WAGTAILFRONTENDCACHE
    with django_capture_on_commit_callbacks() as callbacks:
        store("30")
    assert callbacks == []
