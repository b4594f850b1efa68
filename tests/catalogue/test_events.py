"""Change events: what pages show has changed, and a receiver is told, once, signed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from anodyne_blocks import conf
from anodyne_blocks.catalogue import sending
from anodyne_blocks.catalogue.passing_time import purge_stale
from anodyne_blocks.catalogue.sending import send_due
from anodyne_blocks.catalogue.store import store_offers, withdraw
from anodyne_blocks.models import ChangeEvent, Offer
from anodyne_blocks.shops import ShopOffer, Stock
from anodyne_blocks.shops.webhooks import verify_standard_webhook
from tests import factories
from tests.catalogue.receiver import KEY, SECRET, Receiver, is_signed

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    made = Receiver()
    factories.setting(settings, CHANGE_EVENTS={"front": made.options()})
    yield made
    made.close()


def card_page(product: Any, language: str = "nl") -> Any:
    return factories.page(("product_card", {"product": product.pk}), language=language)


@pytest.fixture
def page(receiver: Receiver) -> Any:
    """A Dutch page with a product of a shop; so far nobody is told of anything."""
    made = card_page(factories.from_shop("nl", "da"))
    ChangeEvent.objects.all().delete()
    return made


def product_of(page: Any) -> Any:
    return page.body[0].value["product"]


def store(product: Any, price: str = "35", now: Any = None, **fields: Any) -> None:
    given = {"title": "Lendenkussen", "currency": "EUR", "availability": Stock.IN_STOCK, **fields}
    offer = ShopOffer(
        external_id=product.external_id,
        price=Decimal(price),
        url="https://shop.example/nl/cushion",
        **given,
    )
    store_offers("webshop", conf.markets()["nl"], [offer], now or timezone.now())


def told(receiver: Receiver) -> dict[str, Any]:
    """What the only message says that is due."""
    receiver.taken.clear()
    assert send_due().failed == []
    assert receiver.refused == 0
    (message,) = receiver.taken
    assert message["type"] == "pages.changed"
    return message["data"]


class TestWhatIsTold:
    def test_a_price(self, receiver: Receiver, page: Any) -> None:
        product = product_of(page)
        store(product)
        assert told(receiver) == {
            "pages": [{"id": page.pk, "change": "changed", "urls": [page.full_url]}],
            "products": [product.pk],
            "tags": [f"page-{page.pk}", f"product-{product.pk}"],
        }

    def test_availability(self, receiver: Receiver, page: Any) -> None:
        store(product_of(page), "39.75", availability=Stock.OUT_OF_STOCK)
        assert told(receiver)["pages"][0]["id"] == page.pk

    def test_a_withdrawal(self, receiver: Receiver, page: Any) -> None:
        withdraw(list(Offer.objects.filter(market="nl")), timezone.now())
        assert told(receiver)["products"] == [product_of(page).pk]

    def test_a_reduction_that_ran_out(self, receiver: Receiver) -> None:
        """`refresh_products`, which cron runs, finds it and sends it."""
        product = factories.product("nl")
        page = card_page(product)
        ChangeEvent.objects.all().delete()
        over = factories.reduction("nl", announce_until=timezone.now() - MINUTE)
        factories.change_offer(product, "nl", **over)
        call_command("refresh_products", verbosity=0)
        assert receiver.pages == [page.pk]

    @pytest.mark.parametrize("what", ["checked_at", "price_until", "available_from"])
    def test_a_moment_that_came(self, receiver: Receiver, page: Any, what: str) -> None:
        """A price grew stale or ended, or what was not sold yet is sold."""
        now = timezone.now()
        purge_stale("webshop", now - 2 * MINUTE)
        purge_stale("webshop", now - MINUTE)
        came = now - MINUTE / 2
        moment = came - conf.stale_after() if what == "checked_at" else came
        factories.change_offer(product_of(page), "nl", **{what: moment})
        purge_stale("webshop", now)
        assert told(receiver)["pages"][0]["id"] == page.pk
        purge_stale("webshop", now + MINUTE)
        assert send_due().sent == 0

    def test_a_deleted_product(self, receiver: Receiver, page: Any) -> None:
        product_of(page).delete()
        send_due()
        assert set(receiver.pages) == {page.pk}

    def test_a_published_page_with_what_lists_pages(self, receiver: Receiver, page: Any) -> None:
        page.save_revision().publish()
        said = told(receiver)
        assert said["pages"] == [
            {"id": page.pk, "change": "published", "urls": [page.full_url]},
        ]
        assert said["tags"] == ["pages", f"page-{page.pk}"]

    @pytest.mark.parametrize("how", ["unpublish", "delete"])
    def test_a_page_that_is_gone_with_its_address(
        self, receiver: Receiver, page: Any, how: str
    ) -> None:
        pk, address = page.pk, page.full_url
        getattr(page, how)()
        assert told(receiver)["pages"] == [{"id": pk, "change": "unpublished", "urls": [address]}]

    def test_a_moved_page_with_both_addresses(self, receiver: Receiver, page: Any) -> None:
        old = page.full_url
        target = card_page(factories.product("nl"))
        ChangeEvent.objects.all().delete()
        page.move(target, pos="last-child")
        new = factories.again(page).full_url
        send_due()
        pages = [page for message in receiver.taken for page in message["data"]["pages"]]
        assert [one["change"] for one in pages] == ["published", "published"]
        assert {url for one in pages for url in one["urls"]} == {old, new} and old != new

    def test_a_renamed_page_with_both_addresses(
        self, receiver: Receiver, page: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        old = page.full_url
        page.slug = "another-slug"
        # Wagtail says that an address changed when that is committed.
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
        send_due()
        urls = {u for m in receiver.taken for p in m["data"]["pages"] for u in p["urls"]}
        assert urls == {old, factories.again(page).full_url}

    def test_a_page_that_not_everybody_may_see_any_more(
        self, receiver: Receiver, page: Any
    ) -> None:
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert told(receiver)["pages"][0]["id"] == page.pk

    def test_nothing_that_nobody_sees(self, receiver: Receiver, page: Any) -> None:
        product = product_of(page)
        store(product, "39.75")
        ChangeEvent.objects.all().delete()
        store(product, "39.75", timezone.now() + 2 * MINUTE)
        factories.change_offer(factories.from_shop("nl"), "nl", price="1")
        card_page(factories.product("nl")).save_revision()
        assert not ChangeEvent.objects.exclude(data__change="published").exists()


class TestWriting:
    def test_is_part_of_the_change(self, receiver: Receiver, page: Any) -> None:
        product = product_of(page)
        with pytest.raises(RuntimeError), transaction.atomic():
            store(product)
            assert ChangeEvent.objects.count() == 1
            raise RuntimeError
        assert not ChangeEvent.objects.exists()

    def test_costs_nothing_without_a_receiver(self, settings: Any, page: Any) -> None:
        factories.setting(settings, CHANGE_EVENTS={})
        product = product_of(page)
        store(product)
        assert not ChangeEvent.objects.exists()
        with CaptureQueriesContext(connection) as captured:
            store(product, "34", timezone.now() + MINUTE)
        assert not any("referenceindex" in query["sql"] for query in captured)

    def test_is_one_message_for_each_receiver_and_hundred_pages(
        self, receiver: Receiver, settings: Any, page: Any, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr("anodyne_blocks.catalogue.events.MOST_PAGES", 1)
        options = receiver.options()
        factories.setting(settings, CHANGE_EVENTS={"a": options, "b": options})
        product = product_of(page)
        other = card_page(product)
        ChangeEvent.objects.all().delete()
        store(product)
        rows = ChangeEvent.objects.values_list("receiver", "data__pages")
        assert sorted(rows) == [
            (name, [pk]) for name in ("a", "b") for pk in sorted((page.pk, other.pk))
        ]


class TestSending:
    def test_is_signed_for_whoever_has_the_secret(self) -> None:
        from anodyne_blocks.shops.webhooks import sign_standard_webhook

        sent_at = str(int(timezone.now().timestamp()))
        signature = sign_standard_webhook("msg_1", sent_at, b"{}", SECRET)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": sent_at,
            "webhook-signature": signature,
        }
        assert is_signed(headers, b"{}")
        assert not is_signed(headers, b"{ }") and not is_signed(headers, b"{}", KEY[:-1])
        assert not is_signed({**headers, "webhook-timestamp": str(int(sent_at) - 1)}, b"{}")
        assert verify_standard_webhook(headers, b"{}", SECRET) == "msg_1"

    def test_is_done_once(self, receiver: Receiver, page: Any) -> None:
        store(product_of(page))
        assert [send_due().sent, send_due().sent] == [1, 0]
        event = ChangeEvent.objects.get()
        assert (event.due_at, event.answer, event.attempts) == (None, "204", 1)
        assert receiver.ids == [f"msg_{event.message.hex}"]

    def test_a_failure_is_tried_again_later_with_the_same_id(
        self, receiver: Receiver, page: Any
    ) -> None:
        receiver.answers = [(500, {}), (503, {"Retry-After": "600"}), (302, {"Location": "/"})]
        store(product_of(page))
        for attempt, (least, most) in enumerate([(1, 1), (10, 10), (4, 4)], start=1):
            assert send_due().failed
            event = ChangeEvent.objects.get()
            minutes = (event.due_at - event.answered_at) / MINUTE
            assert event.attempts == attempt and least - 0.1 < minutes < most + 0.1
            assert send_due() == sending.SendResult()
            ChangeEvent.objects.update(due_at=timezone.now())
        assert "redirect" in ChangeEvent.objects.get().answer
        assert send_due().sent == 1
        assert receiver.ids == [f"msg_{event.message.hex}"]

    def test_a_receiver_that_fails_is_asked_once_in_a_run_and_keeps_nobody_waiting(
        self, receiver: Receiver, settings: Any, page: Any
    ) -> None:
        dead = {"URL": "http://127.0.0.1:9/", "SECRET": SECRET, "ALLOW_PRIVATE": True}
        factories.setting(settings, CHANGE_EVENTS={"dead": dead, "front": receiver.options()})
        for price in ("35", "34", "33"):
            store(product_of(page), price)
        result = send_due()
        assert result.sent == 3 and [name for name, _reason in result.failed] == ["dead"]
        tried = ChangeEvent.objects.filter(receiver="dead").values_list("attempts", flat=True)
        assert sorted(tried) == [0, 0, 1]
        assert not ChangeEvent.objects.exclude(lease_token=None).exists()

    def test_goes_to_no_private_address_that_is_not_allowed(
        self, receiver: Receiver, settings: Any, page: Any
    ) -> None:
        options = receiver.options(ALLOW_PRIVATE=False)
        factories.setting(settings, CHANGE_EVENTS={"front": options})
        store(product_of(page))
        ((_name, reason),) = send_due().failed
        assert "ALLOW_PRIVATE" in reason and receiver.taken == []

    def test_gives_up_after_days_and_drops_what_is_long_over(
        self, receiver: Receiver, page: Any
    ) -> None:
        store(product_of(page))
        now = timezone.now()
        ChangeEvent.objects.update(created_at=now - sending.GIVE_UP - MINUTE)
        assert send_due().sent == 0
        event = ChangeEvent.objects.get()
        assert event.due_at is None and event.sent_at is None
        call_command("send_events", "--again", verbosity=0)
        assert receiver.pages == [page.pk]
        ChangeEvent.objects.update(created_at=now - sending.KEEP - MINUTE)
        send_due()
        assert not ChangeEvent.objects.exists()

    def test_waits_and_says_all_at_once_where_each_message_costs_a_build(
        self, receiver: Receiver, settings: Any, page: Any
    ) -> None:
        options = receiver.options(EVERY_SECONDS=600)
        factories.setting(settings, CHANGE_EVENTS={"build": options})
        store(product_of(page))
        assert send_due().sent == 1
        for price in ("34", "33"):
            store(product_of(page), price)
        page.save_revision().publish()
        assert send_due().sent == 0
        ChangeEvent.objects.exclude(answered_at=None).update(
            answered_at=timezone.now() - 11 * MINUTE
        )
        assert send_due().sent == 3
        assert len(receiver.taken) == 2
        assert [p["change"] for p in receiver.taken[1]["data"]["pages"]] == ["published"]

    def test_a_command_says_what_failed(self, receiver: Receiver, settings: Any, page: Any) -> None:
        receiver.answers = [(500, {})]
        store(product_of(page))
        with pytest.raises(CommandError, match="Not every receiver"):
            call_command("send_events")
        factories.setting(settings, CHANGE_EVENTS={})
        with pytest.raises(CommandError, match="CHANGE_EVENTS"):
            call_command("send_events")

    def test_costs_the_same_for_any_number_of_pages(self, receiver: Receiver, page: Any) -> None:
        product = product_of(page)
        store(product)
        send_due()
        store(product, "34")
        with CaptureQueriesContext(connection) as one:
            send_due()
        for _ in range(5):
            card_page(product)
        send_due()
        store(product, "33")
        with CaptureQueriesContext(connection) as many:
            send_due()
        assert len(receiver.taken[-1]["data"]["pages"]) == 6
        assert len(many) == len(one)
