"""Workers share a shop's due products: what one may do while another is asking."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from anodyne_blocks import tasks
from anodyne_blocks.catalogue import leases
from anodyne_blocks.catalogue.refresh import mark_due, refresh_due
from anodyne_blocks.models import Offer, Product, ShopState
from anodyne_blocks.shops.dummy import Dummy
from anodyne_blocks.tasks import ImmediateBackend

pytestmark = pytest.mark.django_db

SOLD = {f"p{n}": {"title": "P", "price": {"nl": "1.00"}} for n in range(5)}


@pytest.fixture
def due(db, shop, monkeypatch) -> list[Product]:
    """Five products that are due, of a shop that is asked about two at a time."""
    monkeypatch.setattr(Dummy, "batch_size", 2)
    shop(SOLD)
    return [Product.objects.create(shop="webshop", external_id=key, name="P") for key in SOLD]


@pytest.fixture
def meanwhile(monkeypatch) -> Callable[..., list[list[str]]]:
    """`meanwhile(act)`: `act()` happens while the shop answers; gives the list of its questions."""

    def during(act: Callable[[], object], every_market: bool = False) -> list[list[str]]:
        asked: list[list[str]] = []
        fetch_batch = Dummy.fetch_batch

        def fetch(self, ids, market, known):
            if every_market or market.key == "nl":
                asked.append(sorted(ids))
                act()
            return fetch_batch(self, ids, market, known)

        monkeypatch.setattr(Dummy, "fetch_batch", fetch)
        return asked

    return during


@pytest.fixture
def queue(settings) -> Callable[[], list[tuple[str, list[object]]]]:
    """A background that keeps its tasks: their names and arguments."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    waiting = tasks.refresh_products.get_backend().results
    return lambda: [(result.task.name, list(result.args)) for result in waiting]


def test_one_task_wakes_another_worker_before_it_asks_the_shop(due, meanwhile, queue):
    found = []
    meanwhile(lambda: found.append(queue()))
    assert tasks.refresh_products.call("webshop") == 5
    handed_on = [("refresh_products", ["webshop", None])]
    # Each further worker wakes the next: one task in the queue at a time is enough.
    assert found == [handed_on] * 3


def test_a_task_of_one_batch_wakes_nobody(due, queue):
    ids = [due[0].pk, due[1].pk]
    assert tasks.refresh_products.call("webshop", ids) == 2
    assert queue() == []
    assert tasks.refresh_products.call("webshop") == 3
    assert queue() == [("refresh_products", ["webshop", None])]


def test_without_a_background_one_task_does_all(due):
    assert tasks.refresh_products.call("webshop") == 5


def test_a_pause_that_another_worker_made_holds_for_all(due, meanwhile):
    until = timezone.now() + datetime.timedelta(minutes=4)

    def another_failed() -> None:
        ShopState.objects.update(paused_until=until, failures=3, last_error="It is down.")

    asked = meanwhile(another_failed)
    assert refresh_due().refreshed == 2
    assert len(asked) == 1
    state = ShopState.objects.get()
    assert (state.paused_until, state.failures, state.last_error) == (until, 3, "It is down.")


def test_workers_that_fail_at_once_are_one_failure(due, shop, meanwhile):
    shop(SOLD, error="It is down.")
    asked = meanwhile(lambda: len(asked) == 1 and refresh_due())
    refresh_due()
    assert len(asked) == 2
    state = ShopState.objects.get()
    assert state.failures == 1
    assert state.paused_until < timezone.now() + datetime.timedelta(seconds=61)


def test_a_shop_that_limits_its_rate_is_waited_for(due, shop):
    """Its first refusal asks for a second, in which nobody asks; a repeated one ends the run."""
    shop(SOLD, error="Too many requests.", retry_after=1)
    begun = timezone.now()
    assert refresh_due().failed == 4
    state = ShopState.objects.get()
    assert state.failures == 2
    assert state.paused_until > begun + datetime.timedelta(seconds=1, minutes=2)


@pytest.fixture
def clock(monkeypatch) -> Callable[[float], None]:
    """`clock(minutes)`: so much time passes."""
    passed = [datetime.timedelta()]
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + passed[0])

    def go_on(minutes: float) -> None:
        passed[0] += datetime.timedelta(minutes=minutes)

    return go_on


def test_a_slow_shop_loses_no_work(due, meanwhile, clock):
    """Each question takes ten minutes, and others look for work meanwhile."""
    stolen = []

    def slow() -> None:
        clock(10)
        stolen.extend(leases.claim("webshop", 10, ids)[1])

    ids = [due[0].pk, due[1].pk]
    meanwhile(slow, every_market=True)
    assert refresh_due(ids=ids).refreshed == 2
    assert stolen == []
    assert Offer.objects.filter(product__in=ids).count() == 2


def test_a_failing_shop_is_paused_though_its_products_were_lost(due, shop, meanwhile, clock):
    shop(SOLD, error="It is down.")

    def lose() -> None:
        clock(20)
        leases.claim("webshop", 10)

    meanwhile(lose)
    result = refresh_due()
    assert (result.refreshed, result.failed) == (0, 0)
    state = ShopState.objects.get()
    assert (state.failures, state.last_error) == (1, "It is down.")
    assert state.is_paused(timezone.now())


def test_what_is_called_due_while_the_shop_answers_is_asked_about_again(due, meanwhile):
    asked = meanwhile(lambda: len(asked) == 1 and mark_due("webshop", ["p0"]))
    assert refresh_due().refreshed == 6
    assert [ids for ids in asked if "p0" in ids] == [["p0", "p1"], ["p0", "p4"]]


def test_the_command_leaves_the_work_to_the_workers(due, queue, meanwhile):
    asked = meanwhile(lambda: None)
    Product.objects.update(next_refresh_at=timezone.now() + datetime.timedelta(days=1))
    call_command("refresh_products", background=True, all=True)
    assert queue() == [("refresh_products", ["webshop", None]), ("import_placed_images", [])]
    assert asked == []
    assert tasks.refresh_products.call("webshop") == 5


@pytest.mark.parametrize("option", [{}, {"limit": 5}, {"seconds": 5}])
def test_the_command_says_when_it_cannot_leave_the_work(due, option):
    with pytest.raises(CommandError, match="--limit" if option else "TASKS"):
        call_command("refresh_products", background=True, stdout=StringIO(), **option)


class Quick(ImmediateBackend):
    """A site's own immediate back end."""


def test_a_back_end_that_works_inside_requests_is_no_background(settings):
    settings.TASKS = {"default": {"BACKEND": f"{__name__}.Quick"}}
    assert not tasks.has_background()
