"""Refreshing: what is due is asked about once, and a shop in trouble is left in peace."""

from __future__ import annotations

import datetime
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from anodyne_blocks.catalogue.refresh import RefreshResult, mark_due, refresh_due
from anodyne_blocks.models import Offer, PriceChange, Product, ShopState
from anodyne_blocks.shops import ShopError
from anodyne_blocks.shops.dummy import Dummy
from tests import factories

pytestmark = pytest.mark.django_db

PRICES = {"nl": "39.75", "da": "299.00"}


def brace(**fields: object) -> dict[str, dict[str, object]]:
    """A shop that sells one brace in two markets."""
    return {"brace": {"title": "Brace", "price": PRICES, **fields}}


@pytest.fixture
def product(db) -> Product:
    """A product that is due."""
    return Product.objects.create(shop="webshop", external_id="brace", name="Brace")


def minutes_to_next(product: Product) -> float:
    """Minutes until a product is due."""
    product.refresh_from_db()
    return (product.next_refresh_at - timezone.now()).total_seconds() / 60


def test_a_due_product_gets_the_offers_of_all_markets(shop, product):
    shop(brace())
    assert refresh_due() == RefreshResult(refreshed=1)
    prices = {offer.market: (offer.price, offer.currency) for offer in Offer.objects.all()}
    assert prices == {"nl": (39.75, "EUR"), "da": (299, "DKK")}
    assert {change.origin for change in PriceChange.objects.all()} == {"refresh"}


@pytest.mark.parametrize("odd", [{"rating_count": 2**63}, {"rating_count": -1}])
def test_what_no_database_takes_does_not_stop_the_run(shop, product, odd):
    shop(brace(rating="4", **odd))
    assert refresh_due() == RefreshResult(refreshed=1)
    assert set(Offer.objects.values_list("rating", "rating_count")) == {(None, None)}


def test_what_is_not_due_is_not_asked_about(shop, product):
    shop(brace())
    refresh_due()
    assert refresh_due() == RefreshResult()
    mark_due("webshop")
    assert refresh_due() == RefreshResult(refreshed=1)


def test_products_on_published_pages_are_asked_about_often_others_rarely(shop, product):
    shop(brace())
    refresh_due()
    assert minutes_to_next(product) > 23 * 60
    factories.page(("product_card", {"product": product.pk}), language="nl")
    mark_due("webshop")
    refresh_due()
    assert 29 < minutes_to_next(product) < 35


def test_another_workers_lease_is_respected_until_it_runs_out(shop, product):
    shop(brace())
    now = timezone.now()
    leased = Product.objects.filter(pk=product.pk)
    leased.update(lease_token=uuid.uuid4(), lease_until=now + datetime.timedelta(minutes=1))
    assert refresh_due() == RefreshResult()
    leased.update(lease_until=now - datetime.timedelta(seconds=1))
    assert refresh_due() == RefreshResult(refreshed=1)
    product.refresh_from_db()
    assert product.lease_token is None


def test_a_product_is_withdrawn_when_the_shop_denied_it_twice(shop, product):
    shop(brace())
    refresh_due()
    shop({})
    mark_due("webshop")
    assert refresh_due() == RefreshResult(refreshed=1)
    assert minutes_to_next(product) < 2
    assert not product.is_withdrawn
    mark_due("webshop")
    assert refresh_due() == RefreshResult(refreshed=1, withdrawn=2)
    product.refresh_from_db()
    assert product.is_withdrawn
    shop(brace())
    mark_due("webshop")
    refresh_due()
    product.refresh_from_db()
    assert not product.is_withdrawn


@pytest.fixture
def forty(db, shop) -> dict[str, dict[str, object]]:
    """A shop's catalogue of forty products, which are stored and due."""
    sold = {f"p{n}": {"title": "P", "price": {"nl": "1.00"}} for n in range(40)}
    shop(sold)
    for key in sold:
        Product.objects.create(shop="webshop", external_id=key, name="P")
    refresh_due()
    mark_due("webshop")
    return sold


def test_a_catalogue_that_suddenly_lacks_most_is_not_believed(shop, forty):
    """However often it is asked; and the failure says what to do."""
    shop({"p0": forty["p0"]})
    for _ in range(3):
        result = refresh_due()
        assert (result.refreshed, result.failed) == (1, 39)
        [((alias, market, reason), count)] = result.troubles.items()
        assert (alias, market, count) == ("webshop", "nl", 39)
        assert "lacks 39 of 40 products" in reason
        mark_due("webshop")
    assert not Offer.objects.exclude(withdrawn_at=None, times_gone=0).exists()
    reason = Product.objects.get(external_id="p1").refresh_error
    assert "lacks 39 of 40 products" in reason and "import_products --withdraw-many" in reason
    assert ShopState.objects.get().paused_until is None
    shop(forty)
    assert refresh_due() == RefreshResult(refreshed=40)


def test_a_catalogue_that_lacks_some_is_believed_the_second_time(shop, forty):
    """Then they are a batch of their own, of which all is gone."""
    shop(dict(list(forty.items())[:20]))
    assert refresh_due() == RefreshResult(refreshed=40)
    mark_due("webshop", [f"p{n}" for n in range(20, 40)])
    assert refresh_due() == RefreshResult(refreshed=20, withdrawn=20)


def test_an_unknown_answer_withdraws_nothing_and_is_asked_again_later(shop, product):
    shop(brace())
    refresh_due()
    shop(brace(), failing={"brace": "Its data cannot be read."})
    for _ in range(3):
        mark_due("webshop")
        ShopState.objects.update(paused_until=None)
        refresh_due()
    product.refresh_from_db()
    assert not product.is_withdrawn
    assert product.refresh_failures == 3
    assert product.refresh_error == "Its data cannot be read."
    assert 3.9 < minutes_to_next(product) < 4.5


def test_a_market_without_an_answer_is_no_failure_of_the_others(shop, product):
    shop(brace(price={"nl": "39.75", "da": "on request"}))
    assert refresh_due() == RefreshResult(refreshed=1)
    product.refresh_from_db()
    assert (product.refresh_failures, product.refresh_error) == (0, "")
    assert [offer.market for offer in Offer.objects.all()] == ["nl"]
    assert ShopState.objects.get().paused_until is None
    assert minutes_to_next(product) > 23 * 60


def test_a_failing_shop_is_paused_longer_each_time_and_told_so(shop, product):
    shop(brace(), error="The server is down.")
    pauses = []
    for _ in range(3):
        mark_due("webshop")
        ShopState.objects.update(paused_until=None)
        refresh_due()
        state = ShopState.objects.get()
        pauses.append(round((state.paused_until - timezone.now()).total_seconds() / 60))
    assert pauses == [1, 2, 4]
    with pytest.raises(CommandError):
        out = StringIO()
        call_command("refresh_products", stdout=out, stderr=out)
    assert "The server is down." in out.getvalue()


def test_a_shop_that_asks_for_patience_gets_it(shop, product):
    shop(brace(), error="Too many requests.", retry_after=1800)
    refresh_due()
    assert 29 < minutes_to_next(product) < 35
    assert ShopState.objects.get().is_paused(timezone.now() + datetime.timedelta(minutes=29))


@pytest.mark.parametrize("patient", [0, 1])
def test_a_refusal_ends_the_questions_about_other_markets(shop, product, monkeypatch, patient):
    """Also when the shop answered in the first of them: then all is asked again."""
    asked: list[str] = []
    fetch_batch = Dummy.fetch_batch

    def fetch(self, ids, market, known):
        asked.append(market.key)
        if len(asked) > patient:
            raise ShopError("Too many requests.", retry_after=1800)
        return fetch_batch(self, ids, market, known)

    monkeypatch.setattr(Dummy, "fetch_batch", fetch)
    shop(brace())
    assert refresh_due() == RefreshResult(failed=1)
    assert len(asked) == patient + 1
    assert 29 < minutes_to_next(product) < 35
    assert ShopState.objects.get().is_paused(timezone.now() + datetime.timedelta(minutes=29))


def test_an_answer_ends_the_pause(shop, product):
    shop(brace(), error="The server is down.")
    refresh_due()
    ShopState.objects.update(paused_until=timezone.now())
    mark_due("webshop")
    shop(brace())
    refresh_due()
    state = ShopState.objects.get()
    assert (state.failures, state.last_error, state.paused_until) == (0, "", None)
    assert state.answered_at is not None


def test_a_limit_ends_the_work_early(shop):
    shop({f"p{n}": {"title": "P", "price": {"nl": "1.00"}} for n in range(5)})
    for n in range(5):
        Product.objects.create(shop="webshop", external_id=f"p{n}", name="P")
    assert refresh_due(limit=2).refreshed == 2
    assert refresh_due().refreshed == 3


def test_no_time_is_no_work(shop, product):
    shop(brace())
    assert refresh_due(budget_seconds=0) == RefreshResult()
